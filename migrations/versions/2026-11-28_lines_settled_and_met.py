"""rules for statement lines, lines settled, papers that meet their lines, gifts taken back

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.protect import protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("statement", sa.Column("pledged_up_to", sa.Integer(), nullable=True))
    op.add_column("statement_line", sa.Column("kind", sa.String(length=12), nullable=True))
    for name in ("campaign_id", "rule_id", "pledge_id"):
        op.add_column("statement_line", sa.Column(name, BIG_KEY, nullable=True))
    create_rules()
    create_settlements()
    create_matches()
    create_corrections()
    guard(op.get_bind())


def create_rules():
    op.create_table(
        "line_rule",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("unit_id", BIG_KEY, nullable=False),
        sa.Column("bank_account_id", BIG_KEY, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("direction", sa.String(length=6), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("least", sa.BigInteger(), nullable=True),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("campaign_id", BIG_KEY, nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", BIG_KEY, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_line_rule_unit_id")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_line_rule_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_line_rule_campaign_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_line_rule_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_rule")),
    )
    op.create_index(op.f("ix_line_rule_unit_id"), "line_rule", ["unit_id"])
    op.create_table(
        "desk_setting",
        sa.Column("unit_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("fund_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_desk_setting_unit_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_desk_setting_fund_id")),
        sa.PrimaryKeyConstraint("unit_id", "fund_id", name=op.f("pk_desk_setting")),
    )


def create_settlements():
    posting = ["ledger_posting.number"]
    op.create_table(
        "line_settlement",
        sa.Column("posting_number", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_posting", BIG_KEY, nullable=False),
        sa.Column("line_ordinal", sa.Integer(), nullable=False),
        sa.Column("statement_id", BIG_KEY, nullable=False),
        sa.Column("statement_ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("until", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(["posting_number"], posting, name=op.f("fk_line_settlement_posting_number")),
        sa.ForeignKeyConstraint(["line_posting"], posting, name=op.f("fk_line_settlement_line_posting")),
        sa.ForeignKeyConstraint(["until"], posting, name=op.f("fk_line_settlement_until")),
        sa.ForeignKeyConstraint(
            ["statement_id", "statement_ordinal"],
            ["statement_line.statement_id", "statement_line.ordinal"],
            name=op.f("fk_line_settlement_statement_id_statement_ordinal"),
        ),
        sa.PrimaryKeyConstraint("posting_number", "ordinal", name=op.f("pk_line_settlement")),
    )
    op.create_index(
        "uq_line_settlement_line",
        "line_settlement",
        ["line_posting", "line_ordinal"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )


def create_matches():
    transfer = ["ledger_transfer.posting_number", "ledger_transfer.ordinal"]
    op.create_table(
        "transit_match",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("account_id", BIG_KEY, nullable=False),
        sa.Column("in_posting", BIG_KEY, nullable=False),
        sa.Column("in_ordinal", sa.Integer(), nullable=False),
        sa.Column("out_posting", BIG_KEY, nullable=False),
        sa.Column("out_ordinal", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("made_by_id", BIG_KEY, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", BIG_KEY, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transit_match_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_account.id"], name=op.f("fk_transit_match_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["in_posting", "in_ordinal"], transfer, name=op.f("fk_transit_match_in_posting_in_ordinal")
        ),
        sa.ForeignKeyConstraint(
            ["out_posting", "out_ordinal"], transfer, name=op.f("fk_transit_match_out_posting_out_ordinal")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_transit_match_made_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_transit_match_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transit_match")),
    )
    op.create_index(op.f("ix_transit_match_account_id"), "transit_match", ["account_id"])
    op.create_index("ix_transit_match_in", "transit_match", ["in_posting", "in_ordinal"])
    op.create_index("ix_transit_match_out", "transit_match", ["out_posting", "out_ordinal"])


def create_corrections():
    op.create_table(
        "gift_taken_back",
        sa.Column("donation_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("posting_number", BIG_KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["donation_id"], ["donation.id"], name=op.f("fk_gift_taken_back_donation_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_gift_taken_back_posting_number")
        ),
        sa.PrimaryKeyConstraint("donation_id", name=op.f("pk_gift_taken_back")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_gift_taken_back_posting_number")),
    )
    op.create_table(
        "line_correction",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("donation_id", BIG_KEY, nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("requested_by_id", BIG_KEY, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", BIG_KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=True),
        sa.Column("posting_number", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["donation_id"], ["donation.id"], name=op.f("fk_line_correction_donation_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user.id"], name=op.f("fk_line_correction_requested_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_line_correction_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_number"], ["ledger_posting.number"], name=op.f("fk_line_correction_posting_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_correction")),
        sa.UniqueConstraint("posting_number", name=op.f("uq_line_correction_posting_number")),
    )
    op.create_index(op.f("ix_line_correction_donation_id"), "line_correction", ["donation_id"])


def guard(bind):
    inspector = sa.inspect(bind)
    tables = ("gift_taken_back", "line_settlement")
    columns = {table: [column["name"] for column in inspector.get_columns(table)] for table in tables}
    protect(bind.exec_driver_sql, bind.dialect.name, columns)


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
