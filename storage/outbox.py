"""The outbox: every message that was decided and has not arrived. The only SQL about it.

Rows are taken by conditional update, with a token that grows each time. Whoever held a row
before has an older token, and can no longer say how it ended.

Hazards: H18, H19.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from storage.instants import instant, stored
from storage.outbox_choice import Choice, Terms, Waiting
from storage.outbox_rows import (
    CARD_REFRESH,
    STUCK,
    UNHEARD,
    Claimed,
    Ending,
    Lane,
    NewRow,
    OutboxRow,
)
from storage.outbox_ways import LAPSED, NEXT_LAPSE, PENDING, SENDING
from storage.sealing import SealError
from storage.transaction import Query, Row, Transaction

LEASE: Final = timedelta(seconds=60)
PAGE: Final = 200  # pending rows looked at together, as `PENDING` says
LARGEST_CLAIM: Final = 64
UNREADABLE: Final = timedelta(minutes=1)  # until a body that cannot be opened is tried again

TURN: Final = "SELECT value FROM meta WHERE key = 'outbox_turn' {for_update}"
FIRST_TURN: Final = (
    "INSERT INTO meta (key, value) VALUES ('outbox_turn', '') ON CONFLICT (key) DO NOTHING"
)
PUT: Final = (
    "INSERT INTO outbox (dedup_key, lane, chat_id, code, slot, method, body, state, attempts,"
    " token, not_before, created_at, reason) VALUES (:dedup_key, :lane, :chat_id, :code, :slot,"
    " :method, :body, 'pending', 0, 0, :not_before, :created_at, '')"
    " ON CONFLICT (dedup_key) DO NOTHING RETURNING id"
)
CLAIM: Final = (
    "UPDATE outbox SET state = 'sending', token = token + 1, lease_until = :until"
    " WHERE state = 'pending' AND id IN (:ids) RETURNING *"
).replace(":ids", ", ".join(f":id{place}" for place in range(LARGEST_CLAIM)))
FINALISE: Final = (
    "UPDATE outbox SET state = :state, reason = :reason, message_id = :message_id,"
    " attempts = attempts + :counted, not_before = COALESCE(:not_before, not_before),"
    " ended_at = :ended_at, lease_until = NULL"
    " WHERE id = :id AND token = :token AND state = 'sending' RETURNING id"
)


class Sealing(Protocol):
    """How a body is kept secret: by the key of the patient, or of the clinic where there is none.

    `place` is part of the seal, so that a body moved to another row does not open. Both are
    transactions, because a patient's key is in the database too.
    """

    def seal(self, code: str | None, plain: bytes, place: str) -> Transaction[bytes]:
        """Return the sealed bytes."""

    def open(self, code: str | None, sealed: bytes, place: str) -> Transaction[bytes]:
        """Return the plain bytes.

        Raises:
            SealError: they cannot be opened: the key is missing, or was destroyed.
        """


def place_of(dedup_key: str) -> str:
    """Return what a body is bound to."""
    return f"outbox|body|{dedup_key}"


def put(row: NewRow, now: datetime, sealing: Sealing) -> Transaction[bool]:
    """Put a message into the outbox, and say whether it is new.

    A `card_refresh` shows what is true when it goes, so one that waits already for the same
    message is enough. It is held until the transaction ends, so that it does not go before.
    """
    slot = row.slot
    if row.method == CARD_REFRESH:
        slot = f"{CARD_REFRESH}|{row.chat_id}|{row.payload['message_id']}"
        waiting = yield Query(
            "SELECT id FROM outbox WHERE slot = :slot AND state = 'pending' {for_update}",
            {"slot": slot},
        )
        if waiting:
            return False
    plain = json.dumps(row.payload, ensure_ascii=False, separators=(",", ":")).encode()
    body = yield from sealing.seal(row.code, plain, place_of(row.dedup_key))
    rows = yield Query(PUT, {
        "dedup_key": row.dedup_key, "lane": int(row.lane), "chat_id": row.chat_id,
        "code": row.code, "slot": slot, "method": row.method, "body": body,
        "not_before": stored(row.not_before or now), "created_at": stored(now),
    })  # fmt: skip
    return bool(rows)


def claim(terms: Terms, sealing: Sealing, lease: timedelta = LEASE) -> Transaction[Claimed]:
    """Take what may go now, in one transaction.

    Senders take turns at claiming, so that two never hold rows of one chat. A row whose body
    cannot be opened does not keep the others; it is tried again a minute later, because a key
    that is missing from the settings comes back.
    """
    now = {"now": stored(terms.now)}
    if not (yield Query(TURN)):
        yield Query(FIRST_TURN)
        yield Query(TURN)
    sending = yield Query(SENDING[terms.second], now)
    choice = Choice(terms, [(row["chat_id"], Lane(row["lane"])) for row in sending])
    yield from look_through(choice)
    lapsed = yield Query(LAPSED[terms.second], now)
    lapse = yield Query(NEXT_LAPSE[terms.second], now)
    instants = [instant(row["lapse"]) for row in lapse if row["lapse"]]
    rows: tuple[OutboxRow, ...] = ()
    if choice.taken:
        rows = yield from taken(choice.taken, terms.now, lease, sealing)
        instants.append(terms.now + lease)
    return Claimed(
        rows,
        tuple(choice.held.values()),
        min([*instants, *([choice.later] if choice.later else [])], default=None),
        choice.is_full,
        (yield from opened(lapsed, sealing))[0],
    )


def look_through(choice: Choice) -> Transaction[None]:
    """Show the pending rows to a choice, by lane, then by age, until it has enough."""
    after = {"lane": -1, "id": 0}
    while not choice.is_full:
        rows = yield Query(PENDING[choice.terms.second], {"last": int(choice.terms.last), **after})
        for row in rows:
            choice.look_at(
                Waiting(
                    row["id"], Lane(row["lane"]), row["chat_id"], row["method"],
                    instant(row["not_before"]), STUCK in row["reason"],
                )
            )  # fmt: skip
            if choice.is_full:
                return
        if len(rows) < PAGE:
            return
        after = {"lane": rows[-1]["lane"], "id": rows[-1]["id"]}


def taken(
    ids: Sequence[int], now: datetime, lease: timedelta, sealing: Sealing
) -> Transaction[tuple[OutboxRow, ...]]:
    """Take these rows, those that somebody replaced meanwhile excepted."""
    padded = [*ids, *[0] * (LARGEST_CLAIM - len(ids))]  # no row has the number 0
    values = {f"id{place}": number for place, number in enumerate(padded)}
    rows = yield Query(CLAIM, {"until": stored(now + lease), **values})
    in_order = sorted(rows, key=lambda row: (row["lane"], row["id"]))  # RETURNING keeps none
    found, unreadable = yield from opened(in_order, sealing)
    for row, why in unreadable:
        wait = Ending("pending", f"{STUCK}: {why}", not_before=now + UNREADABLE)
        yield from finalise(row["id"], row["token"], wait, now)
    return found


def opened(
    rows: Sequence[Row], sealing: Sealing
) -> Transaction[tuple[tuple[OutboxRow, ...], list[tuple[Row, SealError]]]]:
    """Return rows with their bodies opened, and those whose bodies cannot be, with the reason."""
    found, unreadable = [], []
    for row in rows:
        place = place_of(row["dedup_key"])
        try:
            plain = yield from sealing.open(row["code"], bytes(row["body"]), place)
        except SealError as error:
            unreadable.append((row, error))
        else:
            found.append(
                OutboxRow(
                    row["id"], row["token"], Lane(row["lane"]), row["chat_id"], row["method"],
                    json.loads(plain), row["code"], row["slot"], row["attempts"],
                    instant(row["created_at"]), row["reason"].startswith(UNHEARD),
                    row["dedup_key"],
                )
            )  # fmt: skip
    return tuple(found), unreadable


def finalise(number: int, token: int, ending: Ending, now: datetime) -> Transaction[bool]:
    """Write how a holding ended. False: somebody else took the row over; nothing is written."""
    is_over = ending.state != "pending"
    rows = yield Query(FINALISE, {
        "id": number, "token": token, "state": ending.state, "reason": ending.reason,
        "message_id": ending.message_id, "counted": int(ending.counted),
        "not_before": stored(ending.not_before) if ending.not_before else None,
        "ended_at": stored(now) if is_over else None,
    })  # fmt: skip
    return bool(rows)


def give_back(held: Sequence[OutboxRow]) -> Transaction[None]:
    """Let go of rows that were claimed and not begun; they are as if never claimed."""
    for row in held:
        yield Query(
            "UPDATE outbox SET state = 'pending', lease_until = NULL"
            " WHERE id = :id AND token = :token AND state = 'sending'",
            {"id": row.id, "token": row.token},
        )


def void_leases(now: datetime) -> Transaction[None]:
    """End every lease: for a sender that knows itself to be the only one from now on."""
    yield Query(
        "UPDATE outbox SET lease_until = :now WHERE state = 'sending' AND lease_until > :now",
        {"now": stored(now)},
    )


def supersede(newest: NewRow, now: datetime, reason: str) -> Transaction[int]:
    """End what still waits in the slot of a newer row as `replaced`, and say how many."""
    rows = yield Query(
        "UPDATE outbox SET state = 'replaced', reason = :reason, ended_at = :now"
        " WHERE slot = :slot AND dedup_key <> :newest AND state = 'pending' RETURNING id",
        {
            "slot": newest.slot, "newest": newest.dedup_key, "reason": reason,
            "now": stored(now),
        },
    )  # fmt: skip
    return len(rows)


def migrate_chat(old: int, new: int, now: datetime) -> Transaction[int]:
    """Move what has not ended to a group's new number, and say how many rows.

    What was sent stays under the old one: the old messages did not move with the group. Nor is any
    of them changed, since its number may be another message's in the new chat.
    """
    yield Query(
        "UPDATE outbox SET state = 'replaced', reason = 'its message stayed in the old group',"
        " ended_at = :now WHERE chat_id = :old AND state IN ('pending', 'sending')"
        " AND method IN ('editMessageText', :refresh)",
        {"old": old, "now": stored(now), "refresh": CARD_REFRESH},
    )
    rows = yield Query(
        "UPDATE outbox SET chat_id = :new"
        " WHERE chat_id = :old AND state IN ('pending', 'sending') RETURNING id",
        {"old": old, "new": new},
    )
    return len(rows)
