"""references of the large tables are asked once a statement on PostgreSQL; what is mostly empty is indexed where it is not

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.protect import protect
from portal.kit.references import check_by_statement

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    with op.batch_alter_table("donation", schema=None) as batch_op:
        batch_op.drop_constraint("uq_donation_identity", type_="unique")
    if bind.dialect.name == "sqlite":  # the table was built anew, without its triggers
        columns = [column["name"] for column in sa.inspect(bind).get_columns("donation")]
        protect(bind.exec_driver_sql, bind.dialect.name, {"donation": columns})
    for column in ("donor_id", "part_of"):
        op.drop_index(f"ix_donation_{column}", "donation")
        index(f"ix_donation_{column}", column)
    index("uq_donation_identity", "identity", unique=True)
    if bind.dialect.name == "postgresql":
        check_by_statement(op.execute)


def index(name, column, *, unique=False):
    filled = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, "donation", [column], unique=unique, sqlite_where=filled, postgresql_where=filled)


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
