"""Gifts received: from lists of ceremonies, paper receipt books, other systems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.campaigns.rules import is_late
from portal.donations.gifts import RefusedGift
from portal.donations.models import Donation
from portal.donations.rules import BANK, GOODS, id_of_code
from portal.donors.queries import kinds
from portal.goods.rules import parse_quantity
from portal.imports import gift_documents
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.gifts import GiftRow, post_gifts
from portal.imports.kind import Counts, Kind, Located
from portal.imports.kinds.donation_columns import (
    ACCOUNT,
    ADDRESS,
    AMOUNT,
    CAMPAIGN,
    CODE,
    COLUMNS,
    DAY,
    DOCUMENT,
    DONOR,
    DONOR_KIND,
    FORM,
    FORM_NAMES,
    GOODS_NAME,
    HINTS,
    ITEM,
    MEASURE,
    NOTE,
    QUANTITY,
    RECEIPT,
    SHOWN,
    SHOWN_NAMES,
    STORE,
    UNIT,
)
from portal.imports.kinds.donors import KINDS as DONOR_KINDS
from portal.imports.lookups import ACCOUNTS, CAMPAIGNS, ITEMS, STORES, UNITS, fixed
from portal.imports.modes import rows_in_words
from portal.imports.outcome import Problems
from portal.imports.sorting import KnownGift, Sorted, sort_gifts
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.tables import ABSENT
from portal.kit.vietnamese import fold
from portal.ledger.models import BankAccount
from portal.units.models import Unit

NOBODY = fold("Không rõ tên")  # as lists print a gift without a name
COLUMN_OF = {
    "amount": AMOUNT,
    "campaign_id": CAMPAIGN,
    "account": ACCOUNT,
    "item_id": ITEM,
    "store_id": STORE,
    "quantity": QUANTITY,
    "goods": GOODS_NAME,
    "donor_kind": DONOR_KIND,
    "shown_as": SHOWN,
    "unit_id": UNIT,
    "day": DAY,
    "form": FORM,
}
FIELD_OF = {
    DAY: "day",
    ACCOUNT: "bank_account_id",
    DONOR: "donor_name",
    DONOR_KIND: "donor_kind",
    ADDRESS: "address",
    FORM: "form",
    AMOUNT: "amount",
    GOODS_NAME: "goods",
    QUANTITY: "quantity",
    MEASURE: "measure",
    NOTE: "note",
}


def parse(cells: Cells, context: Context) -> GiftRow | None:
    """A row. Without a unit code the gift belongs to its campaign's unit."""
    context.columns = frozenset(FIELD_OF[name] for name in FIELD_OF if cells.raw(name) is not ABSENT)
    day = _day(cells)
    campaign, account = context.campaign_of(cells), context.account_of(cells)
    unit = _unit(cells, context, campaign, account, day)
    form = _form(cells)
    amount = _amount(cells, form)
    donor = given(cells.text(DONOR))
    values = {
        "donor_name": None if fold(donor) == NOBODY else donor,
        "donor_kind": given(
            cells.choice(DONOR_KIND, {kind.name.lower(): kind.key for kind in kinds().values()})
        ),
        "address": given(cells.text(ADDRESS, limit=300)),
        "goods": given(cells.text(GOODS_NAME, limit=300)),
        "quantity": given(cells.text(QUANTITY, limit=40)),
        "measure": given(cells.text(MEASURE, limit=40)),
        "shown_as": given(cells.choice(SHOWN, SHOWN_NAMES)),
        "paper_number": given(cells.text(RECEIPT, limit=60)),
        "note": given(cells.text(NOTE, limit=1000)),
        "document": given(cells.text(DOCUMENT, limit=60)),
        "known_id": _known_id(cells),
    }
    if account is not None and form is not None and form != BANK:
        if context.account is None or given(cells.raw(ACCOUNT)) is not None:
            cells.wrong(ACCOUNT, "Chỉ khoản chuyển khoản mới ghi tài khoản. Xóa ô này, hoặc sửa hình thức.")
        account = None
    if unit is None or day is None or form is None or amount is None:
        return None
    fund_id = _fund_id(campaign, account, context)
    context.check_fits(cells, campaign, unit)
    if campaign is not None and is_late(day, campaign.ends_on):
        context.late.append(cells.number)
    _check_account(cells, account, unit, fund_id)
    if given(cells.raw(ITEM)) is not None or given(cells.raw(STORE)) is not None:
        values |= _stored(cells, context, unit, fund_id, form, values)
    if form == GOODS and not values["goods"] and given(cells.raw(ITEM)) is None:
        cells.wrong(GOODS_NAME, "Chưa ghi hiện vật là gì. Ghi tên hiện vật, ví dụ “gạo”.")
    account_id = account.id if account else None
    campaign_id = campaign.id if campaign else None
    return GiftRow(day, unit.id, fund_id, campaign_id, account_id, form, amount, **values)


