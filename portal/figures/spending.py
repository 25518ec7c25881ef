"""How often money was paid out, on how many decisions, for how many households: payments that stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, Subquery, func, select

from portal.advances.models import Settlement, SettlementRow
from portal.figures.scope import Scope
from portal.figures.values import HOUSEHOLDS, Definition, FigureValue, answered
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import PAYMENT
from portal.units.models import Unit

PAYMENTS = Definition(
    "spent.count",
    "Số lần chi",
    "lần",
    "Số chứng từ chi theo văn bản trong kỳ: phiếu chi, ủy nhiệm chi, thanh toán tạm ứng, ghi thu – ghi chi; "
    "trừ chứng từ đã đảo.",
)
DECISIONS = Definition(
    "spent.decisions",
    "Số văn bản đã chi",
    "văn bản",
    "Số quyết định, tờ trình, biên bản đã chi trong kỳ.",
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
    found = db.session.execute(_paid(scope).execution_options(yield_per=1_000))
    return ({**row._mapping, "day": row.day.isoformat()} for row in found)


def paid_rows() -> Subquery:
    """(posting, decision_row_id, amount) of everything that was spent on a decision, however it left.

    By voucher, by an officer who settled an advance, or by a sponsor directly (ghi thu – ghi chi).
    """
    by_voucher = (
        select(Voucher.posting_number.label("posting"), VoucherRow.decision_row_id, VoucherRow.amount)
        .join(VoucherRow, VoucherRow.voucher_id == Voucher.id)
        .where(Voucher.what == PAYMENT, Voucher.posting_number.is_not(None), VoucherRow.refused.is_(None))
    )
    given = SettlementRow.paid + SettlementRow.absent
    by_officer = (
        select(Settlement.posting_number, VoucherRow.decision_row_id, given)
        .join(SettlementRow, SettlementRow.settlement_id == Settlement.id)
        .join(VoucherRow, VoucherRow.id == SettlementRow.voucher_row_id)
        .where(Settlement.posting_number.is_not(None), given > 0)
    )
    by_sponsor = select(InAndOut.posting_number, InAndOut.decision_row_id, InAndOut.amount).where(
        InAndOut.posting_number.is_not(None)
    )
    return by_voucher.union_all(by_officer, by_sponsor).subquery()


def _paid(scope: Scope) -> Select[Any]:
    """Rows that were paid by documents that stand, by the day in which the books count them."""
    paid = paid_rows()
    wanted: Any = (
        select(
            paid.c.posting,
            Posting.booked_on.label("day"),
            Unit.code.label("unit"),
            DecisionRow.decision_id,
            DecisionRow.purpose,
            DecisionRow.households,
            paid.c.amount,
        )
        .join_from(paid, Posting, Posting.number == paid.c.posting)
        .join(DecisionRow, DecisionRow.id == paid.c.decision_row_id)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(
            Posting.unit_id.in_(scope.units()),
            Posting.booked_on.between(scope.start, scope.end),
            ~is_reversed(Posting.number, up_to=scope.as_of),
        )
    )
    if scope.campaign is not None:
        wanted = wanted.where(DecisionRow.campaign_id == scope.campaign.id)
    return wanted if scope.as_of is None else wanted.where(Posting.number <= scope.as_of)
