"""What donors handed over directly: recorded apart, never in the fund's books. Part of the views."""

from __future__ import annotations

from flask import Response, abort, flash, url_for
from flask_login import current_user

from portal.donors import actions, queries
from portal.donors.forms import DirectAidForm
from portal.donors.models import Donor
from portal.donors.views import WRITERS, bp, donor_to_change
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.units.models import Unit


@bp.route("/<int:donor_id>/trao-truc-tiep", methods=["GET", "POST"])
@allow(*WRITERS)
def direct_aid(donor_id: int) -> Response:
    """Write down what the donor handed over without the fund."""
    donor = donor_to_change(donor_id)
    form = _offered(DirectAidForm(), donor)
    if form.validate_on_submit():
        values = form.values()
        unit = db.session.get_one(Unit, values.pop("unit_id"))
        note, content = values.pop("aid_note"), values.pop("aid_content")
        try:
            actions.record_direct_aid(donor, unit=unit, content=content, note=note, by=current_user, **values)
            response = go(url_for("donors.show", donor_id=donor_id))
            flash("Đã ghi phần trao trực tiếp. Phần này đứng riêng, không vào sổ quỹ.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            donor = donor_to_change(donor_id)
            _offered(form, donor).add_refusal(refused)
    return page("donors/aid.html", status=form.status, donor=donor, form=form)


def _offered(form: DirectAidForm, donor: Donor) -> DirectAidForm:
    form.unit_id.offer([(unit.id, unit.name) for unit in queries.units_to_write(current_user)])
    if form.unit_id.data is None and not form.is_submitted():
        form.unit_id.data = donor.unit_id
    return form


@bp.post("/trao-truc-tiep/<int:aid_id>/bo")
@allow(*WRITERS)
def withdraw_aid(aid_id: int) -> Response:
    """It was written down by mistake."""
    aid = queries.aid_or_404(aid_id, for_user=current_user)
    if not queries.may_write(current_user, aid.unit_id):
        abort(403)
    actions.withdraw_direct_aid(aid)
    response = go(url_for("donors.show", donor_id=aid.donor_id))
    flash("Đã bỏ dòng trao trực tiếp. Dòng vẫn nằm trong nhật ký thay đổi.")
    db.session.commit()
    return response
