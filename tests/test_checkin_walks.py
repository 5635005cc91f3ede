"""Random walks through a check-in: whatever Anna taps and types, its promises hold."""

from functools import reduce
from itertools import pairwise

from generated_cases import classifier, protocol
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_checkin import ALL_GOOD, BACK, DONE, GO_ON, SYMPTOMS, check_in, say, tick
from test_checkin_safety import LAST_TIME, SIGNS

from flows.checkin import CheckIn
from flows.conversation import Screen, State, Step, Tap, Typed
from flows.derived import History
from flows.verdict import Level

taps = st.builds(
    Tap,
    st.sampled_from(["all_good", "symptoms", "one_of_these", "go_on", "done", "back", "change",
                     "more", "call_me", "tick", "flag", "answer", "", "nonsense"]),
    st.sampled_from([*(q.id for q in protocol().questions), "", "nonsense"]),
    st.sampled_from([*SIGNS, *(s.id for s in protocol().symptoms), "better", "worse", "none", "yes",
                     "no", "a_little", "clearly_red", "limb", "tongue_throat", "38.6", "unclear",
                     ""]),
)  # fmt: skip
answering = st.builds(Tap, st.just("answer!"), st.just(""), st.text(max_size=2))
typed = st.builds(Typed, st.sampled_from(["37.8", "yes", "no", "2", "none", "100 F"]) | st.text())
ticking = (SYMPTOMS, *(tick(symptom.id) for symptom in protocol().symptoms), DONE)
said_things = st.builds(
    lambda start, rest: [*start, *rest],
    st.sampled_from(((), (*ticking[:4], DONE), ticking)),
    st.lists(taps | typed | answering | answering, max_size=25),
)
check_ins = st.builds(
    check_in,
    st.sampled_from((0, 6, 24, 72, 168, 336, 672, 1344)),
    st.sampled_from((*protocol().treatments, "mn_topical+inj_skin")),
    st.sampled_from((History(), LAST_TIME, History([], {"immune_low": True}, case_level="urgent"))),
    st.sampled_from(("check_in", "results", "reminder", "report")),
)


def fitting_answer(anna: CheckIn, state: State, place: int) -> Tap:
    """A button of the current question, as it is shown."""
    question = anna.protocol.question_by_id[state.current]
    words = [o.id for o in question.options] or ["yes", "no"]
    if question.kind == "temperature":
        words = ["36.6", "38.6", "not_measured"]
    return Tap("answer", state.current, words[place % len(words)])


def walk(anna: CheckIn, said: list[Tap | Typed]) -> list[Step]:
    """Every step of the walk; `answer!` stands for a fitting answer where there is a question."""
    steps = [Step(anna.open(), anna.verdict(anna.open(), 30))]
    for one in said:
        state = steps[-1].state
        if isinstance(one, Tap) and one.action == "answer!" and state.current:
            one = fitting_answer(anna, state, len(one.option))  # noqa: PLW2901
        steps.append(anna.step(state, one, 30))
    return steps


walks = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@walks
@given(check_ins, said_things)
def test_any_sequence_keeps_the_promises_of_a_check_in(anna, said) -> None:
    steps = walk(anna, said)
    for before, one, step in zip(steps, said, steps[1:], strict=False):
        going_back = isinstance(one, Tap) and one.action in ("back", "change")
        if step.verdict.own_level is Level.EMERGENCY and not going_back:
            assert step.interrupted
        if step.finished:
            assert "red_flags" in step.state.answers
            stored = anna.complete(step.state)
            assert all(question.id in stored for question in anna.due(step.state))
            assert step.verdict.own_level < Level.EMERGENCY or going_back
        if isinstance(one, Typed):
            assert step.kept_words in ("", one.text)
            if step.kept_words:
                assert step.state.words[-1] == one.text
            elif one.text:
                value = classifier().stored(before.state.current, one.text, 30)
                assert value != "unclear"
                assert step.state.answers.get(before.state.current, value) == value
    assert walk(anna, said) == steps


@walks
@given(check_ins, said_things)
def test_words_are_only_ever_added(anna, said) -> None:
    kept = [step.state.words for step in walk(anna, said)]
    assert all(later[: len(first)] == first for first, later in pairwise(kept))


@walks
@given(check_ins, said_things)
def test_the_end_can_be_reached_from_everywhere(anna, said) -> None:
    """By the emergency screen or by answering what is asked, never by going round in circles."""
    state = walk(anna, said)[-1].state
    out = {Screen.OPENING: ALL_GOOD, Screen.FLAGS: GO_ON, Screen.TICKS: Tap("done", option="same")}
    for _ in range(len(anna.offered) + 3):
        if state.screen in (Screen.END, Screen.STOP):
            break
        tap = out.get(state.screen) or fitting_answer(anna, state, 0)
        state = anna.step(state, tap, 30).state
    assert state.screen in (Screen.END, Screen.STOP)


@walks
@given(check_ins, said_things)
def test_ticks_and_answers_never_vanish_by_a_repeated_tap(anna, said) -> None:
    """A double tap on an answer is the same as one."""
    state = walk(anna, said)[-1].state
    if state.current:
        once = anna.step(state, fitting_answer(anna, state, 1), 30)
        twice = anna.step(once.state, fitting_answer(anna, state, 1), 30)
        assert twice.state == once.state


def test_two_phones_with_the_same_taps_show_the_same() -> None:
    taps_made = (SYMPTOMS, tick("itch"), DONE, say("itch", "a_little"), Typed("?"), BACK)
    anna = check_in()
    states = [
        reduce(lambda state, one: anna.step(state, one, 30).state, taps_made, anna.open())
        for _ in range(2)
    ]
    assert states[0] == states[1]
