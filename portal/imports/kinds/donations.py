"""Gifts received: from lists of ceremonies, paper receipt books, other systems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.campaigns.models import Campaign
from portal.campaigns.rules import is_late
from portal.donations.models import Donation
from portal.donations.rules import BANK, DONOR_KINDS, FORMS, GOODS
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.gifts import GiftRow, post_gifts
from portal.imports.kind import Counts, Kind, Located
from portal.imports.outcome import Problems
from portal.imports.sorting import KnownGift, Sorted, sort_gifts
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.money import format_dong
from portal.kit.tables import ABSENT, ColumnSpec
from portal.ledger.models import BankAccount
from portal.units.models import Unit

DAY, UNIT, CAMPAIGN, ACCOUNT = "Ngày", "Mã đơn vị", "Mã đợt", "Tài khoản"
DONOR, DONOR_KIND, ADDRESS, FORM, AMOUNT = "Người ủng hộ", "Loại", "Địa chỉ", "Hình thức", "Số tiền"
GOODS_NAME, QUANTITY, MEASURE = "Hiện vật", "Số lượng", "Đơn vị tính"
SHOWN, RECEIPT, NOTE = "Cách hiển thị", "Số phiếu", "Ghi chú"

FORM_NAMES = {name.lower(): key for key, name in FORMS.items()}
KIND_NAMES = {name.lower(): key for key, name in DONOR_KINDS.items()}
SHOWN_NAMES = {"họ tên": "name", "viết tắt": "initials", "ẩn danh": "anonymous", "nhà hảo tâm": "anonymous"}
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
    form, amount = _form(cells), _amount(cells)
    values = {
        "donor_name": given(cells.text(DONOR)),
        "donor_kind": given(cells.choice(DONOR_KIND, KIND_NAMES)),
        "address": given(cells.text(ADDRESS, limit=300)),
        "goods": given(cells.text(GOODS_NAME, limit=300)),
        "quantity": given(cells.text(QUANTITY, limit=40)),
        "measure": given(cells.text(MEASURE, limit=40)),
        "shown_as": given(cells.choice(SHOWN, SHOWN_NAMES)),
        "paper_number": given(cells.text(RECEIPT, limit=60)),
        "note": given(cells.text(NOTE, limit=1000)),
    }
    if account is not None and form is not None and form != BANK:
        if context.account is None or given(cells.raw(ACCOUNT)) is not None:
            cells.wrong(ACCOUNT, "Chỉ khoản chuyển khoản mới ghi tài khoản. Xóa ô này, hoặc sửa hình thức.")
        account = None
    if unit is None or day is None or form is None or amount is None:
        return None
    fund_id = _fund_id(campaign, account, context)
    _check_campaign(cells, context, campaign, unit, day)
    _check_account(cells, account, unit, fund_id)
    if form == GOODS and not values["goods"]:
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


def _amount(cells: Cells) -> int | None:
    amount = given(cells.amount(AMOUNT, zero=False))
    if amount is None and given(cells.raw(AMOUNT)) in (None, "-", "–", "—"):
        in_kind = given(cells.raw(GOODS_NAME)) is not None
        text = "Chưa có số tiền. Ghi số đồng đã nhận, ví dụ 500.000."
        cells.wrong(AMOUNT, "Hiện vật chưa có giá trị. Ghi giá trị quy đổi bằng đồng." if in_kind else text)
    return amount


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


def _check_campaign(cells: Cells, context: Context, campaign: Campaign | None, unit: Unit, day: date) -> None:
    if campaign is None:
        return
    if not context.is_below(unit.id, campaign.unit_id):
        text = f"Đợt “{campaign.name}” không phải của {unit.name} hay đơn vị cấp trên."
        cells.wrong(CAMPAIGN, f"{text} Sửa mã đợt hoặc mã đơn vị.")
    if is_late(day, campaign.ends_on):
        cells.wrong(
            CAMPAIGN,
            f"Đợt “{campaign.name}” đã kết thúc ngày {format_day(campaign.ends_on)}, không nhận khoản ngày "
            f"{format_day(day)}. Ghi đợt khác, hoặc để trống mã đợt và ghi mã đơn vị; "
            "nếu ngày sai thì sửa ngày.",
        )


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
    known = _sort(located, context, problems)
    return Counts(len(known.new), 0, known.duplicates)


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Post the gifts that are not in the books yet."""
    known = _sort(located, context, problems)
    if problems.total or not known.new:
        return Counts(0, 0, known.duplicates)
    first, last = post_gifts(known.new, by=context.by)
    return Counts(len(known.new), 0, known.duplicates, {"postings": [first, last]})


