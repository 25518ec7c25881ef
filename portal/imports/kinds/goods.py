"""The catalogue of goods, and with a store the stock that lies there when the books begin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.goods.rules import parse_quantity, value_of
from portal.imports import item_rows
from portal.imports.cells import Cells, given
from portal.imports.context import Context
from portal.imports.item_rows import ItemRow, Stock
from portal.imports.kind import Counts, Kind, Located
from portal.imports.lookups import STORES, fixed
from portal.imports.outcome import Problems
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.errors import Refused
from portal.kit.tables import ABSENT, ColumnSpec

CODE, NAME, MEASURE, PACK, HOLDS = "Mã hàng", "Tên hàng", "Đơn vị tính", "Quy cách", "Số lượng trong quy cách"
LOTS, PRICE, STORE, QUANTITY, VALUE = "Theo lô", "Giá", "Kho", "Số lượng", "Đơn giá"
LOT, EXPIRES, NOTE = "Lô", "Hạn dùng", "Ghi chú"
YES_NO = {"có": True, "không": False}
COLUMN_OF = {"code": CODE, "name": NAME, "measure": MEASURE, "packs": PACK, "price": PRICE, "store_id": STORE}


def parse(cells: Cells, context: Context) -> ItemRow | None:
    """A row: the item, and what of it lies in the store when one is named."""
    code = given(cells.text(CODE, limit=40))
    name = cells.text(NAME, needed="Chưa có tên hàng. Ghi tên như trong sổ kho.")
    measure = given(cells.text(MEASURE, limit=40))
    fields = (
        ("keeps_lots", _or_false(cells.choice(LOTS, YES_NO))),
        ("price", cells.amount(PRICE, zero=False)),
        ("note", cells.text(NOTE, limit=500)),
    )
    pack = _pack(cells)
    store = context.store_by(cells, column=STORE)
    stock = _stock(cells, store.id, pack, measure) if store is not None else None
    if store is None and given(cells.raw(STORE)) is None and given(cells.raw(QUANTITY)) is not None:
        cells.wrong(STORE, "Có số lượng mà chưa ghi kho. Ghi mã kho, hoặc xóa ô số lượng.")
    if not name or not cells.sound:
        return None
    present = tuple((key, value) for key, value in fields if value is not ABSENT)
    return ItemRow(code, name, measure, present, pack, stock, store.unit_id if store else None)


def _or_false(value: Any) -> Any:
    return False if value is None else value


def _pack(cells: Cells) -> tuple[str, int] | None:
    name = given(cells.text(PACK, limit=40))
    if not name:
        return None
    holds = _quantity(cells, HOLDS, {}, None)
    return (name, holds) if holds else None


def _quantity(cells: Cells, column: str, packs: dict[str, int], measure: str | None) -> int | None:
    raw = cells.raw(column)
    text = str(raw).replace(".", ",") if isinstance(raw, float) else given(cells.text(column, limit=60))
    try:
        return parse_quantity(text, packs, measure=measure, field=None)
    except Refused as refused:
        cells.refuse(refused, column)
        return None


def _stock(cells: Cells, store_id: int, pack: tuple[str, int] | None, measure: str | None) -> Stock | None:
    quantity = _quantity(cells, QUANTITY, dict([pack]) if pack else {}, measure)
    price = given(cells.amount(VALUE, zero=False))
    lot, expires_on = given(cells.text(LOT, limit=60)), given(cells.day(EXPIRES))
    return Stock(store_id, quantity, price, lot, expires_on) if quantity else None


def write(located: Sequence[Located], context: Context, problems: Problems) -> Counts:
    """Bring the catalogue up to date and post what lies in the stores."""
    return item_rows.write_rows(located, context, problems, COLUMN_OF)


def amount(row: ItemRow) -> int | None:
    """Đồng of the opening stock."""
    return value_of(row.stock.quantity, row.stock.price) if row.stock else None


GOODS = Kind(
    name="goods",
    slug="hang-hoa",
    label="Hàng hóa",
    lead="Danh mục hàng: mã, tên, đơn vị tính, quy cách. Ghi thêm kho và số lượng thì nhập luôn tồn đầu kỳ.",
    columns=(
        ColumnSpec(CODE, ("Mã mặt hàng", "Mã")),
        ColumnSpec(NAME, ("Tên mặt hàng", "Mặt hàng", "Tên"), required=True),
        ColumnSpec(MEASURE, ("ĐVT",)),
        ColumnSpec(PACK, ("Quy cách đóng gói",)),
        ColumnSpec(HOLDS, ("SL trong quy cách",)),
        ColumnSpec(LOTS, ("Quản lý theo lô",)),
        ColumnSpec(PRICE, ("Giá niêm yết", "Giá niêm yết (đ)", "Giá (đ)")),
        ColumnSpec(STORE, ("Mã kho",)),
        ColumnSpec(QUANTITY, ("SL", "Số lượng tồn đầu")),
        ColumnSpec(VALUE, ("Đơn giá (đ)", "Đơn giá tồn")),
        ColumnSpec(LOT, ("Số lô",)),
        ColumnSpec(EXPIRES, ("HSD", "Hạn sử dụng")),
        ColumnSpec(NOTE, ("Ghi chú thêm",)),
    ),
    hints={
        CODE: "Chữ không dấu, chữ số, dấu chấm, gạch; để trống thì sổ tự đánh mã. Cùng mã là một mặt hàng.",
        NAME: "Bắt buộc. Không có mã thì cùng tên và đơn vị tính là một mặt hàng.",
        MEASURE: "Bắt buộc với mặt hàng mới: kg, gói, cái, suất …",
        PACK: "Ví dụ thùng, bao; mỗi quy cách một dòng.",
        HOLDS: "Một quy cách chứa bao nhiêu đơn vị tính, ví dụ 30.",
        LOTS: "có hoặc không; có thì kho theo dõi lô và hạn dùng.",
        PRICE: "Số đồng cho một đơn vị tính, để gợi ý khi nhập; có thể để trống.",
        STORE: "Mã kho; để trống khi chỉ nhập danh mục.",
        QUANTITY: "Số lượng đang có trong kho khi bắt đầu ghi sổ, ví dụ 150 hoặc 5 thùng. Chỉ ghi một lần.",
        VALUE: "Số đồng cho một đơn vị tính của hàng tồn; để trống là chưa có giá trị.",
        LOT: "Số lô, nếu có.",
        EXPIRES: "Ngày cuối còn dùng được, nếu có.",
        NOTE: "Không bắt buộc.",
    },
    roles=(ACCOUNTANT, RECORDER),
    parse=parse,
    write=write,
    known=item_rows.known_numbers,
    lookups={LOTS: fixed("Theo lô", list(YES_NO)), STORE: STORES},
    amount=amount,
    amount_columns=(PRICE, VALUE),
    day_columns=(EXPIRES,),
)