def _day(cells: Cells) -> date | None:
    day = cells.day(DAY, needed="Chưa có ngày nhận. Ghi ngày/tháng/năm, ví dụ 19/10/2026.") or None
    if day is not None and day > today_in_vietnam():
        cells.wrong(DAY, f"Ngày {format_day(day)} chưa tới. Ghi ngày trên chứng từ, muộn nhất là hôm nay.")
        return None
    return day


def _form(cells: Cells) -> str | None:
    form = cells.choice(FORM, FORM_NAMES)
    if form is not ABSENT and form is not None:
        return form
    if given(cells.raw(FORM)) is None:
        cells.wrong(FORM, f"Chưa có hình thức. Ghi một trong: {', '.join(FORM_NAMES)}.")
    return None


def _amount(cells: Cells, form: str | None) -> int | None:
    """Đồng; goods may come without a value, money never."""
    amount = given(cells.amount(AMOUNT, zero=form == GOODS))
    if amount is None and given(cells.raw(AMOUNT)) in (None, "-", "–", "—"):
        if form == GOODS:
            return 0
        cells.wrong(AMOUNT, "Chưa có số tiền. Ghi số đồng đã nhận, ví dụ 500.000.")
    return amount


def _known_id(cells: Cells) -> int | None:
    text = given(cells.text(CODE, limit=40))
    gift_id = id_of_code(text) if text else None
    if text and gift_id is None:
        cells.wrong(CODE, f"“{text}” không phải mã khoản. Ghi như 20261102-417, hoặc để trống để ghi mới.")
    return gift_id


def _stored(
    cells: Cells, context: Context, unit: Unit, fund_id: int, form: str, values: dict[str, Any]
) -> dict[str, Any]:
    """Goods of the catalogue go into a store: item, store, quantity; names of the catalogue fill empty cells."""
    item = context.item_of(cells, column=ITEM)
    if item is None:
        if given(cells.raw(ITEM)) is None:
            cells.wrong(ITEM, "Có kho mà chưa có mã hàng. Ghi mã hàng, hoặc xóa ô kho.")
        return {}
    if form != GOODS:
        cells.wrong(ITEM, "Chỉ hiện vật mới ghi mã hàng. Xóa ô này, hoặc sửa hình thức.")
        return {}
    store = context.store_of(cells, unit, fund_id, column=STORE)
    raw = cells.raw(QUANTITY)
    typed = str(raw).replace(".", ",") if isinstance(raw, float) else values["quantity"]
    try:
        holds = {pack.name: pack.holds for pack in item.packs}
        quantity = parse_quantity(typed, holds, measure=item.measure)
    except Refused as refused:
        cells.refuse(refused, QUANTITY)
        return {}
    return {
        "item_id": item.id,
        "store_id": store.id if store else None,
        "thousandths": quantity,
        "goods": values["goods"] or item.name,
        "measure": values["measure"] or item.measure,
    }


def _unit(
    cells: Cells, context: Context, campaign: Campaign | None, account: BankAccount | None, day: date | None
) -> Unit | None:
    """The row's unit, else that of its campaign, else that of its account."""
    if given(cells.raw(UNIT)) is not None or context.unit:
        unit = context.unit_of(cells, day)
    elif campaign is not None or account is not None:
        unit = campaign.unit if campaign is not None else account.unit  # type: ignore[union-attr]
        if not context.may_write(unit.id):
            where = CAMPAIGN if campaign is not None else ACCOUNT
            cells.wrong(where, f"{unit.name} không thuộc phạm vi được giao. Bỏ dòng này, hoặc sửa mã.")
            return None
    elif given(cells.raw(CAMPAIGN)) is not None or given(cells.raw(ACCOUNT)) is not None:
        return None  # an unknown code, told already
    else:
        cells.wrong(UNIT, "Chưa biết khoản này của đơn vị nào. Ghi mã đơn vị hoặc mã đợt.")
        return None
    context.check_alive(cells, unit, day)
    return unit


