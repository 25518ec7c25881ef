"""Follow-up: households that were absent, what waits for them; goods given later or returned to the store."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.distributions import actions_kept as actions
from portal.distributions import queries
from portal.distributions import queries_settle as found
from portal.distributions import queries_verify as follow
from portal.distributions.forms_handover import GiveKeptForm, ReturnKeptForm
from portal.distributions.lists_handover import absent_list
from portal.distributions.models import DistributionRow
from portal.distributions.models_handover import KeptPortion
from portal.distributions.phone import portion_of
from portal.distributions.rules_handover import KEPT_ENDS
from portal.distributions.views import bp
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.web import go, page


@bp.get("/theo-doi")
@allow(*queries.READERS)
def absent() -> Response:
    """Households that were absent, over all lists."""
    spec = absent_list(lambda row: _url(row.DistributionRow.id))
    rows = follow.absent_for(current_user)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "distributions/absent.html", "list", status=listing.status, listing=listing
    )


def _url(row_id: int) -> str:
    return url_for("distributions.absent_row", row_id=row_id)


@bp.get("/theo-doi/<int:row_id>")
@allow(*queries.READERS)
def absent_row(row_id: int) -> Response:
    """What waits for one household, and what became of it."""
    return _show(row_id)


def _show(row_id: int, give: PortalForm | None = None, back: PortalForm | None = None) -> Response:
    rows = follow.absent_for(current_user).where(DistributionRow.id == row_id)
    row: Any = db.session.execute(rows).first()
    if row is None:
        abort(404)
    one, distribution = row.DistributionRow, row.Distribution
    give, back = give or GiveKeptForm(formdata=None), back or ReturnKeptForm(formdata=None)
    return page(
        "distributions/absent_row.html",
        status=max(give.status, back.status),
        row=one,
        distribution=distribution,
        portion=portion_of(one),
        kept=found.kept_of_rows([one.id]).get(one.id),
        money=found.put_aside_of([one.decision_row_id or 0]).get(one.decision_row_id or 0),
        ends=KEPT_ENDS,
        give_form=give,
        back_form=back,
        may_write=queries.may_write(current_user, distribution),
    )


def _kept_to_write(kept_id: int) -> KeptPortion:
    kept = found.kept_or_404(kept_id, for_user=current_user)
    if not queries.may_write(current_user, kept.row.distribution):
        abort(403)
    return kept


@bp.post("/giu-ho/<int:kept_id>/trao")
@allow(*queries.WRITERS)
def give_kept(kept_id: int) -> Response:
    """The household has got its goods after all."""
    kept, form = _kept_to_write(kept_id), GiveKeptForm()
    row_id = kept.row_id
    if form.validate_on_submit():
        try:
            posting = actions.give_kept(kept, **form.values(), by=current_user)
            response = go(_url(row_id))
            flash(f"Đã trao quà giữ hộ, phiếu {posting.paper_number}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(row_id, give=form)


@bp.post("/giu-ho/<int:kept_id>/tra-ve")
@allow(*queries.WRITERS)
def return_kept(kept_id: int) -> Response:
    """The goods go back to the store."""
    kept, form = _kept_to_write(kept_id), ReturnKeptForm()
    row_id = kept.row_id
    if form.validate_on_submit():
        try:
            day, reason = form.on.data, form.reason.data or ""
            posting = actions.return_kept(kept, on=day, reason=reason, by=current_user)
            response = go(_url(row_id))
            flash(f"Đã trả về kho, phiếu {posting.paper_number}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(row_id, back=form)
