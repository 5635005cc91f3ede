"""The conversation of one check-in, as a table of transitions.

Theory. A check-in is one message that is edited as it goes. It is always on one of six
screens, and a patient can do a few things there. What is not in the table changes nothing,
so an old button, a double tap and two taps that cross are harmless. The list of warning
signs stands on the first screen and the buttons «all good, none of these» and «none of
these, but I have symptoms» both answer it, so no check-in can end without that answer.

    screen   | all_good symptoms one_of_these tick flag go_on done answer back     change   more
    opening  | next     ticks    flags
    flags    |                                     same ticks             opening
    ticks    |                                same            next        opening
    question |                                                     next   previous
    stop     |                                                            previous
    end      |                                                                     previous ticks

`next` is the first question that is due and has no answer, else the end; `previous` is the
question answered last, else the screen before it. After every step the verdict is computed
again, and an emergency leads to `stop` at once, whatever was asked. `answer` is also taken
for any other question of this check-in: a late tap on an earlier question corrects it, and
leaves a list of warning signs where it is. On every screen `call_me` asks for a call. What is
typed is read as the answer the screen waits for; what cannot be read is kept, word for word, for
a person.
"""

from collections.abc import Callable
from dataclasses import replace

from flows.answers import UNCLEAR
from flows.asking import (
    CALL,
    TREND,
    WORRY,
    Asking,
    Occasion,
    best,
    offered,
    reported_last_time,
    roots,
)
from flows.conversation import Screen, State, Step, Tap, Typed, with_answer
from flows.derived import History
from flows.free_text import with_words
from flows.named_signs import signs_in, signs_named
from flows.rule_tables import Question
from flows.verdict import Level, Verdict

TRIES = 2
"""How often an answer is asked for before it is stored as unclear (clinical/REVIEW.md 4.1)."""


