"""What of houses waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.households.models_registry import Household
from portal.households.queries_registry import WRITERS
from portal.housing import rules
from portal.housing.models import HouseProject
from portal.housing.models_money import HouseDecision, HouseTranche
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Teller, ask, one_or_list, waits
from portal.ledger.work import OVERDUE, TODAY, WEEK
from portal.people.models import User
from portal.people.queries import units_for
from portal.spending.models import Decision, DecisionRow, Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import ISSUED, LIVE


@still_open
def not_paid(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Houses decided in the period whose tranches have not all left: what leaves later counts in the next one."""
    rows = (
        select(func.count(func.distinct(HouseProject.id)))
        .join(HouseDecision, HouseDecision.project_id == HouseProject.id)
        .join(Decision, Decision.id == HouseDecision.decision_id)
        .where(
            Decision.unit_id == unit_id,
            Decision.fund_id == fund_id,
            Decision.state == ISSUED,
            Decision.decided_on <= through,
            HouseProject.state.in_((rules.APPROVED, *rules.WORKING)),
        )
    )
    count = db.session.scalar(rows)
    if count:
        yield OpenItem(
            count,
            "Căn nhà đã quyết định, chưa bàn giao",
            "chi sau khi khóa thì tính vào kỳ sau",
            "housing.index",
            {},
        )


def late_condition(today: date) -> Any:
    """Behind its plan: not begun by `start_by`, or not handed over by `finish_by`."""
    early = HouseProject.state.in_((rules.OPENED, rules.SURVEYED, rules.APPROVED))
    return or_(
        early & (HouseProject.start_by < today),
        HouseProject.state.in_(rules.OPEN) & (HouseProject.finish_by < today),
    )


def _projects(user: User) -> Select[Any]:
    rows = ask(HouseProject.id, name=Household.name).join(
        Household, Household.id == HouseProject.household_id
    )
    return rows.where(HouseProject.unit_id.in_(units_for(user, *WRITERS)))


def _told(group: int, name: str, badge: str, kind: str, verb: str, args: dict[str, str]) -> Teller:
    return one_or_list(group, name, badge, kind, verb, ("housing.show", "project_id", "housing.index"), args)


@waits(
    "housing.survey",
    _told(WEEK, "Căn nhà chờ khảo sát", "Mới lập", "neutral", "Khảo sát", {"buoc": rules.OPENED}),
)
def to_survey(user: User) -> Select[Any]:
    """Projects without a survey."""
    return _projects(user).where(HouseProject.state == rules.OPENED)


@waits(
    "housing.decide",
    _told(WEEK, "Căn nhà chờ duyệt", "Chờ duyệt", "warn", "Trình duyệt", {"buoc": rules.SURVEYED}),
)
def to_decide(user: User) -> Select[Any]:
    """Surveyed projects that nobody has decided."""
    return _projects(user).where(HouseProject.state == rules.SURVEYED)


@waits("housing.late", _told(OVERDUE, "Căn nhà chậm so với kế hoạch", "Chậm", "bad", "Xem", {"cham": "co"}))
def late(user: User) -> Select[Any]:
    """Projects behind their plan."""
    return _projects(user).where(late_condition(today_in_vietnam()))


@waits(
    "housing.hand",
    _told(
        TODAY,
        "Nhà đã hoàn thành, chờ bàn giao",
        "Chờ bàn giao",
        "warn",
        "Kiểm tra, bàn giao",
        {"buoc": rules.FINISHED},
    ),
)
def to_hand_over(user: User) -> Select[Any]:
    """Finished houses that are not handed over."""
    return _projects(user).where(HouseProject.state == rules.FINISHED)


@waits(
    "housing.pay",
    _told(
        TODAY, "Đợt cấp tiền nhà đến bước, chưa lập phiếu", "Đến đợt", "warn", "Lập phiếu", {"cho_chi": "co"}
    ),
)
def to_pay(user: User) -> Select[Any]:
    """Houses that have reached the stage of a tranche that no paper pays."""
    return _projects(user).where(due_condition())


def due_condition() -> Any:
    """Some tranche of a decision in force is due by its stage and no paper pays it."""
    stages = [
        (HouseProject.state == state) & HouseTranche.stage.in_(rules.ORDER[: rules.ORDER.index(state) + 1])
        for state in rules.ORDER[rules.ORDER.index(rules.APPROVED) :]
    ]
    live = (
        select(VoucherRow.id)
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .where(
            VoucherRow.id == HouseTranche.voucher_row_id,
            VoucherRow.refused.is_(None),
            Voucher.state.in_(LIVE),
        )
    )
    direct = select(InAndOut.id).where(
        InAndOut.id == HouseTranche.in_and_out_id,
        or_(InAndOut.approved.is_(None), InAndOut.approved.is_(True)),
    )
    in_force = (
        select(DecisionRow.id)
        .join(Decision, Decision.id == DecisionRow.decision_id)
        .where(DecisionRow.id == HouseTranche.decision_row_id, Decision.state == ISSUED)
    )
    open_ones = select(HouseTranche.id).where(
        HouseTranche.project_id == HouseProject.id,
        HouseTranche.withdrawn.is_(False),
        in_force.exists(),
        ~live.exists(),
        ~direct.exists(),
        or_(*stages),
    )
    return open_ones.exists()
