"""Cash changes hands. Flushes; the caller commits. Whatever a person may get wrong raises Refused."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.cash import queries, rules
from portal.cash.models import CashCount, CashDeposit, CashHandover
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.numbers import last_number, take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.models import Account, BankAccount, Fund, Posting, Transfer
from portal.ledger.queries import account_balance
from portal.ledger.rules import Line, check_in_dong
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.units.models import Unit


def hand_over(
    *,
    unit: Unit,
    fund: Fund,
    receiver: User,
    into_box: bool,
    amount: int,
    notes: dict[str, int],
    remark: str | None,
    by: User,
) -> CashHandover:
    """Give cash out of one's own hand; it moves when the receiver confirms. Raises Refused (amount, receiver_id)."""
    if receiver.id == by.id:
        raise Refused("Người nhận phải khác người giao. Chọn người khác.", "receiver_id")
    take_posting_lock()
    rules.check_in_hand(
        amount,
        queries.in_hand(unit.id, fund.id, by.id),
        promised=queries.promised(unit.id, fund.id, by.id),
    )
    rules.check_notes(notes, amount)
    slip = CashHandover(
        unit_id=unit.id,
        fund_id=fund.id,
        giver_id=by.id,
        receiver_id=receiver.id,
        into_box=into_box,
        amount=amount,
        notes=notes,
        remark=remark,
    )
    db.session.add(slip)
    db.session.flush()
    return slip


def answer_handover(slip: CashHandover, *, accept: bool, answer: str, by: User) -> Posting | None:
    """The receiver confirms (the cash moves, both names stand on the document) or declines with a reason."""
    take_posting_lock()
    db.session.refresh(slip, with_for_update=True)
    if slip.accepted is not None:
        raise Refused("Phiếu giao nhận này đã được trả lời. Tải lại trang để xem kết quả.")
    if by.id != slip.receiver_id:
        raise Refused("Chỉ người có tên nhận trên phiếu mới xác nhận được. Báo người giao lập phiếu khác.")
    check_second_person(slip.giver_id, by.id)
    if not accept and not answer.strip():
        raise Refused("Chưa ghi lý do không nhận. Ghi để người giao biết cần sửa gì.", "answer")
    slip.accepted, slip.answer, slip.answered_at = accept, answer.strip() or None, now()
    posting = _move(slip) if accept else None
    slip.posting_number = posting.number if posting else None
    db.session.flush()
    return posting


def _move(slip: CashHandover) -> Posting:
    rules.check_in_hand(slip.amount, queries.in_hand(slip.unit_id, slip.fund_id, slip.giver_id))
    unit, fund = slip.unit, slip.fund
    giver, receiver = slip.giver, slip.receiver
    return ledger.post(
        "internal",
        unit=unit,
        fund=fund,
        document_on=today_in_vietnam(),
        lines=[
            Line(
                _cash(unit, fund, giver.id),
                _cash(unit, fund, None if slip.into_box else receiver.id),
                slip.amount,
            )
        ],
        series=rules.HANDOVER_SERIES,
        by=giver,
        second=receiver,
        reason=f"{giver.name} bàn giao tiền mặt cho {receiver.name}.",
    )


def take_back(slip: CashHandover, *, by: User) -> None:
    """The giver withdraws a slip that nobody has confirmed. Raises Refused."""
    take_posting_lock()
    db.session.refresh(slip, with_for_update=True)
    if by.id != slip.giver_id:
        raise Refused("Chỉ người giao rút lại được phiếu này.")
    if slip.accepted is not None:
        raise Refused("Người nhận đã trả lời phiếu này, không rút lại được nữa.")
    slip.accepted, slip.answer, slip.answered_at = False, "Người giao rút lại phiếu.", now()
    db.session.flush()


def deposit(
    *,
    unit: Unit,
    fund: Fund,
    bank_account: BankAccount,
    from_box: bool,
    amount: int,
    day: date,
    notes: dict[str, int],
    by: User,
) -> CashDeposit:
    """Carry cash to the bank: it leaves the box (or the person's hand) and waits in transit for its line."""
    if (bank_account.unit_id, bank_account.fund_id) != (unit.id, fund.id):
        raise Refused(f"Tài khoản này không thuộc {unit.name} và quỹ này. Chọn tài khoản khác.", "account_id")
    check_in_dong(bank_account.code, bank_account.currency)
    take_posting_lock()
    holder_id = None if from_box else by.id
    promised = 0 if from_box else queries.promised(unit.id, fund.id, by.id)
    rules.check_in_hand(amount, queries.in_hand(unit.id, fund.id, holder_id), promised=promised)
    rules.check_notes(notes, amount)
    transit = ledger.account_for(
        unit_id=unit.id, fund_id=fund.id, kind="transit", bank_account_id=bank_account.id
    )
    posting = ledger.post(
        "internal",
        unit=unit,
        fund=fund,
        document_on=day,
        lines=[Line(_cash(unit, fund, holder_id), transit, amount)],
        series=rules.DEPOSIT_SERIES,
        by=by,
        reason=f"Nộp tiền mặt vào tài khoản {bank_account.code}.",
    )
    slip = CashDeposit(
        posting_number=posting.number,
        bank_account_id=bank_account.id,
        holder_id=holder_id,
        amount=amount,
        notes=notes,
    )
    db.session.add(slip)
    db.session.flush()
    return slip


def count(
    *,
    unit: Unit,
    fund: Fund,
    box: bool,
    notes: dict[str, int],
    witness: str | None,
    remark: str | None,
    by: User,
) -> CashCount:
    """Write down the notes that lie in the box (or in one's own hand), beside what the books say now."""
    take_posting_lock()  # the balance and the number belong to one moment
    total, holder_id = rules.total_of(notes), None if box else by.id
    in_books = queries.in_hand(unit.id, fund.id, holder_id)
    if total != in_books and not remark:
        raise Refused(
            f"Đếm được {format_amount(total)} đ, sổ ghi {format_amount(in_books)} đ. "
            "Đếm lại; nếu đúng là lệch thì ghi rõ vào phần nhận xét.",
            "remark",
        )
    counted = CashCount(
        unit_id=unit.id,
        fund_id=fund.id,
        holder_id=holder_id,
        counted_on=today_in_vietnam(),
        notes=notes,
        total=total,
        in_books=in_books,
        through=last_number(),
        witness=witness,
        remark=remark,
        by_id=by.id,
    )
    db.session.add(counted)
    db.session.flush()
    return counted


def _cash(unit: Unit, fund: Fund, holder_id: int | None) -> Account:
    return ledger.account_for(unit_id=unit.id, fund_id=fund.id, kind="cash", holder_id=holder_id)


@ledger.after_reversal
def refuse_empty_hand(posting: Posting, mirror: Posting) -> None:
    """A reversal may not take cash out of a hand that has passed it on. Raises Refused."""
    emptied = select(Account).join(Transfer, Transfer.credit_id == Account.id)
    emptied = emptied.where(Transfer.posting_number == mirror.number, Account.kind == "cash").distinct()
    for account in db.session.scalars(emptied):
        left = account_balance(account.id)
        if left < 0:
            raise Refused(
                "Tiền mặt của chứng từ này đã được bàn giao, nộp ngân hàng hoặc chi: đảo sẽ làm tồn quỹ âm "
                f"{format_amount(-left)} đ. Đảo phiếu bàn giao, phiếu nộp trước, rồi đảo chứng từ này."
            )
