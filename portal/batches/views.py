"""Batches on screen: list, new, head, the file of the lines. The grid is in views_grid, posting in views_posting."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import Select, select

from portal.batches import actions, lists, queries
from portal.batches import columns as cols
from portal.batches.forms import NOBODY, BatchForm, form_of
from portal.batches.models import GiftBatch
from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.campaigns.rules import REGULAR, is_late
from portal.goods.models import Store
from portal.kit import tables
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import MIMETYPES
from portal.kit.seen import Change, changed_meanwhile
from portal.kit.web import go, page
from portal.ledger.models import BankAccount, Fund
from portal.ledger.queries import default_fund
from portal.people.queries import may, units_for
from portal.units.models import Unit
from portal.units.queries import keeps_books

bp = Blueprint("batches", __name__, url_prefix="/quan-ly/dot-nhap")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS, POSTERS = queries.WRITERS, queries.POSTERS
BOX = "Két quỹ của đơn vị"


def batch_to_write(batch_id: int, roles: tuple[str, ...] = WRITERS) -> GiftBatch:
    """The batch, if the person may do this in its unit: 404 outside what they see, else 403."""
    batch = queries.batch_or_404(batch_id, for_user=current_user)
    if not may(current_user, roles, batch.unit_id):
        abort(403)
    return batch


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """All batches that the person sees."""
    rows = queries.listed_batches(current_user)
    spec = lists.batches_list(lambda row: url_for("batches.show", batch_id=row.GiftBatch.id))
    listing = spec.run(rows, request.args, request.path)
    may_write = any(grant.role in WRITERS for grant in current_user.grants)
    return spec.download(rows, request.args) or page(
        "batches/list.html", "list", status=listing.status, listing=listing, may_write=may_write
    )


def _units() -> list[Unit]:
    mine = select(Unit).where(Unit.id.in_(units_for(current_user, *WRITERS)), keeps_books())
    return list(db.session.scalars(mine.order_by(Unit.id)))


def _offer(form: BatchForm, units: list[Unit]) -> dict[int, Campaign]:
    """Give the form what these units may choose; returns the campaigns by id."""
    ids = [unit.id for unit in units]
    own: Select[Any] = select(Unit.id).where(Unit.id.in_(ids))
    campaigns = campaigns_of(own)
    today = today_in_vietnam()
    named = [(item.id, item.name + _ended(item)) for item in campaigns if item.starts_on <= today]
    banks = db.session.scalars(
        select(BankAccount).where(BankAccount.unit_id.in_(ids)).order_by(BankAccount.id)
    )
    stores = db.session.scalars(
        select(Store).where(Store.unit_id.in_(ids), Store.closed_on.is_(None)).order_by(Store.id)
    )
    form.unit_id.offer([(unit.id, unit.name) for unit in units])
    form.campaign_id.offer([*named, (NOBODY, REGULAR)])
    form.holder_id.offer([(NOBODY, BOX), *((user.id, user.name) for user in queries.holders(ids))])
    form.bank_account_id.offer([(bank.id, f"{bank.bank} {bank.number}") for bank in banks])
    form.store_id.offer([(store.id, store.name) for store in stores])
    if len(units) == 1 and form.unit_id.data is None:
        form.unit_id.data = units[0].id
    return {item.id: item for item in campaigns}


def _ended(campaign: Campaign) -> str:
    ended = is_late(today_in_vietnam(), campaign.ends_on)
    return f" (đã kết thúc {format_day(campaign.ends_on)})" if ended else ""


@bp.get("/moi")
@allow(*WRITERS)
def new() -> Response:
    """The form of a new batch."""
    form, units = BatchForm(), _units()
    _offer(form, units)
    if form.holder_id.data is None:
        form.holder_id.data = NOBODY
    return _form_page(form, units)


@bp.post("/moi")
@allow(*WRITERS)
def make() -> Response:
    """Open the batch; then its grid."""
    form, units = BatchForm(), _units()
    campaigns = _offer(form, units)
    if form.validate_on_submit():
        try:
            unit = next(item for item in units if item.id == form.unit_id.data)
            campaign = campaigns.get(form.campaign_id.data)
            fund = db.session.get_one(Fund, campaign.fund_id) if campaign else default_fund()
            batch = actions.make_batch(unit=unit, fund=fund, by=current_user, values=form.batch_values())
            response = go(url_for("batches.show", batch_id=batch.id))
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            _offer(form, _units())
            form.add_refusal(refused)
    return _form_page(form, units)


def _form_page(
    form: BatchForm, units: list[Unit], batch: GiftBatch | None = None, theirs: Sequence[Change] = ()
) -> Response:
    values: dict[str, Any] = {
        "form": form,
        "batch": batch,
        "groups": cols.GROUPS,
        "one_unit": len(units) == 1,
        "theirs": theirs,
    }
    return page("batches/head.html", status=409 if theirs else form.status, **values)


@bp.get("/<int:batch_id>/sua")
@allow(*WRITERS)
def edit(batch_id: int) -> Response:
    """The head of a batch: its defaults and the totals of its slip."""
    batch = batch_to_write(batch_id)
    form = form_of(batch)
    _offer(form, [batch.unit])
    return _form_page(form, [batch.unit], batch)


@bp.post("/<int:batch_id>/sua")
@allow(*WRITERS)
def change(batch_id: int) -> Response:
    """Change the head; the lines are read anew."""
    batch = actions.locked(batch_to_write(batch_id))
    form = form_of(batch)
    _offer(form, [batch.unit])
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        try:
            actions.change_batch(batch, form.batch_values(), by=current_user)
            response = go(url_for("batches.show", batch_id=batch_id))
            flash("Đã ghi thông tin của đợt nhập. Các dòng đã được đọc lại theo thông tin mới.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            batch = batch_to_write(batch_id)
            _offer(form, [batch.unit])
            form.add_refusal(refused)
    return _form_page(form, [batch.unit], batch, theirs)


@bp.post("/<int:batch_id>/cot")
@allow(*WRITERS)
def show_columns(batch_id: int) -> Response:
    """Switch columns on and off."""
    batch = batch_to_write(batch_id)
    actions.show_columns(batch, request.form.getlist("columns"))
    response = go(url_for("batches.show", batch_id=batch_id))
    db.session.commit()
    return response


@bp.get("/<int:batch_id>/cac-dong.<any(xlsx, csv):kind>")
@allow(*READERS)
def file(batch_id: int, kind: str) -> Response:
    """The lines as a table that “Nhập bảng” takes."""
    batch = queries.batch_or_404(batch_id, for_user=current_user)
    out, rows = io.BytesIO(), lists.exported_rows(batch)
    if kind == "csv":
        tables.write_csv(lists.HEADS, rows, out)
    else:
        tables.write_xlsx(
            lists.HEADS, rows, out, amount_columns=lists.AMOUNT_HEADS, day_columns=lists.DAY_HEADS
        )
    out.seek(0)
    return send_file(
        out, mimetype=MIMETYPES[kind], as_attachment=True, download_name=f"dot-nhap-{batch.id}.{kind}"
    )


from portal.batches import views_grid, views_lines, views_posting  # noqa: E402, F401  (their routes join `bp`)
