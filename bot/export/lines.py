"""The lines of one case: one an answer, one a check-in, or one a session.

What a check-in's lines have in common is put together once, and an answer's own cells are
remembered, because there are a million lines and far fewer different answers.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.export.case_history import CaseHistory, Within, hours_between
from bot.export.cells import END, cell, local, utc
from bot.export.columns import ALERT, ERASED, QUESTION, SESSION, RowKind
from bot.export.said import Saying
from flows.verdict import Level
from storage.exporting import Case
from storage.history_rows import Alert, Answered, CheckIn, Visit, Written

NO_ALERT = "," * (len(ALERT) - 1)
ERASED_ALERT = ERASED + NO_ALERT
NO_SESSION = "," * (len(SESSION) - 2)


class CaseLines(CaseHistory):
    """One case; `names` are the staff's by Telegram id."""

    def __init__(self, case: Case, saying: Saying, names: Mapping[int, str]) -> None:
        super().__init__(case, names)
        self.saying = saying
        self.session_cells: dict[int | None, str] = {
            one.number: self.cells_of(one) for one in case.visits
        }

    def lines(self, kind: RowKind, within: Within) -> Iterator[str]:
        """Yield the lines of one kind, each with its end."""
        match kind:
            case "answer":
                yield from self.answers(within)
            case "check_in":
                yield from self.check_ins(within)
            case "session":
                yield from self.sessions(within)

    def answers(self, within: Within) -> Iterator[str]:
        """Yield a line for each answer, those of a check-in followed by what was written."""
        written: dict[str, list[Written]] = {}
        for one in self.case.written:
            if within(one.at):
                written.setdefault(one.check_in or "", []).append(one)
        for check_in in self.case.check_ins:
            row = self.case.answers.get(check_in.key)
            words = written.pop(check_in.key, ())
            if row is not None and within(row.at):
                yield from self.of_check_in(check_in, row)
            for one in words:
                yield from self.of_words(one, check_in, row)
        for rest in written.values():
            for one in rest:
                yield from self.of_words(one, None, None)

    def of_check_in(self, check_in: CheckIn, row: Answered) -> Iterator[str]:
        """Yield the lines of one check-in's answers."""
        before = f"{self.head(check_in)},{utc(check_in.sent_at)},{self.time(row)},"
        if self.case.key is None:
            answer = ",".join([ERASED] * len(QUESTION))
            outcome = verdict(row.level, row.protocol, (ERASED,))
            yield f"{before}{answer},{outcome},{ERASED_ALERT}{END}"
            return
        answers, rules = self.answered(row)
        alert = self.alert_cells(self.alert_of(check_in, row))
        after = f",{verdict(row.level, row.protocol, rules)},{alert}{END}"
        cells, protocol = self.saying.cells, row.protocol
        for name, value in answers.items():
            yield before + cells(protocol, name, value) + after

    def of_words(
        self, one: Written, check_in: CheckIn | None, row: Answered | None
    ) -> Iterator[str]:
        """Yield the line of what was written, if it has words."""
        text = self.case.words(one) if self.case.key else ERASED
        if not text:
            return
        visit = self.visits.get(check_in.session) if check_in else self.visit_before(one.at)
        head = self.head(check_in) if check_in else self.session(visit and visit.number) + "," * 4
        hours = cell(hours_between(visit.ended_at, one.at)) if visit else ""
        outcome = verdict(row.level, row.protocol, self.rules(row)) if row else "," * 2
        if self.case.key is None:
            alert = ERASED_ALERT
        elif one.alert:
            alert = self.alert_cells(self.alert_named(one.alert))
        else:
            alert = self.alert_cells(self.alert_of(check_in, row)) if check_in else NO_ALERT
        yield (
            f"{head},{utc(check_in.sent_at) if check_in else ''},"
            f"{utc(one.at)},{local(one.at, self.zone)},{hours},"
            f"words,the patient's own words,{cell(text)},{cell(text)},{outcome},{alert}{END}"
        )

    def check_ins(self, within: Within) -> Iterator[str]:
        """Yield a line for each check-in, whatever became of it."""
        for one in self.case.check_ins:
            if not within(one.due_at):
                continue
            row = self.case.answers.get(one.key)
            level = cell(one.level)
            if row is None:
                count, outcome = "", f"{level},,{cell(self.case.protocol)}"
            elif self.case.key is None:
                count, outcome = ERASED, verdict(row.level, row.protocol, (ERASED,))
            else:
                answers, rules = self.answered(row)
                count, outcome = str(len(answers)), verdict(row.level, row.protocol, rules)
            alert = self.alert_cells(self.alert_of(one, row)) if self.case.key else ERASED_ALERT
            yield (
                f"{self.head(one)},{one.state},{cell(one.reason)},{utc(one.sent_at)},"
                f"{self.time(row)},{utc(one.completed_at)},{count},{outcome},{alert}{END}"
            )

    def sessions(self, within: Within) -> Iterator[str]:
        """Yield a line for each session, with what its check-ins came to."""
        for visit in self.case.visits:
            if within(visit.ended_at):
                of_it = [one for one in self.case.check_ins if one.session == visit.number]
                levels = [Level.named(one.level) for one in of_it if one.level]
                cells = (
                    utc(visit.ended_at), local(visit.ended_at, self.zone), self.case.zone,
                    self.case.stage, utc(self.case.created_at), self.case.protocol, len(of_it),
                    sum(1 for one in of_it if one.sent_at),
                    sum(1 for one in of_it if one.key in self.case.answers),
                    sum(1 for one in of_it if one.completed_at),
                    sum(1 for one in of_it if one.state == "missed_by_system"),
                    str(max(levels)) if levels else "", *self.alert_counts(of_it),
                )  # fmt: skip
                yield f"{self.session(visit.number)},{','.join(map(cell, cells))}{END}"

    def alert_counts(self, of_it: list[CheckIn]) -> tuple[int | str, int | str]:
        """Return how many alerts check-ins led to, and how many are open."""
        if self.case.key is None:
            return ERASED, ERASED
        alerts = self.alerts_of(of_it)
        return len(alerts), sum(1 for alert in alerts if alert.resolved_at is None)

    def head(self, check_in: CheckIn) -> str:
        """Return the cells of the session and of the check-in."""
        due = check_in.due_at
        own = f"{cell(check_in.key)},{cell(check_in.purpose)},{utc(due)},{local(due, self.zone)}"
        return f"{self.session(check_in.session)},{own}"

    def cells_of(self, visit: Visit) -> str:
        """Return the case and the cells of a session."""
        cells = (self.case.code, visit.number, visit.treatment, visit.area, visit.lot)
        return ",".join(map(cell, cells))

    def session(self, number: int | None) -> str:
        """Return the case and the cells of the session with this number, empty where none is."""
        return self.session_cells.get(number) or f"{cell(self.case.code)},{NO_SESSION}"

    def time(self, row: Answered | None) -> str:
        """Return when a check-in was answered."""
        if row is None:
            return ",,"
        return f"{utc(row.at)},{local(row.at, self.zone)},{row.hours:.2f}"

    def rules(self, row: Answered) -> tuple[str, ...]:
        """Return the rules that fired."""
        return self.answered(row)[1] if self.case.key else (ERASED,)

    def alert_cells(self, alert: Alert | None) -> str:
        """Return the cells of an alert, empty where there is none."""
        if alert is None:
            return NO_ALERT
        cells = (
            alert.key, alert.level, utc(alert.raised_at), self.name(alert.claimed_by),
            utc(alert.claimed_at), utc(alert.contacted_at), utc(alert.resolved_at), alert.outcome,
        )  # fmt: skip
        return ",".join(map(cell, cells))


@lru_cache(1_024)
def verdict(level: str, protocol: str, rules: tuple[str, ...]) -> str:
    """Return how answers were sorted."""
    return f"{cell(level)},{cell(';'.join(rules))},{cell(protocol)}"
