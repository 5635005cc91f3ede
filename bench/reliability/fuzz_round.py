"""One round of the fuzzing: a new clinic, real acts, and mutants of the updates they caused."""

import asyncio
import json
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Final

from bench.reliability.mutating import Json, Mutator, places
from bench.reliability.ward import MONDAY, Patient, Ward, a_ward
from bot.standin.errors import UnfairError
from bot.standin.updates import Pending

PATIENTS: Final = 6
BATCH: Final = 100  # mutants between two acts of real people
SET_ASIDE: Final = "an update could not be worked on"
"""What the worker logs each time it tries an update that it then sets aside."""
UNNUMBERED: Final = "an update has no number that can be kept; it is left out"
TWICE: Final = 0.05  # of the mutants have a number that was there before
LIFE: Final = timedelta(days=1)
WORDS: Final = ("I feel fine, {}", "38,7", "/report", "my lip is a bit numb, {}", "/status",
                "it burns since noon, {}", "/settings", "thank you {}", "37.2")  # fmt: skip
DANGER: Final = "I cannot breathe"


@dataclass
class Tally:
    """What a round came to."""

    mutants: int = 0
    strange: int = 0
    set_aside: int = 0
    strange_aside: list[str] = field(default_factory=list)
    unhandled: list[str] = field(default_factory=list)
    unfinished: int = 0
    stuck: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take another round's in."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


