"""Danh sách ủng hộ: its rows, read in short pieces that show one moment of the books, however many they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from portal.campaigns.models import Campaign
from portal.donations.models import Donation, Refund
from portal.donations.queries import is_reversed as gift_is_reversed
from portal.donations.rules import FORMS, GOODS, code_of, first_id
from portal.goods.models import StockMovement
from portal.goods.rules import format_quantity
from portal.kit.days import Period, format_day
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.numbers import last_number
from portal.kit.vietnamese import capital_first
from portal.ledger.models import Account, BankAccount, Posting, Transfer
from portal.ledger.queries import is_reversed
from portal.people.models import User
from portal.people.queries import readable_units
from portal.receipts.models import Receipt
from portal.units.models import Unit
from portal.units.queries import subtree

PIECE = 2_000  # parts read at once
LONGEST_TEXT = 90  # characters of a bank's text that stands for a missing name
HEADS = (
    "STT",
    "Ngày",
    "Họ tên, đơn vị ủng hộ",
    "Địa chỉ, đơn vị",
    "Số tiền (đ)",
    "Hiện vật quy đổi (đ)",
    "Hình thức",
    "Số CT",
    "Ghi chú",
)


@dataclass(frozen=True)
class ListScope:
    """Which gifts: the unit with all below, days inclusive, perhaps one campaign or bank account. Raises Refused.

    `everywhere`: all units of the portal; `unit` then only lends its head.
    """

    unit: Unit
    start: date
    end: date
    campaign: Campaign | None = None
    account: BankAccount | None = None
    everywhere: bool = False

    def __post_init__(self) -> None:
        Period(self.start, self.end)

    def conditions(self, as_of: int) -> list[ColumnElement[bool]]:
        """What a row of `donation` must meet, as of an entry: reversed gifts do not stand on the list."""
        wanted = [
            Donation.id > first_id(self.start),
            Donation.donated_on <= self.end,
            Donation.posting_number <= as_of,
            ~gift_is_reversed(up_to=as_of),
        ]
        if not self.everywhere:
            wanted.append(Donation.unit_id.in_(subtree(self.unit.id)))
        if self.campaign is not None:
            wanted.append(Donation.campaign_id == self.campaign.id)
        if self.account is not None:
            wanted.append(_through(self.account))
        return wanted

    @property
    def title(self) -> str:
        """ "Tháng cao điểm, từ 01/11/2026 đến 30/11/2026"."""
        span = f"từ {format_day(self.start)} đến {format_day(self.end)}"
        parts = [self.campaign.name if self.campaign else "", span]
        if self.account is not None:
            parts.append(f"tài khoản {self.account.number} {self.account.bank}")
        return ", ".join(part for part in parts if part)


def _through(account: BankAccount) -> ColumnElement[bool]:
    """Condition: the money of the part came through a bank account."""
    place = aliased(Account)
    through = select(Transfer.ordinal).join(place, place.id == Transfer.debit_id)
    mine = and_(Transfer.posting_number == Donation.posting_number, Transfer.ordinal == Donation.ordinal)
    return through.where(mine, place.bank_account_id == account.id).exists()


@dataclass(frozen=True)
class ListRow:
    """One gift on the list; `money` and `goods` are đồng, 0 where there is none."""

    number: int
    day: date
    name: str
    address: str
    money: int
    goods: int
    form: str
    document: str
    note: str

    def cells(self) -> list[Any]:
        """The values in the order of HEADS, for a table."""
        money, goods = self.money or None, self.goods or None
        return [
            self.number,
            self.day,
            self.name,
            self.address,
            money,
            goods,
            self.form,
            self.document,
            self.note,
        ]


@dataclass(frozen=True)
class Totals:
    """How many gifts, and what they add up to, đồng."""

    gifts: int
    money: int
    goods: int


def totals_of(scope: ListScope, as_of: int) -> Totals:
    """Counted by the database, beside the rows: both must agree."""
    goods = func.sum(func.coalesce(Donation.amount, 0)).filter(Donation.form == GOODS)
    money = func.sum(Donation.amount).filter(Donation.form != GOODS)
    head = func.count(func.distinct(func.coalesce(Donation.part_of, Donation.id)))
    gifts, paid, given = db.session.execute(select(head, money, goods).where(*scope.conditions(as_of))).one()
    return Totals(int(gifts), int(paid or 0), int(given or 0))


def rows_of(scope: ListScope, as_of: int) -> Iterator[ListRow]:
    """Every gift in the order of day and number, the parts of one gift in one row."""
    names = {row.id: row.name for row in db.session.execute(select(Unit.id, Unit.name))}
    below = db.session.scalar(select(func.count()).where(Unit.id.in_(subtree(scope.unit.id)))) or 1
    refunds = _refunds(as_of)
    grouped = groupby(_parts(scope, as_of), key=lambda part: part.part_of or part.id)
    for number, (head, parts) in enumerate(grouped, start=1):
        every = list(parts)
        first = every[0]
        goods = [part for part in every if part.form == GOODS]
        yield ListRow(
            number=number,
            day=first.donated_on,
            name=_name(first),
            address=first.address or (names[first.unit_id] if below > 1 else ""),
            money=sum(part.amount for part in every if part.form != GOODS),
            goods=sum(part.amount for part in goods),
            form=capital_first(", ".join(dict.fromkeys(FORMS[part.form].lower() for part in every))),
            document=_document(first, head),
            note=_note(first, goods, refunds.get(head)),
        )


def _parts(scope: ListScope, as_of: int) -> Iterator[Any]:
    """By keyset in short reads: a long list holds no read snapshot."""
    wanted = _wanted().where(*scope.conditions(as_of)).order_by(Donation.id).limit(PIECE)
    after = 0
    while True:
        found = db.session.execute(wanted.where(Donation.id > after)).all()
        db.session.rollback()
        yield from found
        if len(found) < PIECE:
            return
        after = found[-1].id


def _wanted() -> Select[Any]:
    receipt = aliased(Receipt)
    mine = and_(receipt.donation_id == func.coalesce(Donation.part_of, Donation.id), receipt.series == "PT")
    columns = (
        Donation.id,
        Donation.part_of,
        Donation.unit_id,
        Donation.donated_on,
        Donation.form,
        Donation.amount,
        Donation.donor_name,
        Donation.donor_pending,
        Donation.people,
        Donation.address,
        Donation.goods,
        Donation.quantity,
        Donation.measure,
        Donation.paper_number,
        Donation.text,
        Posting.series,
        Posting.series_year,
        Posting.series_no,
        receipt.series_year.label("asked_year"),
        receipt.series_no.label("asked_no"),
        Campaign.ends_on,
        StockMovement.quantity.label("stocked"),
    )
    stocked = and_(
        StockMovement.posting_number == Donation.posting_number, StockMovement.ordinal == Donation.ordinal
    )
    rows: Any = select(*columns).join(Posting, Posting.number == Donation.posting_number)
    rows = rows.outerjoin(receipt, mine).outerjoin(Campaign, Campaign.id == Donation.campaign_id)
    return rows.outerjoin(StockMovement, stocked)


def _refunds(as_of: int) -> dict[int, int]:
    """What was given back by the first part of a gift, đồng."""
    head = func.coalesce(Donation.part_of, Donation.id)
    rows = select(head, func.sum(Refund.amount)).join(Donation, Donation.id == Refund.donation_id)
    rows = rows.join(Posting, Posting.number == Refund.posting_number)
    rows = rows.where(Posting.number <= as_of, ~is_reversed(Posting.number, up_to=as_of))
    return {donation_id: int(amount) for donation_id, amount in db.session.execute(rows.group_by(head))}


def _name(part: Any) -> str:
    if part.donor_name:
        crowd = f" và {part.people - 1} người" if part.people and part.people > 1 else ""
        return part.donor_name + crowd
    if part.donor_pending:
        return "Chờ xác định"
    text = part.text or ""
    return (text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…") or "Không rõ tên"


def _document(part: Any, head: int) -> str:
    if part.series is not None:
        return f"{part.series}-{part.series_no:04d}/{part.series_year}"
    if part.asked_no is not None:
        return f"PT-{part.asked_no:04d}/{part.asked_year}"
    return part.paper_number or code_of(head)


def _note(first: Any, goods: list[Any], refunded: int | None) -> str:
    said = []
    if goods:
        said.append(", ".join(_goods(part) for part in goods))
    if first.ends_on is not None and first.donated_on > first.ends_on:
        said.append("sau ngày kết thúc đợt")
    if refunded:
        said.append(f"đã hoàn trả {format_amount(refunded)} đ")
    return "; ".join(said)


def _goods(part: Any) -> str:
    quantity = format_quantity(part.stocked) if part.stocked else part.quantity or ""
    return " ".join(f"{part.goods or 'hiện vật'} {quantity} {part.measure or ''}".split())


def scope_for(
    user: User, *, unit_id: int, start: date, end: date, campaign_id: int | None, account_id: int | None
) -> ListScope:
    """The scope of ids within what a person may read. Raises Refused for a unit of others."""
    unit = db.session.scalar(select(Unit).where(Unit.id == unit_id, Unit.id.in_(readable_units(user))))
    if unit is None:
        raise Refused("Không có đơn vị này trong phạm vi của bạn. Chọn lại đơn vị.", "unit_id")
    campaign = db.session.get(Campaign, campaign_id) if campaign_id else None
    account = db.session.get(BankAccount, account_id) if account_id else None
    return ListScope(unit, start, end, campaign, account)


def as_of_now() -> int:
    """The entry up to which a list that is made now shows the books."""
    return last_number()
