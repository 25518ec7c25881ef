"""Two donors were one: merging them, and taking that back at any time, after other merges as well.

A merge is an edge from the donor that is gone to the one that stays. `Donor.merged_into_id` is derived from the
edges that are not undone: the end of each chain. So an undo takes one edge away and derives anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from portal.donors import rules
from portal.donors.models import Donor, DonorMerge
from portal.donors.queries import family, may_write
from portal.donors.search import index_donors
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.people.models import User


def merge(kept: Donor, gone: Donor, by: User) -> DonorMerge:
    """`gone` was `kept` all along: its gifts, pledges and papers are found under `kept`. Raises Refused.

    Empty fields of `kept` are filled from `gone`. What pointed to `gone` still does; see `queries.family`.
    """
    kept, gone = _locked(kept.id, gone.id)
    _check(kept, gone, by)
    moved = [gone.id, *(donor.id for donor in _merged_into([gone.id]))]
    filled = rules.filled_from(_values(kept), _values(gone))
    for field, value in filled.items():
        setattr(kept, field, value)
    if "phone" in filled:
        kept.phone_digits = gone.phone_digits
    made = DonorMerge(kept_id=kept.id, gone_id=gone.id, moved=moved, filled=filled, by_id=by.id)
    db.session.add(made)
    db.session.flush()
    _derive(moved)
    index_donors([kept])
    return made


def undo_merge(merge: DonorMerge, by: User) -> None:
    """Part the two again, as if they had never been one; later merges stay. Raises Refused.

    A field that was filled is emptied again unless it was changed since, also where a later merge has passed
    it on. What was recorded for the remaining donor in the meantime stays with that donor.
    """
    kept, gone = _locked(merge.kept_id, merge.gone_id)
    db.session.refresh(merge)
    if merge.undone_at is not None:
        raise Refused("Lần gộp này đã được tách rồi. Mở lại trang để xem hiện trạng.")
    if not (may_write(by, kept.unit_id) and may_write(by, gone.unit_id)):
        raise Refused(
            "Chỉ người ghi hoặc kế toán của cả hai đơn vị mới tách được lần gộp này. Nhờ người có quyền tách."
        )
    if gone.withdrawn:
        raise Refused(
            f"“{gone.name}” đã bị thu hồi cùng bảng nhập, nên không tách ra được nữa. "
            "Ghi người này thành nhà hảo tâm mới nếu cần."
        )
    merge.undone_by_id, merge.undone_at = by.id, now()
    changed = _empty_again(kept, merge)
    db.session.flush()
    _derive([gone.id, *(donor.id for donor in _below(gone.id))])
    index_donors([*changed, gone])


def _check(kept: Donor, gone: Donor, by: User) -> None:
    if kept.id == gone.id:
        raise Refused("Hai bên là cùng một người. Chọn người khác để gộp.", "other")
    for donor in (kept, gone):
        if donor.withdrawn:
            raise Refused(f"“{donor.name}” đã bị thu hồi cùng bảng nhập. Chọn người khác để gộp.", "other")
        if donor.merged_into_id is not None:
            raise Refused(f"“{donor.name}” đã gộp vào người khác. Mở người còn lại rồi gộp từ đó.", "other")
        if not may_write(by, donor.unit_id):
            raise Refused(
                f"“{donor.name}” do {donor.unit.name} theo dõi. Nhờ người ghi hoặc kế toán của cả hai đơn vị gộp.",
                "other",
            )


def _locked(*ids: int) -> list[Donor]:
    """The donors as they are now, held until the transaction ends; always in the same order against deadlocks."""
    wanted = select(Donor).where(Donor.id.in_(ids)).order_by(Donor.id)
    wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = {donor.id: donor for donor in db.session.scalars(wanted)}
    return [found[number] for number in ids]


def _values(donor: Donor) -> dict[str, Any]:
    return {field: getattr(donor, field) for field in rules.FILLABLE}


def _merged_into(ids: list[int]) -> list[Donor]:
    wanted = select(Donor).where(Donor.merged_into_id.in_(ids)).order_by(Donor.id).with_for_update()
    return list(db.session.scalars(wanted))


def _edges(donor_ids: Iterable[int]) -> dict[int, int]:
    """gone → kept of the merges that stand, for these donors and all that their chains lead to."""
    edges: dict[int, int] = {}
    asked = set(donor_ids)
    while asked:
        rows = select(DonorMerge.gone_id, DonorMerge.kept_id)
        rows = rows.where(DonorMerge.gone_id.in_(asked), DonorMerge.undone_at.is_(None))
        found = dict(db.session.execute(rows).all())
        edges |= found
        asked = set(found.values()) - set(edges)
    return edges


def _below(donor_id: int) -> list[Donor]:
    """The donors whose chain of standing merges leads through this one."""
    rows = select(Donor).where(Donor.id.in_(family(donor_id)))
    members = list(db.session.scalars(rows.with_for_update()))
    edges = _edges(donor.id for donor in members)
    return [donor for donor in members if donor.id != donor_id and _leads_through(donor.id, donor_id, edges)]


def _leads_through(start: int, goal: int, edges: dict[int, int]) -> bool:
    place = start
    while place in edges:
        place = edges[place]
        if place == goal:
            return True
    return False


def _derive(donor_ids: list[int]) -> None:
    """Set `merged_into_id` of these donors to the end of their chain."""
    ends = rules.roots(_edges(donor_ids), donor_ids)
    for donor in db.session.scalars(select(Donor).where(Donor.id.in_(donor_ids))):
        donor.merged_into_id = ends[donor.id]
    db.session.flush()


def _empty_again(kept: Donor, merge: DonorMerge) -> list[Donor]:
    """Take back what the merge has filled, up the chain of later merges; returns the donors that changed."""
    changed, fields, donor = [], dict(merge.filled), kept
    while fields:
        fields = {name: value for name, value in fields.items() if getattr(donor, name) == value}
        for name in fields:
            setattr(donor, name, None)
        if "phone" in fields:
            donor.phone_digits = None
        changed.append(donor)
        wanted = select(DonorMerge).where(DonorMerge.gone_id == donor.id, DonorMerge.undone_at.is_(None))
        later = db.session.scalar(wanted)
        if later is None:
            break
        fields = {name: value for name, value in fields.items() if later.filled.get(name) == value}
        later.filled = {name: value for name, value in later.filled.items() if name not in fields}
        donor = later.kept
    return changed
