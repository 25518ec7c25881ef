"""layouts of certificates as data; what the public may look for of a reward stands beside it

Revision ID: 0029
Revises: 0028
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from portal.emulation.rules_nominations import searched_words

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ALWAYS = date.min
COLUMNS = ("key", "name", "frame", "national", "parts", "title_size", "position")
USUAL = {"colour": "gold", "heading": "", "align": "centre", "name_size": 26, "sign_place": "right", "check_place": "left"}
PLAIN = "title,giver,name,address,text"
LAYOUTS = (
    (
        "award", "Khen: khung đôi, tên cơ quan và quốc hiệu", "double", True, "authority,giver,title,name,address,text",
        42, 1,
    ),
    ("heart", "Tấm lòng vàng: khung đôi, không quốc hiệu", "double", False, PLAIN, 36, 2),
    ("letter", "Thư: khung đơn, lời thư", "fine", False, PLAIN, 36, 3),
)  # fmt: skip


def upgrade():
    add_layouts()
    op.add_column("reward", sa.Column("words", sa.String(length=2000), nullable=False, server_default=""))
    op.create_index("ix_reward_decided_on", "reward", ["decided_on", "id"], unique=False)
    fill_words()


def add_layouts():
    """As data what was three layouts in code: certificates print as before."""
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    made = op.create_table(
        "reward_layout",
        sa.Column("id", big_key, nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("frame", sa.String(length=10), nullable=False),
        sa.Column("colour", sa.String(length=10), nullable=False),
        sa.Column("national", sa.Boolean(), nullable=False),
        sa.Column("heading", sa.String(length=300), nullable=False),
        sa.Column("parts", sa.String(length=100), nullable=False),
        sa.Column("align", sa.String(length=10), nullable=False),
        sa.Column("title_size", sa.Integer(), nullable=False),
        sa.Column("name_size", sa.Integer(), nullable=False),
        sa.Column("sign_place", sa.String(length=10), nullable=False),
        sa.Column("check_place", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_layout")),
        sa.UniqueConstraint("key", name=op.f("uq_reward_layout_key")),
    )
    rows = [{**USUAL, "valid_from": ALWAYS, **dict(zip(COLUMNS, one, strict=True))} for one in LAYOUTS]
    op.bulk_insert(made, rows)


def fill_words():
    """Rewards that were given before can be found, too."""
    names = ("name", "subject", "shown_as", "achievement", "series", "series_no", "series_year")
    reward = sa.table("reward", sa.column("id"), sa.column("words"), *(sa.column(name) for name in names))
    bind = op.get_bind()
    for row in bind.execute(sa.select(reward)).all():
        number = f"{row.series}-{row.series_no:04d}/{row.series_year}"
        words = searched_words(row.name, row.subject, row.shown_as, row.achievement, number)
        bind.execute(sa.update(reward).where(reward.c.id == row.id).values(words=words))


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
