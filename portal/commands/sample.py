"""`portal sample`: fill an empty portal with an invented province, for a first look."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.config import Config
from portal.kit.access import ACCOUNTANT, APPROVER
from portal.kit.audit import acting
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, writing
from portal.ledger.models import Account
from portal.ledger.queries import account_balance, default_fund
from portal.people.models import RoleGrant, User
from portal.sample import (
    advances,
    allocations,
    below,
    cases,
    decisions,
    distributions,
    gifts,
    handover,
    households,
    houses,
    inward,
    movements,
    photos,
    reports,
    rewards,
    spending,
    statements,
)
from portal.sample.province import PASSWORD, PEOPLE, make_province
from portal.statements.actions import import_file
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
        _make_books(today)
        db.session.commit()
    _import_statement(config.instance / "sao-ke-minh-hoa.csv", today)
    statements.import_waiting(config.instance, today)
    with writing(), acting(None, "dữ liệu minh họa"):
        reports.import_reports(today, random.Random(SEED + 2))  # noqa: S311
        movements.tell_models(random.Random(SEED + 12), today)  # noqa: S311
        reports.issue_sample_bulletin(
            db.session.scalars(select(Unit).order_by(Unit.id).limit(1)).one(),
            today,
            made_by=_holder_of(ACCOUNTANT),
            issued_by=_holder_of(APPROVER),
        )
        db.session.commit()
    _say_who()


def _make_books(today: date) -> None:
    chance = random.Random(SEED)  # noqa: S311  invented gifts, not secrets
    province = make_province(default_fund(), opening_on=date(today.year, 1, 1))
    campaigns = gifts.make_campaigns(province, today)
    recorded = gifts.record_cash_gifts(province, campaigns, chance, today)
    gifts.reverse_one(province, recorded[len(recorded) // 2])
    inward.record_inward(province, campaigns, random.Random(SEED + 3), today)  # noqa: S311
    spending.record_spending(province, random.Random(SEED + 5), today)  # noqa: S311
    advances.record_settlements(province, today)
    decisions.record_decisions(province, campaigns, random.Random(SEED + 4), today)  # noqa: S311
    allocations.allocate(province, campaigns[-1], today)
    statements.write_rules(province)
    households.record_households(province, random.Random(SEED + 6), today)  # noqa: S311
    distributions.record_lists(province, campaigns, today)
    handover.record_handovers(province, today)
    cases.record_cases(province, today)
    houses.record_houses(province, campaigns[0], today)
    photos.record_photos(province, random.Random(SEED + 9), today)  # noqa: S311
    movements.record_movement(province, random.Random(SEED + 11), today)  # noqa: S311
    rewards.record_rewards(province, today)
    below.add_people_below(province, today)


def _import_statement(path: Path, today: date) -> None:
    campaign = db.session.scalars(select(Campaign).order_by(Campaign.id).limit(1)).one()
    place = db.session.scalars(select(Account).where(Account.kind == "bank").limit(1)).one()
    bank = place.bank_account
    assert bank is not None  # bank accounts of the books belong to one
    chance = random.Random(SEED + 1)  # noqa: S311
    gifts.write_statement(path, campaign, chance, opening=account_balance(place.id), today=today)
    import_file(path, account_code=bank.code, campaign_code=campaign.code, by=None, filename=path.name)


def _holder_of(role: str) -> User:
    holders = select(User).join(RoleGrant).where(RoleGrant.role == role)
    return db.session.scalars(holders.order_by(User.id).limit(1)).one()


def _say_who() -> None:
    click.echo("Đã ghi dữ liệu minh họa. Người dùng mẫu, cùng một mật khẩu:")
    for email, name, position, _role in PEOPLE:
        click.echo(f"  {email:28} {name}, {position}")
    click.echo("Những người chỉ thấy nơi mình phụ trách:")
    for email, name, position, _code in below.PEOPLE:
        click.echo(f"  {email:28} {name}, {position}")
    click.echo(f"  mật khẩu: {PASSWORD}")


COMMANDS = [sample]
