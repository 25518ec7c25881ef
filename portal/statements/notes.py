"""What a statement prints above and below its list: balances, sums, the account, the currency."""

import re
from collections.abc import Callable

from portal.kit.days import parse_day, today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.money import parse_cell_amount
from portal.kit.tables import Sheet, cell_text
from portal.kit.vietnamese import fold, nfc
from portal.statements.controls import Controls, Printed

LABELS = {  # in this order, so that a narrower label stands before a wider one
    "credit_rows": (
        "Tổng số giao dịch ghi có", "Tổng số bút toán ghi có", "Số giao dịch ghi có", "Total number of credits",
        "Total number of credit",
    ),
    "debit_rows": (
        "Tổng số giao dịch ghi nợ", "Tổng số bút toán ghi nợ", "Số giao dịch ghi nợ", "Total number of debits",
        "Total number of debit",
    ),
    "rows": ("Tổng số giao dịch", "Tổng số bút toán", "Tổng số dòng", "Total number of transactions"),
    "opening": ("Số dư đầu", "Dư đầu", "Opening"),
    "closing": ("Số dư cuối", "Dư cuối", "Closing", "Ending balance"),
    "debit_total": ("Tổng ghi nợ", "Tổng số tiền ghi nợ", "Tổng phát sinh nợ", "Total debit", "Total debits"),
    "credit_total": (
        "Tổng ghi có", "Tổng số tiền ghi có", "Tổng phát sinh có", "Total credit", "Total credits",
    ),
    "account": ("Số tài khoản", "Tài khoản số", "Account number", "Account no"),
    "currency": ("Loại tiền", "Currency"),
}  # fmt: skip
COUNTS = ("rows", "credit_rows", "debit_rows")
BALANCES = ("opening", "closing")
ENDS_LIST = {"closing", "debit_total", "credit_total", *COUNTS}
FOLDED = {name: tuple(fold(label) for label in labels) for name, labels in LABELS.items()}
BALANCE_NAMES = {fold(text) for text in ("Dư đầu", "Số dư đầu", "Số dư đầu kỳ", "Số dư đầu ngày", "Opening balance",
    "Số dư đầu kỳ/ Opening balance", "Dư cuối", "Số dư cuối", "Số dư cuối kỳ", "Closing balance",
    "Số dư cuối kỳ/ Closing balance")}  # fmt: skip
TOTAL_WORDS = tuple(fold(word) for word in ("Tổng cộng", "Cộng phát sinh", "Total", "Tổng số"))
COUNT_WORDS = tuple(
    fold(word) for word in ("Total number", "Tổng số giao dịch", "Tổng số bút toán", "Tổng số dòng")
)
DONG = {"vnd", "dong", "dong viet nam", "viet nam dong", "d"}
FROM, TO = re.compile(r"(?:^| )(?:tu|from)(?: |$)"), re.compile(r"(?:^| )(?:den|to)(?: |$)")
DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}")
NUMBER_AT_END = re.compile(r"(?<![\d.,])\d[\d.,]*\s*(?:VND|VNĐ|đồng|đ)?\s*$", re.IGNORECASE)
BANK_AMOUNT = re.compile(r"[\d.,\s]*(?:VND|VNĐ|đồng|đ)?", re.IGNORECASE)

WHOLE = re.compile(
    r"([1-9]\d{0,2}(?:(?:\.\d{3})+(?=,00?$|$)|(?:,\d{3})+(?=\.00?$|$)|$))(?:[.,]00?)?", re.ASCII
)
LONGEST_WHOLE = 19  # characters of 999.999.999.999.999
BROKEN_NUMBER = re.compile(r"([.,])\s*\n\s*(?=\d)")

UNREADABLE = "“{text}” không đọc được thành một số tiền. Hãy sửa ô này theo sao kê gốc rồi nạp lại."
FOREIGN = (
    "Sao kê này ghi loại tiền “{currency}”. Hiện chỉ nạp được sao kê của tài khoản tiền đồng (VND); "
    "hãy chọn đúng tệp của tài khoản tiền đồng."
)


def bank_amount(value: object) -> int | None:
    """An amount in đồng as banks print it; None for an empty cell. Raises `Refused`, also for the shorthand
    of people (5tr) and for two numbers on two lines. A number that a narrow cell of a PDF broke behind its
    mark ("1.234.", "567") is one.
    """
    if isinstance(value, str) and (plain := WHOLE.fullmatch(value)) and len(plain[1]) <= LONGEST_WHOLE:
        return int(plain[1].replace(".", "").replace(",", ""))  # nearly all cells: 20 times as fast
    if isinstance(value, str) and "\n" in value:
        value = BROKEN_NUMBER.sub(r"\1", value.strip())
        if "\n" in value:
            raise Refused(UNREADABLE.format(text=nfc(value)[:40]))
    if (
        isinstance(value, str)
        and not BANK_AMOUNT.fullmatch(value.strip())
        and value.strip() not in {"-", "–", "—"}
    ):
        raise Refused(UNREADABLE.format(text=nfc(value)[:40]))
    return parse_cell_amount(value)


