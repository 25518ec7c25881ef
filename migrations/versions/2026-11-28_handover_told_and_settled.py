"""what was told at hand-overs, settled rows, portions kept, draws, consents

Revision ID: 0022
Revises: 0019, 0021
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = ("0019", "0021")
branch_labels = None
depends_on = None

ALWAYS = date(1, 1, 1)


def upgrade():
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "distribution_draw",
        sa.Column("id", big_key, nullable=False),
        sa.Column("distribution_id", big_key, nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("seed", sa.BigInteger(), nullable=True),
        sa.Column("among", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_distribution_draw_by_id")),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distribution_draw_distribution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_draw")),
    )
    op.create_index(
        "ix_distribution_draw_distribution_id", "distribution_draw", ["distribution_id"], unique=False
    )
    op.create_table(
        "distribution_settled_goods",
        sa.Column("posting_number", big_key, autoincrement=False, nullable=False),
        sa.Column("settlement_id", big_key, nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_number"],
            ["ledger_posting.number"],
            name=op.f("fk_distribution_settled_goods_posting_number"),
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["distribution_settlement.id"],
            name=op.f("fk_distribution_settled_goods_settlement_id"),
        ),
        sa.PrimaryKeyConstraint("posting_number", name=op.f("pk_distribution_settled_goods")),
    )
    op.create_index(
        "ix_distribution_settled_goods_settlement_id",
        "distribution_settled_goods",
        ["settlement_id"],
        unique=False,
    )
    op.create_table(
        "distribution_answer",
        sa.Column("id", big_key, nullable=False),
        sa.Column("distribution_id", big_key, nullable=False),
        sa.Column("row_id", big_key, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("proxy_name", sa.String(length=200), nullable=True),
        sa.Column("proxy_relation", sa.String(length=100), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_distribution_answer_by_id")),
        sa.ForeignKeyConstraint(
            ["distribution_id"], ["distribution.id"], name=op.f("fk_distribution_answer_distribution_id")
        ),
        sa.ForeignKeyConstraint(
            ["row_id"], ["distribution_row.id"], name=op.f("fk_distribution_answer_row_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_answer")),
        sa.UniqueConstraint("key", name=op.f("uq_distribution_answer_key")),
    )
    op.create_index(
        "ix_distribution_answer_distribution_id", "distribution_answer", ["distribution_id"], unique=False
    )
    op.create_index("ix_distribution_answer_row_id", "distribution_answer", ["row_id"], unique=False)
    op.create_table(
        "distribution_consent",
        sa.Column("id", big_key, nullable=False),
        sa.Column("row_id", big_key, nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(length=300), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_distribution_consent_by_id")),
        sa.ForeignKeyConstraint(
            ["row_id"], ["distribution_row.id"], name=op.f("fk_distribution_consent_row_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_consent")),
    )
    op.create_index("ix_distribution_consent_row_id", "distribution_consent", ["row_id"], unique=False)
    op.create_table(
        "distribution_kept",
        sa.Column("id", big_key, nullable=False),
        sa.Column("row_id", big_key, nullable=False),
        sa.Column("settlement_id", big_key, nullable=False),
        sa.Column("store_id", big_key, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.String(length=10), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("taken_by", sa.String(length=200), nullable=True),
        sa.Column("relation", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("end_number", big_key, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_distribution_kept_by_id")),
        sa.ForeignKeyConstraint(
            ["end_number"], ["ledger_posting.number"], name=op.f("fk_distribution_kept_end_number")
        ),
        sa.ForeignKeyConstraint(
            ["row_id"], ["distribution_row.id"], name=op.f("fk_distribution_kept_row_id")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["distribution_settlement.id"], name=op.f("fk_distribution_kept_settlement_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_distribution_kept_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_kept")),
        sa.UniqueConstraint("end_number", name=op.f("uq_distribution_kept_end_number")),
    )
    op.create_index("ix_distribution_kept_row_id", "distribution_kept", ["row_id"], unique=False)
    op.create_index(
        "ix_distribution_kept_settlement_id", "distribution_kept", ["settlement_id"], unique=False
    )
    op.create_table(
        "distribution_settled_row",
        sa.Column("id", big_key, nullable=False),
        sa.Column("settlement_id", big_key, nullable=False),
        sa.Column("row_id", big_key, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["row_id"], ["distribution_row.id"], name=op.f("fk_distribution_settled_row_row_id")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["distribution_settlement.id"],
            name=op.f("fk_distribution_settled_row_settlement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_settled_row")),
        sa.UniqueConstraint(
            "settlement_id", "row_id", name=op.f("uq_distribution_settled_row_settlement_id_row_id")
        ),
    )
    op.create_index(
        "ix_distribution_settled_row_row_id", "distribution_settled_row", ["row_id"], unique=False
    )
    with op.batch_alter_table("distribution_settlement") as batch:
        batch.add_column(sa.Column("papers", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("distribution_settlement") as batch:
        batch.alter_column("papers", server_default=None)
    op.drop_table("distribution_verification")  # nobody could write it before this revision
    op.create_table(
        "distribution_verification",
        sa.Column("id", big_key, nullable=False),
        sa.Column("row_id", big_key, nullable=False),
        sa.Column("draw_id", big_key, nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("by_id", big_key, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_distribution_verification_by_id")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["distribution_draw.id"], name=op.f("fk_distribution_verification_draw_id")
        ),
        sa.ForeignKeyConstraint(
            ["row_id"], ["distribution_row.id"], name=op.f("fk_distribution_verification_row_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_verification")),
        sa.UniqueConstraint("row_id", name=op.f("uq_distribution_verification_row_id")),
    )
    op.create_index(
        "ix_distribution_verification_draw_id", "distribution_verification", ["draw_id"], unique=False
    )

    seed()


def seed():
    form = sa.table(
        "paper_form",
        *(sa.column(name) for name in ("key", "title", "caption", "basis")),
        sa.column("valid_from", sa.Date),
    )
    papers = {"signing_sheet": "Danh sách ký nhận", "verification": "Biên bản hậu kiểm"}
    rows = [{"key": key, "title": title, "caption": "", "basis": ""} for key, title in papers.items()]
    op.bulk_insert(form, [{**row, "valid_from": ALWAYS} for row in rows])


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
