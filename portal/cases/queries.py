"""Finding cases within a person's units, what a person may do with one, and what was given in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.cases.models import (
    AidField,
    CaseDecision,
    CaseEvent,
    CaseGoods,
    CaseHandover,
    CaseHandoverPaper,
    CaseSurvey,
    SupportCase,
)
from portal.cases.queries_kept import given_at_once, released
from portal.cases.rules import SIGNED
from portal.goods.models import StockMovement
from portal.goods.slips import still_out
from portal.households import queries_registry as registry
from portal.households.models_registry import Household
from portal.kit.access import APPROVER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed
from portal.people.models import User
from portal.people.queries import may
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import PAID, PAYMENT
from portal.units.models import Unit

READERS, WRITERS, PROPOSERS = registry.READERS, registry.WRITERS, registry.PROPOSERS
LOADED = (
    joinedload(SupportCase.household).joinedload(Household.unit).joinedload(Unit.parent),
    joinedload(SupportCase.field),
    joinedload(SupportCase.unit),
)


@dataclass(frozen=True)
class Paper:
    """A document that gave something: đồng of money (None = goods), value of goods where the books know one."""

    number: int
    day: date
    name: str  # "Phiếu chi PC-0012/2026"
    decision_id: int
    cash: int | None = None
    worth: int | None = None


def cases_for(user: User) -> Select[Any]:
    """Cases of the households that a person reads."""
    mine = Household.unit_id.in_(registry.seen_units(user)) & Household.withdrawn.is_(False)
    return select(SupportCase).join(Household, Household.id == SupportCase.household_id).where(mine)


def case_or_404(case_id: int, *, for_user: User) -> SupportCase:
    """A case of the person's units. Raises NotFound."""
    found = db.session.scalar(cases_for(for_user).where(SupportCase.id == case_id).options(*LOADED))
    if found is None:
        raise NotFound
    return found


def may_write(user: User, case: SupportCase) -> bool:
    """Whether the person surveys, decides and hands over there: as for the household itself."""
    return registry.may_write(user, case.household.unit)


def may_approve(user: User, unit_id: int) -> bool:
    """Whether the person publishes appeals of a unit and decides about surpluses; that it is another one, the action
    checks.
    """
    return may(user, APPROVER, unit_id)


def may_read_private(user: User, case: SupportCase) -> bool:
    """Whether the person may read health and other sensitive fields, for a purpose, each time noted."""
    return registry.may_read_private(user, case.household.unit)


def fields(*, day: date | None = None) -> list[AidField]:
    """Fields of aid in use on a day (today)."""
    day = day or today_in_vietnam()
    ended = AidField.valid_to.is_(None) | (AidField.valid_to >= day)
    rows = select(AidField).where(AidField.valid_from <= day, ended)
    return list(db.session.scalars(rows.order_by(AidField.position, AidField.id)))


def survey_of(case: SupportCase) -> CaseSurvey | None:
    """The survey that holds, with its answers (not those about health)."""
    rows = select(CaseSurvey).where(CaseSurvey.case_id == case.id, CaseSurvey.replaced.is_(False))
    return db.session.scalar(rows.options(selectinload(CaseSurvey.answers)))


def decisions_of(case: SupportCase) -> list[CaseDecision]:
    """Every decision made for the case, oldest first, with rows and goods."""
    rows = select(CaseDecision).where(CaseDecision.case_id == case.id).order_by(CaseDecision.decision_id)
    loaded = joinedload(CaseDecision.decision), selectinload(CaseDecision.items)
    return list(db.session.scalars(rows.options(*loaded)))


def case_of_decision(decision_id: int) -> SupportCase | None:
    """The case for which a decision was made, or None."""
    rows = select(SupportCase).join(CaseDecision, CaseDecision.case_id == SupportCase.id)
    return db.session.scalar(rows.where(CaseDecision.decision_id == decision_id))


def papers_of(case_ids: Sequence[int]) -> dict[int, list[Paper]]:
    """The documents in force that gave something, by case, oldest first. Four statements."""
    found: dict[int, list[Paper]] = defaultdict(list)
    for rows in (_payments(case_ids), _released(case_ids), _direct(case_ids), _goods(case_ids)):
        for case_id, paper in rows:
            found[case_id].append(paper)
    return {key: sorted(papers, key=lambda one: (one.day, one.number)) for key, papers in found.items()}


def _payments(case_ids: Sequence[int]) -> list[tuple[int, Paper]]:
    amount = func.sum(given_at_once())
    rows = (
        select(CaseDecision.case_id, Posting, Voucher.decision_id, amount)
        .join(Voucher, Voucher.decision_id == CaseDecision.decision_id)
        .join(VoucherRow, VoucherRow.voucher_id == Voucher.id)
        .join(Posting, Posting.number == Voucher.posting_number)
        .where(
            CaseDecision.case_id.in_(case_ids),
            Voucher.state == PAID,
            Voucher.what == PAYMENT,
            VoucherRow.refused.is_(None),
        )
        .group_by(CaseDecision.case_id, Posting.number, Voucher.decision_id)
    )
    return [
        (case_id, Paper(one.number, one.document_on, f"Phiếu {one.paper_number}", decision_id, int(cash)))
        for case_id, one, decision_id, cash in db.session.execute(rows)
        if cash
    ]


