"""A case as a line of time: sessions, check-ins, words, photos, alerts, and who did what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.board import acts
from bot.board.raises import Raise, raises
from bot.board.reasons import reason_in_words
from flows.engine.cards import treatment
from flows.engine.case_page import answer_lines, level_in_words
from flows.engine.check_in_words import named, title
from flows.engine.desk import Desk
from flows.engine.record import Record, StoredAlert
from flows.engine.stored_check_in import REPORT, StoredCheckIn
from flows.staff_language import N_, _
from flows.stored_words import restated
from flows.verdict import Fired, Level
from storage.board_case import Act, Seen, Written

LOWER: Final = N_("Opened at a lower level")
NOTHING_ASKED: Final = N_("Nothing was asked: see the words, the photo or the alert")
ALL_GOOD: Final = N_("All good, none of the warning signs")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    at: datetime
    kind: str
    title: str
    level: Level | None = None
    lines: Sequence[str] = ()
    because: Sequence[Fired] = ()
    quote: str = ""


def entries(desk: Desk, record: Record, seen: Seen) -> list[Entry]:
    """Return everything that happened, the latest first."""
    found = [
        *sessions(desk, record), *check_ins(desk, record, seen), *alerts(record, seen.acts),
        *(said(one) for one in seen.written if one.text or one.kind != "photo"),
        *(Entry(one.at, "photo", _("The patient sent a photo")) for one in seen.pictures),
        *(done(one) for one in seen.acts if one.action in acts.DONE),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)


def sessions(desk: Desk, record: Record) -> Iterator[Entry]:
    """Yield the sessions."""
    for visit in record.visits:
        number = _("Session {number}", number=visit.session.number)
        yield Entry(visit.session.ended_at, "session", number, lines=[treatment(desk, visit)])


def check_ins(desk: Desk, record: Record, seen: Seen) -> Iterator[Entry]:
    """Yield every check-in that has come to something."""
    for one in record.check_ins.values():
        if one.state in ("planned", "skipped"):
            continue
        at = one.answered_at or one.sent_at or one.due_at
        lines = list(answer_lines(desk, one)) or in_one_line(desk, one)
        because = [fired for fired in seen.because.get(one.key, ()) if fired.level > Level.EXPECTED]
        if one.reason and not one.answered_at:
            lines.append(with_names(reason_in_words(one.reason), record))
        yield Entry(at, "check-in", title(one), one.level, lines, because)


def with_names(reason: str, record: Record) -> str:
    """Return a reason in which each check-in is called as its own entry is, and not by its key."""
    for key, one in record.check_ins.items():
        reason = re.sub(rf"(?<!\S){re.escape(key)}(?![\w/])", f"«{named(one)}»", reason)
    return reason


def in_one_line(desk: Desk, check_in: StoredCheckIn) -> list[str]:
    """Return what a finished check-in comes to that has no answer to show.

    All is well only where the list of warning signs was answered with none of them, and was not
    opened again since: a photo, a voice message or words after a stop make a report in which
    nothing was asked.
    """
    if check_in.state != "complete":
        return []
    if check_in.answers.get(desk.protocol.incomplete.question) == frozenset():
        return [_(ALL_GOOD)]
    return [_(NOTHING_ASKED)] if check_in.purpose == REPORT else []


def alerts(record: Record, done_so_far: Sequence[Act]) -> Iterator[Entry]:
    """Yield each alert as it was opened, and every time that it rose, with the level of then."""
    for alert in record.alerts.values():
        found = raises(alert, done_so_far)
        if not found[0].is_first:
            title = _("Alert {key}", key=alert.key)
            yield Entry(alert.opened_at, "alert", title, lines=[_(LOWER)])
        named_by = {rule for one in found for rule in one.rules}
        later = [one for one in alert.because if one.rule not in named_by]
        for one in found:
            lines = [
                _("Added later: {reason}", reason=restated(fired.reason))
                for fired in later if one is found[-1]
            ]  # fmt: skip
            yield Entry(one.at, "alert", raise_title(alert, one), one.level, lines,
                        one.because(alert))  # fmt: skip


def raise_title(alert: StoredAlert, one: Raise) -> str:
    """Return what an alert's entry is called: `Alert A7K2-1, raised from watch`."""
    if one.is_first:
        return _("Alert {key}", key=alert.key)
    if one.before is None:
        return _("Alert {key}, raised", key=alert.key)
    return _("Alert {key}, raised from {level}", key=alert.key, level=level_in_words(one.before))


def said(one: Written) -> Entry:
    """Return words, of the patient or of staff."""
    if one.author == "patient":
        return Entry(one.at, "words", _("The patient wrote"), quote=one.text)
    title = _("{name} wrote to the patient", name=one.author)
    return Entry(one.at, "relay", title, quote=one.text)


def done(act: Act) -> Entry:
    """Return what somebody did."""
    what, lines = acts.in_words(act)
    return Entry(act.at, "act", what, lines=lines)
