"""What of a case can be wrong before any answer is looked at: hours, profile, event, levels."""

from collections.abc import Mapping

from flows.derived import History
from flows.protocol import EVENTS, Protocol
from flows.verdict import LEVEL_WORDS

PROFILE_WORDS = ("area", "field", "baseline")

LONGEST_HOURS = 20 * 365 * 24
"""Hours further from a session than this are a mistake (own choice: twenty years)."""


class CaseError(ValueError):
    """A case that cannot be sorted at all; the message says what is wrong with it."""


def check_case(protocol: Protocol, hours: float, history: History) -> None:
    """Refuse a case whose frame is wrong, before any answer is looked at.

    Raises:
        CaseError: hours, profile, event or a level is not what the protocol knows.
    """
    if isinstance(hours, bool) or not isinstance(hours, (int, float)):
        raise CaseError(f"hours must be a number, not {hours!r}")
    if not 0 <= hours <= LONGEST_HOURS:
        raise CaseError(
            f"hours count from the session on and cannot be {hours}; {LONGEST_HOURS} is the most"
        )
    for name, value in history.profile.items():
        check_profile(protocol, name, value)
    if history.event is not None and history.event not in EVENTS:
        raise CaseError(f"there is no event «{history.event}»; there are {', '.join(EVENTS)}")
    for word in (history.last_level, history.case_level):
        if word != "none" and word not in LEVEL_WORDS:
            raise CaseError(f"there is no level «{word}»; there are {', '.join(LEVEL_WORDS)}")


def check_profile(protocol: Protocol, name: str, value: object) -> None:
    """Refuse a profile entry that no rule could read: a typing mistake must not pass as «no».

    Raises:
        CaseError: the name or the value is unknown.
    """
    if name == "area":
        if not isinstance(value, str) or value not in protocol.areas:
            areas = ", ".join(protocol.areas)
            raise CaseError(f"profile: there is no area «{value}»; there are {areas}")
    elif name == "field":
        if not isinstance(value, str) or value not in ("single", "multi"):
            raise CaseError(f"profile: field is «single» or «multi», not {value!r}")
    elif name == "baseline":
        check_baseline(protocol, value)
    elif all(fact.id != name for fact in protocol.patient_facts):
        known = ", ".join((*PROFILE_WORDS, *(fact.id for fact in protocol.patient_facts)))
        raise CaseError(f"profile: there is no «{name}» in this protocol; there are {known}")
    elif not isinstance(value, bool):
        raise CaseError(f"profile: «{name}» is true or false, not {value!r}")


def check_baseline(protocol: Protocol, value: object) -> None:
    """Refuse a baseline that no window could read, or that would silence a symptom for good.

    Raises:
        CaseError: it is no table of severities of questions.
    """
    if not isinstance(value, Mapping):
        raise CaseError('profile: baseline holds severities by question, like {"redness": 1}')
    for name, rank in value.items():
        question = protocol.question_by_id.get(name)
        if question is None or question.kind != "severity":
            raise CaseError(f"profile: «{name}» in baseline is no question with severities")
        worst = len(question.options) - 1
        if type(rank) is not int or not 0 <= rank <= worst:
            raise CaseError(f"profile: the baseline of {name} is 0 to {worst}, not {rank!r}")
