"""Shifts that wait to be accepted, and days off; shifts that are there were taken by their own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add when a shift was accepted, and who is away."""
    op.add_column("shift", sa.Column("accepted_at", TEXT))
    op.execute("UPDATE shift SET accepted_at = starts_at")
    op.create_table(
        "day_off",
        sa.Column("id", BIG, sa.Identity(), primary_key=True),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("starts_at", TEXT, nullable=False),
        sa.Column("ends_at", TEXT, nullable=False),
        sa.Column("cover", BIG, nullable=False),
    )


def downgrade() -> None:
    """Take both away; a shift that nobody accepted would count, so it goes too."""
    op.drop_table("day_off")
    op.execute("DELETE FROM shift WHERE accepted_at IS NULL")
    op.drop_column("shift", "accepted_at")
