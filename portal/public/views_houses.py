"""/nha/: houses with their stage, cost and sources; no address, a name only under consent. Reads only."""

from __future__ import annotations

from flask import Response, abort, jsonify
from htmx_flask import request

from portal.files.album import public_pictures
from portal.housing.queries import ALBUM
from portal.housing.rules import APPROVED, ORDER, STATES, STOPPED
from portal.kit.access import PUBLIC, allow
from portal.kit.vietnamese import nfc
from portal.kit.web import page
from portal.public import documents_houses as documents
from portal.public.views import HTML, bp, csv_answer, revalidated

LONGEST_CODE = 20
STAGES = {name: STATES[name] for name in (*ORDER[ORDER.index(APPROVED) :], STOPPED)}


@bp.get("/nha/", defaults={"kind": HTML})
@bp.get("/nha.<any(json,csv):kind>")
@bp.get("/nha/.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def houses(kind: str) -> Response:
    """Every house that was approved."""
    rows = documents.shown_houses()
    if kind == "csv":
        return csv_answer("nha", documents.HEADS, [documents.house_row(one) for one in rows])
    if kind == "json":
        return jsonify(rows=[documents.house_json(one) for one in rows])
    stage, after = request.args.get("buoc", ""), request.args.get("tu", "0")
    wanted = [one for one in rows if stage not in STAGES or one.state == stage]
    start = int(after) if after.isdecimal() and len(after) < 8 else 0
    shown = wanted[start : start + documents.PAGE]
    left = len(wanted) - start - len(shown)
    return page(
        "public/houses.html",
        rows=shown,
        sums=documents.sums_of(rows),
        count=len(wanted),
        stage=stage if stage in STAGES else "",
        stages=STAGES,
        next_start=start + documents.PAGE if left > 0 else None,
        left=min(left, documents.PAGE),
    )


@bp.get("/nha/<code>", defaults={"kind": HTML})
@bp.get("/nha/<code>.<any(json):kind>")
@allow(PUBLIC)
@revalidated
def house(code: str, kind: str) -> Response:
    """One house: how far, what it costs, who pays, photos."""
    one = documents.shown_house(nfc(code[:LONGEST_CODE]))
    if one is None:
        abort(404)
    if kind == "json":
        return jsonify(documents.house_json(one))
    photos = public_pictures(ALBUM, one.project_id)
    return page("public/house.html", house=one, states=STAGES, photos=photos)
