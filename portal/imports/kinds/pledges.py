"""Pledges: what somebody has promised to give, with the days on which it is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.donors.queries import kinds
from portal.imports import pledge_rows
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.kind import Counts, Kind, Located
from portal.imports.kinds.donors import KINDS as DONOR_KINDS
from portal.imports.lookups import CAMPAIGNS, UNITS, fixed
from portal.imports.outcome import Problems
from portal.imports.pledge_rows import COLUMN_OF, NUMBER, PledgeRow
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT, ColumnSpec
from portal.pledges.rules import (
    COLUMNS,
    KINDS,
    MONEY,
    SHOWN_AS,
    Due,
    check_dues,
    check_terms,
    kind_key,
    read_dues,
    read_paper_number,
    shown_as_key,
)

(
    _NUMBER,
    DAY,
    UNIT,
    CAMPAIGN,
    DONOR,
    DONOR_KIND,
    PHONE,
    ADDRESS,
    FORM,
    CONTENT,
    QUANTITY,
    MEASURE,
    AMOUNT,
    DUE,
    SHOWN,
    NOTE,
) = COLUMNS
MOST_DUES = 1_000  # characters of a cell with several days


def parse(cells: Cells, context: Context) -> PledgeRow | None:
    """A row. Without a unit code the promise belongs to its campaign's unit."""
    day = cells.day(DAY, needed="Chưa có ngày đăng ký. Ghi ngày/tháng/năm, ví dụ 19/10/2026.") or None
    campaign = context.campaign_of(cells)
    unit = context.unit_or_campaigns(cells, campaign, day)
    kind = _read(cells, FORM, lambda text: kind_key(text, field=None))
    values: dict[str, Any] = {
        "campaign_id": (campaign.id if campaign else None) if _asks_campaign(cells, context) else ABSENT,
        "pledged_on": day,
        "donor_name": cells.text(DONOR, needed="Chưa có tên người đăng ký. Ghi họ tên hoặc tên đơn vị."),
        "donor_kind": cells.choice(DONOR_KIND, {kind.name.lower(): kind.key for kind in kinds().values()}),
        "phone": cells.text(PHONE, limit=40),
        "address": cells.text(ADDRESS, limit=300),
        "shown_as": _read(cells, SHOWN, lambda text: shown_as_key(text, field=None)),
        "kind": kind,
        "content": cells.text(CONTENT, limit=500),
        "quantity": cells.text(QUANTITY, limit=40),
        "measure": cells.text(MEASURE, limit=40),
        "amount": cells.amount(AMOUNT, zero=False),
        "note": cells.text(NOTE, limit=1000),
    }
    number = _number(cells)
    if number is None or kind is not ABSENT:
        values["kind"] = given(kind) or MONEY
    dues = _dues(cells, given(values["amount"]))
    if unit is None or day is None or not cells.sound:
        return None
    fund_id = campaign.fund_id if campaign else context.fund("").id
    context.check_fits(cells, campaign, unit)
    fields = tuple((name, value) for name, value in values.items() if value is not ABSENT)
    row = PledgeRow(unit.id, fund_id, day, number, fields, dues)
    return _checked(cells, row) if number is None else row


def _asks_campaign(cells: Cells, context: Context) -> bool:
    return cells.raw(CAMPAIGN) is not ABSENT or context.campaign is not None


def _number(cells: Cells) -> tuple[int, int] | None:
    text = given(cells.text(NUMBER, limit=40))
    number = read_paper_number(text) if text else None
    if text and number is None:
        cells.wrong(
            NUMBER, f"“{text}” không phải số đăng ký. Ghi như ĐK-0012/2026, hoặc để trống để ghi mới."
        )
    return number


def _read(cells: Cells, column: str, read: Any) -> Any:
    text = cells.text(column)
    if not text:
        return text
    try:
        return read(text)
    except Refused as refused:
        cells.refuse(refused, column)
        return None


def _dues(cells: Cells, amount: int | None) -> tuple[Due, ...] | None:
    """The days of the promise; None where the file has no such column."""
    raw = cells.raw(DUE)
    if raw is ABSENT:
        return None
    if isinstance(raw, date):
        day = cells.day(DUE)
        return (Due(day, amount or 0),) if day else ()
    text = given(cells.text(DUE, limit=MOST_DUES))
    if not text:
        return ()
    try:
        return tuple(read_dues(text, amount=amount, today=today_in_vietnam(), field=None))
    except Refused as refused:
        cells.refuse(refused, DUE)
        return ()


def _checked(cells: Cells, row: PledgeRow) -> PledgeRow | None:
    """The rules of the room over a new promise."""
    values = {**dict.fromkeys(pledge_rows.FIELDS), **row.values}
    if values["kind"] == MONEY:
        values |= dict.fromkeys(pledge_rows.OF_THINGS)
    try:
        check_terms(values, today=today_in_vietnam())
        check_dues(row.dues or (), amount=values["amount"], pledged_on=row.day)
    except Refused as refused:
        cells.refuse(refused, COLUMN_OF.get(refused.field or "", DAY))
        return None
    said = tuple((name, values[name]) for name in row.values)
    return PledgeRow(row.unit_id, row.fund_id, row.day, None, said, row.dues)


