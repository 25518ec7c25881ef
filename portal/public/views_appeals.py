"""/loi-keu-goi/: appeals for a single case under consent, without name or address. Reads only."""

from __future__ import annotations

from flask import Response, abort, jsonify
from htmx_flask import request

from portal.cases.album import KIND as ALBUM
from portal.files.album import public_pictures
from portal.kit.access import PUBLIC, allow
from portal.kit.vietnamese import nfc
from portal.kit.web import page
from portal.public import documents_appeals as documents
from portal.public import gifts, giving
from portal.public.views import CAMPAIGN_GIFTS, HTML, bp, csv_answer, revalidated

LONGEST_CODE = 40


@bp.get("/loi-keu-goi/", defaults={"kind": HTML})
@bp.get("/loi-keu-goi.<any(json,csv):kind>")
@bp.get("/loi-keu-goi/.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def appeals(kind: str) -> Response:
    """Every appeal that was published."""
    rows = documents.shown_appeals()
    if kind == "csv":
        return csv_answer("loi-keu-goi", documents.HEADS, [documents.appeal_row(one) for one in rows])
    if kind == "json":
        return jsonify(rows=[documents.appeal_json(one) for one in rows])
    open_only = request.args.get("tinh_trang") != "tat_ca"
    shown = [one for one in rows if one.is_open] if open_only else rows
    return page("public/appeals.html", rows=shown, count=len(rows), open_only=open_only)


@bp.get("/loi-keu-goi/<code>", defaults={"kind": HTML})
@bp.get("/loi-keu-goi/<code>.<any(json):kind>")
@allow(PUBLIC)
@revalidated
def appeal(code: str, kind: str) -> Response:
    """One appeal: what is needed, received, handed over; how to give; where a surplus goes."""
    one = documents.shown_appeal(nfc(code[:LONGEST_CODE]))
    if one is None:
        abort(404)
    if kind == "json":
        return jsonify(documents.appeal_json(one))
    return page(
        "public/appeal.html",
        appeal=one,
        gifts=gifts.newest_gifts(CAMPAIGN_GIFTS, one.campaign),
        photos=public_pictures(ALBUM, one.case_id),
        payment=giving.payment_of(one.campaign) if one.is_open else None,
    )
