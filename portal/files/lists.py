"""The list of pictures: columns and filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_

from portal.files.desk import UNSEEN
from portal.files.models import Picture
from portal.files.pictures import PHOTO, SCAN
from portal.kit.columns import Col
from portal.kit.filters import DayFilter, SelectFilter, TextFilter
from portal.kit.listing import ListSpec
from portal.people.models import User
from portal.units.models import Unit

KINDS = {PHOTO: "Ảnh", SCAN: "Bản quét"}
PUBLIC, HIDDEN, FACES, GONE = "cong-khai", "chua-cong-khai", "co-mat", "da-rut"
STATES: dict[str, tuple[str, Callable[[], ColumnElement[bool]]]] = {
    UNSEEN: ("Chưa ai xem", lambda: Picture.people_shown.is_(None) & Picture.withdrawn.is_(None)),
    PUBLIC: ("Đang công khai", lambda: Picture.public_sha.is_not(None)),
    HIDDEN: ("Chưa công khai", lambda: Picture.public_sha.is_(None) & Picture.withdrawn.is_(None)),
    FACES: ("Có mặt người được giúp", lambda: Picture.people_shown.is_(True)),
    GONE: ("Đã rút", lambda: Picture.withdrawn.is_not(None)),
}


def name_of(picture: Picture) -> str:
    """What a picture is called: its caption, or what it is and its number."""
    return picture.caption or f"{KINDS[picture.what]} số {picture.id}"


def state_of(picture: Picture) -> str:
    """Where a picture stands, in two or three words."""
    if picture.withdrawn:
        return "Đã rút"
    if picture.public_sha:
        return "Đang công khai"
    if picture.people_shown is None:
        return "Chưa ai xem" if picture.what == PHOTO else "Không công khai"
    return "Chưa công khai"


def badge_of(picture: Picture) -> str | None:
    """Only what needs somebody, or what everybody sees."""
    return {"Chưa ai xem": "warn", "Đang công khai": "ok"}.get(state_of(picture))


def pictures_list(units: Sequence[tuple[int, str]], url: Callable[[Picture], str]) -> ListSpec:
    """The list; `units` are those of the person, as choices."""
    return ListSpec(
        noun="ảnh",
        key=Picture.id,
        default_sort="-so",
        title="Ảnh và bản quét",
        file_name="anh-va-ban-quet",
        nothing_yet="Chưa có ảnh nào. Mở một đợt trao quà hoặc một trường hợp giúp đỡ, rồi tải ảnh lên ở đó.",
        row_url=url,
        columns=[
            Col("so", "Số", "id", sort=Picture.id, muted=True),
            Col("ten", "Chú thích", name_of, kind="link", primary=True),
            Col("loai", "Loại", lambda row: KINDS[row.what], muted=True),
            Col("ngay", "Ngày chụp", "taken_on", kind="day", sort=Picture.taken_on),
            Col("dv", "Đơn vị", "unit.name", sort=Unit.name),
            Col("tt", "Tình trạng", state_of, kind="badge", badge=badge_of),
        ],
        filters=[
            TextFilter("q", "Chú thích", _captioned),
            SelectFilter("xem", "Tình trạng", lambda key: STATES[key][1](), choices=_states()),
            SelectFilter("loai", "Loại", lambda kind: Picture.what == kind, choices=tuple(KINDS.items())),
            SelectFilter("dv", "Đơn vị", lambda unit_id: Picture.unit_id == unit_id, choices=units),
            DayFilter("tu", "Chụp từ", lambda day: Picture.taken_on >= day),
            DayFilter("den", "Chụp đến", lambda day: Picture.taken_on <= day),
        ],
    )


def _captioned(text: str) -> ColumnElement[bool]:
    found: Any = Picture.caption.icontains(text, autoescape=True)
    return or_(found, Picture.id == int(text)) if text.isdecimal() and len(text) < 10 else found


def _states() -> tuple[tuple[str, str], ...]:
    return tuple((key, name) for key, (name, _) in STATES.items())


def unit_choices(user: User, units: Sequence[Unit]) -> list[tuple[int, str]]:
    """The person's units as choices, by name."""
    return [(unit.id, unit.name) for unit in sorted(units, key=lambda unit: unit.name)]
