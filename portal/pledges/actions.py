"""Writing pledges. Every change is a new version under the next entry; flushes, the caller commits; may raise Refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.donors.models import Donor
from portal.kit import audit
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import Entry, next_entry, take_paper_number, take_posting_lock
from portal.ledger.actions import check_unit_alive
from portal.ledger.models import Fund
from portal.people.models import User
from portal.pledges import queries
from portal.pledges.matching import fulfil as fulfil
from portal.pledges.matching import release as release
from portal.pledges.models import Instalment, Pledge, PledgeTerms, Reminder
from portal.pledges.rules import (
    MONEY,
    SERIES,
    Due,
    check_dues,
    check_terms,
    outstanding,
)
from portal.units.models import Unit
from portal.units.queries import subtree

FIELDS = tuple(
    column.name
    for column in PledgeTerms.__table__.columns
    if column.name not in ("id", "pledge_id", "since", "until")
)  # what a version says


def record_pledge(
    *,
    unit: Unit,
    fund: Fund,
    campaign: Campaign | None,
    pledged_on: date,
    donor_name: str,
    kind: str = MONEY,
    amount: int | None = None,
    instalments: Sequence[tuple[date, int | None]] = (),
    donor: Donor | None = None,
    donor_kind: str | None = None,
    phone: str | None = None,
    address: str | None = None,
    shown_as: str | None = None,
    content: str | None = None,
    quantity: str | None = None,
    measure: str | None = None,
    announced: bool = False,
    note: str | None = None,
    identity: str | None = None,
    by: User | None,
    entry: Entry | None = None,
) -> Pledge:
    """A new promise with the next number of the series of its unit, fund and year.

    `amount` đồng (the agreed value of goods, a house, labour; None = not valued). `instalments`: (day, đồng); one
    day alone may leave its amount None. `entry`: of a larger batch. Raises Refused (fields donor_name, amount, …).
    """
    values = dict.fromkeys(FIELDS) | {
        "campaign_id": campaign.id if campaign else None,
        "pledged_on": pledged_on,
        "donor_id": donor.id if donor else None,
        "donor_name": donor_name,
        "donor_kind": donor_kind or (donor.kind if donor else None),
        "phone": phone,
        "address": address,
        "shown_as": shown_as,
        "kind": kind,
        "content": None if kind == MONEY else content,
        "quantity": None if kind == MONEY else quantity,
        "measure": None if kind == MONEY else measure,
        "amount": amount,
        "announced": announced,
        "note": note,
    }
    dues = _dues(instalments, amount)
    _check(values, dues, unit, fund, campaign)
    entry = entry or _entry("pledge", by)
    number = take_paper_number(unit_id=unit.id, fund_id=fund.id, kind=SERIES, day=pledged_on)
    pledge = Pledge(
        unit_id=unit.id,
        fund_id=fund.id,
        year=pledged_on.year,
        number=number,
        identity=identity,
        recorded_by_id=by.id if by else None,
    )
    db.session.add(pledge)
    db.session.flush()
    _write(pledge, values, dues, entry)
    return pledge


def _entry(what: str, by: User | None) -> Entry:
    return next_entry(what, *((by.id, by.name) if by else audit.actor()))


def _dues(instalments: Iterable[tuple[date, int | None]], amount: int | None) -> list[Due]:
    """A day without an amount is the day of the whole."""
    return [Due(day, (amount or 0) if part is None else part) for day, part in instalments]


def _check(
    values: dict[str, Any], dues: Sequence[Due], unit: Unit, fund: Fund, campaign: Campaign | None
) -> None:
    check_terms(values, today=today_in_vietnam())
    check_dues(dues, amount=values["amount"], pledged_on=values["pledged_on"])
    check_unit_alive(unit, values["pledged_on"])
    if campaign is None:
        return
    below = subtree(campaign.unit_id).subquery()
    if db.session.scalar(select(below.c.id).where(below.c.id == unit.id)) is None:
        raise Refused(
            f"Đợt “{campaign.name}” không phải của {unit.name} hay đơn vị cấp trên. Chọn đợt khác.",
            "campaign_id",
        )
    if campaign.fund_id != fund.id:
        raise Refused(f"Đợt “{campaign.name}” thuộc quỹ khác. Chọn đợt của {fund.name}.", "campaign_id")


def _write(pledge: Pledge, values: Mapping[str, Any], dues: Sequence[Due], entry: Entry) -> PledgeTerms:
    terms = PledgeTerms(pledge_id=pledge.id, since=entry.number, **values)
    terms.instalments = [Instalment(due_on=due.due_on, amount=due.amount) for due in dues]
    db.session.add(terms)
    db.session.flush()
    return terms


def values_of(terms: PledgeTerms) -> dict[str, Any]:
    """What a version says, by column."""
    return {name: getattr(terms, name) for name in FIELDS}


def dues_of(terms: PledgeTerms) -> list[Due]:
    """The parts of a version."""
    return [Due(part.due_on, part.amount) for part in terms.instalments]


def change_pledge(
    pledge: Pledge,
    values: Mapping[str, Any],
    *,
    by: User | None,
    instalments: Sequence[tuple[date, int | None]] | None = None,
    base: int | None = None,
    entry: Entry | None = None,
    what: str = "pledge-change",
) -> PledgeTerms:
    """A new version in which `values` (columns of PledgeTerms) and, unless None, `instalments` are new.

    Nothing new = nothing written. `base` is the version (its id) that the person had before them: Refused when
    another one stands meanwhile. The day of the promise stays in the year of its number. Raises Refused.
    """
    take_posting_lock()
    old = queries.terms_of(pledge)
    if base is not None and base != old.id:
        raise Refused(
            "Đăng ký này vừa được người khác sửa. Mở lại trang để xem bản mới, rồi sửa tiếp nếu còn cần."
        )
    new = {**values_of(old), **values}
    if new["kind"] == MONEY:
        new |= {"content": None, "quantity": None, "measure": None, "met_on": None, "met_note": None}
    dues = dues_of(old) if instalments is None else _dues(instalments, new["amount"])
    if new == values_of(old) and dues == dues_of(old):
        return old
    if new["pledged_on"].year != pledge.year:
        raise Refused(
            f"Số {pledge.paper_number} thuộc năm {pledge.year}. Chọn ngày trong năm đó, hoặc hủy và ghi lại.",
            "pledged_on",
        )
    campaign = db.session.get(Campaign, new["campaign_id"]) if new["campaign_id"] else None
    _check(new, dues, pledge.unit, pledge.fund, campaign)
    entry = entry or _entry(what, by)
    old.until = entry.number
    db.session.flush()
    return _write(pledge, new, dues, entry)


def cancel_pledge(
    pledge: Pledge, *, reason: str | None, by: User | None, entry: Entry | None = None
) -> PledgeTerms:
    """The promise stands no more; what has come of it stays where it is. Raises Refused."""
    reason = (reason or "").strip()
    if not reason:
        raise Refused("Chưa nêu lý do hủy. Ghi một câu để người sau hiểu vì sao.", "reason")
    take_posting_lock()
    if queries.terms_of(pledge).cancelled_on is not None:
        raise Refused(f"Đăng ký {pledge.paper_number} đã hủy rồi. Tải lại trang để xem.")
    values = {"cancelled_on": today_in_vietnam(), "cancel_reason": reason}
    return change_pledge(pledge, values, by=by, entry=entry, what="pledge-cancel")


def restore_pledge(pledge: Pledge, *, by: User | None) -> PledgeTerms:
    """A cancelled promise stands again, as a new version. Raises Refused."""
    take_posting_lock()
    if queries.terms_of(pledge).cancelled_on is None:
        raise Refused(f"Đăng ký {pledge.paper_number} đang còn hiệu lực. Tải lại trang để xem.")
    values = {"cancelled_on": None, "cancel_reason": None}
    return change_pledge(pledge, values, by=by, what="pledge-restore")


def say_met(pledge: Pledge, *, on: date, note: str | None, by: User | None) -> PledgeTerms:
    """Goods, a house or labour was done without a gift to the fund: nothing more is awaited. Raises Refused.

    Money is never said to be done: its gift stands in the books.
    """
    take_posting_lock()
    terms = queries.terms_of(pledge)
    if terms.kind == MONEY:
        raise Refused("Đăng ký bằng tiền chỉ đủ khi có khoản ủng hộ. Ghép với khoản đã nhận.")
    if terms.cancelled_on is not None:
        raise Refused("Đăng ký này đã hủy. Bỏ hủy trước, rồi ghi đã thực hiện.")
    if not terms.pledged_on <= on <= today_in_vietnam():
        raise Refused("Ngày thực hiện phải từ ngày đăng ký đến hôm nay. Sửa lại ngày.", "met_on")
    if not (note or "").strip():
        raise Refused("Chưa ghi đã thực hiện thế nào. Ghi một câu, ví dụ 20 ngày công tại xóm 3.", "met_note")
    return change_pledge(pledge, {"met_on": on, "met_note": note}, by=by, what="pledge-met")


def unsay_met(pledge: Pledge, *, by: User | None) -> PledgeTerms:
    """It was not done after all: a new version."""
    return change_pledge(pledge, {"met_on": None, "met_note": None}, by=by, what="pledge-unmet")


def announce(pledge: Pledge, *, by: User | None, announced: bool = True) -> PledgeTerms:
    """Said in the hall: it stands on the ceremony's board (or is taken off it)."""
    return change_pledge(pledge, {"announced": announced}, by=by, what="pledge-announce")


def record_reminder(pledge: Pledge, *, by: User) -> Reminder:
    """A letter is sent today; what was still to come is kept with it. Raises Refused when nothing is."""
    terms = queries.terms_of(pledge)
    closed = terms.cancelled_on is not None or terms.met_on is not None
    left = outstanding(terms.amount, queries.come_of(pledge.id))
    if closed or (terms.amount is not None and not left):
        raise Refused(f"Đăng ký {pledge.paper_number} không còn phần chờ thực hiện, không cần thư nhắc.")
    reminder = Reminder(pledge_id=pledge.id, sent_on=today_in_vietnam(), outstanding=left, by_id=by.id)
    db.session.add(reminder)
    db.session.flush()
    return reminder
