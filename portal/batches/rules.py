"""Pure rules of a batch: its states, how one line is read, when the totals agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.batches import columns as cols
from portal.campaigns.rules import is_late
from portal.donations.rules import BANK, CASH, GOODS, TYPED_FORMS
from portal.goods.rules import parse_quantity, value_of
from portal.kit.days import format_day, parse_day
from portal.kit.errors import Refused
from portal.kit.money import format_amount, parse_amount
from portal.kit.vietnamese import fold, nfc

TYPING, WAITING, POSTED, DISCARDED = "typing", "waiting", "posted", "discarded"
STATES = {TYPING: "Đang nhập", WAITING: "Chờ ghi sổ", POSTED: "Đã ghi sổ", DISCARDED: "Đã bỏ"}
MOST_LINES = 2_000
NO_NAME = "Không rõ tên"
_NOBODY = frozenset(
    fold(word) for word in (NO_NAME, "Không rõ", "Không tên", "Không ghi tên", "Vô danh", "Ẩn danh")
)
_DASHES = frozenset(("-", "–", "—", "−"))
_SPOKEN_DAY = re.compile(
    r"^(?:ngày\s*)?(\d{1,2})\s*(?:tháng|thg)\s*(\d{1,2})(?:\s*(?:năm|,)?\s*(\d{4}))?$", re.I
)
_CURRENCY_FIRST = re.compile(r"^(?:vnđ|vnd|₫|đ)\s*(?=\d)", re.I)


@dataclass(frozen=True)
class Goods:
    """A kind of goods of the catalogue: how many thousandths its packs hold, by name; its usual price (đồng)."""

    item_id: int
    measure: str
    packs: Mapping[str, int] = field(default_factory=dict)
    price: int | None = None
    keeps_lots: bool = False


@dataclass(frozen=True)
class Ground:
    """What the lines of a batch rest on. `kinds`: words for kinds of donors; `items`: goods by folded name."""

    day: date
    form: str
    today: date
    campaign_ends: date | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    kind_names: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, Goods] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One line as it was read. `cells` are the texts to show (tidied where they could be read), `values` what they
    mean; `errors` a sentence by column, `remarks` what is worth knowing but no obstacle.
    """

    cells: dict[str, str]
    values: dict[str, Any]
    errors: dict[str, str]
    remarks: dict[str, str]

    @property
    def name_key(self) -> str | None:
        """The folded name by which twins are found; None when nobody is named."""
        return fold(self.values.get(cols.DONOR)) or None


def tidy(cells: Mapping[str, Any]) -> dict[str, str]:
    """The cells of known columns in one Unicode form, without blank ones."""
    kept = {key: nfc(str(cells.get(key) or "")) for key in cols.BY_KEY}
    return {key: text for key, text in kept.items() if text}


def read_line(typed: Mapping[str, Any], ground: Ground) -> Line:
    """Read the cells of a line. Never raises: what cannot be read stays as typed, with its sentence."""
    line = Line(tidy(typed), {}, {}, {})
    for key, text in line.cells.items():
        if len(text) > cols.BY_KEY[key].limit:
            limit = cols.BY_KEY[key].limit
            line.errors[key] = f"Đang dài {len(text)} ký tự, nhiều nhất là {limit}. Viết ngắn lại."
    for key, read in _READERS.items():
        if key not in line.errors:
            _read(line, key, read, ground)
    if late := late_remark(line.values.get(cols.DAY), ground):
        line.remarks[cols.DAY] = late
    _take_usual_price(line, ground)
    return line


def _take_usual_price(line: Line, ground: Ground) -> None:
    """Goods of the catalogue whose value nobody has typed come at their last price; a dash says that they have none."""
    item = ground.items.get(fold(line.cells.get(cols.GOODS)))
    quantity = line.values.get(cols.QUANTITY)
    if item is None or not quantity or "item_id" not in line.values or cols.AMOUNT in line.cells:
        return
    value = value_of(quantity, item.price)
    if not value or item.price is None:
        return
    line.values[cols.AMOUNT] = value
    line.remarks[cols.AMOUNT] = (
        f"Chưa gõ giá trị: tính theo giá gần nhất {format_amount(item.price)} đ/{item.measure}, "
        f"được {format_amount(value)} đ. Gõ “—” nếu không định giá."
    )


