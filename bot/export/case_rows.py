"""The rows of one case for each sheet of a workbook, in the order of its columns in `sheets`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.export.case_history import About, CaseHistory, Within, hours_between
from bot.export.columns import ERASED
from bot.export.said import Saying
from bot.export.sheets import Value
from flows.verdict import Level
from storage.exporting import Case
from storage.history_rows import Act, Answered, CheckIn, Visit, Written
from storage.instants import instant

Cells: TypeAlias = tuple[Value, ...]
FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of spreadsheets, by a wall clock
DAY: Final = 86_400.0  # seconds


@lru_cache(1_024)
def day_number(stored: str | None, zone: ZoneInfo) -> float | None:
    """Return a stored instant as spreadsheets count days, by the clock of a zone, to the second."""
    if not stored:
        return None
    wall = instant(stored).astimezone(zone).replace(tzinfo=None, microsecond=0)
    return (wall - FIRST_DAY).total_seconds() / DAY


class CaseRows(CaseHistory):
    """One case; times by the clinic's clock, `names` are the staff's by Telegram id."""

    def __init__(
        self, case: Case, saying: Saying, names: Mapping[int, str], clinic: ZoneInfo
    ) -> None:
        super().__init__(case, names)
        self.saying = saying
        self.clinic = clinic

    def rows(self, within: Within) -> Iterator[tuple[str, Cells]]:
        """Yield every row with the name of its sheet."""
        for sheet, found in (
            ("Sessions", self.sessions(within)),
            ("Check-ins", self.check_ins(within)),
            ("Answers", self.answers(within)),
            ("Alerts", self.alerts(within)),
        ):
            for cells in found:
                yield sheet, cells

    def at(self, stored: str | None) -> float | None:
        """Return a stored instant by the clinic's clock."""
        return day_number(stored, self.clinic)

    def sessions(self, within: Within) -> Iterator[Cells]:
        """Yield a row for each session, with what its check-ins came to."""
        for visit in self.case.visits:
            if not within(visit.ended_at):
                continue
            of_it = [one for one in self.case.check_ins if one.session == visit.number]
            levels = [Level.named(one.level) for one in of_it if one.level]
            alerts = self.alerts_of(of_it)
            erased = self.case.key is None
            yield (
                self.case.code, visit.number, visit.treatment, visit.area, visit.lot,
                self.at(visit.ended_at), self.case.zone, self.case.stage,
                self.at(self.case.created_at), len(of_it),
                sum(1 for one in of_it if one.sent_at),
                sum(1 for one in of_it if one.key in self.case.answers),
                sum(1 for one in of_it if one.completed_at),
                sum(1 for one in of_it if one.state == "missed_by_system"),
                str(max(levels)) if levels else None,
                ERASED if erased else len(alerts),
                ERASED if erased else sum(1 for one in alerts if one.resolved_at is None),
                self.case.protocol,
            )  # fmt: skip

    def check_ins(self, within: Within) -> Iterator[Cells]:
        """Yield a row for each check-in, whatever became of it."""
        for one in self.case.check_ins:
            if not within(one.due_at):
                continue
            row = self.case.answers.get(one.key)
            yield (
                *self.head(one), one.purpose, self.at(one.due_at), one.state, one.reason,
                self.at(one.sent_at), *self.time(row), self.at(one.completed_at),
                self.how_many(row), *self.outcome(one, row),
            )  # fmt: skip

    def answers(self, within: Within) -> Iterator[Cells]:
        """Yield a row for each answer, those of a check-in followed by what was written."""
        written: dict[str, list[Written]] = {}
        for one in self.case.written:
            if within(one.at):
                written.setdefault(one.check_in or "", []).append(one)
        for check_in in self.case.check_ins:
            row = self.case.answers.get(check_in.key)
            if row is not None and within(row.at):
                yield from self.of_check_in(check_in, row)
            for one in written.pop(check_in.key, ()):
                yield from self.of_words(one, check_in, row)
        for rest in written.values():
            for one in rest:
                yield from self.of_words(one, None, None)

    def of_check_in(self, check_in: CheckIn, row: Answered) -> Iterator[Cells]:
        """Yield the rows of one check-in's answers."""
        before = (*self.head(check_in), self.at(check_in.sent_at), *self.time(row))
        after = self.outcome(check_in, row)
        if self.case.key is None:
            yield (*before, *(ERASED,) * 4, *after)
            return
        said, protocol = self.saying.said, row.protocol
        for name, value in self.answered(row)[0].items():
            yield (*before, *said(protocol, name, value), *after)

    def of_words(
        self, one: Written, check_in: CheckIn | None, row: Answered | None
    ) -> Iterator[Cells]:
        """Yield the row of what was written, if it has words."""
        text = self.case.words(one) if self.case.key else ERASED
        if not text:
            return
        visit = self.visits.get(check_in.session) if check_in else self.visit_before(one.at)
        head = self.head(check_in) if check_in else (*self.of_visit(visit), None)
        hours = hours_between(visit.ended_at, one.at) if visit else None
        level, rules, alert, protocol = (
            self.outcome(check_in, row) if check_in and row else (None, None, None, None)
        )
        yield (
            *head, self.at(check_in.sent_at if check_in else None), self.at(one.at), hours,
            "words", "the patient's own words", None, text, level, rules, one.alert or alert,
            protocol,
        )  # fmt: skip

    def alerts(self, within: Within) -> Iterator[Cells]:
        """Yield a row for each alert; of an erased patient only what is in the clear."""
        contents = {one.alert.key: one for one in self.about}
        for alert in self.case.alerts:
            if not within(alert.raised_at):
                continue
            about = contents.get(alert.key)
            session, what, hours, why, rules = of_content(about)
            yield (
                self.case.code, session, alert.key, alert.level, self.at(alert.opened_at),
                self.at(alert.raised_at), what, hours, why, rules, self.name(alert.claimed_by),
                self.at(alert.claimed_at), minutes(alert.raised_at, alert.claimed_at),
                self.at(alert.contacted_at), minutes(alert.raised_at, alert.contacted_at),
                self.at(alert.resolved_at), alert.outcome,
            )  # fmt: skip

    def head(self, check_in: CheckIn) -> Cells:
        """Return the cells of a check-in's session, and its key."""
        return (*self.of_visit(self.visits.get(check_in.session)), check_in.key)

    def of_visit(self, visit: Visit | None) -> Cells:
        """Return the case and its session."""
        return (self.case.code, visit and visit.number, visit and visit.treatment)

    def time(self, row: Answered | None) -> Cells:
        """Return when a check-in was answered."""
        return (None, None) if row is None else (self.at(row.at), round(row.hours, 2))

    def how_many(self, row: Answered | None) -> Value:
        """Return how many questions have an answer."""
        if row is None:
            return None
        return len(self.answered(row)[0]) if self.case.key else ERASED

    def outcome(self, check_in: CheckIn, row: Answered | None) -> Cells:
        """Return how a check-in was sorted, and the alert that it led to."""
        if self.case.key is None and row is not None:
            return (row.level, ERASED, ERASED, row.protocol)
        alert = self.alert_of(check_in, row)
        key = alert.key if alert else None
        if row is None:
            return (check_in.level, None, key, self.case.protocol)
        return (row.level, ";".join(self.answered(row)[1]), key, row.protocol)


def of_content(about: About | None) -> tuple[Value, Value, Value, Value, Value]:
    """Return the session, what it is about, the hours, why, and the rules of an alert."""
    if about is None:
        return (None, ERASED, None, ERASED, ERASED)
    what = about.content
    return (
        what.session, what.event or what.check_in, round(what.hours, 2), "\n".join(what.reasons),
        ";".join(what.rules),
    )  # fmt: skip


def minutes(begin: str, end: str | None) -> float | None:
    """Return the minutes from one stored instant to another; None for one that lies before it.

    A claim from before a raise was no answer to it.
    """
    if end is None or end < begin:
        return None
    return round((instant(end) - instant(begin)).total_seconds() / 60, 1)


def act_cells(act: Act, clinic: ZoneInfo) -> Cells:
    """Return the row of an act."""
    return (
        day_number(act.at, clinic), act.name, act.action, act.code, act.alert,
        "yes" if act.allowed else "no", act.detail,
    )  # fmt: skip
