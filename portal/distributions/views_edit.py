"""A new list, its head, its portions. Part of the views."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.queries import campaigns_of
from portal.distributions import actions_list as actions
from portal.distributions import queries_norms, rules
from portal.distributions import queries_rows as found
from portal.distributions.actions_list import PortionFields
from portal.distributions.forms import ITEMS, ListForm, portions_form
from portal.distributions.models import Distribution
from portal.distributions.queries_rounds import rounds_near
from portal.distributions.rules_rounds import Round
from portal.distributions.views import WRITERS, bp, list_to_change, show_list
from portal.goods.models import Item
from portal.goods.queries import items, stores_for
from portal.goods.typed import Wrong, read_lines
from portal.households.queries_registry import is_hamlet
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import Change, changed_meanwhile, lock_row
from portal.kit.web import go, page
from portal.ledger.models import Fund
from portal.ledger.queries import funds
from portal.people.queries import open_units
from portal.spending.queries import levels, purposes
from portal.spending.queries_vouchers import bank_accounts_of, officers_of
from portal.units.models import Unit


def units_to_write() -> dict[int, Unit]:
    """Communes and above in which the person builds lists; hamlets keep no books."""
    mine = open_units(current_user, *WRITERS)
    return {key: unit for key, unit in mine.items() if not is_hamlet(unit)}


def _own_unit(units: dict[int, Unit]) -> Unit | None:
    asked = request.args.get("don_vi", "")
    if asked.isdecimal() and int(asked[:15]) in units:
        return units[int(asked[:15])]
    own = [grant.unit_id for grant in current_user.grants if grant.role in WRITERS and grant.unit_id in units]
    chosen = own or (list(units) if len(units) == 1 else [])
    return units[chosen[0]] if chosen else None


def _offered(form: ListForm, unit: Unit, kept: Distribution | None = None) -> ListForm:
    """Give the form what this unit may choose."""
    form.unit_id.offer([(unit.id, unit.name)])
    form.unit_id.data = unit.id
    form.fund_id.offer([(fund.id, fund.name) for fund in funds()])
    if kept is not None:
        form.fund_id.data = kept.fund_id
    elif form.fund_id.data is None and not form.fund_id.raw_data:
        form.fund_id.data = funds()[0].id
    fund_id = form.fund_id.data or 0
    form.purpose.offer([(item.key, item.name) for item in purposes()])
    form.level.offer([(item.key, item.name) for item in levels()])
    here: Any = select(Unit.id).where(Unit.id == unit.id)
    mine = campaigns_of(here)
    form.campaign_id.offer([(item.id, item.name) for item in mine])
    accounts = bank_accounts_of(unit.id, fund_id)
    form.bank_account_id.offer([(item.id, f"{item.code}, {item.bank}") for item in accounts])
    stores = [store for store in stores_for(current_user, *WRITERS) if store.unit_id == unit.id]
    form.store_id.offer([(store.id, store.name) for store in stores])
    form.officer_id.offer([(person.id, person.name) for person in officers_of(unit)])
    form.round_id.offer([(one.list_id, one.label) for one in _rounds(unit, form.handed_on.data, kept)])
    return form


def _rounds(unit: Unit, day: date | None, kept: Distribution | None) -> list[Round]:
    """The rounds to choose from; a list that is changed is not offered to itself."""
    return rounds_near(unit, day or today_in_vietnam(), but=kept.id if kept else None)


def _opened(one: Distribution) -> ListForm:
    """The form with what the list holds: its round is chosen when others share it, else it is named."""
    known = _rounds(one.unit, one.handed_on, one)
    shared = next((other.list_id for other in known if other.key == one.round_key), None)
    named = None if shared or one.round_name == one.content else one.round_name
    return ListForm(obj=one, round_id=shared, new_round=named)


@bp.route("/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new() -> Response:
    """A new list in the unit of the address (`don_vi`), else in the person's own."""
    units = units_to_write()
    unit = _own_unit(units)
    if unit is None:
        return page("distributions/choose_unit.html", units=sorted(units.values(), key=lambda one: one.name))
    form = _offered(ListForm(), unit)
    if form.validate_on_submit():
        try:
            made = actions.create_list(
                unit=unit, fund=db.session.get_one(Fund, form.fund_id.data), by=current_user, **form.head()
            )
            response = go(url_for("distributions.portions", list_id=made.id))
            flash(f"Đã lập danh sách{_joined(made)}. Ghi các suất quà, rồi thêm hộ.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return page(
        "distributions/form.html", status=form.status, form=form, one=None, unit=unit, units=units, theirs=()
    )


