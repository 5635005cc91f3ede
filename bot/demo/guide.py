"""The guide above the phones: four steps, ticked off by what people were shown.

Everything here is a function of the world's truth log.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.standin.messages import Shown
from flows.protocol import Protocol
from flows.tables import Language

Place = Literal["patient", "staff", "clock"]
"""Where the next press is: on a phone, or on the clock."""

TITLES = ("Enrol", "A good day", "A bad day", "Take care of the alert")


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Parts of the bot's words by which the guide knows where a visitor is; case is ignored.

    Attributes:
        agree: In the label of the button by which a patient consents.
        facts: In the label after what staff should know of the patient.
        test: In the label by which a patient shows that messages arrive.
        set_up: In the text after which check-ins come.
        well: In the label that says all is good, under a check-in that is open.
        unwell: In the label beside it that begins to tell symptoms.
        fine: In the text after answers that need nobody.
        confirm: In the label by which staff say that this is the patient.
        claim: In the label under an alert that nobody has taken.
        contacted: In the label that says the patient was reached.
        resolve: In the label that begins to end an alert.
        outcome: In one of the labels that say how it ended.
        closed: In the text of an alert that has ended.
        asked: In the text of a check-in of the first weeks, as it begins.
    """

    agree: str
    facts: str
    test: str
    set_up: str
    well: str
    unwell: str
    fine: str
    confirm: str = "Yes, confirm"
    claim: str = "Claim"
    contacted: str = "Contacted"
    resolve: str = "Resolve"
    outcome: str = "Advised"
    closed: str = "CLOSED"
    asked: str = "check-in"


class Say(NamedTuple):
    """What to press next: on which phone, or on the clock, and a sentence about it."""

    where: Place
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the guide."""

    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """The steps, and what to press next."""

    steps: tuple[Step, ...]
    say: Say


ENDED = Say(
    "clock",
    "That is all of it. Now try Omar, or leave an alert alone, move the clock and see who is "
    "told next.",
)
NEXT_CHECK_IN = Say("clock", "Move the clock to the next check-in.")


def landmarks(
    protocol: Protocol, phrases: Mapping[str, str], language: Language = "en"
) -> Landmarks:
    """Return landmarks in a protocol's and the bot's own words."""
    return Landmarks(
        agree=phrases["agree"],
        facts=phrases["facts_done"],
        test=phrases["test_button"],
        set_up=first_sentence(phrases["set_up"]),
        well=protocol.buttons["all_good"][language],
        unwell=protocol.buttons["symptoms"][language],
        fine=first_sentence(protocol.texts["P0"][language]),
        asked=first_sentence(protocol.texts["OPEN"][language]),
    )


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, as far as nothing is filled into it."""
    return text.partition("{")[0].partition(". ")[0].strip()


class Watched:
    """What some people were shown by the bot: each message in all its states, and their own.

    Args:
        log: The truth log.
        people: Whose screens count.
        bot: The name over the bot's messages.
    """

    def __init__(self, log: Iterable[Shown], people: Collection[int], bot: str) -> None:
        self.states: dict[tuple[int, int], list[Shown]] = {}
        self.own: list[str] = []
        for line in log:
            if line.person not in people or line.message_id is None:
                continue
            if line.what in ("sent", "edited") and line.by == bot:
                self.states.setdefault((line.chat, line.message_id), []).append(line)
            elif line.what == "sent" and line.by == line.name:
                self.own.append(line.text)

    def said(self, beginning: str) -> bool:
        """Whether one of them wrote something that begins so."""
        return any(text.startswith(beginning) for text in self.own)

    def read(self, part: str) -> bool:
        """Whether a message, as it is now or as it was, holds some words."""
        return any(holds(line.text, part) for lines in self.states.values() for line in lines)

    def got(self, media: str) -> bool:
        """Whether a photo or document came from the bot."""
        return any(lines[0].media == media for lines in self.states.values())

    def offered(self, label: str) -> list[Shown]:
        """Return the newest state of each message that has, or once had, a button."""
        had = [lines for lines in self.states.values() if any(has(one, label) for one in lines)]
        return [lines[-1] for lines in had]

    def offers(self, label: str) -> bool:
        """Whether a button is there now."""
        return any(has(line, label) for line in self.offered(label))


