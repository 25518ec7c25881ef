"""How a gift reads on its papers: payer, reason, one row for each kind of money or goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.donations.models import Donation, ForeignAmount
from portal.donations.rules import BANK, CASH, CURRENCIES, FORMS, GOODS, RATE_UNITS
from portal.goods.models import StockMovement, Store
from portal.goods.rules import format_quantity
from portal.kit.days import format_day
from portal.kit.money import format_amount
from portal.people.models import User
from portal.receipts.stack import Stack
from portal.units.queries import UnitTexts

MOST_ROWS = 5  # of the table on an A5 half; more goods share a row
LONGEST_GOODS = 150  # characters of such a row
PERSONS = ("person", "household", None)


@dataclass(frozen=True)
class Row:
    """One kind of money or goods on a receipt; the two amounts are written out, "" where there is none."""

    form: str
    what: str
    quantity: str
    money: str
    goods: str


def payer_of(gift: Donation) -> str:
    """Who gives, with the people behind a group gift."""
    name = gift.donor_name or ""
    if not gift.people or gift.people < 2:
        return name
    if name and gift.donor_kind in PERSONS:
        return f"{name} và {gift.people - 1} người theo danh sách kèm theo"
    crowd = f"{gift.people} người theo danh sách kèm theo"
    return f"{name} ({crowd})" if name else crowd


def reason_of(gift: Donation, moved_on: date | None = None) -> str:
    """What the gift is for; after a reclassification the present campaign, and the day of the change."""
    if gift.campaign is not None:
        reason = f"Ủng hộ đợt {gift.campaign.name}"
    else:
        reason = f"Ủng hộ thường xuyên {gift.posting.fund.name}"
    return f"{reason} (điều chỉnh ngày {format_day(moved_on)})" if moved_on else reason


def attached(gift: Donation, is_goods: bool) -> str:
    """What comes with the receipt: the list of a group."""
    if gift.people and gift.people > 1 and not is_goods:
        return f"01 danh sách {gift.people} người đóng góp"
    return ""


def needs_table(parts: Sequence[Donation], stack: Stack) -> bool:
    """One sum of đồng stands in its own line; anything else wants a table."""
    first = parts[0]
    return len(parts) > 1 or first.form not in (CASH, BANK) or first.id in stack.foreign


def rows_of(parts: Sequence[Donation], stack: Stack) -> list[Row]:
    """The rows of the table: one for each part while they fit, else the goods share one."""
    rows = [_row(part, stack) for part in parts]
    if len(rows) <= MOST_ROWS:
        return rows
    money = [row for part, row in zip(parts, rows, strict=True) if part.form != GOODS][: MOST_ROWS - 1]
    goods = [(part, row) for part, row in zip(parts, rows, strict=True) if part.form == GOODS]
    return [*money, _joined(goods)]


def _joined(goods: Sequence[tuple[Donation, Row]]) -> Row:
    """Many kinds of goods in one row; what does not fit is counted, and stands on the goods receipt."""
    text, left = "", len(goods)
    for _, row in goods:
        one = f"{row.what} {row.quantity}".strip()
        if text and len(text) + len(one) > LONGEST_GOODS:
            break
        text, left = f"{text}; {one}" if text else one, left - 1
    if left:
        text += f"; và {left} mặt hàng khác theo phiếu nhập kho kèm theo"
    return Row(FORMS[GOODS], text, "", "", figures(sum(part.amount for part, _ in goods)))


def _row(part: Donation, stack: Stack) -> Row:
    movement = stack.movements.get((part.posting_number, part.ordinal))
    is_goods = part.form == GOODS
    amount = figures(part.amount)
    return Row(
        FORMS[part.form],
        _what(part, stack),
        quantity_of(part, movement) if is_goods else "",
        "" if is_goods else amount,
        amount if is_goods else "",
    )


def quantity_of(part: Donation, movement: StockMovement | None) -> str:
    """ "200 kg": as the store has it, else as it was written."""
    if movement is not None:
        return f"{format_quantity(abs(movement.quantity))} {part.measure or movement.item.measure}".strip()
    return f"{part.quantity or ''} {part.measure or ''}".strip()


def _what(part: Donation, stack: Stack) -> str:
    foreign: ForeignAmount | None = stack.foreign.get(part.id)
    if foreign is None:
        return part.goods or ""
    source = f"{foreign.rate_source}, {format_day(foreign.rate_on)}"
    return f"{foreign_text(foreign)}, tỷ giá {rate_text(foreign.rate)} đ ({source})"


def foreign_text(foreign: ForeignAmount) -> str:
    """ "1.250,50 USD": cents as the currency has them."""
    digits = CURRENCIES.get(foreign.currency, ("", 2))[1]
    whole, cents = divmod(foreign.minor, 10**digits)
    return f"{format_amount(whole)}{f',{cents:0{digits}d}' if digits else ''} {foreign.currency}"


def rate_text(rate: int) -> str:
    """ "25.410" or "25.410,5": đồng for one whole unit, from ten-thousandths."""
    whole, rest = divmod(rate, RATE_UNITS)
    decimals = f"{rest:04d}".rstrip("0")
    return format_amount(whole) + (f",{decimals}" if decimals else "")


def store_of(parts: Sequence[Donation], stack: Stack) -> Store | None:
    """The store into which the goods went, when they are of the catalogue."""
    for part in parts:
        if movement := stack.movements.get((part.posting_number, part.ordinal)):
            return movement.store
    return None


def keeper_of(store: Store | None) -> str:
    """Who keeps a store, "" when nobody is named."""
    if store is None:
        return ""
    keeper: User | None = store.keeper
    return keeper.name if keeper else store.keeper_name or ""


def figures(amount: int) -> str:
    """An amount without its unit, "" for none: papers show a dotted line, never a zero."""
    return format_amount(amount) if amount else ""


def dong(amount: int) -> str:
    """An amount with its unit, "" for none."""
    return f"{format_amount(amount)} đồng" if amount else ""


def words(amount: int, texts: UnitTexts) -> str:
    """An amount in the words that the unit has chosen, "" for none."""
    if not amount:
        return ""
    return texts.in_words(amount)
