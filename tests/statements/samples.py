"""Invented bank statements in the shapes of real ones: any size, the same for the same seed, written row by
row.

People, accounts and references are made up. `write_vcb_csv` writes a million rows in some
seconds (for bench/).
"""

import csv
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

FAMILIES = ["NGUYEN", "TRAN", "LE", "PHAM", "HOANG", "PHAN", "VU", "DANG", "BUI", "DO", "HO", "NGO", "LY"]
MIDDLES = ["VAN", "THI", "DUC", "MINH", "NGOC", "THANH", "QUOC", "HONG", "XUAN", "THU"]
GIVEN = [
    "AN",
    "BINH",
    "CUONG",
    "DUNG",
    "GIANG",
    "HA",
    "HUNG",
    "KHANH",
    "LAN",
    "MAI",
    "NAM",
    "OANH",
    "PHUC",
    "YEN",
]
ACCENTED = ("Ngô Nhật Minh ủng hộ", "Gia đình bà Lý Thị Quỳnh ủng hộ người nghèo", "NGUYễN XIểN ung ho")
AMOUNTS = (
    20_000,
    50_000,
    100_000,
    200_000,
    300_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    68_000,
    123_456,
)
ACCOUNT = "0011999000123"
OPENING = 1_250_000_000
HEADINGS = {
    "ordinal": "STT\nNo.",
    "day": "Ngày/\nTNX Date/ Số CT/ Doc No",
    "value_day": "Ngày hiệu lực/ Effective date",
    "debit": "Số tiền ghi nợ/ Debit",
    "credit": "Số tiền ghi có/ Credit",
    "balance": "Số dư/ Balance",
    "text": "Nội dung chi tiết/ Transactions in detail",
}


@dataclass
class Expected:
    """What a correct reading must find; filled while the rows are written."""

    opening: int = OPENING
    rows: int = 0
    credit_count: int = 0
    credit_sum: int = 0
    debit_count: int = 0
    debit_sum: int = 0
    identical: int = 0

    @property
    def closing(self) -> int:
        """Đồng."""
        return self.opening + self.credit_sum - self.debit_sum


@dataclass
class Options:
    """Switches of a statement; `break_at`, `glued_at`, `blank_at` count lines from 1 (0 = nowhere)."""

    rows: int
    seed: int = 1
    days: int = 30
    start: dt.date = dt.date(2026, 8, 3)
    mark: str = "."  # between thousands
    decimals: str = ""  # ",00" or ".00"
    balance: str = "day"  # "day" = on a day's last row, "row" = on every row, "none" = never
    break_at: int = 0  # this line is left out; balances and totals still know it
    glued_at: int = 0  # its amount is glued to its neighbour, as from a PDF
    blank_at: int = 0  # this line prints no amount
    without_totals: bool = False  # no total row, no closing balance
    without_opening: bool = False
    empty_first_column: bool = False
    value_day: bool = False
    expected: Expected = field(default_factory=Expected)


def write_vcb_csv(
    path: str | Path, *, encoding: str = "utf-8-sig", delimiter: str = ",", **options
) -> Expected:
    """A Vietcombank account statement as CSV; the options are those of `Options`."""
    chosen = Options(**options)
    with Path(path).open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(vcb_rows(chosen))
    return chosen.expected


def write_vcb_xlsx(path: str | Path, **options) -> Expected:
    """The same as XLSX; amounts are texts, as the bank writes them."""
    chosen = Options(**options)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, cells in enumerate(vcb_rows(chosen)):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(number, column, cell)
    return chosen.expected


