"""Another version of a protocol over a clinic's own history: which alerts differ, and the work."""

import json
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.protocol import Protocol
from flows.protocol_file import bundled
from flows.replay import replay
from flows.replay_report import Kind, Report
from flows.verdict import Level

ANNA = {
    "case": "A7K2",
    "at": "2026-11-22T10:00:00Z",
    "treatment": "inj_skin",
    "hours": 30,
    "answers": {"red_flags": [], "discharge": "pus"},
}


def line(**changes: object) -> str:
    """Return Anna's check-in, pus from the treated site, as a line of the history."""
    return json.dumps(ANNA | changes)


def renamed(protocol: Protocol, **tables: object) -> Protocol:
    """Return the next version of a protocol, with some of its tables changed."""
    about = protocol.protocol.model_copy(update={"version": "9.0.0"})
    return protocol.model_copy(update={"protocol": about, **tables})


def without(rule: str) -> Protocol:
    """Return a version that lost one rule."""
    return renamed(bundled(), rules=tuple(r for r in bundled().rules if r.id != rule))


def with_level(rule: str, level: str) -> Protocol:
    """Return a version in which one rule has another level."""
    rules = tuple(
        r.model_copy(update={"level": level}) if r.id == rule else r for r in bundled().rules
    )
    return renamed(bundled(), rules=rules)


def test_the_same_version_changes_nothing() -> None:
    report = replay(bundled(), bundled(), [line(), line(answers={"red_flags": []})])
    assert (report.read, report.changes, report.skipped) == (2, (), ())
    assert not report.dangerous
    assert "No alert appears, vanishes or moves." in report.lines()


def test_annas_alert_that_vanishes_is_listed_with_her_answers_and_the_rule() -> None:
    report = replay(bundled(), without("INF-01"), [line()])
    (change,) = report.changes
    assert (change.kind, change.old, change.new) == (Kind.VANISHES, Level.FOLLOW_UP, Level.EXPECTED)
    assert (change.case, change.line, change.fired) == ("A7K2", 1, ("INF-01",))
    assert str(change) == (
        "line 1, case A7K2, 2026-11-22T10:00+00:00: no longer alerts: follow up (INF-01), "
        "now expected (no rule). Face/skin injection, 30 h after the session; Emergency warning "
        "signs: none ticked; Discharge: Yellow or green pus."
    )
    assert report.dangerous


def test_the_other_way_round_the_alert_appears() -> None:
    report = replay(without("INF-01"), bundled(), [line()])
    (change,) = report.changes
    assert (change.kind, change.fired, change.fires) == (Kind.APPEARS, (), ("INF-01",))
    assert not report.dangerous


def test_an_alert_that_moves_says_which_way() -> None:
    higher, lower = with_level("INF-01", "urgent"), bundled()
    (up,) = replay(lower, higher, [line()]).changes
    (down,) = replay(higher, lower, [line()]).changes
    assert (up.kind, up.old, up.new) == (Kind.HIGHER, Level.FOLLOW_UP, Level.URGENT)
    assert (down.kind, down.old, down.new) == (Kind.LOWER, Level.URGENT, Level.FOLLOW_UP)


def test_a_move_below_every_alert_is_work_and_no_change() -> None:
    bumps = line(answers={"red_flags": [], "hives": "treated"}, hours=6)
    report = replay(bundled(), without("ALL-01b"), [bumps])
    week = report.weeks["2026-W47"]
    assert report.changes == ()
    assert (week.old.by_level, week.new.by_level) == ({Level.WATCH: 1}, {Level.EXPECTED: 1})


def test_an_open_case_does_not_hide_an_alert_that_vanishes() -> None:
    history = {"case_level": "urgent"}
    (change,) = replay(bundled(), without("INF-01"), [line(history=history)]).changes
    assert (change.kind, change.fired, change.fires) == (Kind.VANISHES, ("INF-01",), ())


