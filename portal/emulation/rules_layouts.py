"""Pure rules of how a certificate is laid out on A4 landscape: what may be chosen, and what fits together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kit.errors import Refused
from portal.kit.vietnamese import nfc

AUTHORITY, GIVER, TITLE, NAME, ADDRESS, TEXT = "authority", "giver", "title", "name", "address", "text"
PARTS = {
    AUTHORITY: "Cơ quan tặng",
    GIVER: "Lời trên tên người nhận",
    TITLE: "Tên giấy",
    NAME: "Tên người nhận",
    ADDRESS: "Địa chỉ",
    TEXT: "Lời khen",
}
NEEDED = (TITLE, NAME, TEXT)
FRAMES = {"double": "Khung đôi, góc đậm", "fine": "Khung mảnh", "none": "Không khung"}
COLOURS = {"gold": "Vàng kim", "red": "Đỏ", "blue": "Xanh", "ink": "Đen"}
ALIGNS = {"centre": "Căn giữa", "left": "Căn trái"}
LEFT, CENTRE, RIGHT = "left", "centre", "right"
PLACES = {LEFT: "Bên trái", CENTRE: "Ở giữa", RIGHT: "Bên phải"}
TITLE_SIZES, NAME_SIZES = (30, 36, 42, 48), (20, 23, 26, 29, 32)  # points; certificate.css knows each
CHOICES: dict[str, dict[Any, Any]] = {
    "frame": FRAMES,
    "colour": COLOURS,
    "align": ALIGNS,
    "sign_place": PLACES,
    "check_place": PLACES,
    "title_size": dict.fromkeys(TITLE_SIZES),
    "name_size": dict.fromkeys(NAME_SIZES),
}


@dataclass(frozen=True)
class Look:
    """How a certificate looks. `parts` from top to bottom; sizes in points; `heading`: lines above the parts."""

    frame: str = "double"
    colour: str = "gold"
    national: bool = True
    heading: tuple[str, ...] = ()
    parts: tuple[str, ...] = tuple(PARTS)
    align: str = CENTRE
    title_size: int = 42
    name_size: int = 26
    sign_place: str = RIGHT
    check_place: str = LEFT

    @property
    def feet(self) -> list[str]:
        """What stands at the foot, from left to right: "check", "sign" or "" (only with three columns)."""
        stands = {self.check_place: "check", self.sign_place: "sign"}
        columns = (LEFT, RIGHT) if CENTRE not in stands else (LEFT, CENTRE, RIGHT)
        return [stands.get(column, "") for column in columns]

    @property
    def begins_with_title(self) -> bool:
        """Whether nothing stands between the head and the title, which then keeps its distance."""
        return not self.heading and self.parts[:1] == (TITLE,)

    @property
    def giver_class(self) -> str:
        """Above the title the words of giving are a line of their own ("TẶNG"), below it they lead to the name."""
        parts = self.parts
        return "giver" if GIVER in parts and parts.index(GIVER) < parts.index(TITLE) else "to"


def look_of(values: Mapping[str, Any]) -> Look:
    """The look that these values choose: `parts` as keys in order, `heading` as lines. Raises Refused at the field."""
    for field, offered in CHOICES.items():
        if values.get(field) not in offered:
            raise Refused("Lựa chọn này không có. Chọn một mục trong danh sách.", field)
    if values["sign_place"] == values["check_place"]:
        raise Refused(
            "Chữ ký và mã kiểm tra đang ở cùng một chỗ. Đặt mã kiểm tra sang bên khác.", "check_place"
        )
    heading = tuple(nfc(line) for line in (values.get("heading") or "").splitlines() if nfc(line))
    if len(heading) > 3:
        raise Refused("Dòng in thêm nhiều nhất là 3 dòng. Bớt dòng, hoặc gộp lại.", "heading")
    return Look(
        national=bool(values.get("national")),
        heading=heading,
        parts=_parts(values.get("parts") or ()),
        **{field: values[field] for field in CHOICES},
    )


def _parts(keys: Sequence[str]) -> tuple[str, ...]:
    for place, key in enumerate(keys, start=1):
        if key not in PARTS:
            raise Refused("Lựa chọn này không có. Chọn một mục trong danh sách.", f"part_{place}")
        if key in keys[: place - 1]:
            raise Refused(f"“{PARTS[key]}” đã đặt ở trên. Mỗi phần chỉ in một lần.", f"part_{place}")
    missing = [PARTS[key] for key in NEEDED if key not in keys]
    if missing:
        raise Refused(f"Giấy còn thiếu: {', '.join(missing).lower()}. Đặt vào một thứ tự.", "part_1")
    return tuple(keys)
