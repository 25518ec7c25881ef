"""What happened to a list, in sentences, and its steps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.distributions import rules
from portal.distributions.models import Distribution, DistributionEvent
from portal.kit.days import format_moment
from portal.kit.db import db

MOST = 200
_ORDER = (rules.DRAFT, rules.LOCKED, rules.DECIDED, rules.APPROVED, rules.RELEASED, rules.CLOSED)
_LABELS = ("Lập danh sách", "Chốt", "Quyết định", "Duyệt", "Giao tiền, hàng và trao", "Khóa")


def steps_of(distribution: Distribution) -> list[dict[str, Any]]:
    """The six steps of a list, as the step line draws them."""
    if distribution.state == rules.CANCELLED:
        return [{"label": "Lập danh sách", "state": "done"}, {"label": "Đã hủy", "state": "now"}]
    reached = _ORDER.index(distribution.state)
    done = distribution.state == rules.CLOSED
    return [
        {
            "label": label,
            "state": "done" if place < reached or done else "now" if place == reached else "next",
        }
        for place, label in enumerate(_LABELS)
    ]


def story_of(distribution: Distribution) -> list[dict[str, str | None]]:
    """`when`, `text`, `note` of everything that was done with a list, the newest of many, oldest first."""
    rows = (
        select(DistributionEvent)
        .where(DistributionEvent.distribution_id == distribution.id)
        .options(joinedload(DistributionEvent.by))
        .order_by(DistributionEvent.id.desc())
        .limit(MOST)
    )
    events = list(db.session.scalars(rows))
    return [
        {"when": format_moment(event.at), "text": event.text, "note": event.by.name if event.by else None}
        for event in reversed(events)
    ]
