"""What all rows of one table share: who brings it, what he may touch, and the records its codes mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.campaigns.models import Campaign
from portal.goods.models import Item, Store
from portal.imports.cells import Cells, given
from portal.imports.tracing import Trace
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold
from portal.ledger import queries as ledger
from portal.ledger.models import BankAccount, Fund
from portal.people.models import User
from portal.people.queries import units_for
from portal.units.models import Unit
from portal.units.queries import ended_text

UNIT, CAMPAIGN, ACCOUNT = "Mã đơn vị", "Mã đợt", "Tài khoản"


@dataclass
class Context:
    """`by` None is the command line, which may write for every unit.

    `unit`, `campaign` and `account` are codes that stand in for empty cells (options of the command).
    """

    by: User | None
    roles: tuple[str, ...]
    unit: str | None = None
    campaign: str | None = None
    account: str | None = None
    columns: frozenset[str] = frozenset()  # fields for which the file has a column
    late: list[int] = field(default_factory=list)  # rows dated after their campaign's end
    _items: dict[str, Item] | None = None
    notes: list[str] = field(default_factory=list)  # no faults, but worth a look
    trace: Trace | None = None  # of the import that is being carried out; None while it is only looked at
    _campaigns: dict[str, Campaign | None] = field(default_factory=dict)
    _accounts: dict[str, BankAccount | None] = field(default_factory=dict)
    _funds: dict[str | None, Fund] = field(default_factory=dict)
    _below: dict[int, set[int]] = field(default_factory=dict)
    _read: dict[Any, Any] = field(default_factory=dict)

    @cached_property
    def allowed(self) -> set[int] | None:
        """Ids of the units this person may write for; None = every unit."""
        if self.by is None:
            return None
        return set(db.session.scalars(units_for(self.by, *self.roles)))

    @cached_property
    def _bearers(self) -> dict[str, list[Unit]]:
        """Units by code, newest first: the rule of `units.queries.unit_at` without a statement per row."""
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in db.session.scalars(select(Unit).order_by(Unit.valid_from.desc())):
            found[unit.code].append(unit)
        return found

    @cached_property
    def _named(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.all_units():
            found[fold(unit.name)].append(unit)
        return found

    def all_units(self) -> list[Unit]:
        """Every unit there is."""
        return [unit for units in self._bearers.values() for unit in units]

    def knows_unit(self, code: str) -> bool:
        """Whether any unit ever bore the code."""
        return code in self._bearers

    def once(self, key: Any, read: Callable[[], Any]) -> Any:
        """What `read` gives, asked once for the whole table."""
        if key not in self._read:
            self._read[key] = read()
        return self._read[key]

    def may_write(self, unit_id: int) -> bool:
        """Whether rows of this unit may come from this person."""
        return self.allowed is None or unit_id in self.allowed

    def unit_of(
        self,
        cells: Cells,
        day: date | None,
        *,
        column: str = UNIT,
        needed: bool = True,
        own: bool = True,
        alone: bool = False,
    ) -> Unit | None:
        """The unit that bears the row's code on `day`, else the last before it; faults stand at the cell.

        `own` False: any unit may be named. `alone`: an empty cell means the one unit that the person works for.
        """
        code = given(cells.text(column, limit=200)) or (self.unit if own else None)
        if not code:
            if alone and self._only_unit is not None:
                return self._only_unit
            if needed:
                cells.wrong(column, "Chưa có mã đơn vị. Ghi mã như trong danh mục đơn vị.")
            return None
        if day is None:
            return None  # the day's own fault has been told
        unit = self._bearer(code, day)
        if unit is None:
            cells.wrong(
                column,
                f"Chưa có đơn vị mang mã “{code}” vào ngày {day:%d/%m/%Y}. "
                "Nhập danh mục đơn vị trước, hoặc sửa mã.",
            )
        elif own and not self.may_write(unit.id):
            cells.wrong(
                column,
                f"{unit.name} không thuộc phạm vi được giao. Bỏ dòng này, hoặc nhờ người của đơn vị đó nạp.",
            )
            return None
        return unit

    @cached_property
    def _only_unit(self) -> Unit | None:
        """The unit of the person's role for this table, when there is just one."""
        held = {grant.unit_id for grant in self.by.grants if grant.role in self.roles} if self.by else set()
        only = held.pop() if len(held) == 1 else None
        return db.session.get(Unit, only) if only is not None else None

    def _bearer(self, text: str, day: date) -> Unit | None:
        """By code; or, as lists and exports have it, by a name that one unit alone bears on that day."""
        found = next((unit for unit in self._bearers.get(text, ()) if unit.valid_from <= day), None)
        if found is not None or text in self._bearers:
            return found
        named = [unit for unit in self._named[fold(text)] if unit.valid_from <= day]
        alive = [unit for unit in named if unit.valid_to is None or day <= unit.valid_to]
        return alive[0] if len(alive) == 1 else None

    def check_alive(self, cells: Cells, unit: Unit | None, day: date | None, *, column: str = UNIT) -> None:
        """A unit that has ended takes no document dated later; the sentence names who follows it."""
        if unit is not None and day is not None and unit.valid_to is not None and day > unit.valid_to:
            cells.wrong(column, ended_text(unit))

    def campaign_of(self, cells: Cells, *, column: str = CAMPAIGN) -> Campaign | None:
        """The campaign of the row's code (case does not matter), or None for a gift outside campaigns."""
        code = given(cells.text(column, limit=40)) or self.campaign
        if not code:
            return None
        key = code.casefold()
        if key not in self._campaigns:
            wanted = select(Campaign).where(func.lower(Campaign.code) == code.lower())
            self._campaigns[key] = db.session.scalar(wanted)
        if self._campaigns[key] is None:
            cells.wrong(
                column, f"Chưa có đợt vận động mang mã “{code}”. Nhập danh mục đợt trước, hoặc sửa mã."
            )
        return self._campaigns[key]

    def unit_or_campaigns(
        self, cells: Cells, campaign: Campaign | None, day: date | None, *, column: str = UNIT
    ) -> Unit | None:
        """The row's unit, else that of its campaign; alive on `day`. Faults stand at the cell."""
        if given(cells.raw(column)) is not None or self.unit or campaign is None:
            if campaign is None and given(cells.raw(CAMPAIGN)) is not None and not given(cells.raw(column)):
                return None  # an unknown campaign, told already
            unit = self.unit_of(cells, day, column=column, alone=True)
        elif self.may_write(campaign.unit_id):
            unit = campaign.unit
        else:
            name = campaign.unit.name
            cells.wrong(
                CAMPAIGN, f"{name} không thuộc phạm vi được giao. Ghi mã đơn vị của mình, hoặc sửa mã đợt."
            )
            return None
        self.check_alive(cells, unit, day)
        return unit

    def check_fits(self, cells: Cells, campaign: Campaign | None, unit: Unit) -> None:
        """A campaign takes gifts and promises of its own unit and of those below it."""
        if campaign is not None and not self.is_below(unit.id, campaign.unit_id):
            text = f"Đợt “{campaign.name}” không phải của {unit.name} hay đơn vị cấp trên."
            cells.wrong(CAMPAIGN, f"{text} Sửa mã đợt hoặc mã đơn vị.")

    def account_of(self, cells: Cells, *, column: str = ACCOUNT) -> BankAccount | None:
        """The bank account of the row's code, or None where none is written."""
        code = given(cells.text(column, limit=40)) or self.account
        if not code:
            return None
        if code not in self._accounts:
            self._accounts[code] = db.session.scalar(select(BankAccount).where(BankAccount.code == code))
        if self._accounts[code] is None:
            cells.wrong(
                column, f"Chưa có tài khoản mang mã “{code}”. Nhập danh mục tài khoản trước, hoặc sửa mã."
            )
        return self._accounts[code]

    def item_of(self, cells: Cells, *, column: str) -> Item | None:
        """The item of the row's code (case does not matter), or None where none is written."""
        code = given(cells.text(column, limit=40))
        if not code:
            return None
        if self._items is None:
            items = select(Item).where(~Item.withdrawn).options(selectinload(Item.packs))
            self._items = {item.code.casefold(): item for item in db.session.scalars(items)}
        item = self._items.get(code.casefold())
        if item is None:
            cells.wrong(column, f"Chưa có mặt hàng mang mã “{code}”. Nhập danh mục hàng trước, hoặc sửa mã.")
        return item

    def store_by(self, cells: Cells, *, column: str) -> Store | None:
        """The open store of the row's code within the person's units, or None where none is written."""
        code = given(cells.text(column, limit=40))
        if not code:
            return None
        found = next((one for one in self._open_stores if one.code.casefold() == code.casefold()), None)
        if found is None or not self.may_write(found.unit_id):
            cells.wrong(column, f"Không có kho đang mở mang mã “{code}” trong phạm vi được giao. Sửa mã kho.")
            return None
        return found

    @cached_property
    def _open_stores(self) -> list[Store]:
        return list(db.session.scalars(select(Store).where(Store.closed_on.is_(None))))

    def store_of(
        self, cells: Cells, unit: Unit, fund_id: int, *, column: str, needed: bool = True
    ) -> Store | None:
        """The open store of the row's code; without one the only store of the unit and fund."""
        code = given(cells.text(column, limit=40))
        own = [store for store in self._open_stores if (store.unit_id, store.fund_id) == (unit.id, fund_id)]
        if code:
            found = next((store for store in own if store.code.casefold() == code.casefold()), None)
            if found is None:
                cells.wrong(
                    column, f"{unit.name} không có kho đang mở mang mã “{code}” cho quỹ này. Sửa mã kho."
                )
            return found
        if len(own) == 1:
            return own[0]
        if needed:
            cells.wrong(column, f"Chưa ghi kho, mà {unit.name} có {len(own)} kho. Ghi mã kho nhận hàng.")
        return None

    def fund_of(self, cells: Cells, text: str | None, *, column: str = "Quỹ") -> Fund | None:
        """The fund of a code or name; nothing written = "Vì người nghèo"."""
        try:
            return self.fund(text)
        except Refused as refused:
            cells.refuse(refused, column)
            return None

    def fund(self, text: str | None) -> Fund:
        """The same, outside a row. Raises Refused."""
        if text not in self._funds:
            self._funds[text] = ledger.fund_by(text)
        return self._funds[text]

    def is_below(self, unit_id: int, above_id: int) -> bool:
        """Whether a unit is another one or lies below it."""
        if above_id not in self._below:
            self._below[above_id] = self._subtree(above_id)
        return unit_id in self._below[above_id]

    def _subtree(self, top: int) -> set[int]:
        children: dict[int | None, list[int]] = defaultdict(list)
        for units in self._bearers.values():
            for unit in units:
                children[unit.parent_id].append(unit.id)
        found, waiting = set(), [top]
        while waiting:
            unit_id = waiting.pop()
            if unit_id not in found:
                found.add(unit_id)
                waiting += children[unit_id]
        return found
