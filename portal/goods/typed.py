"""From what people type in the lines of a slip to its rows; every line that cannot be read says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.goods.models import Item
from portal.goods.queries import item_by, items_by_text, lots_here
from portal.goods.rules import SlipRow, lot_name, parse_quantity, value_of
from portal.goods.values import usual_prices
from portal.kit.errors import Refused


class Wrong(NamedTuple):
    """A sentence at a field."""

    field: str
    text: str


class Read(NamedTuple):
    """A line that could be read."""

    number: int
    item: Item
    quantity: int
    line: Mapping[str, Any]


def read_lines(
    typed: Sequence[Mapping[str, Any]], *, item: str = "item", quantity: str = "quantity"
) -> tuple[list[Read], list[Wrong]]:
    """The lines that name an item, with their quantity, and what is wrong with the others; blank lines are left out."""
    meant = items_by_text([line[item] for line in typed if line[item]])
    lines: list[Read] = []
    wrong: list[Wrong] = []
    for line in typed:
        number, text = line["number"], line[item]
        if not text:
            if any(value for name, value in line.items() if name != "number" and value):
                wrong.append(
                    Wrong(f"{item}_{number}", "Dòng này chưa có mặt hàng. Gõ mã hoặc tên, hoặc xóa cả dòng.")
                )
            continue
        try:
            found = meant.get(text) or item_by(text, field=f"{item}_{number}")
            size = quantity_of(line[quantity], found, f"{quantity}_{number}")
            lines.append(Read(number, found, size, line))
        except Refused as refused:
            wrong.append(Wrong(refused.field or "", refused.text))
    return lines, wrong


def quantity_of(text: str | None, item: Item, field: str) -> int:
    """Thousandths of what was typed for an item, with its packs. Raises Refused."""
    packs = {pack.name: pack.holds for pack in item.packs}
    return parse_quantity(text, packs, measure=item.measure, field=field)


def coming_rows(lines: Sequence[Read], *, with_usual_prices: bool) -> list[SlipRow]:
    """Rows of a receipt; a line without a value takes the usual price when that is wanted."""
    prices = usual_prices([line.item.id for line in lines]) if with_usual_prices else {}
    return [
        SlipRow(
            line.item.id,
            line.quantity,
            line.line["value"] or value_of(line.quantity, prices.get(line.item.id)),
            lot_code=line.line["lot"],
            expires_on=line.line["expires"],
        )
        for line in lines
    ]


def going_rows(lines: Sequence[Read], store_id: int) -> tuple[list[SlipRow], list[Wrong]]:
    """Rows of what leaves; a lot is found among those that lie in the store, nothing typed = what expires first."""
    asked = [line.item.id for line in lines if line.line["lot"]]
    here = lots_here(store_id, asked) if asked else []
    rows, wrong = [], []
    for line in lines:
        text = line.line["lot"]
        lots = [lot for item_id, lot, _ in here if lot is not None and item_id == line.item.id]
        fits = [lot for lot in lots if text and text.lower() in (lot.code.lower(), _day(lot.expires_on))]
        if text and len(fits) != 1:
            names = "; ".join(lot_name(lot.code, lot.expires_on) for lot in lots) or "không có lô nào"
            wrong.append(
                Wrong(
                    f"lot_{line.number}",
                    f"Kho không có đúng một lô “{text}” của mặt hàng này. Đang có: {names}. Gõ số lô, hoặc để trống.",
                )
            )
            continue
        rows.append(SlipRow(line.item.id, line.quantity, lot_id=fits[0].id if fits else None))
    return rows, wrong


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def packs_and_parts(
    typed: Sequence[Mapping[str, Any]], measure: str
) -> tuple[dict[str, int], dict[int, int], list[Wrong]]:
    """Packs (thousandths by name) and parts (thousandths by item id) of an item's form, and what is wrong."""
    packs: dict[str, int] = {}
    wrong: list[Wrong] = []
    for line in typed:
        if not line["pack"] and not line["holds"]:
            continue
        number = line["number"]
        if not line["pack"] or line["pack"] in packs:
            wrong.append(
                Wrong(f"pack_{number}", "Quy cách chưa có tên, hoặc trùng tên. Ghi tên khác, ví dụ thùng.")
            )
            continue
        try:
            packs[line["pack"]] = parse_quantity(line["holds"], measure=measure, field=f"holds_{number}")
        except Refused as refused:
            wrong.append(Wrong(refused.field or "", refused.text))
    asked = [{"number": line["number"], "part": line["part"], "amount": line["amount"]} for line in typed]
    found, bad = read_lines(asked, item="part", quantity="amount")
    return packs, {line.item.id: line.quantity for line in found}, [*wrong, *bad]
