"""Nominations: the list, one, new, changed, dropped. Part of the views."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user
from werkzeug.exceptions import NotFound

from portal.donors import queries as donors
from portal.donors import rules as donor_rules
from portal.donors.models import Donor
from portal.emulation import actions_nominations as actions
from portal.emulation import queries_nominations as queries
from portal.emulation import rules_nominations as rules
from portal.emulation.forms_nominations import NominationForm
from portal.emulation.lists_nominations import listed_nominations, nominations_list
from portal.emulation.models_nominations import Nomination
from portal.emulation.models_rewards import RewardForm
from portal.emulation.queries_movements import movement_named, offered_names
from portal.emulation.views import (
    READERS,
    WRITERS,
    bp,
    campaign_choices,
    check_may,
    clicked,
    done,
    form_page,
    here,
    own_units,
    tried,
)
from portal.households import queries_registry as households
from portal.households import rules_registry as household_rules
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.listing import BulkAction
from portal.kit.seen import changed_meanwhile, lock_row
from portal.kit.vietnamese import nfc
from portal.kit.web import page
from portal.people.queries import holds, may


@bp.get("/de-nghi/")
@allow(*READERS)
def nominations() -> Response:
    """Nominations of the person's units; those that wait are taken to a council or a decision."""
    spec = nominations_list(queries.forms(ended=True), lambda row: here("nomination", nomination_id=row.id))
    rows = listed_nominations(queries.nominations_for(current_user))
    writes = holds(current_user, *WRITERS)
    bulk = [BulkAction("Đưa ra họp xét", here("choose_for_council"), "check")] if writes else []
    listing = spec.run(rows, request.args, request.path, bulk)
    return spec.download(rows, request.args) or page(
        "rewards/nominations.html", "list", status=listing.status, listing=listing, may_write=writes
    )


def load(nomination_id: int, *, write: bool = False) -> Nomination:
    """A nomination of the person's units. 404, or 403 where it may not be written."""
    one = queries.nomination_or_404(nomination_id, for_user=current_user)
    if write:
        check_may(one.unit_id)
    return one


@bp.get("/de-nghi/<int:nomination_id>")
@allow(*READERS)
def nomination(nomination_id: int) -> Response:
    """One nomination: what for, with which evidence, what councils said, what became of it."""
    one = load(nomination_id)
    return page(
        "rewards/nomination.html",
        one=one,
        subjects=rules.SUBJECTS,
        states=rules.STATES,
        verdicts=rules.VERDICTS,
        span=rules.span_text(one.starts_on, one.ends_on),
        seen=queries.council_rows_of(one),
        before=queries.before(one),
        place=queries.place_of(one),
        movement=movement_named(one.movement, for_user=current_user),
        may_write=may(current_user, WRITERS, one.unit_id),
    )


def _offered(form: NominationForm, one: Nomination | None) -> dict[int, Any]:
    units = {one.unit_id: one.unit} if one else own_units()
    form.unit_id.offer([(key, unit.name) for key, unit in units.items()])
    form.of_unit_id.offer([(key, unit.name) for key, unit in own_units(*READERS).items()])
    form.form_id.offer([(kind.id, kind.name) for kind in queries.forms(ended=one is not None)])
    form.campaign_id.offer(campaign_choices())
    if request.method == "GET" and one is None and len(units) == 1:
        form.unit_id.data = next(iter(units))
    return units


class _Kept:
    """A nomination as its form holds it: donor or household by its code."""

    def __init__(self, one: Nomination):
        for name in NominationForm()._fields:
            if hasattr(one, name):
                setattr(self, name, getattr(one, name))
        self.code = None
        if one.donor_id:
            self.code = donor_rules.code_of(one.donor_id)
        elif one.household_id:
            self.code = household_rules.code_of(one.household_id)


def _told(form: NominationForm) -> dict[str, Any]:
    """The values with the ids behind the code. Raises Refused for a code of nobody whom the person sees."""
    values = form.values()
    code = nfc(values.pop("code")).upper()
    values["donor_id"] = values["household_id"] = None
    try:
        if code.startswith("NHT") and (known := donor_rules.id_of_code(code)):
            values["donor_id"] = donors.donor_or_404(known, for_user=current_user).id
        elif code.startswith("HO") and (known := household_rules.id_of_code(code)):
            values["household_id"] = households.household_or_404(known, for_user=current_user).id
        elif code:
            raise NotFound
    except NotFound:
        raise Refused(
            f"Không có mã “{code}”. Gõ mã nhà hảo tâm (NHT000123) hoặc mã hộ (HO000123).", "code"
        ) from None
    return values