def _sort(located: Sequence[Located], context: Context, problems: Problems) -> Sorted:
    known = sort_gifts([item.row for item in located], context.columns)
    for place, other in known.clashes:
        number, row = located[place]
        if isinstance(other, KnownGift):
            problems.add(number, RECEIPT, _clash(row, other))
        else:
            text = (
                f"Số phiếu “{row.paper_number}” đã dùng ở dòng {located[other].number} với nội dung khác. "
                "Sửa số phiếu của một dòng."
            )
            problems.add(number, RECEIPT, text)
    return known


def _clash(row: GiftRow, known: KnownGift) -> str:
    gift: Any = Donation(id=known.id)
    return (
        f"Số phiếu “{row.paper_number}” đã ghi sổ là khoản {gift.code}: {format_dong(known.row.amount)} "
        f"ngày {format_day(known.row.day)}. Khoản đã ghi không sửa bằng cách nạp lại: "
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
    columns=(
        ColumnSpec(DAY, ("Ngày nhận", "Ngày ủng hộ", "Ngày tháng"), required=True),
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị")),
        ColumnSpec(CAMPAIGN, ("Mã đợt vận động", "Đợt")),
        ColumnSpec(ACCOUNT, ("Mã tài khoản", "Mã TK")),
        ColumnSpec(DONOR, ("Họ tên", "Họ và tên", "Tên người ủng hộ", "Nhà hảo tâm")),
        ColumnSpec(DONOR_KIND, ("Loại người ủng hộ", "Đối tượng ủng hộ")),
        ColumnSpec(ADDRESS, ("Nơi ở", "Địa chỉ/đơn vị")),
        ColumnSpec(FORM, ("Hình thức ủng hộ",), required=True),
        ColumnSpec(AMOUNT, ("Số tiền (đồng)", "Giá trị", "Số tiền (đ)"), required=True),
        ColumnSpec(GOODS_NAME, ("Tên hiện vật",)),
        ColumnSpec(QUANTITY, ("SL",)),
        ColumnSpec(MEASURE, ("ĐVT",)),
        ColumnSpec(SHOWN, ("Hiển thị",)),
        ColumnSpec(RECEIPT, ("Số biên lai", "Số CT", "Số chứng từ")),
        ColumnSpec(NOTE, ("Ghi chú thêm", "Nội dung")),
    ),
    hints={
        DAY: "Bắt buộc. Ngày nhận, ngày/tháng/năm.",
        UNIT: "Đơn vị nhận; để trống là đơn vị của đợt vận động.",
        CAMPAIGN: "Mã đợt; để trống là ủng hộ thường xuyên, khi đó phải có mã đơn vị.",
        ACCOUNT: "Chỉ cho chuyển khoản: mã tài khoản nhận. Để trống là chưa rõ, không tính vào số dư.",
        DONOR: "Để trống là không rõ tên.",
        DONOR_KIND: f"Một trong: {', '.join(KIND_NAMES)}.",
        ADDRESS: "Không bắt buộc, không hiện trên trang công khai.",
        FORM: f"Bắt buộc. Một trong: {', '.join(FORM_NAMES)}.",
        AMOUNT: "Bắt buộc. Số đồng, ví dụ 1.500.000; với hiện vật là giá trị quy đổi.",
        GOODS_NAME: "Tên hiện vật; bắt buộc khi hình thức là hiện vật.",
        QUANTITY: "Ví dụ 20.",
        MEASURE: "Ví dụ kg, thùng, suất.",
        SHOWN: "họ tên, viết tắt, ẩn danh; để trống khi chưa hỏi người ủng hộ.",
        RECEIPT: "Số phiếu thu trên giấy, nếu có; nạp lại cùng số phiếu không ghi thêm.",
        NOTE: "Không bắt buộc.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=write,
    foresee=foresee,
    amount=amount,
    days=days,
    amount_columns=(AMOUNT,),
    day_columns=(DAY,),
)
