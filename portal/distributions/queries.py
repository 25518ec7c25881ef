"""Finding lists within a person's units, and what a person may do with one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.distributions import queries_rows, rules
from portal.distributions.models import Distribution, DistributionRow
from portal.kit.access import ACCOUNTANT, APPROVER, AUDITOR, RECORDER
from portal.kit.db import db
from portal.people.models import User
from portal.people.queries import may, units_for
from portal.spending import queries as spending_queries
from portal.spending import rules as spending
from portal.spending.models import Decision

READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR)
WRITERS = (RECORDER, ACCOUNTANT)
HAND_OUT = (RECORDER, ACCOUNTANT)


def distributions_for(user: User) -> Select[Any]:
    """Lists of the person's units."""
    return select(Distribution).where(Distribution.unit_id.in_(units_for(user, *READERS)))


def distribution_or_404(distribution_id: int, *, for_user: User) -> Distribution:
    """A list of the person's units. Raises NotFound."""
    wanted = distributions_for(for_user).where(Distribution.id == distribution_id)
    found = db.session.scalar(
        wanted.options(joinedload(Distribution.unit), joinedload(Distribution.campaign))
    )
    if found is None:
        raise NotFound
    return found


def may_write(user: User, distribution: Distribution) -> bool:
    """Whether the person may build the list and tell what happened at its hand-over."""
    return may(user, WRITERS, distribution.unit_id)


def may_approve(user: User, distribution: Distribution) -> bool:
    """Whether the person may approve the list; that it is another person is checked by the action."""
    return may(user, (APPROVER,), distribution.unit_id)


def rows_of(distribution: Distribution) -> Select[DistributionRow]:
    """The rows of a list that were not refused, in the order of its sheets."""
    return (
        select(DistributionRow)
        .where(DistributionRow.distribution_id == distribution.id, DistributionRow.refused.is_(None))
        .order_by(DistributionRow.ordinal, DistributionRow.id)
    )


def row_or_404(distribution: Distribution, row_id: int) -> DistributionRow:
    """A row of this list. Raises NotFound."""
    found = db.session.scalar(
        select(DistributionRow).where(
            DistributionRow.id == row_id, DistributionRow.distribution_id == distribution.id
        )
    )
    if found is None:
        raise NotFound
    return found


def list_of_decision(decision_id: int) -> Distribution | None:
    """The list that a decision was made of, or None."""
    return db.session.scalar(select(Distribution).where(Distribution.decision_id == decision_id))


def list_of_voucher(voucher_id: int) -> Distribution | None:
    """The list whose money a voucher pays, or None."""
    return db.session.scalar(select(Distribution).where(Distribution.voucher_id == voucher_id))


def missing(distribution: Distribution) -> list[str]:
    """What an approved list still lacks before its officer can go out, a sentence each; empty = nothing."""
    lacks = []
    if queries_rows.money_of(distribution):
        voucher = distribution.voucher
        if voucher is None or voucher.state not in spending.LIVE:
            lacks.append("Chưa lập phiếu chi tiền.")
        elif voucher.state != spending.PAID:
            lacks.append("Phiếu chi đã lập và duyệt, chưa chi tiền. Mở phiếu để ghi chi.")
    if queries_rows.goods_of(distribution) and not queries_rows.goods_documents(distribution, "out"):
        lacks.append("Chưa xuất hàng cho người đi trao.")
    return lacks if distribution.state != rules.CLOSED else []


def address_of(distribution: Distribution) -> str:
    """The page of a list."""
    return f"/quan-ly/trao-qua/{distribution.id}"


def origin_of(decision: Decision) -> spending_queries.Origin | None:
    """The list of which the rows of a decision were made."""
    distribution = list_of_decision(decision.id)
    if distribution is None:
        return None
    text = f"Văn bản này lập từ danh sách trao quà “{distribution.name}”."
    return spending_queries.Origin(text, address_of(distribution), pays=True)


spending_queries.ORIGINS.append(origin_of)
