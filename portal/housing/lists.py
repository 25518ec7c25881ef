"""The lists of house projects and of houses of the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from portal.campaigns.models import Campaign
from portal.households.models_registry import Household
from portal.households.queries_registry import unit_text
from portal.households.rules_registry import id_of_code as household_of_code
from portal.housing import rules
from portal.housing.desk import due_condition, late_condition
from portal.housing.models import HouseProject
from portal.housing.models_closing import HousePast
from portal.housing.models_money import (
    HouseDecision,
    HouseDecisionRow,
    HouseOutside,
    HouseSource,
)
from portal.housing.queries import LOADED
from portal.housing.queries_past import is_checked_only
from portal.kit.filters import DayFilter, SelectFilter, TextFilter, words_in
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.ledger.queries import is_reversed
from portal.spending.models import Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import PAID, PAYMENT

Choices = Sequence[tuple[Any, str]]
Link = Callable[[Any], str]
ALL_OPEN, ALL = "dang_lam", "tat_ca"


def _of_project(rows: Any) -> Any:
    return rows.correlate(HouseProject).scalar_subquery()


def _planned() -> Any:
    rows = select(func.sum(HouseSource.amount))
    return _of_project(
        rows.where(HouseSource.project_id == HouseProject.id, HouseSource.withdrawn.is_(False))
    )


def paid_by_vouchers() -> Any:
    """đồng that vouchers paid for a project (correlated); NULL without any."""
    rows = (
        select(func.sum(VoucherRow.amount))
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .join(HouseDecision, HouseDecision.decision_id == Voucher.decision_id)
        .where(Voucher.state == PAID, Voucher.what == PAYMENT, VoucherRow.refused.is_(None))
    )
    return _of_project(rows.where(HouseDecision.project_id == HouseProject.id))


def _direct() -> Any:
    rows = (
        select(func.sum(InAndOut.amount))
        .join(HouseDecisionRow, HouseDecisionRow.decision_row_id == InAndOut.decision_row_id)
        .join(HouseDecision, HouseDecision.decision_id == HouseDecisionRow.decision_id)
        .where(
            HouseDecision.project_id == HouseProject.id,
            InAndOut.posting_number.is_not(None),
            ~is_reversed(InAndOut.posting_number),  # type: ignore[arg-type]
        )
    )
    return _of_project(rows)


def _outside() -> Any:
    rows = select(func.sum(HouseOutside.amount))
    return _of_project(
        rows.where(HouseOutside.project_id == HouseProject.id, HouseOutside.withdrawn_at.is_(None))
    )


PLANNED, OUTSIDE = _planned(), _outside()
PAID_OUT = func.nullif(func.coalesce(paid_by_vouchers(), 0) + func.coalesce(_direct(), 0), 0)
STAGE = case((HouseProject.state == rules.STOPPED, HouseProject.stopped_from), else_=HouseProject.state)
STAGE_ORDER = case(
    {state: place for place, state in enumerate((*rules.ORDER, rules.STOPPED))}, value=HouseProject.state
)


def lateness(today: date) -> Any:
    """Sorts the latest first: the day that was missed, then those that are on time."""
    early = HouseProject.state.in_((rules.OPENED, rules.SURVEYED, rules.APPROVED))
    missed = case(
        (and_(early, HouseProject.start_by < today), HouseProject.start_by),
        (and_(HouseProject.state.in_(rules.OPEN), HouseProject.finish_by < today), HouseProject.finish_by),
    )
    return func.coalesce(missed, date.max)


def listed(projects: Select[Any]) -> Select[Any]:
    """Projects with planned, paid, from outside, đồng (None = nothing)."""
    return projects.with_only_columns(
        HouseProject,
        PLANNED.label("planned"),
        PAID_OUT.label("paid"),
        OUTSIDE.label("outside"),
    ).options(*LOADED)


def _state(state: str) -> Any:
    if state == ALL_OPEN:
        return HouseProject.state.in_((*rules.OPEN, rules.STOPPED))
    return HouseProject.state == state


def _found(text: str) -> Any:
    project = rules.id_of_code(text)
    if project is not None:
        return HouseProject.id == project
    known = household_of_code(text)
    if known is not None:
        return HouseProject.household_id == known
    return words_in(Household.folded, text) | has_words(HouseProject.head_name, text)


def _of_campaign(key: int) -> Any:
    rows = select(HouseSource.id).where(
        HouseSource.project_id == HouseProject.id,
        HouseSource.campaign_id == key,
        HouseSource.withdrawn.is_(False),
    )
    return rows.exists()


def told_state(project: HouseProject, today: date) -> str:
    """ "Đã khởi công, chậm 12 ngày"."""
    late = rules.days_late(project.state, project.start_by, project.finish_by, today)
    return f"{rules.STATES[project.state]}, chậm {late} ngày" if late else rules.STATES[project.state]


def _badge(project: HouseProject, today: date) -> str | None:
    late = rules.days_late(project.state, project.start_by, project.finish_by, today)
    return "bad" if late else rules.BADGES[project.state]


def gap_of(row: Any) -> int | None:
    """What no source of a row of `listed` pays, đồng; None while nobody has reckoned the cost."""
    estimate = row.HouseProject.estimate
    return None if estimate is None else estimate - int(row.planned or 0)


GAP = HouseProject.estimate - func.coalesce(PLANNED, 0)


def on_screen(spec: ListSpec) -> ListSpec:
    """The columns that fit an office screen; files have all."""
    return replace(spec, columns=[col for col in spec.columns if col.key not in ("chuong_trinh", "ngoai")])


def projects_list(
    today: date,
    programmes: Choices,
    kinds: Choices,
    places: Choices,
    campaigns: Sequence[Campaign],
    row_url: Link,
) -> ListSpec:
    """The list of `listed`, the latest first."""
    yes_no = [("co", "Có"), ("khong", "Không")]
    return ListSpec(
        noun="căn nhà",
        key=HouseProject.id,
        default_sort="han",
        title="Nhà ở cho hộ khó khăn",
        file_name="nha-o",
        nothing_yet="Chưa có công trình nào. Lập hồ sơ đầu tiên cho một hộ trong sổ.",
        row_url=row_url,
        columns=[
            Col("ho", "Hộ", "HouseProject.head", kind="link", primary=True, sort=Household.sort_key),
            Col("noi", "Nơi ở", lambda row: unit_text(row.HouseProject.household.unit), muted=True),
            Col("loai", "Loại", "HouseProject.kind.name"),
            Col("chuong_trinh", "Chương trình", "HouseProject.programme.name", muted=True),
            Col(
                "buoc",
                "Tình trạng",
                lambda row: told_state(row.HouseProject, today),
                kind="badge",
                badge=lambda row: _badge(row.HouseProject, today),
                sort=STAGE_ORDER,
            ),
            Col("han", "Hạn bàn giao", "HouseProject.finish_by", kind="day", sort=lateness(today)),
            Col(
                "du_toan",
                "Dự toán (đ)",
                "HouseProject.estimate",
                kind="amount",
                sort=HouseProject.estimate,
                total=HouseProject.estimate,
            ),
            Col("chi", "Quỹ đã chi (đ)", "paid", kind="amount", sort=PAID_OUT, total=PAID_OUT),
            Col("ngoai", "Ngoài Quỹ (đ)", "outside", kind="amount", sort=OUTSIDE, total=OUTSIDE, muted=True),
            Col("thieu", "Còn thiếu nguồn (đ)", gap_of, kind="amount", sort=GAP, total=GAP),
        ],
        filters=[
            SelectFilter(
                "buoc", "Bước", _state, choices=[(ALL_OPEN, "Chưa bàn giao"), *rules.STATES.items()]
            ),
            SelectFilter(
                "cham",
                "Chậm",
                lambda said: late_condition(today) if said == "co" else ~late_condition(today),
                choices=yes_no,
            ),
            SelectFilter("loai", "Loại", lambda key: HouseProject.kind_id == key, choices=kinds),
            SelectFilter(
                "chuong_trinh",
                "Chương trình",
                lambda key: HouseProject.programme_id == key,
                choices=programmes,
            ),
            SelectFilter(
                "dot", "Đợt vận động", _of_campaign, choices=[(one.id, one.name) for one in campaigns]
            ),
            SelectFilter("noi", "Nơi ở", lambda key: Household.unit_id == key, choices=places),
            SelectFilter(
                "cho_chi",
                "Đến đợt cấp",
                lambda said: due_condition() if said == "co" else ~due_condition(),
                choices=yes_no,
            ),
            TextFilter("q", "Tên, mã", _found),
        ],
    )


def _added(column: Any) -> Any:
    """What the foot adds up: nothing of a total that only serves to compare."""
    return case((is_checked_only(), None), else_=column)


def past_list(
    programmes: Choices, kinds: Choices, units: Choices, checked: Set[int] = frozenset()
) -> ListSpec:
    """Houses of the past, one by one or as totals; `checked`: totals that only serve to compare."""

    def name(one: HousePast) -> str:
        return one.head_name or ("Tổng số, để đối chiếu" if one.id in checked else "Tổng số")

    return ListSpec(
        noun="dòng",
        key=HousePast.id,
        default_sort="-den",
        title="Nhà đã bàn giao trước đây",
        file_name="nha-truoc-day",
        nothing_yet="Chưa nạp căn nhà nào của những năm trước. Tải mẫu ở “Nhập bảng”, ghi từng căn hoặc tổng số rồi nạp.",
        columns=[
            Col("don_vi", "Đơn vị", "unit.name"),
            Col("chuong_trinh", "Chương trình", "programme.name"),
            Col("loai", "Loại", "kind.name"),
            Col("ten", "Hộ", name, primary=True, sort=HousePast.head_key),
            Col("tu", "Từ ngày", "starts_on", kind="day", sort=HousePast.starts_on),
            Col("den", "Đến ngày, bàn giao", "ends_on", kind="day", sort=HousePast.ends_on),
            Col("so", "Số căn", "count", kind="number", total=_added(HousePast.count)),
            Col("chi", "Kinh phí (đ)", "cost", kind="amount", total=_added(HousePast.cost)),
            Col(
                "quy", "Từ Quỹ (đ)", "cost_fund", kind="amount", total=_added(HousePast.cost_fund), muted=True
            ),
            Col(
                "ngoai",
                "Nguồn khác (đ)",
                "cost_outside",
                kind="amount",
                total=_added(HousePast.cost_outside),
                muted=True,
            ),
        ],
        filters=[
            DayFilter("tu_ngay", "Từ ngày", lambda day: HousePast.ends_on >= day),
            DayFilter("den_ngay", "Đến ngày", lambda day: HousePast.starts_on <= day),
            SelectFilter("loai", "Loại", lambda key: HousePast.kind_id == key, choices=kinds),
            SelectFilter(
                "chuong_trinh", "Chương trình", lambda key: HousePast.programme_id == key, choices=programmes
            ),
            SelectFilter("don_vi", "Đơn vị", lambda key: HousePast.unit_id == key, choices=units),
            TextFilter("q", "Tên hộ", lambda text: words_in(HousePast.head_key, text)),
        ],
    )
