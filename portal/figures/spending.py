"""How often money was paid out, on how many decisions, for how many households: payments that stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select

from portal.figures.scope import Scope
from portal.figures.values import HOUSEHOLDS, Definition, FigureValue, answered
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.spending.rules import PAYMENT
from portal.units.models import Unit

PAYMENTS = Definition(
    "spent.count",
    "Số lần chi",
    "lần",
    "Số phiếu chi, ủy nhiệm chi đã chi trong kỳ theo ngày ghi sổ, trừ phiếu đã đảo.",
)
DECISIONS = Definition(
    "spent.decisions",
    "Số văn bản đã chi",
    "văn bản",
    "Số quyết định, tờ trình, biên bản có phiếu đã chi trong kỳ.",
)
HELPED = Definition(
    "spent.households",
    "Lượt hộ được chi",
    HOUSEHOLDS,
    "Số hộ ghi trên các dòng đã chi trong kỳ, đếm theo lượt; dòng không ghi số hộ không tính.",
)
FIGURES = (PAYMENTS, DECISIONS, HELPED)


def compute(scope: Scope) -> Iterator[FigureValue]:
    """All of them, one statement."""
    paid = _paid(scope).subquery()
    counts = select(
        func.count(paid.c.posting.distinct()),
        func.count(paid.c.decision_id.distinct()),
        func.coalesce(func.sum(paid.c.households), 0),
    )
    payments, decisions, households = db.session.execute(counts).one()
    yield answered(PAYMENTS, payments)
    yield answered(DECISIONS, decisions)
    yield answered(HELPED, int(households))


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The paid rows behind them, without names; None for other keys."""
    if key not in {figure.key for figure in FIGURES}:
        return None
    found = db.session.execute(_paid(scope).order_by(VoucherRow.id).execution_options(yield_per=1_000))
    return ({**row._mapping, "day": row.day.isoformat()} for row in found)


def _paid(scope: Scope) -> Select[Any]:
    """Rows of vouchers whose payment stands, by the day in which the books count it."""
    wanted: Any = (
        select(
            Posting.number.label("posting"),
            Posting.booked_on.label("day"),
            Unit.code.label("unit"),
            Voucher.decision_id.label("decision_id"),
            DecisionRow.purpose.label("purpose"),
            DecisionRow.households.label("households"),
            VoucherRow.amount.label("amount"),
        )
        .join_from(Voucher, Posting, Posting.number == Voucher.posting_number)
        .join(VoucherRow, VoucherRow.voucher_id == Voucher.id)
        .join(DecisionRow, DecisionRow.id == VoucherRow.decision_row_id)
        .join(Unit, Unit.id == Voucher.unit_id)
        .where(
            Voucher.what == PAYMENT,
            VoucherRow.refused.is_(None),
            Voucher.unit_id.in_(scope.units()),
            Posting.booked_on.between(scope.start, scope.end),
            ~is_reversed(Posting.number, up_to=scope.as_of),
        )
    )
    if scope.campaign is not None:
        wanted = wanted.where(DecisionRow.campaign_id == scope.campaign.id)
    return wanted if scope.as_of is None else wanted.where(Posting.number <= scope.as_of)
