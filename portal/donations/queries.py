"""Reading gifts: within a person's units, with the state of their documents and what they add up to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload
from werkzeug.exceptions import NotFound

from portal.campaigns.models import Campaign
from portal.donations.models import Donation, ForeignAmount, ReclassificationRequest, Refund, TakenBack
from portal.donations.rules import CASH, GOODS, GOODS_SERIES, RECEIPT_SERIES, id_of_code
from portal.kit.db import db
from portal.kit.folded import has_words
from portal.ledger import queries as ledger
from portal.ledger.models import Account, BankAccount, MonthTotal, Posting, ReversalRequest, Transfer
from portal.ledger.rules import AccountFields
from portal.people.models import User
from portal.people.queries import readable_units

LOADED = (joinedload(Donation.posting), joinedload(Donation.campaign), joinedload(Donation.unit))
PAPER_NUMBER = re.compile(r"^(?:(PT|NK)\s*-?\s*)?0*(\d{1,9})(?:\s*/\s*(\d{4}))?$", re.IGNORECASE)


def is_reversed(*, up_to: int | None = None) -> ColumnElement[bool]:
    """Condition: the gift does not count (as of entry `up_to`): its document was reversed, or its line taken back."""
    back = exists().where(TakenBack.donation_id == Donation.id)
    if up_to is not None:
        back = back.where(TakenBack.posting_number <= up_to)
    return or_(ledger.is_reversed(Donation.posting_number, up_to=up_to), back)


def ended_by(donation: Donation) -> Posting | None:
    """The document since which a gift does not count, or None."""
    taken = select(TakenBack.posting_number).where(TakenBack.donation_id == donation.id)
    ends = or_(Posting.reverses == donation.posting_number, Posting.number.in_(taken))
    return db.session.scalar(select(Posting).where(ends).order_by(Posting.number).limit(1))


def is_waiting() -> ColumnElement[bool]:
    """Condition: somebody has asked to reverse the gift and nobody has answered."""
    asked = ReversalRequest.posting_number == Donation.posting_number
    return exists().where(and_(asked, ReversalRequest.approved.is_(None)))


def is_late() -> ColumnElement[bool]:
    """Condition: given after its campaign's committed end (flagged, never dropped)."""
    asked = aliased(Campaign)  # the list may have joined the campaign already
    return exists().where(and_(asked.id == Donation.campaign_id, asked.ends_on < Donation.donated_on))


def is_pending() -> ColumnElement[bool]:
    """Condition: the money came first, the donor is still to be found ("chờ xác định")."""
    return Donation.donor_pending.is_(True) & ~is_reversed()


def state() -> ColumnElement[str]:
    """What needs to be known of a gift: reversed, waiting, pending, late, or posted."""
    return case(
        (is_reversed(), "reversed"),
        (is_waiting(), "waiting"),
        (Donation.donor_pending.is_(True), "pending"),
        (is_late(), "late"),
        else_="posted",
    )


def counted_money() -> ColumnElement[int]:
    """The money of a gift that still counts, đồng: nothing for goods and for a reversed one."""
    return case((or_(Donation.form == GOODS, is_reversed()), 0), else_=Donation.amount)


def counted_goods() -> ColumnElement[int]:
    """The value of goods that still counts, đồng."""
    return case((and_(Donation.form == GOODS, ~is_reversed()), Donation.amount), else_=0)


def donations_for(user: User) -> Select[Donation]:
    """Gifts of the units that a person may read."""
    return select(Donation).where(Donation.unit_id.in_(readable_units(user)))


def listed_donations(user: User) -> Select[tuple[Donation, str]]:
    """The same with what a list shows of each: (Donation, state), document and campaign loaded with it."""
    rows = donations_for(user).join(Donation.posting).outerjoin(Donation.campaign).join(Posting.entry)
    eager = contains_eager(Donation.posting).contains_eager(Posting.entry)
    return rows.add_columns(state().label("state")).options(eager, contains_eager(Donation.campaign))


def donation_or_404(code: str, *, for_user: User) -> Donation:
    """The gift of a public code, if the person may read its unit; otherwise 404."""
    number = id_of_code(code)
    if number is None:
        raise NotFound
    wanted = donations_for(for_user).where(Donation.id == number)
    return db.one_or_404(wanted.options(*LOADED))


def foreign_balance(account: BankAccount) -> int:
    """Cents (minor units) that an account in foreign money holds: what it opened with and the gifts that stand."""
    gifts = (
        select(func.coalesce(func.sum(ForeignAmount.minor), 0))
        .join(Donation, Donation.id == ForeignAmount.donation_id)
        .join(
            Transfer,
            (Transfer.posting_number == Donation.posting_number) & (Transfer.ordinal == Donation.ordinal),
        )
        .join(Account, Account.id == Transfer.debit_id)
        .where(
            Account.bank_account_id == account.id, ForeignAmount.currency == account.currency, ~is_reversed()
        )
    )
    return (account.opening_minor or 0) + int(db.session.scalar(gifts) or 0)


def parts_of(donation: Donation) -> list[Donation]:
    """All parts of a gift in their order; a gift of a bank statement stands alone in its document."""
    if donation.posting.kind != "donation":
        return [donation]
    rows = select(Donation).where(Donation.posting_number == donation.posting_number)
    return list(db.session.scalars(rows.order_by(Donation.ordinal)))


