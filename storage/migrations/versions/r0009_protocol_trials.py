"""Protocol files on trial, and an index for how many patients are on each version."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table and the index."""
    op.create_table(
        "protocol_trial",
        sa.Column("id", TEXT, primary_key=True, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("against", TEXT, nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("ended_at", TEXT, nullable=True),
        sa.Column("report", sa.LargeBinary(), nullable=True),
    )
    op.create_index("protocol_trial_created_at_index", "protocol_trial", ["created_at"])
    op.create_index("patient_stage_protocol_index", "patient", ["stage", "protocol", "code"])


def downgrade() -> None:
    """Take them away; what was signed stays among the protocols."""
    op.drop_index("patient_stage_protocol_index", "patient")
    op.drop_table("protocol_trial")
