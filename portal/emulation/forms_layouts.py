"""The shape of a layout of certificates on screen."""

from __future__ import annotations

from typing import Any

from portal.emulation import rules_layouts as rules
from portal.emulation.forms_rewards import SinceField
from portal.emulation.models_layouts import RewardLayout
from portal.kit import days
from portal.kit.forms import CheckField, ChoiceField, NoteField, PortalForm, TextField


def _sizes(sizes: tuple[int, ...]) -> list[tuple[int, str]]:
    return [(size, f"{size} điểm") for size in sizes]


def _chosen(label: str, offered: dict[str, str], **more: Any) -> ChoiceField:
    return ChoiceField(label, choices=list(offered.items()), coerce=str, **more)


class LayoutForm(PortalForm):
    """A layout; its parts from top to bottom."""

    name = TextField("Tên kiểu", max_length=100)
    valid_from = SinceField("Dùng từ ngày", default=days.today_in_vietnam)
    frame = _chosen("Khung", rules.FRAMES)
    colour = _chosen("Màu khung và tên giấy", rules.COLOURS)
    national = CheckField("In Quốc hiệu, Tiêu ngữ")
    heading = NoteField("Dòng in thêm phía trên", required=False, max_length=300)
    part_1 = _chosen("Thứ nhất từ trên xuống", rules.PARTS)
    part_2 = _chosen("Thứ hai", rules.PARTS)
    part_3 = _chosen("Thứ ba", rules.PARTS)
    part_4 = _chosen("Thứ tư", rules.PARTS, required=False)
    part_5 = _chosen("Thứ năm", rules.PARTS, required=False)
    part_6 = _chosen("Thứ sáu", rules.PARTS, required=False)
    align = _chosen("Căn chữ", rules.ALIGNS)
    title_size = ChoiceField("Cỡ chữ tên giấy", choices=_sizes(rules.TITLE_SIZES))
    name_size = ChoiceField("Cỡ chữ tên người nhận", choices=_sizes(rules.NAME_SIZES))
    sign_place = _chosen("Chỗ ký", rules.PLACES)
    check_place = _chosen("Chỗ mã kiểm tra và số giấy", rules.PLACES)

    def told(self) -> dict[str, Any]:
        """What the action takes."""
        found = {field.short_name: field.data for field in self if not field.short_name.startswith("part_")}
        parts = [self[f"part_{place}"].data for place in range(1, len(rules.PARTS) + 1)]
        return {**found, "parts": [part for part in parts if part]}


class Shown:
    """A row as the form reads it: its parts one by one."""

    def __init__(self, layout: RewardLayout):
        self._layout = layout
        self._parts = layout.parts.split(",")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("part_"):
            place = int(name.removeprefix("part_"))
            return self._parts[place - 1] if place <= len(self._parts) else None
        return getattr(self._layout, name)