def _read(line: Line, key: str, read: Callable[[Line, str, Ground], Any], ground: Ground) -> None:
    try:
        line.values[key] = read(line, line.cells.get(key, ""), ground)
    except Refused as refused:
        line.errors[key] = refused.text


def _donor(line: Line, text: str, _ground: Ground) -> str | None:
    if not text:
        raise Refused(f"Chưa có tên. Gõ họ tên hoặc tên đơn vị, hoặc gõ “{NO_NAME}”.")
    if fold(text) not in _NOBODY:
        return text
    line.cells[cols.DONOR] = NO_NAME
    return None


def _form(line: Line, text: str, ground: Ground) -> str:
    """The line's form; without one that of the batch, or goods where goods are named."""
    if not text:
        return GOODS if line.cells.get(cols.GOODS) else ground.form
    form = cols.choose(text, cols.FORM_WORDS)
    if form is None:
        raise _not_offered(text, TYPED_FORMS)
    line.cells[cols.FORM] = TYPED_FORMS[form]
    return form


def _amount(line: Line, text: str, _ground: Ground) -> int:
    """Đồng; 0 only for goods whose value nobody has given."""
    text = _CURRENCY_FIRST.sub("", text)
    if not text or text in _DASHES:
        if line.values.get(cols.FORM) == GOODS:
            return 0
        line.cells.pop(cols.AMOUNT, None)
    amount = parse_amount(text)
    line.cells[cols.AMOUNT] = format_amount(amount)
    return amount


def _day(line: Line, text: str, ground: Ground) -> date:
    if not text:
        return _not_to_come(ground.day, ground)
    if spoken := _SPOKEN_DAY.match(text):
        text = "/".join(part for part in spoken.groups() if part)
    day = parse_day(text, today=ground.today)
    line.cells[cols.DAY] = format_day(day)
    return _not_to_come(day, ground, line)


def _not_to_come(day: date, ground: Ground, line: Line | None = None) -> date:
    if day > ground.today:
        where = "Sửa ngày của dòng" if line else "Sửa ngày nhận của đợt nhập"
        raise Refused(f"Ngày {format_day(day)} chưa tới. {where}, muộn nhất là hôm nay.")
    return day


def _kind(line: Line, text: str, ground: Ground) -> str | None:
    if not text:
        return None
    key = cols.choose(text, ground.kinds)
    if key is None:
        raise _not_offered(text, ground.kind_names)
    line.cells[cols.KIND] = ground.kind_names[key]
    return key


def _shown(line: Line, text: str, _ground: Ground) -> str | None:
    """How the giver wants to be shown; nothing typed = not asked, never guessed."""
    if not text:
        return None
    shown = cols.choose(text, cols.SHOWN_WORDS)
    if shown is None:
        raise _not_offered(text, cols.SHOWN_NAMES)
    line.cells[cols.SHOWN] = cols.SHOWN_NAMES[shown]
    return shown


def _goods(line: Line, text: str, ground: Ground) -> str | None:
    form = line.values.get(cols.FORM)
    if form == GOODS and not text:
        raise Refused("Chưa ghi hiện vật là gì. Gõ tên hiện vật, ví dụ “gạo”.")
    item = ground.items.get(fold(text)) if form == GOODS else None
    if item is not None and item.keeps_lots:
        raise Refused(
            "Mặt hàng này theo dõi lô và hạn dùng, bảng không có cột đó. Bỏ dòng này, rồi ghi ở trang "
            "“Ghi nhận khoản ủng hộ”."
        )
    if text and form in (CASH, BANK):
        raise Refused("Chỉ hiện vật và giấy tờ có giá mới ghi tên. Xóa ô này, hoặc sửa hình thức.")
    return text or None


