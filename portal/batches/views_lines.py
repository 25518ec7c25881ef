"""What the script of the grid asks: one line saved, rows pasted, the last act undone. Answers are small."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex, token_urlsafe
from typing import Any

from flask import Response, jsonify, make_response, render_template, request
from flask_login import current_user

from portal.batches import actions, documents, lines, queries
from portal.batches import columns as cols
from portal.batches.forms import one_line
from portal.batches.models import GiftBatch, GiftDraft
from portal.batches.pasted import read_pasted
from portal.batches.twins import twins_of
from portal.batches.views import WRITERS, batch_to_write, bp
from portal.kit.access import allow
from portal.kit.days import now_in_vietnam
from portal.kit.db import db

SHORT = 50


def _act() -> str:
    """The page's own name for what it does, so that a resend does it once."""
    return request.form.get("act", "")[:SHORT] or token_hex(12)


def _around(batch: GiftBatch) -> dict[str, Any]:
    """Totals, counts of errors and twins, what others did: beside every answer."""
    totals, twins = queries.totals_of(batch), twins_of(batch)
    since = request.form.get("seen", "")
    seen = int(since) if since.isdecimal() and len(since) < 19 else 0
    return {
        "totals": render_template("batches/totals.html", batch=batch, totals=totals),
        "status": render_template("batches/status.html", faults=totals.faults, twins=len(twins)),
        "twins": {str(draft_id): text for draft_id, text in twins.items()},
        "seen": queries.newest_edit(batch.id),
        "others": queries.changed_by_others(batch.id, seen, current_user),
        "saved": f"{now_in_vietnam():%H:%M:%S}",
    }


def _columns() -> Sequence[cols.Column]:
    """The columns that the page shows."""
    return cols.shown_columns(request.form.get("groups", "").split(","))


@bp.post("/<int:batch_id>/dong.json")
@allow(*WRITERS)
def save_line(batch_id: int) -> Response:
    """Save or delete one line: what its cells became, what is wrong with them, the totals."""
    batch = actions.locked(batch_to_write(batch_id))
    typed, act = one_line(request.form), _act()
    draft = None
    try:
        if request.form.get("delete"):
            lines.delete_line(batch, typed.draft_id or 0, typed.version, by=current_user, act=act)
        else:
            draft = lines.save_line(batch, typed, by=current_user, act=act)
    except lines.Conflict as conflict:
        return _conflict(batch, conflict)
    answer = _around(batch) | _line(batch, draft)
    db.session.commit()
    return jsonify(answer)


def _line(batch: GiftBatch, draft: GiftDraft | None) -> dict[str, Any]:
    if draft is None:
        return {"id": None, "version": 0, "cells": {}, "wrong": [], "notes": ""}
    line = queries.read_lines(batch, [draft])[0]
    number = queries.place_in_order(draft)
    row = documents.row_of(draft, line, _columns(), None, 0, number)
    return {
        "id": draft.id,
        "version": draft.version,
        "key": draft.key,
        "donor_id": draft.donor_id,
        "number": number,
        "cells": draft.cells,
        "wrong": sorted(row.wrong),
        "notes": render_template("batches/notes.html", row=row, width=len(_columns())),
    }


def _conflict(batch: GiftBatch, conflict: lines.Conflict) -> Response:
    """Both contents side by side; nothing was written."""
    clash = documents.clash_of(conflict.draft, conflict.mine, conflict.base)
    html = render_template("batches/clash.html", batch=batch, clash=clash, prefix="c0-")
    answer = {"error": conflict.text, "conflict": html, "version": conflict.draft.version}
    answer["cells"] = conflict.draft.cells
    db.session.rollback()
    return make_response(jsonify(answer), 409)


@bp.post("/<int:batch_id>/dan.json")
@allow(*WRITERS)
def paste(batch_id: int) -> Response:
    """Rows of a spreadsheet, from the active cell on; answers the table of the page where they stand."""
    batch = actions.locked(batch_to_write(batch_id))
    keys = [column.key for column in _columns()]
    start = request.form.get("col", "")
    pasted = read_pasted(request.form.get("text", ""), keys[keys.index(start) :] if start in keys else keys)
    at = one_line(request.form).draft_id
    made = lines.paste(batch, pasted, at=at, by=current_user, act=_act())
    first = queries.place_in_order(made[0])
    answer = _table(batch, (first - 1) // documents.PAGE + 1)
    answer["told"] = " ".join([f"Đã dán {len(made)} dòng.", *pasted.left_out])
    answer["first"] = made[0].id
    db.session.commit()
    return jsonify(answer)


@bp.post("/<int:batch_id>/hoan-tac.json")
@allow(*WRITERS)
def undo_last(batch_id: int) -> Response:
    """Take back the person's own last act; answers the table."""
    batch = actions.locked(batch_to_write(batch_id))
    count = lines.undo(batch, by=current_user)
    asked = request.form.get("trang", "")
    answer = _table(batch, int(asked) if asked.isdecimal() and len(asked) < 6 else None)
    answer["told"] = f"Đã hoàn tác {count} dòng."
    db.session.commit()
    return jsonify(answer)


@bp.post("/<int:batch_id>/khong-trung.json")
@allow(*WRITERS)
def keep_line(batch_id: int) -> Response:
    """Somebody has looked: the line is no twin."""
    batch = batch_to_write(batch_id)
    lines.keep_twin(batch, one_line(request.form).draft_id or 0)
    answer = _around(batch)
    db.session.commit()
    return jsonify(answer)


def _table(batch: GiftBatch, number: int | None) -> dict[str, Any]:
    grid = documents.grid_of(batch, page=number, key=token_urlsafe(9))
    table = render_template("batches/table.html", batch=batch, grid=grid)
    return _around(batch) | {"table": table, "page": grid.page, "pages": grid.pages}
