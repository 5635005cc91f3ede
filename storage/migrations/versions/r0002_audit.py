"""Who did what, as a chain: each row's place, the row before it, and what proves both.

The rows that are there are chained at the next start, because that needs the clinic's key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NAMES = ("prev", "mac", "who_mark", "detail_mark")


def upgrade() -> None:
    """Add the chain's columns; its head comes when it begins."""
    op.add_column("action", sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
    for name in NAMES:
        op.add_column("action", sa.Column(name, sa.LargeBinary()))
    op.create_index("action_seq_index", "action", ["seq"])


def downgrade() -> None:
    """Take the chain away; the rows stay."""
    op.execute("DELETE FROM meta WHERE key = 'audit_head'")
    op.drop_index("action_seq_index", "action")
    for name in (*reversed(NAMES), "seq"):
        op.drop_column("action", name)
