"""Interest, fees, exchange and counted differences: one asks, another decides; then a document of its own.

Interest and fees of the bank wait in transit for their statement line. An exchange difference has no such line: it
changes what the account is worth in đồng. No place falls below zero. Flushes; the caller commits.
"""

from __future__ import annotations

from datetime import date

from portal.campaigns.models import Campaign
from portal.cash.models import CashCount
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.asking import take_answer
from portal.ledger.models import BankAccount, Fund, Posting
from portal.ledger.rules import Line
from portal.people.models import User
from portal.spending import queries, queries_others, rules_others
from portal.spending.models_others import OtherEntry
from portal.spending.rules import check_place_holds


def request_entry(
    bank_account: BankAccount,
    *,
    cause: str,
    amount: int,
    happened_on: date,
    reason: str,
    by: User,
    way: str | None = None,
    rate: str | None = None,
    campaign: Campaign | None = None,
) -> OtherEntry:
    """Ask to book interest, a fee or an exchange difference of an account, đồng; `way`: GAIN or LOSS. Raises Refused."""
    take_posting_lock()
    gain = rules_others.way_of(cause, way)
    rules_others.check_text(cause, reason, rate)
    if campaign is not None and campaign.fund_id != bank_account.fund_id:
        raise Refused("Đợt này thuộc quỹ khác với tài khoản. Chọn đợt khác, hoặc để trống.", "campaign_id")
    entry = OtherEntry(
        unit_id=bank_account.unit_id,
        fund_id=bank_account.fund_id,
        cause=cause,
        gain=gain,
        bank_account_id=bank_account.id,
        bank_account=bank_account,
        campaign_id=campaign.id if campaign else None,
        amount=amount,
        happened_on=happened_on,
        rate=(rate or "").strip() or None,
        reason=reason.strip(),
        requested_by_id=by.id,
    )
    return _asked(entry)


def request_count_entry(count: CashCount, *, reason: str, by: User) -> OtherEntry:
    """Ask to book the difference of a count of cash; its amount is the count's. Raises Refused."""
    take_posting_lock()
    rules_others.check_text(rules_others.COUNT, reason, None)
    amount, gain = check_bookable(count)
    entry = OtherEntry(
        unit_id=count.unit_id,
        fund_id=count.fund_id,
        cause=rules_others.COUNT,
        gain=gain,
        holder_id=count.holder_id,
        holder=count.holder,
        cash_count_id=count.id,
        cash_count=count,
        amount=amount,
        happened_on=count.counted_on,
        reason=reason.strip(),
        requested_by_id=by.id,
    )
    return _asked(entry)


def check_bookable(count: CashCount) -> tuple[int, bool]:
    """(đồng, whether more was found) of a count whose difference nobody has booked yet. Raises Refused."""
    amount, gain = rules_others.difference_of(count.total, count.in_books)
    if queries_others.entry_of_count(count.id) is not None:
        raise Refused("Chênh lệch của lần kiểm quỹ này đã được đề nghị ghi sổ. Xem ở “Thu, chi khác”.")
    _check_count(count)
    return amount, gain


def _asked(entry: OtherEntry) -> OtherEntry:
    with db.session.no_autoflush:
        _check_place(entry)
    db.session.add(entry)
    db.session.flush()
    return entry


def decide_entry(entry: OtherEntry, *, approve: bool, answer: str, by: User) -> Posting | None:
    """Approve (returns the document) or refuse (returns None; needs an answer). Raises Refused."""
    take_answer(entry, approve=approve, answer=answer, by=by)
    if approve:
        if entry.cash_count is not None:
            _check_count(entry.cash_count)
        _check_place(entry)
        entry.posting = _post(entry, by)
    db.session.flush()
    return entry.posting


def _post(entry: OtherEntry, second: User) -> Posting:
    owner = {"unit_id": entry.unit_id, "fund_id": entry.fund_id}
    other = ledger.account_for(**owner, kind="other", campaign_id=entry.campaign_id, purpose=entry.cause)
    if entry.bank_account_id is None:
        place = ledger.account_for(**owner, kind="cash", holder_id=entry.holder_id)
    else:
        kind = "bank" if entry.cause == rules_others.EXCHANGE else "transit"
        place = ledger.account_for(**owner, kind=kind, bank_account_id=entry.bank_account_id)
    line = Line(other, place, entry.amount) if entry.gain else Line(place, other, entry.amount)
    return ledger.post(
        "other",
        unit=entry.unit,
        fund=db.session.get_one(Fund, entry.fund_id),
        document_on=entry.happened_on,
        lines=[line],
        series=rules_others.series_of(entry.cause, gain=entry.gain),
        reason=entry.reason,
        by=entry.requested_by,
        second=second,
    )


def _check_count(count: CashCount) -> None:
    rules_others.check_count(
        newer=queries_others.newer_count(count),
        late=queries_others.late_documents(count),
        counted_on=count.counted_on,
    )


def _held(entry: OtherEntry) -> int:
    return queries.held_at(
        entry.unit_id, entry.fund_id, holder_id=entry.holder_id, bank_account_id=entry.bank_account_id
    )


def _check_place(entry: OtherEntry) -> None:
    if entry.amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng theo chứng từ, ví dụ 22.000.", "amount")
    if not entry.gain:
        check_place_holds(entry.amount, _held(entry), queries_others.place_of(entry))


@ledger.after_reversal
def refuse_empty_account(posting: Posting, mirror: Posting) -> None:
    """A reversed gain may not leave its account below zero. Cash is looked after by its own room. Raises Refused."""
    if posting.kind != "other":
        return
    entry = queries_others.entry_of(posting.number)
    if entry is None or entry.bank_account_id is None or (left := _held(entry)) >= 0:
        return
    raise Refused(
        f"{queries_others.place_of(entry)} không còn đủ tiền: đảo chứng từ này sẽ làm số dư âm {format_dong(-left)}. "
        "Đảo các khoản chi sau đó trước, rồi đảo chứng từ này."
    )
