"""codes for the text of a transfer: pledges, campaigns, funds; the banks that take VietQR

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from portal.kit.transfer_codes import CAMPAIGN, FUND, PLEDGE, make_code

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CODED = (("pledge", PLEDGE), ("campaign", CAMPAIGN), ("fund", FUND))
BANKS = (
    ("970436", "Vietcombank", "VCB; Ngoại thương Việt Nam"),
    ("970415", "VietinBank", "Công thương Việt Nam"),
    ("970418", "BIDV", "Đầu tư và Phát triển Việt Nam"),
    ("970405", "Agribank", "Nông nghiệp và Phát triển nông thôn"),
    ("970422", "MB", "MBBank; MB Bank; Quân đội"),
    ("970407", "Techcombank", "TCB; Kỹ thương Việt Nam"),
    ("970416", "ACB", "Á Châu"),
    ("970432", "VPBank", "VP Bank; Việt Nam Thịnh Vượng"),
    ("970423", "TPBank", "TP Bank; Tiên Phong"),
    ("970403", "Sacombank", "Sài Gòn Thương Tín"),
    ("970437", "HDBank", "HD Bank; Phát triển Thành phố Hồ Chí Minh"),
    ("970441", "VIB", "Quốc tế Việt Nam"),
    ("970443", "SHB", "Sài Gòn - Hà Nội"),
    ("970426", "MSB", "Maritime Bank; Hàng Hải Việt Nam"),
    ("970440", "SeABank", "Đông Nam Á"),
    ("970448", "OCB", "Phương Đông"),
    ("970431", "Eximbank", "Xuất Nhập khẩu Việt Nam"),
    ("970449", "LPBank", "LienVietPostBank; Bưu điện Liên Việt; Lộc Phát Việt Nam"),
)


def upgrade():
    bind = op.get_bind()
    for name, kind in CODED:
        op.add_column(name, sa.Column("transfer_code", sa.String(length=8), nullable=True))
        give_codes(bind, name, kind)
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.alter_column("transfer_code", existing_type=sa.String(length=8), nullable=False)
            batch_op.create_unique_constraint(batch_op.f(f"uq_{name}_transfer_code"), ["transfer_code"])
    bank = op.create_table(
        "bank",
        sa.Column("bin", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("aliases", sa.String(length=300), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("bin", name=op.f("pk_bank")),
        sa.UniqueConstraint("name", name=op.f("uq_bank_name")),
    )
    op.bulk_insert(
        bank,
        [
            {"bin": number, "name": name, "aliases": aliases, "withdrawn": False}
            for number, name, aliases in BANKS
        ],
    )


def give_codes(bind, name, kind):
    """The same record gets the same code wherever the migration runs: it is drawn from the record's id."""
    table = sa.table(name, sa.column("id"), sa.column("transfer_code"))
    taken = set()
    rows = []
    for key in bind.scalars(sa.select(table.c.id).order_by(table.c.id)).all():
        code = make_code(kind, str(key), is_taken=taken.__contains__)
        taken.add(code)
        rows.append({"key": key, "code": code})
    if rows:
        update = table.update().where(table.c.id == sa.bindparam("key"))
        bind.execute(update.values(transfer_code=sa.bindparam("code")), rows)


def downgrade():
    raise NotImplementedError("Posted rows are never taken back; restore a backup instead.")
