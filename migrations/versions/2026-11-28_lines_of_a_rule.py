"""the lines that a rule has decided, and the statement of a document, are found without reading the others

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    decided = sa.text("rule_id IS NOT NULL")
    op.create_index(
        "ix_statement_line_rule_id",
        "statement_line",
        ["rule_id"],
        sqlite_where=decided,
        postgresql_where=decided,
    )
    op.create_index(op.f("ix_statement_posting_number"), "statement", ["posting_number"])


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
