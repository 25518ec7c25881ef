"""Writing the rules of statement lines. A changed rule touches no line that is posted. Flushes; the caller commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from portal.campaigns.models import Campaign
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.ledger.models import BankAccount
from portal.people.models import User
from portal.statements import queries, queries_rules
from portal.statements.classes import check_rule
from portal.statements.models_settling import LineRule
from portal.units.models import Unit

FIELDS = ("name", "bank_account_id", "direction", "words", "least", "most", "kind", "campaign_id")


def make_rule(unit: Unit, values: dict[str, Any], *, by: User) -> LineRule:
    """A new rule of a unit, asked last; `values`: FIELDS. Raises Refused at their names."""
    check_values(unit.id, values)
    last = select(func.coalesce(func.max(LineRule.position), 0)).where(LineRule.unit_id == unit.id)
    rule = LineRule(unit_id=unit.id, position=(db.session.scalar(last) or 0) + 1, made_by_id=by.id)
    return _write(rule, values)


def change_rule(rule: LineRule, values: dict[str, Any], *, by: User) -> LineRule:
    """The rule says something else for the lines to come. Raises Refused."""
    check_values(rule.unit_id, values)
    rule.made_by_id, rule.made_at = by.id, now()
    return _write(rule, values)


def check_values(unit_id: int, values: dict[str, Any]) -> None:
    """What a rule says must be able to be. Raises Refused at the field."""
    campaign_id = values["campaign_id"]
    check_rule(
        direction=values["direction"],
        words=values["words"] or "",
        least=values["least"],
        most=values["most"],
        kind=values["kind"],
        campaign_id=campaign_id,
    )
    accounts = queries_rules.accounts_of(unit_id)
    if values["bank_account_id"] is not None:
        accounts = [one for one in accounts if one.id == values["bank_account_id"]]
        if not accounts:
            raise Refused("Tài khoản này của đơn vị khác. Chọn tài khoản của đơn vị.", "bank_account_id")
    if campaign_id is not None:
        _check_campaign(unit_id, db.session.get_one(Campaign, campaign_id), accounts)


def _check_campaign(unit_id: int, campaign: Campaign, accounts: list[BankAccount]) -> None:
    if any(account.fund_id != campaign.fund_id for account in accounts):
        raise Refused(
            "Đợt vận động này thuộc quỹ khác với tài khoản. Chọn đúng tài khoản của quỹ đó, hoặc chọn đợt khác.",
            "campaign_id",
        )
    if not queries.related_units(unit_id, campaign.unit_id):
        raise Refused(
            "Đợt vận động này của đơn vị không cùng tuyến với đơn vị giữ tài khoản. Chọn lại đợt.",
            "campaign_id",
        )


def _write(rule: LineRule, values: dict[str, Any]) -> LineRule:
    for name in FIELDS:
        setattr(rule, name, values[name])
    rule.words = values["words"] or ""
    db.session.add(rule)
    db.session.flush()
    return rule


def move_rule(rule: LineRule, *, earlier: bool) -> bool:
    """The rule is asked one place earlier or later; False when it is the first or last already. Raises Refused."""
    if rule.withdrawn:
        raise Refused("Quy tắc này đã ngừng dùng nên không còn thứ tự. Dùng lại trước rồi đổi thứ tự.")
    near = queries_rules.neighbour_of(rule, earlier=earlier)
    if near is None:
        return False
    _number_anew(rule.unit_id)
    rule.position, near.position = near.position, rule.position
    db.session.flush()
    return True


def _number_anew(unit_id: int) -> None:
    """Two rules written in the same moment may bear the same place: each gets its own."""
    rows = select(LineRule).where(LineRule.unit_id == unit_id).order_by(LineRule.position, LineRule.id)
    for place, rule in enumerate(db.session.scalars(rows), start=1):
        rule.position = place
    db.session.flush()


def withdraw_rule(rule: LineRule, *, withdrawn: bool) -> None:
    """The rule is asked no more, or (False) again, behind those that are asked now. Lines keep what they are."""
    if rule.withdrawn == withdrawn:
        return
    rule.withdrawn = withdrawn
    if not withdrawn:
        last = select(func.max(LineRule.position)).where(LineRule.unit_id == rule.unit_id)
        rule.position = (db.session.scalar(last) or 0) + 1
    db.session.flush()
