"""Counts of cash: list, form, one count and its minutes."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

from portal.cash import actions, documents, lists, queries
from portal.cash.forms import BOX, CountForm
from portal.cash.models import CashCount
from portal.cash.views import READERS, WRITERS, bp, pdf
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.web import go, page
from portal.ledger.forms import offer_place
from portal.ledger.models import Fund
from portal.people.queries import holds, may, open_units
from portal.spending.queries_others import entry_of_count


@bp.get("/kiem-quy/")
@allow(*READERS)
def counts() -> Response:
    """Counts of boxes and hands."""
    spec = lists.counts_list(lambda count: url_for("cash.count", count_id=count.id))
    rows = queries.counts_for(current_user).options(
        joinedload(CashCount.unit), joinedload(CashCount.holder), joinedload(CashCount.by)
    )
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "cash/counts.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


@bp.route("/kiem-quy/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_count() -> Response:
    """Count the notes, one field per denomination."""
    form, units = CountForm(), open_units(current_user, *WRITERS)
    offer_place(form, units)
    if request.method == "POST" and form.validate_on_submit():
        unit = units[form.unit_id.data]
        try:
            counted = actions.count(
                unit=unit,
                fund=db.session.get_one(Fund, form.fund_id.data),
                box=form.place.data == BOX,
                notes=form.notes,
                witness=form.witness.data,
                remark=form.remark.data,
                by=current_user,
            )
            response = go(url_for("cash.count", count_id=counted.id))
            flash(f"Đã ghi lần kiểm quỹ: {format_amount(counted.total)} đ.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form, units = CountForm(), open_units(current_user, *WRITERS)
            offer_place(form, units)
            form.validate()
            form.add_refusal(refused)
    return page("cash/new_count.html", form=form, status=form.status)


@bp.get("/kiem-quy/<int:count_id>")
@allow(*READERS)
def count(count_id: int) -> Response:
    """One count beside the books."""
    found = queries.count_or_404(count_id, for_user=current_user)
    return page(
        "cash/count.html",
        count=found,
        notes=documents.notes_of(found.notes),
        entry=entry_of_count(count_id),
        may_book=found.total != found.in_books and may(current_user, WRITERS, found.unit_id),
    )


@bp.get("/kiem-quy/<int:count_id>.pdf")
@allow(*READERS)
def count_pdf(count_id: int) -> Response:
    """Biên bản kiểm kê quỹ."""
    found = queries.count_or_404(count_id, for_user=current_user)
    return pdf(documents.count_paper(found), f"kiem-quy-{count_id}")
