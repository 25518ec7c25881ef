"""rounds of lists, reasons above a norm, what officers carry; merged households are found without the others

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "distribution", sa.Column("round_key", sa.String(length=400), server_default="", nullable=False)
    )
    op.create_index("ix_distribution_round_key", "distribution", ["round_key"])
    op.drop_index("ix_household_merged_into_id", table_name="household")
    merged = sa.text("merged_into_id IS NOT NULL")
    op.create_index(
        "ix_household_merged_into_id",
        "household",
        ["merged_into_id"],
        sqlite_where=merged,
        postgresql_where=merged,
    )
    op.add_column("distribution_portion", sa.Column("over_norm", sa.String(length=500), nullable=True))
    op.add_column("store", sa.Column("in_hand", sa.Boolean(), server_default="0", nullable=False))


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
