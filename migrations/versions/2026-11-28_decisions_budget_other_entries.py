"""decisions: their texts, the budget, other entries, gifts that a sponsor pays out directly

Revision ID: 0005
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.days import EARLIEST as ALWAYS

revision = "0005"
down_revision = "0006"
branch_labels = None
depends_on = None

PAPERS = (("accounting_voucher", "Phiếu kế toán", ""),)


def upgrade():
    op.create_table(
        "decision_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("grounds", sa.String(length=4000), nullable=False),
        sa.Column("articles", sa.String(length=4000), nullable=False),
        sa.Column("recipients", sa.String(length=1000), nullable=False),
        sa.Column("signer_title", sa.String(length=200), nullable=False),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_decision_text_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_text")),
        sa.UniqueConstraint("unit_id", "kind", name=op.f("uq_decision_text_unit_id_kind")),
    )
    op.create_table(
        "budget_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("(campaign_id IS NULL) <> (year IS NULL)", name=op.f("ck_budget_line_of_one")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_budget_line_campaign_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_budget_line_fund_id")),
        sa.ForeignKeyConstraint(["purpose"], ["spending_purpose.key"], name=op.f("fk_budget_line_purpose")),
        sa.ForeignKeyConstraint(["since"], ["entry.number"], name=op.f("fk_budget_line_since")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_budget_line_unit_id")),
        sa.ForeignKeyConstraint(["until"], ["entry.number"], name=op.f("fk_budget_line_until")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
    )
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_line_since"), ["since"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "other_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("gain", sa.Boolean(), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cash_count_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rate", sa.String(length=300), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_other_entry_positive")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_other_entry_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_other_entry_campaign_id")),
        sa.ForeignKeyConstraint(
            ["cash_count_id"], ["cash_count.id"], name=op.f("fk_other_entry_cash_count_id")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_other_entry_decided_by_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_other_entry_fund_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_other_entry_holder_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_other_entry_posting_number")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user.id"], name=op.f("fk_other_entry_requested_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_other_entry_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_entry")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_other_entry_posting_number")),
    )
    with op.batch_alter_table("other_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_other_entry_cash_count_id"), ["cash_count_id"], unique=False)
        batch_op.create_index("ix_other_entry_unit", ["unit_id", "approved"], unique=False)

    op.create_table(
        "in_and_out",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision_row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("donor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("donor_name", sa.String(length=200), nullable=False),
        sa.Column("donor_kind", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("shown_as", sa.String(length=10), nullable=True),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("supplier_paper", sa.String(length=200), nullable=True),
        sa.Column("donation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_in_and_out_positive")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_in_and_out_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["decision_row_id"], ["decision_row.id"], name=op.f("fk_in_and_out_decision_row_id")
        ),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_in_and_out_donation_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_in_and_out_donor_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_in_and_out_fund_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_in_and_out_posting_number")
        ),
        sa.ForeignKeyConstraint(["requested_by_id"], ["user.id"], name=op.f("fk_in_and_out_requested_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_in_and_out_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_in_and_out")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_in_and_out_posting_number")),
    )
    with op.batch_alter_table("in_and_out", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_in_and_out_decision_row_id"), ["decision_row_id"], unique=False)
        batch_op.create_index("ix_in_and_out_unit", ["unit_id", "approved"], unique=False)

    form = sa.table(
        "paper_form",
        *(sa.column(name) for name in ("key", "title", "caption", "basis")),
        sa.column("valid_from", sa.Date),
    )
    op.bulk_insert(
        form,
        [
            {"key": key, "title": title, "caption": caption, "basis": "", "valid_from": ALWAYS}
            for key, title, caption in PAPERS
        ],
    )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
