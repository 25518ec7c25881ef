"""The lists of fairness: households with a warning, neighbours that never got anything, coverage of a commune."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func

from portal.distributions.aid import Sums, Told
from portal.distributions.models import DistributionRow
from portal.distributions.queries_fairness import Checked
from portal.households.lists import found_by, under
from portal.households.models_registry import Household
from portal.households.queries_registry import unit_text
from portal.households.rules_registry import code_of
from portal.kit.days import format_day
from portal.kit.filters import FilterSpec, SelectFilter, TextFilter
from portal.kit.listing import Cell, Col, Listing, ListSpec
from portal.kit.money import format_dong

Link = Callable[[Any], str | None]


NOTHING = "Chưa nhận gì"
TOLD = "nhan"  # the column that `with_told` fills
Lines = Mapping[int, Sequence[Told]]


def told_text(lines: Sequence[Told] | None, apart: str = "; ") -> str | None:
    """ "12/11/2026 Tặng quà Tết: 500.000 đồng, 10 kg Gạo; …"."""
    return apart.join(_line(line) for line in lines or ()) or None


def with_told(listing: Listing, lines: Lines, *, nothing: str | None = None) -> Listing:
    """The listing with what the households of this page got: read for the page alone."""
    place = next(number for number, column in enumerate(listing.columns) if column.key == TOLD)
    for row in listing.rows:
        text = told_text(lines.get(int(row.key)), ";\n") or nothing  # css/distributions.css keeps the lines
        row.cells[place] = Cell(text or "—", muted=True)
    return listing


def _line(line: Told) -> str:
    what = ", ".join(part for part in (format_dong(line.cash) if line.cash else "", line.goods) if part)
    day = format_day(line.day) if line.day else "chưa rõ ngày"
    later = "sẽ trao " if line.planned else ""
    return f"{later}{day} {line.source}{': ' + what if what else ''}"


def checked_list(checked: Checked, often: int, row_url: Link, lines: Lines | None = None) -> ListSpec:
    """Rows of `queries_fairness.checked_rows`; those that need a reason first. `lines` of all rows, for a file."""
    conditions: dict[str, ColumnElement[bool]] = {
        "can": checked.needs_reason & DistributionRow.override.is_(None),
        "canh_bao": checked.needs_reason,
        "nhieu": checked.times >= often,
        "chong": checked.open_lists > 0,
    }
    return ListSpec(
        noun="hộ",
        key=DistributionRow.id,
        default_sort="-lan",
        title="Kiểm tra công bằng",
        file_name="kiem-tra-cong-bang",
        nothing_yet="Chưa hộ nào trong danh sách này được giúp trong năm, từ bất kỳ nguồn nào.",
        row_url=row_url,
        columns=[
            Col("ten", "Hộ", lambda row: row[1].name, kind="link", primary=True),
            Col("noi", "Xóm, xã", lambda row: unit_text(row[1].unit), muted=True),
            Col("lan", "Số lần", "times", kind="amount", sort=checked.times),
            Col("mo", "Danh sách khác", "open_lists", kind="amount", sort=checked.open_lists),
            Col("quy", "Tiền Quỹ (đ)", "fund_cash", kind="amount"),
            Col("khac", "Tiền nguồn khác (đ)", "other_cash", kind="amount"),
            Col("nhan", "Đã nhận, sẽ nhận", lambda row: told_text((lines or {}).get(row[0].id)), muted=True),
            Col(
                "ly_do",
                "Lý do giữ lại",
                lambda row: _reason(row, often),
                kind="badge",
                badge=lambda row: "warn" if _needs(row, often) and not row[0].override else None,
            ),
        ],
        filters=[
            SelectFilter(
                "canh_bao",
                "Cảnh báo",
                lambda key: conditions[key],
                choices=[
                    ("can", "Chưa ghi lý do"),
                    ("canh_bao", "Mọi cảnh báo"),
                    ("nhieu", f"Đã được giúp từ {often} lần"),
                    ("chong", "Đang ở danh sách khác cùng mục đích"),
                ],
            )
        ],
    )  # fmt: skip


def _needs(row: Any, often: int) -> bool:
    return row.times >= often or row.open_lists > 0


def _reason(row: Any, often: int) -> str | None:
    if row[0].override:
        return str(row[0].override)
    return "Cần ghi lý do" if _needs(row, often) else None


def neighbours_list(row_url: Link) -> ListSpec:
    """Households next door that got nothing this year; records are (Household, groups)."""
    return ListSpec(
        noun="hộ",
        key=Household.id,
        default_sort="ten",
        page_size=30,
        title="Hộ cùng nhóm chưa được giúp",
        file_name="ho-cung-nhom-chua-duoc-giup",
        nothing_yet="Mọi hộ cùng nhóm, cùng xóm với các hộ trong danh sách đều đã được giúp hoặc đang ở một danh sách.",
        row_url=row_url,
        columns=[
            Col("ten", "Hộ", "Household.name", kind="link", primary=True, sort=Household.sort_key),
            Col("nam_sinh", "Năm sinh", "Household.birth_year"),
            Col("noi", "Xóm, xã", lambda row: unit_text(row.Household.unit), muted=True),
            Col("nhom", "Nhóm hộ", "groups"),
            Col("ma", "Mã hộ", lambda row: code_of(row.Household.id), muted=True),
        ],
    )  # fmt: skip


def coverage_list(
    sums: Sums, places: Sequence[tuple[int, str]], row_url: Link, lines: Lines | None = None
) -> ListSpec:
    """Every household with what it received in a year, by source; rows of `queries_fairness.covered` with groups.

    `lines` of all households, for a file.
    """
    return ListSpec(
        noun="hộ",
        key=Household.id,
        default_sort="ten",
        title="Độ phủ",
        file_name="do-phu",
        nothing_yet="Chưa có hộ nào trong sổ hộ của nơi này.",
        row_url=row_url,
        columns=[
            Col("ten", "Chủ hộ", "Household.name", kind="link", primary=True, sort=Household.sort_key),
            Col("noi", "Thôn, ấp, khu phố", lambda row: unit_text(row.Household.unit), muted=True),
            Col("nhom", "Nhóm hộ", "groups"),
            Col("nhan", "Đã nhận từ", lambda row: told_text((lines or {}).get(row.Household.id)) or NOTHING, muted=True),
            _sum("lan", "Số lần", sums.times, "times"),
            _sum("hang", "Hàng Quỹ (lần)", sums.fund_goods, "fund_goods"),
            _sum("quy", "Tiền Quỹ (đ)", sums.fund_cash, "fund_cash", primary=True),
            _sum("khac", "Tiền khác (đ)", sums.other_cash, "other_cash"),
            _sum("uoc", "Hàng khác, ước (đ)", sums.other_estimate, "other_estimate"),
        ],
        filters=coverage_filters(sums, places),
    )  # fmt: skip


def _sum(key: str, label: str, part: Any, name: str, **more: Any) -> Col:
    value = lambda row: getattr(row, name) or None  # noqa: E731 (nothing received is a dash)
    return Col(key, label, value, kind="amount", sort=part, total=_zero(part), **more)


def _zero(part: Any) -> Any:
    return func.coalesce(part, 0)


def coverage_filters(sums: Sums, places: Sequence[tuple[int, str]]) -> list[FilterSpec]:
    """Filters of coverage; the year stands apart, because it decides what is summed."""
    got = _zero(sums.times)
    conditions: dict[str, Any] = {
        "khong": got == 0,
        "co": got > 0,
        "quy": got - _zero(sums.other_times) > 0,
        "khac": _zero(sums.other_times) > 0,
        "nhieu": got >= 3,
    }
    choices = [
        ("khong", "Chưa nhận gì"),
        ("co", "Đã nhận"),
        ("quy", "Đã nhận của Quỹ"),
        ("khac", "Đã nhận nguồn khác"),
        ("nhieu", "Từ 3 lần"),
    ]
    return [
        TextFilter("q", "Tên, điện thoại, mã hộ", found_by),
        SelectFilter("noi", "Xã, thôn, ấp", under, choices=places),
        SelectFilter("nhan", "Đã nhận", lambda key: conditions[key], choices=choices),
    ]
