"""single cases: fields of aid, requests, surveys, decisions, goods, hand-over, visits, public appeals

Revision ID: 0020
Revises: 0022
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0022"
branch_labels = None
depends_on = None

ALWAYS = date.min
RIGHT_USE = (
    "Tôi cam kết sử dụng khoản hỗ trợ đúng mục đích, không chuyển nhượng, không dùng vào việc khác; "
    "nếu sai tôi xin chịu trách nhiệm và hoàn trả Quỹ."
)
FIELDS = (  # key, name, form, purpose, commitment, months of visits, guardian
    (
        "sick",
        "Bệnh hiểm nghèo, tai nạn",
        "illness",
        "medical",
        "Gia đình cam kết dùng khoản hỗ trợ để chữa bệnh cho người được hỗ trợ, giữ hóa đơn, chứng từ khi có yêu cầu.",
        "",
        False,
    ),
    (
        "bereaved",
        "Gia đình có người qua đời",
        "illness",
        "relief",
        "Gia đình xác nhận đã nhận đủ và dùng khoản hỗ trợ để lo hậu sự, ổn định cuộc sống.",
        "",
        False,
    ),
    ("fire", "Hỏa hoạn", "disaster", "relief", RIGHT_USE, "", False),
    ("collapsed_house", "Nhà sập, tốc mái do thiên tai", "disaster", "relief", RIGHT_USE, "", False),
    (
        "pupil",
        "Học sinh khó khăn",
        "pupil",
        "education",
        "Gia đình và người giám hộ cam kết dùng khoản hỗ trợ cho việc học của em, tạo điều kiện để em đến trường đều.",
        "",
        True,
    ),
    (
        "livelihood",
        "Hỗ trợ sinh kế",
        "livelihood",
        "livelihood",
        "Hộ cam kết chăm sóc, giữ gìn con giống, phương tiện được hỗ trợ, không bán, không chuyển nhượng khi chưa được "
        "đồng ý; báo ngay cho Ban Công tác Mặt trận khi vật nuôi ốm, chết hoặc phương tiện hỏng, mất.",
        "3, 6, 12",
        False,
    ),
)
OTHERS = ("Đã được hỗ trợ từ nguồn khác", "long", "", False)
DISASTER = (
    ("Sự việc, nguyên nhân", "long", "", False),
    ("Ngày xảy ra", "day", "", False),
    (
        "Thiệt hại chính",
        "choice",
        "Nhà cháy, sập hoàn toàn\nNhà hư hỏng nặng\nTốc mái, hư hỏng một phần\nTài sản, hoa màu, vật nuôi",
        False,
    ),
    ("Mức độ thiệt hại", "choice", "Trên 70%\nTừ 50% đến 70%\nTừ 30% đến 50%\nDưới 30%", False),
    ("Ước giá trị thiệt hại", "amount", "", False),
    OTHERS,
)
QUESTIONS = {  # label, kind, choices, health
    "sick": (
        ("Chẩn đoán", "text", "", True),
        ("Cơ sở khám, chữa bệnh", "text", "", True),
        ("Quá trình điều trị", "long", "", True),
        ("Thẻ bảo hiểm y tế", "choice", "Có, còn hạn\nHết hạn\nKhông có", False),
        ("Chi phí đã trả", "amount", "", False),
        ("Chi phí dự kiến còn phải trả", "amount", "", False),
        OTHERS,
    ),
    "bereaved": (
        ("Người qua đời, quan hệ với chủ hộ", "text", "", False),
        ("Ngày qua đời", "day", "", False),
        ("Nguyên nhân, bệnh", "text", "", True),
        ("Cơ sở khám, chữa bệnh", "text", "", True),
        ("Bảo hiểm, trợ cấp mai táng", "choice", "Có\nKhông có", False),
        ("Chi phí chữa bệnh, mai táng", "amount", "", False),
        OTHERS,
    ),
    "fire": DISASTER,
    "collapsed_house": DISASTER,
    "pupil": (
        ("Trường", "text", "", False),
        ("Lớp", "text", "", False),
        ("Năm học", "text", "", False),
        ("Kết quả học tập", "text", "", False),
        ("Kết quả rèn luyện", "text", "", False),
        ("Người trực tiếp nuôi dưỡng", "text", "", False),
        (
            "Khoản cần hỗ trợ",
            "choice",
            "Học phí\nSách vở, đồ dùng học tập\nXe đạp, phương tiện đi học\nHọc bổng",
            False,
        ),
        OTHERS,
    ),
    "livelihood": (
        ("Mô hình đề nghị", "text", "", False),
        ("Quy mô", "text", "", False),
        ("Tổng vốn cần", "amount", "", False),
        ("Vốn tự có của hộ", "amount", "", False),
        ("Số lao động tham gia", "count", "", False),
        ("Đất, chuồng trại, kinh nghiệm", "long", "", False),
        OTHERS,
    ),
}


def upgrade():
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "aid_field",
        sa.Column("id", big_key, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("norm_subject", sa.String(length=200), nullable=False),
        sa.Column("commitment", sa.String(length=2000), nullable=False),
        sa.Column("visits", sa.String(length=60), nullable=False),
        sa.Column("needs_guardian", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["purpose"], ["spending_purpose.key"], name=op.f("fk_aid_field_purpose")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_field")),
        sa.UniqueConstraint("key", name=op.f("uq_aid_field_key")),
    )
    op.create_table(
        "aid_question",
        sa.Column("id", big_key, nullable=False),
        sa.Column("field_id", big_key, nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("choices", sa.String(length=1000), nullable=False),
        sa.Column("health", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["field_id"], ["aid_field.id"], name=op.f("fk_aid_question_field_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_question")),
    )
    op.create_index("ix_aid_question_field_id", "aid_question", ["field_id"], unique=False)

    op.create_table(
        "support_case",
        sa.Column("id", big_key, nullable=False),
        sa.Column("household_id", big_key, nullable=False),
        sa.Column("member_id", big_key, nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("person_birth_year", sa.Integer(), nullable=True),
        sa.Column("person_relation", sa.String(length=60), nullable=True),
        sa.Column("field_id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("requester", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ended", sa.String(length=10), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_support_case_by_id")),
        sa.ForeignKeyConstraint(["field_id"], ["aid_field.id"], name=op.f("fk_support_case_field_id")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_support_case_household_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["household_member.id"], name=op.f("fk_support_case_member_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_support_case_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case")),
    )
    op.create_index("ix_support_case_household_id", "support_case", ["household_id"], unique=False)
    op.create_index("ix_support_case_unit_state", "support_case", ["unit_id", "state"], unique=False)

    op.create_table(
        "case_appeal",
        sa.Column("id", big_key, nullable=False),
        sa.Column("case_id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("campaign_id", big_key, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("surplus_text", sa.String(length=500), nullable=False),
        sa.Column("surplus_campaign_id", big_key, nullable=True),
        sa.Column("age", sa.String(length=10), nullable=False),
        sa.Column("consent_by", sa.String(length=200), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("consent_paper", sa.String(length=300), nullable=False),
        sa.Column("guardian_name", sa.String(length=200), nullable=True),
        sa.Column("guardian_on", sa.Date(), nullable=True),
        sa.Column("child_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("down_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("target > 0", name=op.f("ck_case_appeal_positive")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_case_appeal_campaign_id")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_case_appeal_case_id")),
        sa.ForeignKeyConstraint(
            ["surplus_campaign_id"], ["campaign.id"], name=op.f("fk_case_appeal_surplus_campaign_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_appeal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_appeal")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_case_appeal_campaign_id")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_appeal_case_id")),
    )
    op.create_table(
        "support_case_asset",
        sa.Column("id", big_key, nullable=False),
        sa.Column("case_id", big_key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_support_case_asset_positive")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_support_case_asset_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case_asset")),
    )
    op.create_index("ix_support_case_asset_case_id", "support_case_asset", ["case_id"], unique=False)

    op.create_table(
        "support_case_decision",
        sa.Column("decision_id", big_key, autoincrement=False, nullable=False),
        sa.Column("case_id", big_key, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_support_case_decision_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_support_case_decision_decision_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_support_case_decision")),
    )
    op.create_index("ix_support_case_decision_case_id", "support_case_decision", ["case_id"], unique=False)

    op.create_table(
        "support_case_event",
        sa.Column("id", big_key, nullable=False),
        sa.Column("case_id", big_key, nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_support_case_event_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_support_case_event_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case_event")),
    )
    op.create_index("ix_support_case_event_case_id", "support_case_event", ["case_id"], unique=False)

    op.create_table(
        "support_case_handover",
        sa.Column("id", big_key, nullable=False),
        sa.Column("case_id", big_key, nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("giver_name", sa.String(length=200), nullable=False),
        sa.Column("giver_position", sa.String(length=200), nullable=False),
        sa.Column("receiver_name", sa.String(length=200), nullable=False),
        sa.Column("receiver_relation", sa.String(length=100), nullable=True),
        sa.Column("witness_one", sa.String(length=200), nullable=True),
        sa.Column("witness_two", sa.String(length=200), nullable=True),
        sa.Column("guardian_name", sa.String(length=200), nullable=True),
        sa.Column("guardian_relation", sa.String(length=100), nullable=True),
        sa.Column("commitment", sa.String(length=2000), nullable=False),
        sa.Column("cash", sa.BigInteger(), nullable=True),
        sa.Column("goods", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_id", big_key, nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_support_case_handover_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_support_case_handover_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["user.id"], name=op.f("fk_support_case_handover_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case_handover")),
    )
    op.create_index("ix_support_case_handover_case_id", "support_case_handover", ["case_id"], unique=False)

    op.create_table(
        "support_case_survey",
        sa.Column("id", big_key, nullable=False),
        sa.Column("case_id", big_key, nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=False),
        sa.Column("team", sa.String(length=500), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("work", sa.String(length=200), nullable=True),
        sa.Column("schooling", sa.String(length=100), nullable=True),
        sa.Column("priority", sa.String(length=200), nullable=True),
        sa.Column("circumstances", sa.String(length=2000), nullable=True),
        sa.Column("conclusion", sa.String(length=10), nullable=False),
        sa.Column("conclusion_note", sa.String(length=1000), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("goods", sa.String(length=500), nullable=True),
        sa.Column("norm", sa.BigInteger(), nullable=True),
        sa.Column("over_norm", sa.String(length=500), nullable=True),
        sa.Column("secretary", sa.String(length=200), nullable=True),
        sa.Column("hamlet_head", sa.String(length=200), nullable=True),
        sa.Column("front_head", sa.String(length=200), nullable=True),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_support_case_survey_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["support_case.id"], name=op.f("fk_support_case_survey_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case_survey")),
    )
    op.create_index("ix_support_case_survey_case_id", "support_case_survey", ["case_id"], unique=False)

    op.create_table(
        "support_case_visit",
        sa.Column("id", big_key, nullable=False),
        sa.Column("case_id", big_key, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("visitor", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("dropped", sa.String(length=300), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_support_case_visit_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_support_case_visit_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case_visit")),
    )
    op.create_index("ix_support_case_visit_case", "support_case_visit", ["case_id", "due_on"], unique=False)
    op.create_index("ix_support_case_visit_due", "support_case_visit", ["visited_on", "due_on"], unique=False)

    op.create_table(
        "case_appeal_surplus",
        sa.Column("id", big_key, nullable=False),
        sa.Column("appeal_id", big_key, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("goods", sa.BigInteger(), nullable=False),
        sa.Column("posting_number", big_key, nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_by_id", big_key, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", big_key, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "amount >= 0 AND goods >= 0 AND amount + goods > 0", name=op.f("ck_case_appeal_surplus_some")
        ),
        sa.ForeignKeyConstraint(
            ["appeal_id"], ["case_appeal.id"], name=op.f("fk_case_appeal_surplus_appeal_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_case_appeal_surplus_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_case_appeal_surplus_posting_number")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user.id"], name=op.f("fk_case_appeal_surplus_requested_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_appeal_surplus")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_case_appeal_surplus_posting_number")),
    )
    op.create_index("ix_case_appeal_surplus_appeal_id", "case_appeal_surplus", ["appeal_id"], unique=False)

    op.create_table(
        "case_appeal_text",
        sa.Column("id", big_key, nullable=False),
        sa.Column("appeal_id", big_key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.Column("illness", sa.String(length=300), nullable=True),
        sa.Column("requested_by_id", big_key, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", big_key, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["appeal_id"], ["case_appeal.id"], name=op.f("fk_case_appeal_text_appeal_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_case_appeal_text_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user.id"], name=op.f("fk_case_appeal_text_requested_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_appeal_text")),
        sa.UniqueConstraint("appeal_id", "version", name=op.f("uq_case_appeal_text_appeal_id_version")),
    )
    op.create_table(
        "support_case_answer",
        sa.Column("survey_id", big_key, autoincrement=False, nullable=False),
        sa.Column("question_id", big_key, autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["aid_question.id"], name=op.f("fk_support_case_answer_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["support_case_survey.id"], name=op.f("fk_support_case_answer_survey_id")
        ),
        sa.PrimaryKeyConstraint("survey_id", "question_id", name=op.f("pk_support_case_answer")),
    )
    op.create_table(
        "support_case_goods",
        sa.Column("posting_number", big_key, autoincrement=False, nullable=False),
        sa.Column("case_id", big_key, nullable=False),
        sa.Column("decision_id", big_key, nullable=False),
        sa.Column("reversed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["support_case.id"], name=op.f("fk_support_case_goods_case_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["support_case_decision.decision_id"],
            name=op.f("fk_support_case_goods_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_support_case_goods_posting_number")
        ),
        sa.PrimaryKeyConstraint("posting_number", name=op.f("pk_support_case_goods")),
    )
    op.create_index("ix_support_case_goods_case_id", "support_case_goods", ["case_id"], unique=False)
    op.create_index("ix_support_case_goods_decision_id", "support_case_goods", ["decision_id"], unique=False)

    op.create_table(
        "support_case_handover_paper",
        sa.Column("handover_id", big_key, autoincrement=False, nullable=False),
        sa.Column("posting_number", big_key, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["support_case_handover.id"],
            name=op.f("fk_support_case_handover_paper_handover_id"),
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"],
            ["ledger_posting.number"],
            name=op.f("fk_support_case_handover_paper_posting_number"),
        ),
        sa.PrimaryKeyConstraint("handover_id", "posting_number", name=op.f("pk_support_case_handover_paper")),
    )
    op.create_index(
        "ix_support_case_handover_paper_posting_number",
        "support_case_handover_paper",
        ["posting_number"],
        unique=False,
    )

    op.create_table(
        "support_case_health",
        sa.Column("survey_id", big_key, autoincrement=False, nullable=False),
        sa.Column("question_id", big_key, autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["aid_question.id"], name=op.f("fk_support_case_health_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["support_case_survey.id"], name=op.f("fk_support_case_health_survey_id")
        ),
        sa.PrimaryKeyConstraint("survey_id", "question_id", name=op.f("pk_support_case_health")),
    )
    op.create_table(
        "support_case_item",
        sa.Column("id", big_key, nullable=False),
        sa.Column("decision_id", big_key, nullable=False),
        sa.Column("item_id", big_key, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_support_case_item_positive")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["support_case_decision.decision_id"],
            name=op.f("fk_support_case_item_decision_id"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_support_case_item_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_case_item")),
        sa.UniqueConstraint("decision_id", "item_id", name=op.f("uq_support_case_item_decision_id_item_id")),
    )
    op.create_table(
        "support_case_visit_count",
        sa.Column("visit_id", big_key, autoincrement=False, nullable=False),
        sa.Column("asset_id", big_key, autoincrement=False, nullable=False),
        sa.Column("alive", sa.Integer(), nullable=False),
        sa.Column("grown", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("passed_on", sa.Integer(), nullable=False),
        sa.Column("born", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "alive >= 0 AND grown >= 0 AND sold >= 0 AND lost >= 0 AND passed_on >= 0",
            name=op.f("ck_support_case_visit_count_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["support_case_asset.id"], name=op.f("fk_support_case_visit_count_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["support_case_visit.id"], name=op.f("fk_support_case_visit_count_visit_id")
        ),
        sa.PrimaryKeyConstraint("visit_id", "asset_id", name=op.f("pk_support_case_visit_count")),
    )
    fill_fields()


def fill_fields():
    bind = op.get_bind()
    meta = sa.MetaData()
    field = sa.Table("aid_field", meta, autoload_with=bind)
    question = sa.Table("aid_question", meta, autoload_with=bind)
    names = ("key", "name", "form", "purpose", "commitment", "visits", "needs_guardian")
    rows = [
        dict(zip(names, row, strict=True)) | {"norm_subject": "", "position": place, "valid_from": ALWAYS}
        for place, row in enumerate(FIELDS, start=1)
    ]
    bind.execute(field.insert(), rows)
    ids = dict(bind.execute(sa.select(field.c.key, field.c.id)).all())
    told = ("label", "kind", "choices", "health")
    bind.execute(
        question.insert(),
        [
            dict(zip(told, row, strict=True))
            | {"field_id": ids[key], "position": place, "valid_from": ALWAYS}
            for key, asked in QUESTIONS.items()
            for place, row in enumerate(asked, start=1)
        ],
    )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
