"""Writing the lines of a batch: saved as they are typed, right or wrong, and never over somebody else's work.

Every change keeps what stood there (DraftEdit), so that it can be undone and told. Flushes; the caller commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from portal.batches import queries
from portal.batches.models import DraftEdit, GiftBatch, GiftDraft
from portal.batches.pasted import Pasted
from portal.batches.rules import MOST_LINES, STATES, TYPING, Ground, Line, read_line
from portal.donors.models import Donor
from portal.donors.queries import donors_for
from portal.kit import audit
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold
from portal.people.models import User

GAP = 1_000  # between the places of two lines, so that lines can be put between them
TOO_MANY = f"Một đợt nhập có nhiều nhất {MOST_LINES} dòng. Mở đợt nhập khác cho các dòng còn lại."


@dataclass(frozen=True)
class Typed:
    """One line as a page sends it: `draft_id` and `version` of the line it shows (None, 0 = a new one).

    `key` is the page's own name for a new line; `before` the line above which it was put in.
    """

    cells: Mapping[str, Any]
    key: str
    draft_id: int | None = None
    version: int = 0
    donor_id: int | None = None
    before: int | None = None


class Conflict(Refused):
    """Somebody else has saved the line since the page showed it; the person sees both and chooses."""

    def __init__(self, draft: GiftDraft, mine: Mapping[str, str], base: Mapping[str, Any] | None):
        super().__init__("Dòng này vừa có người khác lưu. Xem từng ô rồi chọn nội dung đúng.")
        self.draft, self.mine, self.base = draft, dict(mine), base


def check_typing(batch: GiftBatch) -> None:
    """Lines are typed while the batch is being typed. Raises Refused."""
    state = queries.state_of(batch)
    if state != TYPING:
        text = f"Đợt nhập này đang ở bước “{STATES[state]}” nên không sửa dòng được."
        raise Refused(f"{text} Tải lại trang để xem.")


def save_line(batch: GiftBatch, typed: Typed, *, by: User, act: str) -> GiftDraft | None:
    """Save one line as typed; a blank one is taken out (None). Raises Conflict, and Refused outside typing."""
    check_typing(batch)
    ground = queries.ground_of(batch, [typed.cells.get("goods", "")])
    line = read_line(typed.cells, ground)
    draft = _draft_of(batch, typed)
    if draft is None:
        return _insert(batch, typed, line, by, act) if line.cells and not _was_deleted(typed, line) else None
    if typed.draft_id is None:  # the page did not hear that its new line had come: this is what it holds now
        typed = Typed(typed.cells, typed.key, draft.id, draft.version, typed.donor_id)
    donor_id = _donor_id(typed.donor_id, line, draft, by)
    if line.cells == draft.cells and donor_id == draft.donor_id:
        return draft
    if typed.version != draft.version:
        base = queries.cells_before(draft, typed.version)
        if base is not None and line.cells == dict(base):
            return draft  # nothing was changed on this page: the newer one stands
        raise Conflict(draft, line.cells, base)
    if not line.cells:
        _delete(draft, by, act)
        return None
    _keep_edit(draft, by, act)
    _apply(draft, line, donor_id, by)
    db.session.flush()
    return draft


def _draft_of(batch: GiftBatch, typed: Typed) -> GiftDraft | None:
    if typed.draft_id is not None:
        return queries.draft_of(batch.id, typed.draft_id, lock=True)
    return queries.draft_by_key(batch.id, typed.key)


def _was_deleted(typed: Typed, line: Line) -> bool:
    """Whether the line was taken out elsewhere while this page only went on showing it."""
    if typed.draft_id is None:
        return False
    rows = select(DraftEdit.cells).where(DraftEdit.draft_id == typed.draft_id, DraftEdit.deleted)
    gone = db.session.scalar(rows.order_by(DraftEdit.id.desc()).limit(1))
    return gone is not None and line.cells == dict(gone)


def _insert(batch: GiftBatch, typed: Typed, line: Line, by: User, act: str) -> GiftDraft:
    if _count(batch) >= MOST_LINES:
        raise Refused(TOO_MANY)
    key = typed.key if typed.draft_id is None else f"{act}-{typed.draft_id}"
    place = _places(batch, 1, before=typed.before)[0]
    draft = GiftDraft(batch_id=batch.id, key=key[:60], place=place, version=0, typed_by_id=by.id)
    _apply(draft, line, _donor_id(typed.donor_id, line, None, by), by)
    db.session.add(draft)
    db.session.flush()
    _keep_edit(draft, by, act, version=0)
    db.session.flush()
    return draft


def _count(batch: GiftBatch) -> int:
    rows = select(func.count()).select_from(GiftDraft).where(GiftDraft.batch_id == batch.id)
    return db.session.scalar(rows) or 0


def _places(batch: GiftBatch, count: int, *, before: int | None = None) -> list[int]:
    """Places for new lines: at the end, or just before a line, for which the lines from there on move down."""
    target = queries.draft_of(batch.id, before) if before else None
    if target is None:
        last = select(func.max(GiftDraft.place)).where(GiftDraft.batch_id == batch.id)
        start = (db.session.scalar(last) or 0) + GAP
        return [start + GAP * step for step in range(count)]
    start = target.place
    behind = (GiftDraft.batch_id == batch.id) & (GiftDraft.place >= start)
    db.session.execute(update(GiftDraft).where(behind).values(place=GiftDraft.place + GAP * count))
    return [start + GAP * step for step in range(count)]


def _donor_id(donor_id: int | None, line: Line, draft: GiftDraft | None, by: User) -> int | None:
    """The donor taken from the suggestions, while the name is theirs and this person may see them."""
    if donor_id is None or line.name_key is None:
        return None
    if draft is not None and draft.donor_id == donor_id and draft.name_key == line.name_key:
        return donor_id
    folded = db.session.scalar(donors_for(by).where(Donor.id == donor_id).with_only_columns(Donor.folded))
    return donor_id if folded is not None and fold(folded) == line.name_key else None


def _apply(draft: GiftDraft, line: Line, donor_id: int | None, by: User) -> None:
    values = line.values
    if (draft.name_key, draft.amount, draft.day) != (line.name_key, values.get("amount"), values.get("day")):
        draft.kept_twin = False
    draft.cells, draft.donor_id = line.cells, donor_id
    draft.form, draft.amount, draft.day = values.get("form"), values.get("amount"), values.get("day")
    draft.name_key = (line.name_key or "")[:200] or None
    draft.faults = len(line.errors)
    draft.version += 1
    draft.typed_by_id, draft.saved_at = by.id, now()


def _keep_edit(
    draft: GiftDraft,
    by: User,
    act: str,
    *,
    version: int | None = None,
    deleted: bool = False,
    undone: bool = False,
) -> None:
    """Keep what the line holds now (version 0: that there was no line)."""
    fresh = version == 0
    edit = DraftEdit(
        draft_id=draft.id,
        batch_id=draft.batch_id,
        version=draft.version if version is None else version,
        cells={} if fresh else draft.cells,
        place=draft.place,
        donor_id=None if fresh else draft.donor_id,
        by_id=by.id,
        deleted=deleted,
        undone=undone,
        act=act[:60],
    )
    db.session.add(edit)


def _delete(draft: GiftDraft, by: User, act: str, *, undone: bool = False) -> None:
    _keep_edit(draft, by, act, deleted=True, undone=undone)
    db.session.delete(draft)
    db.session.flush()


def delete_line(batch: GiftBatch, draft_id: int, version: int, *, by: User, act: str) -> None:
    """Take a line out; undo brings it back. Raises Conflict when it was changed since, Refused outside typing."""
    check_typing(batch)
    draft = queries.draft_of(batch.id, draft_id, lock=True)
    if draft is None:
        return  # a second click, or somebody else was quicker
    if draft.version != version:
        raise Conflict(draft, {}, queries.cells_before(draft, version))
    _delete(draft, by, act)


def paste(batch: GiftBatch, pasted: Pasted, *, at: int | None, by: User, act: str) -> list[GiftDraft]:
    """Put pasted rows in: into the blank cells from the line `at` on where they all are blank, else as new lines.

    New lines stand below `at` (None = at the end). Nothing that stands there is written over. The same `act` sent
    twice makes the lines once. Raises Refused for too many lines and outside typing.
    """
    check_typing(batch)
    drafts = queries.drafts_of(batch.id)
    known = [draft for draft in drafts if draft.key.startswith(f"{act}-")]
    if known:
        return known
    start = next((place for place, draft in enumerate(drafts) if draft.id == at), len(drafts))
    ground = queries.ground_of(batch, [row.get("goods", "") for row in pasted.rows])
    targets = [] if pasted.headed else drafts[start : start + len(pasted.rows)]
    if not _are_blank(targets, pasted.rows):
        targets = []
    fresh = pasted.rows[len(targets) :]
    if len(drafts) + len(fresh) > MOST_LINES:
        raise Refused(TOO_MANY)
    for draft, row in zip(targets, pasted.rows, strict=False):
        line = read_line({**draft.cells, **row}, ground)
        _keep_edit(draft, by, act)
        _apply(draft, line, draft.donor_id, by)
    below = None if targets or start + 1 >= len(drafts) else drafts[start + 1].id
    made = _insert_many(batch, fresh, ground, below, by, act)
    db.session.flush()
    return [*targets, *made]


def _are_blank(drafts: Sequence[GiftDraft], rows: Sequence[Mapping[str, str]]) -> bool:
    return all(not draft.cells.get(key) for draft, row in zip(drafts, rows, strict=False) for key in row)


def _insert_many(
    batch: GiftBatch,
    rows: Sequence[Mapping[str, str]],
    ground: Ground,
    before: int | None,
    by: User,
    act: str,
) -> list[GiftDraft]:
    if not rows:
        return []
    made = []
    for number, (row, place) in enumerate(zip(rows, _places(batch, len(rows), before=before), strict=True)):
        draft = GiftDraft(batch_id=batch.id, key=f"{act}-{number}", place=place, version=0)
        _apply(draft, read_line(row, ground), None, by)
        made.append(draft)
    db.session.add_all(made)
    db.session.flush()
    for draft in made:
        _keep_edit(draft, by, act, version=0)
    return made


def undo(batch: GiftBatch, *, by: User) -> int:
    """Take back this person's last act on the lines; how many lines it brought back. Raises Refused."""
    check_typing(batch)
    act = queries.last_act(batch.id, by)
    if act is None:
        raise Refused("Không còn việc nào để hoàn tác trong đợt nhập này. Gõ tiếp các dòng.")
    edits = queries.edits_of_act(batch.id, act)
    drafts = {draft.id: draft for draft in queries.drafts_of(batch.id)}
    if queries.others_since(edits, by):
        raise Refused("Dòng này đã được người khác sửa sau đó. Tải lại trang rồi sửa trực tiếp.")
    goods = [edit.cells.get("goods", "") for edit in edits]
    ground = queries.ground_of(batch, goods)
    for edit in edits:
        _take_back(batch, edit, drafts.get(edit.draft_id), ground, by)
        edit.undone = True
    db.session.flush()
    return len(edits)


def _take_back(batch: GiftBatch, edit: DraftEdit, draft: GiftDraft | None, ground: Ground, by: User) -> None:
    act = f"undo-{edit.id}"
    if draft is not None and edit.version == 0:
        _delete(draft, by, act, undone=True)
    elif draft is not None:
        _keep_edit(draft, by, act, undone=True)
        _apply(draft, read_line(edit.cells, ground), edit.donor_id, by)
    else:
        draft = GiftDraft(
            id=edit.draft_id, batch_id=batch.id, key=act, place=edit.place, version=edit.version
        )
        _apply(draft, read_line(edit.cells, ground), edit.donor_id, by)
        db.session.add(draft)
        db.session.flush()


def keep_twin(batch: GiftBatch, draft_id: int) -> None:
    """Somebody has looked: the line is no twin. Raises Refused for a line that is gone."""
    draft = queries.draft_of(batch.id, draft_id, lock=True)
    if draft is None:
        raise Refused("Dòng này không còn trong đợt nhập. Tải lại trang.")
    draft.kept_twin = True
    audit.note("keep", "gift_draft", entity_id=draft.id, unit_id=batch.unit_id, batch=batch.id)
    db.session.flush()
