"""Rounds of gifts → JSON and rows of a file: plain values, missing = null, amounts whole đồng."""

from __future__ import annotations

from typing import Any

from portal.public.rounds import Round, RoundPage

HEADS = (
    "Mã",
    "Ngày",
    "Tên đợt",
    "Đơn vị",
    "Nơi trao",
    "Đợt vận động",
    "Số hộ",
    "Đã nhận",
    "Chưa nhận",
    "Tiền đã trao (đ)",
    "Tiền đang giữ hộ (đ)",
    "Hiện vật đã trao",
    "Trạng thái",
)
STATES = {True: "Đã xong", False: "Đang trao"}


def round_row(one: Round) -> list[Any]:
    """A row of the file."""
    return [
        one.id,
        one.day,
        one.name,
        one.unit,
        one.place or None,
        one.campaign,
        one.households,
        one.received,
        one.absent,
        one.money,
        one.kept or None,
        one.goods_text or None,
        STATES[one.is_closed],
    ]


def round_json(one: Round) -> dict[str, Any]:
    """One round."""
    return {
        "id": one.id,
        "day": one.day.isoformat(),
        "name": one.name,
        "unit": one.unit,
        "place": one.place or None,
        "campaign": one.campaign_code,
        "closed": one.is_closed,
        "households": one.households,
        "received": one.received,
        "absent": one.absent,
        "has_money": one.has_money,
        "money": one.money,
        "money_kept": one.kept,
        "goods": one.goods,
    }


def round_page_json(found: RoundPage) -> dict[str, Any]:
    """One round with its portions, names under consent, photos."""
    portions = [
        {"name": name, "money": money, "goods": goods or None, "households": count}
        for name, money, goods, count in found.portions
    ]
    photos = [
        {"image": f"/anh/{photo.public_sha}.jpg", "caption": photo.caption or None} for photo in found.photos
    ]
    return {**round_json(found.round), "portions": portions, "names": found.names, "photos": photos}
