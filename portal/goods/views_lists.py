"""The lists of the store. Part of the views: they link to pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import String, Subquery, case, cast, func, select, true

from portal.goods.columns import QuantityCol
from portal.goods.documents import document_name
from portal.goods.models import Item, Lot, StockBalance, StockDocument, StockMovement, Store
from portal.goods.queries import named
from portal.goods.rules import DOCUMENTS
from portal.kit.days import today_in_vietnam
from portal.kit.filters import DayFilter, Filter, SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed
from portal.units.models import Unit

GIFT, REVERSAL = "gift", "reversal"
KINDS = {**DOCUMENTS, GIFT: "Hiện vật ủng hộ", REVERSAL: "Bút toán đảo"}


class _DayOfPage(DayFilter):
    """A day that the loader has applied already."""

    def read(self, args: Any) -> tuple[Filter, Any]:
        """As typed, without a condition of its own."""
        found, _ = super().read(args)
        return found, None


def _lies_url(row: Any) -> str:
    return url_for("goods.card", store_id=row.Store.id, item_id=row.Item.id)


def stock_list(day: date, lies: Subquery, stores: Sequence[Store]) -> ListSpec:
    """What lies in the stores at the end of `day`; `lies` is `queries.stock` of that day."""
    value = func.coalesce(lies.c.value, 0)
    return ListSpec(
        noun="dòng tồn kho",
        key=cast(Store.id, String) + ":" + cast(Item.id, String),
        default_sort="ten",
        title=f"Tồn kho {day:%d-%m-%Y}",
        file_name=f"ton-kho-{day:%Y-%m-%d}",
        nothing_yet="Kho chưa có hàng. Lập phiếu nhập, hoặc ghi hiện vật ủng hộ vào kho.",
        row_url=_lies_url,
        columns=[
            Col("ten", "Mặt hàng", "Item.name", kind="link", sort=Item.folded, primary=True),
            Col("ma", "Mã", "Item.code", sort=Item.code, muted=True),
            Col("kho", "Kho", "Store.name", sort=Store.name),
            QuantityCol("so", "Số lượng", "quantity", sort=lies.c.quantity),
            Col("dvt", "Đơn vị tính", "Item.measure"),
            Col("gia", "Giá bình quân (đ)", _average, kind="amount"),
            Col(
                "tri_gia",
                "Trị giá (đ)",
                lambda row: int(row.value) or None,
                kind="amount",
                sort=value,
                total=value,
                primary=True,
            ),
        ],
        filters=[
            _DayOfPage("ngay", "Tồn đến hết ngày", lambda _: true()),
            SelectFilter(
                "kho",
                "Kho",
                lambda store_id: Store.id == store_id,
                choices=[(store.id, store.name) for store in stores],
            ),
            TextFilter("q", "Tên, mã hàng", named),
        ],
    )


def _average(row: Any) -> int | None:
    if not row.value:
        return None
    return (2 * int(row.value) * 1_000 + int(row.quantity)) // (2 * int(row.quantity))


def _what(row: Any) -> str:
    return KINDS[row.StockDocument.what] if row.StockDocument else KINDS[kind_of(row.Posting)]


def kind_of(posting: Posting) -> str:
    """The kind of a document that has no head of its own."""
    return REVERSAL if posting.reverses is not None else GIFT


what = case(
    (StockDocument.what.is_not(None), StockDocument.what),
    (Posting.reverses.is_not(None), REVERSAL),
    else_=GIFT,
)

MOVEMENTS = ListSpec(
    noun="dòng nhập xuất",
    key=(StockMovement.posting_number * 1_000 + StockMovement.ordinal),
    default_sort="-ngay",
    title="Nhập xuất kho",
    file_name="nhap-xuat-kho",
    nothing_yet="Chưa có hàng nào vào hay ra kho.",
    row_url=lambda row: url_for("goods.document", number=row.Posting.number),
    columns=[
        Col("ngay", "Ngày", "StockMovement.booked_on", kind="day", sort=StockMovement.booked_on),
        Col("phieu", "Chứng từ", lambda row: document_name(row.Posting, row.StockDocument), kind="link"),
        Col("loai", "Loại", _what, muted=True),
        Col("ten", "Mặt hàng", "Item.name", sort=Item.folded, primary=True),
        Col("kho", "Kho", "Store.name", sort=Store.name, muted=True),
        QuantityCol("so", "Số lượng", "StockMovement.quantity"),
        Col("dvt", "Đơn vị tính", "Item.measure"),
        Col(
            "tri_gia",
            "Trị giá (đ)",
            "StockMovement.value",
            kind="amount",
            sort=StockMovement.value,
            total=func.coalesce(StockMovement.value, 0),
        ),
    ],
    filters=[
        DayFilter("tu", "Từ ngày", lambda day: StockMovement.booked_on >= day),
        DayFilter("den", "Đến ngày", lambda day: StockMovement.booked_on <= day),
        SelectFilter(
            "chieu",
            "Chiều",
            lambda side: StockMovement.quantity > 0 if side == "nhap" else StockMovement.quantity < 0,
            choices=[("nhap", "Nhập"), ("xuat", "Xuất")],
        ),
        SelectFilter("loai", "Loại", lambda kind: what == kind, choices=list(KINDS.items())),
        TextFilter("q", "Tên, mã hàng", named),
    ],
)

EXPIRING = ListSpec(
    noun="lô",
    key=(cast(Store.id, String) + ":" + cast(Lot.id, String)),
    default_sort="han",
    title="Hàng sắp hết hạn",
    file_name="hang-sap-het-han",
    nothing_yet="Không có lô nào hết hạn trong khoảng này.",
    row_url=_lies_url,
    columns=[
        Col("han", "Hạn dùng", "Lot.expires_on", kind="day", sort=Lot.expires_on),
        Col("ten", "Mặt hàng", "Item.name", kind="link", sort=Item.folded, primary=True),
        Col("lo", "Số lô", "Lot.code", sort=Lot.code),
        Col("kho", "Kho", "Store.name", sort=Store.name, muted=True),
        QuantityCol("so", "Số lượng", "quantity", sort=StockBalance.quantity),
        Col("dvt", "Đơn vị tính", "Item.measure"),
        Col(
            "tinh_trang",
            "Tình trạng",
            lambda row: "Đã hết hạn" if row.Lot.expires_on < today_in_vietnam() else "Sắp hết hạn",
            kind="badge",
            badge=lambda row: "bad" if row.Lot.expires_on < today_in_vietnam() else "warn",
        ),
    ],
    filters=[
        _DayOfPage("den", "Hết hạn đến ngày", lambda _: true()),
        TextFilter("q", "Tên, mã hàng", named),
    ],
)

worth = (
    select(func.coalesce(func.sum(func.abs(StockMovement.value)), 0))
    .where(StockMovement.posting_number == Posting.number)
    .correlate(Posting)
    .scalar_subquery()
)
lines = (
    select(func.count())
    .select_from(StockMovement)
    .where(StockMovement.posting_number == Posting.number)
    .correlate(Posting)
    .scalar_subquery()
)


def _numbered(text: str) -> Any:
    """Condition: the number on the paper ("NK-0003/2026", "3"), in the books, or the partner's name."""
    digits = text.upper().split("/")[0].split("-")[-1].strip().lstrip("0")
    number = int(digits) if digits.isdecimal() and len(digits) < 10 else -1
    named_so = has_words(func.coalesce(StockDocument.partner, ""), text)
    return (Posting.number == number) | (Posting.series_no == number) | named_so


