"""Telling what happened at the hand-over: one household, the rest at once, undoing. Flushes; the caller commits.

Every answer bears a key of the page that sends it: sent again, it is found and nothing happens twice. It also says
which answer the page had seen (`seen`, 0 = none): what somebody else told meanwhile is never written over unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select, update

from portal.distributions import queries_handover as queries
from portal.distributions.models import Distribution, DistributionEvent, DistributionRow
from portal.distributions.models_handover import HandoverAnswer
from portal.distributions.rules import OUTCOMES, RECEIVED
from portal.distributions.rules_handover import Told, check_told, check_under_way
from portal.kit.days import VIETNAM, today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.seen import lock_row
from portal.people.models import User

NEVER_SEEN = 0


class Conflict(Exception):
    """Somebody else has told something else of the row meanwhile; `answer` is what holds now (None = taken back)."""

    def __init__(self, row: DistributionRow, answer: HandoverAnswer | None, mine: Told):
        super().__init__(row.id)
        self.row, self.answer, self.mine = row, answer, mine


def tell(
    distribution: Distribution, row: DistributionRow, told: Told, *, key: str, seen: int | None, by: User
) -> HandoverAnswer:
    """Write down what became of a household's portion; `seen` None writes over whatever is there.

    The same key gives the same answer. Raises Refused (outcome, proxy_name, proxy_relation, note), Conflict.
    """
    known = _known(row, key)
    if known is not None:
        return known
    _check_open(distribution, row)
    told = check_told(told, first_day=released_day(distribution), today=today_in_vietnam())
    held = queries.newest_answer(row.id)
    if seen is not None and seen != (held.id if held else NEVER_SEEN):
        if held is not None and told_of(held)[:4] == told[:4]:
            return held  # both said the same
        if held is not None or told.outcome is not None:
            raise Conflict(row, held, told)
    return _write(distribution, row, told, key, by)


def undo(
    distribution: Distribution, row: DistributionRow, *, key: str, seen: int | None, by: User
) -> HandoverAnswer:
    """Take the newest answer back: what was told before it holds again. Raises Refused, Conflict."""
    known = _known(row, key)
    if known is not None:
        return known
    _check_open(distribution, row)
    held = queries.newest_answer(row.id)
    if held is None:
        raise Refused("Hộ này chưa ghi kết quả nên không có gì để hoàn tác. Tải lại trang.")
    before = told_of(queries.answer_before(held))
    if seen is not None and seen != held.id:
        raise Conflict(row, held, before)
    return _write(distribution, row, before, key, by)


def tell_rest(distribution: Distribution, *, on: date, hamlet: str | None = None, key: str, by: User) -> int:
    """Everybody of whom nobody has said anything yet has received; returns how many. Raises Refused."""
    check_under_way(distribution.state)
    told = check_told(Told(RECEIVED, on), first_day=released_day(distribution), today=today_in_vietnam())
    lock_row(distribution)
    open_rows = queries.open_rows(distribution, hamlet)
    if not open_rows:
        return 0
    _write_many(distribution, open_rows, told, key, by)
    where = f", {hamlet}" if hamlet else ""
    text = f"Ghi đã nhận cho {len(open_rows)} hộ còn lại{where}"
    note_event(distribution, None, "received", text, by)
    return len(open_rows)


def told_of(answer: HandoverAnswer | None) -> Told:
    """What an answer says; nothing without one."""
    if answer is None:
        return Told(None)
    return Told(answer.outcome, answer.outcome_on, answer.proxy_name, answer.proxy_relation, answer.note)


def note_event(
    distribution: Distribution, row: DistributionRow | None, what: str, text: str, by: User | None
) -> None:
    """One line of what happened to a list; it is audited, and public pages follow it."""
    db.session.add(
        DistributionEvent(
            distribution_id=distribution.id,
            row_id=row.id if row else None,
            what=what,
            text=text[:1000],
            by_id=by.id if by else None,
        )
    )
    db.session.flush()


def released_day(distribution: Distribution) -> date | None:
    """The day from which things may have been handed out: that of the documents that took them along."""
    days = queries.days_taken_along(distribution)
    if days:
        return min(days)
    at = distribution.released_at
    return at.astimezone(VIETNAM).date() if at else None


def _known(row: DistributionRow, key: str) -> HandoverAnswer | None:
    if not key.strip():
        raise Refused("Thiếu mã gửi của trang. Tải lại trang rồi ghi lại.")
    known = db.session.scalar(select(HandoverAnswer).where(HandoverAnswer.key == key))
    if known is not None and known.row_id != row.id:
        raise Refused("Mã gửi này đã dùng cho hộ khác. Tải lại trang rồi ghi lại.")
    return known


def _check_open(distribution: Distribution, row: DistributionRow) -> None:
    check_under_way(distribution.state)
    lock_row(row)
    if row.refused is not None:
        raise Refused("Hộ này không được duyệt trong đợt nên không có quà để trao.")
    settlement = queries.settlement_of_row(row.id)
    if settlement is not None:
        raise Refused(
            f"Hộ này đã nằm trong lần thanh toán ngày {settlement.settled_on:%d/%m/%Y}. "
            "Đảo lần thanh toán đó rồi mới sửa kết quả."
        )


def _write(
    distribution: Distribution, row: DistributionRow, told: Told, key: str, by: User
) -> HandoverAnswer:
    answer = HandoverAnswer(
        distribution_id=distribution.id,
        row_id=row.id,
        key=key,
        outcome=told.outcome,
        outcome_on=told.on,
        proxy_name=told.proxy_name,
        proxy_relation=told.proxy_relation,
        note=told.note,
        by_id=by.id,
    )
    db.session.add(answer)
    row.outcome, row.outcome_on = told.outcome, told.on
    row.proxy_name, row.proxy_relation, row.outcome_note = told.proxy_name, told.proxy_relation, told.note
    row.outcome_by_id, row.outcome_at = (by.id, now()) if told.outcome else (None, None)
    note_event(distribution, row, told.outcome or "taken_back", f"{row.receiver}: {told.words}", by)
    return answer


def _write_many(distribution: Distribution, rows: Sequence[int], told: Told, key: str, by: User) -> None:
    """Set-based: the number of statements does not grow with the list."""
    moment = now()
    values = {
        "distribution_id": distribution.id,
        "outcome": told.outcome,
        "outcome_on": told.on,
        "by_id": by.id,
        "at": moment,
    }
    db.session.execute(
        insert(HandoverAnswer), [{**values, "row_id": row_id, "key": f"{key}:{row_id}"} for row_id in rows]
    )
    for start in range(0, len(rows), 500):
        db.session.execute(
            update(DistributionRow)
            .where(DistributionRow.id.in_(rows[start : start + 500]))
            .values(outcome=told.outcome, outcome_on=told.on, outcome_by_id=by.id, outcome_at=moment)
        )


def outcome_word(outcome: str | None) -> str:
    """ "Đã nhận"; what nobody has said is said so."""
    return OUTCOMES[outcome] if outcome else "Chưa ghi"
