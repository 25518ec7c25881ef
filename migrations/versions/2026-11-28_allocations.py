"""allocations: what was confirmed of money sent to another unit, and differences

Revision ID: 0007
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "allocation",
        sa.Column(
            "voucher_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("differing", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.CheckConstraint("received + differing <= amount", name=op.f("ck_allocation_within")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_allocation_fund_id")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_allocation_to_unit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_allocation_unit_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_allocation_voucher_id")),
        sa.PrimaryKeyConstraint("voucher_id", name=op.f("pk_allocation")),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index("ix_allocation_to_unit_state", ["to_unit_id", "state"], unique=False)
        batch_op.create_index("ix_allocation_unit_state", ["unit_id", "state"], unique=False)

    op.create_table(
        "allocation_difference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voucher_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocation_difference_positive")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_allocation_difference_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_allocation_difference_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_allocation_difference_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_allocation_difference_holder_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"],
            ["ledger_posting.number"],
            name=op.f("fk_allocation_difference_posting_number"),
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["allocation.voucher_id"], name=op.f("fk_allocation_difference_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_difference")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_allocation_difference_posting_number")),
    )
    with op.batch_alter_table("allocation_difference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_difference_voucher_id"), ["voucher_id"], unique=False)

    op.create_table(
        "allocation_receipt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voucher_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("out_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("in_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocation_receipt_positive")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_allocation_receipt_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user.id"], name=op.f("fk_allocation_receipt_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_allocation_receipt_holder_id")),
        sa.ForeignKeyConstraint(
            ["in_number"], ["ledger_posting.number"], name=op.f("fk_allocation_receipt_in_number")
        ),
        sa.ForeignKeyConstraint(
            ["out_number"], ["ledger_posting.number"], name=op.f("fk_allocation_receipt_out_number")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["allocation.voucher_id"], name=op.f("fk_allocation_receipt_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_receipt")),
        sa.UniqueConstraint("in_number", name=op.f("uq_allocation_receipt_in_number")),
        sa.UniqueConstraint("out_number", name=op.f("uq_allocation_receipt_out_number")),
    )
    with op.batch_alter_table("allocation_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_receipt_voucher_id"), ["voucher_id"], unique=False)

    op.create_table(
        "allocation_share",
        sa.Column(
            "posting_number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "voucher_row_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocation_share_positive")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_allocation_share_posting_number")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_row_id"], ["voucher_row.id"], name=op.f("fk_allocation_share_voucher_row_id")
        ),
        sa.PrimaryKeyConstraint("posting_number", "voucher_row_id", name=op.f("pk_allocation_share")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("allocation_share", schema=None) as batch_op:
        batch_op.create_index("ix_allocation_share_row", ["voucher_row_id"], unique=False)


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
