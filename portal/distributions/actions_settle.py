"""Settling a hand-over: the officer asks, another person answers, and money and goods are booked in that moment.

Signed for = spent: money out of the advance, goods out of the officer's hand. Absent = put aside by name. Refused or
brought back = into the box and the store. In parts. Flushes; the caller commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.advances import actions as advances
from portal.advances.models import Settlement
from portal.advances.queries import open_rows as open_of
from portal.advances.rules import Settled
from portal.distributions import queries_settle as queries
from portal.distributions.actions_handover import note_event, released_day
from portal.distributions.actions_settled_goods import book_goods
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import HandoverSettlement, SettledRow
from portal.distributions.rules import ABSENT, ADVANCE, HANDED
from portal.distributions.rules_handover import (
    APPROVED,
    ASKED,
    TURNED_DOWN,
    check_under_way,
    share_of,
)
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.models import Posting
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.spending.rules import PAID

ABSENT_NOTE = "Vắng mặt khi trao"


def ask_settlement(
    distribution: Distribution, *, settled_on: date, papers: str, by: User
) -> HandoverSettlement:
    """Give an account of every row that was told of and stands in none yet. Raises Refused (settled_on, papers)."""
    take_posting_lock()
    db.session.refresh(distribution)
    check_under_way(distribution.state)
    rows = queries.settleable(distribution)
    _check_asked(distribution, rows, settled_on, papers)
    settlement = HandoverSettlement(
        distribution_id=distribution.id,
        settled_on=settled_on,
        papers=papers.strip(),
        state=ASKED,
        asked_by_id=by.id,
    )
    settlement.rows = [
        SettledRow(row_id=row.id, outcome=row.outcome or "", amount=row.amount) for row in rows
    ]
    db.session.add(settlement)
    money = _settle_money(distribution, rows, settled_on, papers, by)
    settlement.settlement_id = money.id if money else None
    note_event(distribution, None, "settling", f"Lập thanh toán {len(rows)} hộ, chờ duyệt", by)
    return settlement


def _check_asked(
    distribution: Distribution, rows: Sequence[DistributionRow], settled_on: date, papers: str
) -> None:
    if queries.waiting_settlement(distribution) is not None:
        raise Refused("Đã có một lần thanh toán đang chờ duyệt. Chờ người duyệt trả lời rồi lập lần sau.")
    if not rows:
        raise Refused("Không có hộ nào mới ghi kết quả mà chưa thanh toán. Ghi kết quả trao trước.")
    if settled_on > today_in_vietnam():
        raise Refused("Ngày thanh toán chưa tới. Ghi ngày nộp danh sách đã ký.", "settled_on")
    last = max((row.outcome_on for row in rows if row.outcome_on), default=None)
    first = released_day(distribution)
    if first is not None and settled_on < first:
        raise Refused(f"Ngày thanh toán trước ngày xuất quà {format_day(first)}.", "settled_on")
    undone = queries.reversed_on(distribution)
    if undone is not None and settled_on < undone:
        raise Refused(
            f"Lần thanh toán trước đã đảo ngày {format_day(undone)}. Ghi ngày thanh toán từ ngày đó.",
            "settled_on",
        )
    if last is not None and settled_on < last:
        raise Refused(f"Có hộ nhận ngày {format_day(last)}, sau ngày thanh toán. Sửa lại ngày.", "settled_on")
    if any(row.outcome in HANDED for row in rows) and not papers.strip():
        raise Refused(
            "Chưa ghi chứng từ. Ghi danh sách ký nhận kèm theo, ví dụ: danh sách ký nhận, 03 trang.", "papers"
        )


def _settle_money(
    distribution: Distribution, rows: Sequence[DistributionRow], settled_on: date, papers: str, by: User
) -> Settlement | None:
    """The money of an advance; what was settled at the advance itself already is left out."""
    advance = distribution.voucher
    if distribution.way != ADVANCE or advance is None or advance.state != PAID:
        return None
    left, of_decision = open_of(advance), queries.voucher_rows(distribution)
    parts = []
    for row in rows:
        paid_row = of_decision.get(row.decision_row_id or 0)
        if paid_row is None or not row.outcome or not left.get(paid_row.id):
            continue
        note = (row.outcome_note or ABSENT_NOTE) if row.outcome == ABSENT else None
        shares = share_of(row.outcome, paid_row.amount)
        parts.append(Settled(paid_row.id, absent_note=note, **shares))
    if not parts:
        return None
    return advances.settle(
        advance, rows=parts, settled_on=settled_on, papers=papers.strip() or "không có hộ nhận", by=by
    )


def answer_settlement(settlement: HandoverSettlement, *, approve: bool, answer: str, by: User) -> None:
    """Another person approves: money and goods are booked; or refuses with a reason. Raises Refused."""
    take_posting_lock()
    db.session.refresh(settlement, with_for_update={"of": HandoverSettlement})
    if settlement.state != ASKED:
        raise Refused("Lần thanh toán này đã được trả lời. Tải lại trang để xem kết quả.")
    check_second_person(settlement.asked_by_id, by.id)
    if by.id == settlement.distribution.officer_id:
        raise Refused("Người đi trao không tự duyệt thanh toán của mình. Nhờ người có quyền duyệt khác.")
    if settlement.settlement is not None:
        advances.answer_settlement(settlement.settlement, approve=approve, answer=answer, by=by)
        return  # `follow_answer` has done the rest
    if not approve and not answer.strip():
        raise Refused("Chưa ghi lý do không duyệt. Ghi để người lập biết cần sửa gì.", "answer")
    _answered(settlement, approve=approve, answer=answer.strip() or None, by=by)


@advances.after_answer
def follow_answer(money: Settlement, posting: Posting | None) -> None:
    """The money of a list was settled or refused, here or on the page of its advance: the goods go with it."""
    settlement = queries.settlement_of_money(money.id)
    if settlement is None or settlement.state != ASKED:
        return
    by = db.session.get_one(User, money.answered_by_id)
    _answered(settlement, approve=bool(money.approved), answer=money.answer, by=by)


def _answered(settlement: HandoverSettlement, *, approve: bool, answer: str | None, by: User) -> None:
    distribution = settlement.distribution
    settlement.state = APPROVED if approve else TURNED_DOWN
    settlement.answer, settlement.answered_by_id, settlement.answered_at = answer, by.id, now()
    if approve:
        _check_unchanged(settlement)
        book_goods(settlement)
    verb = "Duyệt" if approve else "Không duyệt"
    text = f"{verb} thanh toán {len(settlement.rows)} hộ ngày {format_day(settlement.settled_on)}"
    note_event(distribution, None, "settled" if approve else "settling", text, by)


def _check_unchanged(settlement: HandoverSettlement) -> None:
    """Rows of a settlement cannot be told otherwise meanwhile; this says so when they were."""
    for one in settlement.rows:
        if one.row.outcome != one.outcome:
            raise Refused(
                f"Kết quả của {one.row.receiver} đã đổi sau khi lập thanh toán. Không duyệt, để lập lại."
            )
