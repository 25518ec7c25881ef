"""What a statement prints above and below its list: balances, sums, the account, the currency."""

import re
from collections.abc import Callable

from portal.kit.errors import Refused
from portal.kit.money import parse_cell_amount
from portal.kit.tables import Sheet, cell_text
from portal.kit.vietnamese import fold, nfc
from portal.statements.completeness import Controls, Printed

LABELS = {
    "opening": ("Số dư đầu", "Dư đầu", "Opening"),
    "closing": ("Số dư cuối", "Dư cuối", "Closing"),
    "debit_total": ("Tổng ghi nợ", "Tổng số tiền ghi nợ", "Tổng phát sinh nợ", "Total debit", "Total debits"),
    "credit_total": (
        "Tổng ghi có",
        "Tổng số tiền ghi có",
        "Tổng phát sinh có",
        "Total credit",
        "Total credits",
    ),
    "account": ("Số tài khoản", "Tài khoản số", "Account number", "Account no"),
    "currency": ("Loại tiền", "Currency"),
}
FOLDED = {name: tuple(fold(label) for label in labels) for name, labels in LABELS.items()}
TOTAL_WORDS = tuple(fold(word) for word in ("Tổng cộng", "Cộng phát sinh", "Total", "Tổng số"))
COUNT_WORDS = tuple(
    fold(word) for word in ("Total number", "Tổng số giao dịch", "Tổng số bút toán", "Tổng số dòng")
)
DONG = {"vnd", "dong", "dong viet nam", "viet nam dong", "d"}
NUMBER_AT_END = re.compile(r"(?<![\d.,])\d[\d.,]*\s*(?:VND|VNĐ|đồng|đ)?\s*$", re.IGNORECASE)
BANK_AMOUNT = re.compile(r"[\d.,\s]*(?:VND|VNĐ|đồng|đ)?", re.IGNORECASE)

FOREIGN = (
    "Sao kê này ghi loại tiền “{currency}”. Hiện chỉ nạp được sao kê của tài khoản tiền đồng (VND); "
    "hãy chọn đúng tệp của tài khoản tiền đồng."
)


def bank_amount(value: object) -> int | None:
    """An amount in đồng as banks print it; None for an empty cell. Raises `Refused`, also for the shorthand
    of people (5tr).
    """
    if (
        isinstance(value, str)
        and not BANK_AMOUNT.fullmatch(value.strip())
        and value.strip() not in {"-", "–", "—"}
    ):
        raise Refused(
            f"“{nfc(value)[:40]}” không đọc được thành một số tiền. Hãy sửa ô này theo sao kê gốc rồi "
            f"nạp lại."
        )
    return parse_cell_amount(value)


def starts_with_label(text: str, name: str) -> bool:
    """Whether a folded text begins with one of the labels of `name`."""
    return _begins(text, FOLDED[name])


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

    def read(self, number: int, cells: list) -> set[str]:
        """Take what a row outside the list says; gives the names of the labels it carries. Raises
        `Refused`: other currency.
        """
        found = set()
        for index, cell in enumerate(cells):
            if not isinstance(cell, str) or not (folded := fold(cell)):
                continue
            name = next((name for name in LABELS if starts_with_label(folded, name)), None)
            if name:
                found.add(name)
                self._take(name, number, index, cells)
        return found

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
