"""Goods on screen: stock on any day, the stock card, movements, lots that expire, the picker of items."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.frame import shows_sample
from portal.goods import documents, documents_sheets, queries
from portal.goods.card import stock_card
from portal.goods.models import Item
from portal.goods.queries import EXPIRES_SOON
from portal.goods.rules import format_quantity
from portal.goods.values import last_prices
from portal.goods.views_lists import EXPIRING, MOVEMENTS, stock_list
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import EARLIEST, parse_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import page

bp = Blueprint("goods", __name__, url_prefix="/quan-ly/kho")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT)
KEEPERS = (RECORDER, ACCOUNTANT, ADMINISTRATOR)  # of the catalogue and of stores
DECIDERS = (APPROVER, ACCOUNTANT)
LOOK_BACK = timedelta(days=90)


def holds(*roles: str) -> bool:
    """Whether the person has one of the roles anywhere."""
    return any(grant.role in roles for grant in current_user.grants)


def asked_day(name: str, fallback: date) -> tuple[date, str | None]:
    """A day of the address, and the sentence when it cannot be read (then the fallback counts)."""
    typed = request.args.get(name, "").strip()
    if not typed:
        return fallback, None
    try:
        return parse_day(typed, today=today_in_vietnam(), field=name), None
    except Refused as refused:
        return fallback, refused.text


def paper(template: str, **values: Any) -> str:
    """The HTML of one of this room's papers."""
    return render_paper(template, sample=shows_sample(), **values)


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """What lies in the stores at the end of a day (today unless one is asked for)."""
    day, _ = asked_day("ngay", today_in_vietnam())
    stores, lies = queries.stores_for(current_user), queries.stock(day)
    spec, rows = stock_list(day, lies, stores), queries.stock_at(current_user, day, lies)
    listing = spec.run(rows, request.args, request.path)
    soon = list(db.session.execute(queries.expiring(current_user).limit(6)))
    return spec.download(rows, request.args) or page(
        "goods/index.html",
        "list",
        status=listing.status,
        listing=listing,
        day=day,
        soon=soon,
        in_words=queries.words_of_goods(current_user),
        may_write=holds(*WRITERS),
        has_stores=bool(stores),
        quantity=format_quantity,
    )


@bp.get("/nhap-xuat")
@allow(*READERS)
def movements() -> Response:
    """Every movement of goods, newest first."""
    rows = queries.movements_for(current_user)
    listing = MOVEMENTS.run(rows, request.args, request.path)
    return MOVEMENTS.download(rows, request.args) or page(
        "goods/movements.html", "list", status=listing.status, listing=listing
    )


@bp.get("/han-dung")
@allow(*READERS)
def expiring() -> Response:
    """Lots that have expired or soon will."""
    until, _ = asked_day("den", today_in_vietnam() + EXPIRES_SOON)
    rows = queries.expiring(current_user, until)
    listing = EXPIRING.run(rows, request.args, request.path)
    return EXPIRING.download(rows, request.args) or page(
        "goods/expiring.html", "list", status=listing.status, listing=listing, until=until
    )


@bp.get("/the-kho/<int:store_id>/<int:item_id>")
@allow(*READERS)
def card(store_id: int, item_id: int) -> Response:
    """Thẻ kho on screen."""
    store, item = queries.store_or_404(store_id, for_user=current_user), queries.item_or_404(item_id)
    today = today_in_vietnam()
    first, wrong_first = asked_day("tu", today.replace(month=1, day=1))
    last, wrong_last = asked_day("den", today)
    return page(
        "goods/card.html",
        status=422 if wrong_first or wrong_last else 200,
        store=store,
        item=item,
        first=first,
        last=last,
        wrong=[text for text in (wrong_first, wrong_last) if text],
        card=stock_card(store.id, item.id, first, last),
        lots=[row for row in queries.lots_here(store.id, [item.id]) if row[1] is not None],
        quantity=format_quantity,
        document_name=documents.document_name,
    )


@bp.get("/the-kho/<int:store_id>/<int:item_id>.pdf")
@allow(*READERS)
def card_pdf(store_id: int, item_id: int) -> Response:
    """Thẻ kho as a paper: every page carries its total to the next."""
    store, item = queries.store_or_404(store_id, for_user=current_user), queries.item_or_404(item_id)
    today = today_in_vietnam()
    first, _ = asked_day("tu", EARLIEST)
    last, _ = asked_day("den", today)
    values = documents_sheets.card_paper(store, item, stock_card(store.id, item.id, first, last), first, last)
    return pdf_answer(paper("documents/stock_card.html", card=values), f"the-kho-{store.code}-{item.code}")


@bp.get("/tim-hang")
@allow(*READERS)
def find_items() -> Response:
    """Suggestions of the item picker: a fragment."""
    typed = request.args.get("q", "")[:200]
    found = queries.items_for_picker(typed)
    prices = last_prices([item.id for item in found])
    options = [(f"{item.code} · {item.name}", item.name, _hint(item, prices.get(item.id))) for item in found]
    return page("goods/options.html", options=options, typed=typed)


def _hint(item: Item, last: int | None) -> str:
    price = last if last is not None else item.price
    return f"{item.code}, {item.measure}" + (f", {format_amount(price)} đ" if price is not None else "")


from portal.goods import (  # noqa: E402, F401  (their pages belong to this blueprint)
    views_captions,
    views_counts,
    views_documents,
    views_items,
    views_slips,
    views_stores,
)
