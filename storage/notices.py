"""Which of an alert's notices in one chat is the newest: an older one that still waits is stale."""

from storage.transaction import Query, Transaction

NEWER = """
    SELECT id FROM outbox
    WHERE slot = :slot AND chat_id = :chat_id AND id > :id AND method = :method
      AND state IN ('pending', 'sending', 'sent')
    LIMIT 1
"""


def is_outdated(slot: str, chat_id: int, number: int, method: str) -> Transaction[bool]:
    """Whether a later row than `number` shows the same in the same chat, or is about to."""
    values = {"slot": slot, "chat_id": chat_id, "id": number, "method": method}
    return bool((yield Query(NEWER, values)))


UNTAKEN = "SELECT id FROM outbox WHERE dedup_key = :key AND state <> 'sent'"


def is_untaken(key: str) -> Transaction[bool]:
    """Whether a row is in the outbox and has not been sent, whatever the reason."""
    return bool((yield Query(UNTAKEN, {"key": key})))
