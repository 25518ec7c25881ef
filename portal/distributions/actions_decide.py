"""A list's decision, and its approval by another person, who may refuse single rows. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from portal.distributions import queries, rules
from portal.distributions import queries_rows as found
from portal.distributions.actions_rows import check_round, take
from portal.distributions.events import note
from portal.distributions.models import Distribution, DistributionRow
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.spending import actions as spending
from portal.spending import rules as spending_rules
from portal.spending.actions import RowFields, after_decision
from portal.spending.actions_vouchers import void_voucher
from portal.spending.models import Decision, Voucher


def draft_decision(distribution: Distribution, *, by: User, **head: Any) -> Decision:
    """Draft the decision of a locked list: one row per household. Raises Refused.

    `head` is that of `spending.actions.draft_decision`. Once another person has issued it, the list is decided.
    """
    take(distribution, rules.LOCKED)
    if distribution.decision_id is not None:
        raise Refused("Danh sách này đã có dự thảo quyết định. Mở dự thảo đó để sửa hoặc ban hành.")
    check_round(distribution)
    rows = list(db.session.scalars(queries.rows_of(distribution)))
    households = found.households_of(distribution)
    fields = [_fields(distribution, row, households[row.id][1]) for row in rows]
    decision = spending.draft_decision(
        unit=distribution.unit, fund=distribution.fund, rows=fields, by=by, **head
    )
    for row, decided in zip(rows, decision.rows, strict=True):
        row.decision_row_id = decided.id
    distribution.decision_id, distribution.decision = decision.id, decision
    note(distribution, "drafted", "Soạn dự thảo quyết định theo danh sách", by)
    db.session.flush()
    return decision


def _fields(distribution: Distribution, row: DistributionRow, household: Any) -> RowFields:
    by_bank = distribution.way == rules.BANK and bool(row.amount)
    return RowFields(
        receiver=row.receiver or household.name,
        amount=row.amount or 0,
        goods=row.goods,
        purpose=distribution.purpose,
        campaign_id=distribution.campaign_id,
        address=", ".join(part for part in (row.hamlet, row.commune) if part)[:300] or None,
        content=distribution.content,
        level=distribution.level,
        source=distribution.source,
        households=1,
        bank=household.bank_name if by_bank else None,
        account_number=household.bank_number if by_bank else None,
        account_holder=household.bank_holder if by_bank else None,
    )


@after_decision
def follow_decision(decision: Decision, what: str) -> None:
    """A list is decided when its decision is issued; it is locked only when that is deleted or withdrawn.

    A decision is not withdrawn while money or goods of the list are out. Raises Refused.
    """
    distribution = queries.list_of_decision(decision.id)
    if distribution is None:
        return
    take(distribution)
    if what == spending_rules.ISSUED:
        distribution.state = rules.DECIDED
        text = f"Ban hành quyết định {decision.number} ngày {decision.decided_on:%d/%m/%Y}"
        note(distribution, "decided", text, decision_user(decision.issued_by_id))
    elif what == spending_rules.WITHDRAWN:
        _check_nothing_out(distribution)
        _let_go(distribution, decision.withdrawn_reason or "", decision_user(decision.withdrawn_by_id))
        text = f"Thu hồi quyết định {decision.number}: {decision.withdrawn_reason}"
        note(distribution, "withdrawn", text, decision_user(decision.withdrawn_by_id))
    else:
        _let_go(distribution, "Xóa dự thảo", None)
        note(distribution, "undrafted", "Xóa dự thảo quyết định", None)
    db.session.flush()


def decision_user(user_id: int | None) -> User | None:
    """Who did a step of a decision."""
    return db.session.get(User, user_id) if user_id else None


def _check_nothing_out(distribution: Distribution) -> None:
    if distribution.state in (rules.RELEASED, rules.CLOSED):
        raise Refused(
            f"Danh sách “{distribution.name}” đã trao theo quyết định này. "
            "Đảo phiếu tạm ứng và phiếu xuất hàng của danh sách trước, rồi thu hồi."
        )
    voucher = distribution.voucher
    if voucher is not None and voucher.state == spending_rules.PAID:
        raise Refused(
            f"Phiếu chi của danh sách “{distribution.name}” đã chi tiền. Đảo phiếu đó trước, rồi thu hồi."
        )
    if found.goods_documents(distribution, "out"):
        raise Refused(
            f"Hàng của danh sách “{distribution.name}” đã xuất cho người đi trao. "
            "Đảo phiếu chuyển hàng trước, rồi thu hồi."
        )


def _let_go(distribution: Distribution, reason: str, by: User | None) -> None:
    """The list is a locked one without a decision again; a voucher that waits is void."""
    _void(distribution.voucher, f"Quyết định không còn hiệu lực: {reason}", by)
    table: Any = DistributionRow.__table__
    mine = update(table).where(table.c.distribution_id == distribution.id)
    db.session.execute(mine.values(decision_row_id=None, refused=None))
    for row in list(db.session.identity_map.values()):
        if isinstance(row, DistributionRow):
            db.session.expire(row)
    distribution.decision_id = distribution.decision = None
    distribution.voucher_id = distribution.voucher = None
    distribution.approved_by_id = distribution.approved_at = None
    distribution.state = rules.LOCKED
    db.session.flush()


def _void(voucher: Voucher | None, reason: str, by: User | None) -> None:
    waits = voucher is not None and voucher.state in (spending_rules.PREPARED, spending_rules.APPROVED)
    who = by or (voucher.prepared_by if voucher else None)
    if voucher is not None and waits and who is not None:
        void_voucher(voucher, reason=reason[:900], by=who)


def approve_list(
    distribution: Distribution, *, refused: Mapping[int, str] | None = None, by: User
) -> Distribution:
    """Another person approves; `refused` has the reasons of rows (by id) that get nothing. Raises Refused (rows)."""
    take(distribution, rules.DECIDED)
    _check_approver(distribution, by)
    known = {row.id: row for row in db.session.scalars(queries.rows_of(distribution))}
    for row_id, reason in (refused or {}).items():
        if row_id not in known:
            raise Refused("Dòng này không thuộc danh sách. Tải lại trang.", "rows")
        _refuse(distribution, known[row_id], reason, by)
    db.session.flush()
    if len(known) == len(refused or {}):
        raise Refused("Mọi hộ đều không được duyệt. Chọn “Trả lại danh sách” và ghi lý do.", "rows")
    check_round(distribution)
    distribution.state = rules.APPROVED
    distribution.approved_by_id, distribution.approved_at = by.id, now()
    out = f", không duyệt {format_amount(len(refused))} hộ" if refused else ""
    note(
        distribution,
        "approved",
        f"Duyệt danh sách {format_amount(len(known) - len(refused or {}))} hộ{out}",
        by,
    )
    db.session.flush()
    return distribution


def _check_approver(distribution: Distribution, by: User) -> None:
    """Neither who built the list nor who locked it. Raises Refused."""
    check_second_person(distribution.prepared_by_id, by.id)
    check_second_person(distribution.locked_by_id, by.id)


def _refuse(distribution: Distribution, row: DistributionRow, reason: str, by: User) -> None:
    if not reason.strip():
        raise Refused(f"Chưa ghi lý do không duyệt hộ {row.receiver}. Ghi để người lập biết.", "rows")
    row.refused = reason.strip()
    note(distribution, "refused", f"Không duyệt hộ {row.receiver}: {reason.strip()}", by, row)


def refuse_row(distribution: Distribution, row: DistributionRow, *, reason: str, by: User) -> None:
    """Take one more row out of an approved list before anything has left. Raises Refused (reason)."""
    take(distribution, rules.APPROVED)
    _check_approver(distribution, by)
    _check_nothing_out(distribution)
    if row.refused is not None:
        raise Refused("Hộ này đã được bỏ ra rồi. Tải lại trang.")
    if found.count_rows(distribution) == 1:
        raise Refused("Đây là hộ cuối cùng của danh sách. Thu hồi quyết định nếu không trao nữa.")
    _refuse(distribution, row, reason, by)
    _void(distribution.voucher, f"Bỏ hộ {row.receiver} khỏi danh sách", by)
    distribution.voucher_id = distribution.voucher = None
    db.session.flush()


def send_back(distribution: Distribution, *, reason: str, by: User) -> Decision:
    """The approver says no to the whole list: its decision is withdrawn, the list is locked only. Raises Refused."""
    take(distribution, rules.DECIDED, rules.APPROVED)
    _check_approver(distribution, by)
    if not reason.strip():
        raise Refused("Chưa ghi lý do trả lại danh sách. Ghi để người lập biết cần sửa gì.", "reason")
    decision = db.session.scalars(select(Decision).where(Decision.id == distribution.decision_id)).one()
    return spending.withdraw_decision(decision, reason=reason, by=by)
