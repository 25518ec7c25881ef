"""Writing the catalogues (purposes, levels) and the budget. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import Entry, next_entry, take_posting_lock
from portal.kit.versions import Recorded, record_versions
from portal.kit.vietnamese import fold, key_of, nfc
from portal.ledger.rules import GOODS
from portal.people.models import User
from portal.spending.models import SpendingPurpose, SupportLevel
from portal.spending.models_others import BudgetLine
from portal.spending.queries import forget_names

PURPOSES, LEVELS = "muc-dich", "cap"
CATALOGUES: dict[str, Any] = {PURPOSES: SpendingPurpose, LEVELS: SupportLevel}
TAKEN = frozenset({GOODS, "total"})  # keys of other figures: spent.goods, spent.total


def add_name(catalogue: str, name: str) -> Any:
    """One more purpose or level at the end; its key is made of the name once and for all. Raises Refused (name)."""
    model = CATALOGUES[catalogue]
    name = nfc(name)
    take_posting_lock()
    _check_free(model, name)
    key = _free_key(model, name)
    last = db.session.scalar(select(func.max(model.position))) or 0
    made = model(key=key, name=name, position=last + 1)
    db.session.add(made)
    db.session.flush()
    forget_names()
    return made


def rename(row: Any, name: str) -> None:
    """Another name for a purpose or level; its key, its figure and what was spent stay. Raises Refused (name)."""
    name = nfc(name)
    if not name:
        raise Refused("Chưa ghi tên. Gõ tên mới rồi ghi lại.", "name")
    _check_free(type(row), name, but=row.key)
    row.name = name
    db.session.flush()
    forget_names()


def end(row: Any, valid_to: date | None) -> None:
    """The last day on which it may be chosen; None opens it again. Raises Refused (valid_to)."""
    if valid_to is not None and valid_to < row.valid_from:
        raise Refused("Ngày ngừng dùng trước ngày bắt đầu. Sửa ngày.", "valid_to")
    row.valid_to = valid_to
    db.session.flush()


def _check_free(model: Any, name: str, *, but: str = "") -> None:
    for key, known in db.session.execute(select(model.key, model.name)):
        if key != but and fold(known) == fold(name):
            raise Refused(f"“{known}” đã có trong danh mục. Dùng tên đó, hoặc ghi tên khác.", "name")


def _free_key(model: Any, name: str) -> str:
    length = model.key.type.length
    wanted = key_of(name).strip("_")[: length - 3].strip("_")
    if not wanted:
        raise Refused("Tên cần có chữ hoặc số. Gõ tên khác.", "name")
    known = set(db.session.scalars(select(model.key))) | TAKEN
    tries = [wanted, *(f"{wanted}_{number}" for number in range(2, 100))]
    return next(key for key in tries if key not in known)


def set_budget(
    *,
    unit_id: int,
    fund_id: int,
    campaign_id: int | None,
    year: int | None,
    planned: Mapping[str, int | None],
    by: User,
) -> Recorded:
    """What a unit plans to spend, đồng by purpose (None = nothing planned): of a campaign, or of a year's common money.

    One numbered change; what stays the same takes no number.
    """
    if (campaign_id is None) == (year is None):
        raise ValueError("a budget is of a campaign or of a year")
    take_posting_lock()
    owner = {"unit_id": unit_id, "fund_id": fund_id, "campaign_id": campaign_id, "year": year}
    known = select(BudgetLine.purpose).where(BudgetLine.until.is_(None)).filter_by(**owner)
    purposes = set(db.session.scalars(known))
    rows = [
        {**owner, "purpose": purpose, "amount": amount}
        for purpose, amount in planned.items()
        if amount is not None or purpose in purposes
    ]

    def entry() -> Entry:
        return next_entry("budget", by.id, by.name)

    return record_versions(BudgetLine, rows, identity=(*owner, "purpose"), entry=entry, check=lambda _: None)
