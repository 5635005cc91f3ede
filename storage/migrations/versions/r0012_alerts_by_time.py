"""Indexes of alerts: by when they reached their level, and by when they were closed.

The first takes the place of the one by when they were opened, from which nothing is counted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

CLOSED = sa.text("resolved_at IS NOT NULL")


def upgrade() -> None:
    """Add them, and take away the one by opening."""
    op.create_index("alert_level_raised_at_index", "alert", ["level", "raised_at"])
    op.create_index(
        "alert_resolved_at_index", "alert", ["resolved_at"],
        sqlite_where=CLOSED, postgresql_where=CLOSED,
    )  # fmt: skip
    op.drop_index("alert_level_opened_at_index", "alert")


def downgrade() -> None:
    """Put the one by opening back."""
    op.create_index("alert_level_opened_at_index", "alert", ["level", "opened_at"])
    op.drop_index("alert_resolved_at_index", "alert")
    op.drop_index("alert_level_raised_at_index", "alert")