def _released(case_ids: Sequence[int]) -> list[tuple[int, Paper]]:
    return [
        (
            case_id,
            Paper(
                one.number,
                one.document_on,
                f"Phiếu {one.paper_number}, trao tiền giữ hộ",
                decision_id,
                item.amount,
            ),
        )
        for case_id, item, one, decision_id in released(case_ids)
    ]


def _direct(case_ids: Sequence[int]) -> list[tuple[int, Paper]]:
    rows = (
        select(CaseDecision.case_id, InAndOut)
        .join(DecisionRow, DecisionRow.decision_id == CaseDecision.decision_id)
        .join(InAndOut, InAndOut.decision_row_id == DecisionRow.id)
        .where(
            CaseDecision.case_id.in_(case_ids),
            InAndOut.posting_number.is_not(None),
            ~is_reversed(InAndOut.posting_number),  # type: ignore[arg-type]
        )
        .options(joinedload(InAndOut.decision_row))
    )
    return [
        (
            case_id,
            Paper(
                entry.posting_number or 0,
                entry.happened_on,
                f"Trả thẳng cho {entry.supplier}",
                entry.decision_row.decision_id,
                entry.amount,
            ),
        )
        for case_id, entry in db.session.execute(rows)
    ]


def _goods(case_ids: Sequence[int]) -> list[tuple[int, Paper]]:
    value = select(func.sum(-StockMovement.value)).where(
        StockMovement.posting_number == CaseGoods.posting_number
    )
    rows = (
        select(CaseGoods, Posting, value.correlate(CaseGoods).scalar_subquery())
        .join(Posting, Posting.number == CaseGoods.posting_number)
        .where(CaseGoods.case_id.in_(case_ids), CaseGoods.reversed.is_(False))
    )
    return [
        (
            one.case_id,
            Paper(
                one.posting_number,
                posting.document_on,
                f"Phiếu {posting.paper_number}",
                one.decision_id,
                worth=int(worth) if worth else None,
            ),
        )
        for one, posting, worth in db.session.execute(rows)
    ]


def movements_of(numbers: Sequence[int]) -> list[StockMovement]:
    """What left the store by these documents."""
    rows = select(StockMovement).where(StockMovement.posting_number.in_(numbers), StockMovement.quantity < 0)
    rows = rows.options(joinedload(StockMovement.item))
    return list(db.session.scalars(rows.order_by(StockMovement.posting_number, StockMovement.ordinal)))


def issued_of(case: SupportCase) -> dict[tuple[int, int], int]:
    """Thousandths that left the store, by (decision, item); reversed and returned goods do not count."""
    rows = select(CaseGoods).where(CaseGoods.case_id == case.id, CaseGoods.reversed.is_(False))
    found: dict[tuple[int, int], int] = defaultdict(int)
    for one in db.session.scalars(rows):
        for (item_id, _lot), (quantity, _value) in still_out(one.posting_number).items():
            found[one.decision_id, item_id] += quantity
    return found


def covered_by(case: SupportCase) -> set[int]:
    """Numbers of the documents that signed minutes hand over."""
    rows = select(CaseHandoverPaper.posting_number).join(
        CaseHandover, CaseHandover.id == CaseHandoverPaper.handover_id
    )
    return set(db.session.scalars(rows.where(CaseHandover.case_id == case.id, CaseHandover.state == SIGNED)))


def handovers_of(case: SupportCase) -> list[CaseHandover]:
    """Minutes of the case, newest first."""
    rows = select(CaseHandover).where(CaseHandover.case_id == case.id).order_by(CaseHandover.id.desc())
    return list(db.session.scalars(rows.options(selectinload(CaseHandover.papers))))


def handover_or_404(case: SupportCase, handover_id: int) -> CaseHandover:
    """Minutes of this case. Raises NotFound."""
    found = db.session.scalar(
        select(CaseHandover).where(CaseHandover.id == handover_id, CaseHandover.case_id == case.id)
    )
    if found is None:
        raise NotFound
    return found


def events_of(case: SupportCase) -> list[CaseEvent]:
    """What was noted, oldest first."""
    rows = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    return list(db.session.scalars(rows))


def open_cases_of(household_id: int, states: Sequence[str]) -> list[SupportCase]:
    """Cases of a household (with what was merged into it) in these states."""
    rows = select(SupportCase).where(
        SupportCase.household_id.in_(registry.family(household_id)), SupportCase.state.in_(states)
    )
    return list(db.session.scalars(rows.options(joinedload(SupportCase.field)).order_by(SupportCase.id)))
