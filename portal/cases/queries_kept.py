"""Money of a case that was paid by the books but is kept for an absent receiver: it is given when they get it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from portal.advances.models import PutAside
from portal.advances.rules import RELEASE, RETURN
from portal.cases.models import CaseDecision
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.spending.models import DecisionRow, VoucherRow


def given_at_once() -> ColumnElement[Any]:
    """SQL: what of a voucher's row went to its receiver with the payment, đồng: without what was put aside."""
    kept = select(func.sum(PutAside.amount)).where(
        PutAside.voucher_row_id == VoucherRow.id, PutAside.void.is_(False)
    )
    return VoucherRow.amount - func.coalesce(kept.correlate(VoucherRow).scalar_subquery(), 0)


def of_cases(*columns: Any) -> Select[Any]:
    """`columns` over what was put aside of cases' decisions, beside `CaseDecision`."""
    return (
        select(*columns)
        .select_from(PutAside)
        .join(DecisionRow, DecisionRow.id == PutAside.decision_row_id)
        .join(CaseDecision, CaseDecision.decision_id == DecisionRow.decision_id)
        .where(PutAside.void.is_(False))
    )


def released(case_ids: Sequence[int]) -> list[tuple[int, PutAside, Posting, int]]:
    """(case, item, document, decision) of what receivers have got since. One statement."""
    rows = (
        of_cases(CaseDecision.case_id, PutAside, Posting, CaseDecision.decision_id)
        .join(Posting, Posting.number == PutAside.end_number)
        .where(CaseDecision.case_id.in_(case_ids), PutAside.ended == RELEASE)
        .order_by(PutAside.id)
    )
    return [(case_id, item, posting, made) for case_id, item, posting, made in db.session.execute(rows)]


def returned_of(case_id: int) -> dict[int, int]:
    """What went back to its source because nobody took it, đồng by decision."""
    rows = of_cases(CaseDecision.decision_id, func.sum(PutAside.amount)).where(
        CaseDecision.case_id == case_id, PutAside.ended == RETURN
    )
    found = db.session.execute(rows.group_by(CaseDecision.decision_id))
    return {decision_id: int(amount) for decision_id, amount in found}


def kept_of(case_id: int) -> int:
    """What is kept for the receivers of a case now, đồng."""
    rows = of_cases(func.coalesce(func.sum(PutAside.amount), 0)).where(
        CaseDecision.case_id == case_id, PutAside.ended.is_(None)
    )
    return int(db.session.scalar(rows) or 0)


def kept_by_campaign(campaign_ids: Sequence[int]) -> dict[int, int]:
    """What is kept for receivers now out of these campaigns' money, đồng. One statement."""
    rows = (
        select(DecisionRow.campaign_id, func.sum(PutAside.amount))
        .join(PutAside, PutAside.decision_row_id == DecisionRow.id)
        .where(DecisionRow.campaign_id.in_(campaign_ids), PutAside.ended.is_(None), PutAside.void.is_(False))
        .group_by(DecisionRow.campaign_id)
    )
    return {key: int(amount) for key, amount in db.session.execute(rows) if key is not None}
