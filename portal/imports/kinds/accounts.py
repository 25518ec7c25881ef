"""Bank accounts, with what stood on them when the books began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.donations.rules import CURRENCIES, parse_foreign
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.kind import Counts, Kind, Located
from portal.imports.kinds.catalogue import bring_each, known_by_code
from portal.imports.lookups import FUNDS, UNITS, fixed
from portal.imports.outcome import Problems
from portal.kit.access import ADMINISTRATOR
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import DONG
from portal.kit.tables import ABSENT, ColumnSpec
from portal.ledger.bank_accounts import Opening, change_bank_account, open_bank_account, record_opening
from portal.ledger.models import BankAccount

CODE, UNIT, FUND, BANK, NUMBER = "Mã tài khoản", "Mã đơn vị", "Quỹ", "Ngân hàng", "Số tài khoản"
CURRENCY, MINOR = "Loại tiền", "Số dư ngoại tệ đầu"
HOLDER, PUBLISHED, OPENING, OPENING_ON = "Chủ tài khoản", "Công khai sao kê", "Số dư đầu", "Ngày số dư đầu"
MONEY = {DONG: DONG, **{code: code for code in CURRENCIES}}
COLUMN_OF = {"unit_id": UNIT, "fund_id": FUND, "currency": CURRENCY, "opening": OPENING, "day": OPENING_ON}
YES_NO = {"có": True, "không": False}


@dataclass(frozen=True)
class AccountRow:
    """One account; ABSENT leaves a field of a known account alone."""

    code: str
    fields: tuple[tuple[str, Any], ...]  # of BankAccount, without the absent ones
    opening: Opening | None


def parse(cells: Cells, context: Context) -> AccountRow:
    """A row of the list. The unit bears its code on the day of the opening balance, else today."""
    code = (
        given(cells.text(CODE, limit=40, needed="Chưa có mã tài khoản. Đặt một mã ngắn, ví dụ VCB-01.")) or ""
    )
    opening = _opening(cells)
    day = opening.day if opening else today_in_vietnam()
    fields: dict[str, Any] = {}
    if cells.raw(UNIT) is not ABSENT or context.unit:
        unit = context.unit_of(cells, day)
        if opening:
            context.check_alive(cells, unit, opening.day)
        fields["unit_id"] = unit.id if unit else None
    fund_text = cells.text(FUND)
    if fund_text is not ABSENT:
        fund = context.fund_of(cells, fund_text)
        fields["fund_id"] = fund.id if fund else None
    fields["bank"] = cells.text(BANK, limit=100)
    number = cells.text(NUMBER, limit=40)
    fields["number"] = number.replace(" ", "") if number else number
    currency = _or_default(cells.choice(CURRENCY, MONEY), DONG)
    fields["currency"] = currency
    fields["opening_minor"] = _minor(cells, currency)
    fields["holder"] = _or_default(cells.text(HOLDER), "")
    fields["published"] = _or_default(cells.choice(PUBLISHED, YES_NO), False)
    present = tuple((name, value) for name, value in fields.items() if value is not ABSENT)
    return AccountRow(code, present, opening)


def _minor(cells: Cells, currency: Any) -> Any:
    """Cents of the opening balance of an account in foreign money; ABSENT leaves them alone."""
    text = cells.text(MINOR, limit=30)
    if text is ABSENT or text is None:
        return text
    if currency in (ABSENT, DONG):
        cells.wrong(MINOR, "Tài khoản bằng đồng không có số dư ngoại tệ. Xóa ô này, hoặc ghi loại tiền.")
        return ABSENT
    try:
        return parse_foreign(text, currency)
    except Refused as refused:
        cells.wrong(MINOR, refused.text)
        return ABSENT


def _or_default(value: Any, default: Any) -> Any:
    return default if value is None else value


def _opening(cells: Cells) -> Opening | None:
    amount, day = given(cells.amount(OPENING)), given(cells.day(OPENING_ON))
    if amount is None:
        return None
    if day is None:
        if given(cells.raw(OPENING_ON)) is None:
            cells.wrong(OPENING_ON, "Có số dư đầu mà chưa có ngày. Ghi ngày của số dư đó, ví dụ 01/01/2026.")
        return None
    if day > today_in_vietnam():
        cells.wrong(OPENING_ON, f"Ngày {day:%d/%m/%Y} chưa tới. Ghi ngày của số dư đã có.")
        return None
    return Opening(amount, day)


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Open or change each account and post its opening balance once."""
    codes = [item.row.code for item in located]
    found = db.session.scalars(select(BankAccount).where(BankAccount.code.in_(codes)))
    known = {account.code: account for account in found}
    return bring_each(
        located,
        problems,
        record=lambda row: _record(row, known, context),
        code_column=CODE,
        noun="Tài khoản",
        column_of=COLUMN_OF,
    )


