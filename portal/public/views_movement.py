"""/thi-dua/ and /mo-hinh/: published rankings and good models. Reads only."""

from __future__ import annotations

from flask import Response, abort, jsonify

from portal.emulation.queries_initiatives import ALBUM
from portal.emulation.rules_scoring import format_points
from portal.files.album import public_pictures
from portal.kit.access import PUBLIC, allow
from portal.kit.vietnamese import nfc
from portal.kit.web import page
from portal.public import documents_movement as documents
from portal.public.views import HTML, bp, csv_answer, revalidated

LONGEST_CODE = 40


@bp.get("/mo-hinh/", defaults={"kind": HTML})
@bp.get("/mo-hinh.<any(json,csv):kind>")
@bp.get("/mo-hinh/.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def good_models(kind: str) -> Response:
    """Every published model."""
    rows = documents.shown_models()
    if kind == "csv":
        return csv_answer("mo-hinh", documents.MODEL_HEADS, [documents.model_row(one) for one in rows])
    if kind == "json":
        return jsonify(rows=[documents.model_json(one) for one in rows])
    return page("public/good_models.html", rows=rows)


@bp.get("/mo-hinh/<int:model_id>", defaults={"kind": HTML})
@bp.get("/mo-hinh/<int:model_id>.<any(json):kind>")
@allow(PUBLIC)
@revalidated
def good_model(model_id: int, kind: str) -> Response:
    """One model: story, photos, results, who does the same."""
    one = documents.shown_model(model_id)
    if one is None:
        abort(404)
    if kind == "json":
        return jsonify(documents.model_json(one))
    return page("public/good_model.html", one=one, photos=public_pictures(ALBUM, one.id))


@bp.get("/thi-dua/", defaults={"kind": HTML})
@bp.get("/thi-dua.<any(json):kind>")
@bp.get("/thi-dua/.<any(json):kind>")
@allow(PUBLIC)
@revalidated
def movement_rankings(kind: str) -> Response:
    """Every published ranking."""
    rows = documents.rankings()
    if kind == "json":
        return jsonify(rows=[documents.ranking_json(one, rows=False) for one in rows])
    return page("public/rankings.html", rows=rows, shown=format_points)


@bp.get("/thi-dua/<code>", defaults={"kind": HTML})
@bp.get("/thi-dua/<code>.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def movement_ranking(code: str, kind: str) -> Response:
    """One published ranking, frozen as it was."""
    ranking = documents.ranking_of(nfc(code[:LONGEST_CODE]))
    if ranking is None:
        abort(404)
    if kind == "csv":
        rows = [documents.rank_row(row) for row in ranking.rows]
        return csv_answer(f"xep-hang-{ranking.round.code}", documents.RANK_HEADS, rows)
    if kind == "json":
        return jsonify(documents.ranking_json(ranking, rows=True))
    return page("public/ranking.html", ranking=ranking, one=ranking.round, shown=format_points)