def _fund_id(campaign: Campaign | None, account: BankAccount | None, context: Context) -> int:
    if campaign is not None:
        return campaign.fund_id
    return account.fund_id if account is not None else context.fund("").id


def _check_account(cells: Cells, account: BankAccount | None, unit: Unit, fund_id: int) -> None:
    if account is None:
        return
    if account.unit_id != unit.id:
        text = f"Tài khoản “{account.code}” là của {account.unit.name}, không phải của {unit.name}."
        cells.wrong(ACCOUNT, f"{text} Sửa một trong hai mã.")
    elif account.fund_id != fund_id:
        cells.wrong(
            ACCOUNT,
            f"Tài khoản “{account.code}” thuộc quỹ khác với đợt vận động. Sửa mã tài khoản hoặc mã đợt.",
        )


def foresee(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """What `write` would do."""
    return _counts(_sort(located, context, problems))


def _counts(known: Sorted) -> Counts:
    return Counts(sum(len(document.rows) for document, _ in known.new), 0, known.duplicates)


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Post the gifts that are not in the books yet."""
    known = _sort(located, context, problems)
    if problems.total or not known.new:
        return Counts(0, 0, known.duplicates)
    try:
        first, last = post_gifts([(document.rows, mark) for document, mark in known.new], by=context.by)
    except RefusedGift as refused:
        document = known.new[refused.place][0]
        place = document.places[refused.part or 0]
        problems.add(located[place].number, COLUMN_OF.get(refused.field or ""), refused.text)
        return Counts(0, 0, 0)
    return _counts(known)._replace(note={"postings": [first, last]})


def _sort(located: Sequence[Located], context: Context, problems: Problems) -> Sorted:
    if context.late:
        context.notes.append(
            f"Khoản sau ngày kết thúc đợt vẫn ghi vào đợt và được đánh dấu: {rows_in_words(context.late)}."
        )
    known = sort_gifts([item.row for item in located], context.columns)
    for document, _ in known.new:
        gift_documents.check(document, located, problems)
    for place, other in known.clashes:
        number, row = located[place]
        if isinstance(other, KnownGift):
            problems.add(number, RECEIPT if row.known_id is None else CODE, _clash(row, other))
        elif other < 0:
            text = "Không có khoản mang mã này ở đơn vị đó. Sửa mã khoản, hoặc để trống để ghi mới."
            problems.add(number, CODE, text)
        else:
            text = (
                f"Số phiếu “{row.paper_number}” đã dùng ở dòng {located[other].number} với nội dung khác. "
                "Sửa số phiếu của một dòng, hoặc ghi cùng mã chứng từ nếu là một phiếu."
            )
            problems.add(number, RECEIPT, text)
    return known


def _clash(row: GiftRow, known: KnownGift) -> str:
    gift: Any = Donation(id=known.id)
    named = f"Số phiếu “{row.paper_number}”" if row.known_id is None else "Mã khoản này"
    total = sum(part.amount for part in known.rows)
    return (
        f"{named} đã ghi sổ là khoản {gift.code}: {format_dong(total)} "
        f"ngày {format_day(known.rows[0].day)}. Khoản đã ghi không sửa bằng cách nạp lại: "
        "đề nghị đảo khoản đó rồi nạp lại dòng này, hoặc sửa số phiếu."
    )


def amount(row: GiftRow) -> int:
    """Đồng."""
    return row.amount


def days(row: GiftRow) -> tuple[date, ...]:
    """The day it was given."""
    return (row.day,)


DONATIONS = Kind(
    name="donations",
    slug="khoan-ung-ho",
    label="Khoản ủng hộ",
    lead="Danh sách khoản ủng hộ đã nhận: tiền mặt, chuyển khoản, hiện vật, giấy tờ có giá.",
    columns=COLUMNS,
    hints=HINTS,
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=write,
    foresee=foresee,
    lookups={
        UNIT: UNITS,
        CAMPAIGN: CAMPAIGNS,
        ACCOUNT: ACCOUNTS,
        DONOR_KIND: DONOR_KINDS,
        FORM: fixed("Hình thức", list(FORM_NAMES)),
        SHOWN: fixed("Cách hiển thị", list(SHOWN_NAMES)[:3]),
        ITEM: ITEMS,
        STORE: STORES,
    },
    amount=amount,
    days=days,
    amount_columns=(AMOUNT,),
    day_columns=(DAY,),
)
