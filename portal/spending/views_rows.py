"""The annexed list of a draft as a file: brought, taken away, and its empty template."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, flash, send_file, url_for
from flask_login import current_user

from portal.imports.blanks import Blank, write_template
from portal.imports.lookups import CAMPAIGNS, fixed
from portal.kit import tables
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import MIMETYPES
from portal.kit.pasted import is_sum
from portal.kit.web import go, page
from portal.people.queries import units_for
from portal.spending import actions, columns, queries, rows
from portal.spending import queries_decisions as found
from portal.spending.forms import ListFileForm
from portal.spending.models import Decision
from portal.spending.rows import Row
from portal.spending.views import READERS, WRITERS, bp
from portal.spending.views_decisions import decision_or_404
from portal.spending.views_drafts import draft_form, draft_or_403, draft_page, grid_of, ground_for

NUMBERS = (columns.AMOUNT, columns.HOUSEHOLDS)


@bp.post("/van-ban/<int:decision_id>/danh-sach")
@allow(*WRITERS)
def bring_rows(decision_id: int) -> Response:
    """The list as a file; it replaces the rows of the draft, or nothing when a cell is wrong."""
    draft, form = draft_or_403(decision_id), ListFileForm()
    if not form.validate_on_submit():
        return _brought(draft, [], form.file.errors[0] if form.file.errors else form.form_errors[0])
    ground = found.ground_of(draft.unit_id, draft.fund_id, also=_campaigns(draft))
    try:
        read = rows.read_rows(_rows_of_file(form.file.data), ground)
        if not any(row.errors for row in read):
            head = {name: getattr(draft, name) for name in actions.HEAD}
            actions.change_decision(draft, rows=rows.fields_of(read), by=current_user, **head)
            response = go(url_for("spending.decision", decision_id=decision_id))
            flash(f"Đã nạp danh sách {len(read)} dòng.")
            db.session.commit()
            return response
    except Refused as refused:
        db.session.rollback()
        return _brought(draft_or_403(decision_id), [], refused.text)
    db.session.rollback()
    return _brought(draft_or_403(decision_id), read, None)


def _brought(draft: Decision, read: list[Row], refusal: str | None) -> Response:
    """What is wrong with the file: in the grid where it fits, so that it can be mended there."""
    faults = rows.faults_of(read)
    if read:
        refusal = f"Tệp còn {len(faults)} ô sai nên chưa nạp dòng nào. Sửa trong tệp rồi nạp lại."
    if not read or len(read) > columns.GRID_ROWS:
        return page("spending/brought.html", status=422, draft=draft, refusal=refusal, faults=faults)
    form, _ = draft_form(draft, fresh=True)
    ground_for(form, draft)
    return draft_page(form, grid_of(read, refusal=refusal), draft)


def _campaigns(decision: Decision) -> list[Any]:
    return [row.campaign for row in decision.rows if row.campaign]


def _rows_of_file(file: Any) -> list[dict[str, str]]:
    """The rows of a table with headings; blank lines and the line of the sum are left out. Raises Refused."""
    table = tables.read_table(file.read(), filename=file.filename)
    headed = tables.rows_with_headers(table, columns.SPECS)
    typed = [
        {column.key: rows.text_of(cells.get(column.label), column.key) for column in columns.COLUMNS}
        for _, cells in headed
    ]
    kept = [cells for cells in typed if any(cells.values()) and not is_sum(cells[columns.RECEIVER])]
    if not kept:
        raise Refused("Tệp không có dòng nào dưới dòng tiêu đề. Điền danh sách rồi nạp lại.")
    return kept


@bp.get("/van-ban/<int:decision_id>/danh-sach.xlsx")
@allow(*READERS)
def rows_file(decision_id: int) -> Response:
    """The list as a file that can be changed and brought again."""
    one, out = decision_or_404(decision_id), io.BytesIO()
    ground = found.ground_of(one.unit_id, one.fund_id, also=_campaigns(one))
    labels = [column.label for column in columns.COLUMNS]
    numbers = [columns.BY_KEY[key].label for key in NUMBERS]
    lines = [_line(row, rows.cells_of(row, ground)) for row in one.rows]
    tables.write_xlsx(labels, lines, out, title="Danh sách kèm theo", amount_columns=numbers)
    return _sent(out, f"danh-sach-{one.id}")


def _line(row: Any, cells: dict[str, str]) -> list[Any]:
    """Numbers as numbers, so that a spreadsheet adds them up."""
    return [
        getattr(row, column.key) if column.key in NUMBERS else cells.get(column.key)
        for column in columns.COLUMNS
    ]


@bp.get("/van-ban/mau-danh-sach.xlsx")
@allow(*READERS)
def rows_template() -> Response:
    """An empty list with its headings, what belongs under each, and the catalogues to choose from."""
    by_key = columns.BY_KEY
    names = {
        columns.PURPOSE: fixed("Danh mục mục đích", [item.name for item in queries.purposes()]),
        columns.LEVEL: fixed("Danh mục cấp", [item.name for item in queries.levels()]),
        columns.CAMPAIGN: CAMPAIGNS,
    }
    blank = Blank(
        label="Danh sách",
        columns=columns.SPECS,
        hints={column.label: column.hint for column in columns.COLUMNS},
        lookups={by_key[key].label: lookup for key, lookup in names.items()},
        amount_columns=tuple(by_key[key].label for key in NUMBERS),
    )
    out = io.BytesIO()
    write_template(blank, out, units_for(current_user, *READERS))
    return _sent(out, "mau-danh-sach-ho-tro")


def _sent(out: io.BytesIO, name: str) -> Response:
    out.seek(0)
    return send_file(out, mimetype=MIMETYPES["xlsx"], as_attachment=True, download_name=f"{name}.xlsx")
