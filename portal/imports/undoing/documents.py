"""The documents of an import, reversed all at once: the number of SQL statements does not follow their number.

What `ledger.actions.reverse` and its followers do for one document is done here for all of them; a test compares.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, insert, literal, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from portal.donations.models import Donation, Reclassification, Refund
from portal.donations.rules import code_of
from portal.goods.models import Item, StockBalance, StockMovement, Store
from portal.imports.models import ImportRun
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import Entry, last_number
from portal.ledger.models import Closing, Posting, Transfer
from portal.ledger.queries import is_reversed
from portal.ledger.rules import booking_day
from portal.ledger.totals import add_totals
from portal.people.models import User
from portal.receipts.models import Receipt
from portal.units.models import Unit

SHOWN = 50  # records that one reason lists
GONE = "Hàng của lần nhập này đã xuất bớt khỏi kho nên không hoàn lại được. Đảo các phiếu xuất trước."


def _mine(run: ImportRun, number: Any) -> ColumnElement[bool]:
    return number.between(run.first_entry or 0, run.last_entry or -1)


def _standing(run: ImportRun) -> ColumnElement[bool]:
    """Documents of the run that count; what was reversed one by one before needs nothing more."""
    return and_(_mine(run, Posting.number), Posting.kind != "reversal", ~is_reversed(Posting.number))


def obstacles(run: ImportRun) -> list[str]:
    """Gifts that something else already rests on, and goods that are gone."""
    if run.first_entry is None:
        return []
    found = []
    for rests, why in (
        (Receipt.donation_id, "đã cấp biên lai theo yêu cầu"),
        (_refunded(), "đã hoàn trả hoặc đang đề nghị hoàn trả"),
        (Reclassification.donation_id, "đã điều chỉnh đợt"),
    ):
        found += [f"Khoản {code_of(gift_id)} {why}" for gift_id in db.session.scalars(_gifts(run, rests))]
    return found + _goods_gone(run)


def _refunded() -> Any:
    asked = select(Refund.donation_id).where(or_(Refund.approved.is_(None), Refund.approved)).subquery()
    return asked.c.donation_id


def _gifts(run: ImportRun, rests: Any) -> Select[Any]:
    rows = select(Donation.id).join(Posting, Posting.number == Donation.posting_number).distinct()
    return rows.where(_standing(run), Donation.id.in_(select(rests))).order_by(Donation.id).limit(SHOWN)


def _goods_gone(run: ImportRun) -> list[str]:
    """Items of which a store now holds less than the run brought."""
    brought = (
        select(
            StockMovement.store_id,
            StockMovement.item_id,
            func.coalesce(StockMovement.lot_id, 0).label("lot_key"),
            func.sum(StockMovement.quantity).label("quantity"),
            func.coalesce(func.sum(StockMovement.value), 0).label("value"),
        )
        .join(Posting, Posting.number == StockMovement.posting_number)
        .where(_standing(run))
        .group_by(StockMovement.store_id, StockMovement.item_id, func.coalesce(StockMovement.lot_id, 0))
        .subquery()
    )
    same = and_(
        StockBalance.store_id == brought.c.store_id,
        StockBalance.item_id == brought.c.item_id,
        StockBalance.lot_key == brought.c.lot_key,
    )
    rows = select(Item.name, Store.name).select_from(brought).join(StockBalance, same)
    rows = rows.join(Item, Item.id == brought.c.item_id).join(Store, Store.id == brought.c.store_id)
    short = or_(StockBalance.quantity < brought.c.quantity, StockBalance.value < brought.c.value)
    return [
        f"“{item}” trong {store} đã xuất bớt, không còn đủ để rút lại"
        for item, store in db.session.execute(rows.where(short).order_by(Item.name).limit(SHOWN))
    ]


def reverse_all(run: ImportRun, *, by: User, second: User) -> None:
    """Answer every document of the run with its mirror image; under the posting lock. Raises Refused."""
    if run.first_entry is None:
        return
    days = _booking_days(run)
    if not days:
        return
    before = last_number()
    number = literal(before) + func.row_number().over(order_by=Posting.number)
    _insert(
        Entry,
        select(
            number,
            literal("reversal"),
            literal(by.id),
            literal(by.name),
            literal(now(), Entry.recorded_at.type),
        ).where(_standing(run)),
        ("number", "what", "by_id", "by_name", "recorded_at"),
    )
    _insert_postings(run, number, days, by, second)
    last = last_number()
    _mirror(Transfer, before + 1, last, swapped={"credit_id": "debit_id", "debit_id": "credit_id"})
    try:
        _mirror(StockMovement, before + 1, last, negated=("quantity", "value"))
    except IntegrityError as error:
        raise Refused(GONE) from error
    add_totals(before + 1, last)


def _booking_days(run: ImportRun) -> dict[tuple[int, int], tuple[date, date]]:
    """(day of the document, day in the books) of the reversals of each unit and fund."""
    today = today_in_vietnam()
    closed = select(func.max(Closing.through)).where(
        Closing.unit_id == Posting.unit_id, Closing.fund_id == Posting.fund_id
    )
    rows = select(Posting.unit_id, Posting.fund_id, Unit.valid_to, closed.scalar_subquery())
    rows = rows.join(Unit, Unit.id == Posting.unit_id).where(_standing(run)).distinct()
    found = {}
    for unit_id, fund_id, ended, through in db.session.execute(rows):
        document_on = min(today, ended) if ended else today
        found[unit_id, fund_id] = (
            document_on,
            booking_day(document_on, closed_through=through, today=today),
        )
    return found


def _insert_postings(
    run: ImportRun, number: Any, days: dict[tuple[int, int], tuple[date, date]], by: User, second: User
) -> None:
    def day(place: int) -> Any:
        return case(
            *(
                (and_(Posting.unit_id == unit, Posting.fund_id == fund), literal(pair[place], Date))
                for (unit, fund), pair in days.items()
            )
        )

    values = {
        "number": number,
        "kind": literal("reversal"),
        "unit_id": Posting.unit_id,
        "fund_id": Posting.fund_id,
        "document_on": day(0),
        "booked_on": day(1),
        "by_id": literal(by.id),
        "second_id": literal(second.id),
        "second_name": literal(second.name),
        "reason": literal(run.undo_reason),
        "reverses": Posting.number,
    }
    _insert(Posting, select(*values.values()).where(_standing(run)), tuple(values))


def _mirror(
    model: Any, first: int, last: int, *, swapped: dict[str, str] | None = None, negated: tuple[str, ...] = ()
) -> None:
    """The rows of the reversed documents once more under their reversals, the other way round."""
    swapped, mirror = swapped or {}, aliased(Posting)
    names, values = [], []
    for column in model.__table__.columns:
        value: Any = getattr(model, swapped.get(column.name, column.name))
        if column.name == "posting_number":
            value = mirror.number
        elif column.name == "booked_on":
            value = mirror.booked_on
        names.append(column.name)
        values.append(-value if column.name in negated else value)
    rows = select(*values).join(mirror, mirror.reverses == model.posting_number)
    _insert(model, rows.where(mirror.number.between(first, last)), tuple(names))


def _insert(model: Any, rows: Select[Any], names: tuple[str, ...]) -> None:
    db.session.execute(insert(model.__table__).from_select(names, rows))