class CheckIn:
    """One check-in of one patient: its occasion, the history, and the transitions.

    Args:
        asking: the compiled protocol.
        occasion: kind, due hour, treatment and area.
        history: earlier check-ins and profile. What was reported last time is asked again,
            also where its own days are over.
        begun: the state it is in. What was asked in it stays asked, whatever the patient says in
            an earlier one since.
    """

    def __init__(
        self, asking: Asking, occasion: Occasion, history: History, begun: State | None = None
    ) -> None:
        self.asking = asking
        self.protocol = asking.protocol
        self.occasion = occasion
        known = history.profile.get("area", occasion.area)
        if occasion.area is not None and known != occasion.area:
            raise ValueError(f"the area is «{occasion.area}» here and «{known}» in the profile")
        if known is None:  # an area that nobody noted must not switch a rule off
            first = self.protocol.components(occasion.treatment)[0]
            known = self.protocol.treatments[first].usual_area
        occasion = replace(occasion, area=str(known))
        history = replace(history, profile={**history.profile, "area": known})
        self.occasion = occasion
        self.history = history
        self.flags = self.protocol.question_by_id[self.protocol.incomplete.question]
        here = {q.id for q in offered(self.protocol, occasion)}
        asked = {*begun.path, begun.current} & self.protocol.question_by_id.keys() if begun else ()
        self.again = reported_last_time(asking, history).union(set(asked) - here)
        self.offered = {q.id: q for q in self.protocol.questions if q.id in here | self.again}
        self.roots = {
            symptom: questions
            for symptom, questions in roots(self.protocol, occasion).items()
            if symptom != self.flags.symptom
        }
        self.always = {s.id for s in self.protocol.symptoms if s.always} & self.roots.keys()
        self.locked = {self.offered[name].symptom for name in self.again}

    def open(self) -> State:
        """Return the state of a check-in that nobody has answered yet."""
        return State(ticked=frozenset(self.always))

    def step(self, state: State, said: Tap | Typed, hours: float) -> Step:
        """Take one input, `hours` after the session; every input is allowed in every state."""
        kept = ""
        if isinstance(said, Tap):
            after = self._tapped(state, said, hours)
        else:
            after, kept = self._typed(state, said.text, hours)
        verdict = self.verdict(after, hours)
        going_back = isinstance(said, Tap) and said.action in ("back", "change")
        if verdict.own_level is Level.EMERGENCY and not going_back:
            after = replace(after, screen=Screen.STOP, current="", stopped=True)
        return Step(after, verdict, kept)

    def verdict(self, state: State, hours: float) -> Verdict:
        """Sort the answers so far.

        Quiet hours may bring a check-in forward. An answer before its due hour is judged at
        both hours and the higher level counts, so that no window is escaped by being early.
        """
        classify, treatment = self.asking.classifier.classify, self.occasion.treatment
        answers, history = self.complete(state), self.history
        if state.stopped:
            history = replace(history, case_level=str(Level.EMERGENCY))
        verdict = classify(treatment, hours, answers, history)
        if self.occasion.kind != "report" and hours < self.occasion.hours:
            due = classify(treatment, self.occasion.hours, answers, history)
            verdict = max(verdict, due, key=lambda judged: judged.level)
        return with_words(self.protocol, verdict, state)

    def complete(self, state: State) -> dict[str, object]:
        """Return the answers to store: at the end, what was not ticked counts as none."""
        if state.screen is not Screen.END:
            return dict(state.answers)
        unasked = [q for questions in self.roots.values() for q in questions]
        unasked += [self.offered[name] for name in (WORRY, CALL) if name in self.offered]
        none = {q.id: best(q) for q in unasked}
        return {name: value for name, value in none.items() if value is not None} | dict(
            state.answers
        )

    def due(self, state: State) -> list[Question]:
        """Return the questions that are due, answered or not, in file order."""
        found = self.asking.due(self.occasion, state.ticked, state.answers, self.history)
        wanted = {q.id for q in found if q.symptom != self.flags.symptom} | self.again
        trend = self.offered.get(TREND)
        worse = trend is not None and state.answers.get(TREND) == trend.options[-1].id
        if self.flags.symptom in state.ticked or (worse and not state.ticked - self.always):
            wanted.add(WORRY)
        return [q for name, q in self.offered.items() if name in wanted]

    def next(self, state: State) -> State:
        """Go to the first due question without an answer, or to the end.

        An answer whose question is no longer due (its symptom was unticked, or the answer
        that brought it up was changed) is dropped.
        """
        due = self.due(state)
        kept = tuple(name for name in state.path if any(q.id == name for q in due))
        gone = set(state.path) - set(kept)
        answers = {name: value for name, value in state.answers.items() if name not in gone}
        missing = [q.id for q in due if q.id not in answers][:1]
        screen = Screen.QUESTION if missing else Screen.END
        current = "".join(missing)
        return replace(state, screen=screen, answers=answers, path=kept, current=current, tries=0)

    def _tapped(self, state: State, tap: Tap, hours: float) -> State:
        if tap.action == "call_me":
            return with_answer(state, CALL, value=True) if CALL in self.offered else state
        if tap.action == "answer" and state.screen is not Screen.STOP:
            chosen = self._chosen(state, tap, hours)
            waits = state.screen is Screen.FLAGS
            return replace(chosen, screen=state.screen, current="") if waits else chosen
        transition = TRANSITIONS.get((state.screen, tap.action))
        return transition(self, state, tap) if transition else state

    def _chosen(self, state: State, tap: Tap, hours: float) -> State:
        """Take an option of the current question, or of one answered before it."""
        if tap.question not in (state.current, *state.path) or not tap.question:
            return state
        value = self.asking.classifier.stored(tap.question, tap.option, hours)
        repeated = tap.question != state.current and state.answers[tap.question] == value
        if value == UNCLEAR or repeated:
            return state
        return self._answered(state, tap.question, value)

    def _typed(self, state: State, text: str, hours: float) -> tuple[State, str]:
        """Read typed text as the current answer, or keep it for a person.

        Words that may contain a warning sign bring up the list of signs, whatever was asked. The
        words of the list itself tick their sign there, as a press would.
        """
        worried = state.current == WORRY
        if state.screen is Screen.QUESTION:
            value = self.asking.classifier.stored(state.current, text, hours)
            if value != UNCLEAR:
                return self._answered(state, state.current, value), ""
            state = replace(state, tries=state.tries + 1)
        state = replace(state, words=(*state.words, text))
        signs = tuple(sign.sign for sign in signs_in(self.protocol, text).signs)
        if worried:
            state = self._answered(state, WORRY, value=True)
        elif state.screen is Screen.QUESTION and state.tries >= TRIES:
            state = self._answered(state, state.current, UNCLEAR)
        if signs:
            state = replace(state, screen=Screen.FLAGS, current="", alarming=signs, alarmed=True)
        if named := signs_named(self.protocol, text):
            state = with_answer(state, self.flags.id, self._ticked_signs(state) | named)
        return state, text

    def _answered(self, state: State, name: str, value: object) -> State:
        path = (*(n for n in state.path if n != name), name)
        return self.next(replace(with_answer(state, name, value), path=path))

    def all_good(self, state: State, _: Tap) -> State:
        """None of the warning signs, and nothing else."""
        return self.next(replace(with_answer(state, self.flags.id, frozenset()), alarming=()))

    def symptoms(self, state: State, tap: Tap) -> State:
        """None of the warning signs, but something to tell."""
        return self.ticks(with_answer(state, self.flags.id, frozenset()), tap)

    def ticks(self, state: State, _: Tap) -> State:
        """Show the list; what was reported last time is ticked and stays so."""
        signs = state.answers.get(self.flags.id, frozenset())
        state = replace(with_answer(state, self.flags.id, signs), alarming=(), current="")
        return replace(state, screen=Screen.TICKS, ticked=state.ticked | self.locked)

    def tick(self, state: State, tap: Tap) -> State:
        """Tick or untick a symptom; «something else» asks what it is."""
        worry = {self.flags.symptom} if WORRY in self.offered else set()
        if tap.option not in self.roots.keys() | worry or tap.option in self.locked | self.always:
            return state
        return replace(state, ticked=state.ticked ^ {tap.option})

    def flag(self, state: State, tap: Tap) -> State:
        """Tick or untick a warning sign."""
        if all(option.id != tap.option for option in self.flags.options):
            return state
        return with_answer(state, self.flags.id, self._ticked_signs(state) ^ {tap.option})

    def _ticked_signs(self, state: State) -> frozenset[str]:
        signs = state.answers.get(self.flags.id, frozenset())
        assert isinstance(signs, frozenset)
        return signs

    def done(self, state: State, tap: Tap) -> State:
        """Leave the list, saying how it goes compared with last time where that is asked."""
        trends = [o.id for o in self.offered[TREND].options] if TREND in self.offered else []
        if trends and tap.option not in trends:
            return state
        return self.next(with_answer(state, TREND, tap.option) if trends else state)

    def previous(self, state: State, _: Tap) -> State:
        """Show the question answered before the current one, or the screen before them all."""
        place = state.path.index(state.current) if state.current in state.path else len(state.path)
        if place > 0:
            return replace(state, screen=Screen.QUESTION, current=state.path[place - 1], tries=0)
        if state.answers.get(self.flags.id):
            return replace(state, screen=Screen.FLAGS, current="")
        listed = bool(state.ticked - self.always)
        return replace(state, screen=Screen.TICKS if listed else Screen.OPENING, current="")


Transition = Callable[[CheckIn, State, Tap], State]


def to(screen: Screen) -> Transition:
    """Return the transition that only shows another screen."""
    return lambda _check_in, state, _tap: replace(state, screen=screen, current="")


TRANSITIONS: dict[tuple[Screen, str], Transition] = {
    (Screen.OPENING, "all_good"): CheckIn.all_good,
    (Screen.OPENING, "symptoms"): CheckIn.symptoms,
    (Screen.OPENING, "one_of_these"): to(Screen.FLAGS),
    (Screen.FLAGS, "flag"): CheckIn.flag,
    (Screen.FLAGS, "go_on"): CheckIn.ticks,
    (Screen.FLAGS, "back"): to(Screen.OPENING),
    (Screen.TICKS, "tick"): CheckIn.tick,
    (Screen.TICKS, "done"): CheckIn.done,
    (Screen.TICKS, "back"): to(Screen.OPENING),
    (Screen.QUESTION, "back"): CheckIn.previous,
    (Screen.STOP, "back"): CheckIn.previous,
    (Screen.END, "change"): CheckIn.previous,
    (Screen.END, "more"): CheckIn.ticks,
}
