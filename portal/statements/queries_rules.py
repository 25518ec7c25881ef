"""Reading the rules of statement lines within a person's units, and how many lines each has decided."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from portal.kit.db import db
from portal.ledger.models import BankAccount
from portal.people.models import User
from portal.people.queries import readable_units, units_for
from portal.statements.models import StatementLine
from portal.statements.models_settling import LineRule
from portal.units.models import Unit


def rules_for(user: User) -> Select[tuple[LineRule]]:
    """Rules of the units that a person may read, what they name loaded with them."""
    rows = select(LineRule).where(LineRule.unit_id.in_(readable_units(user)))
    return rows.options(
        joinedload(LineRule.unit), joinedload(LineRule.bank_account), joinedload(LineRule.campaign)
    )


def rule_or_404(rule_id: int, *, for_user: User) -> LineRule:
    """One rule, if the person may read its unit; otherwise 404."""
    return db.one_or_404(rules_for(for_user).where(LineRule.id == rule_id))


def rules_of_unit(unit_id: int, *, for_user: User) -> list[LineRule]:
    """All rules of a unit in the order in which they are asked, withdrawn ones among them."""
    rows = rules_for(for_user).where(LineRule.unit_id == unit_id)
    return list(db.session.scalars(rows.order_by(LineRule.position, LineRule.id)))


def decided_by(rule_ids: Sequence[int]) -> dict[int, int]:
    """How many lines each of the rules has decided; one statement."""
    line = StatementLine.rule_id
    rows = select(line, func.count()).where(line.is_not(None), line.in_(rule_ids)).group_by(line)
    return {rule_id: count for rule_id, count in db.session.execute(rows) if rule_id is not None}


def names_of_rules(unit_id: int) -> dict[int, str]:
    """Names of all rules of a unit, by id."""
    rows = select(LineRule.id, LineRule.name).where(LineRule.unit_id == unit_id)
    return dict(db.session.execute(rows).all())


def units_with_rules(user: User, *roles: str) -> list[Unit]:
    """Units that have rules and that the person reads, and those with accounts where one of the roles is theirs."""
    has = select(LineRule.id).where(LineRule.unit_id == Unit.id).exists()
    keeps = select(BankAccount.id).where(BankAccount.unit_id == Unit.id).exists()
    seen = Unit.id.in_(readable_units(user)) & has
    rows = select(Unit).where(or_(seen, Unit.id.in_(units_for(user, *roles)) & keeps))
    return list(db.session.scalars(rows.order_by(Unit.parent_id.is_not(None), Unit.name, Unit.id)))


def asked_before(rule: LineRule | None, unit_id: int) -> set[int]:
    """Ids of the living rules of a unit that are asked before this one; None = one that is new, and asked last."""
    rows = select(LineRule.id).where(LineRule.unit_id == unit_id, LineRule.withdrawn.is_(False))
    if rule is not None:
        same = (LineRule.position == rule.position) & (LineRule.id < rule.id)
        rows = rows.where((LineRule.position < rule.position) | same)
    return set(db.session.scalars(rows))


def neighbour_of(rule: LineRule, *, earlier: bool) -> LineRule | None:
    """The living rule of the unit that is asked just before a rule, or just after it."""
    near = asked_before(rule, rule.unit_id)
    rows = select(LineRule).where(
        LineRule.unit_id == rule.unit_id, LineRule.withdrawn.is_(False), LineRule.id != rule.id
    )
    if earlier:
        rows = rows.where(LineRule.id.in_(near)).order_by(LineRule.position.desc(), LineRule.id.desc())
    else:
        rows = rows.where(LineRule.id.not_in(near)).order_by(LineRule.position, LineRule.id)
    return db.session.scalar(rows.limit(1))


def accounts_of(unit_id: int) -> list[BankAccount]:
    """The bank accounts of a unit."""
    rows = select(BankAccount).where(BankAccount.unit_id == unit_id)
    return list(db.session.scalars(rows.order_by(BankAccount.code)))
