"""Papers of pledges as the values their templates print: the slip (phiếu đăng ký) and the reminder letter.

The letter follows Nghị định 30/2020/NĐ-CP and thanks first: a promise is free, and nobody owes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.donors.queries import is_personal
from portal.kit.days import format_day, long_day
from portal.kit.money import format_amount
from portal.kit.vietnamese import capital_first
from portal.ledger.paying import Payment, Payments
from portal.pledges import queries
from portal.pledges.lists import dues, said
from portal.pledges.models import PledgeTerms
from portal.pledges.paying import payment_of
from portal.pledges.rules import KINDS, MONEY, SHOWN_AS, Due, unpaid_parts
from portal.units.models import Unit
from portal.units.queries import UnitTexts, unit_texts


@dataclass(frozen=True)
class Line:
    """One instalment on a paper."""

    day: str
    amount: str


@dataclass(frozen=True)
class Slip:
    """A pledge slip, ready to be printed; None = a dotted line for the pen."""

    issuer: str
    committee: str
    number: str
    day: str
    donor: str
    phone: str | None
    address: str | None
    campaign: str
    kind: str
    content: str | None
    amount: str | None
    words: str | None
    dues: str | None
    choices: list[tuple[str, bool]]
    maker: str
    cancelled_on: date | None
    code: str | None
    payment: Payment | None


def _dues_text(parts: Sequence[Due], amount: int | None) -> str | None:
    if not parts:
        return None
    if len(parts) == 1:
        return f"ngày {format_day(parts[0].due_on)}"
    return "; ".join(f"{format_day(part.due_on)}: {format_amount(part.amount)} đồng" for part in parts)


def _for_what(terms: PledgeTerms) -> str:
    if terms.campaign is not None:
        return f"đợt {terms.campaign.name}"
    return terms.pledge.fund.name


def slip_of(terms: PledgeTerms, *, maker: str) -> Slip:
    """The slip of a pledge as it stands now; `maker` is who recorded it."""
    texts = unit_texts(terms.pledge.unit, terms.pledged_on)
    return Slip(
        issuer=" ".join(texts.issuing_lines),
        committee=texts.committee,
        number=terms.pledge.paper_number,
        day=capital_first(long_day(terms.pledged_on)),
        donor=terms.donor_name,
        phone=terms.phone,
        address=terms.address,
        campaign=capital_first(_for_what(terms)),
        kind=KINDS[terms.kind],
        content=None if terms.kind == MONEY else said(terms),
        amount=f"{format_amount(terms.amount)} đồng" if terms.amount else None,
        words=texts.in_words(terms.amount) if terms.amount else None,
        dues=_dues_text(dues(terms), terms.amount),
        choices=[(name, key == terms.shown_as) for key, name in SHOWN_AS.items()],
        maker=maker,
        cancelled_on=terms.cancelled_on,
        code=terms.pledge.transfer_code if terms.kind == MONEY else None,
        payment=payment_of(terms, left_of(terms)),
    )


@dataclass(frozen=True)
class Letter:
    """A reminder letter, ready to be printed."""

    issuer: list[str]
    committee: list[str]
    place_date: str
    subject: str
    to: str
    address: str | None
    paragraphs: list[str]
    table: list[Line]
    total: str | None
    closing: list[str]
    signer: str
    payment: Payment | None


class Shared(Payments):
    """What many letters have in common, read once: accounts, banks, and the texts of units."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[tuple[int, date], UnitTexts] = {}

    def texts(self, unit: Unit, on: date) -> UnitTexts:
        """As `unit_texts`."""
        key = (unit.id, on)
        if key not in self._texts:
            self._texts[key] = unit_texts(unit, on)
        return self._texts[key]


def letter_of(terms: PledgeTerms, *, on: date, left: int, shared: Shared | None = None) -> Letter:
    """The letter about what was still to come (`left` đồng) on a day; `shared` serves many letters."""
    shared = shared or Shared()
    texts = shared.texts(terms.pledge.unit, on)
    you, one = ("Ông (Bà)", "Ông (Bà)") if is_personal(terms.donor_kind) else ("Quý đơn vị", "quý đơn vị")
    rest, payment = _rest(terms, left), payment_of(terms, left, shared)
    return Letter(
        issuer=texts.issuing_lines,
        committee=texts.committee.replace(" “", "\n“", 1).split("\n"),
        place_date=f"{texts.place}, {long_day(on)}" if texts.place else capital_first(long_day(on)),
        subject="V/v thực hiện đăng ký ủng hộ",
        to=f"Ông (Bà) {terms.donor_name}" if is_personal(terms.donor_kind) else terms.donor_name,
        address=terms.address,
        paragraphs=[_thanks(terms, texts, one), _where_it_stands(terms, on, left, rest, one)],
        table=[Line(format_day(part.due_on), format_amount(part.amount)) for part in rest]
        if len(rest) > 1
        else [],
        total=format_amount(left) if len(rest) > 1 else None,
        closing=_closing(terms, payment, texts, you, one),
        signer=texts.head,
        payment=payment,
    )