def vcb_rows(options: Options) -> Iterator[list[str]]:
    """All rows of the statement as texts, padded to the same width."""
    keys = [key for key in HEADINGS if key != "value_day" or options.value_day]
    left = [""] if options.empty_first_column else []
    width = len(left) + len(keys)

    def padded(*cells: str) -> list[str]:
        return left + list(cells) + [""] * (width - len(left) - len(cells))

    yield padded("NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM")
    yield padded("SAO KÊ TÀI KHOẢN/ STATEMENT OF ACCOUNT")
    yield padded(f"Từ ngày/ From: {options.start:%d/%m/%Y}")
    yield padded()
    yield padded("Số tài khoản/ Account number:", "", ACCOUNT)
    yield padded("Tên tài khoản/ Account name:", "", "QUY VI NGUOI NGHEO MINH HOA")
    yield padded("Loại tiền/ Currency:", "", "VND")
    if not options.without_opening:
        yield padded("Số dư đầu kỳ/ Opening balance:", "", _grouped(options.expected.opening, options))
    yield padded()
    yield padded()
    yield padded(*(HEADINGS[key] for key in keys))
    yield from _lines(options, keys, left)
    expected = options.expected
    if not options.without_totals:
        sums = {"debit": expected.debit_sum, "credit": expected.credit_sum}
        yield left + ["Tổng số" if key == "ordinal" else _grouped(sums.get(key), options) for key in keys]
        yield padded("Số dư cuối kỳ/ Closing balance:", "", _grouped(expected.closing, options))
    yield padded("Ghi chú: chứng từ này được in từ hệ thống.")


def _lines(options: Options, keys: list[str], left: list[str]) -> Iterator[list[str]]:
    chance = random.Random(options.seed)
    names = [f"{f} {m} {g}" for f in FAMILIES for m in MIDDLES for g in GIVEN]
    expected, per_day = options.expected, max(1, -(-options.rows // options.days))
    before: tuple[str, int, str] | None = None
    for number in range(1, options.rows + 1):
        day = f"{options.start + dt.timedelta(days=(number - 1) // per_day):%d/%m/%Y}"
        if number % 89 == 2 and before and (number - 1) % per_day:
            reference, amount, text = before
            expected.identical += 1
        else:
            reference, amount, text = _transfer(chance, names, number)
        before = reference, amount, text
        _count(expected, amount)
        if number == options.break_at:
            continue
        ends_day = number % per_day == 0 or number == options.rows
        shows = options.balance == "row" or (options.balance == "day" and ends_day)
        printed = _grouped(abs(amount), options)
        if number == options.glued_at:
            printed += f",00{chance.randrange(10**9, 10**10)}"
        elif number == options.blank_at:
            printed = "0"
        values = {
            "ordinal": str(number),
            "day": f"{day}\n{reference}",
            "value_day": day,
            "debit": printed if amount < 0 else "",
            "credit": printed if amount > 0 else "",
            "balance": _grouped(expected.closing, options) if shows else "",
            "text": text,
        }
        yield left + [values[key] for key in keys]


def _count(expected: Expected, amount: int) -> None:
    expected.rows += 1
    if amount > 0:
        expected.credit_count += 1
        expected.credit_sum += amount
    else:
        expected.debit_count += 1
        expected.debit_sum -= amount


def _transfer(chance: random.Random, names: list[str], number: int) -> tuple[str, int, str]:
    """(document number, signed amount, text). Document numbers repeat, as the bank's do."""
    reference = f"{chance.randrange(5000, 5400)} - {chance.randrange(100_000):05d}"
    if number % 211 == 7:
        decision = f"QD {chance.randrange(1000, 3000)}/QD-BVDTW CHUYEN KINH PHI HO TRO XAY NHA"
        return reference, -chance.randrange(50, 120) * 1_000, decision
    if number % 503 == 11:
        return reference, -11_000, "THU PHI QUAN LY TAI KHOAN"
    name, amount = names[chance.randrange(len(names))], AMOUNTS[chance.randrange(len(AMOUNTS))]
    kind, code = number % 8, chance.randrange(10**9, 10**10)
    if kind < 3:
        account = f"09{chance.randrange(10**8):08d}"
        text = f"MBVCB.{code}.{name} ung ho.CT tu {account} {name} toi {ACCOUNT} QUY VI NGUOI NGHEO"
    elif kind < 5:
        text = f"020097{code}{number % 10**6:06d}.Ung ho dong bao {name}"
    elif kind == 5:
        text = f"PARTNER.DIRECT_DEBITS_VCB.MSE.{code}.{name} ung ho qua MoMo"
    elif kind == 6:
        text = f"SHGD:{code}.DD:260803.BO:CONG TY TNHH {name}.Remark:Ung ho &amp; chia se"
    else:
        text = (
            ACCENTED[number % 3]
            if number % 40 == 7
            else f"FT26{code}{number % 100:02d} {name} giup nguoi ngheo"
        )
    return reference, amount, text


def _grouped(amount: int | None, options: Options) -> str:
    if amount is None:
        return ""
    return f"{amount:,}".replace(",", options.mark) + options.decimals
