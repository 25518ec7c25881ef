"""The documents by which the fund paid for houses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.housing.models_money import HouseDecision, HouseDecisionRow
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.ledger.queries import is_reversed
from portal.spending.models import Decision, Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import ISSUED, PAID, PAYMENT


@dataclass(frozen=True)
class Payment:
    """So much (đồng) that the fund paid for a house by one document out of one source.

    `in_force`: its decision still grants; what was paid by a withdrawn one stays paid.
    """

    number: int
    day: date
    name: str
    source_id: int
    decision_row_id: int
    amount: int
    in_force: bool = True


def payments_of(project_ids: Sequence[int]) -> dict[int, list[Payment]]:
    """The documents in force by which the fund paid, by project, oldest first. Two statements."""
    found: dict[int, list[Payment]] = defaultdict(list)
    for rows in (_vouchers(project_ids), _direct(project_ids)):
        for project_id, payment in rows:
            found[project_id].append(payment)
    return {key: sorted(ones, key=lambda one: (one.day, one.number)) for key, ones in found.items()}


def _vouchers(project_ids: Sequence[int]) -> list[tuple[int, Payment]]:
    rows = (
        select(HouseDecision.project_id, HouseDecisionRow, VoucherRow.amount, Posting, Decision.state)
        .join(Decision, Decision.id == HouseDecision.decision_id)
        .join(HouseDecisionRow, HouseDecisionRow.decision_id == HouseDecision.decision_id)
        .join(VoucherRow, VoucherRow.decision_row_id == HouseDecisionRow.decision_row_id)
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .join(Posting, Posting.number == Voucher.posting_number)
        .where(
            HouseDecision.project_id.in_(project_ids),
            Voucher.state == PAID,
            Voucher.what == PAYMENT,
            VoucherRow.refused.is_(None),
        )
    )
    return [
        (
            key,
            Payment(
                posting.number,
                posting.document_on,
                f"Phiếu {posting.paper_number}",
                one.source_id,
                one.decision_row_id,
                amount,
                state == ISSUED,
            ),
        )
        for key, one, amount, posting, state in db.session.execute(rows)
    ]


def _direct(project_ids: Sequence[int]) -> list[tuple[int, Payment]]:
    """What sponsors paid directly on a row of a decision: received and spent by the fund in one document."""
    rows = (
        select(HouseDecision.project_id, HouseDecisionRow, InAndOut, Decision.state)
        .join(Decision, Decision.id == HouseDecision.decision_id)
        .join(HouseDecisionRow, HouseDecisionRow.decision_id == HouseDecision.decision_id)
        .join(InAndOut, InAndOut.decision_row_id == HouseDecisionRow.decision_row_id)
        .where(
            HouseDecision.project_id.in_(project_ids),
            InAndOut.posting_number.is_not(None),
            ~is_reversed(InAndOut.posting_number),  # type: ignore[arg-type]
        )
    )
    return [
        (
            key,
            Payment(
                entry.posting_number or 0,
                entry.happened_on,
                f"Trả thẳng cho {entry.supplier}, ghi thu – ghi chi",
                one.source_id,
                one.decision_row_id,
                entry.amount,
                state == ISSUED,
            ),
        )
        for key, one, entry, state in db.session.execute(rows)
    ]
