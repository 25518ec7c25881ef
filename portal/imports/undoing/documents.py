"""The documents of an import, reversed all at once: the number of SQL statements does not follow their number.

What `ledger.actions.reverse` and its followers do for one document is done here for all of them; a test compares.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from portal.donations.models import Donation, Reclassification, ReclassificationRequest, Refund
from portal.donations.rules import code_of
from portal.goods.models import Item, StockBalance, StockMovement, Store
from portal.goods.movements import write_all
from portal.goods.rules import Movement
from portal.imports.models import ImportRun
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.money import format_dong
from portal.kit.numbers import Entry, last_number
from portal.ledger.models import Account, Closing, DayTotal, Posting, Transfer
from portal.ledger.queries import is_reversed
from portal.ledger.rules import booking_day
from portal.ledger.totals import add_totals
from portal.people.models import User
from portal.pledges.models import Fulfilment
from portal.receipts.models import Receipt
from portal.statements.models_settling import TransitMatch
from portal.units.models import Unit

SHOWN = 50  # records that one reason lists
GONE = "Hàng của lần nhập này đã rời kho: đảo các phiếu xuất, chuyển sau đó trước, rồi hoàn lại lần nhập."


def _mine(run: ImportRun, number: Any) -> ColumnElement[bool]:
    return number.between(run.first_entry or 0, run.last_entry or -1)


def _standing(run: ImportRun) -> ColumnElement[bool]:
    """Documents of the run that count; what was reversed one by one before needs nothing more."""
    return and_(_mine(run, Posting.number), Posting.kind != "reversal", ~is_reversed(Posting.number))


def obstacles(run: ImportRun) -> list[str]:
    """Gifts that something else already rests on, cash that has been passed on, goods that are gone."""
    if run.first_entry is None:
        return []
    found = []
    for rests, why in (
        (select(Receipt.donation_id), "đã cấp biên lai theo yêu cầu"),
        (_refunded(), "đã hoàn trả hoặc đang đề nghị hoàn trả"),
        (_reclassified(), "đã chuyển đợt hoặc đang đề nghị chuyển đợt"),
        (_met(), "đã khớp với dòng sao kê, gỡ ở bàn đối chiếu trước"),
    ):
        found += [f"Khoản {code_of(gift_id)} {why}" for gift_id in db.session.scalars(_gifts(run, rests))]
    return found + _cash_gone(run) + _goods_gone(run)


def _refunded() -> Select[Any]:
    done = and_(Refund.approved, ~is_reversed(Refund.posting_number))  # type: ignore[arg-type]
    return select(Refund.donation_id).where(or_(Refund.approved.is_(None), done))


def _reclassified() -> Any:
    done = select(Reclassification.donation_id).where(~is_reversed(Reclassification.posting_number))
    asked = select(ReclassificationRequest.donation_id).where(ReclassificationRequest.approved.is_(None))
    return done.union(asked)


def _met() -> Select[Any]:
    """Gifts by transfer that have met their statement line."""
    met = select(TransitMatch.in_posting).where(TransitMatch.ended_at.is_(None))
    return select(Donation.id).where(Donation.posting_number.in_(met))


def _gifts(run: ImportRun, rests: Any) -> Select[Any]:
    rows = select(Donation.id).join(Posting, Posting.number == Donation.posting_number)
    return rows.where(_standing(run), Donation.id.in_(rests)).order_by(Donation.id).limit(SHOWN)


def _cash_gone(run: ImportRun) -> list[str]:
    """Hands and boxes that now hold less cash than the run brought."""
    brought = (
        select(Transfer.debit_id.label("account_id"), func.sum(Transfer.amount).label("amount"))
        .join(Posting, Posting.number == Transfer.posting_number)
        .where(_standing(run))
        .group_by(Transfer.debit_id)
        .subquery()
    )
    balance = select(func.coalesce(func.sum(DayTotal.debit - DayTotal.credit), 0))
    balance_now = balance.where(DayTotal.account_id == Account.id).correlate(Account).scalar_subquery()
    rows = select(Unit.name, brought.c.amount - balance_now).select_from(brought)
    rows = rows.join(Account, Account.id == brought.c.account_id).join(Unit, Unit.id == Account.unit_id)
    short = and_(Account.kind == "cash", balance_now < brought.c.amount)
    return [
        f"Tiền mặt của {unit} đã bàn giao, nộp ngân hàng hoặc chi, còn thiếu {format_dong(int(missing))} để rút lại"
        for unit, missing in db.session.execute(rows.where(short).limit(SHOWN))
    ]


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
        .group_by(StockMovement.store_id, StockMovement.item_id, StockMovement.lot_id)
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
    _mirror_transfers(before + 1, last)
    _mirror_movements(before + 1, last)
    _release_pledges(before + 1, last)
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


def _mirror_transfers(first: int, last: int) -> None:
    mirror = aliased(Posting)
    values = {
        "posting_number": mirror.number,
        "ordinal": Transfer.ordinal,
        "credit_id": Transfer.debit_id,
        "debit_id": Transfer.credit_id,
        "booked_on": mirror.booked_on,
        "amount": Transfer.amount,
    }
    rows = select(*values.values()).join(mirror, mirror.reverses == Transfer.posting_number)
    _insert(Transfer, rows.where(mirror.number.between(first, last)), tuple(values))


def _mirror_movements(first: int, last: int) -> None:
    """Goods go back out of their stores. Raises Refused when they are no longer there, on any day since."""
    mirror = aliased(Posting)
    moved = select(mirror.number, mirror.unit_id, mirror.fund_id, mirror.booked_on, StockMovement)
    moved = moved.join(StockMovement, StockMovement.posting_number == mirror.reverses)
    moved = moved.where(mirror.number.between(first, last)).order_by(mirror.number, StockMovement.ordinal)
    write_all([(row, _opposite(row.StockMovement)) for row in db.session.execute(moved)], advice=GONE)


def _opposite(row: StockMovement) -> Movement:
    value = -row.value if row.value else None
    return Movement(row.ordinal, row.store_id, row.item_id, row.lot_id, -row.quantity, value)


def _release_pledges(first: int, last: int) -> None:
    """A reversed document fulfils no pledge any more, as of its reversal."""
    mirror = aliased(Posting)
    answer = select(mirror.number).where(
        mirror.reverses == Fulfilment.posting_number, mirror.number.between(first, last)
    )
    ended = update(Fulfilment).where(Fulfilment.until.is_(None), answer.exists())
    db.session.execute(
        ended.values(until=answer.scalar_subquery()), execution_options={"synchronize_session": False}
    )


def _insert(model: Any, rows: Any, names: tuple[str, ...]) -> None:
    db.session.execute(insert(model.__table__).from_select(names, rows))