def _page(form: NominationForm, one: Nomination | None, **more: Any) -> Response:
    title = "Sửa đề nghị" if one else "Ghi đề nghị khen"
    back = here("nomination", nomination_id=one.id) if one else here("nominations")
    return form_page(
        form,
        title,
        "Ghi lại" if one else "Ghi đề nghị",
        crumbs=[("Đề nghị khen", here("nominations")), (title, None)],
        fields=[
            [
                (form.unit_id, None),
                (form.form_id, None),
                (form.subject, None),
                (form.name, "Ghi đúng như sẽ in trên giấy; quyết định ban hành rồi thì không sửa được."),
                (form.address, None),
                (form.code, "NHT000123 hoặc HO000123, ở trang nhà hảo tâm, trang hộ. Không có thì để trống."),
                (form.of_unit_id, None),
            ],
            [
                (form.achievement, "In trên giấy sau chữ “Đã có thành tích”."),
                (
                    form.movement,
                    "Chọn tên trong danh sách phong trào, hoặc gõ tên khác. Không thuộc phong trào thì để trống.",
                ),
                (form.campaign_id, None),
                (form.starts_on, None),
                (form.ends_on, None),
                (form.prize, None),
                (form.shown_as, "Cá nhân, hộ gia đình không chọn thì trang công khai không nêu tên."),
                (form.consent, None),
                (form.twice, "Chỉ ghi khi cùng thành tích này đã được khen hoặc đang đề nghị."),
            ],
        ],
        cancel=back,
        lead="Tập thể, cá nhân, hộ gia đình hoặc doanh nghiệp. Đăng ký ủng hộ chưa thực hiện không tính là thành tích.",
        what="đề nghị này",
        offered={form.movement.name: offered_names(current_user)},
        **more,
    )


@bp.route("/de-nghi/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_nomination() -> Response:
    """Put somebody forward by hand."""
    form = NominationForm()
    _from_address(form)
    units = _offered(form, None)

    def act() -> Response:
        kind = db.session.get_one(RewardForm, form.form_id.data)
        one = actions.nominate(units[form.unit_id.data], kind, _told(form), by=current_user)
        return done(here("nomination", nomination_id=one.id), "Đã ghi đề nghị khen.")

    return tried(form, act) or _page(form, None)


def _from_address(form: NominationForm) -> None:
    """A donor or household that the address names is filled in."""
    known = donor_rules.id_of_code(request.args.get("nha_hao_tam"))
    if request.method == "GET" and known:
        donor: Donor = donors.donor_or_404(known, for_user=current_user)
        form.code.data, form.name.data, form.address.data = (
            donor_rules.code_of(donor.id),
            donor.name,
            donor.address,
        )
        form.subject.data = rules.SUBJECT_OF.get(donor.kind, rules.COLLECTIVE)
    home = household_rules.id_of_code(request.args.get("ho"))
    if request.method == "GET" and home:
        household = households.household_or_404(home, for_user=current_user)
        form.code.data, form.name.data = household_rules.code_of(household.id), household.name
        form.address.data, form.subject.data = households.unit_text(household.unit), rules.HOUSEHOLD


@bp.route("/de-nghi/<int:nomination_id>/sua", methods=["GET", "POST"])
@allow(*WRITERS)
def edit_nomination(nomination_id: int) -> Response:
    """Put a nomination right while nobody looks at it."""
    one = load(nomination_id, write=True)
    if request.method == "POST":
        lock_row(one)
    form = NominationForm(obj=_Kept(one))
    _offered(form, one)
    theirs = changed_meanwhile(form, request.form)

    def act() -> Response:
        kind = db.session.get_one(RewardForm, form.form_id.data)
        actions.change_nomination(one, kind, _told(form))
        return done(here("nomination", nomination_id=nomination_id), "Đã sửa đề nghị.")

    answer = None if theirs else tried(form, act)
    return answer or _page(form, load(nomination_id), theirs=theirs, status=409 if theirs else form.status)


@bp.route("/de-nghi/<int:nomination_id>/rut", methods=["GET", "POST"])
@allow(*WRITERS)
def drop_nomination(nomination_id: int) -> Response:
    """Nobody goes on with it, and why."""
    one, form = load(nomination_id, write=True), ReasonForm()

    def act() -> Response:
        actions.drop_nomination(one, reason=form.reason.data)
        return done(here("nomination", nomination_id=nomination_id), "Đã rút đề nghị.")

    return tried(form, act) or form_page(
        form,
        "Rút đề nghị",
        "Rút đề nghị",
        crumbs=[
            ("Đề nghị khen", here("nominations")),
            (load(nomination_id).name, here("nomination", nomination_id=nomination_id)),
            ("Rút", None),
        ],
        fields=[[(form.reason, "Ghi để người sau hiểu vì sao không khen.")]],
        cancel=here("nomination", nomination_id=nomination_id),
        lead=load(nomination_id).name,
    )


@bp.post("/de-nghi/<int:nomination_id>/mo-lai")
@allow(*WRITERS)
def take_up_nomination(nomination_id: int) -> Response:
    """A dropped or refused nomination is open again."""
    one = load(nomination_id, write=True)

    def act() -> str:
        actions.take_up(one)
        return "Đề nghị lại chờ xét."

    return clicked(act, here("nomination", nomination_id=nomination_id))
