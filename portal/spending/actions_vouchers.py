"""Writing vouchers: prepared, approved by another person, paid out of a place. Flushes; the caller commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from portal.campaigns.models import Campaign
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.models import Account, BankAccount, Posting
from portal.ledger.rules import ON_THE_WAY, Line, check_in_dong
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.spending import queries, rules
from portal.spending.models import Decision, Voucher, VoucherRow
from portal.spending.rules import Wanted
from portal.units.models import Unit
from portal.units.queries import ended_text

Follower = Callable[[Voucher, Posting], None]
Judge = Callable[[Voucher], None]
_followers: list[Follower] = []
_judges: list[Judge] = []


def after_preparing(judge: Judge) -> Judge:
    """Mark a function of another room that follows a new voucher in its transaction; it may refuse it (Refused)."""
    _judges.append(judge)
    return judge


def after_payment(follower: Follower) -> Follower:
    """Mark a function of another room that follows a payment in its transaction: (voucher, its document)."""
    _followers.append(follower)
    return follower


def prepare_voucher(
    decision: Decision,
    *,
    wanted: Iterable[Wanted],
    content: str,
    what: str = rules.PAYMENT,
    bank_account: BankAccount | None = None,
    holder: User | None = None,
    officer: User | None = None,
    settle_by: date | None = None,
    to_unit: Unit | None = None,
    receiver: str | None = None,
    receiver_address: str | None = None,
    receiver_paper: str | None = None,
    attachments: str | None = None,
    by: User | None,
    from_origin: bool = False,
) -> Voucher:
    """Prepare a voucher for rows of a decision in force: cash (the box, or `holder`'s hand) or a bank account.

    An advance names its `officer`, an allocation its `to_unit`. A decision made of a list of another room is paid
    from there only (`from_origin`). Raises Refused (rows, place, content, officer_id, to_unit_id).
    """
    take_posting_lock()
    db.session.refresh(decision)
    rules.check_issued(decision.state)
    origin = queries.rows_come_from(decision)
    if origin is not None and origin.pays and not from_origin:
        raise Refused(
            f"{origin.text} Giao tiền ở trang của danh sách đó, sau khi danh sách được duyệt.", "rows"
        )
    _check_head(decision, content, what, bank_account, officer, to_unit)
    taken = rules.check_wanted(wanted, queries.left_of(decision))
    voucher = Voucher(
        unit_id=decision.unit_id,
        fund_id=decision.fund_id,
        decision_id=decision.id,
        decision=decision,
        what=what,
        bank_account_id=bank_account.id if bank_account else None,
        holder_id=holder.id if holder else None,
        officer_id=officer.id if officer else None,
        settle_by=settle_by,
        to_unit_id=to_unit.id if to_unit else None,
        content=content.strip(),
        receiver=receiver,
        receiver_address=receiver_address,
        receiver_paper=receiver_paper,
        attachments=attachments,
        prepared_by_id=by.id if by else None,
    )
    voucher.rows = [
        VoucherRow(ordinal=place, decision_row_id=one.decision_row_id, amount=one.amount)
        for place, one in enumerate(taken, start=1)
    ]
    db.session.add(voucher)
    db.session.flush()
    for judge in _judges:
        judge(voucher)
    return voucher


def _check_head(
    decision: Decision,
    content: str,
    what: str,
    bank_account: BankAccount | None,
    officer: User | None,
    to_unit: Unit | None,
) -> None:
    if not content.strip():
        raise Refused("Chưa ghi lý do chi. Ghi chi cho việc gì, theo văn bản.", "content")
    owner = (decision.unit_id, decision.fund_id)
    if bank_account is not None and (bank_account.unit_id, bank_account.fund_id) != owner:
        raise Refused("Tài khoản này không thuộc đơn vị và quỹ của văn bản. Chọn tài khoản khác.", "place")
    if bank_account is not None:
        check_in_dong(bank_account.code, bank_account.currency)
    if what == rules.ADVANCE and officer is None:
        raise Refused("Chưa chọn người nhận tạm ứng. Chọn cán bộ nhận tiền.", "officer_id")
    if what == rules.ALLOCATION and (to_unit is None or to_unit.id == decision.unit_id):
        raise Refused("Chưa chọn đơn vị nhận phân bổ. Chọn một đơn vị khác.", "to_unit_id")
    if to_unit is not None and to_unit.valid_to is not None:
        raise Refused(ended_text(to_unit), "to_unit_id")


def approve_voucher(voucher: Voucher, *, refused: Mapping[int, str] | None = None, by: User) -> Voucher:
    """Another person approves; `refused` has the reasons of rows (by id) that are taken out. Raises Refused."""
    _take(voucher, wanted=rules.PREPARED)
    check_second_person(voucher.prepared_by_id, by.id)
    rules.check_issued(voucher.decision.state)
    known = {row.id: row for row in voucher.rows}
    for row_id, reason in (refused or {}).items():
        if row_id not in known:
            raise Refused("Dòng này không thuộc phiếu. Tải lại trang.", "rows")
        if not reason.strip():
            raise Refused(
                f"Chưa ghi lý do không duyệt dòng {known[row_id].ordinal}. Ghi để người lập biết.", "rows"
            )
        known[row_id].refused = reason.strip()
    if not voucher.live_rows:
        raise Refused("Mọi dòng đều không được duyệt. Chọn “Không duyệt phiếu” và ghi lý do.", "rows")
    voucher.state, voucher.approved_by_id, voucher.approved_at = rules.APPROVED, by.id, now()
    db.session.flush()
    return voucher


def refuse_voucher(voucher: Voucher, *, reason: str, by: User) -> Voucher:
    """Another person says no to the whole voucher, with a reason; its rows are free again. Raises Refused."""
    _take(voucher, wanted=rules.PREPARED)
    check_second_person(voucher.prepared_by_id, by.id)
    if not reason.strip():
        raise Refused("Chưa ghi lý do không duyệt. Ghi để người lập biết cần sửa gì.", "answer")
    voucher.state, voucher.answer = rules.REFUSED, reason.strip()
    voucher.approved_by_id, voucher.approved_at = by.id, now()
    db.session.flush()
    return voucher


def void_voucher(voucher: Voucher, *, reason: str, by: User) -> Voucher:
    """Give up a voucher that is not paid; it stays in the list with its reason. Raises Refused."""
    _take(voucher)
    if voucher.state not in (rules.PREPARED, rules.APPROVED):
        rules.check_state(voucher.state, wanted=rules.APPROVED)
    if not reason.strip():
        raise Refused("Chưa ghi lý do hủy phiếu. Ghi vì sao không chi nữa.", "answer")
    voucher.state, voucher.answer = rules.VOID, f"{reason.strip()} ({by.name})"
    db.session.flush()
    return voucher


def pay_voucher(voucher: Voucher, *, paid_on: date, by: User) -> Posting:
    """The money leaves: the document takes its number ("PC", "UNC") and is in the books. Raises Refused.

    Never more than the place holds and than each campaign's money allows; a bank payment waits in transit.
    """
    _take(voucher, wanted=rules.APPROVED)
    rules.check_payer(by.id, voucher.approved_by_id, voucher.holder_id)
    rules.check_issued(voucher.decision.state)
    if paid_on < voucher.decision.decided_on:
        raise Refused(
            f"Ngày chi trước ngày văn bản ({voucher.decision.decided_on:%d/%m/%Y}). Ghi ngày chi thực tế.",
            "paid_on",
        )
    _check_money(voucher)
    posting = ledger.post(
        rules.DOCUMENT_OF[voucher.what],
        unit=voucher.unit,
        fund=voucher.fund,
        document_on=paid_on,
        lines=_lines(voucher),
        series=rules.BANK_SERIES if voucher.bank_account_id else rules.CASH_SERIES,
        reason=voucher.content,
        by=by,
        second=voucher.approved_by,
    )
    voucher.state, voucher.paid_by_id, voucher.posting_number = rules.PAID, by.id, posting.number
    db.session.flush()
    for follower in _followers:
        follower(voucher, posting)
    return posting


def _take(voucher: Voucher, *, wanted: str | None = None) -> None:
    """Lock the books and read the voucher as it is now."""
    take_posting_lock()
    db.session.refresh(voucher, with_for_update={"of": Voucher})
    db.session.refresh(voucher.decision)
    if wanted is not None:
        rules.check_state(voucher.state, wanted=wanted)


def _check_money(voucher: Voucher) -> None:
    held = queries.held_at(
        voucher.unit_id,
        voucher.fund_id,
        holder_id=voucher.holder_id,
        bank_account_id=voucher.bank_account_id,
    )
    rules.check_place_holds(voucher.amount, held, queries.place_name(voucher))
    by_campaign: dict[int | None, int] = defaultdict(int)
    for row in voucher.live_rows:
        by_campaign[row.decision_row.campaign_id] += row.amount
    for campaign_id, amount in by_campaign.items():
        campaign = db.session.get(Campaign, campaign_id) if campaign_id else None
        free = queries.free_of(voucher.unit_id, voucher.fund_id, campaign_id)
        rules.check_restricted(amount, free, f"Đợt “{campaign.name}”" if campaign else "Nguồn chung")


def _lines(voucher: Voucher) -> list[Line]:
    place = place_account(voucher)
    if voucher.what == rules.PAYMENT:
        return [
            Line(place, _use(voucher, row.decision_row.campaign_id, row.decision_row.purpose), row.amount)
            for row in voucher.live_rows
        ]
    owner = {"unit_id": voucher.unit_id, "fund_id": voucher.fund_id}
    if voucher.what == rules.ADVANCE:
        gets = ledger.account_for(**owner, kind="advance", holder_id=voucher.officer_id)
    else:
        gets = ledger.account_for(**owner, kind=ON_THE_WAY, partner_id=voucher.to_unit_id)
    return [Line(place, gets, row.amount) for row in voucher.live_rows]


def _use(voucher: Voucher, campaign_id: int | None, purpose: str) -> Account:
    return ledger.account_for(
        unit_id=voucher.unit_id,
        fund_id=voucher.fund_id,
        kind="spent",
        campaign_id=campaign_id,
        purpose=purpose,
    )


def place_account(voucher: Voucher) -> Account:
    """The account that the money leaves: cash, or transit of the bank account."""
    owner = {"unit_id": voucher.unit_id, "fund_id": voucher.fund_id}
    if voucher.bank_account_id is not None:
        return ledger.account_for(**owner, kind="transit", bank_account_id=voucher.bank_account_id)
    return ledger.account_for(**owner, kind="cash", holder_id=voucher.holder_id)


@ledger.after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """The voucher of a reversed payment is reversed; the rows of its decision may be paid again."""
    if posting.kind not in rules.DOCUMENT_OF.values():
        return
    voucher = queries.voucher_of(posting.number)
    if voucher is not None:
        voucher.state = rules.REVERSED
        db.session.flush()
