"""Allocations on screen: the list, one with both sides, its paper. Writing has a file of its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.allocations import documents, queries, reversal, rules
from portal.allocations.forms import BOX, OWN, AnswerForm, ConfirmForm
from portal.allocations.lists import allocations_list
from portal.allocations.models import Allocation
from portal.allocations.story import place_name, story_of
from portal.frame import shows_sample
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import page
from portal.ledger.models import BankAccount
from portal.people.models import User
from portal.people.queries import may
from portal.spending.models import Voucher
from portal.units.models import Unit

__all__ = ["bp", "reversal"]  # importing the room makes it follow reversals

bp = Blueprint("allocations", __name__, url_prefix="/quan-ly/phan-bo")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT)


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """What my units have sent and what was sent to them."""
    today = today_in_vietnam()
    spec = allocations_list(current_user, today, _units, lambda row: _url(row))
    rows = queries.allocations_for(current_user).options(
        joinedload(Allocation.unit),
        joinedload(Allocation.to_unit),
        joinedload(Allocation.voucher).joinedload(Voucher.posting),
    )
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "allocations/index.html",
        "list",
        status=listing.status,
        listing=listing,
        ages=queries.ageing(queries.allocations_for(current_user), today),
    )


def _units() -> list[Unit]:
    """Units that have sent or got something that this person may see."""
    seen = queries.allocations_for(current_user).subquery()
    either = Unit.id.in_(select(seen.c.unit_id)) | Unit.id.in_(select(seen.c.to_unit_id))
    return list(db.session.scalars(select(Unit).where(either).order_by(Unit.name, Unit.id)))


def _url(row: Allocation) -> str:
    return url_for("allocations.show", voucher_id=row.voucher_id)


@bp.get("/<int:voucher_id>")
@allow(*READERS)
def show(voucher_id: int) -> Response:
    """One allocation with what either side may do next."""
    allocation = queries.allocation_or_404(voucher_id, for_user=current_user)
    return show_page(allocation, confirm_form(allocation), AnswerForm(None))


def show_page(allocation: Allocation, form: ConfirmForm, answer: AnswerForm) -> Response:
    """The page, with forms that came back."""
    writes_here = may(current_user, WRITERS, allocation.unit_id)
    waiting = queries.waiting_difference(allocation)
    open_ = allocation.state in rules.OPEN
    return page(
        "allocations/show.html",
        allocation=allocation,
        form=form,
        answer=answer,
        status=max(form.status, answer.status),
        state=rules.STATES[allocation.state],
        causes=rules.CAUSES,
        age=rules.days_on_the_way(allocation.sent_on, today_in_vietnam()) if open_ else None,
        sources=documents.source_rows(allocation),
        basis=documents.basis_of(allocation),
        way=documents.way_of(allocation),
        place_name=place_name,
        story=story_of(allocation),
        waiting=waiting,
        requests=queries.reversals_asked(allocation),
        may_confirm=open_ and may_confirm(allocation, current_user),
        may_explain=open_ and waiting is None and writes_here,
        may_decide=waiting is not None
        and waiting.asked_by_id != current_user.id
        and may(current_user, APPROVER, allocation.unit_id),
        may_reverse_out=writes_here,
        may_reverse_in=may(current_user, WRITERS, allocation.to_unit_id),
    )


def may_confirm(allocation: Allocation, user: User) -> bool:
    """Whether this person writes in the receiving unit and did not send the money."""
    return user.id != allocation.voucher.paid_by_id and may(user, WRITERS, allocation.to_unit_id)


def confirm_form(allocation: Allocation) -> ConfirmForm:
    """The form with the receiving unit's places."""
    form = ConfirmForm()
    propose(form, allocation, allocation.to_unit)
    return form


def propose(form: Any, allocation: Allocation, unit: Unit) -> None:
    """Offer the box of a unit, one's own hand and its bank accounts; the amount is all that is on the way."""
    accounts = queries.accounts_of(unit.id, allocation.fund_id)
    offered = [(BOX, f"Két của {unit.name}"), (OWN, "Tôi giữ tiền mặt")]
    form.place.offer([*offered, *((str(one.id), f"Tài khoản {one.code}, {one.bank}") for one in accounts)])
    if form.amount.data is None and not form.amount.raw_data:
        form.amount.data = allocation.left


def chosen_place(place: str | None, user: User) -> dict[str, Any]:
    """`bank_account` and `holder` of what was chosen."""
    if place in (None, BOX):
        return {"bank_account": None, "holder": None}
    if place == OWN:
        return {"bank_account": None, "holder": user}
    return {"bank_account": db.session.get_one(BankAccount, int(place)), "holder": None}


@bp.get("/<int:voucher_id>.pdf")
@allow(*READERS)
def paper(voucher_id: int) -> Response:
    """Phiếu phân bổ kinh phí."""
    found = documents.allocation_paper(queries.allocation_or_404(voucher_id, for_user=current_user))
    html = render_paper("documents/allocation.html", paper=found, sample=shows_sample())
    return pdf_answer(html, f"phan-bo-kinh-phi-{voucher_id}")


from portal.allocations import views_steps  # noqa: E402, F401  (its pages belong to this blueprint)
