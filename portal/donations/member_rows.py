"""The list of people behind a group gift as somebody types or pastes it. Pure: text in, rows and sentences out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.donations.rules import SHOWN_AS, id_of_code
from portal.kit.errors import Refused
from portal.kit.money import parse_cell_amount
from portal.kit.vietnamese import fold, nfc

MOST_MEMBERS = 500
LONGEST_NAME = 100  # so many names of this length fit what the index keeps of one gift
LONGEST_ADDRESS = 300
USUAL_ORDER = ("name", "address", "amount", "shown_as")
HEADS = {
    "name": ("ho ten", "ho va ten", "ten", "nguoi ung ho", "ten nguoi ung ho"),
    "address": ("dia chi", "don vi", "noi o"),
    "amount": ("so tien", "tien", "so tien d", "so tien dong"),
    "shown_as": ("cach hien thi", "hien thi"),
    "": ("stt", "tt", "so thu tu", "ma", "ma tra cuu", "ghi chu", "tinh trang"),
}
SHOWN_WORDS = {
    **{fold(label): key for key, label in SHOWN_AS.items()},
    "ten": "name",
    "an danh": "anonymous",
    "giau ten": "anonymous",
    "chua hoi": None,
    "": None,
}


@dataclass(frozen=True)
class MemberRow:
    """One person of a group gift. `amount` đồng (None = named without one); `shown_as` None = not asked."""

    name: str
    address: str | None = None
    amount: int | None = None
    shown_as: str | None = None
    donor_id: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class Pasted:
    """What became of a pasted list: rows that can be read, and a sentence for each line that cannot."""

    rows: list[MemberRow]
    errors: list[str]


def parse_pasted(text: str | None) -> Pasted:
    """Read lines copied from a spreadsheet (cells by tab, or by ";"): name, address, amount, how shown.

    A first line of headings sets the order of the columns; a leading column of running numbers is passed over.
    """
    lines = [(at, _cells(line)) for at, line in enumerate((text or "").splitlines(), start=1) if line.strip()]
    order: Sequence[str] | None = _order_of(lines[0][1]) if lines else None
    if order is not None:
        lines = lines[1:]
    elif _are_numbered([cells for _, cells in lines]):
        lines = [(at, cells[1:]) for at, cells in lines]
    rows, errors = [], []
    for at, cells in lines:
        fields = dict(zip(order or USUAL_ORDER, cells, strict=False))
        try:
            rows.append(read_row(fields))
        except Refused as refused:
            errors.append(f"Dòng {at}: {refused.text}")
    return Pasted(rows, errors)


def read_row(fields: Mapping[str, str]) -> MemberRow:
    """One person from what was typed into cells. Raises Refused (fields name, address, amount, shown_as)."""
    row = MemberRow(
        name=nfc(fields.get("name", "")),
        address=nfc(fields.get("address", "")) or None,
        amount=parse_cell_amount(fields.get("amount", ""), allow_zero=False, field="amount"),
        shown_as=_shown(fields.get("shown_as", "")),
    )
    check_row(row)
    return row


def check_row(row: MemberRow) -> None:
    """A person has a name that fits, and what they gave is more than nothing. Raises Refused."""
    if not row.name.strip():
        raise Refused("chưa có tên. Gõ họ tên, hoặc bỏ dòng này.", "name")
    if max(len(row.name), len(fold(row.name))) > LONGEST_NAME:  # some signs fold to many letters
        raise Refused(f"tên dài {len(row.name)} ký tự, nhiều nhất {LONGEST_NAME}. Viết ngắn lại.", "name")
    if len(row.address or "") > LONGEST_ADDRESS:
        raise Refused(
            f"địa chỉ dài {len(row.address or '')} ký tự, nhiều nhất {LONGEST_ADDRESS}. Viết ngắn lại.",
            "address",
        )
    if row.amount is not None and row.amount <= 0:
        raise Refused("số tiền phải lớn hơn 0. Chưa biết thì để trống.", "amount")
    if row.shown_as is not None and row.shown_as not in SHOWN_AS:
        raise Refused(_unknown_shown(row.shown_as), "shown_as")


def member_of_code(code: str) -> tuple[int, int] | None:
    """(gift id, number) behind a person's own code, "20261102-417-12"; None for what cannot be one."""
    gift, _, number = code.rpartition("-")
    found = id_of_code(gift)
    if found is None or not (number.isascii() and number.isdigit()) or len(number) > 4 or number[0] == "0":
        return None
    return found, int(number)


def _cells(line: str) -> list[str]:
    cut = "\t" if "\t" in line else ";" if ";" in line else None
    return [cell.strip() for cell in line.split(cut)] if cut else [line.strip()]


def _order_of(cells: Sequence[str]) -> list[str] | None:
    """The fields of a line of headings; None when it is not one."""
    known = {head: field for field, heads in HEADS.items() for head in heads}
    fields = [known.get(fold(cell)) for cell in cells]
    if "name" not in fields or None in fields:
        return None
    return [field or f"-{place}" for place, field in enumerate(fields)]


def _are_numbered(lines: Sequence[Sequence[str]]) -> bool:
    """Whether every line begins with its running number."""
    firsts = [cells[0].rstrip(".") for cells in lines if len(cells) > 1]
    return bool(firsts) and len(firsts) == len(lines) and all(one.isdecimal() for one in firsts)


def _shown(text: str) -> str | None:
    wanted = fold(text)
    if wanted in SHOWN_AS:
        return wanted
    if wanted not in SHOWN_WORDS:
        raise Refused(_unknown_shown(nfc(text)), "shown_as")
    return SHOWN_WORDS[wanted]


def _unknown_shown(text: str) -> str:
    return (
        f"cách hiển thị “{text[:40]}” không có trong danh sách. "
        "Ghi họ tên, viết tắt, ẩn danh; chưa hỏi thì để trống."
    )
