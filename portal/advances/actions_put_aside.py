"""Money put aside for absent receivers: kept, released, returned to its campaign. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from portal.advances import queries, rules
from portal.advances.actions import use_of
from portal.advances.models import PutAside
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.models import Posting
from portal.ledger.rules import Line
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.spending.actions_vouchers import place_account
from portal.spending.models import Voucher, VoucherRow
from portal.spending.queries import free_of, held_at
from portal.spending.rules import PAID, PAYMENT

Follower = Callable[[PutAside, Posting], None]
_followers: list[Follower] = []


def after_kept(follower: Follower) -> Follower:
    """Mark a function of another room that follows money put aside, in its transaction: (item, the document).

    It is asked when money is put aside, when that ends, and when one of the two documents is reversed.
    """
    _followers.append(follower)
    return follower


def _tell(item: PutAside, posting: Posting) -> None:
    db.session.flush()
    for follower in _followers:
        follower(item, posting)


def put_aside(row: VoucherRow, *, amount: int, since: date, reason: str, by: User) -> PutAside:
    """A receiver of a paid list did not come: the money is back in its place and owed to them. Raises Refused."""
    voucher = row.voucher
    take_posting_lock()
    db.session.refresh(voucher)
    if voucher.what != PAYMENT or voucher.state != PAID or row.refused is not None:
        raise Refused("Dòng này chưa chi hoặc đã đảo, không có tiền để giữ lại.")
    assert voucher.posting is not None
    if since < voucher.posting.document_on:
        raise Refused(
            f"Ngày giữ tiền trước ngày chi {format_day(voucher.posting.document_on)}. Sửa lại ngày.", "since"
        )
    left = row.amount - queries.kept_of_rows(voucher).get(row.id, 0)
    if not 0 < amount <= left:
        raise Refused(f"Dòng này giữ lại được nhiều nhất {format_dong(left)}. Sửa lại số tiền.", "amount")
    if not reason.strip():
        raise Refused("Chưa ghi vì sao giữ lại tiền. Ghi ngắn, ví dụ: đi vắng, đang nằm viện.", "reason")
    held = ledger.account_for(unit_id=voucher.unit_id, fund_id=voucher.fund_id, kind="held")
    posting = ledger.post(
        "put_aside",
        unit=voucher.unit,
        fund=voucher.fund,
        document_on=since,
        lines=[Line(held, place_account(voucher), amount)],
        reason=f"Giữ tiền cho người vắng: {reason.strip()}",
        by=by,
    )
    item = PutAside(
        unit_id=voucher.unit_id,
        fund_id=voucher.fund_id,
        decision_row_id=row.decision_row_id,
        voucher_row_id=row.id,
        receiver=row.decision_row.receiver,
        amount=amount,
        reason=reason.strip(),
        since=since,
        posting_number=posting.number,
    )
    db.session.add(item)
    _tell(item, posting)
    return item


def ask_to_end(
    item: PutAside,
    *,
    wish: str,
    reason: str,
    taken_by: str | None = None,
    relation: str | None = None,
    holder: User | None = None,
    by: User,
) -> PutAside:
    """Ask to give the money to its receiver (or a proxy), or back to its campaign. Raises Refused."""
    take_posting_lock()
    db.session.refresh(item, with_for_update={"of": PutAside})
    _check_open(item)
    if item.wish is not None and item.answered_at is None:
        raise Refused("Đã có đề nghị đang chờ duyệt cho khoản này. Chờ người duyệt trả lời.")
    if wish not in rules.WISHES:
        raise Refused("Chưa chọn việc cần làm. Chọn trao cho người nhận hoặc trả về nguồn.", "wish")
    if wish == rules.RETURN and not reason.strip():
        raise Refused("Chưa ghi lý do trả về nguồn. Ghi vì sao người nhận không nhận nữa.", "reason")
    if (taken_by or "").strip() and not (relation or "").strip():
        raise Refused("Nhận thay thì ghi quan hệ với người nhận, ví dụ: con, vợ, hàng xóm.", "relation")
    item.wish, item.wish_reason = wish, reason.strip() or None
    item.taken_by, item.relation = (taken_by or "").strip() or None, (relation or "").strip() or None
    item.holder_id = holder.id if holder else None
    item.asked_by_id, item.asked_at = by.id, now()
    item.answered_by_id = item.answered_at = item.answer = None
    db.session.flush()
    return item


def answer_end(item: PutAside, *, approve: bool, answer: str, by: User) -> Posting | None:
    """Another person approves (the books follow) or refuses with a reason. Raises Refused."""
    take_posting_lock()
    db.session.refresh(item, with_for_update={"of": PutAside})
    _check_open(item)
    if item.wish is None or item.answered_at is not None:
        raise Refused("Không có đề nghị nào đang chờ cho khoản này. Tải lại trang.")
    check_second_person(item.asked_by_id, by.id)
    if not approve and not answer.strip():
        raise Refused("Chưa ghi lý do không duyệt. Ghi để người đề nghị biết cần sửa gì.", "answer")
    item.answered_by_id, item.answered_at, item.answer = by.id, now(), answer.strip() or None
    posting = _end(item, by) if approve else None
    db.session.flush()
    return posting


def _check_open(item: PutAside) -> None:
    if item.void:
        raise Refused("Chứng từ giữ tiền này đã bị đảo.")
    if item.ended is not None:
        raise Refused("Khoản này đã xong. Tải lại trang để xem kết quả.")


def _end(item: PutAside, second: User) -> Posting:
    owner = {"unit_id": item.unit_id, "fund_id": item.fund_id}
    held, released = ledger.account_for(**owner, kind="held"), item.wish == rules.RELEASE
    if released:
        place = ledger.account_for(**owner, kind="cash", holder_id=item.holder_id)
        left = held_at(item.unit_id, item.fund_id, holder_id=item.holder_id, bank_account_id=None)
        if item.amount > left:
            raise Refused(
                f"Nơi chi chỉ còn {format_dong(max(left, 0))}, không đủ {format_dong(item.amount)}."
            )
        line = Line(place, held, item.amount)
    else:
        decided = item.decision_row
        line = Line(use_of(item.voucher_row.voucher, decided.campaign_id, decided.purpose), held, item.amount)
    posting = ledger.post(
        "put_aside",
        unit=item.unit,
        fund=item.fund,
        document_on=today_in_vietnam(),
        lines=[line],
        series=rules.CASH_SERIES if released else None,
        reason="Trao tiền giữ hộ người vắng" if released else f"Trả về nguồn: {item.wish_reason}",
        by=item.asked_by,
        second=second,
    )
    item.ended, item.end_number = item.wish, posting.number
    _tell(item, posting)
    return posting


@ledger.after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """What ended is open again; what was put aside by the reversed document is void, unless it has ended since."""
    ended = db.session.scalar(select(PutAside).where(PutAside.end_number == posting.number))
    if ended is not None:
        _refuse_overspent(ended)
        ended.ended = ended.end_number = ended.wish = None
        _tell(ended, posting)
        return
    _refuse_kept(posting)
    for item in db.session.scalars(select(PutAside).where(PutAside.posting_number == posting.number)):
        if item.ended is not None:
            raise Refused(
                f"{format_dong(item.amount)} giữ cho người vắng đã được trao hoặc trả về nguồn. "
                "Đảo chứng từ đó trước."
            )
        item.void = True
        _tell(item, posting)


def _refuse_overspent(item: PutAside) -> None:
    """What went back to a campaign is not taken out again when the campaign has spent it since."""
    short = -free_of(item.unit_id, item.fund_id, item.decision_row.campaign_id)
    if item.ended == rules.RETURN and short > 0:
        raise Refused(
            f"Tiền trả về nguồn đã được chi tiếp, nguồn sẽ thiếu {format_dong(short)}. "
            "Đảo phiếu chi dùng tiền đó trước."
        )


def _refuse_kept(posting: Posting) -> None:
    """A payment is not reversed while money of it is kept for somebody."""
    if posting.kind != "payment":
        return
    kept = (
        select(PutAside.id)
        .join(VoucherRow, VoucherRow.id == PutAside.voucher_row_id)
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .where(Voucher.posting_number == posting.number, PutAside.void.is_(False))
    )
    if db.session.scalar(kept.limit(1)) is not None:
        raise Refused("Phiếu này có tiền đang giữ cho người vắng. Đảo chứng từ giữ tiền trước.")
