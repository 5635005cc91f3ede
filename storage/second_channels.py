"""Where each member of staff is reached when Telegram does not: sealed with the clinic's key.

Hazards: H53.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from flows.escalation import ChannelState
from flows.second_channel import Address, SecondChannel
from storage.case_keys import Key, place
from storage.instants import instant, stored
from storage.transaction import Query, Row, Transaction

OF = "SELECT channel, channel_state FROM staff WHERE user_id = :user_id {for_update}"
KEEP = "UPDATE staff SET channel = :sealed, channel_state = :state WHERE user_id = :user_id"
FORGET = "UPDATE staff SET channel = NULL, channel_state = 'none' WHERE user_id = :user_id"
BECOMES = """
    UPDATE staff SET channel_state = :state
    WHERE user_id = :user_id AND channel_state = :before RETURNING user_id
"""
WAITING = """
    UPDATE outbox SET state = 'dropped', reason = :why, ended_at = :now
    WHERE chat_id = :user_id AND state = 'pending' AND method = 'second_channel'
"""
GONE: Final = "the channel is another now, or none"


def of(key: Key, user_id: int) -> Transaction[SecondChannel | None]:
    """Return somebody's channel, and keep it as it is until the end; None where there is none.

    Raises:
        SealError: it cannot be opened.
    """
    rows: Sequence[Row] = yield Query(OF, {"user_id": user_id})
    if not rows or rows[0]["channel"] is None:
        return None
    body: dict[str, Any] = json.loads(key.open(bytes(rows[0]["channel"]), where(user_id)))
    return SecondChannel(
        Address(body["kind"], body["where"]), rows[0]["channel_state"], body["code"],
        instant(body["expires_at"]), body["tries"],
    )  # fmt: skip


def keep(key: Key, user_id: int, channel: SecondChannel) -> Transaction[None]:
    """Store somebody's channel in the place of any other."""
    body = {
        "kind": channel.address.kind, "where": channel.address.where, "code": channel.code,
        "expires_at": stored(channel.expires_at), "tries": channel.tries,
    }  # fmt: skip
    sealed = key.seal(json.dumps(body).encode(), where(user_id))
    yield Query(KEEP, {"sealed": sealed, "state": channel.state, "user_id": user_id})


def becomes(user_id: int, before: ChannelState, state: ChannelState) -> Transaction[bool]:
    """Note that a channel stands otherwise; False where it no longer stood as it did before."""
    values = {"user_id": user_id, "before": before, "state": state}
    return bool((yield Query(BECOMES, values)))


def forget(user_id: int, now: datetime) -> Transaction[None]:
    """Take somebody's channel away, with what waits to go over it."""
    yield Query(FORGET, {"user_id": user_id})
    yield Query(WAITING, {"user_id": user_id, "why": GONE, "now": stored(now)})


def where(user_id: int) -> str:
    """Return what a sealed channel is bound to."""
    return place("staff", str(user_id))
