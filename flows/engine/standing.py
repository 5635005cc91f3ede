"""Where things stand, as the patient is told: what comes next, and what is open."""

from collections.abc import Iterator

from flows.clinic_hours import callback_by
from flows.engine.planning import next_planned
from flows.engine.record import StoredAlert
from flows.engine.turn import Turn
from flows.verdict import Level


def standing(turn: Turn) -> str:
    """Return what comes next, what waits for an answer, and what was promised and seen."""
    told = [*upcoming(turn), *waiting(turn)]
    alerts = [line for alert in turn.record.open_alerts for line in alert_lines(turn, alert)]
    lines = [turn.phrase("status_title"), *told, *(alerts or [turn.phrase("status_nothing")])]
    return "\n".join(lines)


def upcoming(turn: Turn) -> Iterator[str]:
    """Yield when the patient is asked next, or until when nobody asks."""
    until, following = turn.patient.paused_until, next_planned(turn.record, turn.now)
    if until is not None and until > turn.now:
        yield turn.phrase("status_paused", time=turn.moment(until))
    elif following is not None:
        yield turn.phrase("status_next", time=turn.moment(following))
    else:
        yield turn.phrase("status_none")


def waiting(turn: Turn) -> Iterator[str]:
    """Yield the check-ins that were asked and are not finished."""
    for check_in in turn.record.check_ins.values():
        if check_in.state == "sent" and check_in.sent_at is not None:
            yield turn.phrase("status_waiting", time=turn.moment(check_in.sent_at))


def alert_lines(turn: Turn, alert: StoredAlert) -> Iterator[str]:
    """Yield what was promised about one alert, and who saw it; its level is staff's matter."""
    clinic = turn.desk.clinic.hours.zone
    time = turn.moment(alert.raised_at)
    by = callback_by(turn.desk.clinic.hours, turn.desk.protocol.escalation, alert.raised_at)
    if alert.event:
        yield turn.phrase("status_silent", time=time)
    elif alert.contacted_at is not None or alert.level < Level.FOLLOW_UP:
        yield turn.phrase("status_read", time=time)
    elif alert.level >= Level.URGENT:
        yield turn.phrase("status_call_now", time=time)
    else:
        yield turn.phrase("status_contact_by", time=time, callback_by=turn.moment(by, clinic))
    if alert.claimed_at is not None:
        staff, seen = turn.staff_name(alert.claimed_by), turn.moment(alert.claimed_at)
        yield turn.phrase("status_seen", staff=staff, time=seen)
    if alert.contacted_at is not None:
        staff, spoke = turn.staff_name(alert.contacted_by), turn.moment(alert.contacted_at)
        yield turn.phrase("status_spoken", staff=staff, time=spoke)
