"""Two households that look alike: judging them one or two, and taking that back. Flushes; the caller commits.

A judgement "one household" is an edge from the one that is gone to the one that stays; `Household.merged_into_id` is
derived from the edges that stand. Rows that pointed at the gone one still do, and are found through `family`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from portal.donors.rules import roots
from portal.households.changes import note_change
from portal.households.models_change import HouseholdTwin
from portal.households.models_registry import Household
from portal.households.queries_registry import family, may_write
from portal.households.rules_registry import code_of
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.people.models import User

LABEL = "Hộ trùng"


def judge_same(kept: Household, gone: Household, by: User) -> HouseholdTwin:
    """`gone` was `kept` all along. Raises Refused."""
    kept, gone = _locked(kept.id, gone.id)
    _check(kept, gone, by)
    made = _judgement(kept, gone, by, same=True)
    made.kept_id = kept.id
    db.session.flush()
    _derive([gone.id, *_merged_into(gone.id)])
    note_change(kept, "twin", LABEL, None, f"Gộp hộ {gone.name} ({code_of(gone.id)}) vào hộ này", by)
    note_change(gone, "twin", LABEL, None, f"Gộp vào hộ {kept.name} ({code_of(kept.id)})", by)
    db.session.flush()
    return made


def judge_different(one: Household, other: Household, by: User) -> HouseholdTwin:
    """They are two households and are not asked about again. Raises Refused."""
    one, other = _locked(one.id, other.id)
    _check(one, other, by)
    made = _judgement(one, other, by, same=False)
    for here, there in ((one, other), (other, one)):
        note_change(here, "twin", LABEL, None, f"Khác hộ {there.name} ({code_of(there.id)})", by)
    db.session.flush()
    return made


def undo_judgement(twin: HouseholdTwin, by: User) -> None:
    """Take a judgement back; later ones stay. Raises Refused."""
    first, second = _locked(twin.first_id, twin.second_id)
    db.session.refresh(twin)
    if twin.undone_at is not None:
        raise Refused("Kết luận này đã được rút lại rồi. Mở lại trang để xem hiện trạng.")
    _check_may(by, first, second)
    twin.undone_by_id, twin.undone_at = by.id, now()
    db.session.flush()
    gone_id = second.id if twin.kept_id == first.id else first.id
    if twin.same:
        _derive([gone_id, *db.session.scalars(family(gone_id))])
    said = "Tách ra, không còn là một hộ" if twin.same else "Rút kết luận hai hộ khác nhau"
    for here, there in ((first, second), (second, first)):
        note_change(here, "twin", LABEL, f"{there.name} ({code_of(there.id)})", said, by)
    db.session.flush()


def _judgement(one: Household, other: Household, by: User, *, same: bool) -> HouseholdTwin:
    first, second = sorted((one.id, other.id))
    rows = select(HouseholdTwin).filter_by(first_id=first, second_id=second)
    standing = db.session.scalar(rows.where(HouseholdTwin.undone_at.is_(None)))
    if standing is not None:
        raise Refused("Hai hộ này vừa có người kết luận rồi. Mở lại trang để xem.")
    made = HouseholdTwin(first_id=first, second_id=second, same=same, by_id=by.id)
    db.session.add(made)
    return made


def _check(one: Household, other: Household, by: User) -> None:
    if one.id == other.id:
        raise Refused("Hai bên là cùng một hộ. Chọn hộ khác.")
    for household in (one, other):
        if household.withdrawn or household.merged_into_id is not None:
            raise Refused(f"Hộ {household.name} đã gộp vào hộ khác hoặc đã thu hồi. Mở lại danh sách.")
    _check_may(by, one, other)


def _check_may(by: User, *households: Household) -> None:
    for household in households:
        if not may_write(by, household.unit):
            raise Refused(
                f"Hộ {household.name} thuộc {household.unit.name}. Nhờ người phụ trách cả hai nơi kết luận."
            )


def _locked(*ids: int) -> list[Household]:
    """The rows as they are now, always locked in the same order."""
    wanted = select(Household).where(Household.id.in_(ids)).order_by(Household.id)
    wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = {row.id: row for row in db.session.scalars(wanted)}
    return [found[number] for number in ids]


def _merged_into(household_id: int) -> list[int]:
    rows = select(Household.id).where(Household.merged_into_id == household_id)
    return list(db.session.scalars(rows))


def _edges(ids: Iterable[int]) -> dict[int, int]:
    """gone → kept of the judgements that stand, for these rows and all that their chains lead to."""
    edges: dict[int, int] = {}
    asked = set(ids)
    while asked:
        rows = select(HouseholdTwin).where(
            (HouseholdTwin.first_id.in_(asked)) | (HouseholdTwin.second_id.in_(asked)),
            HouseholdTwin.same,
            HouseholdTwin.undone_at.is_(None),
        )
        found = {
            (twin.second_id if twin.kept_id == twin.first_id else twin.first_id): twin.kept_id
            for twin in db.session.scalars(rows)
        }
        fresh = {gone: kept for gone, kept in found.items() if gone not in edges and kept is not None}
        edges |= fresh
        asked = set(fresh.values())
    return edges


def _derive(ids: list[int]) -> None:
    """Set `merged_into_id` of these rows to the end of their chain."""
    ends = roots(_edges(ids), ids)
    for row in db.session.scalars(select(Household).where(Household.id.in_(ids))):
        row.merged_into_id = ends[row.id]
    db.session.flush()
