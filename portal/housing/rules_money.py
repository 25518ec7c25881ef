"""Pure rules of a house's money: sources within the cost, the norm, tranches by stage, the value as the sum of sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from portal.housing.rules import MOST_DAYS, ORDER, PHOTO_OF, PHOTOS, STATES, STOPPED, reached
from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.money import format_amount, format_dong
from portal.kit.vietnamese import nfc


def labour_amount(days: int | None, day_value: int | None) -> int:
    """What labour days are worth, đồng. Raises Refused."""
    if not days:
        raise Refused("Chưa ghi số ngày công. Gõ một số, ví dụ 20.", "days")
    if days > MOST_DAYS:
        raise Refused(f"{format_amount(days)} ngày công là quá nhiều. Gõ lại số ngày.", "days")
    if not day_value:
        raise Refused("Chưa ghi trị giá một ngày công. Gõ số đồng, ví dụ 300.000.", "day_value")
    return days * day_value


def check_within(cost: int | None, amounts: Iterable[int], field: str = "amount") -> None:
    """Sources never exceed the cost (đồng). Raises Refused; a cost that nobody has reckoned is asked for first."""
    total = sum(amounts)
    if cost is None:
        raise Refused("Chưa có dự toán. Ghi dự toán của căn nhà trước rồi chia nguồn.", field)
    if total > cost:
        raise Refused(
            f"Các nguồn cộng {format_dong(total)}, cao hơn dự toán {format_dong(cost)}, thừa "
            f"{format_dong(total - cost)}. Giảm số này, hoặc sửa dự toán.",
            field,
        )


def gap(cost: int | None, amounts: Iterable[int]) -> int | None:
    """What no source pays yet, đồng; None while no cost is known."""
    return None if cost is None else cost - sum(amounts)


def check_norm(amount: int, norm: int | None, reason: str | None) -> None:
    """More than the norm (đồng, None = there is none) needs a reason. Raises Refused (over_norm)."""
    if norm is not None and amount > norm and not nfc(reason):
        raise Refused(
            f"Quỹ hỗ trợ căn này {format_dong(amount)}, cao hơn mức {format_dong(norm)}. Giảm số tiền, hoặc ghi lý do "
            "vượt mức.",
            "over_norm",
        )


def check_tranches(row: int, others: Iterable[int], amount: int) -> None:
    """Tranches of a decision's row never exceed it, đồng. Raises Refused (amount)."""
    left = row - sum(others)
    if amount > left:
        raise Refused(
            f"Dòng quyết định này còn {format_dong(max(left, 0))} chưa chia đợt, không đủ {format_dong(amount)}. "
            "Gõ số nhỏ hơn.",
            "amount",
        )


def check_stage(state: str, stage: str, photos: Mapping[str, int], field: str = "rows") -> None:
    """No tranche before its stage, nor without a photo that shows the stage. Raises Refused at `field`."""
    if state == STOPPED:
        raise Refused(
            "Công trình đang dừng, chưa cấp tiếp. Chọn “Làm tiếp” ở trang của căn nhà trước.", field
        )
    if not reached(state, stage):
        raise Refused(
            f"Đợt này cấp khi “{STATES[stage].lower()}”, căn nhà mới “{STATES[state].lower()}”. Ghi bước đó trước.",
            field,
        )
    role = PHOTO_OF[stage]
    if not photos.get(role):
        raise Refused(
            f"Chưa có ảnh “{PHOTOS[role].lower()}” cho đợt này. Tải ảnh lên trang của căn nhà trước.", field
        )


def check_paid_on(day: date, stage: str, days: Mapping[str, date], field: str) -> None:
    """Nothing is paid before the day (`days`: by state) on which the house reached the tranche's stage.

    A stage that was passed over was reached with the next one. Raises Refused at `field`.
    """
    later = ORDER[ORDER.index(stage) :]
    reached_on = next((days[state] for state in later if state in days), None)
    if reached_on is not None and day < reached_on:
        raise Refused(
            f"Ngày {format_day(day)} trước ngày căn nhà “{STATES[stage].lower()}” ({format_day(reached_on)}), đợt này chưa "
            "được chi. Sửa ngày, hoặc chọn đúng đợt.",
            field,
        )


def check_total(total: int | None, sources: int) -> None:
    """The value of the house is the sum of its sources, đồng. Raises Refused (total)."""
    if total is not None and total != sources:
        side = "cao hơn" if total > sources else "thấp hơn"
        raise Refused(
            f"Tổng giá trị {format_dong(total)} {side} các nguồn cộng lại {format_dong(sources)}. Ghi đủ phần không qua "
            "Quỹ trước, hoặc sửa số này.",
            "total",
        )
