"""Bulletins as they were issued: the list, one of them, its files. Part of the views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, jsonify, make_response, url_for

from portal.bulletins.documents import render_html, render_json, render_pdf
from portal.bulletins.queries import bulletin_by_code, issued_bulletins
from portal.bulletins.workbook import render_xlsx
from portal.kit.access import PUBLIC, allow
from portal.kit.db import db
from portal.kit.listing import MIMETYPES
from portal.kit.web import page
from portal.public import documents, forms
from portal.public.views import HTML, bp, csv_answer, revalidated

BULLETIN_FILES: dict[str, tuple[Callable[..., Any], str]] = {
    "json": (render_json, "application/json"),
    "pdf": (render_pdf, "application/pdf"),
    "xlsx": (render_xlsx, MIMETYPES["xlsx"]),
}


@bp.get("/ban-tin/", defaults={"kind": HTML})
@bp.get("/ban-tin.<any(json,csv):kind>")
@bp.get("/ban-tin/.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def bulletins(kind: str) -> Response:
    """Every issued bulletin."""
    rows = list(db.session.scalars(issued_bulletins()))
    if kind == "json":
        return jsonify(rows=[documents.bulletin_json(item) for item in rows])
    if kind == "csv":
        return csv_answer("ban-tin", documents.BULLETIN_HEADS, [documents.bulletin_row(row) for row in rows])
    return page("public/bulletins.html", bulletins=rows)


@bp.get("/ban-tin/<code>", defaults={"kind": HTML})
@bp.get("/ban-tin/<code>.<any(json,pdf,xlsx):kind>")
@allow(PUBLIC)
@revalidated
def bulletin(code: str, kind: str) -> Response:
    """One issued bulletin, as it was frozen when it was issued."""
    found = bulletin_by_code(code) if forms.read_code(code) else None
    if found is None or found.content is None:
        abort(404)
    if kind == HTML:
        links = [
            ("Tất cả bản tin", url_for("public.bulletins")),
            ("Tải PDF", url_for("public.bulletin", code=code, kind="pdf")),
            ("Tải Excel", url_for("public.bulletin", code=code, kind="xlsx")),
        ]
        return make_response(render_html(found.content, links=links))
    render, mimetype = BULLETIN_FILES[kind]
    response = Response(render(found.content), mimetype=mimetype)
    if kind != "json":
        response.headers["Content-Disposition"] = f'inline; filename="ban-tin-{code}.{kind}"'
    return response
