"""Reading batches: within a person's units, their lines, totals, twins, and who typed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, union
from sqlalchemy.orm import joinedload

from portal.batches import columns as cols
from portal.batches.models import DraftEdit, GiftBatch, GiftDraft
from portal.batches.rules import (
    DISCARDED,
    POSTED,
    TYPING,
    WAITING,
    Goods,
    Ground,
    Line,
    Totals,
    read_line,
)
from portal.campaigns.queries import with_units_above
from portal.donations.rules import GOODS
from portal.donors.queries import kinds_now
from portal.goods.models import Item
from portal.goods.values import usual_prices
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.folded import has_words
from portal.kit.vietnamese import fold
from portal.people.models import RoleGrant, User
from portal.people.queries import readable_units
from portal.units.models import Unit

WRITERS = (RECORDER, ACCOUNTANT)
POSTERS = (ACCOUNTANT, APPROVER)
LOADED = (
    joinedload(GiftBatch.unit),
    joinedload(GiftBatch.campaign),
    joinedload(GiftBatch.by),
    joinedload(GiftBatch.holder),
)


def state() -> ColumnElement[str]:
    """The state of the present batch, as a column."""
    return case(
        (GiftBatch.discarded_at.is_not(None), DISCARDED),
        (GiftBatch.posted_at.is_not(None), POSTED),
        (GiftBatch.handed_in_at.is_not(None), WAITING),
        else_=TYPING,
    )


def state_of(batch: GiftBatch) -> str:
    """The state of a batch that is loaded."""
    if batch.discarded_at is not None:
        return DISCARDED
    if batch.posted_at is not None:
        return POSTED
    return WAITING if batch.handed_in_at is not None else TYPING


def batches_for(user: User) -> Select[Any]:
    """Batches of the units that a person may read."""
    return select(GiftBatch).where(GiftBatch.unit_id.in_(readable_units(user)))


def batch_or_404(batch_id: int, *, for_user: User) -> GiftBatch:
    """The batch, if the person may read its unit; otherwise 404."""
    return db.one_or_404(batches_for(for_user).where(GiftBatch.id == batch_id).options(*LOADED))


def _lines() -> Any:
    return select(GiftDraft).where(GiftDraft.batch_id == GiftBatch.id).correlate(GiftBatch)


def line_count() -> ColumnElement[int]:
    """How many lines the present batch has, as a column."""
    return _lines().with_only_columns(func.count()).scalar_subquery()


def line_sum() -> ColumnElement[int]:
    """The money of the present batch, đồng; goods stand apart. As a column."""
    return _lines().with_only_columns(func.coalesce(func.sum(_money()), 0)).scalar_subquery()


def _money() -> ColumnElement[int]:
    return case((GiftDraft.form == GOODS, 0), else_=func.coalesce(GiftDraft.amount, 0))


def listed_batches(user: User) -> Select[Any]:
    """The same with what a list shows of each: (GiftBatch, state, lines, sum)."""
    columns = (state().label("state"), line_count().label("lines"), line_sum().label("money"))
    return batches_for(user).add_columns(*columns).options(*LOADED)


def found_by(text: str) -> ColumnElement[bool]:
    """Condition for what people type into the search of the list."""
    return has_words(func.coalesce(GiftBatch.title, ""), text)


def drafts_of(batch_id: int) -> list[GiftDraft]:
    """The lines of a batch in their order."""
    rows = select(GiftDraft).where(GiftDraft.batch_id == batch_id)
    return list(db.session.scalars(rows.order_by(GiftDraft.place, GiftDraft.id)))


def draft_of(batch_id: int, draft_id: int, *, lock: bool = False) -> GiftDraft | None:
    """One line of a batch; with `lock` nobody else changes it until the transaction ends."""
    rows = select(GiftDraft).where(GiftDraft.batch_id == batch_id, GiftDraft.id == draft_id)
    return db.session.scalar(rows.with_for_update() if lock else rows)


def draft_by_key(batch_id: int, key: str) -> GiftDraft | None:
    """The line that the page sent under this key, if it has come."""
    return db.session.scalar(select(GiftDraft).where(GiftDraft.batch_id == batch_id, GiftDraft.key == key))


def place_in_order(draft: GiftDraft) -> int:
    """The number of a line, counted from 1."""
    before = or_(
        GiftDraft.place < draft.place, and_(GiftDraft.place == draft.place, GiftDraft.id <= draft.id)
    )
    rows = select(func.count()).select_from(GiftDraft).where(GiftDraft.batch_id == draft.batch_id, before)
    return db.session.scalar(rows) or 0


def totals_of(batch: GiftBatch) -> Totals:
    """What was typed against what the slip says."""
    faults = func.coalesce(func.sum(GiftDraft.faults), 0)
    rows = select(func.count(), func.coalesce(func.sum(_money()), 0), faults)
    count, money, wrong = db.session.execute(rows.where(GiftDraft.batch_id == batch.id)).one()
    return Totals(count, int(money), int(wrong), batch.control_count, batch.control_sum)


def ground_of(batch: GiftBatch, texts: Iterable[str] | None = None) -> Ground:
    """What the lines of the batch rest on. `texts`: the names of goods in them (None = the batch's lines are asked)."""
    kinds = kinds_now()
    return Ground(
        day=batch.day,
        form=batch.form,
        today=today_in_vietnam(),
        campaign_ends=batch.campaign.ends_on if batch.campaign else None,
        kinds=cols.kind_words(kinds),
        kind_names=dict(kinds),
        items=_items(texts) if batch.store_id is not None and texts is not None else {},
    )


def _items(texts: Iterable[str]) -> dict[str, Goods]:
    """Goods of the catalogue by folded name, for the names that occur."""
    wanted = sorted({fold(text) for text in texts if text})
    if not wanted:
        return {}
    rows = select(Item).where(Item.folded.in_(wanted), ~Item.withdrawn).options(joinedload(Item.packs))
    items = db.session.scalars(rows).unique().all()
    prices = usual_prices([item.id for item in items]) if items else {}
    return {
        item.folded: Goods(
            item.id,
            item.measure,
            {pack.name: pack.holds for pack in item.packs},
            prices.get(item.id),
            item.keeps_lots,
        )
        for item in items
    }


def read_lines(batch: GiftBatch, drafts: Sequence[GiftDraft]) -> list[Line]:
    """The lines as they are read now."""
    ground = ground_of(batch, {draft.cells.get(cols.GOODS, "") for draft in drafts})
    return [read_line(draft.cells, ground) for draft in drafts]


def typists_of(batch: GiftBatch) -> set[int]:
    """Everybody who made, typed, changed or handed in the batch: none of them posts it."""
    lines = select(GiftDraft.typed_by_id).where(GiftDraft.batch_id == batch.id)
    edits = select(DraftEdit.by_id).where(DraftEdit.batch_id == batch.id)
    people = set(db.session.scalars(union(lines, edits)))
    return people | {batch.by_id} | ({batch.handed_in_by_id} if batch.handed_in_by_id else set())


def names_of(ids: Iterable[int]) -> list[str]:
    """Names of people, by the order in which they joined."""
    return list(db.session.scalars(select(User.name).where(User.id.in_(sorted(ids))).order_by(User.id)))


def newest_edit(batch_id: int) -> int:
    """The number of the last change of any line, 0 when there was none: how a page notices what others typed."""
    return db.session.scalar(select(func.max(DraftEdit.id)).where(DraftEdit.batch_id == batch_id)) or 0


def changed_by_others(batch_id: int, since: int, user: User) -> list[str]:
    """Names of other people who changed lines after the change number `since`."""
    rows = select(User.name).join(DraftEdit, DraftEdit.by_id == User.id)
    rows = rows.where(DraftEdit.batch_id == batch_id, DraftEdit.id > since, DraftEdit.by_id != user.id)
    return list(db.session.scalars(rows.distinct().order_by(User.name)))


def cells_before(draft: GiftDraft, version: int) -> dict[str, Any] | None:
    """What a line held in an earlier version; None when that is not known."""
    if version == draft.version:
        return draft.cells
    rows = select(DraftEdit.cells).where(DraftEdit.draft_id == draft.id, DraftEdit.version == version)
    return db.session.scalar(rows.order_by(DraftEdit.id.desc()).limit(1))


def last_act(batch_id: int, user: User) -> str | None:
    """The last thing this person did to lines of the batch that can be undone."""
    mine = (DraftEdit.batch_id == batch_id, DraftEdit.by_id == user.id, DraftEdit.undone.is_(False))
    rows = select(DraftEdit.act).where(*mine, DraftEdit.draft_id > 0).order_by(DraftEdit.id.desc()).limit(1)
    return db.session.scalar(rows)


def edits_of_act(batch_id: int, act: str) -> list[DraftEdit]:
    """The changes of one act, the newest first."""
    rows = select(DraftEdit).where(DraftEdit.batch_id == batch_id, DraftEdit.act == act)
    return list(db.session.scalars(rows.order_by(DraftEdit.id.desc())))


def others_since(edits: Sequence[DraftEdit], user: User) -> bool:
    """Whether somebody else has changed one of these lines after these changes."""
    first, ids = min(edit.id for edit in edits), {edit.draft_id for edit in edits}
    rows = select(DraftEdit.draft_id).where(DraftEdit.batch_id == edits[0].batch_id, DraftEdit.id > first)
    return not ids.isdisjoint(db.session.scalars(rows.where(DraftEdit.by_id != user.id)))


def holders(unit_ids: Iterable[int]) -> list[User]:
    """Who may have the cash of an evening in hand: recorders and accountants of these units and of those above."""
    own: Select[Any] = select(Unit.id).where(Unit.id.in_(list(unit_ids)))
    granted = or_(RoleGrant.unit_id.is_(None), RoleGrant.unit_id.in_(with_units_above(own)))
    people = select(User).join(RoleGrant).where(RoleGrant.role.in_(WRITERS), granted, User.active)
    return list(db.session.scalars(people.distinct().order_by(User.name, User.id)))
