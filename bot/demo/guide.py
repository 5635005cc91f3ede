"""The guide above the phones: four steps, ticked off by what people were shown.

Everything here is a function of the world's truth log.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.standin.messages import Shown
from flows.protocol import Protocol

TITLES = ("Enrol", "A good day", "A bad day", "Take care of the alert")
ENDED = (
    "That is all of it. Now try Omar, or leave an alert alone, move the clock and see who is "
    "told next."
)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Parts of the bot's words by which the guide knows where a visitor is; case is ignored.

    Attributes:
        agree: In the label of the button by which a patient consents.
        well: In the label that says all is good, under a check-in that is open.
        unwell: In the label beside it that begins to tell symptoms.
        fine: In the text after answers that need nobody.
        take: In the label under an alert that nobody has taken.
        resolve: In the label that ends an alert.
        resolved: In the text of an alert that has ended.
    """

    agree: str
    well: str
    unwell: str
    fine: str
    take: str
    resolve: str
    resolved: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the guide."""

    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """The steps, and one sentence that says what to press next."""

    steps: tuple[Step, ...]
    say: str


def landmarks(
    protocol: Protocol, *, agree: str, take: str, resolve: str, resolved: str
) -> Landmarks:
    """Return landmarks with a protocol's own words for a check-in, in English."""
    return Landmarks(
        agree=agree,
        well=protocol.buttons["all_good"]["en"],
        unwell=protocol.buttons["symptoms"]["en"],
        fine=protocol.texts["P0"]["en"].partition("{")[0].partition(". ")[0],
        take=take,
        resolve=resolve,
        resolved=resolved,
    )


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

    def offered(self, label: str) -> list[Shown]:
        """Return the newest state of each message that has, or once had, a button."""
        had = [lines for lines in self.states.values() if any(has(one, label) for one in lines)]
        return [lines[-1] for lines in had]

    def offers(self, label: str) -> bool:
        """Whether a button is there now."""
        return any(has(line, label) for line in self.offered(label))

    def left(self, label: str) -> bool:
        """Whether a button was there and is gone."""
        return any(not has(line, label) for line in self.offered(label))


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
        bool(patient.offered(words.well)) or patient.left(words.agree),
        patient.read(words.fine),
        bool(nurse.offered(words.take)),
        any(holds(line.text, words.resolved) for line in nurse.offered(words.take)),
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


def how_to_enrol(patient: Watched, nurse: Watched, words: Landmarks) -> str:
    """Say how a patient gets into the bot's care."""
    if patient.said("/start "):
        return f"On the patient’s phone, read what the bot asks and press “{words.agree}”."
    shown = [line for lines in nurse.states.values() for line in lines]
    if any("?start=" in line.text or line.media == "photo" for line in shown):
        return "On the patient’s phone, press “Scan the code from the desk”."
    if nurse.said("/enrol"):
        return "On the staff phone, choose what Anna was treated with."
    return "Anna has just been treated: on the staff phone, send /enrol."


def how_to_be_well(patient: Watched, words: Landmarks) -> str:
    """Say how a check-in is answered by somebody who is fine."""
    if patient.offers(words.well):
        return f"On the patient’s phone, press “{words.well}”: one tap, and nobody is disturbed."
    return "Move the clock to the next check-in."


def how_to_be_ill(patient: Watched, words: Landmarks) -> str:
    """Say how a check-in is answered by somebody who is not."""
    ill = "tick fever, press “Done” and type 39.2"
    if patient.offers(words.well):
        return f"On the patient’s phone, press “{words.unwell}”, {ill}."
    check_ins = patient.offered(words.well)
    if check_ins and not holds(check_ins[-1].text, words.fine):
        return f"Go on with the check-in: {ill}."
    return "Move the clock to the next check-in."


def how_to_take_care(nurse: Watched, words: Landmarks) -> str:
    """Say how an alert is ended."""
    if nurse.offers(words.take):
        return f"On the staff phone, press “{words.take}” under the alert."
    return f"You have it now: call the patient, then press “{words.resolve}” on the staff phone."
