"""Links by which staff come onto the roster, which the settings began until now."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the links."""
    op.create_table(
        "staff_invitation",
        sa.Column("id", BIG, sa.Identity(), primary_key=True),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("expires_at", TEXT, nullable=False),
        sa.Column("used_at", TEXT),
        sa.Column("user_id", BIG),
        sa.Column("account", TEXT),
        sa.Column("ended_at", TEXT),
        sa.Column("outcome", TEXT),
        sa.UniqueConstraint("token_hash"),
    )


def downgrade() -> None:
    """Take the links away; whoever came by one stays."""
    op.drop_table("staff_invitation")
