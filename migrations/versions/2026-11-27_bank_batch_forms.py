"""forms of the files in which banks take lists of transfers

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.days import EARLIEST as ALWAYS

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# (bank, columns, capitals without accents, characters of the content)
FORMS = (
    (
        "",
        [
            ["stt", "STT"],
            ["receiver", "Tên người thụ hưởng"],
            ["account", "Số tài khoản"],
            ["bank", "Ngân hàng thụ hưởng"],
            ["amount", "Số tiền"],
            ["content", "Nội dung"],
        ],
        True,
        140,
    ),
    (
        "Vietcombank",
        [
            ["stt", "STT"],
            ["account", "Số tài khoản hưởng"],
            ["receiver", "Tên người hưởng"],
            ["bank", "Ngân hàng hưởng"],
            ["amount", "Số tiền"],
            ["content", "Nội dung thanh toán"],
        ],
        True,
        200,
    ),
    (
        "Agribank",
        [
            ["stt", "STT"],
            ["receiver", "Họ tên"],
            ["account", "Số tài khoản"],
            ["amount", "Số tiền"],
            ["content", "Diễn giải"],
            ["bank", "Ngân hàng"],
        ],
        True,
        140,
    ),
)


def upgrade():
    op.create_table(
        "bank_batch_form",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank", sa.String(length=100), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("content_limit", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_batch_form")),
    )
    form = sa.table(
        "bank_batch_form",
        *(sa.column(name) for name in ("bank", "plain", "content_limit")),
        sa.column("columns", sa.JSON),
        sa.column("valid_from", sa.Date),
    )
    op.bulk_insert(
        form,
        [
            {"bank": bank, "columns": columns, "plain": plain, "content_limit": limit, "valid_from": ALWAYS}
            for bank, columns, plain, limit in FORMS
        ],
    )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
