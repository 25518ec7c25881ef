"""`portal list donations`: the full Danh sách ủng hộ as PDF, Excel or CSV, at any size."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from portal.campaigns.queries import campaign_by
from portal.commands.figures import DAY
from portal.frame import shows_sample
from portal.kit.errors import Refused
from portal.ledger.queries import bank_account_by
from portal.receipts.donor_list import ListScope
from portal.receipts.list_files import check_ending, write_list
from portal.units.queries import top_unit, unit_or_refused


@click.group(name="list")
def lists() -> None:
    """Lập danh sách đầy đủ ra tệp."""


@lists.command(name="donations")
@click.option("--unit", metavar="MÃ", help="Đơn vị, kể cả mọi đơn vị cấp dưới (mặc định: tất cả).")
@click.option("--from", "start", type=DAY, required=True, help="Ngày đầu, YYYY-MM-DD.")
@click.option("--to", "end", type=DAY, required=True, help="Ngày cuối, YYYY-MM-DD.")
@click.option("--campaign", metavar="MÃ", help="Chỉ một đợt vận động.")
@click.option("--account", metavar="MÃ", help="Chỉ khoản vào một tài khoản ngân hàng.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Tệp .pdf, .xlsx, .csv."
)
def donations(
    unit: str | None, start: datetime, end: datetime, campaign: str | None, account: str | None, out: Path
) -> None:
    """Danh sách ủng hộ: mọi khoản chưa bị đảo, theo ngày."""
    check_ending(out)
    scope = scope_of(unit, start, end, campaign, account)
    beside = out.with_name(f".{out.stem}-dang-lam{out.suffix}")
    try:
        totals = write_list(scope, beside, sample=shows_sample())
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    click.echo(f"Đã ghi {totals.gifts} khoản ra {out}.")


def scope_of(
    unit: str | None, start: datetime, end: datetime, campaign: str | None, account: str | None
) -> ListScope:
    """The scope that the options ask for. Raises Refused."""
    found = unit_or_refused(unit, end.date()) if unit else top_unit()
    if found is None:
        raise Refused("Chưa có đơn vị nào. Nhập danh mục đơn vị trước.")
    return ListScope(
        unit=found,
        start=start.date(),
        end=end.date(),
        campaign=campaign_by(campaign) if campaign else None,
        account=bank_account_by(account) if account else None,
        everywhere=unit is None,
    )


COMMANDS = [lists]
