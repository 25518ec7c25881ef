"""rewards: forms, rules, what they found, nominations, councils, decisions, certificates, prize money back

Revision ID: 0025
Revises: 0024
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from portal.kit.protect import protect

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ALWAYS = date.min
PROVINCE = "tỉnh\nthành phố"
COMMUNE = "xã\nphường\nđặc khu\nthị trấn"
FORMS = (  # key, name, statutory, levels, number, council, layout, series, title, giver, text
    (
        "bang_khen", "Bằng khen", True, PROVINCE, True, True, "award", "BK", "BẰNG KHEN", "TẶNG",
        "Đã có thành tích xuất sắc: [thành tích].",
    ),
    (
        "giay_khen", "Giấy khen", True, COMMUNE, True, True, "award", "GK", "GIẤY KHEN", "TẶNG",
        "Đã có thành tích: [thành tích].",
    ),
    (
        "thu_cam_on", "Thư cảm ơn", False, "", False, False, "letter", "TCO", "THƯ CẢM ƠN", "Trân trọng gửi",
        "Trân trọng cảm ơn tấm lòng và sự đồng hành của Quý vị vì người nghèo: [thành tích].",
    ),
    (
        "tam_long_vang", "Ghi nhận tấm lòng vàng", False, "", False, True, "heart", "TLV", "GHI NHẬN TẤM LÒNG VÀNG", "",
        "Đã có nghĩa cử cao đẹp: [thành tích].",
    ),
)  # fmt: skip


def upgrade():
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "reward_form",
        sa.Column("id", big_key, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("levels", sa.String(length=200), nullable=False),
        sa.Column("needs_number", sa.Boolean(), nullable=False),
        sa.Column("needs_council", sa.Boolean(), nullable=False),
        sa.Column("layout", sa.String(length=20), nullable=False),
        sa.Column("series", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("giver", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("prize", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_form")),
        sa.UniqueConstraint("key", name=op.f("uq_reward_form_key")),
    )
    op.create_table(
        "reward_council",
        sa.Column("id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("chair", sa.String(length=200), nullable=False),
        sa.Column("secretary", sa.String(length=200), nullable=False),
        sa.Column("members", sa.String(length=2000), nullable=False),
        sa.Column("remarks", sa.String(length=2000), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_reward_council_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reward_council_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_council")),
    )
    with op.batch_alter_table("reward_council", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_council_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "reward_consent",
        sa.Column("id", big_key, nullable=False),
        sa.Column("donor_id", big_key, nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_reward_consent_by_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_reward_consent_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_consent")),
    )
    with op.batch_alter_table("reward_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_consent_donor_id"), ["donor_id"], unique=False)

    op.create_table(
        "reward_decision",
        sa.Column("id", big_key, nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("form_id", big_key, nullable=False),
        sa.Column("council_id", big_key, nullable=True),
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
        sa.Column("prepared_by_id", big_key, nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", big_key, nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry", big_key, nullable=True),
        sa.Column("prize_decision_id", big_key, nullable=True),
        sa.ForeignKeyConstraint(
            ["council_id"], ["reward_council.id"], name=op.f("fk_reward_decision_council_id")
        ),
        sa.ForeignKeyConstraint(["entry"], ["entry.number"], name=op.f("fk_reward_decision_entry")),
        sa.ForeignKeyConstraint(["form_id"], ["reward_form.id"], name=op.f("fk_reward_decision_form_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_reward_decision_issued_by_id")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["user.id"], name=op.f("fk_reward_decision_prepared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["prize_decision_id"], ["decision.id"], name=op.f("fk_reward_decision_prize_decision_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reward_decision_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_decision")),
        sa.UniqueConstraint("prize_decision_id", name=op.f("uq_reward_decision_prize_decision_id")),
        sa.UniqueConstraint("unit_id", "year", "number", name=op.f("uq_reward_decision_unit_id_year_number")),
    )
    with op.batch_alter_table("reward_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_decision_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "reward_rule",
        sa.Column("id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("form_id", big_key, nullable=False),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=False),
        sa.Column("least_a_year", sa.BigInteger(), nullable=True),
        sa.Column("campaign_id", big_key, nullable=True),
        sa.Column("donor_kinds", sa.String(length=300), nullable=False),
        sa.Column("with_goods", sa.Boolean(), nullable=False),
        sa.Column("achievement", sa.String(length=500), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_reward_rule_by_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_reward_rule_campaign_id")),
        sa.ForeignKeyConstraint(["form_id"], ["reward_form.id"], name=op.f("fk_reward_rule_form_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reward_rule_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_rule")),
    )
    with op.batch_alter_table("reward_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_rule_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "certificate_print",
        sa.Column("id", big_key, nullable=False),
        sa.Column("decision_id", big_key, nullable=False),
        sa.Column("job_id", big_key, nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_certificate_print_by_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["reward_decision.id"], name=op.f("fk_certificate_print_decision_id")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_certificate_print_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_print")),
    )
    with op.batch_alter_table("certificate_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_print_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "reward_run",
        sa.Column("id", big_key, nullable=False),
        sa.Column("rule_id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("up_to", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_reward_run_by_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["reward_rule.id"], name=op.f("fk_reward_run_rule_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reward_run_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_run")),
    )
    with op.batch_alter_table("reward_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_run_rule_id"), ["rule_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reward_run_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "reward_candidate",
        sa.Column("id", big_key, nullable=False),
        sa.Column("run_id", big_key, nullable=False),
        sa.Column("donor_id", big_key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_reward_candidate_donor_id")),
        sa.ForeignKeyConstraint(["run_id"], ["reward_run.id"], name=op.f("fk_reward_candidate_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_candidate")),
        sa.UniqueConstraint("run_id", "donor_id", name=op.f("uq_reward_candidate_run_id_donor_id")),
    )
    with op.batch_alter_table("reward_candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_candidate_donor_id"), ["donor_id"], unique=False)

    op.create_table(
        "nomination",
        sa.Column("id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("form_id", big_key, nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("donor_id", big_key, nullable=True),
        sa.Column("household_id", big_key, nullable=True),
        sa.Column("of_unit_id", big_key, nullable=True),
        sa.Column("achievement", sa.String(length=500), nullable=False),
        sa.Column("movement", sa.String(length=300), nullable=True),
        sa.Column("campaign_id", big_key, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("prize", sa.BigInteger(), nullable=True),
        sa.Column("shown_as", sa.String(length=10), nullable=True),
        sa.Column("consent", sa.String(length=300), nullable=True),
        sa.Column("twice", sa.String(length=500), nullable=True),
        sa.Column("candidate_id", big_key, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("dropped", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_nomination_by_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_nomination_campaign_id")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["reward_candidate.id"], name=op.f("fk_nomination_candidate_id")
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_nomination_donor_id")),
        sa.ForeignKeyConstraint(["form_id"], ["reward_form.id"], name=op.f("fk_nomination_form_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_nomination_household_id")),
        sa.ForeignKeyConstraint(["of_unit_id"], ["unit.id"], name=op.f("fk_nomination_of_unit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_nomination_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_nomination_candidate_id")),
    )
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nomination_donor_id"), ["donor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nomination_household_id"), ["household_id"], unique=False)
        batch_op.create_index("ix_nomination_name_key", ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_nomination_of_unit_id"), ["of_unit_id"], unique=False)
        batch_op.create_index("ix_nomination_unit_state", ["unit_id", "state"], unique=False)

    op.create_table(
        "reward_evidence",
        sa.Column("candidate_id", big_key, autoincrement=False, nullable=False),
        sa.Column("donation_id", big_key, autoincrement=False, nullable=False),
        sa.Column("member", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("donated_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["reward_candidate.id"], name=op.f("fk_reward_evidence_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["donation_id"], ["donation.id"], name=op.f("fk_reward_evidence_donation_id")
        ),
        sa.PrimaryKeyConstraint("candidate_id", "donation_id", "member", name=op.f("pk_reward_evidence")),
    )
    with op.batch_alter_table("reward_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_evidence_donation_id"), ["donation_id"], unique=False)

    op.create_table(
        "reward",
        sa.Column("id", big_key, nullable=False),
        sa.Column("decision_id", big_key, nullable=False),
        sa.Column("nomination_id", big_key, nullable=False),
        sa.Column("unit_id", big_key, nullable=False),
        sa.Column("form_id", big_key, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("achievement", sa.String(length=500), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("giver", sa.String(length=200), nullable=False),
        sa.Column("layout", sa.String(length=20), nullable=False),
        sa.Column("campaign_id", big_key, nullable=True),
        sa.Column("prize", sa.BigInteger(), nullable=True),
        sa.Column("series", sa.String(length=10), nullable=False),
        sa.Column("series_year", sa.Integer(), nullable=False),
        sa.Column("series_no", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("since", big_key, nullable=False),
        sa.Column("until", big_key, nullable=True),
        sa.Column("shown_as", sa.String(length=10), nullable=True),
        sa.Column("consent", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_reward_campaign_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["reward_decision.id"], name=op.f("fk_reward_decision_id")),
        sa.ForeignKeyConstraint(["form_id"], ["reward_form.id"], name=op.f("fk_reward_form_id")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_reward_nomination_id")),
        sa.ForeignKeyConstraint(["since"], ["entry.number"], name=op.f("fk_reward_since")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reward_unit_id")),
        sa.ForeignKeyConstraint(["until"], ["entry.number"], name=op.f("fk_reward_until")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
        sa.UniqueConstraint("code", name=op.f("uq_reward_code")),
        sa.UniqueConstraint("decision_id", "ordinal", name=op.f("uq_reward_decision_id_ordinal")),
        sa.UniqueConstraint("nomination_id", name=op.f("uq_reward_nomination_id")),
        sa.UniqueConstraint(
            "unit_id",
            "series",
            "series_year",
            "series_no",
            name=op.f("uq_reward_unit_id_series_series_year_series_no"),
        ),
    )
    with op.batch_alter_table("reward", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_since"), ["since"], unique=False)

    op.create_table(
        "reward_council_row",
        sa.Column("council_id", big_key, autoincrement=False, nullable=False),
        sa.Column("nomination_id", big_key, autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["council_id"], ["reward_council.id"], name=op.f("fk_reward_council_row_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_reward_council_row_nomination_id")
        ),
        sa.PrimaryKeyConstraint("council_id", "nomination_id", name=op.f("pk_reward_council_row")),
    )
    with op.batch_alter_table("reward_council_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reward_council_row_nomination_id"), ["nomination_id"], unique=False
        )

    op.create_table(
        "reward_prize",
        sa.Column("decision_row_id", big_key, autoincrement=False, nullable=False),
        sa.Column("reward_id", big_key, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_row_id"], ["decision_row.id"], name=op.f("fk_reward_prize_decision_row_id")
        ),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_reward_prize_reward_id")),
        sa.PrimaryKeyConstraint("decision_row_id", name=op.f("pk_reward_prize")),
    )
    with op.batch_alter_table("reward_prize", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_prize_reward_id"), ["reward_id"], unique=False)

    op.create_table(
        "prize_back",
        sa.Column("posting_number", big_key, autoincrement=False, nullable=False),
        sa.Column("reward_id", big_key, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reversed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_prize_back_positive")),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_prize_back_posting_number")
        ),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_prize_back_reward_id")),
        sa.PrimaryKeyConstraint("posting_number", name=op.f("pk_prize_back")),
    )
    with op.batch_alter_table("prize_back", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prize_back_reward_id"), ["reward_id"], unique=False)

    op.create_table(
        "reward_decision_row",
        sa.Column("id", big_key, nullable=False),
        sa.Column("decision_id", big_key, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("nomination_id", big_key, nullable=True),
        sa.Column("reward_id", big_key, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(nomination_id IS NULL) <> (reward_id IS NULL)", name=op.f("ck_reward_decision_row_one")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["reward_decision.id"], name=op.f("fk_reward_decision_row_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_reward_decision_row_nomination_id")
        ),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_reward_decision_row_reward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_decision_row")),
        sa.UniqueConstraint(
            "decision_id", "ordinal", name=op.f("uq_reward_decision_row_decision_id_ordinal")
        ),
        sa.UniqueConstraint("nomination_id", name=op.f("uq_reward_decision_row_nomination_id")),
        sa.UniqueConstraint("reward_id", name=op.f("uq_reward_decision_row_reward_id")),
    )
    fill_forms()
    bind = op.get_bind()
    columns = [column["name"] for column in sa.inspect(bind).get_columns("reward")]
    protect(bind.exec_driver_sql, bind.dialect.name, {"reward": columns})


def fill_forms():
    names = (
        "key", "name", "statutory", "levels", "needs_number", "needs_council", "layout", "series", "title", "giver",
        "text",
    )  # fmt: skip
    bind = op.get_bind()
    form = sa.Table("reward_form", sa.MetaData(), autoload_with=bind)
    bind.execute(
        form.insert(),
        [
            dict(zip(names, row, strict=True)) | {"position": place, "valid_from": ALWAYS}
            for place, row in enumerate(FORMS, start=1)
        ],
    )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
