"""What of single cases waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.cases.models import CaseDecision, SupportCase
from portal.cases.models_appeal import AppealSurplus, AppealText, CaseAppeal
from portal.cases.models_follow import CaseVisit
from portal.cases.rules import DECIDED, DONE, GIVEN, REQUESTED, SURVEYED
from portal.households.models_registry import Household
from portal.households.queries_registry import WRITERS
from portal.kit.access import APPROVER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Teller, Waiting, ask, one_or_list, waits
from portal.ledger.work import OVERDUE, TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for
from portal.spending.models import Decision
from portal.spending.rules import ISSUED


@still_open
def not_given(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Cases decided in the period that have not got all of it: what leaves later counts in the next one."""
    rows = (
        select(func.count(func.distinct(SupportCase.id)))
        .join(CaseDecision, CaseDecision.case_id == SupportCase.id)
        .join(Decision, Decision.id == CaseDecision.decision_id)
        .where(
            Decision.unit_id == unit_id,
            Decision.fund_id == fund_id,
            Decision.state == ISSUED,
            Decision.decided_on <= through,
            SupportCase.state == DECIDED,
        )
    )
    count = db.session.scalar(rows)
    if count:
        note = "chi sau khi khóa thì tính vào kỳ sau"
        yield OpenItem(count, "Trường hợp cần giúp chưa chi đủ", note, "cases.index", {"tinh_trang": DECIDED})


def _mine(user: User) -> Any:
    """The communes for whose cases the person answers."""
    return SupportCase.unit_id.in_(units_for(user, *WRITERS))


def _told(group: int, name: str, badge: str, kind: str, verb: str, state: str) -> Teller:
    pages = ("cases.show", "case_id", "cases.index")
    return one_or_list(group, name, badge, kind, verb, pages, {"tinh_trang": state})


def _cases(user: User, state: str) -> Select[Any]:
    rows = ask(SupportCase.id, name=Household.name).join(Household, Household.id == SupportCase.household_id)
    return rows.where(_mine(user), SupportCase.state == state)


@waits(
    "cases.survey",
    _told(WEEK, "Trường hợp chờ khảo sát", "Mới đề nghị", "neutral", "Xem và khảo sát", REQUESTED),
)
def to_survey(user: User) -> Select[Any]:
    """Requests of the person's communes without a survey."""
    return _cases(user, REQUESTED)


@waits(
    "cases.decide",
    _told(
        TODAY,
        "Trường hợp đã khảo sát, chờ quyết định",
        "Chờ quyết định",
        "warn",
        "Trình quyết định",
        SURVEYED,
    ),
)
def to_decide(user: User) -> Select[Any]:
    """Surveyed cases that nobody has decided."""
    return _cases(user, SURVEYED)


@waits(
    "cases.give",
    _told(
        OVERDUE, "Trường hợp khẩn đã quyết định, chưa chi đủ", "Chi trong ngày", "bad", "Chi ngay", DECIDED
    ),
)
def to_give(user: User) -> Select[Any]:
    """Decided cases that have not got everything: they are paid the same day."""
    return _cases(user, DECIDED)


@waits(
    "cases.minutes",
    _told(TODAY, "Trường hợp đã chi, chờ biên bản bàn giao", "Chờ biên bản", "warn", "Lập biên bản", GIVEN),
)
def to_hand_over(user: User) -> Select[Any]:
    """Cases that got everything and have no signed minutes."""
    return _cases(user, GIVEN)


def _visit(waiting: Waiting) -> Work:
    only = waiting.count == 1
    where: tuple[str, dict[str, Any]] = ("cases.visits", {"tinh_trang": "qua_han"})
    if only:
        where = ("cases.show", {"case_id": waiting.first})
    note = waiting.name if only else ""
    return Work(TODAY, waiting.count, "Lần thăm lại đến hạn", note, "Đến hạn", "warn", "Ghi lần thăm", *where)


@waits("cases.visit", _visit)
def visits_due(user: User) -> Select[Any]:
    """Visits after livelihood aid whose day has come."""
    rows = ask(SupportCase.id, name=Household.name).select_from(CaseVisit).join(CaseVisit.case)
    rows = rows.join(Household, Household.id == SupportCase.household_id)
    due = CaseVisit.visited_on.is_(None), CaseVisit.dropped.is_(None), CaseVisit.due_on <= today_in_vietnam()
    return rows.where(_mine(user), SupportCase.state == DONE, *due)


def _appeal(name: str, verb: str) -> Callable[[Waiting], Work]:
    def told(waiting: Waiting) -> Work:
        only = waiting.count == 1
        where: tuple[str, dict[str, Any]] = ("cases.index", {"keu_goi": ""})
        if only:
            where = ("cases.appeal", {"case_id": waiting.first})
        return Work(TODAY, waiting.count, name, "", "Chờ duyệt", "warn", verb, *where)

    return told


@waits("cases.publish", _appeal("Lời kêu gọi chờ công bố", "Xem và công bố"))
def to_publish(user: User) -> Select[Any]:
    """Texts of appeals asked for by others, which this person may publish."""
    rows = ask(SupportCase.id).select_from(AppealText).join(AppealText.appeal).join(CaseAppeal.case)
    mine = CaseAppeal.unit_id.in_(units_for(user, APPROVER))
    return rows.where(mine, AppealText.approved.is_(None), AppealText.requested_by_id != user.id)


@waits("cases.surplus", _appeal("Phần dư của lời kêu gọi chờ duyệt", "Xem và trả lời"))
def surpluses_to_decide(user: User) -> Select[Any]:
    """Moves of a surplus asked for by others, which this person may decide."""
    rows = ask(SupportCase.id, AppealSurplus.amount).select_from(AppealSurplus)
    rows = rows.join(AppealSurplus.appeal).join(CaseAppeal.case)
    mine = CaseAppeal.unit_id.in_(units_for(user, APPROVER))
    return rows.where(mine, AppealSurplus.approved.is_(None), AppealSurplus.requested_by_id != user.id)
