"""protect posted rows, make the text index, seed the catalogues

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.protect import PROTECTED, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FUNDS = (("VNN", "Quỹ “Vì người nghèo”"), ("CUUTRO", "Quỹ Cứu trợ"))
GROUPS = (
    ("poor", "Hộ nghèo", "ho ngheo", 1),
    ("near_poor", "Hộ cận nghèo", "ho can ngheo", 2),
    ("newly_out", "Hộ mới thoát nghèo", "ho moi thoat ngheo", 3),
    ("hardship", "Hộ có hoàn cảnh khó khăn", "ho co hoan canh kho khan", 4),
)


def upgrade():
    bind = op.get_bind()
    inspector = sa.inspect(bind)
    tables = [
        table for table in PROTECTED if inspector.has_table(table)
    ]  # later ones bring their own migration
    columns = {table: [column["name"] for column in inspector.get_columns(table)] for table in tables}
    protect(bind.exec_driver_sql, bind.dialect.name, columns)
    if bind.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE donation_index USING fts5("
            "tokens, content='', detail=none, tokenize=\"ascii tokenchars '_'\")"
        )
    else:
        op.execute(
            "CREATE TABLE donation_index (donation_id BIGINT PRIMARY KEY REFERENCES donation (id), tokens TEXT[] NOT NULL)"
        )
        op.execute("CREATE INDEX ix_donation_index_tokens ON donation_index USING gin (tokens)")
    seed(bind)


def seed(bind):
    fund = sa.table("fund", sa.column("code"), sa.column("name"))
    op.bulk_insert(fund, [{"code": code, "name": name} for code, name in FUNDS])
    group = sa.table(
        "household_group", sa.column("key"), sa.column("name"), sa.column("folded"), sa.column("position")
    )
    op.bulk_insert(
        group,
        [
            {"key": key, "name": name, "folded": folded, "position": place}
            for key, name, folded, place in GROUPS
        ],
    )
    watermark = sa.table(
        "search_watermark", sa.column("id"), sa.column("posting_number"), sa.column("ordinal")
    )
    op.bulk_insert(watermark, [{"id": 1, "posting_number": 0, "ordinal": 0}])


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
