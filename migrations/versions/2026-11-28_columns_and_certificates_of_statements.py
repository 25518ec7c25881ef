"""columns that people have shown, certificates and other sides of statements

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("statement", sa.Column("certificate", sa.JSON(), nullable=True))
    op.add_column("statement_line", sa.Column("counterparty", sa.String(length=200), nullable=True))
    op.add_column("statement_line", sa.Column("counterparty_account", sa.String(length=60), nullable=True))
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "statement_mapping",
        sa.Column("id", big_key, nullable=False),
        sa.Column("bank_account_id", big_key, nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("made_by_id", big_key, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_statement_mapping_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_statement_mapping_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_mapping")),
        sa.UniqueConstraint(
            "bank_account_id", "fingerprint", name=op.f("uq_statement_mapping_bank_account_id_fingerprint")
        ),
    )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
