"""advances settled, money put aside

Revision ID: 0006
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.days import EARLIEST as ALWAYS

revision = "0006"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "advance_settlement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voucher_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("papers", sa.String(length=300), nullable=True),
        sa.Column("prepared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reversed", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_advance_settlement_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_advance_settlement_posting_number")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["user.id"], name=op.f("fk_advance_settlement_prepared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_advance_settlement_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance_settlement")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_advance_settlement_posting_number")),
    )
    with op.batch_alter_table("advance_settlement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advance_settlement_voucher_id"), ["voucher_id"], unique=False)

    op.create_table(
        "advance_settlement_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("voucher_row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("absent", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("absent_note", sa.String(length=300), nullable=True),
        sa.CheckConstraint("paid + absent + returned > 0", name=op.f("ck_advance_settlement_row_something")),
        sa.CheckConstraint(
            "paid >= 0 AND absent >= 0 AND returned >= 0",
            name=op.f("ck_advance_settlement_row_not_below_zero"),
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["advance_settlement.id"], name=op.f("fk_advance_settlement_row_settlement_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_row_id"], ["voucher_row.id"], name=op.f("fk_advance_settlement_row_voucher_row_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance_settlement_row")),
        sa.UniqueConstraint(
            "settlement_id", "ordinal", name=op.f("uq_advance_settlement_row_settlement_id_ordinal")
        ),
    )
    with op.batch_alter_table("advance_settlement_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_advance_settlement_row_voucher_row_id"), ["voucher_row_id"], unique=False
        )

    op.create_table(
        "put_aside",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision_row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voucher_row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("void", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("wish", sa.String(length=10), nullable=True),
        sa.Column("wish_reason", sa.String(length=500), nullable=True),
        sa.Column("taken_by", sa.String(length=200), nullable=True),
        sa.Column("relation", sa.String(length=100), nullable=True),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("ended", sa.String(length=10), nullable=True),
        sa.Column("end_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_put_aside_positive")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_put_aside_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_put_aside_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["decision_row_id"], ["decision_row.id"], name=op.f("fk_put_aside_decision_row_id")
        ),
        sa.ForeignKeyConstraint(
            ["end_number"], ["ledger_posting.number"], name=op.f("fk_put_aside_end_number")
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_put_aside_fund_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_put_aside_holder_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_put_aside_posting_number")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_put_aside_unit_id")),
        sa.ForeignKeyConstraint(
            ["voucher_row_id"], ["voucher_row.id"], name=op.f("fk_put_aside_voucher_row_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_put_aside")),
        sa.UniqueConstraint("end_number", name=op.f("uq_put_aside_end_number")),
    )
    with op.batch_alter_table("put_aside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_put_aside_decision_row_id"), ["decision_row_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_put_aside_posting_number"), ["posting_number"], unique=False)
        batch_op.create_index("ix_put_aside_unit", ["unit_id", "ended"], unique=False)
        batch_op.create_index(batch_op.f("ix_put_aside_voucher_row_id"), ["voucher_row_id"], unique=False)
    seed()


def seed():
    form = sa.table(
        "paper_form",
        *(sa.column(name) for name in ("key", "title", "caption", "basis")),
        sa.column("valid_from", sa.Date),
    )
    paper = {"key": "advance_settlement", "title": "Giấy thanh toán tiền tạm ứng", "caption": "Mẫu số C33-HD"}
    op.bulk_insert(form, [{**paper, "basis": "", "valid_from": ALWAYS}])


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