def foresee(located: Sequence[Located], _context: Context, problems: Problems) -> Counts:
    """What `write` would do."""
    return pledge_rows.sort_rows(located, problems).counts


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Write what is new or changed, under one entry."""
    found = pledge_rows.sort_rows(located, problems)
    if not problems.total:
        pledge_rows.write_rows(found, context)
    return found.counts


def known(located: Sequence[Located], _context: Context) -> set[int]:
    """Rows whose pledge exists."""
    return pledge_rows.sort_rows(located, Problems()).known


def amount(row: PledgeRow) -> int | None:
    """Đồng promised, or the agreed value."""
    return given(row.values.get("amount"))


def days(row: PledgeRow) -> tuple[date, ...]:
    """The day of the promise."""
    return (row.day,)


PLEDGES = Kind(
    name="pledges",
    slug="dang-ky",
    label="Đăng ký ủng hộ",
    lead="Danh sách đã đăng ký: tiền, hiện vật, nhà, ngày công, với hạn thực hiện. Đăng ký không tính là đã nhận.",
    columns=(
        ColumnSpec(NUMBER, ("Số ĐK",)),
        ColumnSpec(DAY, ("Ngày đăng ký", "Ngày tháng"), required=True),
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị")),
        ColumnSpec(CAMPAIGN, ("Mã đợt vận động", "Đợt")),
        ColumnSpec(DONOR, ("Họ tên", "Họ và tên", "Người ủng hộ", "Tên"), required=True),
        ColumnSpec(DONOR_KIND, ("Loại người đăng ký", "Đối tượng")),
        ColumnSpec(PHONE, ("Số điện thoại", "SĐT", "ĐT")),
        ColumnSpec(ADDRESS, ("Nơi ở", "Địa chỉ/đơn vị")),
        ColumnSpec(FORM, ("Hình thức đăng ký",)),
        ColumnSpec(CONTENT, ("Hiện vật", "Nội dung đăng ký")),
        ColumnSpec(QUANTITY, ("SL",)),
        ColumnSpec(MEASURE, ("ĐVT",)),
        ColumnSpec(AMOUNT, ("Số tiền (đồng)", "Số tiền (đ)", "Giá trị")),
        ColumnSpec(DUE, ("Hạn chuyển", "Ngày hẹn", "Hạn thực hiện")),
        ColumnSpec(SHOWN, ("Hiển thị",)),
        ColumnSpec(NOTE, ("Ghi chú thêm",)),
    ),
    hints={
        NUMBER: "Số trong danh sách đã xuất, ví dụ ĐK-0012/2026; để trống khi ghi mới.",
        DAY: "Bắt buộc. Ngày đăng ký.",
        UNIT: "Đơn vị nhận đăng ký; để trống là đơn vị của đợt vận động.",
        CAMPAIGN: "Mã đợt; để trống khi đăng ký ngoài đợt, khi đó phải có mã đơn vị.",
        DONOR: "Bắt buộc. Họ tên, hoặc tên tổ chức, doanh nghiệp.",
        DONOR_KIND: "Chọn trong danh sách; có thể để trống.",
        PHONE: "Định dạng ô là văn bản để giữ số 0 ở đầu.",
        ADDRESS: "Không bắt buộc.",
        FORM: f"Một trong: {', '.join(name.lower() for name in KINDS.values())}; để trống là tiền.",
        CONTENT: "Hiện vật, nhà hay công việc gì; bắt buộc khi không phải tiền.",
        QUANTITY: "Ví dụ 20.",
        MEASURE: "Ví dụ kg, thùng, căn, công.",
        AMOUNT: "Số đồng đăng ký; với hiện vật, nhà, ngày công là giá trị đã thống nhất, có thể để trống.",
        DUE: "Một ngày; hoặc nhiều đợt, ví dụ 15/12/2026: 5tr; 15/01/2027: 5tr.",
        SHOWN: "họ tên, viết tắt, nhà hảo tâm; để trống khi chưa hỏi.",
        NOTE: "Không bắt buộc.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=write,
    foresee=foresee,
    known=known,
    lookups={
        UNIT: UNITS,
        CAMPAIGN: CAMPAIGNS,
        DONOR_KIND: DONOR_KINDS,
        FORM: fixed("Hình thức đăng ký", [name.lower() for name in KINDS.values()]),
        SHOWN: fixed("Cách hiển thị", [name.lower() for name in SHOWN_AS.values()]),
    },
    amount=amount,
    days=days,
    amount_columns=(AMOUNT,),
    day_columns=(DAY,),
)
