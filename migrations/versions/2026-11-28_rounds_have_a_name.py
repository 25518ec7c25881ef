"""rounds of lists have a name of their own, and a reason when it is nearly that of another

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "distribution", sa.Column("round_name", sa.String(length=200), server_default="", nullable=False)
    )
    op.add_column("distribution", sa.Column("round_reason", sa.String(length=500), nullable=True))
    # Until now the content was the name.
    op.execute("UPDATE distribution SET round_name = content")


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
