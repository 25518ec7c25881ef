"""Pure rules of bulletins: what a period, a number and a code look like."""

from __future__ import annotations

from datetime import date

from portal.kit.days import Period
from portal.kit.errors import Refused


def period_name(period: Period) -> str:
    """As titles say it: "năm 2020", "giai đoạn 2016 - 2018", "quý III năm 2026", else the days."""
    start, end = period.start, period.end
    whole_years = (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31)
    if whole_years and start.year < end.year:
        return f"giai đoạn {start.year} - {end.year}"
    return period.label


def paper_number(number: int) -> str:
    """ "10/BT-MTTQ-BTT", below ten with a zero in front."""
    return f"{number:02d}/BT-MTTQ-BTT"


def code_of(unit_code: str, year: int, number: int) -> str:
    """The public code of an issued bulletin, for its address: "Q11-2026-01"."""
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in unit_code)
    return f"{safe}-{year}-{number:02d}"


def signing_lines(office: str, title: str) -> list[str]:
    """Who signs for whom: a deputy signs "KT. CHỦ TỊCH"."""
    lines = [f"TM. {office}"] if office else []
    if title.upper().startswith("PHÓ "):
        lines.append(f"KT. {title[4:].upper()}")
    return [*lines, title.upper()] if title else lines


def check_issue(issued: bool, ends_on: date, day: date, *, today: date) -> None:
    """A bulletin is issued once, not in the future, not before the last day of its period. Raises Refused."""
    if issued:
        raise Refused("Bản tin này đã phát hành. Lập bản tin mới nếu số liệu đã thay đổi.")
    if day > today:
        raise Refused(f"Ngày {day:%d/%m/%Y} chưa tới. Ghi ngày phát hành muộn nhất là hôm nay.", "day")
    if day < ends_on:
        raise Refused(
            f"Kỳ của bản tin kết thúc ngày {ends_on:%d/%m/%Y}, chưa tới. Phát hành từ ngày đó, "
            "hoặc lập bản tin với ngày cuối sớm hơn.",
            "day",
        )
