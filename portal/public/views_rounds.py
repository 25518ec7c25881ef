"""/trao-qua/: what was handed out, where and when, to how many."""

from __future__ import annotations

from flask import Response, abort, jsonify
from htmx_flask import request

from portal.kit.access import PUBLIC, allow
from portal.kit.web import page
from portal.public import documents_rounds, forms, progress, rounds
from portal.public.views import HTML, bp, csv_answer, revalidated


@bp.get("/trao-qua/", defaults={"kind": HTML})
@bp.get("/trao-qua.<any(json,csv):kind>")
@bp.get("/trao-qua/.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def gift_rounds(kind: str) -> Response:
    """Every round, or those of one campaign (`dot`)."""
    code = forms.read_code(request.args.get("dot", ""))
    campaign = progress.campaign_by(code) if code else None
    if request.args.get("dot") and campaign is None:
        abort(404)
    found = rounds.rounds(campaign)
    if kind == "json":
        return jsonify(rows=[documents_rounds.round_json(one) for one in found])
    if kind == "csv":
        rows = [documents_rounds.round_row(one) for one in found]
        return csv_answer("trao-qua", documents_rounds.HEADS, rows)
    return page(
        "public/rounds.html",
        rounds=found,
        campaign=campaign,
        households=sum(one.received for one in found),
        money=sum(one.money or 0 for one in found),
    )


@bp.get("/trao-qua/<int:number>", defaults={"kind": HTML})
@bp.get("/trao-qua/<int:number>.<any(json):kind>")
@allow(PUBLIC)
@revalidated
def gift_round(number: int, kind: str) -> Response:
    """One round."""
    found = rounds.round_page(number) if number < 2**62 else None
    if found is None:
        abort(404)
    if kind == "json":
        return jsonify(documents_rounds.round_page_json(found))
    return page("public/round.html", found=found, round=found.round)
