"""Reading the rows of a list as people type, paste or bring them. Pure: never raises, every bad cell has its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.batches.columns import choose
from portal.kit.errors import Refused
from portal.kit.money import format_amount, parse_amount, parse_cell_amount, parse_count
from portal.kit.tables import ABSENT, cell_text
from portal.kit.vietnamese import fold, nfc
from portal.spending import columns as cols
from portal.spending.actions import RowFields

COMMON = "chung"
_COMMON = frozenset(fold(word) for word in (COMMON, "Nguồn chung", "Quỹ chung", "Chung"))


@dataclass(frozen=True)
class Ground:
    """What rows rest on: the catalogues, and what a blank cell means. Campaigns: id → (code, name)."""

    purposes: Mapping[str, str]
    levels: Mapping[str, str]
    campaigns: Mapping[int, tuple[str, str]]
    purpose: str | None = None
    campaign_id: int | None = None


@dataclass
class Row:
    """One row as it was read: texts to show, what they mean, a sentence by column."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not self.cells


def read_rows(typed: Iterable[Mapping[str, Any]], ground: Ground) -> list[Row]:
    """Rows in their order, numbered from 1; blank ones stay blank."""
    return [_row(number, cells, ground) for number, cells in enumerate(typed, start=1)]


def fields_of(rows: Iterable[Row]) -> list[RowFields]:
    """What the rows that are not blank mean; call when none has an error."""
    return [RowFields(**row.values) for row in rows if not row.is_blank]


def faults_of(rows: Sequence[Row]) -> list[tuple[int, str, str]]:
    """(row, label of the column, sentence) of every bad cell, in reading order."""
    return [
        (row.number, column.label, row.errors[column.key])
        for row in rows
        for column in cols.COLUMNS
        if column.key in row.errors
    ]


def text_of(value: Any, key: str) -> str:
    """A cell of a file as the text that a person would type."""
    if value is None or value is ABSENT:
        return ""
    if key == cols.AMOUNT and not isinstance(value, str):
        try:
            amount = parse_cell_amount(value)
        except Refused:
            return f"{value:f}" if isinstance(value, float) else cell_text(value)
        return "" if amount is None else format_amount(amount)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return nfc(cell_text(value))


def _row(number: int, typed: Mapping[str, Any], ground: Ground) -> Row:
    texts = {column.key: nfc(str(typed.get(column.key) or "")) for column in cols.COLUMNS}
    row = Row(number, {key: text for key, text in texts.items() if text})
    if row.is_blank:
        return row
    for column in cols.COLUMNS:
        text = texts[column.key]
        if len(text) > column.limit:
            row.errors[column.key] = (
                f"Đang dài {len(text)} ký tự, nhiều nhất là {column.limit}. Viết ngắn lại."
            )
            continue
        try:
            name, value = _READERS.get(column.key, _plain(column.key))(row, text, ground)
            row.values[name] = value
        except Refused as refused:
            row.errors[column.key] = refused.text
    return row


Reader = Callable[[Row, str, Ground], tuple[str, Any]]


def _plain(key: str) -> Reader:
    return lambda row, text, ground: (key, text or None)


def _receiver(row: Row, text: str, ground: Ground) -> tuple[str, Any]:
    if not text:
        raise Refused("Chưa có người nhận. Ghi họ tên hoặc tên nơi nhận, hoặc xóa cả dòng.")
    return "receiver", text


def _purpose(row: Row, text: str, ground: Ground) -> tuple[str, Any]:
    if not text:
        if ground.purpose is None:
            raise Refused("Chưa có mục đích chi. Chọn mục đích chung ở trên, hoặc gõ vào ô này.")
        return "purpose", ground.purpose
    key = choose(text, {name: key for key, name in ground.purposes.items()})
    if key is None:
        raise _not_offered(text, ground.purposes.values())
    row.cells[cols.PURPOSE] = ground.purposes[key]
    return "purpose", key


def _campaign(row: Row, text: str, ground: Ground) -> tuple[str, Any]:
    if not text:
        return "campaign_id", ground.campaign_id
    if fold(text) in _COMMON:
        row.cells[cols.CAMPAIGN] = COMMON
        return "campaign_id", None
    words = {word: str(key) for key, names in ground.campaigns.items() for word in names}
    found = choose(text, words)
    if found is None:
        codes = [code for code, _ in ground.campaigns.values()]
        raise _not_offered(text, [COMMON, *codes[:8]])
    row.cells[cols.CAMPAIGN] = ground.campaigns[int(found)][0]
    return "campaign_id", int(found)


def _level(row: Row, text: str, ground: Ground) -> tuple[str, Any]:
    if not text:
        return "level", None
    words = {name: key for key, name in ground.levels.items()}
    key = choose(text, words | ({"TW": "central", "TƯ": "central"} if "central" in ground.levels else {}))
    if key is None:
        raise _not_offered(text, ground.levels.values())
    row.cells[cols.LEVEL] = ground.levels[key]
    return "level", key


def _households(row: Row, text: str, ground: Ground) -> tuple[str, Any]:
    return "households", parse_count(text) if text else None


def _amount(row: Row, text: str, ground: Ground) -> tuple[str, Any]:
    if not text:
        raise Refused("Chưa có số tiền. Gõ số đồng, ví dụ 500.000.")
    amount = parse_amount(text)
    row.cells[cols.AMOUNT] = format_amount(amount)
    return "amount", amount


def _not_offered(text: str, names: Iterable[str]) -> Refused:
    return Refused(f"“{text[:30]}” không có trong danh mục. Gõ một trong: {', '.join(names)}.")


_READERS: dict[str, Reader] = {
    cols.RECEIVER: _receiver,
    cols.PURPOSE: _purpose,
    cols.CAMPAIGN: _campaign,
    cols.LEVEL: _level,
    cols.HOUSEHOLDS: _households,
    cols.AMOUNT: _amount,
}


def cells_of(row: Any, ground: Ground) -> dict[str, str]:
    """A kept row (`DecisionRow`) as the texts of its cells: what is shown in the grid and written to a file."""
    codes = {key: code for key, (code, _) in ground.campaigns.items()}
    found = {column.key: getattr(row, column.key, None) for column in cols.COLUMNS}
    found |= {
        cols.PURPOSE: ground.purposes.get(row.purpose, row.purpose),
        cols.CAMPAIGN: COMMON if row.campaign_id is None else codes.get(row.campaign_id, row.campaign.code),
        cols.LEVEL: ground.levels.get(row.level) if row.level else None,
        cols.HOUSEHOLDS: None if row.households is None else format_amount(row.households),
        cols.AMOUNT: format_amount(row.amount),
    }
    return {key: text for key, text in found.items() if text}
