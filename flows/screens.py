"""What each screen of a check-in shows: lines of text and rows of buttons, in a language.

The words are the protocol's; only their order is decided here. A button carries the tap it
stands for. `heard` turns a typed message into the tap it names: a button's label, word for word.
A bare number names none here, for it would answer the warning signs by accident.

Hazards: H39.
"""

from dataclasses import dataclass

from flows.answers import NOT_MEASURED, plain
from flows.asking import CALL, TREND, WORRY
from flows.checkin import CheckIn
from flows.conversation import Screen, State, Tap, Typed
from flows.moments import moment_of
from flows.rule_tables import Question
from flows.tables import Words
from flows.understood import Understood
from flows.verdict import ALERTING, Level, Verdict

COLUMNS = 2
"""Buttons side by side in a list of short words; a phone shows two without cutting them."""

TICKED, OPEN = "✅ ", "▫️ "


@dataclass(frozen=True, slots=True)
class Button:
    """One button: the tap it stands for, and its label."""

    tap: Tap
    label: str


@dataclass(frozen=True, slots=True)
class View:
    """One screen: its lines from top to bottom and its rows of buttons."""

    lines: tuple[str, ...]
    rows: tuple[tuple[Button, ...], ...]

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Every button from the top, row by row."""
        return tuple(button for row in self.rows for button in row)


class Screens:
    """Shows one check-in in one language."""

    def __init__(self, check_in: CheckIn, language: str) -> None:
        self.check_in = check_in
        self.protocol = check_in.protocol
        self.language = language
        self.in_words = Understood(check_in.protocol, language)
        self.moment = moment_of(self.protocol, check_in.occasion)

    def view(self, state: State, verdict: Verdict) -> View:
        """Return what the patient sees now.

        Texts still hold their placeholders, such as `{clinic_phone}`: only the outer program
        knows the clinic.
        """
        match state.screen:
            case Screen.OPENING:
                return self._opening(verdict)
            case Screen.FLAGS:
                return self._flags(state)
            case Screen.TICKS:
                return self._ticks(state)
            case Screen.QUESTION:
                return self._question(state)
            case Screen.STOP:
                return View((self.text(verdict.text),), ((self.button("back"),),))
            case _:
                return self._end(state, verdict)

    def heard(self, state: State, verdict: Verdict, message: str) -> Tap | Typed:
        """Return the tap that a typed message names, or the message as it is."""
        said = plain(message)
        if state.screen is Screen.QUESTION:
            return Typed(message)
        buttons = self.view(state, verdict).buttons
        for button in buttons:
            label = plain(button.label.removeprefix(TICKED).removeprefix(OPEN))
            if said == label:
                return button.tap
        return Typed(message)

    def words(self, words: Words) -> str:
        """Return words in the patient's language, or in the first that the protocol claims."""
        return self.in_words.words(words)

    def text(self, name: str) -> str:
        """Return one of the protocol's texts."""
        return self.words(self.protocol.texts[name])

    def button(self, name: str, action: str = "", option: str = "") -> Button:
        """Return one of the protocol's buttons; its action has its name unless said otherwise."""
        tap = Tap(action or name, option=option)
        return Button(tap, self.words(self.protocol.buttons[name]))

    def _opening(self, verdict: Verdict) -> View:
        opening = "OPEN_REPORT" if self.check_in.occasion.kind == "report" else "OPEN"
        if self.moment and verdict.level < ALERTING:
            opening = self.moment.opens
        signs = "".join(f"\n• {self.words(o.label)}" for o in self.check_in.flags.options)
        listed = self.words(self.check_in.flags.text) + signs
        lines = (self.text(opening), listed, self.text("FOOT"))
        rows = tuple((self.button(name),) for name in ("all_good", "symptoms", "one_of_these"))
        return View(lines, rows)

    def _flags(self, state: State) -> View:
        signs = state.answers.get(self.check_in.flags.id, frozenset())
        assert isinstance(signs, frozenset)
        buttons = [
            Button(Tap("flag", option=o.id), mark(o.id in signs) + self.words(o.label))
            for o in self.check_in.flags.options
        ]
        leave = "go_on" if signs else "none_of_these"
        rows = (*in_columns(buttons), (self.button("back"), self.button(leave, "go_on")))
        asked = ("PASK", "FLAGS") if state.alarming else ("FLAGS",)
        return View((*map(self.text, asked), self.text("FOOT")), rows)

    def _ticks(self, state: State) -> View:
        check_in = self.check_in
        buttons = [
            Button(Tap("tick", option=s.id), mark(s.id in state.ticked) + self.words(s.label))
            for s in self.protocol.symptoms
            if s.id in check_in.roots.keys() | check_in.locked and not s.always
        ]
        if WORRY in check_in.offered:
            worry = mark(self.check_in.flags.symptom in state.ticked)
            other = next(s for s in self.protocol.symptoms if s.id == check_in.flags.symptom)
            label = worry + self.words(other.label)
            buttons.append(Button(Tap("tick", option=other.id), label))
        done = ("better", "same", "worse") if TREND in check_in.offered else ("done",)
        leave = [self.button(n, "done", n if n != "done" else "") for n in done]
        rows = (*in_columns(buttons), tuple(leave), (self.button("back"),))
        text = "TICK" if TREND in check_in.offered else "TICK_FIRST"
        return View((self.text(text), self.text("FOOT")), rows)

    def _question(self, state: State) -> View:
        question = self.check_in.offered[state.current]
        lines = [self.words(question.text)]
        if state.tries:
            lines.append(self.text("AGAIN"))
        rows = tuple((button,) for button in self._options(question))
        return View((*lines, self.text("FOOT")), (*rows, (self.button("back"),)))

    def _options(self, question: Question) -> list[Button]:
        """Return one button for each answer; severities show their number, so it can be typed."""
        tap = "answer"
        if question.kind == "yes_no":
            return [
                Button(Tap(tap, question.id, name), self.words(self.protocol.buttons[name]))
                for name in ("yes", "no")
            ]
        if question.kind == "temperature":
            label = self.words(self.protocol.buttons["no_thermometer"])
            return [Button(Tap(tap, question.id, NOT_MEASURED), label)]
        numbered = question.kind == "severity"
        shown = [*enumerate(question.options)]
        if question.worst_first:
            shown.reverse()
        return [
            Button(
                Tap(tap, question.id, option.id),
                f"{rank}  {self.words(option.label)}" if numbered else self.words(option.label),
            )
            for rank, option in shown
        ]

    def _end(self, state: State, verdict: Verdict) -> View:
        summary = self.text("SUMMARY").replace("{summary}", self.summary(state))
        rows = [(self.button("change"), self.button("more"))]
        if CALL in self.check_in.offered and state.answers.get(CALL) is not True:
            rows.append((self.button("call_me"),))  # type: ignore[arg-type]
        lines = [summary] if self.understood(state) or verdict.level is Level.EXPECTED else []
        if state.words:
            lines.append(self.text("READ"))
        lines.append(self.text(verdict.text))
        if self.moment and self.moment.ends and verdict.level < ALERTING:
            lines.append(self.text(self.moment.ends))
        return View((*lines, self.text("FOOT")), tuple(rows))

    def summary(self, state: State) -> str:
        """Say in the patient's words what was understood, a line for each thing."""
        parts = self.understood(state)
        return "".join(f"\n• {part}" for part in parts) or f" {self.text('NOTHING')}"

    def understood(self, state: State) -> list[str]:
        """Return warning signs, a worse trend, and every answer that says more than «no»."""
        signs = state.answers.get(self.check_in.flags.id, frozenset())
        assert isinstance(signs, frozenset)
        parts = self.in_words.signs(self.check_in.flags, signs)
        if trend := self.check_in.offered.get(TREND):
            parts.append(self.in_words.trend(trend, state.answers.get(TREND)))
        for name in state.path:
            parts.append(self.in_words.line(self.check_in.offered[name], state.answers.get(name)))
        return [part for part in parts if part]


def mark(ticked: bool) -> str:  # noqa: FBT001 - a mark is either
    """Return the mark before a list entry."""
    return TICKED if ticked else OPEN


def in_columns(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    """Lay buttons out side by side."""
    return tuple(tuple(buttons[i : i + COLUMNS]) for i in range(0, len(buttons), COLUMNS))
