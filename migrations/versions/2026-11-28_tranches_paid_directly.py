"""a tranche of a house names what a sponsor paid directly for it

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    with op.batch_alter_table("house_tranche") as batch:
        batch.add_column(sa.Column("in_and_out_id", BIG_KEY, nullable=True))
        batch.create_foreign_key(
            op.f("fk_house_tranche_in_and_out_id"), "in_and_out", ["in_and_out_id"], ["id"]
        )
    op.create_index(
        op.f("ix_house_tranche_in_and_out_id"), "house_tranche", ["in_and_out_id"], unique=False
    )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
