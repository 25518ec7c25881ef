"""`portal sample`: fill an empty portal with an invented province, for a first look."""

from __future__ import annotations

import random
from datetime import date

import click
from flask import current_app
from sqlalchemy import select

from portal.config import Config
from portal.kit.audit import acting
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, writing
from portal.ledger.queries import account_balance, default_fund
from portal.sample import gifts, reports
from portal.sample.province import PASSWORD, PEOPLE, Province, make_province
from portal.units.models import Unit

SEED = 20261117


@click.command("sample")
def sample() -> None:
    """Ghi dữ liệu minh họa vào một cổng còn trống."""
    config: Config = current_app.config["PORTAL"]
    marker = config.instance / "SAMPLE"
    if db.session.scalar(select(Unit.id).limit(1)) is not None:
        if marker.exists():
            click.echo("Dữ liệu minh họa đã có sẵn.")
            return
        raise click.ClickException("Cổng này đã có dữ liệu. Dữ liệu minh họa chỉ ghi vào cổng còn trống.")
    marker.touch()
    today = today_in_vietnam()
    with writing(), acting(None, "dữ liệu minh họa"):
        province = _make_books(today)
        db.session.commit()
    _import_statement(config, province, today)
    with writing(), acting(None, "dữ liệu minh họa"):
        reports.import_reports(today, random.Random(SEED + 2))  # noqa: S311
        db.session.commit()
    _say_who()


def _make_books(today: date) -> Province:
    chance = random.Random(SEED)  # noqa: S311  invented gifts, not secrets
    province = make_province(default_fund(), opening_on=date(today.year, 1, 1))
    campaigns = gifts.make_campaigns(province, today)
    recorded = gifts.record_cash_gifts(province, campaigns, chance, today)
    gifts.reverse_one(province, recorded[len(recorded) // 2])
    return province


def _import_statement(config: Config, province: Province, today: date) -> None:
    from portal.campaigns.models import Campaign
    from portal.ledger.models import Account, BankAccount
    from portal.statements.actions import import_file

    campaign = db.session.scalars(select(Campaign).order_by(Campaign.id).limit(1)).one()
    bank = db.session.scalars(select(BankAccount).order_by(BankAccount.id).limit(1)).one()
    place = db.session.scalars(
        select(Account).where(Account.bank_account_id == bank.id, Account.kind == "bank")
    ).one()
    path = config.instance / "sao-ke-minh-hoa.csv"
    chance = random.Random(SEED + 1)  # noqa: S311
    gifts.write_statement(path, campaign, chance, opening=account_balance(place.id), today=today)
    import_file(
        path,
        account_code=bank.code,
        campaign_code=campaign.code,
        by=None,
        dry_run=False,
        filename=path.name,
        progress=None,
    )


def _say_who() -> None:
    click.echo("Đã ghi dữ liệu minh họa. Người dùng mẫu, cùng một mật khẩu:")
    for email, name, position, _role in PEOPLE:
        click.echo(f"  {email:28} {name}, {position}")
    click.echo(f"  mật khẩu: {PASSWORD}")


COMMANDS = [sample]