def live_refunds(donation_ids: Select[Any] | Sequence[int]) -> Select[Any]:
    """Refunds of these gifts that are in the books and not reversed."""
    booked = Refund.posting_number.is_not(None) & ~ledger.is_reversed(Refund.posting_number)  # type: ignore[arg-type]
    return select(Refund).where(Refund.donation_id.in_(donation_ids), booked).order_by(Refund.id)


def refunded_of(donation_ids: Select[Any] | Sequence[int]) -> int:
    """What has been given back of these gifts, đồng."""
    live = live_refunds(donation_ids).order_by(None).subquery()
    return int(db.session.scalar(select(func.coalesce(func.sum(live.c.amount), 0))) or 0)


def waiting_refunds(donation_id: int) -> int:
    """What somebody has asked to give back of a gift and nobody has answered, đồng."""
    asked = select(func.coalesce(func.sum(Refund.amount), 0))
    return int(
        db.session.scalar(asked.where(Refund.donation_id == donation_id, Refund.approved.is_(None))) or 0
    )


def open_reclassification_of(donation_id: int) -> ReclassificationRequest | None:
    """The request to count a gift in another campaign that still waits for an answer, or None."""
    waiting = select(ReclassificationRequest).where(ReclassificationRequest.approved.is_(None))
    return db.session.scalar(waiting.where(ReclassificationRequest.donation_id == donation_id))


def reclassification_requests_for(user: User) -> Select[Any]:
    """Requests to count gifts of the units that a person may read in another campaign; people loaded."""
    rows = select(ReclassificationRequest).join(ReclassificationRequest.donation)
    rows = rows.where(Donation.unit_id.in_(readable_units(user)))
    asked = ReclassificationRequest
    people = (joinedload(asked.requested_by), joinedload(asked.decided_by), joinedload(asked.to_campaign))
    return rows.options(*people)


def refund_requests_for(user: User) -> Select[Any]:
    """Requests to give money back of gifts of the units that a person may read; people loaded."""
    rows = select(Refund).join(Refund.donation).where(Donation.unit_id.in_(readable_units(user)))
    return rows.options(joinedload(Refund.requested_by), joinedload(Refund.decided_by))


def reclassification_or_404(request_id: int, *, for_user: User) -> ReclassificationRequest:
    """One request, if the person may read its unit; otherwise 404."""
    rows = reclassification_requests_for(for_user).where(ReclassificationRequest.id == request_id)
    return db.one_or_404(rows)


def refund_or_404(request_id: int, *, for_user: User) -> Refund:
    """One request, if the person may read its unit; otherwise 404."""
    return db.one_or_404(refund_requests_for(for_user).where(Refund.id == request_id))


def found_by(text: str) -> ColumnElement[bool]:
    """Condition for what staff type: a code, a receipt's number, or words of name, address, text and note."""
    if (number := id_of_code(text)) is not None:
        return Donation.id == number
    written = func.coalesce(Donation.paper_number, "") == text
    if match := PAPER_NUMBER.match(text):
        paper = aliased(Posting)
        receipt = (paper.number == Donation.posting_number) & (paper.series_no == int(match[2]))
        receipt &= paper.series.in_([match[1].upper()] if match[1] else [RECEIPT_SERIES, GOODS_SERIES])
        if match[3]:
            receipt &= paper.series_year == int(match[3])
        return or_(written, exists().where(receipt))
    parts = (Donation.donor_name, Donation.address, Donation.text, Donation.note)
    whole: ColumnElement[str] = func.coalesce(parts[0], "")
    for part in parts[1:]:
        whole = whole + " " + func.coalesce(part, "")
    return or_(written, has_words(whole, text))


def received_by_unit(campaign_id: int) -> dict[int, tuple[int, int]]:
    """Of one campaign by unit id: (money, goods at value) received, đồng, reversals taken off."""
    value = func.sum(MonthTotal.credit - MonthTotal.debit)
    rows = (
        select(Account.unit_id, Account.purpose, value)
        .join(MonthTotal, MonthTotal.account_id == Account.id)
        .where(Account.kind == "received", Account.campaign_id == campaign_id)
        .group_by(Account.unit_id, Account.purpose)
    )
    found: dict[int, list[int]] = {}
    for unit_id, purpose, amount in db.session.execute(rows):
        found.setdefault(unit_id, [0, 0])[int(purpose == GOODS)] += int(amount)
    return {unit_id: (money, goods) for unit_id, (money, goods) in found.items()}


def received_of_campaign() -> ColumnElement[int]:
    """Money received for the campaign of the present row, đồng (goods stand apart), as a column."""
    value = func.coalesce(func.sum(MonthTotal.credit - MonthTotal.debit), 0)
    total = select(value).join(Account, Account.id == MonthTotal.account_id)
    mine = (Account.campaign_id == Campaign.id) & (Account.kind == "received") & (Account.purpose != GOODS)
    return total.where(mine).correlate(Campaign).scalar_subquery()


def cash_in_hand(unit_id: int, fund_id: int, holder_id: int | None = None) -> int:
    """What the cash box of a unit's fund, or the hand of its officer, holds by the books, đồng."""
    key = AccountFields(unit_id=unit_id, fund_id=fund_id, kind=CASH, holder_id=holder_id).key
    account_id = db.session.scalar(select(Account.id).where(Account.key == key))
    return ledger.account_balance(account_id) if account_id else 0


def newest_of_campaign(user: User, campaign_id: int, limit: int = 8) -> list[Donation]:
    """The newest gifts of a campaign within a person's units."""
    rows = donations_for(user).where(Donation.campaign_id == campaign_id).order_by(Donation.id.desc())
    return list(db.session.scalars(rows.limit(limit)))
