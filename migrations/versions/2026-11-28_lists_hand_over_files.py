"""lists of distributions, hand-over, files and pictures

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "picture",
        sa.Column("id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("file_sha", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(length=300), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("people_shown", sa.Boolean(), nullable=True),
        sa.Column("consent", sa.String(length=500), nullable=True),
        sa.Column("redactions", sa.JSON(), nullable=True),
        sa.Column("public_sha", sa.String(length=64), nullable=True),
        sa.Column("published_by_id", big_key, nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn", sa.String(length=300), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_picture_by_id")),
        sa.ForeignKeyConstraint(["file_sha"], ["stored_file.sha256"], name=op.f("fk_picture_file_sha")),
        sa.ForeignKeyConstraint(["public_sha"], ["stored_file.sha256"], name=op.f("fk_picture_public_sha")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_picture_published_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_picture_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
    )
    op.create_index("ix_picture_public_sha", "picture", ["public_sha"], unique=False)
    op.create_index("ix_picture_unit_id", "picture", ["unit_id"], unique=False)

    op.create_table(
        "support_norm",
        sa.Column("id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=True),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_support_norm_positive")),
        sa.ForeignKeyConstraint(["purpose"], ["spending_purpose.key"], name=op.f("fk_support_norm_purpose")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_support_norm_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_norm")),
    )
    op.create_index("ix_support_norm_unit_id", "support_norm", ["unit_id"], unique=False)

    op.create_table(
        "distribution",
        sa.Column("id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("fund_id", big_key, nullable=False),
        sa.Column("campaign_id", big_key, nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("content", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("bank_account_id", big_key, nullable=True),
        sa.Column("store_id", big_key, nullable=True),
        sa.Column("officer_id", big_key, nullable=True),
        sa.Column("settle_by", sa.Date(), nullable=True),
        sa.Column("criteria", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("prepared_by_id", big_key, nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by_id", big_key, nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unlocked_reason", sa.String(length=500), nullable=True),
        sa.Column("decision_id", big_key, nullable=True),
        sa.Column("approved_by_id", big_key, nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voucher_id", big_key, nullable=True),
        sa.Column("hand_store_id", big_key, nullable=True),
        sa.Column("released_by_id", big_key, nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", big_key, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", big_key, nullable=True),
        sa.Column("cancelled_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_distribution_approved_by_id")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_distribution_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_distribution_campaign_id")),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["user.id"], name=op.f("fk_distribution_cancelled_by_id")
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_distribution_closed_by_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_distribution_decision_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_distribution_fund_id")),
        sa.ForeignKeyConstraint(["hand_store_id"], ["store.id"], name=op.f("fk_distribution_hand_store_id")),
        sa.ForeignKeyConstraint(["level"], ["support_level.key"], name=op.f("fk_distribution_level")),
        sa.ForeignKeyConstraint(["locked_by_id"], ["user.id"], name=op.f("fk_distribution_locked_by_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["user.id"], name=op.f("fk_distribution_officer_id")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["user.id"], name=op.f("fk_distribution_prepared_by_id")),
        sa.ForeignKeyConstraint(["purpose"], ["spending_purpose.key"], name=op.f("fk_distribution_purpose")),
        sa.ForeignKeyConstraint(["released_by_id"], ["user.id"], name=op.f("fk_distribution_released_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_distribution_store_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_distribution_unit_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_distribution_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_distribution_decision_id")),
        sa.UniqueConstraint("voucher_id", name=op.f("uq_distribution_voucher_id")),
    )
    op.create_index("ix_distribution_campaign_id", "distribution", ["campaign_id"], unique=False)
    op.create_index("ix_distribution_unit", "distribution", ["unit_id", "handed_on"], unique=False)

    op.create_table(
        "distribution_goods",
        sa.Column("posting_number", big_key, autoincrement=False, nullable=False),
        sa.Column("distribution_id", big_key, nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("reversed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distribution_goods_distribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_distribution_goods_posting_number")
        ),
        sa.PrimaryKeyConstraint("posting_number", name=op.f("pk_distribution_goods")),
    )
    op.create_index(
        "ix_distribution_goods_distribution_id", "distribution_goods", ["distribution_id"], unique=False
    )

    op.create_table(
        "distribution_portion",
        sa.Column("id", big_key, nullable=False),
        sa.Column("distribution_id", big_key, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_distribution_portion_positive")),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distribution_portion_distribution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_portion")),
        sa.UniqueConstraint(
            "distribution_id", "name", name=op.f("uq_distribution_portion_distribution_id_name")
        ),
    )
    op.create_index(
        "ix_distribution_portion_distribution_id", "distribution_portion", ["distribution_id"], unique=False
    )

    op.create_table(
        "distribution_settlement",
        sa.Column("id", big_key, nullable=False),
        sa.Column("distribution_id", big_key, nullable=False),
        sa.Column("settlement_id", big_key, nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by_id", big_key, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", big_key, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_distribution_settlement_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_distribution_settlement_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distribution_settlement_distribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["advance_settlement.id"],
            name=op.f("fk_distribution_settlement_settlement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_settlement")),
        sa.UniqueConstraint("settlement_id", name=op.f("uq_distribution_settlement_settlement_id")),
    )
    op.create_index(
        "ix_distribution_settlement_distribution_id",
        "distribution_settlement",
        ["distribution_id"],
        unique=False,
    )

    op.create_table(
        "distribution_sheet",
        sa.Column("id", big_key, nullable=False),
        sa.Column("distribution_id", big_key, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distribution_sheet_distribution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_sheet")),
        sa.UniqueConstraint("code", name=op.f("uq_distribution_sheet_code")),
        sa.UniqueConstraint(
            "distribution_id",
            "edition",
            "page",
            name=op.f("uq_distribution_sheet_distribution_id_edition_page"),
        ),
    )
    op.create_table(
        "distribution_portion_item",
        sa.Column("id", big_key, nullable=False),
        sa.Column("portion_id", big_key, nullable=False),
        sa.Column("item_id", big_key, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_distribution_portion_item_positive")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_distribution_portion_item_item_id")),
        sa.ForeignKeyConstraint(
            ["portion_id"], ["distribution_portion.id"], name=op.f("fk_distribution_portion_item_portion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_portion_item")),
        sa.UniqueConstraint(
            "portion_id", "item_id", name=op.f("uq_distribution_portion_item_portion_id_item_id")
        ),
    )
    op.create_index(
        "ix_distribution_portion_item_portion_id", "distribution_portion_item", ["portion_id"], unique=False
    )

    op.create_table(
        "distribution_row",
        sa.Column("id", big_key, nullable=False),
        sa.Column("distribution_id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("portion_id", big_key, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("receiver", sa.String(length=200), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("commune", sa.String(length=200), nullable=True),
        sa.Column("hamlet", sa.String(length=200), nullable=True),
        sa.Column("group_name", sa.String(length=200), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("goods", sa.String(length=500), nullable=True),
        sa.Column("override", sa.String(length=500), nullable=True),
        sa.Column("overridden_by_id", big_key, nullable=True),
        sa.Column("refused", sa.String(length=500), nullable=True),
        sa.Column("decision_row_id", big_key, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("outcome_by_id", big_key, nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proxy_name", sa.String(length=200), nullable=True),
        sa.Column("proxy_relation", sa.String(length=100), nullable=True),
        sa.Column("outcome_note", sa.String(length=500), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_distribution_row_positive")),
        sa.ForeignKeyConstraint(
            ["decision_row_id"], ["decision_row.id"], name=op.f("fk_distribution_row_decision_row_id")
        ),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distribution_row_distribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_distribution_row_household_id")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_by_id"], ["user.id"], name=op.f("fk_distribution_row_outcome_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["overridden_by_id"], ["user.id"], name=op.f("fk_distribution_row_overridden_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["portion_id"], ["distribution_portion.id"], name=op.f("fk_distribution_row_portion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_row")),
        sa.UniqueConstraint("decision_row_id", name=op.f("uq_distribution_row_decision_row_id")),
        sa.UniqueConstraint(
            "distribution_id", "household_id", name=op.f("uq_distribution_row_distribution_id_household_id")
        ),
        sa.UniqueConstraint(
            "distribution_id", "ordinal", name=op.f("uq_distribution_row_distribution_id_ordinal")
        ),
    )
    op.create_index("ix_distribution_row_household_id", "distribution_row", ["household_id"], unique=False)

    op.create_table(
        "distribution_scan",
        sa.Column("id", big_key, nullable=False),
        sa.Column("distribution_id", big_key, nullable=False),
        sa.Column("sheet_id", big_key, nullable=True),
        sa.Column("picture_id", big_key, nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("dropped", sa.String(length=300), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_distribution_scan_by_id")),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distribution_scan_distribution_id")
        ),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_distribution_scan_picture_id")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["distribution_sheet.id"], name=op.f("fk_distribution_scan_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_scan")),
    )
    op.create_index(
        "ix_distribution_scan_distribution_id", "distribution_scan", ["distribution_id"], unique=False
    )
    op.create_index("ix_distribution_scan_picture_id", "distribution_scan", ["picture_id"], unique=False)
    op.create_index("ix_distribution_scan_sheet_id", "distribution_scan", ["sheet_id"], unique=False)

    op.create_table(
        "distribution_event",
        sa.Column("id", big_key, nullable=False),
        sa.Column("distribution_id", big_key, nullable=False),
        sa.Column("row_id", big_key, nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_distribution_event_by_id")),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distribution_event_distribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["row_id"], ["distribution_row.id"], name=op.f("fk_distribution_event_row_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_event")),
    )
    op.create_index(
        "ix_distribution_event_distribution_id", "distribution_event", ["distribution_id"], unique=False
    )
    op.create_index("ix_distribution_event_row_id", "distribution_event", ["row_id"], unique=False)

    op.create_table(
        "distribution_verification",
        sa.Column("id", big_key, nullable=False),
        sa.Column("row_id", big_key, nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", big_key, nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_distribution_verification_by_id")),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["user.id"], name=op.f("fk_distribution_verification_drawn_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["row_id"], ["distribution_row.id"], name=op.f("fk_distribution_verification_row_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_verification")),
        sa.UniqueConstraint("row_id", name=op.f("uq_distribution_verification_row_id")),
    )
    with op.batch_alter_table("decision_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("goods", sa.String(length=500), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_decision_row_positive"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_decision_row_something"), "amount > 0 OR (amount = 0 AND goods IS NOT NULL)"
        )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
