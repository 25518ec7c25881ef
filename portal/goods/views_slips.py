"""New slips: goods come in, go out, move between stores; kits are packed and opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.goods import actions, queries
from portal.goods.forms import (
    COMING,
    GOING,
    LINES,
    IssueForm,
    KitForm,
    LinesForm,
    ReceiptForm,
    TransferForm,
    lines_asked,
    offer_stores,
    with_lines,
)
from portal.goods.models import Item, Store
from portal.goods.rules import SlipRow
from portal.goods.typed import Read, Wrong, coming_rows, going_rows, quantity_of, read_lines
from portal.goods.views import WRITERS, bp
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.web import go, page
from portal.ledger.models import Posting
from portal.people.queries import units_for

Rows = tuple[Sequence[SlipRow], list[Wrong]]


def my_stores() -> dict[int, Store]:
    """The open stores in which the person writes, by id."""
    return {store.id: store for store in queries.stores_for(current_user, *WRITERS)}


def more_asked() -> bool:
    """Whether the form came back only for more lines."""
    return request.method == "POST" and request.form.get("then") == "lines"


def put(form: PortalForm, wrong: Sequence[Wrong]) -> None:
    """Every sentence at its field."""
    for field, text in wrong:
        form.add_refusal(Refused(text, field))


def _receipt_form() -> LinesForm:
    form = with_lines(ReceiptForm, lines_asked(request.form), COMING)()
    offer_stores(form.store_id, list(my_stores().values()))
    return form


def _issue_form() -> LinesForm:
    form = with_lines(IssueForm, lines_asked(request.form), GOING)()
    offer_stores(form.store_id, list(my_stores().values()))
    form.campaign_id.offer([(item.id, item.name) for item in _campaigns().values()])
    return form


def _campaigns() -> dict[int, Campaign]:
    return {item.id: item for item in campaigns_of(units_for(current_user, *WRITERS))}


def _transfer_form() -> LinesForm:
    form = with_lines(TransferForm, lines_asked(request.form), GOING)()
    for field in (form.store_id, form.to_store_id):
        offer_stores(field, list(my_stores().values()))
    if request.method == "GET" and len(my_stores()) == 1:
        form.to_store_id.data = None
    return form


def _form_page(template: str, form: LinesForm, status: int | None = None) -> Response:
    return page(
        template,
        form=form,
        status=form.status if status is None else status,
        lines_field=LINES,
        has_stores=bool(my_stores()),
    )


def _carry_out(
    template: str,
    make: Callable[[], LinesForm],
    rows_of: Callable[[Sequence[Read], dict[str, Any]], Rows],
    act: Callable[[dict[str, Any], Sequence[SlipRow]], Posting],
) -> Response:
    """Read the form and its lines, do what it asks, go to the new slip; or the page again with what is wrong."""
    form = make()
    if more_asked():
        db.session.rollback()
        return _form_page(template, make(), status=200)
    if form.validate_on_submit():
        lines, wrong = read_lines(form.typed())
        head = form.head()
        rows, more = rows_of(lines, head)
        if not wrong and not more:
            try:
                posting = act(head, rows)
                response = go(url_for("goods.document", number=posting.number))
                flash(f"Đã ghi sổ phiếu {posting.paper_number}.")
                db.session.commit()
                return response
            except Refused as refused:
                db.session.rollback()
                form = make()
                form.validate()
                form.add_refusal(refused)
                return _form_page(template, form)
        db.session.rollback()
        form = make()
        form.validate()
        put(form, [*wrong, *more])
    return _form_page(template, form)


@bp.get("/nhap")
@allow(*WRITERS)
def new_receipt() -> Response:
    """The form of a goods receipt."""
    return _form_page("goods/new_receipt.html", _receipt_form())


@bp.post("/nhap")
@allow(*WRITERS)
def create_receipt() -> Response:
    """Goods come in."""

    def rows(lines: Sequence[Read], head: dict[str, Any]) -> Rows:
        return coming_rows(lines, with_usual_prices=head.pop("usual_prices")), []

    def act(head: dict[str, Any], found: Sequence[SlipRow]) -> Posting:
        store = my_stores()[head.pop("store_id")]
        return actions.receive(store=store, rows=found, by=current_user, **head)

    return _carry_out("goods/new_receipt.html", _receipt_form, rows, act)


@bp.get("/xuat")
@allow(*WRITERS)
def new_issue() -> Response:
    """The form of a goods issue."""
    return _form_page("goods/new_issue.html", _issue_form())


@bp.post("/xuat")
@allow(*WRITERS)
def create_issue() -> Response:
    """Goods go out."""

    def rows(lines: Sequence[Read], head: dict[str, Any]) -> Rows:
        return going_rows(lines, head["store_id"])

    def act(head: dict[str, Any], found: Sequence[SlipRow]) -> Posting:
        store, campaign = my_stores()[head.pop("store_id")], _campaigns().get(head.pop("campaign_id"))
        return actions.issue(store=store, rows=found, campaign=campaign, by=current_user, **head)

    return _carry_out("goods/new_issue.html", _issue_form, rows, act)


@bp.get("/chuyen")
@allow(*WRITERS)
def new_transfer() -> Response:
    """The form of a transfer between two stores."""
    return _form_page("goods/new_transfer.html", _transfer_form())


@bp.post("/chuyen")
@allow(*WRITERS)
def create_transfer() -> Response:
    """Goods move to another store."""

    def rows(lines: Sequence[Read], head: dict[str, Any]) -> Rows:
        return going_rows(lines, head["store_id"])

    def act(head: dict[str, Any], found: Sequence[SlipRow]) -> Posting:
        mine = my_stores()
        store, to_store = mine[head.pop("store_id")], mine[head.pop("to_store_id")]
        return actions.transfer(store=store, to_store=to_store, rows=found, by=current_user, **head)

    return _carry_out("goods/new_transfer.html", _transfer_form, rows, act)


def _kits() -> dict[int, Item]:
    rows = select(Item).where(Item.is_kit, ~Item.withdrawn).order_by(Item.folded)
    return {item.id: item for item in db.session.scalars(rows)}


def _kit_form() -> KitForm:
    form = KitForm()
    offer_stores(form.store_id, list(my_stores().values()))
    kits = _kits()
    form.kit_id.offer([(item.id, item.name) for item in kits.values()])
    asked = request.args.get("suat", "")
    if request.method == "GET" and asked.isdecimal() and int(asked) in kits:
        form.kit_id.data = int(asked)
    return form


def _kit_page(form: KitForm) -> Response:
    return page(
        "goods/new_kits.html",
        form=form,
        status=form.status,
        has_kits=bool(_kits()),
        has_stores=bool(my_stores()),
    )


@bp.get("/suat-qua")
@allow(*WRITERS)
def new_kits() -> Response:
    """The form that packs kits, or opens them."""
    return _kit_page(_kit_form())


@bp.post("/suat-qua")
@allow(*WRITERS)
def create_kits() -> Response:
    """Pack or open kits."""
    opening = request.form.get("then") == "unpack"
    form = _kit_form()
    if form.validate_on_submit():
        values = form.values()
        store, kit = my_stores()[values.pop("store_id")], _kits()[values.pop("kit_id")]
        act = actions.unpack_kits if opening else actions.pack_kits
        try:
            values["quantity"] = quantity_of(values["quantity"], kit, "quantity")
            posting = act(store=store, kit=kit, by=current_user, **values)
            response = go(url_for("goods.document", number=posting.number))
            flash("Đã mở suất quà, hàng trở lại kho." if opening else "Đã đóng suất quà.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form = _kit_form()
            form.validate()
            form.add_refusal(refused)
    return _kit_page(form)
