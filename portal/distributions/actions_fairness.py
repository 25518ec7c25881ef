"""Reasons why a household stays on a list in spite of a warning; the lock asks for them. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal.distributions import queries_fairness as fairness
from portal.distributions import rules
from portal.distributions.actions_lock import before_lock
from portal.distributions.actions_rows import take
from portal.distributions.events import note
from portal.distributions.models import Distribution, DistributionRow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.people.models import User
from portal.units.models import Unit, UnitText

MOST_OFTEN = 99


def override(distribution: Distribution, row_ids: Sequence[int], *, reason: str, by: User) -> int:
    """Keep these rows of a draft in spite of their warnings, for a reason; returns how many. Raises Refused."""
    take(distribution, rules.DRAFT)
    if not reason.strip():
        raise Refused(
            "Chưa ghi lý do giữ lại. Ghi vì sao hộ vẫn được nhận, ví dụ “nhà cháy tháng 10”.", "reason"
        )
    wanted = select(DistributionRow).where(
        DistributionRow.distribution_id == distribution.id, DistributionRow.id.in_(list(row_ids))
    )
    rows = list(db.session.scalars(wanted))
    if not rows:
        raise Refused("Chưa chọn hộ nào. Đánh dấu các hộ cần ghi lý do.", "rows")
    for row in rows:
        row.override, row.overridden_by_id = reason.strip(), by.id
    note(distribution, "override", f"Giữ lại {format_amount(len(rows))} hộ có cảnh báo: {reason.strip()}", by)
    db.session.flush()
    return len(rows)


@before_lock
def check_reasons(distribution: Distribution) -> None:
    """Every row with a warning has its reason. Raises Refused."""
    need = fairness.reasons_needed(distribution)
    if need.open:
        raise Refused(
            f"Còn {format_amount(need.open)} hộ đã được giúp từ {fairness.often_of(distribution)} lần trong năm, hoặc đang "
            "ở danh sách khác cùng mục đích, mà chưa ghi lý do giữ lại. Mở “Kiểm tra công bằng”, ghi lý do hoặc bỏ hộ.",
            "rows",
        )


def set_often(unit: Unit, count: int | None, *, since: date) -> None:
    """From how many times a year on a household of the unit needs a reason, from a day on. Raises Refused (count)."""
    if count is None or not 1 <= count <= MOST_OFTEN:
        raise Refused(f"Số lần nằm trong khoảng 1 đến {MOST_OFTEN}. Gõ lại, ví dụ 3.", "count")
    known = select(UnitText).where(
        UnitText.unit_id == unit.id, UnitText.key == "helped_often", UnitText.valid_to.is_(None)
    )
    for text in db.session.scalars(known):
        if text.valid_from >= since:
            text.value = str(count)
            db.session.flush()
            return
        text.valid_to = since.fromordinal(since.toordinal() - 1)
    db.session.add(UnitText(unit_id=unit.id, key="helped_often", value=str(count), valid_from=since))
    db.session.flush()
