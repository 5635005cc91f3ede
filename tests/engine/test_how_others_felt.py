"""Anna asks how others felt: only where she may be reassured, whatever happens in between."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from desk_of_a_clinic import BEN, DESK, NOW, SESSION, of_kind
from outer_program import OuterProgram, annas_phone, keys_of
from stories import FIRST, asked, feverish, finished, wants_a_call

from flows.engine.events import Event, ShowCurve
from flows.engine.inputs import Input, Pressed
from flows.recovery import Felt, curve_of
from flows.verdict import Level

BUTTON = "How others felt"
HOURS = (6, 24, 48, 72, 120, 168)


def felt() -> list[Felt]:
    """Return what 24 others felt: all of them something at first, half of them later."""
    return [
        Felt(f"C{number}", hours, 0 if hours > 24 and number % 2 else 1 + (number == 3))
        for number in range(24)
        for hours in HOURS
    ]


WITH_CURVE = replace(
    DESK, curves={SESSION.treatment: curve_of(SESSION.treatment, felt(), NOW)}
)  # fmt: skip


class Watched(OuterProgram):
    """Anna's case, where every picture is looked at the moment it is decided."""

    def do(self, said: Input) -> tuple[Event, ...]:
        before = self.record
        events = super().do(said)
        for event in of_kind(events, ShowCurve):
            check_in = self.record.check_ins[event.check_in]
            assert check_in.level is Level.EXPECTED
            assert not list(before.open_alerts)
            assert not list(self.record.open_alerts)
            assert self.record.case_level == "none"
        return events


def watched() -> Watched:
    """Return Anna's case with a desk that knows how others felt."""
    program = annas_phone(desk=WITH_CURVE)
    return Watched(program.record, WITH_CURVE, program.now, program.due)


def offers(program: OuterProgram) -> bool:
    return any(key.label == BUTTON for key in keys_of(program.chat[-1]))


def shown(program: OuterProgram) -> list[ShowCurve]:
    return [event for _, event in program.log if isinstance(event, ShowCurve)]


def well() -> Watched:
    """Anna has said that she is well on the first evening."""
    program = watched()
    program.wait(hours=6)
    program.press("All good")
    return program


def test_after_an_expected_answer_she_may_look_and_sees_her_own_day_marked() -> None:
    program = well()
    program.press(BUTTON)
    [event] = shown(program)
    days = event.picture["days"]
    assert [day["label"] for day in days if day["here"]] == ["6 h"]
    assert days[2] == {"label": "Day 2", "tenths": (5, 5, 0), "here": False}
    assert event.caption.startswith("After 6 hours about 10 of 10 people")
    assert "This is no promise, and it says nothing about you." in event.caption
    assert "Call 112 right away" in event.caption


def test_where_too_few_have_answered_there_is_no_button() -> None:
    program = asked()
    program.press("All good")
    assert not offers(program)
    program.do(Pressed(f"r:{FIRST}", 1))
    assert not shown(program)
    assert program.toasts()[-1].startswith("We do not show this now.")


@pytest.mark.hazard("H50")
def test_an_answer_above_expected_has_no_button() -> None:
    program = watched()
    program.wait(hours=6)
    feverish(program, "39.2")
    finished(program)
    assert not offers(program)


@pytest.mark.hazard("H50")
def test_an_old_button_shows_nothing_once_her_case_is_open() -> None:
    program = well()
    number = program.chat[-1].number
    program.press("Please call me")
    program.press(BUTTON, number)
    assert not shown(program)
    assert program.toasts()[-1].startswith("We do not show this now.")


@pytest.mark.hazard("H50")
def test_a_list_of_signs_that_she_left_open_before_it_holds_it_back() -> None:
    program = watched()
    program.wait(hours=6)
    program.command("report")
    program.press("One of these")
    program.wait(minutes=1)
    program.do(Pressed(f"c:{FIRST}:all_good", 1))
    assert program.check_in(FIRST).level is Level.EXPECTED
    assert not list(program.record.open_alerts), "it waits for four minutes more"
    assert not offers(program)
    program.do(Pressed(f"r:{FIRST}", 1))
    assert not shown(program)
    program.press("None of these", program.chat[-2].number)
    program.do(Pressed(f"r:{FIRST}", 1))
    assert len(shown(program)) == 1


@pytest.mark.hazard("H50")
@pytest.mark.parametrize("words", ["", "my throat is swelling"])
def test_a_list_of_signs_opened_after_it_holds_it_back_until_it_is_answered(words) -> None:
    program = well()
    number = program.chat[-1].number
    program.write(words) if words else program.do(Pressed(f"c:{FIRST}:one_of_these", number))
    assert program.check_in(FIRST).level is Level.EXPECTED or words
    assert not offers(program)
    program.do(Pressed(f"r:{FIRST}", number))
    assert not shown(program)


def test_after_the_case_is_closed_and_she_is_well_again_it_is_there_again() -> None:
    program = wants_a_call(watched().wait(hours=6))
    program.staff("resolve", BEN)
    program.staff("outcome", BEN, option="advised")
    assert not offers(program)
    program.until(NOW + timedelta(hours=24))
    program.press("All good")
    assert offers(program)


@pytest.mark.parametrize("code", ["r:", "r:none", "r:report/1", "r:1/check_in/9999"])
def test_a_forged_button_shows_nothing(code) -> None:
    program = well()
    program.do(Pressed(code, 1))
    assert not shown(program)


def lived(seed: int) -> Watched:
    """Return Anna's case after random presses, old ones too, words, waits and staff."""
    random = Random(seed)  # noqa: S311 - a story, no secret
    program = watched()
    for _ in range(60):
        act = random.choices(("press", "others", "well", "write", "wait", "staff"),
                             (12, 25, 30, 2, 25, 20))[0]  # fmt: skip
        keys = [(key, one.number) for one in program.chat[-6:] for key in keys_of(one)]
        if act == "press" and keys:
            key, number = random.choice(keys)
            program.do(Pressed(key.code, number))
        elif act == "others":
            for name in list(program.record.check_ins)[:12]:
                program.do(Pressed(f"r:{name}", 1))
        elif act == "well" and program.record.patient.current:
            program.do(Pressed(f"c:{program.record.patient.current}:all_good", 1))
        elif act == "write":
            program.write(random.choice(("38.9", "my throat is swelling", "fine", "2")))
        elif act == "wait":
            program.wait(hours=random.choice((1, 6, 20)))
        elif act == "staff":
            for alert in program.record.open_alerts:
                program.staff("resolve", alert=alert.key)
                program.staff("outcome", alert=alert.key, option="advised")
    return program


@pytest.mark.hazard("H50")
@pytest.mark.parametrize("seed", range(30))
def test_whatever_happens_it_never_contradicts_an_alert(seed) -> None:
    """`Watched` looks at every picture the moment it is decided."""
    assert lived(seed).seen.step > 60


def test_in_such_stories_pictures_are_shown_at_all() -> None:
    assert sum(len(shown(lived(seed))) for seed in range(12)) > 20
