"""What opens the staff's board: one-time links, data of a Mini App, browsers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table; only hashes stand in it."""
    op.create_table(
        "board_pass",
        sa.Column("hash", TEXT, primary_key=True, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("expires_at", TEXT, nullable=False),
        sa.Column("used_at", TEXT, nullable=True),
    )
    op.create_index("board_pass_expires_at_index", "board_pass", ["expires_at"])


def downgrade() -> None:
    """Take it away: everybody asks for a new link."""
    op.drop_table("board_pass")
