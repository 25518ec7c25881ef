"""Merging two donors and parting them again. Part of the views."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.donors import actions, queries, rules
from portal.donors.documents import sums_of, with_last_gifts
from portal.donors.forms import MergeForm, SearchForm
from portal.donors.models import Donor
from portal.donors.views import WRITERS, bp, donor_to_change
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page

COMPARED = ("kind", *rules.FILLABLE)


@bp.get("/<int:donor_id>/gop")
@allow(*WRITERS)
def merge(donor_id: int) -> Response:
    """Look for the other one; with `voi` the two side by side."""
    donor = donor_to_change(donor_id)
    other_id = request.args.get("voi", "")
    if other_id.isdecimal() and len(other_id) < 19:
        return _compare_page(donor, _other(int(other_id)), MergeForm())
    return _search_page(donor, SearchForm(), _twins_of(donor))


@bp.post("/<int:donor_id>/gop/tim")
@allow(*WRITERS, writes=False)
def find_twin(donor_id: int) -> Response:
    """Who is meant: the one that was taken, else a list to choose from. Names never stand in addresses."""
    donor = donor_to_change(donor_id)
    form = SearchForm()
    if not form.validate_on_submit():
        return _search_page(donor, form, [])
    if form.donor_id.data:
        return go(url_for("donors.merge", donor_id=donor.id, voi=form.donor_id.data))
    found = [item for item in queries.suggest(current_user, form.text.data) if item.id != donor.id]
    return _search_page(donor, form, with_last_gifts(found, current_user), asked=True)


@bp.post("/<int:donor_id>/gop/<int:other_id>")
@allow(*WRITERS)
def carry_out_merge(donor_id: int, other_id: int) -> Response:
    """Merge; the one that was chosen stays."""
    donor, other = donor_to_change(donor_id), _other(other_id)
    form = MergeForm()
    if form.validate_on_submit():
        try:
            kept, gone = _chosen(form.kept.data, donor, other)
            actions.merge(kept, gone, current_user)
            response = go(url_for("donors.show", donor_id=kept.id))
            flash(
                f"Đã gộp “{gone.name}” vào “{kept.name}”. Gộp nhầm thì tách ra ở mục “Đã gộp” của trang này."
            )
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
            donor, other = donor_to_change(donor_id), _other(other_id)
    return _compare_page(donor, other, form)


def _chosen(kept_id: int, donor: Donor, other: Donor) -> tuple[Donor, Donor]:
    if kept_id not in (donor.id, other.id):
        raise Refused("Người giữ lại phải là một trong hai người trên trang này. Chọn lại.", "kept")
    return (donor, other) if kept_id == donor.id else (other, donor)


@bp.post("/gop/<int:merge_id>/tach")
@allow(*WRITERS)
def undo_merge(merge_id: int) -> Response:
    """Part two donors that were merged."""
    made = queries.merge_or_404(merge_id, for_user=current_user)
    kept_id = made.kept_id
    try:
        actions.undo_merge(made, current_user)
        response = go(url_for("donors.show", donor_id=made.gone_id))
        flash(f"Đã tách “{made.gone.name}” ra khỏi “{made.kept.name}”.")
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        response = go(url_for("donors.show", donor_id=kept_id))
    return response


def _other(other_id: int) -> Donor:
    other = queries.donor_or_404(other_id, for_user=current_user)
    if other.merged_into_id is not None:
        abort(404)
    return other


def _twins_of(donor: Donor) -> list[queries.Suggestion]:
    found = queries.twins(
        current_user, name=donor.name, phone=donor.phone, tax_code=donor.tax_code, but=donor.id
    )
    return with_last_gifts(found, current_user)


def _search_page(
    donor: Donor, form: SearchForm, found: list[queries.Suggestion], *, asked: bool = False
) -> Response:
    return page(
        "donors/merge_search.html",
        status=form.status,
        donor=donor,
        form=form,
        found=found,
        asked=asked,
        kinds=queries.kinds(),
    )


def _compare_page(donor: Donor, other: Donor, form: MergeForm) -> Response:
    """Side by side: what each has, and what the one that stays would take over."""
    two = (donor, other)
    values = [{field: _said(one, field) for field in COMPARED} for one in two]
    return page(
        "donors/merge.html",
        status=form.status,
        form=form,
        donor=donor,
        other=other,
        two=two,
        rows=[(rules.FIELDS[field], values[0][field], values[1][field]) for field in COMPARED],
        sums=[sums_of(one.id, current_user, queries.direct_aid_of(one.id, current_user)) for one in two],
        same=donor.id == other.id,
    )


def _said(donor: Donor, field: str) -> str | None:
    if field == "kind":
        return queries.kind_name(donor.kind)
    if field == "introduced_by_id":
        return donor.introduced_by.name if donor.introduced_by else None
    value = getattr(donor, field)
    return None if value is None else str(value)
