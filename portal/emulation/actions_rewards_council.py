"""Writing councils on rewards: called, what they say of each, minutes closed and opened again. Flushes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from portal.emulation import queries_nominations as queries
from portal.emulation import rules_nominations as rules
from portal.emulation.models_certificates import RewardDecisionRow
from portal.emulation.models_nominations import Nomination, RewardCouncil, RewardCouncilRow
from portal.kit.checks import check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.kit.vietnamese import nfc
from portal.people.models import User
from portal.units.models import Unit
from portal.units.queries import subtree


def call_council(unit: Unit, head: Mapping[str, Any], ids: Sequence[int], *, by: User) -> RewardCouncil:
    """A meeting about these nominations of the unit and those below. Raises Refused."""
    take_posting_lock()
    council = RewardCouncil(unit_id=unit.id, unit=unit, by_id=by.id, closed=False)
    _write_head(council, head)
    db.session.add(council)
    db.session.flush()
    add_to_council(council, ids)
    return council


def _write_head(council: RewardCouncil, head: Mapping[str, Any]) -> None:
    if head["met_on"] > today_in_vietnam():
        raise Refused("Ngày họp chưa tới. Ghi ngày đã họp, muộn nhất là hôm nay.", "met_on")
    council.met_on, council.place, council.remarks = (
        head["met_on"],
        head.get("place") or "",
        head.get("remarks") or "",
    )
    council.chair = check_text(head.get("chair"), "chair", "người chủ trì", 200)
    council.secretary = check_text(head.get("secretary"), "secretary", "thư ký", 200)
    lines = [nfc(line) for line in (head.get("members") or "").splitlines() if nfc(line)]
    if len(lines) < 2:
        raise Refused(
            "Hội đồng có từ hai thành viên trở lên. Ghi mỗi người một dòng: họ tên, chức vụ.", "members"
        )
    council.members = "\n".join(lines)


def add_to_council(council: RewardCouncil, ids: Sequence[int]) -> int:
    """More nominations for a meeting that is open; returns how many. Raises Refused."""
    check_open(council)
    rows = select(Nomination).where(
        Nomination.id.in_(ids),
        Nomination.unit_id.in_(subtree(council.unit_id)),
        Nomination.state.in_(rules.CHANGEABLE),
    )
    chosen = db.session.scalars(rows.order_by(Nomination.id)).all()
    if not chosen:
        raise Refused("Chưa chọn đề nghị nào còn chờ xét. Đánh dấu ít nhất một dòng.", "rows")
    last = max((row.ordinal for row in council.rows), default=0)
    for place, nomination in enumerate(chosen, start=last + 1):
        db.session.add(RewardCouncilRow(council_id=council.id, nomination_id=nomination.id, ordinal=place))
        nomination.state = rules.IN_COUNCIL
    db.session.flush()
    db.session.expire(council, ["rows"])
    return len(chosen)


def check_open(council: RewardCouncil) -> None:
    """The minutes are not closed, as they stand now. Raises Refused."""
    take_posting_lock()
    db.session.refresh(council, with_for_update={"of": RewardCouncil})
    if council.closed:
        raise Refused("Biên bản đã chốt nên không sửa được. Mở lại biên bản trước, nếu chưa có quyết định.")


def record_verdicts(
    council: RewardCouncil, head: Mapping[str, Any], rows: Mapping[int, Mapping[str, Any]]
) -> None:
    """Head of the minutes, and verdict, votes, note by nomination id; may be written in pieces. Raises Refused."""
    check_open(council)
    _write_head(council, head)
    for row in council.rows:
        told = rows.get(row.nomination_id, {})
        verdict = told.get("verdict")
        if verdict is not None and verdict not in rules.VERDICTS:
            raise Refused("Kết quả xét không có trong danh sách. Chọn lại.", "rows")
        row.verdict, row.note = verdict, nfc(told.get("note"))[:500] or None
        row.votes_for, row.votes_against = told.get("votes_for"), told.get("votes_against")
    db.session.flush()


def take_out(council: RewardCouncil, nomination_id: int) -> None:
    """A nomination is not looked at in this meeting after all. Raises Refused."""
    check_open(council)
    row = next((one for one in council.rows if one.nomination_id == nomination_id), None)
    if row is None:
        raise Refused("Đề nghị này không có trong cuộc họp. Tải lại trang.")
    nomination = row.nomination
    db.session.delete(row)
    nomination.state = rules.POSTPONED if _postponed_before(nomination, council) else rules.OPEN
    db.session.flush()
    db.session.expire(council, ["rows"])


def _postponed_before(nomination: Nomination, council: RewardCouncil) -> bool:
    seen = queries.council_rows_of(nomination)
    return any(one.verdict == rules.LATER and one.council_id != council.id for one in seen)


def close_council(council: RewardCouncil) -> None:
    """The minutes are signed: nominations follow their verdicts. Raises Refused while one is missing."""
    check_open(council)
    rules.check_verdicts({f"{row.ordinal}. {row.nomination.name}": row.verdict for row in council.rows})
    for row in council.rows:
        row.nomination.state = rules.AFTER[row.verdict or rules.LATER]
    council.closed = True
    db.session.flush()


def open_again(council: RewardCouncil) -> None:
    """Put closed minutes right as long as nothing rests on them. Raises Refused."""
    take_posting_lock()
    db.session.refresh(council, with_for_update={"of": RewardCouncil})
    ids = [row.nomination_id for row in council.rows]
    later = select(RewardCouncilRow.council_id).where(
        RewardCouncilRow.nomination_id.in_(ids), RewardCouncilRow.council_id > council.id
    )
    decided = select(RewardDecisionRow.id).where(RewardDecisionRow.nomination_id.in_(ids))
    if db.session.scalar(later.limit(1)) or db.session.scalar(decided.limit(1)):
        raise Refused(
            "Đã có quyết định hoặc cuộc họp sau dựa vào biên bản này. Xóa bản nháp quyết định trước."
        )
    for row in council.rows:
        if row.nomination.state == rules.DROPPED:
            raise Refused(f"Đề nghị của {row.nomination.name} đã rút. Mở lại đề nghị đó trước.")
        row.nomination.state = rules.IN_COUNCIL
    council.closed = False
    db.session.flush()


def delete_council(council: RewardCouncil) -> None:
    """A meeting that was called by mistake; its nominations wait as before. Raises Refused."""
    check_open(council)
    for row in list(council.rows):
        take_out(council, row.nomination_id)
    db.session.delete(council)
    db.session.flush()
