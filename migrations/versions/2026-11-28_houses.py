"""houses: projects from survey to hand-over, sources, decisions, tranches, checks, minutes, houses of the past

Revision ID: 0024
Revises: 0023
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ALWAYS = date.min
PROGRAMMES = ("Nhà Đại đoàn kết", "Nhà tình thương", "Nhà tình nghĩa", "Nhà ở khác")
KEEP = (
    "Gia đình cam kết sử dụng căn nhà để ở, giữ gìn, bảo quản; không bán, không chuyển nhượng, không cho thuê, không cầm cố "
    "khi chưa được Ban chỉ đạo đồng ý."
)
KINDS = (  # name, counts as, subject of the norm, needs the three hard parts
    ("Xây mới", "built", "xây mới", True),
    ("Lắp ghép", "built", "lắp ghép", True),
    ("Sửa chữa", "repaired", "sửa chữa", False),
    ("Chống dột", "repaired", "chống dột", False),
    ("Chống ngập", "repaired", "chống ngập", False),
)
PAPERS = (  # name, before which state, only with money of this kind, evidence
    ("Đơn đề nghị hỗ trợ nhà ở", "approved", "", "filed"),
    ("Phiếu khảo sát nhà ở", "approved", "", "survey"),
    ("Biên bản họp bình xét ở thôn, khu dân cư", "approved", "", "filed"),
    ("Quyết định hỗ trợ của Quỹ", "approved", "fund", "decision"),
    ("Văn bản phân bổ ngân sách", "approved", "state", "filed"),
    ("Văn bản cam kết của nhà tài trợ", "approved", "sponsor", "filed"),
    ("Ảnh hiện trạng trước khi làm", "started", "", "before"),
    ("Ảnh sau khi hoàn thành", "finished", "", "after"),
    ("Biên bản kiểm tra hoàn thành", "handed_over", "", "check"),
    ("Biên bản bàn giao tiền", "handed_over", "fund", "money"),
    ("Biên bản bàn giao nhà", "handed_over", "", "house"),
)


def upgrade():
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "house_kind",
        sa.Column("id", big_key, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("counts_as", sa.String(length=10), nullable=False),
        sa.Column("norm_subject", sa.String(length=200), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("commitment", sa.String(length=2000), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_kind")),
    )
    op.create_table(
        "house_programme",
        sa.Column("id", big_key, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_programme")),
    )
    op.create_table(
        "house_requirement",
        sa.Column("id", big_key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_requirement")),
    )
    op.create_table(
        "house_past",
        sa.Column("id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("programme_id", big_key, nullable=False),
        sa.Column("kind_id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=True),
        sa.Column("head_name", sa.String(length=200), nullable=False),
        sa.Column("head_key", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("cost_fund", sa.BigInteger(), nullable=True),
        sa.Column("cost_outside", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_house_past_positive")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_house_past_in_order")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_house_past_household_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["house_kind.id"], name=op.f("fk_house_past_kind_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["house_programme.id"], name=op.f("fk_house_past_programme_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_house_past_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_past")),
    )
    op.create_index(op.f("ix_house_past_household_id"), "house_past", ["household_id"], unique=False)
    op.create_index("ix_house_past_unit", "house_past", ["unit_id", "ends_on"], unique=False)
    op.create_table(
        "house_project",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("programme_id", big_key, nullable=False),
        sa.Column("kind_id", big_key, nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("need", sa.String(length=2000), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("estimate", sa.BigInteger(), nullable=True),
        sa.Column("builder", sa.String(length=12), nullable=False),
        sa.Column("builder_name", sa.String(length=200), nullable=True),
        sa.Column("start_by", sa.Date(), nullable=True),
        sa.Column("finish_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("head_name", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=400), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_from", sa.String(length=12), nullable=True),
        sa.Column("stopped_reason", sa.String(length=500), nullable=True),
        sa.Column("shown_name", sa.String(length=200), nullable=True),
        sa.Column("consent_by", sa.String(length=200), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("consent_paper", sa.String(length=300), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_house_project_by_id")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_house_project_household_id")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["house_kind.id"], name=op.f("fk_house_project_kind_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["house_programme.id"], name=op.f("fk_house_project_programme_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_house_project_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_project")),
    )
    op.create_index(op.f("ix_house_project_household_id"), "house_project", ["household_id"], unique=False)
    op.create_index("ix_house_project_unit_state", "house_project", ["unit_id", "state"], unique=False)
    op.create_table(
        "house_check",
        sa.Column("id", big_key, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("board", sa.String(length=200), nullable=True),
        sa.Column("commune", sa.String(length=200), nullable=True),
        sa.Column("front", sa.String(length=200), nullable=True),
        sa.Column("hamlet_one", sa.String(length=200), nullable=True),
        sa.Column("hamlet_two", sa.String(length=200), nullable=True),
        sa.Column("hamlet_three", sa.String(length=200), nullable=True),
        sa.Column("area", sa.Integer(), nullable=True),
        sa.Column("hard_foundation", sa.Boolean(), nullable=False),
        sa.Column("hard_roof", sa.Boolean(), nullable=False),
        sa.Column("hard_walls", sa.Boolean(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(length=1000), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_house_check_by_id")),
        sa.ForeignKeyConstraint(["project_id"], ["house_project.id"], name=op.f("fk_house_check_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_check")),
    )
    op.create_index(op.f("ix_house_check_project_id"), "house_check", ["project_id"], unique=False)
    op.create_table(
        "house_decision",
        sa.Column("decision_id", big_key, autoincrement=False, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("norm", sa.BigInteger(), nullable=True),
        sa.Column("over_norm", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_house_decision_decision_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["house_project.id"], name=op.f("fk_house_decision_project_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_house_decision")),
    )
    op.create_index(op.f("ix_house_decision_project_id"), "house_decision", ["project_id"], unique=False)
    op.create_table(
        "house_event",
        sa.Column("id", big_key, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_house_event_by_id")),
        sa.ForeignKeyConstraint(["project_id"], ["house_project.id"], name=op.f("fk_house_event_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_event")),
    )
    op.create_index(op.f("ix_house_event_project_id"), "house_event", ["project_id"], unique=False)
    op.create_table(
        "house_handover",
        sa.Column("id", big_key, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("what", sa.String(length=6), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("giver_name", sa.String(length=200), nullable=False),
        sa.Column("giver_position", sa.String(length=200), nullable=False),
        sa.Column("receiver_name", sa.String(length=200), nullable=False),
        sa.Column("receiver_relation", sa.String(length=100), nullable=True),
        sa.Column("witness", sa.String(length=200), nullable=True),
        sa.Column("commitment", sa.String(length=2000), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_id", big_key, nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_house_handover_by_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["house_project.id"], name=op.f("fk_house_handover_project_id")
        ),
        sa.ForeignKeyConstraint(["signed_by_id"], ["user.id"], name=op.f("fk_house_handover_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_handover")),
    )
    op.create_index(op.f("ix_house_handover_project_id"), "house_handover", ["project_id"], unique=False)
    op.create_table(
        "house_paper",
        sa.Column("id", big_key, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("requirement_id", big_key, nullable=False),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("withdrawn", sa.String(length=300), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_house_paper_by_id")),
        sa.ForeignKeyConstraint(["project_id"], ["house_project.id"], name=op.f("fk_house_paper_project_id")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["house_requirement.id"], name=op.f("fk_house_paper_requirement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_paper")),
    )
    op.create_index(op.f("ix_house_paper_project_id"), "house_paper", ["project_id"], unique=False)
    op.create_table(
        "house_source",
        sa.Column("id", big_key, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("campaign_id", big_key, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("day_value", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_house_source_positive")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_house_source_campaign_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["house_project.id"], name=op.f("fk_house_source_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_source")),
    )
    op.create_index(op.f("ix_house_source_campaign_id"), "house_source", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_house_source_project_id"), "house_source", ["project_id"], unique=False)
    op.create_table(
        "house_step",
        sa.Column("id", big_key, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_house_step_by_id")),
        sa.ForeignKeyConstraint(["project_id"], ["house_project.id"], name=op.f("fk_house_step_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_step")),
    )
    op.create_index(op.f("ix_house_step_project_id"), "house_step", ["project_id"], unique=False)
    op.create_table(
        "house_survey",
        sa.Column("id", big_key, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=False),
        sa.Column("team", sa.String(length=500), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("work", sa.String(length=200), nullable=True),
        sa.Column("schooling", sa.String(length=100), nullable=True),
        sa.Column("priority", sa.String(length=200), nullable=True),
        sa.Column("land", sa.String(length=300), nullable=False),
        sa.Column("house_state", sa.String(length=1000), nullable=False),
        sa.Column("circumstances", sa.String(length=2000), nullable=True),
        sa.Column("need", sa.String(length=1000), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("own_share", sa.BigInteger(), nullable=True),
        sa.Column("own_days", sa.Integer(), nullable=True),
        sa.Column("conclusion", sa.String(length=10), nullable=False),
        sa.Column("conclusion_note", sa.String(length=1000), nullable=True),
        sa.Column("secretary", sa.String(length=200), nullable=True),
        sa.Column("hamlet_head", sa.String(length=200), nullable=True),
        sa.Column("front_head", sa.String(length=200), nullable=True),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_house_survey_by_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["house_project.id"], name=op.f("fk_house_survey_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_survey")),
    )
    op.create_index(op.f("ix_house_survey_project_id"), "house_survey", ["project_id"], unique=False)
    op.create_table(
        "house_decision_row",
        sa.Column("decision_row_id", big_key, autoincrement=False, nullable=False),
        sa.Column("decision_id", big_key, nullable=False),
        sa.Column("source_id", big_key, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["house_decision.decision_id"], name=op.f("fk_house_decision_row_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_row_id"], ["decision_row.id"], name=op.f("fk_house_decision_row_decision_row_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["house_source.id"], name=op.f("fk_house_decision_row_source_id")
        ),
        sa.PrimaryKeyConstraint("decision_row_id", name=op.f("pk_house_decision_row")),
    )
    op.create_index(
        op.f("ix_house_decision_row_decision_id"), "house_decision_row", ["decision_id"], unique=False
    )
    op.create_index(
        op.f("ix_house_decision_row_source_id"), "house_decision_row", ["source_id"], unique=False
    )
    op.create_table(
        "house_handover_paper",
        sa.Column("handover_id", big_key, autoincrement=False, nullable=False),
        sa.Column("posting_number", big_key, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["house_handover.id"], name=op.f("fk_house_handover_paper_handover_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_house_handover_paper_posting_number")
        ),
        sa.PrimaryKeyConstraint("handover_id", "posting_number", name=op.f("pk_house_handover_paper")),
    )
    op.create_index(
        op.f("ix_house_handover_paper_posting_number"),
        "house_handover_paper",
        ["posting_number"],
        unique=False,
    )
    op.create_table(
        "house_outside",
        sa.Column("id", big_key, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("source_id", big_key, nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("paper", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_house_outside_positive")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_house_outside_by_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["house_project.id"], name=op.f("fk_house_outside_project_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["house_source.id"], name=op.f("fk_house_outside_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_outside")),
    )
    op.create_index(op.f("ix_house_outside_project_id"), "house_outside", ["project_id"], unique=False)
    op.create_index(op.f("ix_house_outside_source_id"), "house_outside", ["source_id"], unique=False)
    op.create_table(
        "house_tranche",
        sa.Column("id", big_key, nullable=False),
        sa.Column("project_id", big_key, nullable=False),
        sa.Column("decision_row_id", big_key, nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("voucher_row_id", big_key, nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_house_tranche_positive")),
        sa.ForeignKeyConstraint(
            ["decision_row_id"],
            ["house_decision_row.decision_row_id"],
            name=op.f("fk_house_tranche_decision_row_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["house_project.id"], name=op.f("fk_house_tranche_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_row_id"], ["voucher_row.id"], name=op.f("fk_house_tranche_voucher_row_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_tranche")),
    )
    op.create_index(
        op.f("ix_house_tranche_decision_row_id"), "house_tranche", ["decision_row_id"], unique=False
    )
    op.create_index(op.f("ix_house_tranche_project_id"), "house_tranche", ["project_id"], unique=False)
    op.create_index(
        op.f("ix_house_tranche_voucher_row_id"), "house_tranche", ["voucher_row_id"], unique=False
    )
    fill_catalogues()


def fill_catalogues():
    bind = op.get_bind()
    meta = sa.MetaData()
    programme = sa.Table("house_programme", meta, autoload_with=bind)
    kind = sa.Table("house_kind", meta, autoload_with=bind)
    paper = sa.Table("house_requirement", meta, autoload_with=bind)
    bind.execute(
        programme.insert(),
        [{"name": name, **_common(place)} for place, name in enumerate(PROGRAMMES, start=1)],
    )
    names = ("name", "counts_as", "norm_subject", "hard")
    bind.execute(
        kind.insert(),
        [
            dict(zip(names, row, strict=True)) | {"commitment": KEEP, **_common(place)}
            for place, row in enumerate(KINDS, start=1)
        ],
    )
    names = ("name", "step", "source", "evidence")
    bind.execute(
        paper.insert(),
        [dict(zip(names, row, strict=True)) | _common(place) for place, row in enumerate(PAPERS, start=1)],
    )


def _common(place):
    return {"position": place, "valid_from": ALWAYS}


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