class Errors(logging.Handler):
    """Keeps what was logged as an error, apart from what the product sets aside by design."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        said = str(record.msg)
        if said not in (SET_ASIDE, UNNUMBERED):
            error = record.exc_info[1] if record.exc_info else None
            self.found.append(f"{said}: {error!r}"[:300])


class Fuzz:
    """One round: a clinic, real acts, and mutants of what came of them."""

    def __init__(self, ward: Ward, seed: int) -> None:
        self.ward = ward
        self.random = Random(seed)
        numbers = [ward.staff.id, ward.ben.id, ward.cleo.id, ward.bot.id, 777000, 2**40, -1, 0]
        self.mutator = Mutator(self.random, numbers)
        self.real: list[Json] = []
        self.shapes: dict[int, str] = {}
        self.tally = Tally()

    async def runs(self, mutants: int) -> Tally:
        """Send so many mutants, then hold what has to hold."""
        ward = self.ward
        await ward.enrols(PATIENTS)
        self.mutator.numbers = [*self.mutator.numbers, *(one.person.id for one in ward.patients)]
        while self.tally.mutants < mutants:
            for _ in range(4 if self.real else 60):
                self.acts()
                await self.settles()
            await self.sends(min(BATCH, mutants - self.tally.mutants))
            await ward.passes(minutes=self.random.choice((1, 5, 30)))
        await self.looks()
        return self.tally

    async def settles(self) -> None:
        """Keep what Telegram is about to tell the bot, and let it be told."""
        self.real += [json.loads(json.dumps(one.body)) for one in self.ward.bot.updates.pending]
        await self.ward.settle()

    def acts(self) -> None:
        """Let somebody do something that people do."""
        patient = self.random.choice(self.ward.patients)
        try:
            self.random.choice(ACTS)(self, patient)
        except (UnfairError, LookupError):
            return  # not possible now: no such button, nothing written yet, the bot is blocked

    def writes(self, patient: Patient) -> None:
        """Write something."""
        words = self.random.choice(WORDS).format(patient.canary)
        patient.person.types(patient.person.chat_with(self.ward.bot), words)

    def presses(self, patient: Patient) -> None:
        """Press any button on the screen."""
        seen = self.random.choice([one for one in self.ward.screen(patient)[-3:] if one.buttons])
        label = self.random.choice([label for row in seen.buttons for label in row])
        if "stop" not in label.lower() and "erase" not in label.lower():
            patient.person.presses(seen, label)

    def edits(self, patient: Patient) -> None:
        """Change what was written last."""
        chat = patient.person.chat_with(self.ward.bot)
        mine = [seen for seen in patient.person.sees(chat) if seen.mine]
        patient.person.edits(mine[-1], f"it got worse, {patient.canary}")

    def shows(self, patient: Patient) -> None:
        """Send a picture or a file."""
        chat = patient.person.chat_with(self.ward.bot)
        png = b"\x89PNG\r\n\x1a\n" + bytes(8) + (9).to_bytes(4) * 2 + self.random.randbytes(9)
        if self.random.random() < 0.5:
            patient.person.sends_photo(chat, png, patient.canary)
        else:
            patient.person.sends_document(chat, f"{patient.canary}.pdf", b"%PDF", "text/plain")

    def turns(self, patient: Patient) -> None:
        """Block the bot and come back."""
        patient.person.blocks(self.ward.bot)
        patient.person.starts(self.ward.bot)

    def staff_presses(self, _patient: Patient) -> None:
        """Let a nurse press something."""
        cards = [one for one in self.ward.ben.sees(self.ward.staff)[-9:] if one.buttons]
        seen = self.random.choice(cards)
        self.ward.ben.presses(seen, self.random.choice(seen.buttons[-1]))

    def staff_answers(self, patient: Patient) -> None:
        """Let a nurse write to a patient, under what is about that one alone."""
        about = [
            seen for seen in self.ward.ben.sees(self.ward.staff)
            if f"{patient.code}-" in seen.text and seen.text.count(" · ") < 4
            and not any(one.code in seen.text for one in self.ward.patients if one is not patient)
        ]  # fmt: skip
        words = f"How is it now, {patient.canary}?"
        self.ward.ben.types(self.ward.staff, words, reply_to=about[-1])

    def staff_asks(self, patient: Patient) -> None:
        """Let a nurse give a command."""
        words = self.random.choice(("/open", "/case {}", "/today", "/help", "/oncall", "/nobody"))
        self.ward.ben.types(self.ward.staff, words.format(patient.code))

    async def sends(self, count: int) -> None:
        """Send mutants: some by a poll, those without a usual number as a webhook brings them."""
        queue, batch, apart = self.ward.bot.updates, [], []
        before = list(self.shapes)
        for _ in range(count):
            real = self.random.choice(self.real)
            update, keeps_shape = self.mutator.mutant(real)
            for holder, key in [one for one in places(update) if isinstance(one[0][one[1]], str)]:
                holder[key] = self.nobody(holder[key])
            if update.get("update_id") != real["update_id"]:
                apart.append(update)
                continue
            if before and self.random.random() < TWICE:
                update["update_id"] = self.random.choice(before)
            else:
                update["update_id"] = queue.next_id
                queue.next_id += 1
                self.shapes[update["update_id"]] = json.dumps(update) if keeps_shape else ""
            life = self.ward.clock.instant + LIFE
            batch.append(Pending(update["update_id"], update, life, "", MONDAY))
        self.random.shuffle(batch)
        queue.pending += batch
        self.tally.mutants += count
        await self.ward.settle()
        for update in apart:
            await self.ward.app.intake.store(json.loads(json.dumps([update])))
        await self.ward.settle()

    def nobody(self, text: str) -> str:
        """Return a text without what only one patient says: a mutant may come from another."""
        for one in self.ward.patients:
            text = text.replace(one.canary, "somebody")
        return text

    async def looks(self) -> None:
        """Hold that nobody is stuck, everything ended, and nobody saw another's words."""
        ward, tally = self.ward, self.tally
        for patient in ward.patients:
            await self.is_heard(patient)
        rows = await ward.rows("SELECT update_id, state FROM inbox")
        aside = [row["update_id"] for row in rows if row["state"] == "set_aside"]
        tally.unfinished = sum(row["state"] == "new" for row in rows)
        tally.set_aside = len(aside)
        tally.strange = sum(bool(shape) for shape in self.shapes.values())
        tally.strange_aside = [self.shapes[one] for one in aside if self.shapes.get(one)]
        owners = {patient.person.id: patient.canary for patient in ward.patients}
        others = {ward.ben.id, ward.cleo.id}
        for line in ward.world.log:
            for canary in owners.values() if line.person not in others else ():
                if canary in line.text and owners.get(line.person) != canary:
                    tally.leaks.append(f"{line.person} was shown {line.text}")

    async def is_heard(self, patient: Patient) -> None:
        """Let a patient write that they are in danger; they and staff have to be shown it."""
        ward, person = self.ward, patient.person
        if not person.chat_with(ward.bot).holds(person) or person.chat_with(ward.bot).blocked:
            person.starts(ward.bot)
        await ward.settle()
        before = len(ward.world.log)
        person.types(person.chat_with(ward.bot), DANGER)
        await ward.passes(minutes=6)
        fresh = ward.world.log[before:]
        answered = any(one.person == person.id and one.by != person.name for one in fresh)
        told = any(
            one.person in (ward.ben.id, ward.cleo.id) and patient.code in one.text for one in fresh
        )
        if not (answered and told):
            self.tally.stuck.append(f"{patient.code}: answered {answered}, staff told {told}")


ACTS: Final = (
    Fuzz.writes, Fuzz.writes, Fuzz.presses, Fuzz.presses, Fuzz.presses, Fuzz.edits, Fuzz.shows,
    Fuzz.turns, Fuzz.staff_presses, Fuzz.staff_answers, Fuzz.staff_asks,
)  # fmt: skip


def one_round(seed: int, mutants: int) -> Tally:
    """Run one round, on a loop of its own."""

    async def run() -> Tally:
        async with a_ward() as ward:
            return await Fuzz(ward, seed).runs(mutants)

    root, errors = logging.getLogger(), Errors()
    handlers, root.handlers[:] = root.handlers[:], [errors]
    try:
        tally = asyncio.run(run())
    finally:
        root.handlers[:] = handlers
    tally.unhandled = errors.found
    return tally
