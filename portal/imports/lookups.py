"""What may be chosen in a column of a table: lists for the look-up sheets of the template files.

Each list shows only what the person may use: own units, their campaigns and those from above, own accounts and stores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from portal.campaigns.models import Campaign
from portal.campaigns.queries import with_units_above
from portal.emulation.models_movements import MovementRound
from portal.goods.models import Item, Store
from portal.households.models import HouseholdGroup
from portal.kit.db import db
from portal.kit.vietnamese import natural_key
from portal.ledger.models import BankAccount, Fund
from portal.units.models import Unit

Choices = Sequence[tuple[str, str]]  # (what to write, what it means)
Units = Select[tuple[int]]  # ids of the units that the person may write for


@dataclass(frozen=True)
class Lookup:
    """A list with a sheet of its own; `read` gets the units of the person."""

    title: str
    read: Callable[[Units], Choices]


def fixed(title: str, names: Sequence[str] | Mapping[str, str]) -> Lookup:
    """A closed list of words."""
    pairs = list(names.items()) if isinstance(names, Mapping) else [(name, "") for name in names]
    return Lookup(title, lambda _units: pairs)


def _units(units: Units) -> Choices:
    rows = select(Unit.code, Unit.name).where(Unit.id.in_(units), Unit.valid_to.is_(None)).distinct()
    return sorted(
        ((code, name) for code, name in db.session.execute(rows)), key=lambda pair: natural_key(pair[1])
    )


def _campaigns(units: Units) -> Choices:
    rows = select(Campaign.code, Campaign.name).where(Campaign.unit_id.in_(with_units_above(units)))
    return [(code, name) for code, name in db.session.execute(rows.order_by(Campaign.starts_on.desc()))]


def _accounts(units: Units) -> Choices:
    rows = select(BankAccount).where(BankAccount.unit_id.in_(units)).order_by(BankAccount.code)
    return [(row.code, f"{row.bank}, {row.number}") for row in db.session.scalars(rows)]


def _funds(_units: Units) -> Choices:
    return [(row.name, row.code) for row in db.session.scalars(select(Fund).order_by(Fund.id))]


def _items(_units: Units) -> Choices:
    rows = select(Item.code, Item.name, Item.measure).where(~Item.withdrawn).order_by(Item.folded)
    return [(code, f"{name} ({measure})") for code, name, measure in db.session.execute(rows)]


def _stores(units: Units) -> Choices:
    rows = select(Store.code, Store.name).where(Store.unit_id.in_(units), Store.closed_on.is_(None))
    return [(code, name) for code, name in db.session.execute(rows.order_by(Store.code))]


def _groups(_units: Units) -> Choices:
    rows = select(HouseholdGroup.name).order_by(HouseholdGroup.id)
    return [(name, "") for name in db.session.scalars(rows)]


def _years(units: Units) -> Choices:
    rows = select(MovementRound.code, MovementRound.name).where(MovementRound.unit_id.in_(units))
    return [(code, name) for code, name in db.session.execute(rows.order_by(MovementRound.starts_on.desc()))]


UNITS = Lookup("Danh mục đơn vị", _units)
CAMPAIGNS = Lookup("Danh mục đợt", _campaigns)
ACCOUNTS = Lookup("Danh mục tài khoản", _accounts)
FUNDS = Lookup("Danh mục quỹ", _funds)
ITEMS = Lookup("Danh mục hàng", _items)
STORES = Lookup("Danh mục kho", _stores)
GROUPS = Lookup("Danh mục nhóm hộ", _groups)
YEARS = Lookup("Danh mục kỳ chấm", _years)
