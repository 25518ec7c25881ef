"""captions of the books on paper

Revision ID: 0009
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.days import EARLIEST as ALWAYS

revision = "0009"
down_revision = "0004"
branch_labels = None
depends_on = None

BOOKS = (
    ("cash_book", "Sổ quỹ tiền mặt", "Mẫu số S11-H"),
    ("bank_book", "Sổ tiền gửi ngân hàng, kho bạc", "Mẫu số S12-H"),
    ("detail_book", "Sổ chi tiết theo đợt, mục đích", ""),
)


def upgrade():
    form = sa.table(
        "paper_form",
        *(sa.column(name) for name in ("key", "title", "caption", "basis")),
        sa.column("valid_from", sa.Date),
    )
    op.bulk_insert(
        form,
        [
            {"key": key, "title": title, "caption": caption, "basis": "", "valid_from": ALWAYS}
            for key, title, caption in BOOKS
        ],
    )


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
