"""Indexes for what the board counts: check-ins by when they were sent, alerts, acts, lots."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SENT = ["sent_at", "purpose", "level", "completed_at", "code"]
"""All that is counted of a check-in, so that its row need not be looked at."""


def upgrade() -> None:
    """Add them."""
    sent = sa.text("sent_at IS NOT NULL")
    op.create_index(
        "check_in_sent_index", "check_in", SENT, sqlite_where=sent, postgresql_where=sent
    )
    op.create_index("alert_level_opened_at_index", "alert", ["level", "opened_at"])
    op.create_index("action_action_at_index", "action", ["action", "at"])
    lot = sa.text("lot IS NOT NULL")
    op.create_index("session_lot_index", "session", ["lot"], sqlite_where=lot, postgresql_where=lot)


def downgrade() -> None:
    """Take them away."""
    op.drop_index("session_lot_index", "session")
    op.drop_index("action_action_at_index", "action")
    op.drop_index("alert_level_opened_at_index", "alert")
    op.drop_index("check_in_sent_index", "check_in")