def holds(text: str, part: str) -> bool:
    """Whether a text has some words in it, in capitals or not."""
    return part.casefold() in text.casefold()


def has(line: Shown, label: str) -> bool:
    """Whether a message has a button whose label holds some words."""
    return any(holds(button, label) for row in line.buttons for button in row)


def guide(
    log: Sequence[Shown], patients: Collection[int], staff: Collection[int], bot: str,
    words: Landmarks,
) -> Guide:  # fmt: skip
    """Return how far a visitor is.

    Args:
        log: The world's truth log.
        patients: The patients' numbers.
        staff: The nurses' numbers.
        bot: The name over the bot's messages.
        words: What to look for in them.
    """
    patient, nurse = Watched(log, patients, bot), Watched(log, staff, bot)
    done = (
        patient.read(words.set_up) or bool(patient.offered(words.well)),
        patient.read(words.fine),
        bool(nurse.offered(words.claim)),
        any(holds(line.text, words.closed) for line in nurse.offered(words.claim)),
    )
    says = (
        how_to_enrol(patient, nurse, words),
        how_to_be_well(patient, words),
        how_to_be_ill(patient, words),
        how_to_take_care(nurse, words),
    )
    steps = tuple(Step(title, ticked) for title, ticked in zip(TITLES, done, strict=True))
    ahead = [say for say, ticked in zip(says, done, strict=True) if not ticked]
    return Guide(steps, ahead[0] if ahead else ENDED)


def how_to_enrol(patient: Watched, nurse: Watched, words: Landmarks) -> Say:
    """Say how a patient gets into the bot's care."""
    for label in (words.agree, words.facts, words.test):
        if patient.offers(label):
            return Say("patient", f"On the patient’s phone, read and press “{label}”.")
    if nurse.offers(words.confirm):
        return Say("staff", f"It is Anna: on the staff phone, press “{words.confirm}”.")
    if nurse.read("?start=") or nurse.got("photo"):
        return Say("patient", "On the patient’s phone, press “Scan the code from the desk”.")
    if nurse.said("/enrol"):
        return Say("staff", "On the staff phone, answer what the bot asks about the treatment.")
    return Say("staff", "Anna has just been treated: on the staff phone, send /enrol.")


def how_to_be_well(patient: Watched, words: Landmarks) -> Say:
    """Say how a check-in is answered by somebody who is fine."""
    if patient.offers(words.well):
        one_tap = f"press “{words.well}”: one tap, and nobody is disturbed"
        return Say("patient", f"On the patient’s phone, {one_tap}.")
    return NEXT_CHECK_IN


def how_to_be_ill(patient: Watched, words: Landmarks) -> Say:
    """Say how a check-in is answered by somebody who is not."""
    ill = "tick fever, press “Done” and type 39.2"
    if patient.offers(words.well):
        return Say("patient", f"On the patient’s phone, press “{words.unwell}”, {ill}.")
    check_ins = patient.offered(words.well)
    if check_ins and not holds(check_ins[-1].text, words.fine):
        return Say("patient", f"Go on with the check-in: {ill}.")
    return NEXT_CHECK_IN


def how_to_take_care(nurse: Watched, words: Landmarks) -> Say:
    """Say how an alert is ended."""
    if nurse.offers(words.claim):
        return Say("staff", f"On the staff phone, press “{words.claim}” under the alert.")
    if nurse.offers(words.contacted):
        return Say("staff", f"It is yours: call the patient, then press “{words.contacted}”.")
    if nurse.offers(words.resolve):
        return Say("staff", f"The patient is looked after: press “{words.resolve}”.")
    return Say("staff", f"Say how it ended: press “{words.outcome}”.")
