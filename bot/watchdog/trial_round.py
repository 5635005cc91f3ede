"""An hourly trial: a patient who is nobody goes from a check-in to an alert, the real way.

A due row is planned, and from there on nothing is done that would not be done for anybody: the tick
finds it, the engine decides, the sender delivers, into a silent chat. Only the press is not brought
by Telegram: it is put into the inbox as Telegram would have brought it. Once the alert's card has
arrived, everything of the trial is deleted. If that takes too long, something on the way is broken,
whatever the other conditions say.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bot.intake import arrived
from bot.office import Office
from bot.watchdog.causes import Trouble
from bot.watchdog.clock_watch import ClockWatch
from bot.watchdog.conditions import Surroundings
from flows.engine.buttons import OFF
from flows.engine.record import Patient, Record, Visit
from flows.engine.stored_check_in import StoredCheckIn
from flows.schedule import Session
from flows.staff_language import N_, _
from storage import due, freezing, inbox, saving, synthetic
from storage.due import DueRow
from storage.inbox import Waiting
from storage.synthetic import CODE, Progress
from storage.transaction import Transaction

EVERY: Final = timedelta(hours=1)
LONGEST: Final = timedelta(minutes=10)
"""For one round; a look comes every half minute, and a round takes four of them (own choice)."""
HOURS: Final = 24
KEY: Final = f"1/check_in/{HOURS}"
SLOT: Final = f"{CODE}:{KEY}"
NOON: Final = 12
HANGS: Final = N_(
    "The hourly trial, which goes from a check-in to an alert, does not come to its end: something "
    "on the way that patients take is broken."
)
PRESSED: Final = ("one_of_these", "flag")
"""The buttons that lead to an alert: that it is one of the warning signs, and then which."""


class TrialRound:
    """Goes one step further at each look."""

    def __init__(
        self, chat_id: int, clock_watch: ClockWatch, submit: Callable[[Sequence[Waiting]], None]
    ) -> None:  # fmt: skip
        self.chat_id = chat_id
        self.clock_watch = clock_watch
        self.submit = submit

    async def __call__(self, at: Surroundings, now: datetime) -> list[Trouble]:
        """Do what is next, and return that a round has not come to its end in time."""
        progress, pressed = await at.database.run(lambda: self.step(at.office, now))
        self.submit(pressed)
        if progress is None or progress.failing_since is None:
            return []
        return [Trouble("trial", _(HANGS))]

    def step(
        self, office: Office, now: datetime
    ) -> Transaction[tuple[Progress | None, list[Waiting]]]:
        """Begin, press or end, as far as the round is; nothing while check-ins are held back."""
        before = yield from synthetic.progress()
        if (yield from freezing.is_frozen()) or self.clock_watch.holds():
            return None, []
        if before is None or is_time(before, now):
            hangs = before is not None and not before.ended
            since = (before.failing_since or before.began) if before and hangs else None
            after = Progress(now, failing_since=since)
            yield from self.begin(office, now)
            yield from synthetic.keep(after)
            return after, []
        if before.ended:
            return before, []
        if (yield from synthetic.card_is_shown()):
            yield from synthetic.forget()
            after = before._replace(ended=True, failing_since=None)
            yield from synthetic.keep(after)
            return after, []
        return (yield from self.press(office, before, now))

    def begin(self, office: Office, now: datetime) -> Transaction[None]:
        """Make the trial's case anew, with one check-in that is due now."""
        yield from synthetic.forget()
        protocol = office.protocol
        zone = where_it_is_noon(now)
        ended = now - timedelta(hours=HOURS)
        session = Session(1, next(iter(protocol.treatments)), ended, ended, zone, None)
        patient = Patient(
            CODE, protocol.name, "active", protocol.protocol.languages[0], zone,
            chat_id=self.chat_id, name="Trial",
        )  # fmt: skip
        check_in = StoredCheckIn(KEY, 1, "check_in", HOURS, now, (HOURS,))
        record = Record(patient, (Visit(session),), {KEY: check_in})
        yield from saving.new_case(office.vault.keys, record, now)
        yield from due.plan(DueRow("check_in", SLOT, CODE, now))

    def press(
        self, office: Office, before: Progress, now: datetime
    ) -> Transaction[tuple[Progress, list[Waiting]]]:
        """Press the next button of the newest message that has arrived, each message once."""
        screen = yield from synthetic.newest_screen(SLOT, office.vault)
        if screen is None or screen.row <= before.pressed:
            return before, []
        code = button(screen.payload)
        if code is None:
            return before, []
        update = press_of(self.chat_id, screen.message_id, code, now)
        fresh = yield from inbox.keep(
            office.vault.clinic, [arrived(update["update_id"], update)], now
        )
        after = before._replace(pressed=screen.row)
        yield from synthetic.keep(after)
        return after, fresh


def is_time(before: Progress, now: datetime) -> bool:
    """Whether the next round begins: after an hour, or at once where one took too long."""
    since = now - before.began
    return since >= (EVERY if before.ended else LONGEST) or since < timedelta(0)


def where_it_is_noon(now: datetime) -> str:
    """Return a time zone without a night for the next hours, so that nothing is held back."""
    ahead = NOON - now.hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def button(payload: dict[str, Any]) -> str | None:
    """Return what the button carries that leads on to the alert."""
    keyboard = payload.get("reply_markup", {}).get("inline_keyboard", [])
    codes = [key.get("callback_data", "") for row in keyboard for key in row]
    for action in PRESSED:
        found = [code for code in codes if begins(code, action)]
        if found:
            return str(found[0])
    return None


def begins(code: str, action: str) -> bool:
    """Whether a button's code is one of an action that adds something; a tick can be taken back."""
    name, _, place = code.rpartition(":")[2].partition(".")
    return name == action and not place.endswith(OFF)


def press_of(chat_id: int, message_id: int, code: str, now: datetime) -> dict[str, Any]:
    """Return a press as Telegram would bring it, numbered below all of Telegram's.

    It has no number of its own to be answered by: nobody's button turns.
    """
    microseconds = int(now.timestamp() * 1_000_000)
    return {
        "update_id": -microseconds,
        "callback_query": {
            "id": "", "from": {"id": chat_id, "is_bot": False, "first_name": "Trial"},
            "chat_instance": "", "data": code,
            "message": {"message_id": message_id, "date": 0,
                        "chat": {"id": chat_id, "type": "private"}},
        },
    }  # fmt: skip
