"""Counts on screen: the list, choosing a store and a day, what was found, the answer of a second person, the paper."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask import Response, abort, flash, make_response, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from portal.goods import actions, documents_sheets, queries
from portal.goods.counts import stock_places
from portal.goods.forms import (
    COUNTED,
    LINES,
    AnswerForm,
    CountForm,
    StartCountForm,
    lines_asked,
    offer_stores,
    with_lines,
)
from portal.goods.models import Item, Lot, StockCount, StockCountLine, Store
from portal.goods.rules import format_quantity, lot_name, parse_quantity
from portal.goods.typed import Wrong
from portal.goods.views import DECIDERS, READERS, WRITERS, asked_day, bp, holds, paper
from portal.goods.views_lists_kept import COUNTS, STATES, count_state, decider, requester
from portal.goods.views_slips import more_asked, my_stores, put
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import pdf_answer
from portal.kit.web import go, page
from portal.people.queries import may

FREE = 3  # lines for what the books do not know


class Place(NamedTuple):
    """An item (and lot) that the books say lies in the store."""

    item: Item
    lot: Lot | None
    quantity: int


@bp.get("/kiem-ke/")
@allow(*READERS)
def counts() -> Response:
    """Every count that the person sees."""
    differing = (
        select(func.count())
        .select_from(StockCountLine)
        .where(StockCountLine.count_id == StockCount.id, StockCountLine.found != StockCountLine.in_books)
        .correlate(StockCount)
    )
    rows = queries.counts_for(current_user).join(requester, StockCount.requested_by)
    rows = rows.outerjoin(decider, StockCount.decided_by)
    rows = rows.options(
        contains_eager(StockCount.store),
        contains_eager(StockCount.requested_by, alias=requester),
        contains_eager(StockCount.decided_by, alias=decider),
    ).add_columns(differing.scalar_subquery().label("differing"))
    listing = COUNTS.run(rows, request.args, request.path)
    return COUNTS.download(rows, request.args) or page(
        "goods/counts.html", "list", status=listing.status, listing=listing, may_write=holds(*WRITERS)
    )


@bp.get("/kiem-ke/moi")
@allow(*WRITERS)
def start_count() -> Response:
    """Choose a store and a day; then the sheet with what the books say."""
    asked = "store_id" in request.args
    form = StartCountForm(request.args if asked else None, meta={"csrf": False})
    offer_stores(form.store_id, list(my_stores().values()))
    if asked and form.validate():
        return go(url_for("goods.new_count", store_id=form.store_id.data, ngay=f"{form.day.data:%d/%m/%Y}"))
    return page("goods/start_count.html", form=form, status=form.status, has_stores=bool(my_stores()))


def _store_or_404(store_id: int) -> Store:
    found = my_stores().get(store_id)
    if found is None:
        queries.store_or_404(store_id, for_user=current_user)
        abort(403)
    return found


def _places(store: Store, day: date) -> list[Place]:
    return [Place(*row) for row in stock_places(store.id, day)]


def _count_form(places: list[Place]) -> Any:
    free = lines_asked(request.form, len(places) + FREE) if LINES in request.form else len(places) + FREE
    return with_lines(CountForm, max(free, len(places)), COUNTED)()


def _sheet(store: Store, day: date, places: list[Place], form: Any, status: int | None = None) -> Response:
    lines = form.lines()
    return page(
        "goods/new_count.html",
        form=form,
        status=form.status if status is None else status,
        store=store,
        day=day,
        known=list(zip(places, lines[: len(places)], strict=True)),
        free=lines[len(places) :],
        lines_field=LINES,
        quantity=format_quantity,
        lot_name=lot_name,
    )


@bp.get("/kiem-ke/moi/<int:store_id>")
@allow(*WRITERS)
def new_count(store_id: int) -> Response:
    """The sheet: what the books say on that day, a field for what was found."""
    store = _store_or_404(store_id)
    day, _ = asked_day("ngay", today_in_vietnam())
    places = _places(store, day)
    return _sheet(store, day, places, _count_form(places))


@bp.post("/kiem-ke/moi/<int:store_id>")
@allow(*WRITERS)
def create_count(store_id: int) -> Response:
    """Keep the count for a second person to approve."""
    store = _store_or_404(store_id)
    day, _ = asked_day("ngay", today_in_vietnam())
    places = _places(store, day)
    form = _count_form(places)
    if more_asked():
        db.session.rollback()
        store = _store_or_404(store_id)
        return _sheet(store, day, _places(store, day), form, status=200)
    if form.validate_on_submit():
        rows, wrong = _found(form, places)
        put(form, wrong)
        if not wrong:
            try:
                made = actions.request_count(
                    store=store, counted_on=day, rows=rows, by=current_user, **form.head()
                )
                response = go(url_for("goods.count", count_id=made.id))
                flash("Đã gửi biên bản kiểm kê. Người duyệt sẽ thấy trong “Việc của tôi”.")
                db.session.commit()
                return response
            except Refused as refused:
                form.add_refusal(refused)
    db.session.rollback()
    store = _store_or_404(store_id)
    return _sheet(store, day, _places(store, day), form)


def _found(form: Any, places: list[Place]) -> tuple[list[actions.Found], list[Wrong]]:
    """What was typed on the sheet: a line left blank was not counted; 0 means that nothing is there."""
    rows, wrong = [], []
    for number, line in enumerate(form.typed()):
        typed, field = line["quantity"], f"quantity_{line['number']}"
        place = places[number] if number < len(places) else None
        try:
            if place is None and not line["item"]:
                if typed:
                    raise Refused("Dòng này chưa có mặt hàng. Gõ mã hoặc tên.", f"item_{line['number']}")
                continue
            if place is not None and not typed:
                continue
            item = place.item if place else queries.item_by(line["item"], field=f"item_{line['number']}")
            packs = {pack.name: pack.holds for pack in item.packs}
            found = 0 if typed == "0" else parse_quantity(typed, packs, measure=item.measure, field=field)
            lot_id = place.lot.id if place and place.lot else None
            rows.append(actions.Found(item.id, lot_id, found, line["reason"]))
        except Refused as refused:
            wrong.append(Wrong(refused.field or "", refused.text))
    return rows, wrong


@bp.get("/kiem-ke/<int:count_id>")
@allow(*READERS)
def count(count_id: int) -> Response:
    """One count with what differs."""
    return _show(queries.count_or_404(count_id, for_user=current_user), AnswerForm())


def _show(found: StockCount, form: AnswerForm) -> Response:
    unit_id = found.store.unit_id
    return page(
        "goods/count.html",
        count=found,
        state=STATES[count_state(found)],
        form=form,
        status=form.status,
        own=found.requested_by_id == current_user.id,
        may_decide=found.approved is None
        and found.requested_by_id != current_user.id
        and may(current_user, DECIDERS, unit_id),
        quantity=format_quantity,
        lot_name=lot_name,
    )


@bp.post("/kiem-ke/<int:count_id>")
@allow(*DECIDERS)
def decide_count(count_id: int) -> Response:
    """Approve: what differs is booked; or refuse with an answer."""
    found = queries.count_or_404(count_id, for_user=current_user)
    if not may(current_user, DECIDERS, found.store.unit_id):
        abort(403)
    form = AnswerForm()
    if form.validate_on_submit():
        approve = request.form.get("decision") == "approve"
        try:
            actions.decide_count(found, approve=approve, answer=form.answer.data or "", by=current_user)
            response = go(url_for("goods.count", count_id=count_id))
            flash("Đã duyệt biên bản kiểm kê." if approve else "Đã trả lời: không duyệt biên bản.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(queries.count_or_404(count_id, for_user=current_user), form)


@bp.post("/kiem-ke/<int:count_id>/rut")
@allow(*WRITERS)
def withdraw_count(count_id: int) -> Response:
    """The person who counted takes the paper back."""
    found = queries.count_or_404(count_id, for_user=current_user)
    try:
        actions.withdraw_count(found, by=current_user)
        flash("Đã rút biên bản kiểm kê.")
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
    response = go(url_for("goods.count", count_id=count_id))
    db.session.commit()
    return response


def _paper_html(count_id: int, **links: Any) -> str:
    found = queries.count_or_404(count_id, for_user=current_user)
    return paper("documents/stock_count.html", count=documents_sheets.count_paper(found), **links)


@bp.get("/kiem-ke/<int:count_id>/ban-in")
@allow(*READERS)
def count_paper(count_id: int) -> Response:
    """Biên bản kiểm kê as it will be printed."""
    links = {
        "pdf_url": url_for("goods.count_pdf", count_id=count_id),
        "back_url": url_for("goods.count", count_id=count_id),
    }
    return make_response(_paper_html(count_id, **links))


@bp.get("/kiem-ke/<int:count_id>.pdf")
@allow(*READERS)
def count_pdf(count_id: int) -> Response:
    """Biên bản kiểm kê as PDF."""
    return pdf_answer(_paper_html(count_id), f"kiem-ke-{count_id}")
