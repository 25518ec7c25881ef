"""a tranche of a house names what a sponsor paid directly for it; none waits for the hand-over

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
    # the fund pays before the hand-over: a tranche that waited for it is due when the house is finished
    op.execute(
        "UPDATE house_tranche SET stage = 'finished' WHERE stage = 'handed_over' AND project_id IN "
        "(SELECT id FROM house_project WHERE state <> 'handed_over')"
    )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
