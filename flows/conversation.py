"""What a check-in's conversation consists of: screens, inputs, the state, and one step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from flows.verdict import Verdict


class Screen(StrEnum):
    """What the message shows."""

    OPENING = "opening"
    FLAGS = "flags"
    TICKS = "ticks"
    QUESTION = "question"
    STOP = "stop"
    END = "end"


@dataclass(frozen=True, slots=True)
class Tap:
    """A button: what it does, and the question and option it belongs to."""

    action: str
    question: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A message the patient wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class State:
    """Where the conversation stands.

    `answers` holds what the patient gave, `path` the questions in the order they were
    answered, `ticked` the symptoms to ask about, `words` everything that could not be read.
    `alarming` names the warning signs that the words may contain, until the patient has
    answered the list of signs. `stopped` says that some step was an emergency: alert on that.
    """

    screen: Screen = Screen.OPENING
    answers: Mapping[str, object] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()
    path: tuple[str, ...] = ()
    current: str = ""
    tries: int = 0
    words: tuple[str, ...] = ()
    alarming: tuple[str, ...] = ()
    alarmed: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What one input led to. `kept_words` is text that a person has to read."""

    state: State
    verdict: Verdict
    kept_words: str = ""

    @property
    def interrupted(self) -> bool:
        """Whether the patient has to be sent for help now."""
        return self.state.screen is Screen.STOP

    @property
    def finished(self) -> bool:
        """Whether the check-in has its last answer."""
        return self.state.screen is Screen.END


def list_is_open(state: State) -> bool:
    """Whether the patient is asked for warning signs that their words or a press may mean."""
    choosing = state.screen is Screen.FLAGS and not any(
        isinstance(signs, frozenset) and signs for signs in state.answers.values()
    )
    return bool(state.alarming) or choosing


def with_answer(state: State, name: str, value: object) -> State:
    """Return the state with one more answer."""
    return replace(state, answers={**state.answers, name: value})
