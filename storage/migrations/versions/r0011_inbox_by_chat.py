"""Updates that wait, by chat: the oldest of a chat is looked up, however many others wait.

It takes the place of the index by number alone, so that storing an update costs no more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

WAITING = sa.text("state = 'new'")


def upgrade() -> None:
    """Add the index, and take away the one by number."""
    op.create_index(
        "inbox_chat_id_update_id_index", "inbox", ["chat_id", "update_id"],
        sqlite_where=WAITING, postgresql_where=WAITING,
    )  # fmt: skip
    op.drop_index("inbox_update_id_index", "inbox")


def downgrade() -> None:
    """Put the one by number back."""
    op.create_index(
        "inbox_update_id_index", "inbox", ["update_id"],
        sqlite_where=WAITING, postgresql_where=WAITING,
    )  # fmt: skip
    op.drop_index("inbox_chat_id_update_id_index", "inbox")