def test_the_most_dangerous_changes_come_first_then_the_order_of_the_file() -> None:
    new = without("INF-01")
    new = new.model_copy(
        update={
            "treatments": {n: t for n, t in new.treatments.items() if n != "joint"},
            "groups": {n: tuple(m for m in g if m != "joint") for n, g in new.groups.items()},
        }
    )
    lines = [line(), line(treatment="joint"), line(case="B2C3")]
    report = replay(bundled(), new, lines)
    assert [(c.kind, c.line) for c in report.changes] == [
        (Kind.UNSORTABLE, 2),
        (Kind.VANISHES, 1),
        (Kind.VANISHES, 3),
    ]
    assert report.changes[0].new is None
    assert "now: there is no treatment «joint»" in str(report.changes[0])
    assert report.weeks["2026-W47"].new.unsortable == 1
    assert report.weeks["2026-W47"].new.check_ins == 3
    assert any("unsortable 1" in words for words in report.lines())


def test_a_bad_line_is_skipped_with_its_number_and_the_rest_goes_on() -> None:
    lines = ["{", "", line(), line(treatment="botox"), "\n", line(hours=-1)]
    report = replay(bundled(), without("INF-01"), lines)
    assert [skipped.line for skipped in report.skipped] == [1, 4, 6]
    assert str(report.skipped[0]).startswith("line 1 skipped: not valid JSON")
    assert "there is no treatment «botox»" in report.skipped[1].problem
    assert (report.read, [change.line for change in report.changes]) == (4, [3])
    assert "3 lines skipped." in report.lines()


def test_the_work_is_counted_for_each_week_under_both_versions() -> None:
    fine = {"red_flags": []}
    lines = [
        line(at=None),
        line(at="2027-01-03T23:30:00Z"),
        line(at="2027-01-04T00:30:00+01:00", answers=fine),
        line(at="2027-01-04T08:00:00Z", answers=fine),
    ]
    report = replay(bundled(), without("INF-01"), lines)
    assert list(report.weeks) == ["2026-W53", "2027-W01", "no date"]
    week = report.weeks["2026-W53"]
    assert (week.old.check_ins, week.old.alerts, week.new.alerts) == (2, 1, 0)
    assert list(report.lines())[-3] == (
        "2026-W53: 2 check-ins, alerts 1 → 0, emergency 0 → 0, urgent 0 → 0, follow up 1 → 0, "
        "watch 0 → 0, expected 1 → 2"
    )


def test_lines_sorted_otherwise_then_are_counted() -> None:
    lines = [line(level="follow_up"), line(level="watch"), line()]
    report = replay(bundled(), bundled(), lines)
    assert report.otherwise == 1
    assert any("1 lines were recorded with another level" in words for words in report.lines())


def test_a_case_without_a_code_or_date_is_still_listed() -> None:
    (change,) = replay(bundled(), without("INF-01"), [line(case=None, at=None)]).changes
    assert str(change).startswith("line 1, a case without a code: no longer alerts")


def test_a_long_history_is_read_line_by_line() -> None:
    consumed = []

    def lines() -> Iterator[str]:
        for number in range(500):
            consumed.append(number)
            yield line(answers={"red_flags": []}) if number else "{"

    report = replay(bundled(), without("INF-01"), lines())
    assert (len(consumed), report.read) == (500, 500)
    assert (len(report.skipped), report.changes) == (1, ())


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.builds(
                line,
                hours=st.integers(-1, 2500),
                answers=st.dictionaries(
                    st.sampled_from(["red_flags", "discharge", "temp_c", "nonsense"]),
                    st.sampled_from([[], "pus", 38.4, 40.2, None, "well"]),
                ),
            ),
        ),
        max_size=12,
    )
)
def test_every_line_is_sorted_twice_or_skipped(lines: list[str]) -> None:
    report: Report = replay(bundled(), with_level("INF-01", "urgent"), lines)
    both = [(week.old.check_ins, week.new.check_ins) for week in report.weeks.values()]
    assert report.read == sum(bool(text.strip()) for text in lines)
    assert sum(old for old, _ in both) == report.read - len(report.skipped)
    assert all(old == new for old, new in both)
