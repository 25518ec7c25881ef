"""Single cases as a source of aid for fairness and coverage: a case is one help in a year, whatever its papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CTE, Select, func, literal, null, select, union_all

from portal.advances.models import PutAside
from portal.advances.rules import RELEASE
from portal.cases.models import AidField, CaseDecision, CaseGoods, SupportCase
from portal.cases.queries_kept import given_at_once
from portal.distributions.aid import columns, source
from portal.goods.models import Item, StockMovement
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import PAID, PAYMENT


@source
def single_cases(members: CTE, first: date, last: date) -> Select[Any]:
    """What was paid, paid directly or issued for cases of these households, by the first day on which it was."""
    papers = union_all(_paid(members), _released(members), _direct(members), _issued(members)).subquery(
        "papers"
    )
    part = papers.c
    grouped = (
        select(
            part.root,
            part.case_id,
            func.min(part.day).label("day"),
            func.sum(part.cash).label("cash"),
            func.aggregate_strings(part.goods, ", ").label("goods"),
        )
        .where(part.day.between(first, last))
        .group_by(part.root, part.case_id)
        .subquery("cases")
    )
    return (
        select(
            *columns(
                grouped.c.root,
                day=grouped.c.day,
                source=AidField.name,
                cash=grouped.c.cash,
                goods=grouped.c.goods,
                in_books=literal(1),
                purpose=AidField.purpose,
            )
        )
        .select_from(grouped)
        .join(SupportCase, SupportCase.id == grouped.c.case_id)
        .join(AidField, AidField.id == SupportCase.field_id)
    )


def _of(members: CTE, day: Any, cash: Any, goods: Any) -> Select[Any]:
    """Cases of the members, each beside its decisions; the caller joins what gave something."""
    rows = select(
        members.c.root.label("root"),
        SupportCase.id.label("case_id"),
        day.label("day"),
        cash.label("cash"),
        goods.label("goods"),
    )
    rows = rows.select_from(members).join(SupportCase, SupportCase.household_id == members.c.household_id)
    return rows.join(CaseDecision, CaseDecision.case_id == SupportCase.id)


def _paid(members: CTE) -> Select[Any]:
    return (
        _of(members, Posting.document_on, given_at_once(), null())
        .join(Voucher, Voucher.decision_id == CaseDecision.decision_id)
        .join(VoucherRow, VoucherRow.voucher_id == Voucher.id)
        .join(Posting, Posting.number == Voucher.posting_number)
        .where(Voucher.state == PAID, Voucher.what == PAYMENT, VoucherRow.refused.is_(None))
        .where(given_at_once() > 0)
    )


def _released(members: CTE) -> Select[Any]:
    """Money that was kept for who was absent, on the day on which they got it."""
    return (
        _of(members, Posting.document_on, PutAside.amount, null())
        .join(DecisionRow, DecisionRow.decision_id == CaseDecision.decision_id)
        .join(PutAside, PutAside.decision_row_id == DecisionRow.id)
        .join(Posting, Posting.number == PutAside.end_number)
        .where(PutAside.ended == RELEASE, PutAside.void.is_(False))
    )


def _direct(members: CTE) -> Select[Any]:
    return (
        _of(members, InAndOut.happened_on, InAndOut.amount, null())
        .join(DecisionRow, DecisionRow.decision_id == CaseDecision.decision_id)
        .join(InAndOut, InAndOut.decision_row_id == DecisionRow.id)
        .where(
            InAndOut.posting_number.is_not(None),
            ~is_reversed(InAndOut.posting_number),  # type: ignore[arg-type]
        )
    )


def _issued(members: CTE) -> Select[Any]:
    return (
        _of(members, StockMovement.booked_on, null(), Item.name)
        .join(CaseGoods, CaseGoods.decision_id == CaseDecision.decision_id)
        .join(StockMovement, StockMovement.posting_number == CaseGoods.posting_number)
        .join(Item, Item.id == StockMovement.item_id)
        .where(CaseGoods.reversed.is_(False))
    )
