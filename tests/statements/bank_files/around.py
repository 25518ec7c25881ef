"""What banks print above and below a list: names, periods, balances, sums, notes."""

from collections.abc import Callable

from tests.statements.bank_files.forms import ACCOUNT
from tests.statements.bank_files.options import Cells, Options, Truth


def _vietcombank_above(options: Options) -> list[Cells]:
    period = "" if options.without_period else f"{options.start:%d/%m/%Y}"
    rows: list[Cells] = [
        ["NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM"],
        ["SAO KÊ TÀI KHOẢN/ STATEMENT OF ACCOUNT"],
        [f"Từ ngày/ From: {period}"],
        [],
        ["Số tài khoản/ Account number:", "", ACCOUNT],
        ["Tên tài khoản/ Account name:", "", "QUY VI NGUOI NGHEO MINH HOA"],
        ["Loại tiền/ Currency:", "", "VND"],
    ]
    if not options.without_opening:
        rows.append(["Số dư đầu kỳ/ Opening balance:", "", options.money(options.expected.opening)])
    return [*rows, [], []]


def _vietinbank_above(options: Options) -> list[Cells]:
    """The totals stand above the list, so the transfers are gone through once before."""
    sums = Truth()
    for transfer in options.stream():
        sums.count(transfer, known=True, keep=False)
    rows: list[Cells] = [[], ["NGÂN HÀNG TMCP CÔNG THƯƠNG MINH HỌA"], [], ["LỊCH SỬ GIAO DỊCH"], []]
    rows += [["Số tài khoản/ Account number", "", ACCOUNT], ["Loại tiền/ Currency", "", "VND"]]
    if not options.without_period:
        span = f"{options.start:%d/%m/%Y} - {options.last_day:%d/%m/%Y}"
        rows.append([f"Từ ngày - Đến ngày/ From date - To date: {span}"])
    if not options.without_opening:
        rows.append(["Số dư đầu kỳ/ Opening Balance", "", options.money(sums.opening)])
    if not options.without_totals:
        rows += [
            ["Số dư cuối kỳ/ Closing Balance", "", options.money(sums.closing)],
            ["Tổng ghi có/ Total credits", "", options.money(sums.credit_sum)],
            ["Tổng ghi nợ/ Total debits", "", options.money(sums.debit_sum)],
            ["Tổng số giao dịch ghi có/ Total number of credits", "", sums.credit_count],
            ["Tổng số giao dịch ghi nợ/ Total number of debits", "", sums.debit_count],
        ]
    return [*rows, *([[]] * (19 - len(rows)))]


def _bidv_above(options: Options) -> list[Cells]:
    rows: list[Cells] = [["NGÂN HÀNG MINH HỌA"], ["SỔ PHỤ TÀI KHOẢN"], ["Số tài khoản", ACCOUNT]]
    if not options.without_period:
        rows.append([f"Từ ngày {options.start:%d/%m/%Y} đến ngày {options.last_day:%d/%m/%Y}"])
    return [*rows, ["Loại tiền: VND"], []]


def _agribank_above(options: Options) -> list[Cells]:
    rows: list[Cells] = [["NGÂN HÀNG NÔNG NGHIỆP MINH HỌA"], ["Số tài khoản/Account No: " + ACCOUNT]]
    if not options.without_period:
        rows.append(
            ["Từ ngày/From:", f"{options.start:%d/%m/%Y}", "Đến ngày/To:", f"{options.last_day:%d/%m/%Y}"]
        )
    return [*rows, ["Loại tiền/Currency: VND"]]


def _with_opening(title: str) -> Callable[[Options], list[Cells]]:
    def above(options: Options) -> list[Cells]:
        rows: list[Cells] = [[title], ["Số tài khoản/ Account No.:", "", "", ACCOUNT]]
        if not options.without_opening:
            opening = options.money(options.expected.opening)
            rows.append(["Số dư đầu kỳ/ Opening balance", "", "", opening])
        return [*rows, []]

    return above


def _vietcombank_below(options: Options) -> list[Cells]:
    closing = ["Số dư cuối kỳ/ Closing balance:", "", options.money(options.expected.closing)]
    note = ["Ghi chú: chứng từ này được in từ hệ thống."]
    return [note] if options.without_totals else [closing, note]


def _mb_below(options: Options) -> list[Cells]:
    closing: Cells = ["Số dư cuối kỳ/ Closing balance", "", "", options.money(options.expected.closing)]
    note: Cells = ["Ngày in/ Printed on: 04/09/2026 10:00:00"]
    return [note] if options.without_totals else [closing, note]


Rows = Callable[[Options], list[Cells]]
ABOVE: dict[str, Rows] = {
    "none": lambda options: [],
    "vietcombank": _vietcombank_above,
    "vietinbank": _vietinbank_above,
    "bidv": _bidv_above,
    "agribank": _agribank_above,
    "mb": _with_opening("SỔ PHỤ KHÁCH HÀNG/ ACCOUNT STATEMENT"),
    "techcombank": _with_opening("SAO KÊ TÀI KHOẢN/ ACCOUNT STATEMENT"),
}
BELOW: dict[str, Rows] = {
    "none": lambda options: [],
    "vietcombank": _vietcombank_below,
    "bidv": lambda options: [["Ghi chú: số liệu minh họa."], ["Người lập", "", "Kiểm soát"]],
    "mb": _mb_below,
}
