"""What the papers carry ("Mẫu số C20-HD"): read by everybody, changed by administrators, from a day on."""

from __future__ import annotations

from flask import Response, flash, url_for
from flask_login import current_user
from sqlalchemy import or_, select

from portal.goods.forms import CaptionForm
from portal.goods.views import READERS, bp
from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.people.queries import has_everywhere, readable_units, units_for
from portal.units.models import PaperForm, Unit
from portal.units.papers import set_paper_form
from portal.units.queries import keeps_books

EVERYBODY = 0  # the choice "all units without a caption of their own"


def _form() -> CaptionForm:
    form = CaptionForm()
    kinds = select(PaperForm.key, PaperForm.title).where(
        PaperForm.unit_id.is_(None), PaperForm.valid_to.is_(None)
    )
    form.key.offer([(key, title) for key, title in db.session.execute(kinds.order_by(PaperForm.id))])
    mine = select(Unit).where(Unit.id.in_(units_for(current_user, ADMINISTRATOR)), keeps_books())
    units = [(unit.id, unit.name) for unit in db.session.scalars(mine.order_by(Unit.id))]
    if has_everywhere(current_user, ADMINISTRATOR):
        units.insert(0, (EVERYBODY, "Mọi đơn vị không có mẫu riêng"))
    form.unit_id.offer(units)
    return form


def _show(form: CaptionForm) -> Response:
    rows = select(PaperForm, Unit.name).outerjoin(Unit, Unit.id == PaperForm.unit_id)
    seen = or_(PaperForm.unit_id.is_(None), PaperForm.unit_id.in_(readable_units(current_user)))
    rows = rows.where(seen).order_by(
        PaperForm.key, PaperForm.unit_id.is_not(None), PaperForm.unit_id, PaperForm.valid_from
    )
    return page(
        "goods/captions.html",
        form=form,
        status=form.status,
        captions=list(db.session.execute(rows)),
        may_write=any(grant.role == ADMINISTRATOR for grant in current_user.grants),
    )


@bp.get("/mau-so")
@allow(*READERS)
def captions() -> Response:
    """Every caption with its days."""
    return _show(_form())


@bp.post("/mau-so")
@allow(ADMINISTRATOR)
def change_caption() -> Response:
    """A caption holds from a day on; papers of earlier days keep theirs."""
    form = _form()
    if form.validate_on_submit():
        values = form.values()
        unit_id = values.pop("unit_id") or None
        try:
            set_paper_form(
                values.pop("key"),
                unit_id=unit_id,
                caption=values.pop("caption") or "",
                basis=values.pop("basis") or "",
                **values,
            )
            response = go(url_for("goods.captions"))
            flash("Đã ghi mẫu số mới. Phiếu của ngày trước đó giữ mẫu cũ.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(form)
