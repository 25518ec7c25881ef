"""Settling advances: told by one, approved by another, then in the books. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import select

from portal.advances import queries, rules
from portal.advances.models import PutAside, Settlement, SettlementRow
from portal.advances.rules import Settled
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.models import Account, Posting
from portal.ledger.rules import Line
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.spending.models import Voucher
from portal.spending.rules import ADVANCE, PAID

AnswerFollower = Callable[[Settlement, Posting | None], None]
_answer_followers: list[AnswerFollower] = []


def after_answer(follower: AnswerFollower) -> AnswerFollower:
    """Mark a function of another room that follows an answer in its transaction: (settlement, its document or None)."""
    _answer_followers.append(follower)
    return follower


def settle(
    advance: Voucher, *, rows: Iterable[Settled], settled_on: date, papers: str | None, by: User | None
) -> Settlement:
    """Tell what became of an advance, or of a part of it; another person answers.

    Raises Refused (rows, settled_on, papers).
    """
    take_posting_lock()
    db.session.refresh(advance)
    if advance.what != ADVANCE or advance.state != PAID:
        raise Refused("Khoản tạm ứng này chưa chi hoặc đã đảo, không có gì để thanh toán.")
    assert advance.posting is not None
    if settled_on < advance.posting.document_on:
        raise Refused(
            f"Ngày thanh toán trước ngày tạm ứng {advance.posting.document_on:%d/%m/%Y}.", "settled_on"
        )
    if settled_on > today_in_vietnam():
        raise Refused("Ngày thanh toán chưa tới. Ghi ngày người nhận tạm ứng nộp chứng từ.", "settled_on")
    told = rules.check_settled(rows, queries.open_rows(advance))
    if any(row.paid for row in told) and not (papers or "").strip():
        raise Refused(
            "Chưa ghi chứng từ của số đã trao. Ghi danh sách ký nhận hoặc hóa đơn kèm theo.", "papers"
        )
    settlement = Settlement(
        voucher_id=advance.id,
        voucher=advance,
        settled_on=settled_on,
        papers=(papers or "").strip() or None,
        prepared_by_id=by.id if by else None,
    )
    settlement.rows = [
        SettlementRow(
            ordinal=place, **{**row._asdict(), "absent_note": (row.absent_note or "").strip() or None}
        )
        for place, row in enumerate(told, start=1)
    ]
    db.session.add(settlement)
    db.session.flush()
    return settlement


def answer_settlement(settlement: Settlement, *, approve: bool, answer: str, by: User) -> Posting | None:
    """Approve (the books follow, absent people's money is put aside) or refuse with a reason. Raises Refused."""
    take_posting_lock()
    db.session.refresh(settlement, with_for_update={"of": Settlement})
    if settlement.approved is not None:
        raise Refused("Giấy thanh toán này đã được trả lời. Tải lại trang để xem kết quả.")
    check_second_person(settlement.prepared_by_id, by.id)
    if by.id == settlement.voucher.officer_id:
        raise Refused("Người nhận tạm ứng không tự duyệt thanh toán của mình. Nhờ người có quyền duyệt khác.")
    if not approve and not answer.strip():
        raise Refused("Chưa ghi lý do không duyệt. Ghi để người lập biết cần sửa gì.", "answer")
    settlement.approved, settlement.answer = approve, answer.strip() or None
    settlement.answered_by_id, settlement.answered_at = by.id, now()
    posting = _post(settlement, by) if approve else None
    settlement.posting_number = posting.number if posting else None
    db.session.flush()
    for follower in _answer_followers:
        follower(settlement, posting)
    return posting


def _post(settlement: Settlement, second: User) -> Posting:
    advance = settlement.voucher
    if advance.state != PAID:
        raise Refused("Khoản tạm ứng đã bị đảo. Không duyệt giấy thanh toán này.")
    posting = ledger.post(
        "advance",
        unit=advance.unit,
        fund=advance.fund,
        document_on=settlement.settled_on,
        lines=_lines(settlement),
        series=rules.SERIES,
        reason=f"Thanh toán tạm ứng: {advance.content}"[:1000],
        by=settlement.prepared_by,
        second=second,
    )
    for row in settlement.rows:
        if row.absent:
            db.session.add(_item(settlement, row, posting))
    return posting


def _lines(settlement: Settlement) -> list[Line]:
    advance = settlement.voucher
    owner = {"unit_id": advance.unit_id, "fund_id": advance.fund_id}
    hand = ledger.account_for(**owner, kind="advance", holder_id=advance.officer_id)
    box, held = ledger.account_for(**owner, kind="cash"), ledger.account_for(**owner, kind="held")
    lines: list[Line] = []
    for row in settlement.rows:
        use = use_of(advance, row.voucher_row.decision_row.campaign_id, row.voucher_row.decision_row.purpose)
        if row.paid:
            lines.append(Line(hand, use, row.paid))
        if row.absent:
            lines += [Line(hand, box, row.absent), Line(held, use, row.absent)]
        if row.returned:
            lines.append(Line(hand, box, row.returned))
    return lines


def use_of(voucher: Voucher, campaign_id: int | None, purpose: str) -> Account:
    """The account that counts what a voucher's unit has spent for a campaign and purpose."""
    return ledger.account_for(
        unit_id=voucher.unit_id,
        fund_id=voucher.fund_id,
        kind="spent",
        campaign_id=campaign_id,
        purpose=purpose,
    )


def _item(settlement: Settlement, row: SettlementRow, posting: Posting) -> PutAside:
    advance, decided = settlement.voucher, row.voucher_row.decision_row
    return PutAside(
        unit_id=advance.unit_id,
        fund_id=advance.fund_id,
        decision_row_id=decided.id,
        voucher_row_id=row.voucher_row_id,
        receiver=decided.receiver,
        amount=row.absent,
        reason=row.absent_note,
        since=settlement.settled_on,
        posting_number=posting.number,
    )


@ledger.after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A reversed settlement is open again, unless somebody has got what it put aside; a settled advance stays."""
    if posting.kind == "advance_paid":
        _refuse_settled(posting)
    if posting.kind != "advance":
        return
    settlement = db.session.scalar(select(Settlement).where(Settlement.posting_number == posting.number))
    if settlement is not None:
        settlement.reversed = True
        db.session.flush()


def _refuse_settled(posting: Posting) -> None:
    told = select(Settlement).join(Voucher, Voucher.id == Settlement.voucher_id)
    told = told.where(Voucher.posting_number == posting.number, queries.counts())
    if db.session.scalar(told.limit(1)) is not None:
        raise Refused(
            "Khoản tạm ứng này đã thanh toán hoặc đang chờ duyệt thanh toán. Đảo các giấy thanh toán trước."
        )