def _quantity(line: Line, text: str, ground: Ground) -> int | None:
    """Thousandths of the item's measure where the goods are in the catalogue and go into a store."""
    line.values["quantity_text"] = text or None
    item = ground.items.get(fold(line.cells.get(cols.GOODS)))
    if item is None or line.values.get(cols.FORM) != GOODS:
        return None
    measure = line.cells.setdefault(cols.MEASURE, item.measure)
    packs = {fold(name): holds for name, holds in item.packs.items()} | {fold(item.measure): 1_000}
    if fold(measure) not in packs:
        known = ", ".join(f"“{name}”" for name in (item.measure, *item.packs))
        line.errors[cols.MEASURE] = f"Danh mục tính mặt hàng này bằng {known}. Gõ một trong các đơn vị đó."
        return None
    if not text:
        raise Refused("Chưa có số lượng nhập kho. Gõ một số, ví dụ 20 hoặc 2,5.")
    line.values["item_id"] = item.item_id
    if fold(measure) == fold(item.measure):
        return parse_quantity(text, item.packs, measure=item.measure)
    return parse_quantity(text) * packs[fold(measure)] // 1_000


def _plain(_line: Line, text: str, _ground: Ground) -> str | None:
    return text or None


def _paper(line: Line, text: str, _ground: Ground) -> str | None:
    return text if text and text not in _DASHES else None


_READERS: dict[str, Callable[[Line, str, Ground], Any]] = {
    cols.DONOR: _donor,
    cols.KIND: _kind,
    cols.ADDRESS: _plain,
    cols.FORM: _form,
    cols.GOODS: _goods,
    cols.AMOUNT: _amount,
    cols.QUANTITY: _quantity,
    cols.MEASURE: _plain,
    cols.DAY: _day,
    cols.SHOWN: _shown,
    cols.PAPER: _paper,
    cols.NOTE: _plain,
}


def _not_offered(text: str, names: Mapping[str, str]) -> Refused:
    offered = ", ".join(name.lower() for name in names.values())
    return Refused(f"“{text[:30]}” không có trong danh sách. Gõ một trong: {offered}.")


def late_remark(day: date | None, ground: Ground) -> str | None:
    """What is said of a gift after the campaign's committed end: it is taken and flagged, never dropped."""
    if day is None or not is_late(day, ground.campaign_ends):
        return None
    return f"Nhận sau ngày kết thúc đợt {format_day(ground.campaign_ends)}; vẫn ghi, có dấu “sau hạn”."


@dataclass(frozen=True)
class Totals:
    """What stands in a batch against what its slip says; sums are money in đồng, goods stand apart."""

    count: int
    sum: int
    faults: int
    control_count: int | None
    control_sum: int | None

    @property
    def equal(self) -> bool:
        """Whether both totals are given and agree."""
        return self.count == self.control_count and self.sum == self.control_sum

    @property
    def ready(self) -> bool:
        """Whether the batch may be handed in and posted."""
        return self.count > 0 and self.equal and not self.faults

    def obstacle(self) -> str | None:
        """Why the batch cannot be posted yet, as one sentence; None when it can."""
        if self.count == 0:
            return "Đợt nhập chưa có dòng nào. Nhập các dòng rồi giao ghi sổ."
        if self.faults:
            return f"Còn {self.faults} ô sai. Bấm F8 để tới từng ô, sửa rồi giao ghi sổ."
        if self.control_count is None or self.control_sum is None:
            return "Chưa có tổng của phiếu kiểm. Ghi số phong bì và tổng tiền của phiếu kiểm trước."
        if not self.equal:
            return "Hai tổng chưa bằng nhau. Tìm dòng thiếu hoặc thừa, hoặc sửa tổng theo phiếu kiểm."
        return None
