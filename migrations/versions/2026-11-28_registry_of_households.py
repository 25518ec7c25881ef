"""the registry of households: members, years, needs, sensitive fields, helpers, changes, twins

Revision ID: 0017
Revises: 0016
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from portal.kit.protect import protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ALWAYS = date.min
DECREE = "Nghị định 07/2021/NĐ-CP"
FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)
EXCLUSIVE = ("poor", "near_poor", "newly_out")
STANDARDS = (
    ("Chuẩn nghèo đa chiều 2022–2025", DECREE, 1_500_000, 2_000_000, 3, FIRST, LAST),
    ("Chuẩn nghèo đa chiều 2027–2030", "", 2_200_000, 2_800_000, None, date(2027, 1, 1), date(2030, 12, 31)),
)
INDICATORS = (
    ("employment", "Việc làm", "Việc làm"),
    ("dependants", "Việc làm", "Người phụ thuộc trong hộ gia đình"),
    ("nutrition", "Y tế", "Dinh dưỡng"),
    ("insurance", "Y tế", "Bảo hiểm y tế"),
    ("adult_schooling", "Giáo dục", "Trình độ giáo dục của người lớn"),
    ("child_schooling", "Giáo dục", "Tình trạng đi học của trẻ em"),
    ("house_quality", "Nhà ở", "Chất lượng nhà ở"),
    ("house_area", "Nhà ở", "Diện tích nhà ở bình quân đầu người"),
    ("water", "Nước sinh hoạt và vệ sinh", "Nguồn nước sinh hoạt"),
    ("toilet", "Nước sinh hoạt và vệ sinh", "Nhà tiêu hợp vệ sinh"),
    ("telecom", "Thông tin", "Sử dụng dịch vụ viễn thông"),
    ("information", "Thông tin", "Phương tiện phục vụ tiếp cận thông tin"),
)
NEEDS = (
    ("house", "Nhà ở"), ("livelihood", "Vốn, phương tiện sinh kế"), ("job", "Việc làm, học nghề"),
    ("health", "Khám, chữa bệnh"), ("insurance", "Thẻ bảo hiểm y tế"), ("school", "Học phí, sách vở, xe đạp"),
    ("water", "Nước sạch, nhà tiêu"), ("food", "Lương thực, nhu yếu phẩm"), ("other", "Nhu cầu khác"),
)  # fmt: skip


def upgrade():
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    widen_groups(big_key)
    op.create_table(
        "deprivation_indicator",
        sa.Column("id", big_key, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("service", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deprivation_indicator")),
        sa.UniqueConstraint("key", name=op.f("uq_deprivation_indicator_key")),
    )
    op.create_table(
        "need_kind",
        sa.Column("id", big_key, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_kind")),
        sa.UniqueConstraint("key", name=op.f("uq_need_kind_key")),
    )
    op.create_table(
        "household",
        sa.Column("id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=400), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("phone_digits", sa.String(length=20), nullable=True),
        sa.Column("bank_name", sa.String(length=100), nullable=True),
        sa.Column("bank_number", sa.String(length=40), nullable=True),
        sa.Column("bank_holder", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("merged_into_id", big_key, nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["household.id"], name=op.f("fk_household_merged_into_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_household_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index("ix_household_folded", "household", ["folded"], unique=False)
    op.create_index(op.f("ix_household_merged_into_id"), "household", ["merged_into_id"], unique=False)
    op.create_index("ix_household_name_key", "household", ["name_key"], unique=False)
    op.create_index(op.f("ix_household_phone_digits"), "household", ["phone_digits"], unique=False)
    op.create_index("ix_household_unit_sort", "household", ["unit_id", "sort_key"], unique=False)
    op.create_table(
        "poverty_standard",
        sa.Column("id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("income_rural", sa.BigInteger(), nullable=True),
        sa.Column("income_urban", sa.BigInteger(), nullable=True),
        sa.Column("poor_lacks", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_poverty_standard_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poverty_standard")),
    )
    op.create_table(
        "household_access",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("by_id", big_key, nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_household_access_by_id")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_access_household_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_household_access_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_access")),
    )
    op.create_index(
        op.f("ix_household_access_household_id"), "household_access", ["household_id"], unique=False
    )
    op.create_index("ix_household_access_unit", "household_access", ["unit_id", "at"], unique=False)
    op.create_table(
        "household_aid",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("cash", sa.BigInteger(), nullable=True),
        sa.Column("goods", sa.String(length=500), nullable=True),
        sa.Column("estimate", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("by_id", big_key, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_household_aid_by_id")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_aid_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_aid")),
    )
    op.create_index(op.f("ix_household_aid_household_id"), "household_aid", ["household_id"], unique=False)
    op.create_table(
        "household_assignment",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_household_assignment_by_id")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_assignment_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_assignment")),
    )
    op.create_index(
        op.f("ix_household_assignment_household_id"), "household_assignment", ["household_id"], unique=False
    )
    op.create_table(
        "household_change",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("old", sa.String(length=1000), nullable=True),
        sa.Column("new", sa.String(length=1000), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", big_key, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_household_change_by_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_household_change_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_change_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_change")),
    )
    op.create_index(
        op.f("ix_household_change_household_id"), "household_change", ["household_id"], unique=False
    )
    op.create_index("ix_household_change_state", "household_change", ["state"], unique=False)
    op.create_table(
        "household_lack",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator_id", big_key, nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_lack_household_id")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["deprivation_indicator.id"], name=op.f("fk_household_lack_indicator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_lack")),
        sa.UniqueConstraint(
            "household_id",
            "year",
            "indicator_id",
            name=op.f("uq_household_lack_household_id_year_indicator_id"),
        ),
    )
    op.create_index("ix_household_lack_indicator", "household_lack", ["indicator_id", "year"], unique=False)
    op.create_table(
        "household_member",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("relation", sa.String(length=60), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_member_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_member")),
    )
    op.create_index(
        op.f("ix_household_member_household_id"), "household_member", ["household_id"], unique=False
    )
    op.create_table(
        "household_need",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("kind_id", big_key, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_need_household_id")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["need_kind.id"], name=op.f("fk_household_need_kind_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_need")),
    )
    op.create_index(op.f("ix_household_need_household_id"), "household_need", ["household_id"], unique=False)
    op.create_index(op.f("ix_household_need_kind_id"), "household_need", ["kind_id"], unique=False)
    op.create_table(
        "household_status",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("group_id", big_key, nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["household_group.id"], name=op.f("fk_household_status_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_status_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_status")),
        sa.UniqueConstraint(
            "household_id", "year", "group_id", name=op.f("uq_household_status_household_id_year_group_id")
        ),
    )
    op.create_index("ix_household_status_group", "household_status", ["group_id", "year"], unique=False)
    op.create_table(
        "household_twin",
        sa.Column("id", big_key, nullable=False),
        sa.Column("first_id", big_key, nullable=False),
        sa.Column("second_id", big_key, nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("kept_id", big_key, nullable=True),
        sa.Column("by_id", big_key, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", big_key, nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_household_twin_in_order")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_household_twin_by_id")),
        sa.ForeignKeyConstraint(["first_id"], ["household.id"], name=op.f("fk_household_twin_first_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["household.id"], name=op.f("fk_household_twin_kept_id")),
        sa.ForeignKeyConstraint(["second_id"], ["household.id"], name=op.f("fk_household_twin_second_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user.id"], name=op.f("fk_household_twin_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_twin")),
    )
    op.create_index("ix_household_twin_pair", "household_twin", ["first_id", "second_id"], unique=False)
    op.create_index(op.f("ix_household_twin_second_id"), "household_twin", ["second_id"], unique=False)
    op.create_table(
        "household_visit",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(length=200), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("illness", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("by_id", big_key, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_household_visit_by_id")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_visit_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_visit")),
    )
    op.create_index(
        op.f("ix_household_visit_household_id"), "household_visit", ["household_id"], unique=False
    )
    op.create_table(
        "household_year",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("income", sa.BigInteger(), nullable=True),
        sa.Column("lacks_known", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_year_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_year")),
        sa.UniqueConstraint("household_id", "year", name=op.f("uq_household_year_household_id_year")),
    )
    op.create_table(
        "household_helper",
        sa.Column("id", big_key, nullable=False),
        sa.Column("assignment_id", big_key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("donor_id", big_key, nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["household_assignment.id"], name=op.f("fk_household_helper_assignment_id")
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_household_helper_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_helper")),
    )
    op.create_index(
        op.f("ix_household_helper_assignment_id"), "household_helper", ["assignment_id"], unique=False
    )
    op.create_index(op.f("ix_household_helper_donor_id"), "household_helper", ["donor_id"], unique=False)
    op.create_table(
        "household_private",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("member_id", big_key, nullable=True),
        sa.Column("cccd", sa.String(length=12), nullable=True),
        sa.Column("health", sa.String(length=500), nullable=True),
        sa.Column("ethnicity", sa.String(length=60), nullable=True),
        sa.Column("religion", sa.String(length=60), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_household_private_by_id")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_private_household_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["household_member.id"], name=op.f("fk_household_private_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_private")),
    )
    op.create_index(
        op.f("ix_household_private_household_id"), "household_private", ["household_id"], unique=False
    )
    op.create_index(op.f("ix_household_private_member_id"), "household_private", ["member_id"], unique=False)
    op.create_index(
        "uq_household_private_cccd",
        "household_private",
        ["cccd"],
        unique=True,
        sqlite_where=sa.text("NOT withdrawn AND cccd IS NOT NULL"),
        postgresql_where=sa.text("NOT withdrawn AND cccd IS NOT NULL"),
    )
    bind = op.get_bind()
    columns = [column["name"] for column in sa.inspect(bind).get_columns("household_access")]
    protect(bind.exec_driver_sql, bind.dialect.name, {"household_access": columns})
    seed(bind)


def widen_groups(big_key):
    with op.batch_alter_table("household_group", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exclusive", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("unit_id", big_key, nullable=True))
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=False, server_default="0001-01-01"))
        batch_op.add_column(sa.Column("valid_to", sa.Date(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_household_group_unit_id"), "unit", ["unit_id"], ["id"])
    group = sa.table("household_group", sa.column("key"), sa.column("exclusive"))
    op.execute(group.update().where(group.c.key.in_(EXCLUSIVE)).values(exclusive=True))


def seed(bind):
    names = ("name", "basis", "income_rural", "income_urban", "poor_lacks", "valid_from", "valid_to")
    standard = sa.table("poverty_standard", *(sa.column(name) for name in names))
    bind.execute(standard.insert(), [dict(zip(names, row, strict=True)) for row in STANDARDS])
    names = ("key", "service", "name", "basis", "position", "valid_from", "valid_to")
    indicator = sa.table("deprivation_indicator", *(sa.column(name) for name in names))
    rows = [(*row, DECREE, place, FIRST, LAST) for place, row in enumerate(INDICATORS, 1)]
    bind.execute(indicator.insert(), [dict(zip(names, row, strict=True)) for row in rows])
    need = sa.table("need_kind", *(sa.column(name) for name in ("key", "name", "position", "valid_from")))
    rows = [
        {"key": key, "name": name, "position": place, "valid_from": ALWAYS}
        for place, (key, name) in enumerate(NEEDS, 1)
    ]
    bind.execute(need.insert(), rows)


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
