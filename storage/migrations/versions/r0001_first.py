"""The first schema.

Instants are text of one width (`storage/instants.py`), booleans 0 or 1, and a `body` is sealed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    "meta", "protocol", "staff", "shift", "patient", "invitation", "session", "check_in", "answer",
    "alert", "message", "photo", "action", "due", "inbox", "outbox",
)  # fmt: skip

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Numbers of Telegram, and our own; on SQLite an `INTEGER PRIMARY KEY` is the row's address."""


TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that sorts by its code points on both engines."""


def text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    """Return a column of text."""
    return sa.Column(name, TEXT, primary_key=key, nullable=null)


def reason() -> sa.Column[str]:
    """Return the column that says why a row ended, empty until then."""
    return sa.Column("reason", TEXT, nullable=False, server_default="")


def whole(name: str, *, key: bool = False) -> sa.Column[int]:
    """Return a column of small whole numbers."""
    return sa.Column(name, sa.Integer(), primary_key=key, nullable=False, autoincrement=False)


def big(name: str, *, null: bool = False, key: bool = False) -> sa.Column[int]:
    """Return a column of numbers as long as Telegram's."""
    return sa.Column(name, BIG, primary_key=key, nullable=null, autoincrement=False)


def own_id() -> sa.Column[int]:
    """Return the key that the database counts up itself."""
    return sa.Column("id", BIG, sa.Identity(), primary_key=True)


def blob(name: str = "body", *, null: bool = False) -> sa.Column[bytes]:
    """Return a column of bytes."""
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def index(table: str, *columns: str, where: str | None = None) -> None:
    """Make an index named after its table and columns, over all rows or those of a condition."""
    condition = None if where is None else sa.text(where)
    op.create_index(
        "_".join((table, *columns, "index")),
        table,
        columns,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def upgrade() -> None:
    """Make every table."""
    clinic()
    patients()
    check_ins()
    alerts()
    conversation()
    queues()


def downgrade() -> None:
    """Take every table away, with all that is in it."""
    for table in reversed(TABLES):
        op.drop_table(table)


def clinic() -> None:
    """What belongs to the clinic as a whole."""
    op.create_table("meta", text("key", key=True), text("value"))
    op.create_table("protocol", text("name", key=True), text("text"), text("stored_at"))
    op.create_table(
        "staff",
        big("user_id", key=True),
        text("name"),
        text("role"),
        whole("on_roster"),
        whole("reachable"),
        text("since"),
    )
    op.create_table("shift", own_id(), big("user_id"), text("starts_at"), text("ends_at"))


def patients() -> None:
    """Who is looked after, and the visits."""
    op.create_table(
        "patient",
        text("code", key=True),
        text("protocol"),
        text("stage"),
        big("chat_id", null=True),
        text("language"),
        text("zone"),
        blob("wrapped_key"),
        blob(),
        text("created_at"),
        text("changed_at"),
        sa.UniqueConstraint("chat_id"),
    )
    op.create_table(
        "invitation",
        text("token_hash", key=True),
        text("code"),
        big("created_by", null=True),
        text("created_at"),
        text("expires_at"),
        text("used_at", null=True),
        big("chat_id", null=True),
    )
    index("invitation", "code")
    op.create_table(
        "session",
        text("code", key=True),
        whole("number", key=True),
        text("treatment"),
        text("area", null=True),
        text("lot", null=True),
        text("ended_at"),
        text("known_at"),
        text("zone"),
    )


def check_ins() -> None:
    """What is asked, and what was answered."""
    op.create_table(
        "check_in",
        text("code", key=True),
        text("key", key=True),
        whole("session"),
        text("purpose"),
        whole("hours"),
        text("due_at"),
        text("state"),
        reason(),
        text("sent_at", null=True),
        text("completed_at", null=True),
        text("level", null=True),
        big("message_id", null=True),
        blob(null=True),
    )
    index("check_in", "state", "due_at")
    op.create_table(
        "answer",
        own_id(),
        text("code"),
        text("check_in"),
        whole("revision"),
        big("update_id", null=True),
        text("at"),
        sa.Column("hours", sa.Double(), nullable=False),
        text("level"),
        text("protocol"),
        blob(),
        sa.UniqueConstraint("update_id"),
        sa.UniqueConstraint("code", "check_in", "revision"),
    )
    index("answer", "code", "at")


def alerts() -> None:
    """What staff must take care of."""
    op.create_table(
        "alert",
        text("key", key=True),
        text("code"),
        text("state"),
        text("level"),
        text("opened_at"),
        text("raised_at"),
        big("claimed_by", null=True),
        text("claimed_at", null=True),
        text("contacted_at", null=True),
        big("contacted_by", null=True),
        text("resolved_at", null=True),
        big("resolved_by", null=True),
        text("outcome", null=True),
        blob(),
    )
    index("alert", "code")
    index("alert", "raised_at", where="resolved_at IS NULL")


def conversation() -> None:
    """What was said and done, by whom."""
    op.create_table(
        "message",
        own_id(),
        text("code"),
        text("at"),
        text("author"),
        text("kind"),
        text("check_in", null=True),
        text("alert", null=True),
        big("update_id", null=True),
        blob(),
    )
    index("message", "code", "at")
    op.create_table(
        "photo",
        own_id(),
        text("code"),
        big("message"),
        text("file_unique_id"),
        blob(null=True),
        text("fetched_at", null=True),
        sa.UniqueConstraint("code", "file_unique_id"),
    )
    op.create_table(
        "action",
        own_id(),
        text("at"),
        big("actor", null=True),
        text("name"),
        text("action"),
        text("code", null=True),
        text("alert", null=True),
        whole("allowed"),
        text("detail"),
    )
    index("action", "alert")
    index("action", "code")


def queues() -> None:
    """What waits: for its time, to be handled, to be sent."""
    op.create_table(
        "due",
        text("key", key=True),
        text("kind"),
        text("code", null=True),
        text("due_at"),
        text("state"),
        reason(),
        text("ended_at", null=True),
    )
    index("due", "due_at", where="state = 'waiting'")
    index("due", "code")
    op.create_table(
        "inbox",
        big("update_id", key=True),
        big("chat_id", null=True),
        blob(),
        text("state"),
        whole("tries"),
        text("received_at"),
        text("ended_at", null=True),
        reason(),
    )
    index("inbox", "update_id", where="state = 'new'")
    index("inbox", "ended_at", where="state = 'set_aside'")
    outbox()


def outbox() -> None:
    """Every message that was decided and not yet delivered, and those that were."""
    op.create_table(
        "outbox",
        own_id(),
        text("dedup_key"),
        whole("lane"),
        big("chat_id"),
        text("code", null=True),
        text("slot", null=True),
        text("method"),
        blob(),
        text("state"),
        whole("attempts"),
        whole("token"),
        text("lease_until", null=True),
        text("not_before"),
        text("created_at"),
        text("ended_at", null=True),
        big("message_id", null=True),
        reason(),
        sa.UniqueConstraint("dedup_key"),
    )
    index("outbox", "lane", "id", where="state = 'pending'")
    index("outbox", "lease_until", where="state = 'sending'")
    index("outbox", "chat_id", "message_id")
    index("outbox", "slot")