def _rest(terms: PledgeTerms, left: int) -> list[Due]:
    """What is to come of each part."""
    return unpaid_parts(dues(terms), (terms.amount or 0) - left) if terms.amount else dues(terms)


def _promise(terms: PledgeTerms, texts: UnitTexts) -> str:
    if terms.kind != MONEY:
        worth = f", trị giá {format_amount(terms.amount)} đồng" if terms.amount else ""
        return f"{said(terms)}{worth}"
    amount = terms.amount or 0
    words = texts.in_words(amount)
    return f"{format_amount(amount)} đồng ({words[:1].lower()}{words[1:]})"


def _thanks(terms: PledgeTerms, texts: UnitTexts, one: str) -> str:
    return (
        f"{capital_first(long_day(terms.pledged_on))}, {one} đã đăng ký ủng hộ {_promise(terms, texts)} cho "
        f"{_for_what(terms)}, số đăng ký {terms.pledge.paper_number}. Ban Vận động Quỹ trân trọng cảm ơn tấm "
        f"lòng của {one} đối với hộ nghèo và người có hoàn cảnh khó khăn trên địa bàn."
    )


def _where_it_stands(terms: PledgeTerms, on: date, left: int, rest: Sequence[Due], one: str) -> str:
    day = format_day(on)
    if terms.kind != MONEY:
        return (
            f"Đến ngày {day}, Ban Vận động chưa ghi nhận đủ phần đăng ký nêu trên. Kính mong {one} sắp xếp thực "
            "hiện khi thuận tiện và báo trước để Ban Vận động chuẩn bị tiếp nhận."
        )
    come = (terms.amount or 0) - left
    got = f"Quỹ đã nhận {format_amount(come)} đồng; phần còn lại là" if come else "phần chưa chuyển là"
    when = f", dự kiến ngày {format_day(rest[0].due_on)}" if len(rest) == 1 else ""
    how = ", theo các đợt dưới đây" if len(rest) > 1 else ""
    return (
        f"Theo sổ của Quỹ, đến ngày {day} {got} {format_amount(left)} đồng{when}{how}. "
        f"Kính mong {one} sắp xếp thực hiện khi thuận tiện."
    )


def _closing(terms: PledgeTerms, payment: Payment | None, texts: UnitTexts, you: str, one: str) -> list[str]:
    said_by = f", điện thoại {texts.phone}" if texts.phone else ""
    lines = []
    if (way := _way_to_pay(terms, payment, texts, you)) is not None:
        lines.append(way)
    lines.append(
        f"Nếu {one} đã chuyển, hoặc có thay đổi, xin báo để Ban Vận động ghi nhận đúng{said_by}. Đăng ký ủng hộ "
        f"là tự nguyện; trường hợp chưa thu xếp được, {one} cho biết để Ban Vận động chủ động kế hoạch."
    )
    lines.append(f"Ban Vận động Quỹ trân trọng cảm ơn và mong tiếp tục nhận được sự đồng hành của {one}./.")
    return lines


def _way_to_pay(terms: PledgeTerms, payment: Payment | None, texts: UnitTexts, you: str) -> str | None:
    """Where money may be brought: the office, and the published account of the unit's fund."""
    if terms.kind != MONEY:
        return None
    place = texts.address.replace("Số ", "số ", 1) if texts.address.startswith("Số ") else texts.address
    ways = [f"nộp tiền mặt tại {place}"] if place else []
    if payment is not None:
        account = payment.account
        holder = f", chủ tài khoản {account.holder}" if account.holder else ""
        ways.append(
            f"chuyển khoản vào tài khoản số {account.number}, {account.bank}{holder}, "
            f"nội dung “{payment.purpose}” (mã {payment.code} đứng đầu)"
        )
    return f"{you} có thể {' hoặc '.join(ways)}." if ways else None


def left_of(terms: PledgeTerms) -> int:
    """What is still to come of a pledge now, đồng."""
    return max((terms.amount or 0) - queries.come_of(terms.pledge_id), 0)
