"""money and goods in: donors, pledges, stores, receipts, batches, cash in hands

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.days import EARLIEST as ALWAYS
from portal.kit.protect import PROTECTED, protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DONOR_KINDS = (
    ("person", "Cá nhân", True),
    ("household", "Hộ gia đình", True),
    ("organisation", "Tổ chức", False),
    ("company", "Doanh nghiệp", False),
    ("group", "Nhóm", False),
)
PAPER_FORMS = (
    ("receipt", "Phiếu thu", "Mẫu số C30-HD"),
    ("payment", "Phiếu chi", "Mẫu số C31-HD"),
    ("goods_receipt", "Phiếu nhập kho", "Mẫu số C20-HD"),
    ("goods_issue", "Phiếu xuất kho", "Mẫu số C21-HD"),
    ("goods_transfer", "Phiếu xuất kho kiêm vận chuyển nội bộ", ""),
    ("stock_card", "Thẻ kho", "Mẫu số S21-H"),
    ("stock_count", "Biên bản kiểm kê hàng hóa", "Mẫu số C23-HD"),
    ("cash_count", "Biên bản kiểm kê quỹ", "Mẫu số C34-HD"),
)
SPONSOR_PURPOSES = (
    "Làm nhà cho người nghèo, nhà đại đoàn kết",
    "Khắc phục hậu quả thiên tai",
    "Giáo dục",
    "Y tế",
    "Hỗ trợ người nghèo, hộ cận nghèo, người có hoàn cảnh khó khăn",
)
NEW = ("foreign_amount", "reclassification", "receipt", "stock_movement")
KEEP_BALANCE = (
    "INSERT INTO stock_balance (store_id, item_id, lot_key, quantity, value) "
    "VALUES (NEW.store_id, NEW.item_id, COALESCE(NEW.lot_id, 0), 0, 0) ON CONFLICT DO NOTHING",
    "UPDATE stock_balance SET quantity = quantity + NEW.quantity, value = value + COALESCE(NEW.value, 0) "
    "WHERE store_id = NEW.store_id AND item_id = NEW.item_id AND lot_key = COALESCE(NEW.lot_id, 0)",
)


def upgrade():
    bind = op.get_bind()
    free_donations(bind)
    op.create_table(
        "donor_kind",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_donor_kind")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("is_kit", sa.Boolean(), nullable=False),
        sa.Column("keeps_lots", sa.Boolean(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_folded"), ["folded"], unique=False)

    op.create_table(
        "sponsor_purpose",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsor_purpose")),
    )
    op.create_table(
        "cash_count",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("in_books", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("witness", sa.String(length=200), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_cash_count_by_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_cash_count_fund_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_cash_count_holder_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_cash_count_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_count")),
    )
    with op.batch_alter_table("cash_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cash_count_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "donor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=400), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("phone_digits", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("tax_code", sa.String(length=20), nullable=True),
        sa.Column("representative", sa.String(length=200), nullable=True),
        sa.Column("position", sa.String(length=200), nullable=True),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("introduced_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["introduced_by_id"], ["unit.id"], name=op.f("fk_donor_introduced_by_id")),
        sa.ForeignKeyConstraint(["kind"], ["donor_kind.key"], name=op.f("fk_donor_kind")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["donor.id"], name=op.f("fk_donor_merged_into_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_donor_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor")),
    )
    with op.batch_alter_table("donor", schema=None) as batch_op:
        batch_op.create_index("ix_donor_folded", ["folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_donor_introduced_by_id"), ["introduced_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_donor_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_donor_phone_digits"), ["phone_digits"], unique=False)
        batch_op.create_index(batch_op.f("ix_donor_tax_code"), ["tax_code"], unique=False)
        batch_op.create_index("ix_donor_unit_sort", ["unit_id", "sort_key"], unique=False)

    op.create_table(
        "import_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("sum", sa.BigInteger(), nullable=True),
        sa.Column("first_entry", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_entry", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("trace", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo_asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undo_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_reason", sa.String(length=1000), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_import_run_by_id")),
        sa.ForeignKeyConstraint(
            ["undo_asked_by_id"], ["user.id"], name=op.f("fk_import_run_undo_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user.id"], name=op.f("fk_import_run_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_by_id"), ["by_id"], unique=False)

    op.create_table(
        "import_run_unit",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_run_unit_run_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_run_unit_unit_id")),
        sa.PrimaryKeyConstraint("run_id", "unit_id", name=op.f("pk_import_run_unit")),
    )

    op.create_table(
        "item_kit_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kit_id <> part_id", name=op.f("ck_item_kit_part_not_itself")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_item_kit_part_positive")),
        sa.ForeignKeyConstraint(["kit_id"], ["item.id"], name=op.f("fk_item_kit_part_kit_id")),
        sa.ForeignKeyConstraint(["part_id"], ["item.id"], name=op.f("fk_item_kit_part_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_kit_part")),
        sa.UniqueConstraint("kit_id", "part_id", name=op.f("uq_item_kit_part_kit_id_part_id")),
    )
    with op.batch_alter_table("item_kit_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_kit_part_kit_id"), ["kit_id"], unique=False)

    op.create_table(
        "item_lot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_lot_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_lot")),
    )
    with op.batch_alter_table("item_lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_lot_item_id"), ["item_id"], unique=False)

    op.create_table(
        "item_pack",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("holds > 0", name=op.f("ck_item_pack_positive")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_pack_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_pack")),
        sa.UniqueConstraint("item_id", "name", name=op.f("uq_item_pack_item_id_name")),
    )
    with op.batch_alter_table("item_pack", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_pack_item_id"), ["item_id"], unique=False)

    op.create_table(
        "paper_form",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("caption", sa.String(length=100), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_paper_form_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
    )
    op.create_table(
        "pledge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_pledge_fund_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_pledge_recorded_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_pledge_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("identity", name=op.f("uq_pledge_identity")),
        sa.UniqueConstraint(
            "unit_id", "fund_id", "year", "number", name=op.f("uq_pledge_unit_id_fund_id_year_number")
        ),
    )
    with op.batch_alter_table("pledge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledge_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "print_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_print_run_by_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_print_run_job_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_print_run_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
    )
    with op.batch_alter_table("print_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_run_by_id"), ["by_id"], unique=False)

    op.create_table(
        "receipt_book",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("first_no", sa.Integer(), nullable=False),
        sa.Column("last_no", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint("first_no > 0 AND last_no >= first_no", name=op.f("ck_receipt_book_range")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_receipt_book_fund_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_receipt_book_holder_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_receipt_book_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_book")),
    )
    with op.batch_alter_table("receipt_book", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_book_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "store",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("keeper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("keeper_name", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_store_fund_id")),
        sa.ForeignKeyConstraint(["keeper_id"], ["user.id"], name=op.f("fk_store_keeper_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_store_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("code", name=op.f("uq_store_code")),
    )
    with op.batch_alter_table("store", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_store_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "direct_aid",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("donor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("receiver", sa.String(length=300), nullable=False),
        sa.Column("content", sa.String(length=500), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_direct_aid_by_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_direct_aid_donor_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_direct_aid_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_aid")),
    )
    with op.batch_alter_table("direct_aid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_direct_aid_donor_id"), ["donor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_direct_aid_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "donor_merge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_donor_merge_by_id")),
        sa.ForeignKeyConstraint(["gone_id"], ["donor.id"], name=op.f("fk_donor_merge_gone_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["donor.id"], name=op.f("fk_donor_merge_kept_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user.id"], name=op.f("fk_donor_merge_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_merge")),
    )
    with op.batch_alter_table("donor_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_donor_merge_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_donor_merge_kept_id"), ["kept_id"], unique=False)

    op.create_table(
        "gift_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("form", sa.String(length=10), server_default="cash", nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("store_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("counted_by", sa.String(length=200), nullable=True),
        sa.Column("control_count", sa.Integer(), nullable=True),
        sa.Column("control_sum", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("returned_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("returned_reason", sa.String(length=500), nullable=True),
        sa.Column("posted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_posting", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_posting", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("discard_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_gift_batch_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_gift_batch_by_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_gift_batch_campaign_id")),
        sa.ForeignKeyConstraint(["discarded_by_id"], ["user.id"], name=op.f("fk_gift_batch_discarded_by_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_gift_batch_fund_id")),
        sa.ForeignKeyConstraint(["handed_in_by_id"], ["user.id"], name=op.f("fk_gift_batch_handed_in_by_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_gift_batch_holder_id")),
        sa.ForeignKeyConstraint(["posted_by_id"], ["user.id"], name=op.f("fk_gift_batch_posted_by_id")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["user.id"], name=op.f("fk_gift_batch_returned_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_gift_batch_store_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_gift_batch_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_batch")),
    )
    with op.batch_alter_table("gift_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gift_batch_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "pledge_reminder",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pledge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("outstanding", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_pledge_reminder_by_id")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_pledge_reminder_pledge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_reminder")),
    )
    with op.batch_alter_table("pledge_reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledge_reminder_pledge_id"), ["pledge_id"], unique=False)

    op.create_table(
        "pledge_terms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pledge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pledged_on", sa.Date(), nullable=False),
        sa.Column("donor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("donor_name", sa.String(length=200), nullable=False),
        sa.Column("donor_kind", sa.String(length=20), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("shown_as", sa.String(length=10), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("content", sa.String(length=500), nullable=True),
        sa.Column("quantity", sa.String(length=40), nullable=True),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_note", sa.String(length=1000), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=1000), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("since", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_pledge_terms_campaign_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_pledge_terms_donor_id")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_pledge_terms_pledge_id")),
        sa.ForeignKeyConstraint(["since"], ["entry.number"], name=op.f("fk_pledge_terms_since")),
        sa.ForeignKeyConstraint(["until"], ["entry.number"], name=op.f("fk_pledge_terms_until")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_terms")),
    )
    with op.batch_alter_table("pledge_terms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledge_terms_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pledge_terms_donor_id"), ["donor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pledge_terms_pledge_id"), ["pledge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pledge_terms_since"), ["since"], unique=False)

    op.create_table(
        "stock_balance",
        sa.Column(
            "store_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "item_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("lot_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stock_balance_not_below_zero")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_stock_balance_value_not_below_zero")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_stock_balance_item_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_stock_balance_store_id")),
        sa.PrimaryKeyConstraint("store_id", "item_id", "lot_key", name=op.f("pk_stock_balance")),
    )
    op.create_table(
        "cash_deposit",
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_cash_deposit_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_cash_deposit_holder_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_cash_deposit_posting_number")
        ),
        sa.PrimaryKeyConstraint("posting_number", name=op.f("pk_cash_deposit")),
    )
    op.create_table(
        "cash_handover",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("giver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("receiver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("into_box", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(length=1000), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_cash_handover_positive")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_cash_handover_fund_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["user.id"], name=op.f("fk_cash_handover_giver_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_cash_handover_posting_number")
        ),
        sa.ForeignKeyConstraint(["receiver_id"], ["user.id"], name=op.f("fk_cash_handover_receiver_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_cash_handover_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_handover")),
    )
    with op.batch_alter_table("cash_handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cash_handover_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "gift_draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("donor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("typed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("name_key", sa.String(length=200), nullable=True),
        sa.Column("faults", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kept_twin", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["gift_batch.id"], name=op.f("fk_gift_draft_batch_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_gift_draft_donor_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_gift_draft_posting_number")
        ),
        sa.ForeignKeyConstraint(["typed_by_id"], ["user.id"], name=op.f("fk_gift_draft_typed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_draft")),
        sa.UniqueConstraint("batch_id", "key", name=op.f("uq_gift_draft_batch_id_key")),
    )
    with op.batch_alter_table("gift_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gift_draft_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "gift_draft_edit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("donor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["gift_batch.id"], name=op.f("fk_gift_draft_edit_batch_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_gift_draft_edit_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_draft_edit")),
    )
    with op.batch_alter_table("gift_draft_edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gift_draft_edit_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gift_draft_edit_draft_id"), ["draft_id"], unique=False)

    op.create_table(
        "pledge_fulfilment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pledge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pledge_fulfilment_positive")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_pledge_fulfilment_pledge_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_pledge_fulfilment_posting_number")
        ),
        sa.ForeignKeyConstraint(["since"], ["entry.number"], name=op.f("fk_pledge_fulfilment_since")),
        sa.ForeignKeyConstraint(["until"], ["entry.number"], name=op.f("fk_pledge_fulfilment_until")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_fulfilment")),
    )
    with op.batch_alter_table("pledge_fulfilment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledge_fulfilment_pledge_id"), ["pledge_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_pledge_fulfilment_posting_number"), ["posting_number"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_pledge_fulfilment_since"), ["since"], unique=False)

    op.create_table(
        "pledge_instalment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terms_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["pledge_terms.id"], name=op.f("fk_pledge_instalment_terms_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_instalment")),
    )
    with op.batch_alter_table("pledge_instalment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledge_instalment_terms_id"), ["terms_id"], unique=False)

    op.create_table(
        "stock_count",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("store_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("members", sa.String(length=500), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=True),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_stock_count_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_stock_count_posting_number")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user.id"], name=op.f("fk_stock_count_requested_by_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_stock_count_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_stock_count_posting_number")),
    )
    with op.batch_alter_table("stock_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_count_store_id"), ["store_id"], unique=False)

    op.create_table(
        "stock_count_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("count_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("in_books", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("found >= 0", name=op.f("ck_stock_count_line_not_below_zero")),
        sa.ForeignKeyConstraint(["count_id"], ["stock_count.id"], name=op.f("fk_stock_count_line_count_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_stock_count_line_item_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["item_lot.id"], name=op.f("fk_stock_count_line_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count_line")),
    )
    with op.batch_alter_table("stock_count_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_count_line_count_id"), ["count_id"], unique=False)

    op.create_table(
        "stock_document",
        sa.Column(
            "posting_number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("store_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_store_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("of_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("partner", sa.String(length=200), nullable=True),
        sa.Column("partner_address", sa.String(length=300), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["of_number"], ["ledger_posting.number"], name=op.f("fk_stock_document_of_number")
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_stock_document_posting_number")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_stock_document_store_id")),
        sa.ForeignKeyConstraint(["to_store_id"], ["store.id"], name=op.f("fk_stock_document_to_store_id")),
        sa.PrimaryKeyConstraint("posting_number", name=op.f("pk_stock_document")),
    )
    with op.batch_alter_table("stock_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_document_of_number"), ["of_number"], unique=False)

    op.create_table(
        "stock_movement",
        sa.Column(
            "posting_number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("store_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_movement_moves")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_stock_movement_item_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["item_lot.id"], name=op.f("fk_stock_movement_lot_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_stock_movement_posting_number")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_stock_movement_store_id")),
        sa.PrimaryKeyConstraint("posting_number", "ordinal", name=op.f("pk_stock_movement")),
    )
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.create_index("ix_stock_movement_card", ["store_id", "item_id", "booked_on"], unique=False)
        batch_op.create_index("ix_stock_movement_item", ["item_id", "booked_on"], unique=False)

    op.create_table(
        "donor_paper",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("donation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("addressee", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("representative", sa.String(length=200), nullable=True),
        sa.Column("position", sa.String(length=200), nullable=True),
        sa.Column("tax_code", sa.String(length=20), nullable=True),
        sa.Column("purpose_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_donor_paper_by_id")),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_donor_paper_donation_id")),
        sa.ForeignKeyConstraint(
            ["purpose_id"], ["sponsor_purpose.id"], name=op.f("fk_donor_paper_purpose_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_paper")),
    )
    with op.batch_alter_table("donor_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_donor_paper_donation_id"), ["donation_id"], unique=False)
        batch_op.create_index("ix_donor_paper_what", ["what", "made_on"], unique=False)

    op.create_table(
        "foreign_amount",
        sa.Column(
            "donation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("rate_source", sa.String(length=200), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.CheckConstraint("minor > 0 AND rate > 0", name=op.f("ck_foreign_amount_positive")),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_foreign_amount_donation_id")),
        sa.PrimaryKeyConstraint("donation_id", name=op.f("pk_foreign_amount")),
    )
    op.create_table(
        "group_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("donation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("shown_as", sa.String(length=10), nullable=True),
        sa.Column("donor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.Column("strike_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_group_member_donation_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_group_member_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
        sa.UniqueConstraint("donation_id", "number", name=op.f("uq_group_member_donation_id_number")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_member_donor_id"), ["donor_id"], unique=False)

    op.create_table(
        "print_line",
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("donation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paper", sa.String(length=20), nullable=False),
        sa.Column("copy", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_print_line_donation_id")),
        sa.ForeignKeyConstraint(["run_id"], ["print_run.id"], name=op.f("fk_print_line_run_id")),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("pk_print_line")),
    )
    with op.batch_alter_table("print_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_line_donation_id"), ["donation_id"], unique=False)

    op.create_table(
        "receipt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("donation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series", sa.String(length=10), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("series_no", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_receipt_by_id")),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_receipt_donation_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_receipt_fund_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_receipt_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("donation_id", "series", name=op.f("uq_receipt_donation_id_series")),
        sa.UniqueConstraint(
            "unit_id",
            "fund_id",
            "series",
            "series_year",
            "series_no",
            name=op.f("uq_receipt_unit_id_fund_id_series_series_year_series_no"),
        ),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_donation_id"), ["donation_id"], unique=False)

    op.create_table(
        "receipt_stub",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("book_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["receipt_book.id"], name=op.f("fk_receipt_stub_book_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_receipt_stub_by_id")),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_receipt_stub_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_stub")),
        sa.UniqueConstraint("book_id", "number", name=op.f("uq_receipt_stub_book_id_number")),
    )
    with op.batch_alter_table("receipt_stub", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_stub_donation_id"), ["donation_id"], unique=False)

    op.create_table(
        "reclassification",
        sa.Column(
            "posting_number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("donation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("to_campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["donation_id"], ["donation.id"], name=op.f("fk_reclassification_donation_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_campaign_id"], ["campaign.id"], name=op.f("fk_reclassification_from_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_reclassification_posting_number")
        ),
        sa.ForeignKeyConstraint(
            ["to_campaign_id"], ["campaign.id"], name=op.f("fk_reclassification_to_campaign_id")
        ),
        sa.PrimaryKeyConstraint("posting_number", "ordinal", name=op.f("pk_reclassification")),
    )
    with op.batch_alter_table("reclassification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reclassification_donation_id"), ["donation_id"], unique=False)

    op.create_table(
        "reclassification_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("donation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_reclassification_request_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["donation_id"], ["donation.id"], name=op.f("fk_reclassification_request_donation_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"],
            ["ledger_posting.number"],
            name=op.f("fk_reclassification_request_posting_number"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user.id"], name=op.f("fk_reclassification_request_requested_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_campaign_id"], ["campaign.id"], name=op.f("fk_reclassification_request_to_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reclassification_request")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_reclassification_request_posting_number")),
    )
    with op.batch_alter_table("reclassification_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reclassification_request_donation_id"), ["donation_id"], unique=False
        )

    op.create_table(
        "refund",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("donation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("bank_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("receiver", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("posting_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_positive")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_refund_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_refund_decided_by_id")),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_refund_donation_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name=op.f("fk_refund_holder_id")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_refund_posting_number")
        ),
        sa.ForeignKeyConstraint(["requested_by_id"], ["user.id"], name=op.f("fk_refund_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_refund_posting_number")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_donation_id"), ["donation_id"], unique=False)

    with op.batch_alter_table("donation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("part_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("donor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("donor_pending", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("people", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_donation_donor_id"), ["donor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_donation_part_of"), ["part_of"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_donation_posting_number_ordinal"), type_="foreignkey")
        batch_op.create_check_constraint(
            op.f("ck_donation_worth"), "amount > 0 OR (amount = 0 AND form = 'goods')"
        )
        batch_op.create_foreign_key(batch_op.f("fk_donation_donor_id"), "donor", ["donor_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_donation_part_of"), "donation", ["part_of"], ["id"])

    with op.batch_alter_table("donation_words", schema=None) as batch_op:
        batch_op.alter_column(
            "words",
            existing_type=sa.VARCHAR(length=1500),
            type_=sa.String(length=60000),
            existing_nullable=False,
        )

    guard(bind)
    keep_balances(bind)
    index_donors(bind)
    seed()


def free_donations(bind):
    """Its triggers are made anew below: the frozen columns change, and a batch rebuild drops them."""
    kinds = ("update", "delete") if bind.dialect.name == "sqlite" else ("update", "delete", "truncate")
    on = "" if bind.dialect.name == "sqlite" else " ON donation"
    for kind in kinds:
        op.execute(f"DROP TRIGGER protect_donation_{kind}{on}")


def guard(bind):
    inspector = sa.inspect(bind)
    tables = ("donation", *NEW)
    columns = {table: [column["name"] for column in inspector.get_columns(table)] for table in tables}
    assert set(tables) <= set(PROTECTED)
    protect(bind.exec_driver_sql, bind.dialect.name, columns)


def keep_balances(bind):
    """The database keeps the stock itself; its CHECK then refuses what would fall below zero."""
    body = " ".join(f"{statement};" for statement in KEEP_BALANCE)
    if bind.dialect.name == "sqlite":
        bind.exec_driver_sql(
            f"CREATE TRIGGER keep_stock_balance AFTER INSERT ON stock_movement BEGIN {body} END"
        )
        return
    bind.exec_driver_sql(
        "CREATE FUNCTION keep_stock_balance() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    bind.exec_driver_sql(
        "CREATE TRIGGER keep_stock_balance AFTER INSERT ON stock_movement "
        "FOR EACH ROW EXECUTE FUNCTION keep_stock_balance()"
    )


def index_donors(bind):
    """The words by which donors are found while somebody types: see portal/donors/search.py."""
    if bind.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE donor_index USING fts5("
            "words, detail=none, prefix='1 2 3 4', tokenize=\"ascii tokenchars '_'\")"
        )
        return
    op.execute(
        "CREATE TABLE donor_index (donor_id BIGINT PRIMARY KEY REFERENCES donor (id), words TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_donor_index_words ON donor_index USING gin (words)")


def seed():
    kind = sa.table(
        "donor_kind",
        *(sa.column(name) for name in ("key", "name", "personal", "position")),
        sa.column("valid_from", sa.Date),
    )
    op.bulk_insert(
        kind,
        [
            {"key": key, "name": name, "personal": personal, "position": place, "valid_from": ALWAYS}
            for place, (key, name, personal) in enumerate(DONOR_KINDS, 1)
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
            for key, title, caption in PAPER_FORMS
        ],
    )
    purpose = sa.table(
        "sponsor_purpose",
        *(sa.column(name) for name in ("name", "basis", "place")),
        sa.column("valid_from", sa.Date),
    )
    op.bulk_insert(
        purpose,
        [
            {"name": name, "basis": "", "place": place, "valid_from": ALWAYS}
            for place, name in enumerate(SPONSOR_PURPOSES, 1)
        ],
    )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
