"""Staff who claim, contact and close; or sleep, forget, press at once, and leave."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Final

from bench.simulation.acts import Act, Acts, labels
from bench.simulation.loop import Agenda
from bench.simulation.witness import Posted, Witness
from bot.standin.chats import Chat
from bot.standin.groups import Group
from bot.standin.messages import Seen
from bot.standin.messages import seen as seen_by
from bot.standin.people import Person

KEY: Final = re.compile(r"\b([A-Z0-9]{4,6}-\d+)\b")
CARD: Final = re.compile(r"\S [A-Z]+ ?[A-Z]* \(\w+\) · ")
OUTCOMES: Final = ("Advised", "Reviewed in clinic", "Sent to emergency care", "No problem")


@dataclass
class Nurse:
    """One member of staff. `diligence` is how likely they take care of what they see."""

    person: Person
    role: str
    diligence: float
    random: Random
    agenda: Agenda
    world: Witness
    acts: Acts
    staff: Group
    busy: set[str] = field(default_factory=set)
    works_here: bool = True
    relayed: int = 0
    cards: dict[str, dict[tuple[int, int], None]] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)

    def chats(self) -> list[Chat]:
        """Return where cards come to this person."""
        staff = self.staff if self.staff.became is None else self.staff.became
        return [staff, self.person.chat_with(self.world.aftercheck)]

    def sees(self, one: Posted) -> None:
        """See a card or a pairing, and perhaps do something about it."""
        if one.chat not in {chat.id for chat in self.chats()} or not one.codes:
            return
        for code in one.codes:
            if code.startswith("p:confirm.") and code not in self.confirmed:
                self.confirmed.add(code)
                self.agenda.after(self.random.uniform(5, 120), lambda: self.confirms(one))
        for key in dict.fromkeys(KEY.findall(" ".join(one.codes))):
            self.cards.setdefault(key, {})[one.chat, one.message] = None
            if key not in self.busy and self.random.random() < self.diligence:
                self.busy.add(key)
                self.agenda.after(self.pause(), partial(self.claims, key))

    def pause(self) -> float:
        """Return the seconds until this person presses: some at once, and so two at a time."""
        chance = self.random.random()
        if chance < 0.1:
            return 0.2
        return self.random.uniform(5, 240) if chance < 0.55 else self.random.uniform(240, 5400)

    def confirms(self, card: Posted) -> None:
        """Confirm who stands at the desk."""
        seen = self.look(card.chat, card.message)
        if seen is not None and "Yes, confirm" in labels(seen):
            self.acts.press(self.person, seen, "Yes, confirm")

    def claims(self, key: str) -> None:
        """Take an alert, then go on or forget it."""
        chance = self.random.random()
        done = None if chance < 0.15 else self.press(key, "Claim", "Take over")
        if chance > 0.75 and done is not None:
            self.agenda.after(self.random.uniform(2400, 30_000), lambda: self.contacts(key))
        else:
            self.agenda.after(self.random.uniform(30, 1500), lambda: self.contacts(key))
        if self.random.random() < 0.1:
            self.relays(key)

    def contacts(self, key: str) -> None:
        """Say that the patient was reached, and mostly close it."""
        self.press(key, "Contacted")
        self.agenda.after(self.random.uniform(10, 3000), lambda: self.closes(key))

    def closes(self, key: str) -> None:
        """Close it."""
        self.press(key, "Resolve")
        self.agenda.after(self.random.uniform(5, 60), lambda: self.decides(key))

    def decides(self, key: str) -> None:
        """Say how it ended."""
        self.press(key, *OUTCOMES)
        self.busy.discard(key)

    def relays(self, key: str) -> None:
        """Answer a card with words to the patient."""
        seen = next((one for one in self.shown(key) if CARD.match(one.text)), None)
        if seen is None:
            return
        chat = next(one for one in self.chats() if one.id == seen.chat_id)
        self.relayed += 1
        text = f"please drink water r{self.person.id % 100}n{self.relayed}"
        act = Act(self.world.seconds(), self.person.id, "answers a card", text, key=key,
                  message=seen.message_id)  # fmt: skip
        self.acts.does(self.person, act, lambda: self.person.types(chat, text, reply_to=seen))

    def press(self, key: str, *wanted: str) -> Act | None:
        """Press a button of the newest card of an alert that has one of these."""
        for seen in self.shown(key):
            for label in labels(seen):
                if label in wanted or label in {f"{word} {key}" for word in wanted}:
                    return self.acts.press(self.person, seen, label, key=key)
        return None

    def shown(self, key: str) -> Iterator[Seen]:
        """Yield the newest cards of an alert as they stand now, the newest first."""
        for chat, message in list(reversed(self.cards.get(key, {})))[:6]:
            seen = self.look(chat, message)
            if seen is not None:
                yield seen

    def look(self, number: int, message: int) -> Seen | None:
        """Return a message as it stands now, None where this person sees it no more."""
        chat = next((one for one in self.chats() if one.id == number), None)
        found = chat.messages.get(message) if chat and chat.holds(self.person) else None
        return seen_by(found, self.person) if found and not found.deleted else None
