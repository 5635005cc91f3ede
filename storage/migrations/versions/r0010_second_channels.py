"""Where each member of staff can be reached when Telegram does not: sealed, and how it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add both; nobody has a channel."""
    op.add_column("staff", sa.Column("channel", sa.LargeBinary(), nullable=True))
    op.add_column("staff", sa.Column("channel_state", TEXT, nullable=False, server_default="none"))


def downgrade() -> None:
    """Take both away."""
    op.drop_column("staff", "channel_state")
    op.drop_column("staff", "channel")
