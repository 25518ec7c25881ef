"""What of hand-overs waits: answers to accounts, signed pages that are missing, scans to file, goods kept for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import HandoverSettlement, KeptPortion, SheetScan
from portal.distributions.queries_scans import is_covered
from portal.distributions.rules import HANDED, RELEASED
from portal.distributions.rules_handover import ASKED
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for

PAPERS_WITHIN = timedelta(days=3)  # after the hand-over, until signed pages are chased
KEPT_LONG = timedelta(days=30)


@still_open
def lists(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Lists of the period that are handed out and not closed."""
    rows = select(func.count(Distribution.id)).where(
        Distribution.unit_id == unit_id,
        Distribution.fund_id == fund_id,
        Distribution.state == RELEASED,
        Distribution.handed_on <= through,
    )
    count = int(db.session.scalar(rows) or 0)
    if count:
        yield OpenItem(count, "Đợt trao quà chưa khóa", "", "distributions.index", {"tinh_trang": RELEASED})


def _one(name: str, badge: str, kind: str, verb: str, endpoint: str, group: int = TODAY) -> Any:
    """How something of one list is worded; several lead to the lists."""

    def told(waiting: Waiting) -> Work:
        only = waiting.count == 1
        place = {"distribution_id": waiting.first} if only else {}
        target = endpoint if only else "distributions.index"
        return Work(
            group, waiting.count, name, waiting.name if only else "", badge, kind, verb, target, place
        )

    return told


@waits(
    "distributions.settlement",
    _one("Thanh toán trao quà chờ duyệt", "Chờ duyệt", "warn", "Xem và duyệt", "distributions.settling"),
)
def settlements_to_answer(user: User) -> Select[Any]:
    """Accounts of goods alone, of others: those with money wait among the settlements of advances."""
    others = or_(HandoverSettlement.asked_by_id.is_(None), HandoverSettlement.asked_by_id != user.id)
    rows = ask(Distribution.id, name=Distribution.name).join(
        HandoverSettlement, HandoverSettlement.distribution_id == Distribution.id
    )
    return rows.where(
        Distribution.unit_id.in_(units_for(user, APPROVER)),
        or_(Distribution.officer_id.is_(None), Distribution.officer_id != user.id),
        HandoverSettlement.state == ASKED,
        HandoverSettlement.settlement_id.is_(None),
        others,
    )


@waits(
    "distributions.papers",
    _one("Tờ ký nhận chưa nộp lại đủ", "Thiếu trang", "warn", "Tải bản quét", "distributions.scans", WEEK),
)
def papers_missing(user: User) -> Select[Any]:
    """Lists of which somebody got something some days ago while no signed page shows it."""
    since = today_in_vietnam() - PAPERS_WITHIN
    without = select(DistributionRow.id).where(
        DistributionRow.distribution_id == Distribution.id,
        DistributionRow.refused.is_(None),
        DistributionRow.outcome.in_(HANDED),
        DistributionRow.outcome_on <= since,
        ~is_covered(),
    )
    return ask(Distribution.id, name=Distribution.name).where(
        Distribution.unit_id.in_(units_for(user, ACCOUNTANT, RECORDER)),
        Distribution.state == RELEASED,
        without.correlate(Distribution).exists(),
    )


@waits(
    "distributions.unfiled",
    _one("Bản quét chưa rõ trang", "Chờ xếp", "warn", "Xếp tay", "distributions.scans"),
)
def scans_to_file(user: User) -> Select[Any]:
    """Lists with scans whose code could not be read."""
    unfiled = select(SheetScan.id).where(
        SheetScan.distribution_id == Distribution.id,
        SheetScan.sheet_id.is_(None),
        SheetScan.dropped.is_(None),
    )
    return ask(Distribution.id, name=Distribution.name).where(
        Distribution.unit_id.in_(units_for(user, ACCOUNTANT, RECORDER)),
        Distribution.state == RELEASED,
        unfiled.correlate(Distribution).exists(),
    )


def _kept(waiting: Waiting) -> Work:
    only = waiting.count == 1
    return Work(
        WEEK,
        waiting.count,
        "Hàng giữ cho người vắng đã lâu",
        waiting.name if only else "",
        "Chưa trao",
        "neutral",
        "Xem danh sách",
        "distributions.absent_row" if only else "distributions.absent",
        {"row_id": waiting.first} if only else {"tinh_trang": "waiting"},
    )


@waits("distributions.kept", _kept)
def kept_long(user: User) -> Select[Any]:
    """Goods kept for longer than a month."""
    rows = ask(DistributionRow.id, name=Distribution.name)
    rows = rows.join(KeptPortion, KeptPortion.row_id == DistributionRow.id)
    rows = rows.join(Distribution, Distribution.id == DistributionRow.distribution_id)
    return rows.where(
        Distribution.unit_id.in_(units_for(user, ACCOUNTANT, RECORDER)),
        KeptPortion.ended.is_(None),
        KeptPortion.void.is_(False),
        KeptPortion.since <= today_in_vietnam() - KEPT_LONG,
    )
