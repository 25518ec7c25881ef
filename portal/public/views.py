"""The public record: pages without sign-in, each also as JSON (`kind`), lists also as CSV. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import wraps
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, stream_with_context, url_for
from htmx_flask import request

from portal.campaigns.models import Campaign
from portal.campaigns.rules import UNDER_WAY
from portal.donations import finding
from portal.figures import registry
from portal.figures.scope import Scope
from portal.frame import present_site
from portal.kit.access import PUBLIC, allow
from portal.kit.days import format_moment, now_in_vietnam, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import in_words
from portal.kit.tables import csv_chunks
from portal.kit.vietnamese import nfc
from portal.kit.web import page
from portal.public import documents, documents_gifts, forms, gifts, giving, progress, queries
from portal.public.documents_statements import coverage_sentences
from portal.public.facts import facts_by_code
from portal.units.queries import unit_or_refused

bp = Blueprint("public", __name__)

HTML = "html"
MAX_AGE = 1  # seconds: a gift stands on the page at once; afterwards an unchanged page costs one statement
JSON_ROWS = 50
CAMPAIGN_GIFTS = 8
View = Callable[..., Any]


def revalidated(view: View) -> View:
    """Answer 304 before any query while nothing has changed since the browser's copy."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        known = f"{queries.version()}.{today_in_vietnam()}.{request.headers.get('HX-Request', '')}"
        tag = hashlib.sha256(known.encode()).hexdigest()[:20]
        fresh = request.if_none_match.contains_weak(tag)
        response = make_response("", 304) if fresh else make_response(view(*args, **kwargs))
        if response.status_code in (200, 304):
            response.set_etag(tag, weak=True)
            response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
        response.vary.add("HX-Request")
        return response

    return answer


@bp.get("/", defaults={"kind": HTML})
@bp.get("/.<any(json):kind>")
@bp.get("/index.<any(json):kind>")
@allow(PUBLIC)
@revalidated
def home(kind: str) -> Response:
    """The fund at a glance."""
    today = today_in_vietnam()
    site = present_site()
    found = queries.home(site.unit, today)
    if kind == "json":
        return jsonify(documents.home_json(found))
    return page(
        "public/home.html",
        home=found,
        covered=coverage_sentences(found.covers),
        texts=site.texts,
        today=today,
        documents=documents,
    )


