"""What the papers about a household share: the head of the sheet, numbered items with dotted lines, its first items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.units.queries import UnitTexts

BLANK_DAY = "ngày …… tháng …… năm 20……"
BLANK = "……………………………"


@dataclass(frozen=True)
class Line:
    """One item of a form: a value or dotted lines (`blank` of them), or boxes to tick."""

    number: int
    label: str
    value: str | None = None
    boxes: Sequence[tuple[str, bool]] = ()
    blank: int = 1
    half: bool = False  # two such lines share one


@dataclass(frozen=True)
class Head:
    """What stands on top of a paper, as `parts.national_head` draws it."""

    issuer: Sequence[str]
    committee: str
    place_date: str
    number: str = ""


def head_of(texts: UnitTexts, day: str | None) -> Head:
    """The head of a unit's paper; `day` in words, None = for the pen."""
    place = texts.place or "……………"
    return Head(texts.issuing_lines or [BLANK], texts.committee or BLANK, f"{place}, {day or BLANK_DAY}")


def household_lines(
    facts: Mapping[str, Any], survey: Any, private: Mapping[str, Any], *, last: Sequence[tuple[Any, ...]] = ()
) -> list[Line]:
    """The items about a household, numbered from 1; `last`: (label, value, half, blank) or with boxes, that follow.

    `survey` has `work`, `schooling`, `priority`; None = not surveyed. `private`: sensitive fields, missing = the pen.
    """
    people = "; ".join(facts.get("people") or ()) or None
    group = facts.get("group")
    year = f" (năm {facts['group_year']})" if group and facts.get("group_year") else ""
    rows: list[tuple[Any, ...]] = [
        ("Họ và tên chủ hộ", facts.get("head"), False, 1),
        ("Giới tính", facts.get("sex"), True, 1),
        ("Năm sinh", facts.get("birth_year"), True, 1),
        ("Số căn cước", private.get("cccd"), True, 1),
        ("Điện thoại", facts.get("phone"), True, 1),
        ("Họ tên vợ hoặc chồng", facts.get("spouse"), False, 1),
        ("Số nhân khẩu", facts.get("members"), False, 1),
        ("Các thành viên", people, False, 2),
        ("Địa chỉ", facts.get("address"), False, 1),
        ("Nghề nghiệp", survey.work if survey else None, True, 1),
        ("Trình độ học vấn", survey.schooling if survey else None, True, 1),
        ("Nhóm hộ", f"{group}{year}" if group else None, False, 1),
        ("Dân tộc", private.get("ethnicity"), True, 1),
        ("Tôn giáo", private.get("religion"), True, 1),
        ("Diện ưu tiên, chính sách", survey.priority if survey else None, False, 1),
        *last,
    ]
    return [
        Line(number, label, str(value) if value else None, boxes=tuple(*boxes), blank=blank, half=half)
        for number, (label, value, half, blank, *boxes) in enumerate(rows, start=1)
    ]


def survey_signers(survey: Any, facts: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """The four who sign a survey: party cell, hamlet, Front committee, head of the household."""
    return [
        ("Bí thư Chi bộ", survey.secretary if survey else None),
        ("Trưởng thôn", survey.hamlet_head if survey else None),
        ("Trưởng ban CTMT", survey.front_head if survey else None),
        ("Chủ hộ", facts.get("head") if survey else None),
    ]
