"""How each treatment was felt, in counts, and the sessions of a treatment by when they ended."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNTS = ("courses", "felt_nothing", "felt_little")


def upgrade() -> None:
    """Add the table of counts and the index that counting goes by."""
    op.create_table(
        "recovery",
        sa.Column("treatment", TEXT, primary_key=True),
        sa.Column("hours", sa.Integer(), primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("made_at", TEXT, nullable=False),
    )
    op.create_index("session_treatment_ended_at_index", "session", ["treatment", "ended_at"])


def downgrade() -> None:
    """Take both away."""
    op.drop_index("session_treatment_ended_at_index", "session")
    op.drop_table("recovery")
