"""Pure rules of movements: names, periods, criteria, classes, registrations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.emulation.rules_scoring import format_points
from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, nfc

UNIT, HOUSEHOLD, PERSON = "unit", "household", "person"
KINDS = {UNIT: "Tập thể (đơn vị)", HOUSEHOLD: "Hộ gia đình", PERSON: "Cá nhân"}
ACHIEVED = {True: "Đạt", False: "Không đạt"}
NOT_JUDGED = "Chưa xét"
MOST_CRITERIA = 200
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


def check_span(first: date, last: date | None, field: str = "ends_on") -> None:
    """A period ends after it begins. Raises Refused."""
    if last is not None and last < first:
        raise Refused(f"Ngày cuối trước ngày đầu {format_day(first)}. Sửa một trong hai ngày.", field)


def alias_lines(name: str, typed: str | None) -> str:
    """Other names, a line each: without blanks, doubles and the name itself."""
    kept: dict[str, str] = {}
    for line in (typed or "").splitlines():
        text = nfc(line)
        if text and fold(text) != fold(name):
            kept.setdefault(fold(text), text)
    return "\n".join(kept.values())


def check_names(names: Iterable[str], taken: Mapping[str, str]) -> None:
    """No name or alias belongs to another movement; `taken`: folded name → that movement. Raises Refused (name)."""
    for name in names:
        other = taken.get(fold(name))
        if other:
            raise Refused(
                f"“{name}” đã là tên của phong trào “{other}”. Dùng phong trào đó, hoặc đặt tên khác.", "name"
            )


def check_code(value: str | None, field: str = "code", limit: int = 20) -> str:
    """A code of letters without accents, digits, dots, dashes. Raises Refused."""
    code = nfc(value)
    if not _CODE.fullmatch(code) or len(code) > limit:
        raise Refused(
            f"Mã “{code[:30]}” chưa đúng. Ghi chữ không dấu, chữ số, dấu chấm hoặc gạch ngang, nhiều nhất {limit} "
            "ký tự, ví dụ 1.2.",
            field,
        )
    return code


def check_criterion(values: Mapping[str, Any], first: date, last: date) -> None:
    """A criterion has points; its deadline lies in the year or up to 90 days after it. Raises Refused."""
    points, bonus, due_on = values.get("points"), values.get("bonus") or 0, values.get("due_on")
    if not points:
        raise Refused("Điểm chuẩn phải lớn hơn 0. Ghi điểm cao nhất của tiêu chí, ví dụ 10.", "points")
    if bonus > points:
        raise Refused(
            f"Điểm thưởng {format_points(bonus)} cao hơn điểm chuẩn {format_points(points)}. Sửa lại.",
            "bonus",
        )
    if due_on is not None and not (first <= due_on and (due_on - last).days <= 90):
        raise Refused(
            f"Hạn {format_day(due_on)} nằm ngoài kỳ chấm {format_day(first)} – {format_day(last)}. Sửa hạn, "
            "muộn nhất 90 ngày sau kỳ.",
            "due_on",
        )


def check_class(name: str, least: int, others: Mapping[str, int]) -> None:
    """No two classes with one name or one threshold. Raises Refused."""
    for other, threshold in others.items():
        if fold(other) == fold(name):
            raise Refused(f"Đã có mức “{other}”. Sửa mức đó, hoặc đặt tên khác.", "name")
        if threshold == least:
            raise Refused(f"Mức “{other}” cũng bắt đầu từ {format_points(least)} điểm. Đặt số khác.", "least")


def check_registered(day: date, register_by: date | None, first: date, last: date, today: date) -> None:
    """Whoever registers does it in the year and in time. Raises Refused (registered_on)."""
    if day > today:
        raise Refused("Ngày đăng ký ở tương lai. Sửa lại ngày.", "registered_on")
    if register_by is not None and day > register_by:
        raise Refused(
            f"Đã quá hạn đăng ký {format_day(register_by)}. Sửa ngày nếu ghi sai, hoặc nhờ đơn vị tổ chức gia hạn.",
            "registered_on",
        )
    if day > last or (first - day).days > 366:
        raise Refused(
            f"Ngày đăng ký nằm ngoài kỳ {format_day(first)} – {format_day(last)}. Sửa lại ngày.",
            "registered_on",
        )


def result_text(achieved: bool | None) -> str:
    """ "Đạt", "Không đạt", "Chưa xét"."""
    return NOT_JUDGED if achieved is None else ACHIEVED[achieved]
