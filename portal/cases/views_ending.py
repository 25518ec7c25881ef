"""A single case ends without help, or goes on after all: each with a reason. Part of the views."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, url_for
from flask_login import current_user

from portal.cases import actions
from portal.cases.models import SupportCase
from portal.cases.views import WRITERS, bp, case_to_change, done
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm, ReasonForm
from portal.kit.web import page

ENDS: dict[str, tuple[str, str, Callable[..., None]]] = {
    "tu-choi": ("Không hỗ trợ", "Đã ghi không hỗ trợ.", actions.refuse_case),
    "rut": ("Rút đề nghị", "Đã rút đề nghị.", actions.withdraw_case),
    "mo-lai": ("Mở lại", "Đã mở lại.", actions.reopen_case),
}


@bp.route('/<int:case_id>/<any("tu-choi", "rut", "mo-lai"):step>', methods=["GET", "POST"])
@allow(*WRITERS)
def end(case_id: int, step: str) -> Response:
    """Refuse, withdraw, open again: each with a reason."""
    case, form = case_to_change(case_id), ReasonForm()
    name, said, act = ENDS[step]
    if form.validate_on_submit():
        try:
            act(case, reason=form.reason.data, by=current_user)
            return done(case_id, said)
        except Refused as refused:
            db.session.rollback()
            case = case_to_change(case_id)
            form.add_refusal(refused)
    return reason_page(case, form, name)


def reason_page(case: SupportCase, form: PortalForm, verb: str, hint: str | None = None) -> Response:
    """A step that needs a reason."""
    back = url_for("cases.show", case_id=case.id)
    return page(
        "layouts/reason.html",
        status=form.status,
        form=form,
        verb=verb,
        hint=hint or "Ghi để người đề nghị và người sau hiểu vì sao.",
        lead=f"{case.field.name}, hộ {case.household.name}.",
        crumbs=[("Trường hợp cần giúp", url_for("cases.index")), (case.household.name, back)],
    )
