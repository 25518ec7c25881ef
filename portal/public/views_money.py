"""/thu-chi: money in and out, with what each payment rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, jsonify, make_response, url_for
from htmx_flask import request

from portal.figures import registry
from portal.figures.scope import Scope
from portal.frame import present_site
from portal.kit.access import PUBLIC, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import page
from portal.public import documents_money, money, progress, queries
from portal.public.documents import figures_json, moment_text
from portal.public.documents_statements import coverage_sentences
from portal.public.forms_money import MoneyForm, read_money
from portal.public.money_words import lines_of
from portal.public.views import HTML, bp, csv_answer, revalidated
from portal.spending.queries import purposes

PAGE_SIZE = 30


@bp.get("/thu-chi", defaults={"kind": HTML})
@bp.get("/thu-chi.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def money_page(kind: str) -> Response:
    """The bridge from opening to closing, and the rows behind it, newest first."""
    form = read_money(request.args, progress.campaign_choices(), purposes(), today_in_vietnam())
    if form.errors:
        return _wrong(form, kind)
    wanted = _wanted(form)
    if wanted is None:
        return page("public/money.html", "answer", form=form, steps=[], rows=[], documents=documents_money)
    if kind == "csv":
        return csv_answer("thu-chi", documents_money.HEADS, _every(wanted))
    figures = registry.compute(wanted.scope, documents_money.KEYS)
    moves = money.moves_of(wanted, before=form.before, size=PAGE_SIZE + 1)
    left = money.left_before(wanted, form.before) if wanted.is_whole else 0
    rows = list(documents_money.shown(lines_of(moves[:PAGE_SIZE]), wanted, left))
    cursor = str(moves[PAGE_SIZE - 1].place) if len(moves) > PAGE_SIZE else None
    if kind == "json":
        answer = {"rows": [documents_money.row_json(row) for row in rows], "next": cursor}
        return jsonify(figures=figures_json(figures), **answer)
    return _drawn(form, wanted, figures, rows, cursor)


def _drawn(
    form: MoneyForm, wanted: money.Wanted, figures: Any, rows: list[documents_money.Shown], cursor: str | None
) -> Response:
    steps = documents_money.steps_of(figures, form.start, form.end)
    tab: dict[str, Any] = {"loai": form.tab} if form.tab else {}
    return page(
        "public/money.html",
        "answer",
        form=form,
        wanted=wanted,
        figures=figures,
        steps=steps,
        scale=documents_money.scale_of(steps),
        rows=rows,
        tabs=[("", "Tất cả"), *money.TABS.items()],
        next_url=url_for("public.money_page", **form.args, **tab, sau=cursor) if cursor else None,
        first_url=url_for("public.money_page", **form.args, **tab) if form.before else None,
        csv_url=url_for("public.money_page", kind="csv", **form.args, **tab),
        books=queries.books(),
        moment_text=moment_text,
        covered=coverage_sentences(queries.statement_cover(form.start, form.end)),
        documents=documents_money,
    )


def _wanted(form: MoneyForm) -> money.Wanted | None:
    """What the address asks of the portal's unit; a campaign is asked of its own. None without units."""
    unit = form.campaign.unit if form.campaign else present_site().unit
    if unit is None:
        return None
    return money.Wanted(Scope(unit, form.start, form.end, form.campaign), form.tab, form.purpose)


def _wrong(form: MoneyForm, kind: str) -> Response:
    if kind == "csv":
        field, text = next(iter(form.errors.items()))
        raise Refused(text, field)
    if kind == "json":
        return make_response(jsonify(error=next(iter(form.errors.values())), fields=form.errors), 422)
    return page(
        "public/money.html", "answer", status=422, form=form, steps=[], rows=[], documents=documents_money
    )


def _every(wanted: money.Wanted) -> Iterator[list[Any]]:
    """Row by row in short transactions: a long file holds no snapshot of the books."""
    for moves in money.every_move(wanted):
        lines = [documents_money.file_row(line) for line in lines_of(moves)]
        db.session.rollback()
        yield from lines
