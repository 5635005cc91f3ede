"""Sessions by when they ended: the desk's list of who is to come next looks there."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the index."""
    op.create_index("session_ended_at_index", "session", ["ended_at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("session_ended_at_index", "session")
