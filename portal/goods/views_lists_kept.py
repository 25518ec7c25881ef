"""The lists of what the store keeps: items, stores, counts. Part of the views: they link to pages."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import aliased

from portal.goods.columns import QuantityCol
from portal.goods.models import Item, StockCount, Store
from portal.goods.queries import named
from portal.kit.filters import SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.people.models import User
from portal.units.models import Unit

ITEMS = ListSpec(
    noun="mặt hàng",
    key=Item.id,
    default_sort="ten",
    title="Danh mục hàng",
    file_name="danh-muc-hang",
    nothing_yet="Danh mục chưa có mặt hàng nào. Thêm mặt hàng đầu tiên, hoặc nhập bằng bảng.",
    row_url=lambda row: url_for("goods.item", item_id=row.Item.id),
    columns=[
        Col("ten", "Tên mặt hàng", "Item.name", kind="link", sort=Item.folded, primary=True),
        Col("ma", "Mã", "Item.code", sort=Item.code),
        Col("dvt", "Đơn vị tính", "Item.measure"),
        Col("loai", "Loại", lambda row: "Suất quà" if row.Item.is_kit else None, muted=True),
        Col("lo", "Lô", lambda row: "Có" if row.Item.keeps_lots else None, muted=True),
        Col("gia", "Giá niêm yết (đ)", "Item.price", kind="amount", sort=Item.price),
        QuantityCol("ton", "Tồn kho", lambda row: row.left or None),
        Col(
            "tinh_trang",
            "Tình trạng",
            lambda row: "Ngừng dùng" if row.Item.withdrawn else "Đang dùng",
            kind="badge",
            badge=lambda row: "neutral" if row.Item.withdrawn else None,
            muted=True,
        ),
    ],
    filters=[
        SelectFilter(
            "tinh_trang",
            "Tình trạng",
            lambda state: Item.withdrawn.is_(state == "ngung"),
            choices=[("dung", "Đang dùng"), ("ngung", "Ngừng dùng")],
        ),
        SelectFilter(
            "loai",
            "Loại",
            lambda kind: Item.is_kit.is_(kind == "suat"),
            choices=[("hang", "Mặt hàng"), ("suat", "Suất quà")],
        ),
        TextFilter("q", "Tên, mã hàng", named),
    ],
)

STORES = ListSpec(
    noun="kho",
    key=Store.id,
    default_sort="ten",
    title="Các kho",
    file_name="cac-kho",
    nothing_yet="Chưa có kho nào. Lập kho đầu tiên để nhập hàng và ghi hiện vật ủng hộ.",
    row_url=lambda row: url_for("goods.store", store_id=row.Store.id),
    columns=[
        Col("ten", "Tên kho", "Store.name", kind="link", sort=Store.name, primary=True),
        Col("ma", "Mã", "Store.code", sort=Store.code),
        Col("don_vi", "Đơn vị", "Store.unit.name", sort=Unit.name),
        Col("thu_kho", "Thủ kho", lambda row: row.keeper_name or row.Store.keeper_name),
        Col("dia_chi", "Địa chỉ", "Store.address", muted=True),
        Col("dong", "Đóng từ ngày", "Store.closed_on", kind="day", sort=Store.closed_on),
        Col("mat_hang", "Số mặt hàng", "items", muted=True),
        Col("tri_gia", "Trị giá (đ)", lambda row: int(row.worth) or None, kind="amount"),
    ],
    filters=[
        SelectFilter(
            "tinh_trang",
            "Tình trạng",
            lambda state: Store.closed_on.is_not(None) if state == "dong" else Store.closed_on.is_(None),
            choices=[("mo", "Đang dùng"), ("dong", "Đã đóng")],
        ),
        TextFilter("q", "Tên, mã kho", lambda text: has_words(Store.code + " " + Store.name, text)),
    ],
)

STATES = {"wait": "Chờ duyệt", "yes": "Đã duyệt", "no": "Không duyệt"}


def count_state(count: StockCount) -> str:
    """Whether a count waits, was approved or refused."""
    return "wait" if count.approved is None else "yes" if count.approved else "no"


requester, decider = aliased(User), aliased(User)

COUNTS = ListSpec(
    noun="biên bản",
    key=StockCount.id,
    default_sort="-ngay",
    title="Kiểm kê kho",
    file_name="kiem-ke-kho",
    nothing_yet="Chưa có biên bản kiểm kê nào.",
    row_url=lambda row: url_for("goods.count", count_id=row.StockCount.id),
    columns=[
        Col("ngay", "Ngày kiểm kê", "StockCount.counted_on", kind="day", sort=StockCount.counted_on),
        Col("kho", "Kho", "StockCount.store.name", kind="link", sort=Store.name, primary=True),
        Col("nguoi", "Người lập", "StockCount.requested_by.name", muted=True),
        Col("lech", "Dòng lệch", lambda row: int(row.differing) or None),
        Col(
            "tinh_trang",
            "Tình trạng",
            lambda row: STATES[count_state(row.StockCount)],
            kind="badge",
            badge=lambda row: "warn" if row.StockCount.approved is None else None,
        ),
        Col("nguoi_duyet", "Người trả lời", "StockCount.decided_by.name", muted=True),
    ],
    filters=[
        SelectFilter(
            "tinh_trang",
            "Tình trạng",
            lambda state: (
                StockCount.approved.is_(None) if state == "wait" else StockCount.approved.is_(state == "yes")
            ),
            choices=list(STATES.items()),
        ),
    ],
)
