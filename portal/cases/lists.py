"""The lists of cases and of visits that are due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select

from portal.advances.models import PutAside
from portal.advances.rules import RELEASE
from portal.cases.models import AidField, CaseDecision, SupportCase
from portal.cases.models_appeal import CaseAppeal
from portal.cases.models_follow import CaseVisit
from portal.cases.queries import LOADED
from portal.cases.queries_kept import given_at_once, of_cases
from portal.cases.rules import BADGES, OPEN, STATES
from portal.cases.rules_appeal import PUBLIC
from portal.households.models_registry import Household
from portal.households.queries_registry import unit_text
from portal.households.rules_registry import id_of_code
from portal.kit.filters import DayFilter, SelectFilter, TextFilter, words_in
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.spending.models import Decision, DecisionRow, Voucher, VoucherRow
from portal.spending.rules import ISSUED, PAID, PAYMENT

Choices = Sequence[tuple[Any, str]]
Link = Callable[[Any], str]
ALL_OPEN = "dang_lam"


def _decided() -> Any:
    amount = (
        select(func.sum(DecisionRow.amount))
        .join(CaseDecision, CaseDecision.decision_id == DecisionRow.decision_id)
        .join(Decision, Decision.id == CaseDecision.decision_id)
        .where(CaseDecision.case_id == SupportCase.id, Decision.state == ISSUED)
    )
    return amount.correlate(SupportCase).scalar_subquery()


def _paid() -> Any:
    """What receivers have got in money: with the payment, or later when it was kept for them."""
    at_once = (
        select(func.sum(given_at_once()))
        .select_from(VoucherRow)
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .join(CaseDecision, CaseDecision.decision_id == Voucher.decision_id)
        .where(
            CaseDecision.case_id == SupportCase.id,
            Voucher.state == PAID,
            Voucher.what == PAYMENT,
            VoucherRow.refused.is_(None),
        )
    )
    later = of_cases(func.sum(PutAside.amount)).where(
        CaseDecision.case_id == SupportCase.id, PutAside.ended == RELEASE
    )
    parts = [func.coalesce(one.correlate(SupportCase).scalar_subquery(), 0) for one in (at_once, later)]
    return func.nullif(parts[0] + parts[1], 0)


DECIDED, PAID_OUT = _decided(), _paid()


def listed(cases: Select[Any]) -> Select[Any]:
    """Cases with what was decided and paid, đồng (None = nothing)."""
    return cases.with_only_columns(SupportCase, DECIDED.label("decided"), PAID_OUT.label("paid")).options(
        *LOADED
    )


def _state(state: str) -> Any:
    return SupportCase.state.in_(OPEN) if state == ALL_OPEN else SupportCase.state == state


def _with_appeal(said: str) -> Any:
    mine = (
        select(CaseAppeal.id)
        .where(CaseAppeal.case_id == SupportCase.id, CaseAppeal.state.in_(PUBLIC))
        .exists()
    )
    return mine if said == "co" else ~mine


def _found(text: str) -> Any:
    known = id_of_code(text)
    if known is not None:
        return SupportCase.household_id == known
    return words_in(Household.folded, text) | has_words(SupportCase.person_name, text)


def cases_list(fields: Sequence[AidField], places: Choices, row_url: Link) -> ListSpec:
    """The list of `listed`; nothing about health is in it."""
    return ListSpec(
        noun="trường hợp",
        key=SupportCase.id,
        default_sort="-ngay",
        title="Trường hợp cần giúp",
        file_name="truong-hop-can-giup",
        nothing_yet="Chưa có đề nghị nào. Ghi đề nghị đầu tiên cho một hộ trong sổ.",
        row_url=row_url,
        columns=[
            Col(
                "ngay", "Ngày đề nghị", "SupportCase.requested_on", kind="day", sort=SupportCase.requested_on
            ),
            Col("ho", "Hộ", "SupportCase.household.name", kind="link", primary=True, sort=Household.sort_key),
            Col("nguoi", "Người được giúp", "SupportCase.person_name"),
            Col("linh_vuc", "Lĩnh vực", "SupportCase.field.name"),
            Col("noi", "Nơi ở", lambda row: unit_text(row.SupportCase.household.unit), muted=True),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: STATES[row.SupportCase.state],
                kind="badge",
                badge=lambda row: BADGES[row.SupportCase.state],
            ),
            Col(
                "quyet_dinh",
                "Đã quyết định (đ)",
                "decided",
                kind="amount",
                sort=DECIDED,
                total=DECIDED,
                muted=True,
            ),
            Col("chi", "Đã chi (đ)", "paid", kind="amount", primary=True, sort=PAID_OUT, total=PAID_OUT),
        ],
        filters=[
            DayFilter("tu", "Từ ngày", lambda day: SupportCase.requested_on >= day),
            DayFilter("den", "Đến ngày", lambda day: SupportCase.requested_on <= day),
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                _state,
                choices=[(ALL_OPEN, "Đang làm"), *STATES.items()],
            ),
            SelectFilter(
                "linh_vuc",
                "Lĩnh vực",
                lambda key: SupportCase.field_id == key,
                choices=[(one.id, one.name) for one in fields],
            ),
            SelectFilter("noi", "Nơi ở", lambda key: Household.unit_id == key, choices=places),
            SelectFilter(
                "keu_goi", "Kêu gọi", _with_appeal, choices=[("co", "Có lời kêu gọi"), ("khong", "Không")]
            ),
            TextFilter("q", "Tên, mã hộ", _found),
        ],
    )


def visits_for(cases: Select[Any]) -> Select[Any]:
    """Visits of these cases that are not dropped."""
    mine = cases.with_only_columns(SupportCase.id)
    rows: Any = select(CaseVisit, Household.name.label("head")).join(CaseVisit.case)
    rows = rows.join(Household, Household.id == SupportCase.household_id)
    return rows.where(CaseVisit.case_id.in_(mine), CaseVisit.dropped.is_(None))


def _visit_state(today: date) -> Callable[[str], Any]:
    def condition(state: str) -> Any:
        if state == "da_tham":
            return CaseVisit.visited_on.is_not(None)
        due = CaseVisit.visited_on.is_(None)
        return and_(due, CaseVisit.due_on < today) if state == "qua_han" else due

    return condition


def visits_list(today: date, places: Choices, row_url: Link) -> ListSpec:
    """The list of `visits_for`."""
    return ListSpec(
        noun="lần thăm",
        key=CaseVisit.id,
        default_sort="hen",
        title="Thăm lại sau hỗ trợ",
        file_name="tham-lai-sau-ho-tro",
        nothing_yet="Chưa hẹn lần thăm nào. Lịch thăm có khi ký biên bản bàn giao của lĩnh vực cần thăm lại.",
        row_url=row_url,
        columns=[
            Col("hen", "Hẹn ngày", "CaseVisit.due_on", kind="day", sort=CaseVisit.due_on),
            Col("ho", "Hộ", "head", kind="link", primary=True, sort=Household.sort_key),
            Col("tham", "Đã thăm", "CaseVisit.visited_on", kind="day", sort=CaseVisit.visited_on),
            Col("nguoi", "Người thăm", "CaseVisit.visitor", muted=True),
            Col("thay", "Ghi nhận", "CaseVisit.note", muted=True),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: _said(row.CaseVisit, today),
                kind="badge",
                badge=lambda row: _badge(row.CaseVisit, today),
            ),
        ],
        filters=[
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                _visit_state(today),
                choices=[("cho", "Chưa thăm"), ("qua_han", "Quá hạn"), ("da_tham", "Đã thăm")],
            ),
            DayFilter("den", "Hẹn đến ngày", lambda day: CaseVisit.due_on <= day),
            SelectFilter("noi", "Nơi ở", lambda key: Household.unit_id == key, choices=places),
            TextFilter("q", "Tên hộ", lambda text: words_in(Household.folded, text)),
        ],
    )


def _said(visit: CaseVisit, today: date) -> str:
    if visit.visited_on is not None:
        return "Đã thăm"
    return "Quá hạn" if visit.due_on < today else "Chưa đến hạn"


def _badge(visit: CaseVisit, today: date) -> str | None:
    if visit.visited_on is not None:
        return None
    return "bad" if visit.due_on < today else "neutral"
