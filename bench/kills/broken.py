"""The product, broken in one way at a time: each must be seen by the proof, or the proof is none.

Like a trap, a break is made in a process of the harness that is about to become the bot.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import bot.deciding
import bot.delivery.courier
import bot.delivery.settling
import bot.inbox_worker
import bot.recording
from bench.kills.points import AFTER, ALERT, BEFORE, BESIDES, WORDS, Spot
from bot.delivery.courier import Courier
from bot.delivery.outcome import Outcome, Sent, Unknown
from bot.delivery.parcel import Prepared
from bot.inbox_worker import InboxWorker
from bot.intake import Intake
from storage import inbox
from storage.outbox_rows import UNHEARD, Ending, Lane, OutboxRow
from storage.transaction import Transaction


def confirm_before_storing() -> None:
    """Ask for the next updates before those at hand are stored."""
    whole = Intake.store

    async def store(intake: Intake, updates: Sequence[Mapping[str, Any]]) -> None:
        if updates:
            intake.offset = max(int(one["update_id"]) for one in updates) + 1
            await intake.bot.do_api_request(  # type: ignore[attr-defined]
                "getupdates", api_kwargs={"offset": intake.offset, "timeout": 0, "limit": 1}
            )
        await whole(intake, updates)

    poll = Intake.poll

    async def polls(intake: Intake, bot: Any, wait: float) -> int:  # noqa: ANN401 - handed on
        intake.bot = bot  # type: ignore[attr-defined]
        return await poll(intake, bot, wait)

    Intake.store, Intake.poll = store, polls  # type: ignore[method-assign, assignment]


def leave_what_was_stored() -> None:
    """Work only on what came in oneself, not on what an earlier process left."""

    async def take_up(_worker: InboxWorker) -> None:
        return

    InboxWorker.take_up = take_up  # type: ignore[method-assign, assignment]


def mark_before_working() -> None:
    """Note that an update was done in a transaction of its own, before it is worked on."""

    def noted(worker: InboxWorker, chat_id: int | None, taken: list[Any]) -> Transaction[None]:
        found = yield from inbox.take(chat_id)
        if found is not None:
            taken.append(found)
            yield from inbox.done(found.update_id, "to be worked on", worker.clock.now())

    async def one(worker: InboxWorker, chat_id: int | None) -> bool:
        taken: list[Any] = []
        await worker.database.run(lambda: noted(worker, chat_id, taken))
        if not taken:
            return False
        cause = bot.deciding.Cause(worker.clock.now(), taken[0].update_id)
        work = bot.inbox_worker.work  # type: ignore[attr-defined]  # where a trap is laid
        worker.finish(await worker.database.run(lambda: work(worker.office, taken[0], cause)))
        return True

    InboxWorker.one = one  # type: ignore[method-assign, assignment]


def settle_as(change: Callable[[OutboxRow, Outcome, Ending], Ending]) -> None:
    """End messages in another way than they should."""
    whole = bot.delivery.settling.ending

    def ending(row: OutboxRow, outcome: Outcome, now: datetime) -> Ending:
        return change(row, outcome, whole(row, outcome, now))

    bot.delivery.courier.ending = ending  # type: ignore[attr-defined]


def repeat_check_ins() -> None:
    """Send a check-in again when nobody knows whether it arrived."""

    def change(row: OutboxRow, outcome: Outcome, usual: Ending) -> Ending:
        is_unknown = isinstance(outcome, Unknown) and row.lane is Lane.CHECK_IN
        return Ending("pending", not_before=row.created_at) if is_unknown else usual

    settle_as(change)


def drop_unknown_alerts() -> None:
    """Do not send an alert again when nobody knows whether it arrived."""

    def change(row: OutboxRow, outcome: Outcome, usual: Ending) -> Ending:
        is_unknown = isinstance(outcome, Unknown) and row.lane is Lane.ALERT
        return Ending("dropped", "not worth a repeat") if is_unknown else usual

    settle_as(change)


def repeat_what_arrived() -> None:
    """Take an alert that arrived for one that may not have, the first two times."""

    def change(row: OutboxRow, outcome: Outcome, usual: Ending) -> Ending:
        if isinstance(outcome, Sent) and row.lane is Lane.ALERT and row.attempts < 2:
            return Ending("pending", UNHEARD, not_before=row.created_at, counted=True)
        return usual

    settle_as(change)


def forget_what_was_sent() -> None:
    """Save no outcome, and take what is on its way for lost at the next look."""

    async def settles(*_given: object) -> None:
        return

    Courier.settles = settles  # type: ignore[method-assign, assignment]


def no_reminder() -> None:
    """Forget the reminder of a check-in about which nobody knows."""

    def not_delivered(*_given: object) -> Transaction[None]:
        yield from ()

    bot.recording.Recorder.not_delivered = not_delivered  # type: ignore[method-assign, assignment]


def mix_up_chats() -> None:
    """Bring what is for staff to the patient who was written to last."""
    whole = Courier.called
    private: list[int] = []

    async def called(courier: Courier, prepared: Prepared, chat_id: int) -> Outcome:
        if chat_id > 0:
            private[:] = [chat_id]
        return await whole(courier, prepared, chat_id if chat_id > 0 else (private or [chat_id])[0])

    Courier.called = called  # type: ignore[method-assign, assignment]


BREAKS: Final[Mapping[str, tuple[Callable[[], None], tuple[str, str] | None, str]]] = {
    "confirm an update before it is stored": (
        confirm_before_storing, ("inbox commit", BEFORE), "confirmed and is nowhere"),
    "leave what an earlier process stored": (
        leave_what_was_stored, ("inbox commit", AFTER), "were left"),
    "mark an update as done before it is worked on": (
        mark_before_working, WORDS, "and no row holds it"),
    "send a check-in again, not knowing whether it arrived": (
        repeat_check_ins, ("response", BEFORE), "times"),
    "forget the reminder of such a check-in": (
        no_reminder, ("POST bytes", AFTER), "was never asked"),
    "drop an alert, not knowing whether it arrived": (
        drop_unknown_alerts, ALERT, "staff chat"),
    "repeat an alert that arrived": (
        repeat_what_arrived, None, "were forgotten"),
    "save no outcome": (forget_what_was_sent, ("response", AFTER), "without a kill"),
    "bring a message to another chat": (mix_up_chats, None, ", which is "),
}  # fmt: skip
"""How the product is broken, where it is then killed (or anywhere), and what the proof must say."""


KILLS_EACH: Final = 5
PATIENTS: Final = 15
"""So many kills and patients show each break."""


def kills_for(name: str, count: int) -> int | list[Spot]:
    """Return where a broken product is killed so many times."""
    spot = BREAKS[name][1]
    times = 1 if spot in BESIDES else 3
    return [Spot(*spot, 1 + number % times) for number in range(count)] if spot else count