def _joined(made: Distribution) -> str:
    """ " trong đợt “…” đã có 2 danh sách" when the new list is not the first of its round."""
    for one in _rounds(made.unit, made.handed_on, made):
        if one.key == made.round_key:
            return f" trong đợt “{one.name}”, đợt đã có {one.lists} danh sách"
    return ""


@bp.route("/<int:list_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def edit(list_id: int) -> Response:
    """Change the head of a draft. Who is second sees what the first has written."""
    one = list_to_change(list_id)
    if request.method == "POST":
        lock_row(one)
    form = _offered(_opened(one), one.unit, one)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_list(one, by=current_user, **form.head())
            response = go(url_for("distributions.show", list_id=list_id))
            flash("Đã sửa danh sách.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
            one = list_to_change(list_id)
    return _form_page(form, one, theirs)


def _form_page(form: ListForm, one: Distribution, theirs: Sequence[Change]) -> Response:
    status = 409 if theirs else form.status
    return page(
        "distributions/form.html", status=status, form=form, one=one, unit=one.unit, units={}, theirs=theirs
    )


@bp.route("/<int:list_id>/suat", methods=["GET", "POST"])
@allow(*WRITERS)
def portions(list_id: int) -> Response:
    """What a household of the list gets: money, goods, or both; several portions."""
    one = list_to_change(list_id)
    if one.state != rules.DRAFT:
        return show_list(one)
    form = portions_form(found.portions_of(one))
    if form.validate_on_submit():
        wanted, wrong = _read(form)
        for fault in wrong:
            form[fault.field].errors = [*form[fault.field].errors, fault.text]
        if not wrong:
            try:
                actions.set_portions(one, wanted, by=current_user)
                response = go(url_for("distributions.show", list_id=list_id))
                flash(f"Đã ghi {len(wanted)} suất quà.")
                db.session.commit()
                return response
            except Refused as refused:
                db.session.rollback()
                form.add_refusal(refused)
                one = list_to_change(list_id)
    offered = db.session.scalars(items().where(~Item.withdrawn).order_by(Item.folded).limit(500)).all()
    return page(
        "distributions/portions.html",
        status=form.status,
        form=form,
        one=one,
        items=offered,
        item_places=range(1, ITEMS + 1),
        norm=queries_norms.norm_for(one),
    )


def _read(form: Any) -> tuple[list[PortionFields], list[Wrong]]:
    """The portions of the lines that say something, and what is wrong with others."""
    goods: dict[int, dict[int, int]] = {}
    wrong: list[Wrong] = []
    for place in range(1, ITEMS + 1):
        item, quantity = f"item{place}", f"quantity{place}"
        typed = [
            {"number": line["number"], item: line[item] or "", quantity: line[quantity]}
            for line in form.typed()
        ]
        lines, faults = read_lines(typed, item=item, quantity=quantity)
        wrong += faults
        for line in lines:
            known = goods.setdefault(line.number, {})
            known[line.item.id] = known.get(line.item.id, 0) + line.quantity
    wanted = []
    for line in form.typed():
        number = line["number"]
        said = line["amount"] is not None or number in goods
        if line["name"] or said:
            wanted.append(
                PortionFields(
                    line["name"] or f"Suất {number}", line["amount"], goods.get(number), line["over_norm"]
                )
            )
    return wanted, wrong
