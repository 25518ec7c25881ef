"""Pure rules of helping and watching: who may help how, and why a household that came out may fall back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.money import format_amount

OFFICER, ASSOCIATION, HOUSEHOLDS = "officer", "association", "households"
KINDS = {
    OFFICER: "Một cán bộ phụ trách",
    ASSOCIATION: "Một đoàn thể, tổ chức nhận giúp",
    HOUSEHOLDS: "Một số hộ khá giả giúp 01 hộ",
}
BETTER, SAME, WORSE = "better", "same", "worse"
VERDICTS = {BETTER: "Khá hơn", SAME: "Như trước", WORSE: "Khó khăn hơn"}
VERDICT_BADGES = {BETTER: "ok", WORSE: "bad"}


@dataclass(frozen=True)
class Visit:
    """One visit as the rule sees it."""

    day: date
    verdict: str
    illness: bool = False


@dataclass(frozen=True)
class Watched:
    """A household in the year in which it came out of poverty, and what is known of it since.

    `lacks`: names of lacking indicators by year, of the years in which they were looked at. `incomes`: đồng per
    person and month by year. `threshold`: the standard's income for its kind of unit, đồng; None = not known.
    """

    out_year: int
    lacks: Mapping[int, Sequence[str]] = field(default_factory=dict)
    incomes: Mapping[int, int] = field(default_factory=dict)
    threshold: int | None = None
    visits: Sequence[Visit] = ()
    again: Mapping[int, str] = field(default_factory=dict)  # year → group: poor or near-poor once more


def reasons_to_worry(watched: Watched) -> list[str]:
    """Why the household may fall back, in words; empty when nothing says so."""
    found = [
        f"Lại được xếp “{group}” năm {year}"
        for year, group in sorted(watched.again.items())
        if year > watched.out_year
    ]
    found += _lacks_that_came_back(watched)
    found += _low_income(watched)
    visits = sorted(
        (visit for visit in watched.visits if visit.day.year >= watched.out_year), key=lambda visit: visit.day
    )
    ill = [visit for visit in visits if visit.illness]
    if ill:
        found.append(f"Có người ốm đau, ghi khi thăm ngày {format_day(ill[-1].day)}")
    if visits and visits[-1].verdict == WORSE:
        found.append(f"Lần thăm gần nhất, ngày {format_day(visits[-1].day)}, thấy khó khăn hơn")
    return found


def _lacks_that_came_back(watched: Watched) -> list[str]:
    years = sorted(year for year in watched.lacks if year >= watched.out_year - 1)
    if len(years) < 2:
        return []
    last, before = years[-1], years[-2]
    if last < watched.out_year:
        return []
    return [
        f"Thiếu hụt trở lại năm {last}: {name}"
        for name in watched.lacks[last]
        if name not in watched.lacks[before]
    ]


def _low_income(watched: Watched) -> list[str]:
    years = [year for year in watched.incomes if year >= watched.out_year]
    if not years or watched.threshold is None:
        return []
    income = watched.incomes[max(years)]
    if income > watched.threshold:
        return []
    return [
        f"Thu nhập {format_amount(income)} đ/người/tháng năm {max(years)}, "
        f"không trên mức chuẩn {format_amount(watched.threshold)} đ"
    ]


def check_helpers(kind: str, names: Sequence[str]) -> None:
    """One officer, one association, or one or several households. Raises Refused (field helpers)."""
    if not names:
        raise Refused("Chưa ghi ai giúp. Gõ tên người, hội hoặc hộ, mỗi dòng một tên.", "helpers")
    if kind == OFFICER and len(names) > 1:
        raise Refused(
            "Một cán bộ phụ trách thì ghi một tên. Nhiều hộ cùng giúp thì chọn “Một số hộ khá giả giúp 01 hộ”.",
            "helpers",
        )
    if kind == ASSOCIATION and len(names) > 1:
        raise Refused("Một đoàn thể nhận giúp thì ghi một tên. Mỗi đoàn thể một lần phân công.", "helpers")
    if any(len(name) > 200 for name in names):
        raise Refused("Có tên dài quá 200 ký tự. Mỗi dòng ghi một tên.", "helpers")
