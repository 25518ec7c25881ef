"""bank accounts in foreign money

Revision ID: 0011
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("currency", sa.String(length=3), server_default="VND", nullable=False))
        batch_op.add_column(sa.Column("opening_minor", sa.BigInteger(), nullable=True))


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
