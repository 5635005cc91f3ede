"""The tables of a protocol file that ask and sort: questions, signs, rules, windows."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from flows.conditions import Subject
from flows.derived import Earlier as EarlierCheckIn
from flows.derived import History
from flows.tables import Answers, Codes, Hours, LevelWord, Lines, Model, Sentence, Word, Words
from flows.verdict import LEVEL_WORDS, Level


class Option(Model):
    """One answer. `beside` marks it as neither better nor worse than the one above it."""

    id: Word
    label: Words
    beside: bool = False
    number: float | None = None


class Asked(Model):
    """When a question belongs to a check-in: its kind and due hours, treatments, areas, answers."""

    in_: Annotated[Literal["check_in", "results", "reminder"], Field(alias="in")] = "check_in"
    from_: Annotated[int, Field(ge=0, alias="from")] = 0
    until: Hours | None = None
    at: tuple[Hours, ...] = ()
    treatments: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    all: Lines = ()
    any: Lines = ()

    def at_hour(self, kind: str, hours: float) -> bool:
        """Whether a check-in of this kind, due at this hour, asks it as far as time goes."""
        if kind != self.in_:
            return False
        if self.at:
            return hours in self.at
        return self.from_ <= hours and (self.until is None or hours <= self.until)


class Question(Model):
    """One item. Options run from best to worst; `when_*` says which answers bring it up.

    `mandatory` marks a follow-up whose absence counts as its mildest answer at least;
    `worst_first` shows the options turned round, for an answer that names the worst of several.
    """

    id: Word
    term: Sentence
    symptom: Word
    kind: Literal["severity", "choice", "ticks", "yes_no", "temperature", "size", "onset"]
    text: Words
    options: tuple[Option, ...] = ()
    asked: Annotated[tuple[Asked, ...], Field(min_length=1)]
    when_all: Lines = ()
    when_any: Lines = ()
    unclear: LevelWord = "follow_up"
    mandatory: bool = False
    worst_first: bool = False
    sources: Codes

    @model_validator(mode="after")
    def options_fit_the_kind(self) -> "Question":
        """Refuse a question whose kind and options do not belong together."""
        needs = self.kind in ("severity", "choice", "ticks")
        if needs and len(self.options) < 2:  # noqa: PLR2004
            raise ValueError(f"question «{self.id}» is a {self.kind} and needs two options or more")
        if self.kind == "yes_no" and self.options:
            raise ValueError(f"question «{self.id}» is yes/no: remove its options")
        if len({option.id for option in self.options}) < len(self.options):
            raise ValueError(f"question «{self.id}» has the same option twice")
        if self.unclear == "expected":
            raise ValueError(f"question «{self.id}»: an unclear answer can never be expected")
        return self

    def subject(self) -> Subject:
        """What a comparison may say about it."""
        match self.kind:
            case "temperature" | "size" | "onset":
                return Subject(self.id, "number", asked=True)
            case "yes_no":
                return Subject(self.id, "yes_no", ("no", "yes"), asked=True)
            case kind:
                return Subject(self.id, kind, tuple(o.id for o in self.options), asked=True)


class Symptom(Model):
    """One line of the list a patient ticks; its questions follow in file order.

    `always` marks what is asked without a tick wherever it is offered.
    """

    id: Word
    label: Words
    always: bool = False


class Condition(Model):
    """Comparisons: every line of `all` must hold, and one of `any` where there are any."""

    all: Lines = ()
    any: Lines = ()

    @property
    def lines(self) -> Lines:
        """All its comparison lines."""
        return self.all + self.any


class Sign(Condition):
    """A named condition that rules use; defined once."""

    id: Word
    meaning: Sentence
    sources: Codes


class Earlier(Model):
    """One earlier check-in of an example."""

    hours: float
    answers: Answers


class Example(Model):
    """A case that must fire its rule, or must not."""

    treatment: str = "inj_skin"
    hours: float = 30
    answers: Answers = Field(default_factory=dict)
    before: tuple[Earlier, ...] = ()
    profile: dict[str, bool | str | dict[str, int]] = Field(default_factory=dict)
    event: str | None = None
    misses: int = 0
    last_level: str = "none"
    worst_partial: int = 0

    def history(self) -> History:
        """The example's past in the form that sorting takes."""
        checkins = [EarlierCheckIn(e.hours, e.answers) for e in self.before]
        return History(
            checkins, self.profile, self.event, self.misses, self.last_level, self.worst_partial
        )


class Rule(Condition):
    """What raises a level, why, on whose word, and cases on both sides of its thresholds."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-\d\d[a-z]?$")]
    about: Word
    level: LevelWord
    text: str | None = None
    route: Literal["call_list"] | None = None
    reason: Sentence
    sources: Codes
    fires: Annotated[tuple[Example, ...], Field(min_length=1)]
    silent: Annotated[tuple[Example, ...], Field(min_length=1)]

    @property
    def on_event(self) -> bool:
        """Whether it runs on silence events, never on answers."""
        return self.id.startswith("SIL-")


class Cell(Model):
    """One severity's window: expected up to an hour, watch up to another, then a level.

    `cases` are worked examples, `"180 expected"`, on both sides of each edge.
    """

    expected_until: Hours
    watch_until: Hours | Literal["always"]
    then: LevelWord = "follow_up"
    cases: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def edges_in_order(self) -> "Cell":
        """Refuse a watch window that ends before the expected one."""
        if self.watch_until != "always" and self.watch_until < self.expected_until:
            raise ValueError("watch_until lies before expected_until; give the larger hour last")
        return self

    def level_at(self, hours: float) -> Level:
        """The level of this severity at this hour; edges belong to the milder side.

        An edge of 0 means never, so that an answer at the very end of the session is no less
        than one a minute later.
        """
        if 0 < self.expected_until >= hours:
            return Level.EXPECTED
        if self.watch_until == "always" or 0 < self.watch_until >= hours:
            return Level.WATCH
        return LEVEL_WORDS[self.then]


class Window(Model):
    """How long a symptom is expected, by window class and severity.

    `combined = "longest"` lets the longest window win among treatments of the skin surface.
    """

    combined: Literal["longest", "longest_if_calm", "strictest"]
    reason: Sentence
    sources: Codes
    classes: dict[Literal["A", "B", "C", "CL", "D", "E"], dict[str, Cell]]
