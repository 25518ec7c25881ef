"""spending: purposes, decisions, vouchers; the partner of money moved between units

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.days import EARLIEST as ALWAYS

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PURPOSES = (
    ("gifts", "Trao quà, trợ cấp khó khăn"),
    ("housing", "Xây, sửa nhà"),
    ("relief", "Cứu trợ thiên tai, rủi ro"),
    ("medical", "Hỗ trợ khám, chữa bệnh"),
    ("education", "Hỗ trợ học tập"),
    ("livelihood", "Hỗ trợ sinh kế"),
    ("works", "Công trình dân sinh"),
    ("rewards", "Khen thưởng, tôn vinh"),
    ("running", "Chi hoạt động của Ban vận động"),
)
LEVELS = (("central", "Trung ương"), ("province", "Tỉnh"), ("commune", "Xã"), ("direct", "Trực tiếp"))
PAPERS = (("bank_payment", "Ủy nhiệm chi", ""),)


def upgrade():
    op.create_table(
        "spending_purpose",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_spending_purpose")),
    )
    op.create_table(
        "support_level",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_support_level")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("grounds", sa.String(length=4000), nullable=False),
        sa.Column("articles", sa.String(length=4000), nullable=False),
        sa.Column("recipients", sa.String(length=1000), nullable=False),
        sa.Column("signer_title", sa.String(length=200), nullable=False),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("prepared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_decision_fund_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_decision_issued_by_id")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["user.id"], name=op.f("fk_decision_prepared_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_decision_unit_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_decision_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "unit_id", "kind", "year", "number", name=op.f("uq_decision_unit_id_kind_year_number")
        ),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "decision_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("content", sa.String(length=500), nullable=True),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("bank", sa.String(length=100), nullable=True),
        sa.Column("account_number", sa.String(length=40), nullable=True),
        sa.Column("account_holder", sa.String(length=200), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_decision_row_positive")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_decision_row_campaign_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_row_decision_id")),
        sa.ForeignKeyConstraint(["level"], ["support_level.key"], name=op.f("fk_decision_row_level")),
        sa.ForeignKeyConstraint(["purpose"], ["spending_purpose.key"], name=op.f("fk_decision_row_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_row")),
        sa.UniqueConstraint("decision_id", "ordinal", name=op.f("uq_decision_row_decision_id_ordinal")),
    )
    with op.batch_alter_table("decision_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_row_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "voucher",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settle_by", sa.Date(), nullable=True),
        sa.Column("to_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content", sa.String(length=500), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=True),
        sa.Column("receiver_address", sa.String(length=300), nullable=True),
        sa.Column("receiver_paper", sa.String(length=100), nullable=True),
        sa.Column("attachments", sa.String(length=300), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("prepared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("paid_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_voucher_approved_by_id")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_voucher_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_voucher_decision_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_voucher_fund_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_voucher_holder_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["user.id"], name=op.f("fk_voucher_officer_id")),
        sa.ForeignKeyConstraint(["paid_by_id"], ["user.id"], name=op.f("fk_voucher_paid_by_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_voucher_posting_number")
        ),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["user.id"], name=op.f("fk_voucher_prepared_by_id")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_voucher_to_unit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_voucher_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_voucher_posting_number")),
    )
    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voucher_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index("ix_voucher_unit_state", ["unit_id", "state"], unique=False)

    op.create_table(
        "voucher_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voucher_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("decision_row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.String(length=500), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_voucher_row_positive")),
        sa.ForeignKeyConstraint(
            ["decision_row_id"], ["decision_row.id"], name=op.f("fk_voucher_row_decision_row_id")
        ),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_row_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_row")),
        sa.UniqueConstraint("voucher_id", "ordinal", name=op.f("uq_voucher_row_voucher_id_ordinal")),
    )
    with op.batch_alter_table("voucher_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voucher_row_decision_row_id"), ["decision_row_id"], unique=False)

    with op.batch_alter_table("ledger_account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_ledger_account_partner_id"), "unit", ["partner_id"], ["id"]
        )

    seed()


def seed():
    for table, rows in (("spending_purpose", PURPOSES), ("support_level", LEVELS)):
        columns = [sa.column(name) for name in ("key", "name", "position")]
        op.bulk_insert(
            sa.table(table, *columns, sa.column("valid_from", sa.Date)),
            [
                {"key": key, "name": name, "position": place, "valid_from": ALWAYS}
                for place, (key, name) in enumerate(rows, 1)
            ],
        )
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
