"""What the buttons of a check-in carry, in at most 64 bytes: `c:1/check_in/24:answer.4.2`.

Questions, options and symptoms go by their place in the protocol, which is pinned to the
enrolment. A tick says which state it leads to (`+` or `-`), so a double tap is harmless.

Hazards: H14, H42.
"""

from dataclasses import dataclass

from flows.asking import TREND
from flows.conversation import State, Tap
from flows.protocol import Protocol
from flows.rule_tables import Question

ON, OFF = "+", "-"


class ButtonError(ValueError):
    """A button that means nothing: forged, or of a protocol that is no longer there."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A pressed button: the check-in's key, the tap, and for a tick whether it shall be set."""

    check_in: str
    tap: Tap
    wanted: bool | None = None

    @property
    def is_sign(self) -> bool:
        """Whether it names a warning sign that the patient has."""
        return self.tap.action == "flag" and self.wanted is True


def code_of(protocol: Protocol, check_in: str, tap: Tap, state: State) -> str:
    """Return what a button carries; `state` is the one it is shown in."""
    place = ""
    match tap.action:
        case "answer":
            question = protocol.question_by_id[tap.question]
            number = protocol.questions.index(question)
            place = f".{number}.{option_place(question, tap.option)}"
        case "tick":
            symptoms = [symptom.id for symptom in protocol.symptoms]
            place = f".{symptoms.index(tap.option)}{OFF if tap.option in state.ticked else ON}"
        case "flag":
            flags = flags_of(protocol)
            signs = state.answers.get(flags.id, frozenset())
            assert isinstance(signs, frozenset)
            place = f".{option_place(flags, tap.option)}{OFF if tap.option in signs else ON}"
        case "done" if tap.option:
            place = f".{option_place(protocol.question_by_id[TREND], tap.option)}"
    return f"c:{check_in}:{tap.action}{place}"


def flags_of(protocol: Protocol) -> Question:
    """Return the question that holds the warning signs."""
    return protocol.question_by_id[protocol.incomplete.question]


def option_place(question: Question, option: str) -> str:
    """Return where an option stands in its question; other words (yes, no) stay themselves."""
    options = [one.id for one in question.options]
    return str(options.index(option)) if option in options else option


def meaning_of(protocol: Protocol, code: str) -> Meaning:
    """Read what a button carries.

    Raises:
        ButtonError: it is none of this protocol's.
    """
    try:
        _, check_in, what = code.split(":")
        action, *places = what.split(".")
        return Meaning(check_in, *tap_of(protocol, action, places))
    except (ValueError, IndexError) as error:
        raise ButtonError(f"no button of this protocol: {error}") from None


def tap_of(protocol: Protocol, action: str, places: list[str]) -> tuple[Tap, bool | None]:
    """Return the tap of an action and its places, and for a tick the wanted state.

    Raises:
        ValueError, IndexError: the places are not there.
    """
    match action, places:
        case "answer", [number, option]:
            question = protocol.questions[place_of(number)]
            return Tap(action, question.id, option_at(question, option)), None
        case (("tick" | "flag"), [place]):
            wanted = place[-1]
            if wanted not in (ON, OFF):
                raise ValueError(place)
            listed = flags_of(protocol).options if action == "flag" else protocol.symptoms
            return Tap(action, option=listed[place_of(place[:-1])].id), wanted == ON
        case "done", [option]:
            return Tap(action, option=option_at(protocol.question_by_id[TREND], option)), None
        case _, [] if action not in ("answer", "tick", "flag"):
            return Tap(action), None
    raise ValueError(action)


def place_of(text: str) -> int:
    """Return the place that a button names.

    Raises:
        ValueError: it is none, such as one counted from the end.
    """
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def option_at(question: Question, place: str) -> str:
    """Return the option at a place, or the word itself where it is none."""
    return question.options[int(place)].id if place.isascii() and place.isdigit() else place


def changes_nothing(protocol: Protocol, meaning: Meaning, state: State) -> bool:
    """Whether a tick is already as wanted, as after a double tap."""
    if meaning.wanted is None:
        return False
    ticked: object = state.ticked
    if meaning.tap.action == "flag":
        ticked = state.answers.get(flags_of(protocol).id, frozenset())
    assert isinstance(ticked, frozenset)
    return (meaning.tap.option in ticked) == meaning.wanted
