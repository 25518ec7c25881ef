"""Writing what became of livelihood aid: what was given, visits due and made. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.cases import rules
from portal.cases.actions import note
from portal.cases.models import SupportCase
from portal.cases.models_follow import CaseAsset, CaseVisit, CaseVisitCount
from portal.kit.checks import check_past, check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold, nfc
from portal.people.models import User


class Given(NamedTuple):
    """So many animals or tools of a name."""

    name: str
    measure: str
    pieces: int


def assets_of(case: SupportCase) -> list[CaseAsset]:
    """What is followed, in its order."""
    rows = select(CaseAsset).where(CaseAsset.case_id == case.id, CaseAsset.withdrawn.is_(False))
    return list(db.session.scalars(rows.order_by(CaseAsset.id)))


def visits_of(case: SupportCase) -> list[CaseVisit]:
    """Visits made and due, by day."""
    rows = select(CaseVisit).where(CaseVisit.case_id == case.id).options(selectinload(CaseVisit.counts))
    return sorted(db.session.scalars(rows), key=lambda one: (one.visited_on or one.due_on, one.id))


def made_visits(case: SupportCase) -> list[CaseVisit]:
    """Visits that were made, the earliest first."""
    return [one for one in visits_of(case) if one.visited_on is not None and one.dropped is None]


def set_assets(case: SupportCase, given: Sequence[Given], *, by: User) -> None:
    """What was given, before the first visit was made. Raises Refused (rows)."""
    if made_visits(case):
        raise Refused(
            "Đã có lần thăm theo danh sách này. Bỏ các lần thăm ghi sai trước rồi mới sửa danh sách.", "rows"
        )
    names = [fold(one.name) for one in given]
    for place, one in enumerate(given, start=1):
        if not one.name.strip() or one.pieces <= 0:
            raise Refused(f"Dòng {place}: ghi tên và số lượng lớn hơn 0.", "rows")
        if names.count(fold(one.name)) > 1:
            raise Refused(f"“{one.name}” ghi hai lần. Gộp thành một dòng.", "rows")
    for asset in assets_of(case):
        asset.withdrawn = True
    db.session.flush()
    db.session.add_all(
        CaseAsset(case_id=case.id, name=nfc(one.name), measure=nfc(one.measure) or "con", count=one.pieces)
        for one in given
    )
    db.session.flush()
    told = ", ".join(f"{one.pieces} {one.measure} {one.name}" for one in given)
    note(case, f"Theo dõi: {told or 'không còn gì'}.", by)


def plan_visits(case: SupportCase, handed_on: date) -> None:
    """The visits that the field asks for, counted from the hand-over; those that stand are not doubled."""
    for visit in visits_of(case):
        if visit.visited_on is None and visit.dropped is None and visit.by_id is None:
            db.session.delete(visit)  # planned by minutes that hold no longer, or that these come on top of
    db.session.flush()
    known = {one.due_on for one in visits_of(case) if one.dropped is None}
    for months in rules.months_of(case.field.visits):
        due = rules.months_later(handed_on, months)
        if due not in known:
            db.session.add(CaseVisit(case_id=case.id, due_on=due))
    db.session.flush()


def add_visit(case: SupportCase, due_on: date, *, by: User) -> CaseVisit:
    """One more visit is due. Raises Refused before anything was handed over."""
    rules.check_may(case.state, (rules.GIVEN, rules.DONE), "hẹn thăm")
    visit = CaseVisit(case_id=case.id, case=case, due_on=due_on, by_id=by.id)
    db.session.add(visit)
    db.session.flush()
    return visit


def record_visit(
    visit: CaseVisit,
    *,
    visited_on: date,
    visitor: str | None,
    remark: str | None,
    told: Mapping[int, Mapping[str, int | None]],
    by: User,
) -> CaseVisit:
    """What was seen: `told` has the counts of rules.FATES (and `born`) by asset id. Raises Refused (a<id>, …)."""
    db.session.refresh(visit, with_for_update={"of": CaseVisit})
    if visit.visited_on is not None or visit.dropped is not None:
        raise Refused("Lần thăm này đã ghi hoặc đã bỏ. Tải lại trang.")
    case = visit.case
    check_past(visited_on, today_in_vietnam(), "visited_on")
    assets = assets_of(case)
    if not assets:
        raise Refused("Chưa ghi đã trao những gì để theo dõi. Ghi danh sách con giống, phương tiện trước.")
    made = made_visits(case)
    earlier = [one for one in made if one.visited_on and one.visited_on <= visited_on]
    if len(earlier) < len(made):
        raise Refused(
            f"Đã có lần thăm ngày {made[-1].visited_on:%d/%m/%Y}, sau ngày này. Ghi theo thứ tự ngày thăm.",
            "visited_on",
        )
    before = {one.asset_id: one for one in (earlier[-1].counts if earlier else ())}
    counts = [_count(visit, asset, told.get(asset.id, {}), before.get(asset.id)) for asset in assets]
    visit.visited_on = visited_on
    visit.visitor = check_text(visitor, "visitor", "ai đi thăm", 200)
    visit.note, visit.by_id = remark, by.id
    db.session.add_all(counts)
    db.session.flush()
    db.session.expire(visit, ["counts"])
    note(case, f"Thăm ngày {visited_on:%d/%m/%Y}: {told_of(visit)}.", by)
    return visit


def _count(
    visit: CaseVisit, asset: CaseAsset, told: Mapping[str, int | None], before: CaseVisitCount | None
) -> CaseVisitCount:
    gone = {fate: getattr(before, fate) for fate in rules.GONE} if before else {}
    counts = rules.check_counts(asset.name, asset.count, told, gone, f"a{asset.id}")
    return CaseVisitCount(visit_id=visit.id, asset_id=asset.id, born=told.get("born"), **counts)


def told_of(visit: CaseVisit) -> str:
    """ "Bò cái sinh sản: 1 còn nuôi, 1 đã bán"."""
    said = []
    for one in visit.counts:
        parts = [
            f"{getattr(one, fate)} {name.lower()}" for fate, name in rules.FATES.items() if getattr(one, fate)
        ]
        parts += [f"sinh thêm {one.born}"] if one.born else []
        said.append(f"{one.asset.name}: {', '.join(parts)}")
    return "; ".join(said)


def drop_visit(visit: CaseVisit, *, reason: str | None, by: User) -> None:
    """A visit that will not take place, or was written wrongly. Raises Refused."""
    if visit.dropped is not None:
        raise Refused("Lần thăm này đã bỏ. Tải lại trang.")
    later: list[Any] = [
        one
        for one in made_visits(visit.case)
        if visit.visited_on is not None and one.id != visit.id and one.visited_on > visit.visited_on  # type: ignore[operator]
    ]
    if later:
        raise Refused("Có lần thăm sau lần này. Bỏ lần thăm mới nhất trước.")
    visit.dropped = check_text(reason, "reason", "lý do bỏ lần thăm", 300)
    db.session.flush()
    note(visit.case, "Bỏ một lần thăm.", by, f"Lý do: {visit.dropped}")