@bp.get("/dot-van-dong/", defaults={"kind": HTML})
@bp.get("/dot-van-dong.<any(json,csv):kind>")
@bp.get("/dot-van-dong/.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def campaigns(kind: str) -> Response:
    """Every campaign."""
    today = today_in_vietnam()
    rows = progress.campaigns(today)
    if kind == "json":
        return jsonify(rows=[documents.campaign_json(row) for row in rows])
    if kind == "csv":
        return csv_answer(
            "dot-van-dong", documents.CAMPAIGN_HEADS, [documents.campaign_row(row) for row in rows]
        )
    return page("public/campaigns.html", rows=rows, today=today, documents=documents)


@bp.get("/dot-van-dong/<code>", defaults={"kind": HTML})
@bp.get("/dot-van-dong/<code>.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def campaign(code: str, kind: str) -> Response:
    """One campaign: how far it has come, by form and by unit, its newest gifts, its account."""
    found, today = _campaign_or_404(code), today_in_vietnam()
    units = progress.unit_results(found)
    if kind == "csv":
        return csv_answer(
            f"ket-qua-{found.code}", documents.UNIT_HEADS, [documents.unit_row(row) for row in units]
        )
    figures, row = progress.campaign_figures(found, today), progress.progress_of(found, today)
    newest = gifts.newest_gifts(CAMPAIGN_GIFTS, found)
    goods = progress.goods_of(found, today)
    payment = giving.payment_of(found) if row.state == UNDER_WAY else None
    if kind == "json":
        return jsonify(documents.campaign_page_json(row, figures, units, newest, goods, payment))
    return page(
        "public/campaign.html",
        row=row,
        figures=figures,
        units=units,
        top=documents.largest_share(units),
        gifts=newest,
        goods=goods,
        unvalued=documents.whole_number(figures, "received.goods_unvalued"),
        pledged=documents.pledged(figures),
        payment=payment,
        today=today,
        documents=documents,
    )


@bp.get("/tra-cuu", defaults={"kind": HTML})
@bp.get("/tra-cuu.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def search(kind: str) -> Response:
    """Find a gift."""
    form = forms.read_search(request.args, progress.campaign_choices(), progress.account_choices())
    if kind == "csv":
        return _search_csv(form)
    if form.errors:
        if kind == "json":
            return make_response(jsonify(error=next(iter(form.errors.values())), fields=form.errors), 422)
        return page("public/search.html", "answer", status=422, form=form, documents=documents)
    found = finding.search(
        form.wanted, after=form.after, size=JSON_ROWS if kind == "json" else finding.PAGE_SIZE
    )
    rows = gifts.gifts_of(found.gifts, form.wanted.words)
    cursor = rows[-1].code if found.next else None
    if kind == "json":
        return jsonify(documents.search_json(found, rows, cursor))
    return page(
        "public/search.html",
        "answer",
        form=form,
        found=found,
        gifts=rows,
        csv_url=url_for("public.search", kind="csv", **form.args),
        next_url=url_for("public.search", **form.args, sau=cursor) if cursor else None,
        first_url=url_for("public.search", **form.args) if form.after else None,
        books=queries.books(),
        index_lags=queries.index_lags(),
        covered=coverage_sentences(queries.statement_cover()),
        documents=documents,
    )


@bp.get("/khoan-ung-ho/<code>", defaults={"kind": HTML})
@bp.get("/khoan-ung-ho/<code>.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def gift(code: str, kind: str) -> Response:
    """One gift: its facts, its people, and what the books say about it; by its code, a part's, or a person's."""
    facts = facts_by_code(code[: forms.LONGEST_CODE])
    if facts is None or (kind == "csv" and facts.people is None):
        abort(404)
    if kind == "json":
        return jsonify(documents_gifts.facts_json(facts))
    if kind == "csv" and facts.people is not None:
        rows = [documents_gifts.person_row(person) for person in facts.people.named]
        return csv_answer(f"nguoi-gop-{facts.gift.code}", documents_gifts.PERSON_HEADS, rows)
    return page(
        "public/gift.html",
        facts=facts,
        words=in_words(facts.gift.amount) if facts.gift.amount else None,
        head=documents_gifts.gift_head(facts),
        read_at=format_moment(now_in_vietnam()),
    )


@bp.get("/tong-hop.json")
@allow(PUBLIC)
@revalidated
def figures() -> Response:
    """Figures of a unit and period, as `portal figures` prints them."""
    today = today_in_vietnam()
    start = forms.read_day(request.args, "tu", date(today.year, 1, 1))
    end = forms.read_day(request.args, "den", today)
    code = nfc(request.args.get("don_vi", "")[:60])
    unit = unit_or_refused(code, end, field="don_vi") if code else present_site().unit
    if unit is None:
        return jsonify({})
    return jsonify(documents.figures_json(registry.compute(Scope(unit, start, end))))


@bp.get("/healthz")
@allow(PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return make_response("ok\n", {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"})


@bp.get("/readyz")
@allow(PUBLIC)
def readyz() -> Response:
    """The database answers, too."""
    queries.version()
    return make_response("ok\n", {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"})


def _campaign_or_404(code: str) -> Campaign:
    known = forms.read_code(code)
    found = progress.campaign_by(known) if known else None
    if found is None:
        abort(404)
    return found


def _search_csv(form: forms.SearchForm) -> Response:
    """Every gift that fits, as a file. Raises Refused for an address that would give more than was meant."""
    for field, text in form.errors.items():
        raise Refused(text, field)
    return csv_answer("khoan-ung-ho", documents_gifts.GIFT_HEADS, _gift_rows(form))


def _gift_rows(form: forms.SearchForm) -> Iterator[list[Any]]:
    """Row by row, read in short transactions: a long file holds no snapshot of the books."""
    for batch in finding.every(form.wanted):
        rows = [documents_gifts.gift_row(item) for item in gifts.gifts_of(batch)]
        db.session.rollback()
        yield from rows


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A file, sent while it is written."""
    response = Response(stream_with_context(csv_chunks(heads, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


from portal.public import (  # noqa: E402, F401  (their pages)
    views_appeals,
    views_bulletins,
    views_giving,
    views_houses,
    views_money,
    views_movement,
    views_pictures,
    views_rewards,
    views_rounds,
    views_statements,
)
