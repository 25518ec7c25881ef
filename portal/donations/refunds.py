"""Money given back to a donor: one asks, another decides; then a document of its own.

Never more than the gift has left, never more than the place holds. Goods are not turned into money: a gift of
goods is reversed, or handed back by the store. Flushes; the caller commits.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from portal.donations import queries
from portal.donations.models import Donation, Refund
from portal.donations.rules import BANK, CASH, DIRECT, GIFT_DOCUMENTS, PAYMENT_SERIES
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger import queries as books
from portal.ledger.asking import take_answer
from portal.ledger.models import Account, BankAccount, Posting
from portal.ledger.rules import AccountFields, Line, check_in_dong
from portal.people.models import User
from portal.pledges.matching import follow_refund

REVERSED = "Khoản ủng hộ đã được đảo."


def request_refund(
    donation: Donation,
    *,
    amount: int,
    place: str,
    receiver: str,
    reason: str,
    by: User,
    holder_id: int | None = None,
    bank_account: BankAccount | None = None,
) -> Refund:
    """Ask to give `amount` đồng of a gift's part back, out of a hand, the box, or a bank account. Raises Refused."""
    if not reason.strip():
        raise Refused("Chưa ghi lý do. Ghi vì sao hoàn trả.", "reason")
    if not receiver.strip():
        raise Refused("Chưa ghi người nhận lại tiền. Ghi họ tên người nhận.", "receiver")
    take_posting_lock()  # so that nobody reverses the gift meanwhile
    refund = Refund(
        donation_id=donation.id,
        donation=donation,
        amount=amount,
        place=place,
        holder_id=holder_id if place == CASH else None,
        bank_account_id=bank_account.id if place == BANK and bank_account else None,
        receiver=receiver.strip(),
        reason=reason.strip(),
        requested_by_id=by.id,
    )
    with db.session.no_autoflush:
        _check(refund, waiting=queries.waiting_refunds(donation.id))
    db.session.add(refund)
    db.session.flush()
    return refund


def decide_refund(refund: Refund, *, approve: bool, answer: str, by: User) -> Posting | None:
    """Approve (returns the document) or refuse (returns None; needs an answer). Raises Refused."""
    take_answer(refund, approve=approve, answer=answer, by=by)
    if approve:
        _check(refund, waiting=0)
        refund.posting = _post(refund, by)
        db.session.flush()
        gift = refund.donation
        follow_refund(gift.posting_number, gift.ordinal, number=refund.posting.number)
    db.session.flush()
    return refund.posting


def _post(refund: Refund, second: User) -> Posting:
    """The money leaves its place; from a bank account it waits in transit for the statement's line."""
    gift = refund.donation
    unit, fund = gift.unit, gift.posting.fund
    owner = {"unit_id": unit.id, "fund_id": fund.id}
    if refund.place == BANK:
        place = ledger.account_for(**owner, kind="transit", bank_account_id=refund.bank_account_id)
    else:
        place = ledger.account_for(**owner, kind="cash", holder_id=refund.holder_id)
    use = ledger.account_for(**owner, kind="refunded", campaign_id=gift.campaign_id, purpose=gift.form)
    return ledger.post(
        "refund",
        unit=unit,
        fund=fund,
        document_on=min(today_in_vietnam(), unit.valid_to or today_in_vietnam()),
        lines=[Line(place, use, refund.amount)],
        series=PAYMENT_SERIES if refund.place == CASH else None,
        reason=refund.reason,
        by=refund.requested_by,
        second=second,
    )


def _check(refund: Refund, *, waiting: int) -> None:
    gift = refund.donation
    if queries.ended_by(gift) is not None:
        raise Refused("Khoản này đã được đảo, không còn gì để hoàn trả.")
    if gift.form == DIRECT:
        raise Refused("Khoản này nhà tài trợ trả thẳng cho bên cung cấp, Quỹ không giữ tiền để hoàn trả.")
    if gift.form not in (CASH, BANK):
        raise Refused("Chỉ hoàn trả khoản bằng tiền. Với hiện vật và giấy tờ có giá thì đề nghị đảo khoản.")
    if refund.amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng hoàn trả, ví dụ 500.000.", "amount")
    left = gift.amount - queries.refunded_of([gift.id]) - waiting
    if refund.amount > left:
        more = f" (đang chờ duyệt hoàn trả {format_dong(waiting)})" if waiting else ""
        raise Refused(f"Khoản này còn {format_dong(max(left, 0))}{more}. Gõ số không lớn hơn thế.", "amount")
    _check_place(refund, gift)


def _check_place(refund: Refund, gift: Donation) -> None:
    if refund.place not in (CASH, BANK):
        raise Refused("Chưa chọn nơi chi. Chọn tiền mặt hoặc tài khoản ngân hàng.", "place")
    if refund.place == BANK:
        bank = db.session.get(BankAccount, refund.bank_account_id) if refund.bank_account_id else None
        if bank is None or (bank.unit_id, bank.fund_id) != (gift.unit_id, gift.posting.fund_id):
            raise Refused(f"Chưa chọn tài khoản của {gift.unit.name} và quỹ này để hoàn trả.", "place")
        check_in_dong(bank.code, bank.currency)
    held = held_at(gift, refund.place, holder_id=refund.holder_id, bank_account_id=refund.bank_account_id)
    if refund.amount > held:
        raise Refused(
            f"Nơi chi đang có {format_dong(max(held, 0))}, không đủ hoàn trả {format_dong(refund.amount)}. "
            "Chọn nơi khác, hoặc gõ số nhỏ hơn.",
            "amount",
        )


def held_at(gift: Donation, place: str, *, holder_id: int | None, bank_account_id: int | None) -> int:
    """What a place of the gift's unit and fund holds by the books, đồng; a bank account with what is in transit."""
    owner = (gift.unit_id, gift.posting.fund_id)
    if place == BANK:
        wanted = [
            AccountFields(*owner, kind, bank_account_id=bank_account_id) for kind in ("bank", "transit")
        ]
    else:
        wanted = [AccountFields(*owner, "cash", holder_id=holder_id)]
    ids = db.session.scalars(select(Account.id).where(Account.key.in_([fields.key for fields in wanted])))
    return sum(books.account_balance(account_id) for account_id in ids)


def check_not_refunded(gifts: Iterable[Donation], verb: str) -> None:
    """Raises Refused while money of one of these gifts has been given back."""
    ids = [gift.id for gift in gifts]
    rows = queries.live_refunds(ids).limit(1)
    refund = db.session.scalar(rows)
    if refund is not None and refund.posting is not None:
        paper = refund.posting.paper_number or f"số {refund.posting.number}"
        raise Refused(
            f"Khoản này đã hoàn trả {format_dong(refund.amount)} (chứng từ {paper}) nên chưa {verb} được. "
            "Đảo chứng từ hoàn trả trước."
        )


@ledger.after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A gift that was given back is not reversed before its refund; what still waits is answered."""
    if posting.kind not in GIFT_DOCUMENTS:
        return
    gifts = select(Donation.id).where(Donation.posting_number == posting.number)
    refund = db.session.scalar(queries.live_refunds(gifts).limit(1))
    if refund is not None:
        check_not_refunded([refund.donation], "đảo")
    waiting = select(Refund).where(Refund.donation_id.in_(gifts), Refund.approved.is_(None))
    for asked in db.session.scalars(waiting):
        asked.approved, asked.answer = False, REVERSED
        asked.decided_by_id, asked.decided_at = mirror.second_id, now()
    db.session.flush()
