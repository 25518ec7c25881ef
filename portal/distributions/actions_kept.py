"""Portions kept for who was absent: given later, with who took them, or returned to the store. Flushes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.distributions.actions_handover import note_event
from portal.distributions.models_handover import KeptPortion
from portal.distributions.rules_handover import GIVEN, WENT_BACK
from portal.goods.actions import issue, transfer
from portal.goods.rules import SlipRow
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.actions import after_reversal_of
from portal.ledger.models import Posting
from portal.people.models import User


def give_kept(
    kept: KeptPortion, *, on: date, taken_by: str | None = None, relation: str | None = None, by: User
) -> Posting:
    """The household, or somebody for it, has got its goods after all. Raises Refused (on, relation)."""
    _take(kept, on)
    taken_by, relation = (taken_by or "").strip() or None, (relation or "").strip() or None
    if taken_by and not relation:
        raise Refused("Nhận thay thì ghi quan hệ với hộ, ví dụ: con, vợ, hàng xóm.", "relation")
    distribution = kept.row.distribution
    who = f"{taken_by} ({relation}), nhận thay {kept.row.receiver}" if taken_by else kept.row.receiver
    posting = issue(
        store=kept.store,
        rows=_slip(kept),
        day=on,
        by=by,
        campaign=distribution.campaign,
        partner=(who or "")[:200],
        remark=f"Trao quà giữ hộ: {distribution.name}",
    )
    _end(kept, GIVEN, on, posting, by)
    kept.taken_by, kept.relation = taken_by, relation
    note_event(distribution, kept.row, GIVEN, f"Trao quà giữ hộ cho {who}", by)
    return posting


def return_kept(kept: KeptPortion, *, on: date, reason: str, by: User) -> Posting:
    """The household does not take its goods any more: they are free for others. Raises Refused (on, reason)."""
    _take(kept, on)
    if not reason.strip():
        raise Refused("Chưa ghi lý do. Ghi vì sao hộ không nhận nữa.", "reason")
    distribution = kept.row.distribution
    assert distribution.store is not None  # goods were put aside out of it
    posting = transfer(
        store=kept.store,
        to_store=distribution.store,
        rows=_slip(kept),
        day=on,
        by=by,
        remark=f"Trả lại kho quà giữ hộ {kept.row.receiver}: {reason.strip()}"[:1000],
    )
    _end(kept, WENT_BACK, on, posting, by)
    kept.reason = reason.strip()
    text = f"Trả về kho quà giữ hộ {kept.row.receiver}: {kept.reason}"
    note_event(distribution, kept.row, WENT_BACK, text, by)
    return posting


def _take(kept: KeptPortion, on: date) -> None:
    take_posting_lock()
    db.session.refresh(kept, with_for_update={"of": KeptPortion})
    if kept.void:
        raise Refused("Lần thanh toán giữ phần quà này đã bị đảo. Tải lại trang.")
    if kept.ended is not None:
        raise Refused("Phần quà này đã trao hoặc đã trả về kho. Tải lại trang để xem.")
    if on > today_in_vietnam():
        raise Refused("Ngày này chưa tới. Ghi ngày trao thực tế.", "on")
    if on < kept.since:
        raise Refused(f"Ngày này trước ngày giữ hộ {format_day(kept.since)}. Sửa lại ngày.", "on")


def _slip(kept: KeptPortion) -> list[SlipRow]:
    return [SlipRow(part.item_id, part.quantity) for part in kept.row.portion.goods]


def _end(kept: KeptPortion, how: str, on: date, posting: Posting, by: User) -> None:
    kept.ended, kept.ended_on, kept.end_number, kept.by_id = how, on, posting.number, by.id
    db.session.flush()


@after_reversal_of("issue", "internal")
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """What was given or returned is kept again."""
    kept = db.session.scalar(select(KeptPortion).where(KeptPortion.end_number == posting.number))
    if kept is None:
        return
    kept.ended = kept.ended_on = kept.end_number = kept.taken_by = kept.relation = kept.reason = None
    note_event(
        kept.row.distribution, kept.row, "reversed", f"Lại giữ hộ phần quà của {kept.row.receiver}", None
    )
