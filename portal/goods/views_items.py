"""The catalogue on screen: items with packs and parts, where they lie, changing and withdrawing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy import func, select

from portal.goods import actions, queries
from portal.goods.catalogue import has_moved
from portal.goods.forms import ITEM_LINES, LINES, ItemChangeForm, ItemForm, lines_asked, with_lines
from portal.goods.models import Item, StockBalance, Store
from portal.goods.rules import format_quantity
from portal.goods.typed import packs_and_parts
from portal.goods.values import last_price
from portal.goods.views import KEEPERS, READERS, WRITERS, bp, holds
from portal.goods.views_lists_kept import ITEMS
from portal.goods.views_slips import more_asked, put
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import Change, changed_meanwhile, lock_row
from portal.kit.web import go, page
from portal.people.queries import readable_units

LEAST = 4  # lines of packs and parts on an empty form


@bp.get("/danh-muc/")
@allow(*READERS)
def items() -> Response:
    """The catalogue, withdrawn items too."""
    mine = select(Store.id).where(Store.unit_id.in_(readable_units(current_user)))
    left = select(func.sum(StockBalance.quantity)).where(
        StockBalance.item_id == Item.id, StockBalance.store_id.in_(mine)
    )
    rows = queries.items().add_columns(left.correlate(Item).scalar_subquery().label("left"))
    listing = ITEMS.run(rows, request.args, request.path)
    return ITEMS.download(rows, request.args) or page(
        "goods/items.html", "list", status=listing.status, listing=listing, may_write=holds(*KEEPERS)
    )


@bp.get("/danh-muc/<int:item_id>")
@allow(*READERS)
def item(item_id: int) -> Response:
    """One item: packs, parts, price, where it lies."""
    found = queries.item_or_404(item_id)
    return page(
        "goods/item.html",
        item=found,
        last=last_price(found),
        stock=queries.stock_of_item(current_user, item_id),
        may_write=holds(*KEEPERS),
        may_pack=found.is_kit and not found.withdrawn and holds(*WRITERS),
        quantity=format_quantity,
    )


def _new_form() -> Any:
    return with_lines(ItemForm, lines_asked(request.form, LEAST), ITEM_LINES)()


def _form_page(
    form: Any, item: Item | None, status: int | None = None, theirs: Sequence[Change] = ()
) -> Response:
    return page(
        "goods/edit_item.html",
        form=form,
        item=item,
        theirs=theirs,
        fixed_measure=item is not None and has_moved(item.id),
        lines_field=LINES,
        status=form.status if status is None else status,
    )


@bp.get("/danh-muc/moi")
@allow(*KEEPERS)
def new_item() -> Response:
    """The form of a new item."""
    return _form_page(_new_form(), None)


@bp.post("/danh-muc/moi")
@allow(*KEEPERS)
def create_item() -> Response:
    """A new item with its packs and parts."""
    form = _new_form()
    if more_asked():
        db.session.rollback()
        return _form_page(form, None, status=200)
    if form.validate_on_submit():
        packs, parts, wrong = packs_and_parts(form.typed(), form.measure.data)
        put(form, wrong)
        if not wrong:
            try:
                made = actions.record_item(packs=packs, parts=parts, **form.head())
                response = go(url_for("goods.item", item_id=made.id))
                flash(f"Đã thêm “{made.name}”, mã {made.code}.")
                db.session.commit()
                return response
            except Refused as refused:
                db.session.rollback()
                form.add_refusal(refused)
    db.session.rollback()
    return _form_page(form, None)


def _change_form(item: Item) -> Any:
    """The form of a change, filled with what is known."""
    packs, parts = list(item.packs), list(item.parts)
    count = lines_asked(request.form, max(LEAST, len(packs) + 1, len(parts) + 1))
    values: dict[str, Any] = {}
    for number, pack in enumerate(packs, start=1):
        values |= {f"pack_{number}": pack.name, f"holds_{number}": format_quantity(pack.holds)}
    for number, part in enumerate(parts, start=1):
        values |= {
            f"part_{number}": f"{part.part.code} · {part.part.name}",
            f"amount_{number}": format_quantity(part.quantity),
        }
    return with_lines(ItemChangeForm, count, ITEM_LINES)(obj=item, data=values)


@bp.get("/danh-muc/<int:item_id>/sua")
@allow(*KEEPERS)
def edit_item(item_id: int) -> Response:
    """The form of a change."""
    found = queries.item_or_404(item_id)
    return _form_page(_change_form(found), found)


@bp.post("/danh-muc/<int:item_id>/sua")
@allow(*KEEPERS)
def change_item(item_id: int) -> Response:
    """Change an item; slips keep what they say."""
    found = lock_row(queries.item_or_404(item_id))
    form = _change_form(found)
    theirs = changed_meanwhile(form, request.form)
    if more_asked():
        db.session.rollback()
        return _form_page(form, queries.item_or_404(item_id), 200, theirs)
    if form.validate_on_submit() and not theirs:
        packs, parts, wrong = packs_and_parts(form.typed(), form.measure.data)
        put(form, wrong)
        if not wrong:
            try:
                actions.change_item(found, packs=packs, parts=parts, **form.head())
                response = go(url_for("goods.item", item_id=item_id))
                flash(f"Đã sửa “{found.name}”.")
                db.session.commit()
                return response
            except Refused as refused:
                db.session.rollback()
                form.add_refusal(refused)
    db.session.rollback()
    return _form_page(form, queries.item_or_404(item_id), 409 if theirs else None, theirs)
