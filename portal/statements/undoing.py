"""Taking a whole statement back: one asks with a reason, another decides. Flushes; the caller commits.

Its document is answered by one reversal, day by day, so that the bank's balance in the books is again what it was on
each day; its lines leave the key space, so that the corrected file can be read. Lines stay to be seen. What has been
done with a line since (`uses`) blocks, also at the moment of the second person's word. The public text index asks of
every gift whether its document was reversed, so it needs nothing.

An opening balance that a statement brought goes back with the last document that moves the account: as long as
another one stands, it stands on that opening.
"""

from __future__ import annotations

from sqlalchemy import func, select, update

from portal.kit import audit
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.asking import take_answer
from portal.ledger.models import Posting, Transfer
from portal.people.models import User
from portal.statements import queries, rules
from portal.statements import queries_undo as asked_of
from portal.statements.models import Statement, StatementLine, StatementUndo
from portal.statements.uses import count_uses

NO_LONGER = "Sao kê này đang ở tình trạng “{state}”, không có gì để hoàn lại."
USED = (
    "Có {count} chỗ đã dùng các dòng của sao kê này nên chưa hoàn lại được. "
    "Xem danh sách ở trang hoàn lại của sao kê, gỡ từng chỗ rồi làm lại."
)
BEING_READ = (
    "Tài khoản này đang có một sao kê được nạp, việc đó dựa vào các dòng đã có. "
    "Chờ việc đó xong, hoặc dừng nó, rồi làm lại."
)
GO_THERE = (
    "Chứng từ này là sao kê “{name}”, không đảo từ đây được. "
    "Mở trang của sao kê đó ở mục Sao kê và chọn “Hoàn lại cả lần nạp”."
)


def request_undo(statement: Statement, *, reason: str, by: User) -> StatementUndo:
    """Ask to take a posted statement back; another person decides. Raises Refused."""
    if not reason.strip():
        raise Refused("Chưa ghi lý do. Ghi vì sao cần hoàn lại cả lần nạp.", "reason")
    take_posting_lock()
    _check(statement)
    if asked_of.open_undo_of(statement) is not None:
        raise Refused("Đã có đề nghị hoàn lại sao kê này đang chờ duyệt. Chờ người duyệt trả lời.")
    request = StatementUndo(statement_id=statement.id, reason=reason.strip(), requested_by_id=by.id)
    db.session.add(request)
    db.session.flush()
    return request


def decide_undo(request: StatementUndo, *, approve: bool, answer: str, by: User) -> None:
    """Take the statement back, or refuse (needs an answer). Raises Refused, also when a line was used meanwhile."""
    take_answer(request, approve=approve, answer=answer, by=by)
    db.session.flush()
    if approve:
        statement = request.statement
        db.session.refresh(statement)
        _check(statement)
        _take_back(request, statement, by)
    db.session.flush()


def _check(statement: Statement) -> None:
    if statement.state != "posted":
        raise Refused(NO_LONGER.format(state=rules.STATES[statement.state]))
    if queries.staged_of(statement.bank_account_id) is not None:
        raise Refused(BEING_READ)
    if count := count_uses(statement):
        raise Refused(USED.format(count=format_amount(count)))


def _take_back(request: StatementUndo, statement: Statement, second: User) -> None:
    if statement.posting_number is not None:
        posting = db.session.get_one(Posting, statement.posting_number)
        request.reversal_number = _reverse(posting, request, second).number
    statement.state = "undone"
    mine = StatementLine.statement_id == statement.id
    db.session.execute(
        update(StatementLine).where(mine).values(key=None), execution_options={"synchronize_session": False}
    )
    request.opening_went = _take_opening_back(request, statement, second)
    audit.note(
        "undo",
        "statement",
        entity_id=statement.id,
        unit_id=statement.bank_account.unit_id,
        file_sha256=statement.file_sha256,
        new_rows=statement.new_rows,
        posting=statement.posting_number,
        reversal=request.reversal_number,
        opening_went=request.opening_went,
        requested_by=request.requested_by.name,
        reason=request.reason,
    )


def _reverse(posting: Posting, request: StatementUndo, second: User) -> Posting:
    by, reason = request.requested_by, request.reason
    return ledger.reverse(posting, reason=reason, by=by, second=second, on_its_days=True)


def _take_opening_back(request: StatementUndo, statement: Statement, second: User) -> bool:
    """Answer the openings that statements have brought, unless a document that stands moves the account."""
    openings = asked_of.openings_of(statement.bank_account)
    bank = asked_of.bank_of(statement.bank_account)
    if not openings or bank is None:
        return False
    numbers = [opening.number for opening in openings]
    moved = select(Transfer.debit_id, func.sum(Transfer.amount)).where(Transfer.posting_number.in_(numbers))
    worth = sum(
        int(amount) if debit_id == bank.id else -int(amount)
        for debit_id, amount in db.session.execute(moved.group_by(Transfer.debit_id))
    )
    if queries.has_standing(bank, apart_from=numbers, worth=worth):
        return False
    for opening in openings:
        _reverse(opening, request, second)
    return True


@ledger.after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A statement's document is reversed only with the statement: in `decide_undo`. Raises Refused."""
    if posting.kind != "statement":
        return
    statement = asked_of.statement_of(posting.number)
    if statement is not None and not (statement.state == "posted" and asked_of.is_approved(statement)):
        raise Refused(GO_THERE.format(name=statement.file_name))
