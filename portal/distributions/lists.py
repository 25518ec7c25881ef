"""The lists of this room: all lists of a person's units, and the rows of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.distributions import rules
from portal.distributions.models import Distribution, DistributionRow, Portion
from portal.distributions.queries_rows import root_of
from portal.households.models_registry import Household
from portal.households.queries_registry import unit_text
from portal.households.rules_registry import code_of
from portal.kit.days import today_in_vietnam
from portal.kit.filters import DayFilter, SelectFilter, TextFilter, words_in
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.units.models import Unit

Link = Callable[[Any], str | None]
Choices = Sequence[tuple[Any, str]]
HEAD: Any = aliased(Household, name="head")  # the household of a row as it is today
YEARS_OFFERED = 6
COMMON = 0  # the choice "without a campaign" of a filter
STATE_BADGES = {
    rules.DRAFT: "neutral",
    rules.LOCKED: "warn",
    rules.DECIDED: "warn",
    rules.APPROVED: "warn",
    rules.RELEASED: None,
    rules.CLOSED: "ok",
    rules.CANCELLED: "bad",
}


def _of_rows(part: Any) -> ColumnElement[int]:
    rows = select(func.coalesce(func.sum(part), 0)).select_from(DistributionRow)
    rows = rows.join(Portion, Portion.id == DistributionRow.portion_id)
    mine = DistributionRow.distribution_id == Distribution.id, DistributionRow.refused.is_(None)
    return rows.where(*mine).correlate(Distribution).scalar_subquery()


HOUSEHOLDS: Any = _of_rows(1)
MONEY: Any = _of_rows(func.coalesce(DistributionRow.amount, Portion.amount, 0))


def listed(lists: Select[Any]) -> Select[Any]:
    """Rows (Distribution, households, money)."""
    loaded = joinedload(Distribution.unit), joinedload(Distribution.campaign)
    return lists.options(*loaded).add_columns(HOUSEHOLDS.label("households"), MONEY.label("money"))


def lists_list(campaigns: Choices, units: Choices, row_url: Link) -> ListSpec:
    """The list of `listed`."""
    return ListSpec(
        noun="danh sách",
        key=Distribution.id,
        default_sort="-ngay",
        title="Danh sách trao quà",
        file_name="danh-sach-trao-qua",
        nothing_yet="Chưa có danh sách trao quà nào. Lập danh sách đầu tiên.",
        row_url=row_url,
        columns=[
            Col("ngay", "Ngày trao", "Distribution.handed_on", kind="day", sort=Distribution.handed_on),
            Col("ten", "Danh sách", "Distribution.name", kind="link", primary=True, sort=Distribution.name),
            Col("dot", "Đợt vận động", _campaign, muted=True),
            Col("don_vi", "Đơn vị", "Distribution.unit.name", muted=True),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: rules.STATES[row.Distribution.state],
                kind="badge",
                badge=lambda row: STATE_BADGES[row.Distribution.state],
                sort=Distribution.state,
            ),
            Col("ho", "Số hộ", "households", kind="amount", total=HOUSEHOLDS),
            Col("tien", "Số tiền (đ)", "money", kind="amount", primary=True, total=MONEY, sort=MONEY),
        ],
        filters=[
            TextFilter("q", "Tên, nội dung, nơi trao", _said),
            SelectFilter("tinh_trang", "Tình trạng", _in_state, choices=list(rules.STATES.items())),
            SelectFilter("dot", "Đợt vận động", _of_campaign, choices=[(COMMON, "Chung, ngoài các đợt"), *campaigns]),
            SelectFilter("don_vi", "Đơn vị", lambda unit: Distribution.unit_id == unit, choices=units),
            DayFilter("tu", "Từ ngày", lambda day: Distribution.handed_on >= day),
            DayFilter("den", "Đến ngày", lambda day: Distribution.handed_on <= day),
            SelectFilter("nam", "Năm", _in_year, choices=_years),
        ],
    )  # fmt: skip


def _campaign(row: Any) -> str:
    return row.Distribution.campaign.name if row.Distribution.campaign else "Chung"


def _said(text: str) -> ColumnElement[bool]:
    return has_words(Distribution.name + " " + Distribution.content + " " + Distribution.place, text)


def _in_state(state: str) -> ColumnElement[bool]:
    return Distribution.state == state


def _of_campaign(campaign_id: int) -> ColumnElement[bool]:
    column = Distribution.campaign_id
    return column == campaign_id if campaign_id else column.is_(None)


def _in_year(year: int) -> ColumnElement[bool]:
    return extract("year", Distribution.handed_on) == year


def _years() -> list[tuple[int, str]]:
    this_year = today_in_vietnam().year
    return [(year, str(year)) for year in range(this_year + 1, this_year - YEARS_OFFERED, -1)]


def rows_with_households(distribution: Distribution) -> Select[Any]:
    """Rows (DistributionRow, household as it is today) of a list, also the refused ones."""
    one, head = aliased(Household), HEAD
    rows = (
        select(DistributionRow, head)
        .join(one, one.id == DistributionRow.household_id)
        .join(head, head.id == root_of(one))
        .where(DistributionRow.distribution_id == distribution.id)
    )
    loaded = joinedload(head.unit).joinedload(Unit.parent)
    return rows.options(loaded, joinedload(DistributionRow.portion).selectinload(Portion.goods))


def rows_list(distribution: Distribution, portions: Choices, row_url: Link) -> ListSpec:
    """The rows of one list: names of today while it is a draft, those of the lock afterwards."""
    draft = distribution.state == rules.DRAFT
    head = HEAD
    amount: Any = select(func.coalesce(DistributionRow.amount, Portion.amount)).where(
        Portion.id == DistributionRow.portion_id
    ).correlate(DistributionRow).scalar_subquery()  # fmt: skip
    return ListSpec(
        noun="hộ",
        key=DistributionRow.id,
        default_sort="" if draft else "stt",
        page_size=100,
        title=distribution.name[:31],
        file_name=f"danh-sach-trao-qua-{distribution.id}",
        nothing_yet="Danh sách chưa có hộ nào. Thêm hộ theo tiêu chí, hoặc theo mã hộ.",
        row_url=row_url,
        columns=[
            *([] if draft else [Col("stt", "STT", "DistributionRow.ordinal", sort=DistributionRow.ordinal)]),
            Col("ten", "Họ và tên", lambda row: row.DistributionRow.receiver or row.head.name, kind="link", primary=True),
            Col("nam_sinh", "Năm sinh", lambda row: row.head.birth_year if draft else row.DistributionRow.birth_year),
            Col("noi", "Xóm, xã", _place, muted=True),
            *([] if draft else [Col("nhom", "Đối tượng", "DistributionRow.group_name", muted=True)]),
            Col("suat", "Suất quà", "DistributionRow.portion.name"),
            Col("hang", "Hàng", _goods_now if draft else "DistributionRow.goods"),
            Col("tinh_trang", "Tình trạng", _said_of_row, kind="badge", badge=_badge_of_row),
            Col("ma", "Mã hộ", lambda row: code_of(row.head.id), muted=True),
            Col(
                "tien",
                "Số tiền (đ)",
                lambda row: row.DistributionRow.amount or (row.DistributionRow.portion.amount if draft else None),
                kind="amount",
                primary=True,
                total=func.coalesce(amount, 0) if draft else func.coalesce(DistributionRow.amount, 0),
            ),
        ],
        filters=[
            TextFilter("q", "Tên", lambda text: or_(words_in(head.folded, text), has_words(DistributionRow.receiver, text))),
            SelectFilter("suat", "Suất quà", lambda key: DistributionRow.portion_id == key, choices=portions),
            SelectFilter(
                "ket_qua",
                "Tình trạng",
                lambda key: _REFUSED_OR[key],
                choices=[("con", "Được duyệt"), ("khong", "Không duyệt"), ("ly_do", "Có lý do giữ lại")],
            ),
        ],
    )  # fmt: skip


_REFUSED_OR: dict[str, Any] = {
    "con": DistributionRow.refused.is_(None),
    "khong": DistributionRow.refused.is_not(None),
    "ly_do": DistributionRow.override.is_not(None),
}


def _goods_now(row: Any) -> str | None:
    return goods_of(row.DistributionRow.portion)


def _place(row: Any) -> str:
    frozen = [part for part in (row.DistributionRow.hamlet, row.DistributionRow.commune) if part]
    return ", ".join(frozen) or unit_text(row.head.unit)


def goods_of(portion: Portion) -> str | None:
    """What goods are in a portion, in words."""
    return rules.goods_text((line.quantity, line.item.measure, line.item.name) for line in portion.goods)


def _said_of_row(row: Any) -> str | None:
    one = row.DistributionRow
    if one.refused is not None:
        return f"Không duyệt: {one.refused}"
    if one.outcome is not None:
        return rules.OUTCOMES[one.outcome]
    return f"Giữ lại: {one.override}" if one.override else None


def _badge_of_row(row: Any) -> str | None:
    one = row.DistributionRow
    if one.refused is not None:
        return "bad"
    return None if one.outcome in (None, rules.RECEIVED) else "warn"
