"""A house follows what happens elsewhere: decisions issued, withdrawn, deleted; vouchers; documents reversed."""

from __future__ import annotations

from sqlalchemy import select

from portal.advances.actions_put_aside import after_kept
from portal.advances.models import PutAside
from portal.households.minutes import void_minutes
from portal.housing import queries_money, rules
from portal.housing.actions import freeze, note, stage_of, thaw
from portal.housing.actions_money import rows_of
from portal.housing.actions_tranches import check_direct, check_paying, match_direct, match_voucher
from portal.housing.models import HouseProject
from portal.housing.models_closing import HouseHandover, HouseHandoverPaper
from portal.housing.models_money import HouseDecision, HouseTranche
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.ledger.actions import after_reversal_of
from portal.ledger.models import Posting
from portal.spending import rules as spending
from portal.spending.actions import DELETED, after_decision
from portal.spending.actions_direct import after_asking, after_direct
from portal.spending.actions_vouchers import after_payment, after_preparing
from portal.spending.models import Decision, DecisionRow, Voucher
from portal.spending.models_others import InAndOut
from portal.spending.queries import ORIGINS, Origin, decision_of_posting

PAGE = "/quan-ly/nha/{}"


def comes_from(decision: Decision) -> Origin | None:
    """The rows of a house's decision are those of the house: they are drafted there, not typed."""
    made = queries_money.house_decision(decision.id)
    if made is None:
        return None
    return Origin("Quyết định này lập từ hồ sơ một căn nhà.", PAGE.format(made.project_id))


ORIGINS.append(comes_from)


@after_decision
def follow_decision(decision: Decision, what: str) -> None:
    """Issued: the house is approved, names and address are frozen. Withdrawn: it may be decided anew."""
    made = queries_money.house_decision(decision.id)
    if made is None:
        return
    project = made.project
    if what == DELETED:
        _forget(made)
        note(project, "Bản nháp quyết định đã xóa.", None)
    elif what == spending.ISSUED:
        _issued(project, decision)
    elif what == spending.WITHDRAWN:
        _withdrawn(project, decision)
    db.session.flush()


def _forget(made: HouseDecision) -> None:
    for row in rows_of(made):
        db.session.delete(row)
    db.session.flush()
    db.session.delete(made)
    db.session.flush()


def _issued(project: HouseProject, decision: Decision) -> None:
    if project.state == rules.STOPPED:
        raise Refused(
            "Công trình đang dừng nên chưa ban hành quyết định này. Chọn “Làm tiếp” ở trang của căn nhà trước."
        )
    if project.state == rules.HANDED_OVER:
        raise Refused(
            "Nhà đã bàn giao nên không ban hành thêm quyết định cho căn nhà này. Xóa bản nháp, hoặc hủy biên bản bàn giao "
            "nhà trước."
        )
    if project.state == rules.SURVEYED:
        freeze(project, decision.decided_on, decision.issued_by)
    amount = sum(row.amount for row in decision.rows)
    note(project, f"Ban hành quyết định số {decision.number}: {format_dong(amount)}.", decision.issued_by)


def _withdrawn(project: HouseProject, decision: Decision) -> None:
    reason = f"Thu hồi quyết định số {decision.number}"
    note(project, f"{reason}.", decision.withdrawn_by, f"Lý do: {decision.withdrawn_reason}")
    _open_again(decision)
    others = [one for one in queries_money.decisions_of(project) if one.decision.state == spending.ISSUED]
    come = queries_money.cost_of(project)
    if others or stage_of(project) != rules.APPROVED or come.fund or come.outside:
        return  # what was begun or paid stays approved; the next step asks for a new decision
    stopped = project.state == rules.STOPPED
    thaw(project, reason)
    if stopped:
        project.state, project.stopped_from = rules.STOPPED, rules.SURVEYED


def _open_again(decision: Decision) -> None:
    """Tranches that nothing pays go with their decision."""
    rows = select(HouseTranche).where(
        HouseTranche.decision_row_id.in_(select(DecisionRow.id).where(DecisionRow.decision_id == decision.id))
    )
    for one in db.session.scalars(rows):
        if not queries_money.is_taken(one):
            one.withdrawn = True


after_preparing(match_voucher)
after_asking(match_direct)


@after_payment
def follow_payment(voucher: Voucher, posting: Posting) -> None:
    """Money left for a tranche. Raises Refused when its stage no longer stands."""
    made = queries_money.house_decision(voucher.decision_id)
    if made is None:
        return
    check_paying(voucher, posting.document_on)
    note(
        made.project,
        f"Đã chi {format_dong(voucher.amount)} theo phiếu {posting.paper_number}.",
        voucher.paid_by,
    )


@after_kept
def refuse_kept(item: PutAside, posting: Posting) -> None:
    """A tranche is paid or it is not: what nobody took is reversed, so that it can be paid again. Raises Refused."""
    begins = item.posting_number == posting.number and not item.void
    if begins and queries_money.house_decision(item.decision_row.decision_id) is not None:
        raise Refused(
            "Phiếu này trả một đợt cấp của căn nhà nên không giữ hộ. Người nhận chưa nhận tiền thì đảo phiếu, "
            "chi lại khi họ tới."
        )


@after_direct
def follow_direct(entry: InAndOut) -> None:
    """A sponsor has paid directly for a tranche. Raises Refused when its stage no longer stands."""
    made = queries_money.house_decision(entry.decision_row.decision_id)
    if made is None:
        return
    check_direct(entry)
    told = (
        f"{entry.donor_name} trả thẳng cho {entry.supplier}, đã ghi thu, ghi chi {format_dong(entry.amount)}."
    )
    note(made.project, told, entry.decided_by)


@after_reversal_of("payment", "advance_paid", "in_and_out")
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A reversed document paid nothing: its tranche is open again, minutes that hand it over hold no longer."""
    project = _project_of(posting)
    if project is None:
        return
    _free_tranche(posting)
    name = void_minutes(HouseHandover, HouseHandoverPaper, posting)
    note(project, f"Chứng từ {name} đã đảo.", None, f"Lý do: {mirror.reason}" if mirror.reason else None)


def _free_tranche(posting: Posting) -> None:
    """A voucher says itself that it was reversed; what a sponsor paid directly does not."""
    rows = select(HouseTranche).join(InAndOut, InAndOut.id == HouseTranche.in_and_out_id)
    for tranche in db.session.scalars(rows.where(InAndOut.posting_number == posting.number)):
        tranche.in_and_out_id = tranche.in_and_out = None


def _project_of(posting: Posting) -> HouseProject | None:
    decision_id = decision_of_posting(posting.number)
    made = queries_money.house_decision(decision_id) if decision_id else None
    return made.project if made else None
