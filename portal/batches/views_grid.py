"""The grid as a page, and as an ordinary form for those without scripts: save, paste, undo, choose between two."""

from __future__ import annotations

from secrets import token_hex, token_urlsafe
from typing import Any

from flask import Response, flash, request, url_for
from flask_login import current_user

from portal.batches import actions, documents, lines, queries
from portal.batches.columns import BY_KEY, GROUPS
from portal.batches.documents import Clash
from portal.batches.forms import chosen_cells, lines_of, one_line
from portal.batches.models import GiftBatch
from portal.batches.pasted import read_pasted
from portal.batches.rules import TYPING, tidy
from portal.batches.views import POSTERS, READERS, WRITERS, batch_to_write, bp
from portal.batches.views_posting import show_batch
from portal.donations.rules import TYPED_FORMS
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.people.queries import may


@bp.get("/<int:batch_id>")
@allow(*READERS)
def show(batch_id: int) -> Response:
    """The grid for those who type; for everybody else, and later, the lines as they stand."""
    batch = queries.batch_or_404(batch_id, for_user=current_user)
    if queries.state_of(batch) == TYPING and may(current_user, WRITERS, batch.unit_id):
        return grid_page(batch)
    return show_batch(batch)


def grid_page(batch: GiftBatch, *, refusal: str | None = None, pasted: str = "") -> Response:
    """The page of the grid."""
    asked = request.args.get("trang", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else None
    grid = documents.grid_of(batch, page=number, key=token_urlsafe(9))
    values: dict[str, Any] = {"batch": batch, "grid": grid, "refusal": refusal, "pasted": pasted}
    values |= {"forms": TYPED_FORMS, "groups": GROUPS, "suggestions": url_for("donors.suggestions")}
    return page("batches/grid.html", status=422 if refusal else 200, **values)


def _back(batch_id: int, number: str | None = None, anchor: str | None = None) -> str:
    kept: dict[str, Any] = {"trang": number} if number and number.isdecimal() else {}
    return url_for("batches.show", batch_id=batch_id, _anchor=anchor, **kept)


@bp.post("/<int:batch_id>/luu")
@allow(*WRITERS)
def save_page(batch_id: int) -> Response:
    """Save all lines of a page; what others have saved meanwhile is shown, not overwritten."""
    batch = actions.locked(batch_to_write(batch_id))
    where = _back(batch_id, request.form.get("trang"), "cac-dong")
    try:
        saved, clashes = _save_all(batch)
    except Refused as refused:
        db.session.rollback()
        return show_batch(batch_to_write(batch_id), refusal=refused.text)
    response = go(where)
    if saved:
        flash(f"Đã lưu {saved} dòng.")
    db.session.commit()
    return _clash_page(batch, clashes) if clashes else response


def _save_all(batch: GiftBatch) -> tuple[int, list[Clash]]:
    """(lines that changed, lines that two people have changed). Raises Refused."""
    known = {draft.id: draft for draft in queries.drafts_of(batch.id)}
    gone = request.form.get("xoa", "")
    saved, clashes, act = 0, [], token_hex(12)
    for number, typed in lines_of(request.form).items():
        draft = known.get(typed.draft_id or 0)
        deleting = gone == str(number) and draft is not None
        if not deleting and _is_same(draft, typed.cells):
            continue
        try:
            if deleting:
                lines.delete_line(batch, draft.id, typed.version, by=current_user, act=act)  # type: ignore[union-attr]
            else:
                lines.save_line(batch, typed, by=current_user, act=act)
            saved += 1
        except lines.Conflict as conflict:
            clashes.append(documents.clash_of(conflict.draft, conflict.mine, conflict.base))
    return saved, clashes


def _is_same(draft, cells) -> bool:  # type: ignore[no-untyped-def]
    return tidy(cells) == (draft.cells if draft is not None else {})


def _clash_page(batch: GiftBatch, clashes: list[Clash], *, missing: bool = False) -> Response:
    return page(
        "batches/conflict.html", status=422 if missing else 409, batch=batch, clashes=clashes, missing=missing
    )


@bp.post("/<int:batch_id>/chon")
@allow(*WRITERS)
def choose(batch_id: int) -> Response:
    """Which of two contents stands, cell by cell, for each line that two people saved."""
    batch = actions.locked(batch_to_write(batch_id))
    act, clashes, missing = token_hex(12), [], False
    for prefix in [f"c{number}-" for number in range(len(request.form.getlist("line")))]:
        typed = one_line(request.form, prefix)
        draft = queries.draft_of(batch.id, typed.draft_id or 0, lock=True)
        if draft is None:
            continue
        keys = [key for key in BY_KEY if f"{prefix}{key}-mine" in request.form]
        mine = tidy({**draft.cells, **{key: request.form[f"{prefix}{key}-mine"] for key in keys}})
        chosen = chosen_cells(request.form, prefix, keys)
        if chosen is None:
            missing = True
            clashes.append(documents.clash_of(draft, mine, None))
            continue
        kept = lines.Typed({**draft.cells, **chosen}, typed.key, draft.id, typed.version, draft.donor_id)
        try:
            lines.save_line(batch, kept, by=current_user, act=act)
        except lines.Conflict as conflict:
            clashes.append(documents.clash_of(conflict.draft, mine, conflict.base))
    if clashes:
        db.session.rollback()
        batch = batch_to_write(batch_id)
        return _clash_page(batch, [_again(batch, clash) for clash in clashes], missing=missing)
    response = go(_back(batch_id, anchor="cac-dong"))
    flash("Đã ghi nội dung đã chọn.")
    db.session.commit()
    return response


def _again(batch: GiftBatch, clash: Clash) -> Clash:
    """The same clash after a rollback, with the line as it is now."""
    draft = queries.draft_of(batch.id, clash.draft.id)
    assert draft is not None  # it stood there a moment ago, and the batch is locked
    mine = {**draft.cells, **{item.key: item.mine for item in clash.differences}}
    return documents.clash_of(draft, tidy(mine), None)


@bp.post("/<int:batch_id>/dan")
@allow(*WRITERS)
def paste_text(batch_id: int) -> Response:
    """Rows out of a text area."""
    batch = actions.locked(batch_to_write(batch_id))
    text = request.form.get("text", "")
    try:
        drafts = queries.drafts_of(batch.id)
        keys = [column.key for column in documents.columns_of(batch, drafts)[0]]
        pasted = read_pasted(text, keys)
        made = lines.paste(batch, pasted, at=None, by=current_user, act=token_hex(12))
    except Refused as refused:
        db.session.rollback()
        return grid_page(batch_to_write(batch_id), refusal=refused.text, pasted=text)
    response = go(_back(batch_id, anchor=f"d{made[0].id}"))
    flash(" ".join([f"Đã dán {len(made)} dòng.", *pasted.left_out]))
    db.session.commit()
    return response


@bp.post("/<int:batch_id>/hoan-tac")
@allow(*WRITERS)
def undo(batch_id: int) -> Response:
    """Take back the person's own last act on the lines."""
    batch = actions.locked(batch_to_write(batch_id))
    try:
        count = lines.undo(batch, by=current_user)
    except Refused as refused:
        db.session.rollback()
        return grid_page(batch_to_write(batch_id), refusal=refused.text)
    response = go(_back(batch_id, request.form.get("trang"), "cac-dong"))
    flash(f"Đã hoàn tác {count} dòng.")
    db.session.commit()
    return response


@bp.post("/<int:batch_id>/khong-trung")
@allow(RECORDER, ACCOUNTANT, APPROVER)
def keep_twin(batch_id: int) -> Response:
    """Somebody has looked: both stay."""
    batch = batch_to_write(batch_id, (*WRITERS, *POSTERS))
    asked = request.form.get("draft", "")
    lines.keep_twin(batch, int(asked) if asked.isdecimal() and len(asked) < 19 else 0)
    response = go(_back(batch_id, request.form.get("trang"), f"d{asked}" if asked.isdecimal() else None))
    db.session.commit()
    return response