def _record(row: AccountRow, known: dict[str, BankAccount], context: Context) -> str:
    """Bring one account up to its row: "new", "changed" or "same". Raises Refused at a column."""
    fields = dict(row.fields)
    account = known.get(row.code)
    if account is not None:
        if not context.may_write(account.unit_id):
            raise Refused(f"Tài khoản “{row.code}” là của đơn vị khác. Bỏ dòng này, hoặc dùng mã khác.", CODE)
        changed = change_bank_account(account, **_kept(fields))
    else:
        account = known[row.code] = open_bank_account(code=row.code, **_complete(fields, context))
        changed = None
    if row.opening is not None:
        posted = record_opening(account, row.opening, by=context.by)
        changed = None if changed is None else changed or posted
    return "new" if changed is None else "changed" if changed else "same"


def _kept(fields: dict[str, Any]) -> dict[str, Any]:
    """A known account keeps its bank and number where the cell is empty: it cannot be without them."""
    return {
        name: value for name, value in fields.items() if value is not None or name not in ("bank", "number")
    }


def _complete(fields: dict[str, Any], context: Context) -> dict[str, Any]:
    """What a new account must have. Raises Refused at the column that is missing."""
    needed = (
        ("unit_id", UNIT, "Chưa có mã đơn vị của tài khoản mới. Ghi mã như trong danh mục đơn vị."),
        ("bank", BANK, "Chưa có tên ngân hàng của tài khoản mới. Ghi tên ngân hàng, ví dụ Vietcombank."),
        ("number", NUMBER, "Chưa có số tài khoản. Ghi số tài khoản như trên sao kê."),
    )
    for name, column, text in needed:
        if not fields.get(name):
            raise Refused(text, column)
    if "fund_id" not in fields:
        fields["fund_id"] = context.fund("").id
    return {"holder": "", "published": False, **fields}


def known(located: Sequence[Located], _context: Context) -> set[int]:
    """Rows whose account exists."""
    return known_by_code(located, BankAccount)


def opening_amount(row: AccountRow) -> int | None:
    """Đồng of the opening balance."""
    return row.opening.amount if row.opening else None


def opening_days(row: AccountRow) -> tuple[date, ...]:
    """Its day."""
    return (row.opening.day,) if row.opening else ()


ACCOUNTS = Kind(
    name="accounts",
    slug="tai-khoan",
    label="Tài khoản ngân hàng",
    lead="Tài khoản của quỹ ở từng đơn vị, kèm số dư đầu khi bắt đầu ghi sổ.",
    columns=(
        ColumnSpec(CODE, ("Mã TK",), required=True),
        ColumnSpec(UNIT, ("Mã ĐV", "Đơn vị")),
        ColumnSpec(FUND, ("Mã quỹ", "Tên quỹ")),
        ColumnSpec(BANK, ("Tên ngân hàng",)),
        ColumnSpec(NUMBER, ("Số TK", "STK")),
        ColumnSpec(HOLDER, ("Chủ TK", "Tên tài khoản")),
        ColumnSpec(PUBLISHED, ("Công khai",)),
        ColumnSpec(CURRENCY, ("Tiền tệ", "Ngoại tệ")),
        ColumnSpec(MINOR, ("Số dư đầu ngoại tệ",)),
        ColumnSpec(OPENING, ("Số dư đầu kỳ", "Số dư ban đầu")),
        ColumnSpec(OPENING_ON, ("Ngày số dư", "Ngày số dư đầu kỳ")),
    ),
    hints={
        CODE: "Bắt buộc. Mã do đơn vị đặt, ví dụ VCB-01; các bảng khác gọi tài khoản bằng mã này.",
        UNIT: "Bắt buộc với tài khoản mới.",
        FUND: "Để trống là Quỹ “Vì người nghèo”.",
        BANK: "Bắt buộc với tài khoản mới, ví dụ Vietcombank.",
        NUMBER: "Bắt buộc với tài khoản mới. Định dạng ô là văn bản để giữ số 0 ở đầu.",
        HOLDER: "Tên chủ tài khoản như ngân hàng ghi.",
        PUBLISHED: "có hoặc không; để trống là không.",
        CURRENCY: "Để trống là đồng (VND); hoặc USD, EUR … khi tài khoản giữ ngoại tệ.",
        MINOR: "Số ngoại tệ của số dư đầu, ví dụ 1.250,50; chỉ với tài khoản ngoại tệ.",
        OPENING: "Số đồng trên tài khoản trước giao dịch đầu tiên được nạp; ghi sổ một lần, không sửa.",
        OPENING_ON: "Ngày của số dư đầu; bắt buộc khi có số dư đầu.",
    },
    roles=(ADMINISTRATOR,),
    parse=parse,
    write=write,
    known=known,
    lookups={UNIT: UNITS, FUND: FUNDS, PUBLISHED: fixed("Công khai", list(YES_NO))},
    amount=opening_amount,
    days=opening_days,
    amount_columns=(OPENING,),
    day_columns=(OPENING_ON,),
)
