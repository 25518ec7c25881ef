"""albums: pictures belong to records of other rooms

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade():
    big_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "picture_link",
        sa.Column("id", big_key, nullable=False),
        sa.Column("picture_id", big_key, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("by_id", big_key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_picture_link_by_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_picture_link_picture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_link")),
        sa.UniqueConstraint(
            "picture_id", "kind", "subject_id", name=op.f("uq_picture_link_picture_id_kind_subject_id")
        ),
    )
    op.create_index("ix_picture_link_subject", "picture_link", ["kind", "subject_id"], unique=False)


def downgrade():
    op.drop_table("picture_link")
