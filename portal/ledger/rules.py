"""Pure rules of the books: kinds of accounts, what may face what, which day counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from portal.kit.errors import Refused
from portal.kit.money import DONG

ON_THE_WAY = (
    "on_the_way"  # sent to another unit of the Front that has not confirmed it: still the sender's money
)
MONEY_PLACES = ("cash", "bank", "papers", "advance", "transit", ON_THE_WAY)
GOODS_PLACES = ("store",)
UNTRACKED = "untracked"  # money reported without a known account: kept out of balances
CLAIMS = ("suspense", "held")
SOURCES = ("received", "refunded", "spent", "moved", "other", "opening")  # these carry campaign and purpose
KINDS = (*MONEY_PLACES, *GOODS_PLACES, UNTRACKED, *CLAIMS, *SOURCES)

GOODS = "goods"  # purpose of the sources and uses that face a store
MOVED_IN, MOVED_OUT = "in", "out"  # purposes of money moved between units
MOVED_FREED = "freed"  # moved out of a campaign that the other unit has no part in: there it is "chung"

DOCUMENTS = {
    "opening": "Số dư đầu",
    "donation": "Khoản ủng hộ",
    "statement": "Sao kê",
    "settlement": "Xử lý dòng sao kê",
    "payment": "Phiếu chi",
    "advance_paid": "Chi tạm ứng",
    "advance": "Thanh toán tạm ứng",
    "put_aside": "Tiền giữ cho người vắng",
    "prize_back": "Thu hồi tiền thưởng",
    "internal": "Chuyển nội bộ",
    "allocation_sent": "Chuyển đi phân bổ",
    "allocation": "Phân bổ",
    "other": "Thu, chi khác",
    "in_and_out": "Ghi thu – ghi chi",
    "receipt": "Phiếu nhập kho",
    "issue": "Phiếu xuất kho",
    "count": "Kiểm kê",
    "refund": "Hoàn trả người ủng hộ",
    "reclassification": "Điều chỉnh đợt, mục đích",
    "handover": "Bàn giao giữa đơn vị",
    "reversal": "Bút toán đảo",
}

ALONE = ("settlement",)  # recognising a statement line, done and undone by one person

SUPPLEMENTARY = "Ghi bổ sung"  # a late document of a closed period, booked in the open one


class Line(NamedTuple):
    """`amount` đồng from the account `credit` to the account `debit` (account rows)."""

    credit: Any
    debit: Any
    amount: int


@dataclass(frozen=True)
class AccountFields:
    """What makes an account; two accounts never agree in all of these."""

    unit_id: int
    fund_id: int
    kind: str
    campaign_id: int | None = None
    purpose: str = ""
    bank_account_id: int | None = None
    holder_id: int | None = None
    partner_id: int | None = None  # the other unit, of money moved between units

    def __post_init__(self) -> None:
        """Raise ValueError for shapes that the books do not know (a programming error, not a user's)."""
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of account {self.kind!r}")
        if self.campaign_id is not None and self.kind not in SOURCES:
            raise ValueError("only sources and uses carry a campaign")
        if (self.bank_account_id is not None) != (self.kind in ("bank", "transit")):
            raise ValueError("bank and transit accounts, and only they, belong to a bank account")
        if self.partner_id is not None and self.kind not in ("moved", ON_THE_WAY):
            raise ValueError("only money moved between units has a partner")

    @property
    def key(self) -> str:
        """The unique text of these fields (a UNIQUE over nullable columns would let doubles through)."""
        parts = (
            self.unit_id,
            self.fund_id,
            self.kind,
            self.campaign_id,
            self.bank_account_id,
            self.holder_id,
        )
        key = ":".join("-" if part is None else str(part) for part in parts) + f":{self.purpose}"
        return key if self.partner_id is None else f"{key}@{self.partner_id}"


def is_goods(kind: str, purpose: str) -> bool:
    """Whether an account holds or counts goods at value; these never mix with money."""
    return kind in GOODS_PLACES or (kind in SOURCES and purpose == GOODS)


def check_lines(lines: Iterable[Line], *, unit_id: int, fund_id: int) -> None:
    """A document moves something, within one unit and fund, and never turns goods into money.

    Raises Refused for amounts a person may have typed, ValueError for what only a program can get wrong.
    """
    count = 0
    for line in lines:
        count += 1
        if line.amount <= 0:
            raise Refused("Số tiền phải lớn hơn 0. Sửa lại số tiền.", "amount")
        for account in (line.credit, line.debit):
            if (account.unit_id, account.fund_id) != (unit_id, fund_id):
                raise ValueError("a document moves accounts of its own unit and fund")
        if line.credit.id == line.debit.id:
            raise ValueError("a transfer needs two accounts")
        if is_goods(line.credit.kind, line.credit.purpose) != is_goods(line.debit.kind, line.debit.purpose):
            raise ValueError("goods at value never face money")
    if not count:
        raise ValueError("a document without lines")


def booking_day(document_on: date, *, closed_through: date | None, today: date) -> date:
    """The open day in which the books count a document: its own day, or the first one after the closed period.

    Raises Refused for a document dated in the future.
    """
    if document_on > today:
        raise Refused(
            f"Ngày {document_on:%d/%m/%Y} chưa tới. Ghi ngày trên chứng từ, muộn nhất là hôm nay.", "day"
        )
    if closed_through is None or document_on > closed_through:
        return document_on
    return closed_through + timedelta(days=1)


def is_supplementary(document_on: date, booked_on: date) -> bool:
    """Whether a document came after its period was closed and is counted later ("ghi bổ sung")."""
    return booked_on > document_on


def check_open(booked_on: date, *, closed_through: date | None) -> None:
    """Raises Refused when `booked_on` lies in a closed period."""
    if closed_through is not None and booked_on <= closed_through:
        raise Refused(
            f"Sổ đã khóa đến hết ngày {closed_through:%d/%m/%Y}. "
            f"Chọn ngày ghi sổ từ {closed_through + timedelta(days=1):%d/%m/%Y} trở đi.",
            "booked_on",
        )


def check_closing(through: date, *, closed_through: date | None, today: date) -> None:
    """A period is closed once, forwards, and only when it is over. Raises Refused."""
    if through >= today:
        raise Refused(f"Chỉ khóa được ngày đã qua. Chọn ngày trước {today:%d/%m/%Y}.", "through")
    if closed_through is not None and through <= closed_through:
        raise Refused(f"Sổ đã khóa đến hết ngày {closed_through:%d/%m/%Y}. Chọn ngày sau đó.", "through")


def check_in_dong(code: str, currency: str) -> None:
    """Đồng come to and leave accounts in đồng; foreign money is sold first, the difference booked. Raises Refused."""
    if currency != DONG:
        raise Refused(
            f"Tài khoản “{code}” giữ {currency}, việc này cần tài khoản đồng. Bán ngoại tệ về tài khoản đồng trước, "
            "hoặc chọn tài khoản khác.",
            "place",
        )
