"""Everything a household ever received, from any source, by business date. Rooms above add their lines.

LINES.append(lines_of_vouchers)     # ids of one household's rows → lines
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.households.models_help import HouseholdAid
from portal.kit.db import db
from portal.kit.money import format_amount


@dataclass(frozen=True)
class Line:
    """One thing received. Amounts in đồng: cash, and what goods are worth by the books or by estimate; None = not known.

    `in_books`: the fund gave it. `aid_id` names a line recorded here, which may be taken back; `address` the paper.
    """

    day: date
    source: str
    what: str
    cash: int | None = None
    goods: int | None = None
    is_estimate: bool = False
    in_books: bool = False
    address: str | None = None
    unit_id: int | None = None  # whose people may open the paper; None = whoever reads the household
    aid_id: int | None = None
    is_due: bool = False  # decided, not handed over yet: told, and not counted


@dataclass(frozen=True)
class Sums:
    """Sums of lines, đồng: what the fund gave, and what came from others; None where no line says a number."""

    fund_cash: int | None
    fund_goods: int | None
    other_cash: int | None
    other_goods: int | None


LINES: list[Callable[[Sequence[int]], list[Line]]] = []


def lines_of(household_ids: Sequence[int]) -> list[Line]:
    """What these rows of one household received, newest first."""
    found = [line for lines in LINES for line in lines(household_ids)]
    return sorted(found, key=lambda line: line.day, reverse=True)


def times_of(lines: Sequence[Line]) -> str | None:
    """ "2 lần", "2 lần, sẽ nhận 1", "sẽ nhận 1"; None for nothing."""
    due = sum(line.is_due for line in lines)
    had = len(lines) - due
    words = [f"{format_amount(had)} lần" if had else "", f"sẽ nhận {format_amount(due)}" if due else ""]
    return ", ".join(word for word in words if word) or None


def sums_of(lines: Sequence[Line]) -> Sums:
    """The four sums; missing stays missing."""
    fund = [line for line in lines if line.in_books]
    others = [line for line in lines if not line.in_books]
    return Sums(
        _sum([line.cash for line in fund]),
        _sum([line.goods for line in fund]),
        _sum([line.cash for line in others]),
        _sum([line.goods for line in others]),
    )


def _sum(amounts: Sequence[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def from_others(household_ids: Sequence[int]) -> list[Line]:
    """What was recorded here as given by others."""
    rows = select(HouseholdAid).where(
        HouseholdAid.household_id.in_(household_ids), HouseholdAid.withdrawn.is_(False)
    )
    return [
        Line(
            day=aid.given_on,
            source=aid.source,
            what="; ".join(part for part in ("Tiền" if aid.cash else None, aid.goods, aid.note) if part),
            cash=aid.cash,
            goods=aid.estimate,
            is_estimate=aid.estimate is not None,
            aid_id=aid.id,
        )
        for aid in db.session.scalars(rows.order_by(HouseholdAid.id))
    ]


LINES.append(from_others)
