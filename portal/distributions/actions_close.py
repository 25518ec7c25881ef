"""Closing a list that was handed out, reopening it with a reason, taking told outcomes back. Flushes."""

from __future__ import annotations

from secrets import token_hex
from typing import Protocol

from sqlalchemy import insert, select, update

from portal.distributions.actions_handover import note_event
from portal.distributions.closing import compared
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import HandoverAnswer
from portal.distributions.queries_handover import in_live_settlement, live
from portal.distributions.queries_scans import unfiled_of
from portal.distributions.queries_settle import waiting_settlement
from portal.distributions.rules import CLOSED, RELEASED
from portal.distributions.rules_handover import check_closing, check_under_way
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.seen import lock_row
from portal.people.models import User


class WithReason(Protocol):
    """Something done to a list for a reason."""

    def __call__(self, distribution: Distribution, /, *, reason: str, by: User) -> object:
        """Do it. Raises Refused (reason)."""
        ...


def close(distribution: Distribution, *, by: User) -> None:
    """Close the list. Raises Refused with the first thing of list, sheets, stock and cash that does not agree."""
    lock_row(distribution)
    if distribution.state == CLOSED:
        raise Refused("Đợt này đã khóa rồi. Tải lại trang.")
    check_under_way(distribution.state)
    if waiting_settlement(distribution) is not None:
        raise Refused("Còn một lần thanh toán chờ duyệt. Chờ người duyệt trả lời rồi khóa đợt.")
    found = compared(distribution)
    check_closing([one.side for one in found], {one.side.name: one.words for one in found})
    if unfiled_of(distribution):
        raise Refused("Còn bản quét chưa xếp vào trang nào. Xếp tay hoặc bỏ các bản đó rồi khóa đợt.")
    distribution.state, distribution.closed_by_id, distribution.closed_at = CLOSED, by.id, now()
    note_event(distribution, None, "closed", "Khóa đợt: danh sách, tờ ký nhận, tiền và hàng khớp nhau", by)


def reopen(distribution: Distribution, *, reason: str, by: User) -> None:
    """Open a closed list again. Raises Refused (reason)."""
    lock_row(distribution)
    if distribution.state != CLOSED:
        raise Refused("Đợt này chưa khóa nên không cần mở lại. Tải lại trang.")
    if not reason.strip():
        raise Refused("Chưa ghi lý do mở lại. Ghi cần sửa gì.", "reason")
    distribution.state = RELEASED
    distribution.closed_by_id = distribution.closed_at = None
    note_event(distribution, None, "reopened", f"Mở lại đợt: {reason.strip()}", by)


def take_all_back(distribution: Distribution, *, reason: str, by: User) -> int:
    """Nothing was handed out after all: what was told and is in no settlement is taken back. Raises Refused (reason)."""
    lock_row(distribution)
    check_under_way(distribution.state)
    if not reason.strip():
        raise Refused("Chưa ghi lý do. Ghi vì sao bỏ kết quả đã ghi.", "reason")
    rows = select(DistributionRow.id).where(
        live(distribution), DistributionRow.outcome.is_not(None), ~in_live_settlement()
    )
    ids, key = list(db.session.scalars(rows)), token_hex(12)
    if not ids:
        raise Refused("Không có kết quả nào bỏ được: chưa ghi, hoặc đã đưa vào thanh toán.")
    moment, told = now(), {"distribution_id": distribution.id, "outcome": None, "by_id": by.id}
    db.session.execute(
        insert(HandoverAnswer),
        [{**told, "row_id": row_id, "key": f"{key}:{row_id}", "at": moment} for row_id in ids],
    )
    nothing = dict.fromkeys(
        ("outcome", "outcome_on", "outcome_by_id", "outcome_at", "proxy_name", "proxy_relation")
    )
    for start in range(0, len(ids), 500):
        part = DistributionRow.id.in_(ids[start : start + 500])
        db.session.execute(update(DistributionRow).where(part).values(**nothing, outcome_note=None))
    note_event(distribution, None, "taken_back", f"Bỏ kết quả đã ghi của {len(ids)} hộ: {reason.strip()}", by)
    return len(ids)
