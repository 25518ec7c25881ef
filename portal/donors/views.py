"""Donors on screen: list, one donor, new, change. Merges, direct aid, kinds and papers stand beside (views_*)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.donations.rules import FORMS
from portal.donors import actions, queries
from portal.donors.documents import portrait, with_last_gifts
from portal.donors.documents_list import donors_with_sums
from portal.donors.forms import DonorForm, says_new
from portal.donors.lists import LOADED, donors_file, donors_list, filters_of, period_of
from portal.donors.models import Donor
from portal.donors.rules import code_of
from portal.donors.story import story_of
from portal.emulation.queries_nominations import honours_of
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.filters import FilterSpec
from portal.kit.seen import Change, changed_meanwhile, lock_row
from portal.kit.vietnamese import nfc
from portal.kit.web import go, page
from portal.people.queries import readable_of, readable_units
from portal.pledges import rules as pledges
from portal.receipts.rules import DONOR_PAPERS
from portal.units.models import Unit

bp = Blueprint("donors", __name__, url_prefix="/quan-ly/nha-hao-tam")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = queries.WRITERS
MAX_TYPED = 200


def donor_filters(gave: Any) -> list[FilterSpec]:
    """The filters of the list, with what this person may choose."""
    seen = select(Unit.id, Unit.name).where(Unit.id.in_(readable_units(current_user))).order_by(Unit.name)
    introducing = select(Unit.id, Unit.name).order_by(Unit.name)
    introducing = introducing.where(
        Unit.id.in_(select(Donor.introduced_by_id).where(Donor.introduced_by_id.is_not(None)))
    )
    kinds = [(kind.key, kind.name) for kind in queries.kinds().values()]
    units, introducers = (db.session.execute(rows).all() for rows in (seen, introducing))
    return filters_of(kinds, list(units), list(introducers), gave)


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """All donors that the person sees; as a file with the columns of the import."""
    found = donors_with_sums(current_user, period_of(request.args))
    filters = donor_filters(found.gave)
    spec = donors_list(filters, found.sums, lambda row: url_for("donors.show", donor_id=row.Donor.id))
    file = donors_file(filters).download(queries.donors_for(current_user).options(*LOADED), request.args)
    asked = {name: value for name, value in request.args.items() if value}
    listing = None if file else spec.run(found.rows, request.args, request.path)
    return file or page(
        "donors/list.html",
        "list",
        status=listing.status if listing else 200,
        listing=listing,
        may_write=holds(*WRITERS),
        may_keep_kinds=holds(ADMINISTRATOR),
        print_url=f"{url_for('donors.print_list')}?{urlencode(asked)}"
        if asked
        else url_for("donors.print_list"),
    )


def holds(*roles: str) -> bool:
    """Whether the person has one of the roles anywhere."""
    return any(grant.role in roles for grant in current_user.grants)


@bp.post("/goi-y")
@allow(*READERS, writes=False)
def suggestions() -> Response:
    """Who may be meant by what is being typed: a list for the picker. POST, because names never stand in addresses."""
    text, phone, tax_code = (
        nfc(request.form.get(name, "")[:MAX_TYPED]) for name in ("text", "phone", "tax_code")
    )
    seen = queries.seen_by(current_user)
    found = queries.suggest(current_user, text, seen=seen) if text else []
    if phone or tax_code:
        same = queries.twins(current_user, name=None, phone=phone, tax_code=tax_code)
        known = {item.id for item in same}
        found = [*same, *(item for item in found if item.id not in known)][: queries.SUGGESTED]
    return page(
        "donors/suggestions.html",
        found=with_last_gifts(found, current_user, seen=seen),
        kinds=queries.kinds(),
    )


@bp.get("/moi")
@allow(*WRITERS)
def new() -> Response:
    """The form of a new donor."""
    form = _offered(DonorForm())
    if form.unit_id.data is None and len(units := queries.units_to_write(current_user)) == 1:
        form.unit_id.data = units[0].id
    return _form_page(form, None)


@bp.post("/moi")
@allow(*WRITERS)
def record() -> Response:
    """Record the donor; who is in the books already is shown first, once, and may be taken instead."""
    form = _offered(DonorForm())
    if form.donor_id.data and not form.donor_id.errors:
        known = queries.donor_or_404(form.donor_id.data, for_user=current_user)
        flash("Người này đã có trong sổ, không ghi thêm.")
        return _to(known)
    twins: list[queries.Suggestion] = []
    if form.validate_on_submit():
        values = form.values()
        twins = [] if says_new(request.form) else _twins_of(values)
        if not twins:
            try:
                return _recorded(values)
            except Refused as refused:
                db.session.rollback()
                form.add_refusal(refused)
    return _form_page(form, None, twins=twins)


def _twins_of(values: dict[str, Any]) -> list[queries.Suggestion]:
    asked = {name: values[name] for name in ("name", "phone", "tax_code")}
    return with_last_gifts(queries.twins(current_user, **asked), current_user)


def _recorded(values: dict[str, Any]) -> Response:
    values.pop("donor_id")
    unit = db.session.get_one(Unit, values.pop("unit_id"))
    introducer = values.pop("introduced_by_id")
    introduced_by = db.session.get_one(Unit, introducer) if introducer else None
    donor = actions.record_donor(unit=unit, introduced_by=introduced_by, by=current_user, **values)
    return _to(donor, f"Đã ghi “{donor.name}” vào sổ.")


def _to(donor: Donor, said: str | None = None) -> Response:
    response = go(url_for("donors.show", donor_id=donor.id))
    if said:
        flash(said)
    db.session.commit()
    return response


def _offered(form: DonorForm, donor: Donor | None = None) -> DonorForm:
    """Give the form what this person may choose; what the donor has already stays choosable."""
    units = {unit.id: unit.name for unit in queries.units_to_write(current_user)}
    kinds = dict(queries.kinds_now())
    everywhere = select(Unit.id, Unit.name).where(Unit.valid_to.is_(None)).order_by(Unit.name)
    introducers = dict(db.session.execute(everywhere).all())
    if donor is not None:
        units.setdefault(donor.unit_id, donor.unit.name)
        kinds.setdefault(donor.kind, queries.kind_name(donor.kind) or "")
        if donor.introduced_by is not None:
            introducers.setdefault(donor.introduced_by.id, donor.introduced_by.name)
    form.unit_id.offer(list(units.items()))
    form.kind.offer(list(kinds.items()))
    form.introduced_by_id.offer(list(introducers.items()))
    return form


def _form_page(
    form: DonorForm,
    donor: Donor | None,
    *,
    twins: list[queries.Suggestion] | None = None,
    theirs: Sequence[Change] = (),
) -> Response:
    return page(
        "donors/form.html",
        status=409 if theirs else 422 if twins else form.status,
        theirs=theirs,
        form=form,
        donor=donor,
        twins=twins or [],
        kinds=queries.kinds(),
        is_new=says_new(request.form),
    )


@bp.get("/<int:donor_id>")
@allow(*READERS)
def show(donor_id: int) -> Response:
    """One donor: what was given, promised, handed over directly; papers, twins, merges, history."""
    donor = queries.donor_or_404(donor_id, for_user=current_user)
    if donor.merged_into_id is not None:
        queries.donor_or_404(donor.merged_into_id, for_user=current_user)
        return go(url_for("donors.show", donor_id=donor.merged_into_id))
    return page("donors/show.html", **_shown(donor))


def _shown(donor: Donor) -> dict[str, Any]:
    twins = queries.twins(
        current_user, name=donor.name, phone=donor.phone, tax_code=donor.tax_code, but=donor.id
    )
    honours = honours_of(donor_id=donor.id)
    return {
        "donor": donor,
        "code": code_of(donor.id),
        "kind": queries.kind_name(donor.kind),
        "forms": FORMS,
        "kinds": queries.kinds(),
        "found": portrait(donor, current_user),
        "twins": with_last_gifts(twins, current_user),
        "merges": queries.merges_of(donor.id),
        "story": story_of(donor),
        "may_write": queries.may_write(current_user, donor.unit_id),
        "pledge_states": pledges.STATES,
        "pledge_badges": pledges.BADGES,
        "promise_text": pledges.promise_text,
        "letters": DONOR_PAPERS,
        "honours": honours,
        "opened": readable_of(current_user, (one.unit_id for one in honours)),
    }


def donor_to_change(donor_id: int) -> Donor:
    """A donor that stands for itself, of a unit where the person records. 404 or 403 otherwise."""
    donor = queries.donor_or_404(donor_id, for_user=current_user)
    if donor.merged_into_id is not None:
        abort(404)
    if not queries.may_write(current_user, donor.unit_id):
        abort(403)
    return donor


@bp.route("/<int:donor_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def edit(donor_id: int) -> Response:
    """Change what is kept of a donor. When somebody else was quicker, the page says what they have written."""
    donor = donor_to_change(donor_id)
    if request.method == "POST":
        lock_row(donor)
    form = _offered(DonorForm(obj=donor), donor)
    theirs = changed_meanwhile(form, request.form)
    if form.validate_on_submit() and not theirs:
        values = form.values()
        values.pop("donor_id")
        try:
            actions.change_donor(donor, values, current_user)
            return _to(donor, "Đã sửa.")
        except Refused as refused:
            db.session.rollback()
            donor = donor_to_change(donor_id)
            _offered(form, donor)
            form.add_refusal(refused)
    return _form_page(form, donor, theirs=theirs)


from portal.donors import views_aid, views_kinds, views_merges, views_papers  # noqa: E402, F401  (their routes join `bp`)
