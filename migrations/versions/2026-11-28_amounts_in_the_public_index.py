"""the amounts of gifts are looked for in the public index, which follows the books, and no more in the gifts

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

FILL = (
    "UPDATE donation_words SET amount = (SELECT amount FROM donation WHERE id = donation_words.donation_id)"
)


def upgrade():
    op.add_column("donation_words", sa.Column("amount", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(FILL)
    op.create_index("ix_donation_words_amount", "donation_words", ["amount", "donation_id"], unique=False)
    op.drop_index("ix_donation_amount", table_name="donation")


def downgrade():
    op.create_index("ix_donation_amount", "donation", ["amount", "id"], unique=False)
    op.drop_index("ix_donation_words_amount", table_name="donation_words")
    op.drop_column("donation_words", "amount")
