"""statements that are taken back by two people; rows that an overlapping statement has in other words

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPENED = """
    UPDATE statement SET opening_number = posting_number - 1
     WHERE EXISTS (SELECT 1 FROM ledger_posting AS opening
                    WHERE opening.number = statement.posting_number - 1 AND opening.kind = 'opening'
                      AND opening.reason = 'Số dư đầu kỳ in trên sao kê đầu tiên của tài khoản.')
"""


def upgrade():
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opening_number", big_key, nullable=True))
        batch_op.add_column(sa.Column("paired_rows", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_foreign_key(
            batch_op.f("fk_statement_opening_number"), "ledger_posting", ["opening_number"], ["number"]
        )
    op.execute(OPENED)
    op.create_index("ix_statement_line_day", "statement_line", ["bank_account_id", "day"])
    op.create_table(
        "statement_undo",
        sa.Column("id", big_key, nullable=False),
        sa.Column("statement_id", big_key, nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("requested_by_id", big_key, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", big_key, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("reversal_number", big_key, nullable=True),
        sa.Column("opening_went", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_undo_statement_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user.id"], name=op.f("fk_statement_undo_requested_by_id")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_statement_undo_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["reversal_number"], ["ledger_posting.number"], name=op.f("fk_statement_undo_reversal_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_undo")),
        sa.UniqueConstraint("reversal_number", name=op.f("uq_statement_undo_reversal_number")),
    )
    op.create_index(op.f("ix_statement_undo_statement_id"), "statement_undo", ["statement_id"])
    op.create_table(
        "statement_pair",
        sa.Column("statement_id", big_key, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("other_id", big_key, nullable=False),
        sa.Column("other_ordinal", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_pair_statement_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id", "other_ordinal"],
            ["statement_line.statement_id", "statement_line.ordinal"],
            name=op.f("fk_statement_pair_other_id_other_ordinal"),
        ),
        sa.PrimaryKeyConstraint("statement_id", "ordinal", name=op.f("pk_statement_pair")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_statement_pair_other", "statement_pair", ["other_id", "other_ordinal"])


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