def starts_with_label(text: str, name: str) -> bool:
    """Whether a folded text begins with one of the labels of `name`."""
    return _begins(text, FOLDED[name])


def is_label(text: str) -> bool:
    """Whether a folded text begins with any label, or names a total."""
    return any(_begins(text, labels) for labels in FOLDED.values()) or _begins(text, TOTAL_WORDS)


def names_balance(cells: list) -> bool:
    """Whether a cell holds nothing but the name of a balance: such a row is no line, though it has a day."""
    return any(fold(cell) in BALANCE_NAMES for cell in cells if isinstance(cell, str) and len(cell) < 60)


def is_total(cells: list) -> bool:
    """Whether a cell of a row without a day names a total of amounts (not a count of lines)."""
    texts = [fold(cell) for cell in cells if isinstance(cell, str)]
    return any(_begins(text, TOTAL_WORDS) and not _begins(text, COUNT_WORDS) for text in texts)


def _begins(text: str, phrases: tuple[str, ...]) -> bool:
    return any(text == phrase or text.startswith(phrase + " ") for phrase in phrases)


class Notes:
    """Collects them; `report` receives (address, sentence) for what cannot be read."""

    def __init__(self, sheet: Sheet, report: Callable[[str, str], None]):
        self.sheet, self.report = sheet, report
        self.controls = Controls()
        self.account_number: str | None = None

    def read(self, number: int, cells: list, *, balance: int | None = None) -> set[str]:
        """Take what a row outside the list says; gives the names of the labels it carries. Raises
        `Refused`: other currency. `balance` is the place of that column, for rows inside the list.
        """
        found = set()
        for index, cell in enumerate(cells):
            if not isinstance(cell, str) or not (folded := fold(cell)):
                continue
            name = next((name for name in LABELS if starts_with_label(folded, name)), None)
            if name:
                found.add(name)
                if name in BALANCES and balance is not None and _is_filled(cells, balance):
                    self.set(name, cells[balance], self.sheet.address(number, balance))
                else:
                    self._take(name, number, index, cells)
        return found

    def read_period(self, number: int, cells: list) -> None:
        """Take the days that the statement covers, from a row above the list."""
        text = " ".join(cell_text(cell) for cell in cells)
        begins, ends = FROM.search(fold(text)), TO.search(fold(text))
        dates = DATE.findall(text) if begins or ends else []
        if len(dates) != bool(begins) + bool(ends):
            return
        try:
            days = [parse_day(date, today=today_in_vietnam()) for date in dates]
        except Refused as refusal:
            self.report(self.sheet.address(number), refusal.text)
            return
        if begins and self.controls.first_day is None:
            self.controls.first_day = days[0]
        if ends and self.controls.last_day is None:
            self.controls.last_day = days[-1]

    def _take(self, name: str, number: int, index: int, cells: list) -> None:
        if name == "account":
            self.account_number = self.account_number or _digits(_value(cells, index))
        elif name == "currency":
            currency = nfc(cell_text(_value(cells, index)))
            if currency and fold(currency) not in DONG:
                raise Refused(FOREIGN.format(currency=currency))
        else:
            self.set(name, _amount_text(cells, index), self.sheet.address(number, index))

    def set(self, name: str, value: object, address: str) -> None:
        """Keep a printed amount; two different ones under the same label are reported."""
        try:
            amount = bank_amount(value)
        except Refused as refusal:
            self.report(address, refusal.text)
            return
        before = getattr(self.controls, name)
        if amount is not None and before and before.amount != amount:
            self.report(
                address,
                f"Giá trị này khác với giá trị cùng tên đã in ở {before.address}. Hãy kiểm tra lại sao kê.",
            )
        elif amount is not None and not before:
            setattr(self.controls, name, Printed(amount, address))


def _is_filled(cells: list, place: int) -> bool:
    return place < len(cells) and bool(cell_text(cells[place]).strip())


def _value(cells: list, index: int) -> object:
    """What stands behind a label: after its colon, else in the next filled cell that is no label."""
    behind = cell_text(cells[index]).partition(":")[2].strip()
    if behind:
        return behind
    following = next((cell for cell in cells[index + 1 :] if cell_text(cell).strip()), "")
    folded = fold(cell_text(following))
    return "" if any(starts_with_label(folded, name) for name in LABELS) else following


def _amount_text(cells: list, index: int) -> object:
    """As `_value`; also a number at the end of a label without a colon. A sentence is no amount."""
    text = cell_text(cells[index])
    if ":" not in text and (match := NUMBER_AT_END.search(text)):
        return match.group()
    value = _value(cells, index)
    return value if any(character.isdigit() for character in cell_text(value)) else ""


def _digits(value: object) -> str | None:
    match = re.match(r"\s*\d[\d .-]*", cell_text(value))
    return re.sub(r"\D", "", match.group()) if match else None
