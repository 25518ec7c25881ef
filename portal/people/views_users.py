"""The people of an administrator's units: list, add, roles, switch off, links. Part of the views."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user

from portal.kit.access import ADMINISTRATOR, ROLE_NAMES, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import Col, ListSpec, SelectFilter, TextFilter
from portal.kit.web import go, page
from portal.people import actions, queries
from portal.people.forms import WHOLE, NewUserForm, RoleForm
from portal.people.models import User
from portal.units.models import Unit

bp = Blueprint("people", __name__)


PEOPLE = ListSpec(
    noun="người dùng",
    key=User.id,
    title="Người dùng",
    file_name="nguoi-dung",
    default_sort="ten",
    columns=[
        Col("ten", "Họ tên", "name", sort=User.name, kind="link", primary=True),
        Col("thu", "Thư điện tử", "email", sort=User.email),
        Col("vai", "Vai trò", queries.roles_in_words),
        Col(
            "tinh-trang",
            "Tình trạng",
            queries.state_in_words,
            kind="badge",
            badge=lambda user: None if user.active else "neutral",
            sort=User.active,
        ),
    ],
    filters=[
        TextFilter("q", "Họ tên hoặc thư", queries.named),
        SelectFilter("vai", "Vai trò", queries.holding, choices=list(ROLE_NAMES.items())),
        SelectFilter(
            "tat", "Tình trạng", queries.switched, choices=[("co", "Đang dùng"), ("khong", "Đã tắt")]
        ),
    ],
    row_url=lambda user: url_for("people.user", user_id=user.id),
)


@bp.get("/quan-ly/nguoi-dung/")
@allow(ADMINISTRATOR)
def users() -> Response:
    """The people of the administrator's units."""
    seen = queries.users(current_user).options(*queries.WITH_ROLES)
    listing = PEOPLE.run(seen, request.args, request.path)
    return PEOPLE.download(seen, request.args) or page(
        "people/users.html", "list", status=listing.status, listing=listing
    )


@bp.route("/quan-ly/nguoi-dung/them", methods=["GET", "POST"])
@allow(ADMINISTRATOR)
def new_user() -> Response:
    """Add a person with a first role; the answer shows their one-time link, once."""
    form = NewUserForm()
    form.unit.offer(_units_offered())
    if form.validate_on_submit():
        told = form.values()
        unit = db.session.get(Unit, told["unit"]) if told["unit"] else None
        try:
            user = actions.add_user(
                email=told["email"], name=told["name"], role=told["role"], unit=unit, by=current_user
            )
            return _link_page(user)
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return page("people/new_user.html", status=form.status, form=form)


@bp.get("/quan-ly/nguoi-dung/<int:user_id>")
@allow(ADMINISTRATOR)
def user(user_id: int) -> Response:
    """One person: roles, state, what the administrator may change."""
    return _user_page(_user_or_404(user_id))


@bp.post("/quan-ly/nguoi-dung/<int:user_id>/duong-dan")
@allow(ADMINISTRATOR)
def new_link(user_id: int) -> Response:
    """A new one-time link; earlier ones die."""
    person = _user_or_404(user_id)
    try:
        actions.check_manageable(person, by=current_user)
        return _link_page(person)
    except Refused as refused:
        return _user_page(person, refused=refused)


@bp.post("/quan-ly/nguoi-dung/<int:user_id>/<any(tat, bat):turn>")
@allow(ADMINISTRATOR)
def switch_user(user_id: int, turn: str) -> Response:
    """Switch a person off or on."""
    person = _user_or_404(user_id)
    try:
        actions.switch(person, turn == "bat", by=current_user)
    except Refused as refused:
        return _user_page(person, refused=refused)
    flash("Đã bật lại tài khoản." if turn == "bat" else "Đã tắt tài khoản và các phiên đang mở.", "ok")
    return _back_to(person)


@bp.post("/quan-ly/nguoi-dung/<int:user_id>/vai-tro")
@allow(ADMINISTRATOR)
def add_role(user_id: int) -> Response:
    """One more role."""
    person = _user_or_404(user_id)
    form = RoleForm()
    form.unit.offer(_units_offered())
    if not form.validate_on_submit():
        return _user_page(person, form=form)
    unit = db.session.get(Unit, form.unit.data) if form.unit.data else None
    try:
        actions.give_role(person, form.role.data, unit, by=current_user)
    except Refused as refused:
        form.add_refusal(refused)
        return _user_page(person, form=form)
    flash("Đã thêm vai trò.", "ok")
    return _back_to(person)


@bp.post("/quan-ly/nguoi-dung/<int:user_id>/vai-tro/<int:grant_id>/bo")
@allow(ADMINISTRATOR)
def remove_role(user_id: int, grant_id: int) -> Response:
    """Take a role away."""
    person = _user_or_404(user_id)
    try:
        actions.take_role(person, grant_id, by=current_user)
    except Refused as refused:
        return _user_page(person, refused=refused)
    flash("Đã bỏ vai trò.", "ok")
    return _back_to(person)


def _user_or_404(user_id: int) -> User:
    return queries.user_seen(user_id, for_user=current_user) or abort(404)


def _units_offered() -> list[tuple[int, str]]:
    everywhere = queries.has_everywhere(current_user, ADMINISTRATOR)
    whole = [(WHOLE, "Toàn hệ thống")] if everywhere else []
    return [*whole, *((unit.id, unit.name) for unit in queries.units_to_grant(current_user))]


def _back_to(person: User) -> Response:
    url = url_for("people.user", user_id=person.id)
    if person.id == current_user.id and ADMINISTRATOR not in {grant.role for grant in person.grants}:
        url = url_for("people.account")
    response = go(url)
    db.session.commit()
    return response


def _link_page(person: User) -> Response:
    """The link stands on this answer only; a resend of the form leads to the person's page without it."""
    path = actions.one_time_link(person)
    name, back = person.name, url_for("people.user", user_id=person.id)
    go(back)
    db.session.commit()
    return page("people/link.html", name=name, link=request.host_url.rstrip("/") + path, back=back)


def _user_page(person: User, *, form: RoleForm | None = None, refused: Refused | None = None) -> Response:
    if refused is not None or form is not None:
        db.session.rollback()
    if form is None:
        form = RoleForm(formdata=None)
        form.unit.offer(_units_offered())
    return page(
        "people/user.html",
        status=422 if refused else form.status,
        person=person,
        form=form,
        refused=refused,
        manageable=queries.may_manage(current_user, person),
        role_names=ROLE_NAMES,
        state=queries.state_in_words(person),
    )
