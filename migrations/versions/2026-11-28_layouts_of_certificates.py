"""layouts of certificates as data; what the public may look for of a reward stands beside it

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from portal.emulation.rules_nominations import searched_words

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("reward", sa.Column("words", sa.String(length=2000), nullable=False, server_default=""))
    op.create_index("ix_reward_decided_on", "reward", ["decided_on", "id"], unique=False)
    fill_words()


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
