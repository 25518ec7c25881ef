"""Pure rules of reward forms and of what a rule asks of the books."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.kit.days import Period, format_day
from portal.kit.errors import Refused
from portal.kit.money import format_amount, format_dong
from portal.kit.vietnamese import fold

SUM, TIMES, YEARS = "sum", "times", "years"
MEASURES = {SUM: "Tổng số tiền từ", TIMES: "Số lần từ", YEARS: "Số năm liên tục từ"}
MOST = {SUM: 10**15, TIMES: 10_000, YEARS: 60}
FORM_WORDS = ("thành tích", "phong trào", "đợt", "kỳ", "đơn vị", "tiền thưởng")
RULE_WORDS = ("số tiền", "số lần", "số năm", "từ ngày", "đến ngày", "đợt")
"""What stands in brackets in the text of a form (rules_nominations.words_of) and in the achievement of a rule."""
SERIES = re.compile(r"^[A-Z]{2,6}$")
NUMBERING = "KT:"  # before the series where it counts, so that no series of the books is ever the same


@dataclass(frozen=True)
class Asked:
    """What a rule asks: `least` đồng, times or years; `kinds` of givers, none = all; days inclusive.

    Years in a row end with the year of `end`, whatever `start` says.
    """

    unit_id: int
    measure: str
    least: int
    start: date
    end: date
    least_a_year: int | None = None
    campaign_id: int | None = None
    kinds: tuple[str, ...] = ()
    with_goods: bool = False

    def as_json(self) -> dict[str, Any]:
        """As a run keeps it."""
        return {**asdict(self), "start": self.start.isoformat(), "end": self.end.isoformat()}


def check_form(values: Mapping[str, Any]) -> None:
    """A reward form can be printed and numbered. Raises Refused."""
    if not SERIES.match(values.get("series") or ""):
        raise Refused("Ký hiệu sổ là 2 đến 6 chữ cái viết hoa, không dấu, ví dụ GK.", "series")
    if values.get("prize") is not None and values["prize"] <= 0:
        raise Refused("Tiền thưởng phải lớn hơn 0. Không có tiền thưởng thì để trống.", "prize")


def check_measure(measure: str | None, least: int | None, least_a_year: int | None) -> None:
    """A rule asks for something that can be counted. Raises Refused."""
    if measure not in MEASURES:
        raise Refused("Chưa chọn cách tính. Chọn tổng tiền, số lần hay số năm liên tục.", "measure")
    if least is None or least < 1:
        raise Refused("Mức phải lớn hơn 0. Gõ số tiền, số lần hoặc số năm.", "least")
    if least > MOST[measure]:
        raise Refused(
            f"Mức {format_amount(least)} lớn quá cho “{MEASURES[measure].lower()}”. Gõ lại mức.", "least"
        )
    if measure == YEARS and least < 2:
        raise Refused("Liên tục thì từ 2 năm trở lên. Muốn tính một năm thì chọn tổng số tiền.", "least")
    if least_a_year is not None and measure != YEARS:
        raise Refused("Mức mỗi năm chỉ dùng với số năm liên tục. Xóa ô này.", "least_a_year")


def check_period(start: date, end: date, *, today: date) -> None:
    """Days in order, and of the past. Raises Refused."""
    if end < start:
        raise Refused(f"“Đến ngày” trước ngày {format_day(start)}. Sửa lại ngày.", "ends_on")
    Period(start, end)
    if end > today:
        raise Refused("“Đến ngày” chưa tới. Chỉ tính khoản đã có trong sổ, muộn nhất là hôm nay.", "ends_on")


def rule_text(measure: str, least: int, least_a_year: int | None = None) -> str:
    """A rule in words: "tổng ủng hộ từ 50.000.000 đồng", "10 năm liên tục, mỗi năm từ …"."""
    if measure == SUM:
        return f"tổng ủng hộ từ {format_dong(least)}"
    if measure == TIMES:
        return f"ủng hộ từ {format_amount(least)} lần"
    each = f", mỗi năm từ {format_dong(least_a_year)}" if least_a_year else ""
    return f"ủng hộ {format_amount(least)} năm liên tục{each}"


def same_movement(one: str | None, other: str | None, known: Mapping[str, int]) -> bool:
    """Whether two names, accents, case and spaces aside, are of one movement; a missing one equals everything.

    `known`: folded name or alias → movement. A name that no movement bears is compared by its words.
    """
    if not one or not other:
        return True
    first, second = fold(one), fold(other)
    return known.get(first, first) == known.get(second, second)
