"""A case follows what happens elsewhere: decisions issued, withdrawn, deleted; money paid; documents reversed."""

from __future__ import annotations

from portal.advances.actions_put_aside import after_kept
from portal.advances.models import PutAside
from portal.advances.rules import RELEASE, RETURN
from portal.cases import queries
from portal.cases.actions import note, settle, told_of
from portal.cases.models import CaseDecision, CaseGoods, CaseHandover, CaseHandoverPaper, SupportCase
from portal.goods.models import StockDocument
from portal.goods.slips import after_return
from portal.households.minutes import void_minutes
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.ledger.actions import after_reversal_of
from portal.ledger.models import Posting
from portal.spending import rules as spending
from portal.spending.actions import DELETED, after_decision
from portal.spending.actions_direct import after_direct
from portal.spending.actions_vouchers import after_payment
from portal.spending.models import Decision, Voucher
from portal.spending.models_others import InAndOut
from portal.spending.queries import ORIGINS, Origin, decision_of_posting

PAGE = "/quan-ly/truong-hop/{}"


def comes_from(decision: Decision) -> Origin | None:
    """The rows of a case's decision are those of the case: they are drafted there, not typed."""
    case = queries.case_of_decision(decision.id)
    if case is None:
        return None
    return Origin("Quyết định này lập từ một trường hợp cần giúp.", PAGE.format(case.id))


ORIGINS.append(comes_from)


@after_decision
def follow_decision(decision: Decision, what: str) -> None:
    """Issued: it may be paid. Withdrawn or deleted: the case is where it was before, and may be decided anew."""
    case = queries.case_of_decision(decision.id)
    if case is None:
        return
    if what == DELETED:
        made = db.session.get_one(CaseDecision, decision.id)
        for item in list(made.items):
            db.session.delete(item)
        db.session.flush()
        db.session.delete(made)
        db.session.flush()
        note(case, "Bản nháp quyết định đã xóa.", None)
    elif what == spending.ISSUED:
        note(case, f"Ban hành quyết định số {decision.number}: {told_of(decision)}.", decision.issued_by)
    elif what == spending.WITHDRAWN:
        note(
            case,
            f"Thu hồi quyết định số {decision.number}.",
            decision.withdrawn_by,
            f"Lý do: {decision.withdrawn_reason}",
        )
    settle(case)


@after_payment
def follow_payment(voucher: Voucher, posting: Posting) -> None:
    """A single case is paid straight: its money is no advance and goes to no other unit. Raises Refused."""
    case = queries.case_of_decision(voucher.decision_id)
    if case is None:
        return
    if voucher.what != spending.PAYMENT:
        raise Refused(
            "Quyết định của một trường hợp cần giúp thì chi thẳng cho hộ, không tạm ứng, không phân bổ. "
            "Hủy phiếu này, lập phiếu “Chi”; cán bộ mang tiền đi thì chi từ tiền cán bộ đang giữ."
        )
    note(case, f"Đã chi theo phiếu {posting.paper_number}.", voucher.paid_by)
    settle(case)


@after_direct
def follow_direct(entry: InAndOut) -> None:
    """A sponsor has paid directly for the case."""
    case = queries.case_of_decision(entry.decision_row.decision_id)
    if case is not None:
        note(
            case, f"{entry.donor_name} trả thẳng cho {entry.supplier}, đã ghi thu, ghi chi.", entry.decided_by
        )
        settle(case)


@after_kept
def follow_kept(item: PutAside, posting: Posting) -> None:
    """Money kept for who was absent is not given yet; it is when they take it. Raises Refused after signed minutes."""
    case = queries.case_of_decision(item.decision_row.decision_id)
    if case is None:
        return
    paid = item.voucher_row.voucher.posting_number
    if item.posting_number == posting.number and not item.void and paid in queries.covered_by(case):
        raise Refused(
            "Biên bản bàn giao của phiếu này đã ký là đã nhận đủ. Hủy biên bản trước, rồi giữ lại tiền.",
            "amount",
        )
    if item.end_number is None:
        void_minutes(CaseHandover, CaseHandoverPaper, posting)
    note(case, _told_of_kept(item, posting), None)
    settle(case)


def _told_of_kept(item: PutAside, posting: Posting) -> str:
    amount = format_dong(item.amount)
    if item.void or (item.end_number is None and item.posting_number != posting.number):
        return f"Chứng từ giữ hộ, trao {amount} đã đảo."
    if item.ended == RELEASE:
        return f"Đã trao {amount} giữ hộ theo phiếu {posting.paper_number}."
    if item.ended == RETURN:
        return f"Trả về nguồn {amount} giữ hộ, người nhận không nhận."
    return f"Giữ hộ {amount}, chưa trao: {item.reason}."


@after_return
def follow_return(issue: Posting) -> None:
    """Goods of a case came back to the store: they may go out again."""
    case = _case_of(issue)
    if case is not None:
        note(case, f"Hàng của phiếu {issue.paper_number} nhập lại kho.", None)
        settle(case)


@after_reversal_of("payment", "advance_paid", "in_and_out", "issue")
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A reversed document gave nothing: minutes that hand it over hold no longer, and the case goes on."""
    goods = db.session.get(CaseGoods, posting.number)
    if goods is not None:
        goods.reversed = True
    case = _case_of(posting)
    if case is None:
        return
    name = void_minutes(CaseHandover, CaseHandoverPaper, posting)
    note(case, f"Chứng từ {name} đã đảo.", None, f"Lý do: {mirror.reason}" if mirror.reason else None)
    settle(case)


def _case_of(posting: Posting) -> SupportCase | None:
    document = db.session.get(StockDocument, posting.number)  # of goods that came back: their issue
    goods = db.session.get(CaseGoods, (document and document.of_number) or posting.number)
    if goods is not None:
        return db.session.get_one(SupportCase, goods.case_id)
    decision_id = decision_of_posting(posting.number)
    return queries.case_of_decision(decision_id) if decision_id else None
