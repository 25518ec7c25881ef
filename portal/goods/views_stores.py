"""Stores on screen: the list, one with what lies in it, making and changing them."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from portal.goods import actions, queries
from portal.goods.documents import keeper_of
from portal.goods.forms import StoreChangeForm, StoreForm
from portal.goods.models import StockBalance, Store
from portal.goods.rules import format_quantity
from portal.goods.views import KEEPERS, READERS, bp, holds
from portal.goods.views_lists_kept import STORES
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.web import go, page
from portal.ledger.models import Fund
from portal.ledger.queries import funds
from portal.people.models import RoleGrant, User
from portal.people.queries import may
from portal.units.models import Unit


@bp.get("/cac-kho/")
@allow(*READERS)
def stores() -> Response:
    """Every store that the person sees."""
    here = (StockBalance.store_id == Store.id) & (StockBalance.quantity > 0)
    kinds = select(func.count(func.distinct(StockBalance.item_id))).where(here).correlate(Store)
    worth = select(func.coalesce(func.sum(StockBalance.value), 0)).where(here).correlate(Store)
    keeper = select(User.name).where(User.id == Store.keeper_id).correlate(Store)
    rows = queries.stores(current_user).join(Store.unit).options(contains_eager(Store.unit))
    rows = rows.add_columns(
        kinds.scalar_subquery().label("items"),
        worth.scalar_subquery().label("worth"),
        keeper.scalar_subquery().label("keeper_name"),
    )
    listing = STORES.run(rows, request.args, request.path)
    return STORES.download(rows, request.args) or page(
        "goods/stores.html", "list", status=listing.status, listing=listing, may_write=holds(*KEEPERS)
    )


@bp.get("/cac-kho/<int:store_id>")
@allow(*READERS)
def store(store_id: int) -> Response:
    """One store with what lies in it now."""
    found = queries.store_or_404(store_id, for_user=current_user)
    rows = queries.stock_at(current_user).where(Store.id == store_id).order_by("folded")
    return page(
        "goods/store.html",
        store=found,
        keeper=keeper_of(found),
        fund=db.session.get_one(Fund, found.fund_id),
        stock=list(db.session.execute(rows)),
        may_write=may(current_user, KEEPERS, found.unit_id),
        quantity=format_quantity,
    )


def _keepers(unit_ids: Any) -> list[tuple[int, str]]:
    """The people who have a role in these units."""
    rows = select(User.id, User.name).where(
        User.active, User.id.in_(select(RoleGrant.user_id).where(RoleGrant.unit_id.in_(unit_ids)))
    )
    return [(user_id, name) for user_id, name in db.session.execute(rows.order_by(User.name, User.id))]


def _new_form() -> StoreForm:
    form = StoreForm()
    units = queries.units_of_stores(current_user, *KEEPERS)
    form.unit_id.offer([(unit.id, unit.name) for unit in units])
    form.fund_id.offer([(fund.id, fund.name) for fund in funds()])
    form.keeper_id.offer(_keepers([unit.id for unit in units]))
    if request.method == "GET":
        form.fund_id.data = funds()[0].id
        form.unit_id.data = units[0].id if len(units) == 1 else None
    return form


@bp.get("/cac-kho/moi")
@allow(*KEEPERS)
def new_store() -> Response:
    """The form of a new store."""
    return page("goods/edit_store.html", form=_new_form(), store=None)


@bp.post("/cac-kho/moi")
@allow(*KEEPERS)
def create_store() -> Response:
    """A new store of a unit's fund."""
    form = _new_form()
    if form.validate_on_submit():
        values = form.values()
        unit, keeper_id = db.session.get_one(Unit, values.pop("unit_id")), values.pop("keeper_id")
        keeper = db.session.get(User, keeper_id) if keeper_id else None
        try:
            made = actions.record_store(unit=unit, keeper=keeper, **values)
            response = go(url_for("goods.store", store_id=made.id))
            flash(f"Đã lập kho “{made.name}”.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return page("goods/edit_store.html", form=form, store=None, status=form.status)


def _changeable_or_404(store_id: int) -> Store:
    """A store that the person may change; 403 for one they may only read."""
    found = queries.store_or_404(store_id, for_user=current_user)
    if not may(current_user, KEEPERS, found.unit_id):
        abort(403)
    return found


def _change_form(found: Store) -> StoreChangeForm:
    form = StoreChangeForm(obj=found)
    people = _keepers([found.unit_id])
    if found.keeper and found.keeper_id not in {user_id for user_id, _ in people}:
        people.append((found.keeper.id, found.keeper.name))
    form.keeper_id.offer(people)
    return form


@bp.get("/cac-kho/<int:store_id>/sua")
@allow(*KEEPERS)
def edit_store(store_id: int) -> Response:
    """The form of a change."""
    found = _changeable_or_404(store_id)
    return page("goods/edit_store.html", form=_change_form(found), store=found)


@bp.post("/cac-kho/<int:store_id>/sua")
@allow(*KEEPERS)
def change_store(store_id: int) -> Response:
    """Change a store, close it when it is empty, open it again."""
    found = lock_row(_changeable_or_404(store_id))
    form = _change_form(found)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_store(found, **form.values())
            response = go(url_for("goods.store", store_id=store_id))
            flash(f"Đã sửa kho “{found.name}”.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    store, status = _changeable_or_404(store_id), 409 if theirs else form.status
    return page("goods/edit_store.html", form=form, store=store, theirs=theirs, status=status)
