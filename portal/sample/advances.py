"""The sample's advance: settled in part, one household absent; and one whose day has passed."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from portal.advances.actions import answer_settlement, settle
from portal.advances.rules import Settled
from portal.kit.access import APPROVER
from portal.kit.db import db
from portal.sample.province import Province
from portal.spending.models import Voucher
from portal.spending.rules import ADVANCE


def record_settlements(province: Province, today: date) -> None:
    """Four households have got theirs, one was away, the last is not settled yet; one more settlement waits."""
    advance = db.session.scalars(select(Voucher).where(Voucher.what == ADVANCE)).first()
    assert advance is not None and advance.officer is not None
    *given, away, later = advance.live_rows
    rows = [Settled(row.id, paid=row.amount) for row in given]
    rows.append(Settled(away.id, absent=away.amount, absent_note="Đang nằm viện"))
    day = today - timedelta(days=5)
    told = settle(advance, rows=rows, settled_on=day, papers="danh sách ký nhận số 01", by=advance.officer)
    answer_settlement(told, approve=True, answer="", by=province.people[APPROVER])
    half = later.amount // 2
    settle(
        advance,
        rows=[Settled(later.id, paid=half)],
        settled_on=today,
        papers="danh sách ký nhận số 02",
        by=advance.officer,
    )
