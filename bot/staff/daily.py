"""The digest: once a day everything that is open, and what came to nothing since the last one."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot import outgoing
from bot.office import Office
from bot.staff.asked import Asked
from bot.staff.lists import buttons, most_urgent_first, needs_a_look, short_line
from flows.engine.desk import Desk, day_and_time
from flows.engine.events import Key, Lane, Message, Say
from flows.engine.record import StoredAlert
from flows.roster import why_not_start
from flows.staff_language import N_, _
from flows.stored_words import restated
from storage import due, overview
from storage.audit_check import BROKEN_HEAD, head_now
from storage.due import DueRow
from storage.overview import Overview, Unfinished
from storage.reconciliation import Unaccounted, unaccounted
from storage.transaction import Transaction

DIGEST: Final = "digest"
SHOWN: Final = 8
"""Lines of each of the two lists of alerts: the digest is one message that fits three screens of a
phone, and /open has the rest (own choice)."""

SHOWN_CODES: Final = 12
"""Cases named in each of its other lines."""

NOTHING_SINCE: Final = N_(
    "No check-in came to nothing since the last one, and nobody waits to be confirmed."
)
ALL_ACCOUNTED: Final = N_(
    "0 unaccounted: everything has ended with a reason, or waits for its next step."
)
ENDED: Final = {
    "missed_by_system": N_("⚠️ not sent in time: phone them"),
    "unreachable": N_("⚠️ cannot be written to: phone them"),
    "unanswered": N_("not answered"),
}
"""How a check-in came to nothing, the worst first."""


def digest(office: Office, now: datetime) -> Transaction[None]:
    """Put the digest into the staff chat, and plan the next one.

    It goes with the alerts: an alert that waits for the digest is told of nowhere else, so it is
    better sent twice than never. Whoever calls this has ended the due row before.
    """
    chat_id = yield from office.staff_chat()
    message = yield from composed(office, now)
    say = Say(chat_id, message, Lane.ALERT, f"digest:{now.isoformat()}")
    yield from outgoing.say(office, say, chat_id, None, now)
    yield from overview.digest_told(now)
    at = office.protocol.escalation.digest_at
    upcoming = office.settings.hours.next_at(at, now + timedelta(minutes=1))
    yield from due.plan(DueRow(DIGEST, "clinic", None, upcoming))


def digest_asked(asked: Asked, _words: list[str]) -> Transaction[None]:
    """Show the digest as it would be now; the daily one is planned and told as ever."""
    yield from asked.answer((yield from composed(asked.office, asked.now)))


def composed(office: Office, now: datetime) -> Transaction[Message]:
    """Return the digest of now."""
    alerts = yield from most_urgent_first(office)
    found = yield from overview.overview(now)
    desk = yield from office.desk(office.protocol.name, now)
    people = [alert for alert in alerts if not needs_a_look(alert)]
    looks = [alert for alert in alerts if needs_a_look(alert)]
    lines = [_("Digest, {time}", time=day_and_time(now, desk.clinic.hours.zone)), counted(alerts)]
    lines += listed(desk, people, now, _("Need a person, the most urgent first:"))
    lines += listed(desk, looks, now, _("Watch: look at each, then press Seen:"))
    lines += since_the_last(found)
    lines += too_few(office, desk)
    lines += accounted((yield from unaccounted(now)))
    lines += reaching((yield from head_now(office.vault.audit)))
    keys = [
        row for part in (people, looks) for alert in part[:SHOWN] for row in buttons(desk, alert)
    ]
    if max(len(people), len(looks)) > SHOWN:
        keys.append((Key(_("Show all that is open"), "d:open:0"),))
    return Message("\n".join(lines), tuple(keys))


def counted(alerts: Sequence[StoredAlert]) -> str:
    """Return how many alerts are open, by level: `3 open: 1 urgent, 2 watch.`."""
    if not alerts:
        return _("Nothing is open.")
    levels = [restated(str(alert.level).replace("_", " ")) for alert in alerts]
    by_level = ", ".join(f"{levels.count(level)} {level}" for level in dict.fromkeys(levels))
    unclaimed = sum(alert.claimed_by is None and not needs_a_look(alert) for alert in alerts)
    lines = [_("{number} open: {levels}.", number=len(alerts), levels=by_level)]
    if unclaimed:
        lines.append(_("Nobody has taken {number} of them.", number=unclaimed))
    return " ".join(lines)


def listed(desk: Desk, alerts: Sequence[StoredAlert], now: datetime, heading: str) -> Iterator[str]:
    """Yield a list of alerts under its heading; nothing where there are none."""
    if not alerts:
        return
    yield from ("", heading)
    for alert in alerts[:SHOWN]:
        yield short_line(desk, alert, now)
    if len(alerts) > SHOWN:
        yield _("and {number} more: /open", number=len(alerts) - SHOWN)


def since_the_last(found: Overview) -> Iterator[str]:
    """Yield what else somebody has to know, each in a paragraph that names cases."""
    yield from unfinished(found.unfinished)
    if found.pairings:
        cases = some(found.pairings)
        yield "\n" + _("Wait to be confirmed, no check-in goes out before: {cases}.", cases=cases)
    if found.ran_out:
        cases = some(found.ran_out)
        yield "\n" + _("Links that ran out: {cases}. Make new ones with /link CODE.", cases=cases)
    if found.set_aside:
        yield "\n" + _(
            "⚠️ {number} message(s) to the bot could not be worked on and were set aside. Whoever "
            "runs the bot finds them in the log: somebody may have written.",
            number=found.set_aside,
        )
    if not any(found):
        yield "\n" + _(NOTHING_SINCE)


def reaching(head: str) -> Iterator[str]:
    """Yield up to where the audit trail reaches, so that its end is known outside the database."""
    if head == BROKEN_HEAD:
        yield "\n" + _(
            "⚠️ The audit trail was changed. Whoever runs the bot: aftercheck audit verify"
        )
    elif head:
        yield "\n" + _("Audit trail up to {head}.", head=head)


def too_few(office: Office, desk: Desk) -> Iterator[str]:
    """Yield that everything hangs on one person, or that too few can be reached to go on."""
    roster, single_handed = desk.clinic.roster, office.settings.single_handed
    takers = [one.name for one in roster if one.takes_alerts]
    if single_handed and len(takers) == 1:
        yield "\n" + _(
            "⚠️ A practice of one person: only {name} takes alerts; when they cannot, nobody does.",
            name=takers[0],
        )
    if why := why_not_start(roster, single_handed=single_handed):
        yield "\n" + _("⚠️ Nobody new can be enrolled. {why}", why=why)


def accounted(found: Sequence[Unaccounted]) -> Iterator[str]:
    """Yield what the daily reconciliation found, by kind and case."""
    if not found:
        yield "\n" + _(ALL_ACCOUNTED)
        return
    yield "\n" + _(
        "⚠️ {number} unaccounted: nothing would happen to these any more. Please look at the "
        "cases, phone where in doubt, and tell whoever runs the bot.",
        number=len(found),
    )
    for kind in dict.fromkeys(one.kind for one in found):
        of_kind = [one.code or _("no case") for one in found if one.kind == kind]
        yield f"• {_(kind)}: {some(list(dict.fromkeys(of_kind)))}"


def unfinished(found: Sequence[Unfinished]) -> Iterator[str]:
    """Yield the check-ins that came to nothing, by how they ended."""
    if found:
        yield "\n" + _("Check-ins that came to nothing since the last digest:")
    for state, words in ENDED.items():
        ended = [f"{one.code} ({when(one)})" for one in found if one.state == state]
        if ended:
            yield f"• {_(words)}: {some(ended)}"


def when(one: Unfinished) -> str:
    """Return which check-in it was, by its time after the session: `24 h`, `day 7`."""
    if one.hours < 72:  # noqa: PLR2004 - three days
        return _("{hours} h", hours=one.hours)
    return _("day {number}", number=one.hours // 24)


def some(names: Sequence[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    named = ", ".join(names[:SHOWN_CODES])
    left = len(names) - SHOWN_CODES
    return _("{names} and {number} more", names=named, number=left) if left > 0 else named
