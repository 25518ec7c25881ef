"""Rewards follow the fund: numbers of decisions are one register, prizes are paid straight and only while they stand."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, select, union_all

from portal.emulation import queries_certificates as queries
from portal.emulation.actions_certificates import KIND
from portal.emulation.models_certificates import PrizeBack, Reward, RewardPrize
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import after_reversal_of
from portal.ledger.models import Posting
from portal.spending.actions import DELETED, NUMBERS, after_decision
from portal.spending.actions_direct import after_asking, after_direct
from portal.spending.actions_vouchers import after_payment
from portal.spending.models import Decision, DecisionRow, Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.queries import ORIGINS, Origin
from portal.spending.rules import PAYMENT

PAGE = "/quan-ly/thi-dua/quyet-dinh/{}"


def _number_of_rewards(unit_id: int, kind: str, year: int, number: str) -> date | None:
    return queries.number_taken(unit_id, year, number) if kind == KIND else None


NUMBERS.append(_number_of_rewards)


def comes_from(decision: Decision) -> Origin | None:
    """The rows of a decision that pays prizes are the rewards that were decided."""
    award = queries.award_paying_by(decision.id)
    if award is None:
        return None
    return Origin("Danh sách này lấy từ quyết định khen thưởng.", PAGE.format(award.id))


ORIGINS.append(comes_from)


@after_decision
def follow_decision(decision: Decision, what: str) -> None:
    """A draft that pays prizes is deleted: the prizes may be decided anew."""
    award = queries.award_paying_by(decision.id) if what == DELETED else None
    if award is None:
        return
    for row in decision.rows:
        prize = db.session.get(RewardPrize, row.id)
        if prize is not None:
            db.session.delete(prize)
    award.prize_decision_id = award.prize_decision = None
    db.session.flush()


@after_payment
def follow_payment(voucher: Voucher, posting: Posting) -> None:
    """Prizes are paid straight, and not for a reward that was taken back. Raises Refused."""
    if queries.award_paying_by(voucher.decision_id) is None:
        return
    if voucher.what != PAYMENT:
        raise Refused(
            "Tiền thưởng chi thẳng cho người được khen, không tạm ứng, không phân bổ. Hủy phiếu này."
        )
    rows = select(VoucherRow.decision_row_id).where(
        VoucherRow.voucher_id == voucher.id, VoucherRow.refused.is_(None)
    )
    _check_standing(rows, "Hủy phiếu này, lập phiếu cho các dòng còn lại.")


@after_asking
@after_direct
def follow_direct(entry: InAndOut) -> None:
    """A sponsor pays a prize directly: not for a reward that was taken back, asked or approved. Raises Refused."""
    rows = select(DecisionRow.id).where(DecisionRow.id == entry.decision_row_id)
    _check_standing(rows, "Không ghi thu – ghi chi cho dòng này.")


def _check_standing(decision_rows: Select[Any], then: str) -> None:
    """No reward of these rows was taken back; `then` says what to do otherwise. Raises Refused."""
    gone = select(Reward).join(RewardPrize, RewardPrize.reward_id == Reward.id)
    gone = gone.where(RewardPrize.decision_row_id.in_(decision_rows), Reward.until.is_not(None))
    reward = db.session.scalar(gone.limit(1))
    if reward is not None:
        raise Refused(
            f"{reward.form.name} {reward.number} của {reward.name} đã thu hồi, không chi tiền thưởng nữa. {then}"
        )


@after_reversal_of("payment", "advance_paid", "in_and_out", "prize_back")
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A payment whose money came back stays until that document is reversed; a reversed return returned nothing."""
    back = db.session.get(PrizeBack, posting.number)
    if back is not None:
        back.reversed = True
        db.session.flush()
        return
    paid = (
        select(VoucherRow.decision_row_id)
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .where(Voucher.posting_number == posting.number)
    )
    direct = select(InAndOut.decision_row_id).where(InAndOut.posting_number == posting.number)
    live = select(PrizeBack).join(RewardPrize, RewardPrize.reward_id == PrizeBack.reward_id)
    live = live.where(RewardPrize.decision_row_id.in_(union_all(paid, direct)), PrizeBack.reversed.is_(False))
    if db.session.scalar(live.limit(1)) is not None:
        raise Refused("Tiền thưởng của chứng từ này đã thu lại một phần. Đảo chứng từ thu lại trước.")
