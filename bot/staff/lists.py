"""The list of every open alert, as staff ask for it."""

from collections.abc import Sequence
from datetime import datetime

from bot.office import Office
from bot.staff.asked import Asked
from flows.engine.cards import alert_list, line
from flows.engine.desk import Desk
from flows.engine.events import Key, Keys, Lane, Message, Say
from flows.engine.record import StoredAlert
from flows.staff_language import _
from storage import cards
from storage.transaction import Transaction

SHOWN = 15
"""Alerts of one list, each with its row of buttons (own choice: three screens of a phone)."""

LONGEST_LINE = 200
"""Characters of one alert's line; its card has the rest."""


def open_asked(asked: Asked, _words: list[str]) -> Transaction[None]:
    """Show every open alert, the most urgent first."""
    yield from show_open(asked, 0)


def show_open(asked: Asked, start: int) -> Transaction[None]:
    """Show open alerts from a place in the list on; the rest is one press away."""
    alerts = yield from most_urgent_first(asked.office)
    desk = yield from asked.office.desk(asked.office.protocol.name, asked.now)
    message = open_page(desk, alerts, start, asked)
    repeat = f"staff:{asked.repeat}:{start}"
    yield from asked.say(Say(asked.chat_id, message, Lane.REPLY, repeat))


def most_urgent_first(office: Office) -> Transaction[list[StoredAlert]]:
    """Return every open alert, by level, the longest waiting first."""
    found = yield from cards.open_alerts(office.vault.keys)
    return sorted(found, key=lambda one: (-one.level, one.raised_at))


def open_page(desk: Desk, alerts: Sequence[StoredAlert], start: int, asked: Asked) -> Message:
    """Return one page of the open alerts."""
    if not alerts:
        return Message(_("Nothing is open."))
    page = alerts[start : start + SHOWN] or alerts[:SHOWN]
    lines = [_("{number} open, the most urgent first:", number=len(alerts)), ""]
    lines += [short_line(desk, alert, asked.now) for alert in page]
    rows = [row for alert in page for row in buttons(desk, alert)]
    left = len(alerts) - start - len(page)
    if start + len(page) < len(alerts):
        lines += ["", _("and {number} more", number=left)]
        label = _("Show the next {number}", number=min(left, SHOWN))
        rows.append((Key(label, f"d:open:{start + SHOWN}"),))
    return Message("\n".join(lines), tuple(rows))


def short_line(desk: Desk, alert: StoredAlert, now: datetime) -> str:
    """Return one alert in one line that fits a list."""
    text = line(desk, alert, now)
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 2]} …"


def needs_a_look(alert: StoredAlert) -> bool:
    """Whether it is for the digest alone: a look is enough, and nobody has to call."""
    return not alert.facts.calls_a_person


def buttons(desk: Desk, alert: StoredAlert) -> Keys:
    """Return an alert's row in a list; whatever is open can at least be looked at."""
    show = Key(_("Show {key}", key=alert.key), f"a:details:{alert.key}")
    if needs_a_look(alert):
        seen = f"a:outcome.seen.{alert.content}:{alert.key}"
        return ((Key(_("Seen {key}", key=alert.key), seen), show),)
    return alert_list(desk, [alert], alert.opened_at).keys or ((show,),)