DOCUMENT_LIST = ListSpec(
    noun="phiếu",
    key=Posting.number,
    default_sort="-ngay",
    title="Phiếu kho",
    file_name="phieu-kho",
    nothing_yet="Chưa có phiếu kho nào. Phiếu nhập, phiếu xuất và hiện vật ủng hộ vào kho sẽ hiện ở đây.",
    row_url=lambda row: url_for("goods.document", number=row.Posting.number),
    columns=[
        Col("ngay", "Ngày chứng từ", "Posting.document_on", kind="day", sort=Posting.document_on),
        Col(
            "so",
            "Số phiếu",
            lambda row: document_name(row.Posting, row.StockDocument),
            kind="link",
            primary=True,
        ),
        Col("loai", "Loại", _what, muted=True),
        Col("doi_tac", "Người giao, nhận", "StockDocument.partner"),
        Col("don_vi", "Đơn vị", "Posting.unit.name", sort=Unit.name, muted=True),
        Col("dong", "Số dòng", "lines", muted=True),
        Col(
            "tinh_trang",
            "Tình trạng",
            lambda row: "Đã đảo" if row.is_reversed else "Đã ghi sổ",
            kind="badge",
            badge=lambda row: "bad" if row.is_reversed else None,
            muted=True,
        ),
        Col("tri_gia", "Trị giá (đ)", lambda row: _whole(row), kind="amount"),
    ],
    filters=[
        DayFilter("tu", "Từ ngày", lambda day: Posting.document_on >= day),
        DayFilter("den", "Đến ngày", lambda day: Posting.document_on <= day),
        SelectFilter("loai", "Loại", lambda kind: what == kind, choices=list(KINDS.items())),
        TextFilter("q", "Số phiếu, người giao nhận", _numbered),
    ],
)


def _whole(row: Any) -> int | None:
    """A document within the store counts its goods twice, out and in."""
    value = int(row.worth)
    within = row.StockDocument is not None and row.Posting.kind == "internal"
    return (value // 2 if within else value) or None


reversed_mark = is_reversed(Posting.number)
