"""The shape of what people type in the store: heads of slips, their lines, items, stores, counts, captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from portal.goods.rules import SOURCES
from portal.kit import days
from portal.kit.forms import AmountField, CheckField, ChoiceField, DayField, NoteField, PortalForm, TextField

FIRST_ROWS, MORE_ROWS, MOST_ROWS = 6, 6, 60
LINES = "so_dong"  # how many lines the form had


class LineFields(NamedTuple):
    """The fields of one line, by column."""

    number: int
    fields: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.fields[name]
        except KeyError as missing:
            raise AttributeError(name) from missing


class LinesForm(PortalForm):
    """A form with lines: the fields `item_1`, `quantity_1` …"""

    columns: tuple[str, ...] = ()
    count = 0

    def lines(self) -> list[LineFields]:
        """The fields line by line."""
        return [
            LineFields(number, {name: self[f"{name}_{number}"] for name in self.columns})
            for number in range(1, self.count + 1)
        ]

    def typed(self) -> list[dict[str, Any]]:
        """The values of every line, by column; with its `number`."""
        return [
            {"number": line.number, **{name: line.fields[name].data for name in self.columns}}
            for line in self.lines()
        ]

    def head(self) -> dict[str, Any]:
        """The values that stand above the lines."""
        of_lines = {field.short_name for line in self.lines() for field in line.fields.values()}
        return {name: value for name, value in self.values().items() if name not in of_lines}


def with_lines(base: type[LinesForm], count: int, columns: Mapping[str, Any]) -> type[LinesForm]:
    """The form with `count` lines; `columns` maps a column to a function (number) → field."""
    fields: dict[str, Any] = {
        f"{name}_{number}": make(number) for number in range(1, count + 1) for name, make in columns.items()
    }
    return type(base.__name__, (base,), {**fields, "columns": tuple(columns), "count": count})


def _item(number: int) -> TextField:
    return TextField(f"Mặt hàng dòng {number}", required=False)


def _quantity(number: int) -> TextField:
    return TextField(f"Số lượng dòng {number}", required=False, max_length=60)


def _value(number: int) -> AmountField:
    return AmountField(f"Giá trị dòng {number}", required=False)


def _lot(number: int) -> TextField:
    return TextField(f"Số lô dòng {number}", required=False, max_length=60)


def _expires(number: int) -> DayField:
    return DayField(f"Hạn dùng dòng {number}", required=False)


COMING = {"item": _item, "quantity": _quantity, "value": _value, "lot": _lot, "expires": _expires}
GOING = {"item": _item, "quantity": _quantity, "lot": _lot}


class ReceiptForm(LinesForm):
    """Goods that come in and are not a gift."""

    store_id = ChoiceField("Nhập vào kho")
    source = ChoiceField("Nguồn hàng", choices=list(SOURCES.items()), coerce=str)
    day = DayField("Ngày nhập", default=days.today_in_vietnam)
    partner = TextField("Người giao hàng", required=False)
    partner_address = TextField("Địa chỉ, đơn vị giao", required=False, max_length=300)
    remark = NoteField("Lý do nhập, chứng từ kèm theo")
    usual_prices = CheckField("Dòng không ghi giá trị thì tính theo giá gần nhất của mặt hàng", default=True)


class IssueForm(LinesForm):
    """Goods that leave for people in need."""

    store_id = ChoiceField("Xuất từ kho")
    day = DayField("Ngày xuất", default=days.today_in_vietnam)
    campaign_id = ChoiceField("Đợt vận động", required=False)
    partner = TextField("Người nhận hàng", required="Chưa ghi người nhận. Ghi tên người nhận hàng.")
    partner_address = TextField("Địa chỉ, đơn vị nhận", required=False, max_length=300)
    remark = NoteField(
        "Xuất để làm gì", required="Chưa ghi xuất để làm gì. Ghi mục đích, ví dụ tặng hộ nghèo."
    )


class TransferForm(LinesForm):
    """Goods that move between two stores."""

    store_id = ChoiceField("Từ kho")
    to_store_id = ChoiceField("Đến kho")
    day = DayField("Ngày chuyển", default=days.today_in_vietnam)
    partner = TextField("Người vận chuyển", required=False)
    remark = NoteField("Lý do chuyển")


class ReturnForm(LinesForm):
    """Goods of an issue that come back; one line for each row of the issue."""

    day = DayField("Ngày nhập lại", default=days.today_in_vietnam)
    partner = TextField("Người giao lại", required=False)
    remark = NoteField("Lý do nhập lại", required="Chưa ghi lý do. Ghi vì sao hàng trở lại kho.")


class KitForm(PortalForm):
    """Kits packed or opened."""

    store_id = ChoiceField("Kho")
    kit_id = ChoiceField("Suất quà")
    quantity = TextField("Số suất", max_length=60)
    day = DayField("Ngày", default=days.today_in_vietnam)
    remark = NoteField("Ghi chú")


class StartCountForm(PortalForm):
    """Which store is counted, on which day."""

    store_id = ChoiceField("Kho kiểm kê")
    day = DayField("Ngày kiểm kê", default=days.today_in_vietnam)


class CountForm(LinesForm):
    """What was found, beside the books; free lines for what the books do not know."""

    members = NoteField(
        "Người kiểm kê", max_length=500, required="Chưa ghi ai kiểm kê. Ghi họ tên từng người."
    )
    remark = NoteField("Nhận xét chung")


def _reason(number: int) -> TextField:
    return TextField(f"Lý do chênh lệch dòng {number}", required=False, max_length=500)


COUNTED = {"item": _item, "quantity": _quantity, "reason": _reason}
BACK = {"quantity": _quantity}


class AnswerForm(PortalForm):
    """Approving or refusing a count."""

    answer = NoteField("Ý kiến người duyệt")


class ItemForm(LinesForm):
    """An item of the catalogue; its lines are packs and parts."""

    name = TextField("Tên mặt hàng")
    measure = TextField("Đơn vị tính", max_length=40)
    code = TextField("Mã", required=False, max_length=40)
    price = AmountField("Giá niêm yết cho một đơn vị tính", required=False)
    keeps_lots = CheckField("Theo dõi số lô, hạn dùng")
    note = NoteField("Ghi chú", max_length=500)


class ItemChangeForm(ItemForm):
    """The same, for an item that exists: the code stays, the item may be withdrawn."""

    code = None  # type: ignore[assignment]
    withdrawn = CheckField("Ngừng dùng: không gợi ý khi lập phiếu, sổ cũ vẫn đọc được")


ITEM_LINES = {
    "pack": lambda number: TextField(f"Quy cách {number}", required=False, max_length=40),
    "holds": lambda number: TextField(f"Quy cách {number} chứa", required=False, max_length=60),
    "part": lambda number: TextField(f"Thành phần {number}", required=False),
    "amount": lambda number: TextField(f"Số lượng thành phần {number}", required=False, max_length=60),
}


class StoreForm(PortalForm):
    """A store."""

    name = TextField("Tên kho")
    code = TextField("Mã kho", max_length=40)
    unit_id = ChoiceField("Đơn vị")
    fund_id = ChoiceField("Quỹ")
    keeper_id = ChoiceField("Thủ kho dùng hệ thống", required=False)
    keeper_name = TextField("Thủ kho không dùng hệ thống", required=False)
    address = TextField("Địa chỉ kho", required=False, max_length=300)


class StoreChangeForm(StoreForm):
    """The same, for a store that exists: code, unit and fund stay."""

    code = None  # type: ignore[assignment]
    unit_id = None  # type: ignore[assignment]
    fund_id = None  # type: ignore[assignment]
    closed_on = DayField("Đóng kho từ ngày", required=False)


class CaptionForm(PortalForm):
    """What a paper carries from a day on."""

    key = ChoiceField("Loại phiếu", coerce=str)
    unit_id = ChoiceField("Đơn vị")
    title = TextField("Tên phiếu")
    caption = TextField("Mẫu số", required=False, max_length=100)
    basis = TextField("Ban hành theo", required=False, max_length=300)
    valid_from = DayField("Áp dụng từ ngày", default=days.today_in_vietnam)


def lines_asked(form: Mapping[str, str], least: int = FIRST_ROWS) -> int:
    """How many lines a form that came back had (plus more, when more were asked for)."""
    typed = form.get(LINES, "")
    count = int(typed) if typed.isdecimal() and len(typed) < 4 else least
    more = MORE_ROWS if form.get("then") == "lines" else 0
    return max(1, min(count + more, MOST_ROWS))


def offer_stores(field: Any, stores: Sequence[Any]) -> None:
    """Give a field the stores of this person; one store is chosen beforehand."""
    units = {store.unit_id for store in stores}
    field.offer(
        [(store.id, store.name + (f" ({store.unit.name})" if len(units) > 1 else "")) for store in stores]
    )
    if len(stores) == 1 and field.data is None and not field.raw_data:
        field.data = stores[0].id
