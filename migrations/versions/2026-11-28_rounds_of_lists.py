"""rounds of lists, reasons above a norm, what officers carry

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
    op.add_column("distribution_portion", sa.Column("over_norm", sa.String(length=500), nullable=True))
    op.add_column("store", sa.Column("in_hand", sa.Boolean(), server_default="0", nullable=False))


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
