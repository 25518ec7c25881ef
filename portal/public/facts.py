"""One gift with what the books say about it: its parts, its people, what happened to it. Plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.campaigns.rules import is_late
from portal.donations import members
from portal.donations.models import Donation, ForeignAmount
from portal.donations.queries import ended_by
from portal.donations.rules import (
    CURRENCIES,
    FORMS,
    GOODS,
    GOODS_SERIES,
    RATE_UNITS,
    id_of_code,
)
from portal.donations.shown import goods_text, receipt_label, receipt_number, transfer_text
from portal.kit.db import db
from portal.kit.masking import mask_public
from portal.kit.money import format_amount
from portal.ledger.models import Account, BankAccount, Posting, Transfer
from portal.public.gifts import Gift, Person, shown_person, whole_gift
from portal.public.happened import Happening, happenings
from portal.receipts.models import Receipt
from portal.statements.references import public_references


@dataclass(frozen=True)
class Foreign:
    """Foreign money of a part: "1.250,50 USD" at so many đồng, by whom and of which day."""

    currency: str
    minor: int
    digits: int
    rate: int
    source: str
    day: date

    @property
    def text(self) -> str:
        """ "1.250,50 USD"."""
        whole, cents = divmod(self.minor, 10**self.digits)
        tail = f",{cents:0{self.digits}d}" if self.digits else ""
        return f"{format_amount(whole)}{tail} {self.currency}"

    @property
    def rate_text(self) -> str:
        """ "25.430,5": đồng for one whole unit."""
        whole, rest = divmod(self.rate, RATE_UNITS)
        tail = f"{rest:04d}".rstrip("0")
        return format_amount(whole) + (f",{tail}" if tail else "")


@dataclass(frozen=True)
class Part:
    """One kind of money or goods within a gift. `amount` đồng; 0 = goods without a value."""

    code: str
    form: str
    amount: int
    goods: str | None
    foreign: Foreign | None
    account: BankAccount | None

    @property
    def form_name(self) -> str:
        """ "Tiền mặt"."""
        return FORMS[self.form]


@dataclass(frozen=True)
class People:
    """The people behind a group gift; `left` đồng and `left_people` are not named."""

    named: list[Person]
    count: int
    worth: int
    left: int
    left_people: int
    has_amounts: bool


@dataclass(frozen=True)
class GiftFacts:
    """One gift with what the books say about it. `reversal`: the document that took it back."""

    gift: Gift
    parts: list[Part]
    transfer_text: str | None
    receipts: list[tuple[str, str]]  # (label, number)
    posting: Posting
    booked_on: date
    reversal: Posting | None
    happened: list[Happening]
    people: People | None
    person: Person | None = None  # the one whose own code was asked for
    bank_reference: str | None = None  # of the statement line that it came by

    @property
    def money(self) -> int:
        """Cash, transfers and papers, đồng."""
        return sum(part.amount for part in self.parts if part.form != GOODS)

    @property
    def goods(self) -> list[Part]:
        """The parts that are goods."""
        return [part for part in self.parts if part.form == GOODS]

    @property
    def goods_value(self) -> int:
        """Goods at their value, đồng: stands apart, never added to money."""
        return sum(part.amount for part in self.goods)

    @property
    def is_supplement(self) -> bool:
        """Whether the books count it in another month than its own ("ghi bổ sung")."""
        day = self.gift.day
        return (self.booked_on.year, self.booked_on.month) != (day.year, day.month)

    @property
    def is_late(self) -> bool:
        """Whether it came after the campaign's committed end."""
        campaign = self.gift.campaign
        return campaign is not None and is_late(self.gift.day, campaign.ends_on)


def facts_by_code(code: str) -> GiftFacts | None:
    """The gift of a code, also of one part or of one of its people, also when reversed; None for no such code."""
    number = id_of_code(code)
    member = None
    if number is None:
        member = members.named_by_code(code)
        number = member.donation_id if member else None
    if number is None:
        return None
    return _facts(number, shown_person(member) if member else None)


def _facts(number: int, person: Person | None) -> GiftFacts | None:
    """Everything of a gift in a fixed number of statements."""
    first = select(Donation.part_of).where(Donation.id == number)
    rows = select(Donation).options(joinedload(Donation.campaign), joinedload(Donation.posting))
    root = db.session.scalar(first) or number
    parts = list(
        db.session.scalars(
            rows.where((Donation.id == root) | (Donation.part_of == root)).order_by(Donation.ordinal)
        )
    )
    if not parts:
        return None
    head = parts[0]
    places = _places(parts)
    published = all(account is None or account.published for _, account in places.values())
    text = transfer_text(head, published=published)
    return GiftFacts(
        gift=whole_gift(parts, published),
        parts=_parts(parts, {ordinal: account for ordinal, (_, account) in places.items()}),
        transfer_text=text,
        receipts=_receipts(head),
        posting=head.posting,
        booked_on=min((day for day, _ in places.values()), default=head.posting.booked_on),
        reversal=ended_by(head),
        happened=happenings(head),
        people=_people(head, parts),
        person=person,
        bank_reference=public_references([head.id]).get(head.id),
    )


def _places(parts: Sequence[Donation]) -> dict[int, tuple[date, BankAccount | None]]:
    """By ordinal: the booking day of a part and the bank account it came to. Goods without a value have none."""
    rows = (
        select(Transfer.ordinal, Transfer.booked_on, BankAccount)
        .join(Account, Account.id == Transfer.debit_id)
        .outerjoin(BankAccount, BankAccount.id == Account.bank_account_id)
        .where(
            Transfer.posting_number == parts[0].posting_number,
            Transfer.ordinal.in_([part.ordinal for part in parts]),
        )
    )
    return {ordinal: (day, account) for ordinal, day, account in db.session.execute(rows)}


def _parts(parts: Sequence[Donation], accounts: dict[int, BankAccount | None]) -> list[Part]:
    rows = select(ForeignAmount).where(ForeignAmount.donation_id.in_([part.id for part in parts]))
    foreign = {row.donation_id: _foreign(row) for row in db.session.scalars(rows)}
    told = []
    for part in parts:
        account = accounts.get(part.ordinal)
        shown = account if account is not None and account.published else None
        told.append(Part(part.code, part.form, part.amount, goods_text(part), foreign.get(part.id), shown))
    return told


def _foreign(row: ForeignAmount) -> Foreign:
    digits = CURRENCIES[row.currency][1]
    return Foreign(row.currency, row.minor, digits, row.rate, mask_public(row.rate_source), row.rate_on)


def _receipts(head: Donation) -> list[tuple[str, str]]:
    """The number on the gift's paper, and numbers taken for it later."""
    own = receipt_number(head)
    found = [(receipt_label(head), own)] if own else []
    rows = select(Receipt).where(Receipt.donation_id == head.id).order_by(Receipt.id)
    for paper in db.session.scalars(rows):
        label = "Phiếu nhập kho" if paper.series == GOODS_SERIES else "Phiếu thu"
        found.append((label, f"{paper.series_no:04d}/{paper.series_year}"))
    return found


def _people(head: Donation, parts: Sequence[Donation]) -> People | None:
    group = members.group_of(head, parts)
    if group is None:
        return None
    named = [shown_person(member) for member in group.members]
    return People(named, group.people, group.worth, group.left, group.left_people, group.has_amounts)
