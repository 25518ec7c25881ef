"""Sign in and out, first set-up, the own account."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, g, request, session, url_for
from flask_login import current_user, login_user, logout_user

from portal.kit import audit, resume
from portal.kit.access import ADMINISTRATOR, PUBLIC, ROLE_NAMES, SIGNED_IN, allow
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.listing import Col, ListSpec, SelectFilter, TextFilter
from portal.kit.passwords import check_password, hash_password
from portal.kit.security import account_key, limiter
from portal.kit.web import go, page
from portal.people import actions, queries
from portal.people.access import local_next
from portal.people.forms import (
    WHOLE,
    ChangePasswordForm,
    NameForm,
    NewPasswordForm,
    NewUserForm,
    RoleForm,
    SetupForm,
    SignInForm,
)
from portal.people.models import User
from portal.people.rules import check_password_choice, tidy_email
from portal.units.models import Unit

bp = Blueprint("people", __name__)

WRONG = "Thư điện tử hoặc mật khẩu chưa đúng. Gõ lại, hoặc nhờ người quản trị cấp đường dẫn đặt mật khẩu mới."
TOO_OFTEN = "Đã thử đăng nhập sai nhiều lần. Chờ 15 phút rồi thử lại, hoặc nhờ người quản trị giúp."
FROM_HERE = "Nơi này đã gửi quá nhiều lần đăng nhập. Chờ 5 phút rồi thử lại."


def _refused(response: Response) -> bool:
    return response.status_code == 422


@bp.route("/dang-nhap", methods=["GET", "POST"])
@limiter.limit("60 per 5 minutes", methods=["POST"], error_message=FROM_HERE)
@limiter.limit(
    "10 per 15 minutes",
    methods=["POST"],
    key_func=lambda: account_key(request.form.get("email")),
    deduct_when=_refused,
    error_message=TOO_OFTEN,
)
@allow(PUBLIC, writes=False)
def sign_in() -> Response:
    """The same answer, as late, for a wrong address, a wrong password and a person switched off."""
    if request.method == "GET" and current_user.is_authenticated:
        return go("/quan-ly/")
    form = SignInForm()
    next_path = local_next(request.values.get("next"))
    if form.validate_on_submit():
        user = _recognised(form.email.data, form.password.data)
        if user is not None:
            _begin_session(user)
            return _after_sign_in(next_path)
        form.add_refusal(Refused(WRONG))
    typed = resume.typed_before() if request.method == "POST" else None
    return page("people/sign_in.html", status=form.status, form=form, typed=typed, next_path=next_path)


def _recognised(email: str, password: str) -> User | None:
    """The person, or None. The slow check runs before, not inside, the small write that notes the attempt."""
    known = queries.user_by_email(email.strip().lower())
    right = check_password(known.password_hash if known else None, password)
    welcome = right and known is not None and known.active
    user_id = known.id if known else None
    with writing():
        if welcome and known is not None:
            audit.set_actor(known.id, known.name)
        audit.note("sign-in" if welcome else "sign-in refused", "user", entity_id=user_id)
        db.session.commit()
    return db.session.get(User, user_id) if welcome else None


def _begin_session(user: User) -> None:
    session.clear()  # whatever was there before the sign-in is not the person's
    g.pop("csrf_token", None)  # Flask-WTF's token of the old session
    session.permanent = True
    login_user(user)


def _after_sign_in(next_path: str) -> Response:
    typed = resume.typed_before()
    if typed is None:
        return go(next_path)
    return resume.answer("people/resume.html", status=200, typed=typed, signed_in_now=True)


@bp.post("/dang-xuat")
@allow(PUBLIC, writes=False)
def sign_out() -> Response:
    """End the session of this browser."""
    logout_user()
    session.clear()
    flash("Đã đăng xuất.", "ok")
    return go(url_for("people.sign_in"))


@bp.route("/thiet-lap/<secret>", methods=["GET", "POST"])
@limiter.limit("60 per 5 minutes", error_message=FROM_HERE)
@allow(PUBLIC, writes=False)
def setup(secret: str) -> Response:
    """A one-time link: the first administrator tells who they are; anybody else sets a password."""
    link = queries.link_of(secret)
    if link is None or (link.user_id is None and not queries.nobody_yet()):
        return page("people/link_gone.html", status=404, text=actions.LINK_GONE)
    person = db.session.get(User, link.user_id) if link.user_id else None
    form = NewPasswordForm() if person else SetupForm()
    if form.validate_on_submit():
        try:
            user = _use_link(secret, form, person.email if person else None)
            _begin_session(user)
            return go("/quan-ly/")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return page("people/setup.html", status=form.status, form=form, person=person)


def _use_link(secret: str, form: NewPasswordForm, email: str | None) -> User:
    check_password_choice(form.password.data, email=email or tidy_email(form.email.data))
    hashed = hash_password(form.password.data)
    told = {} if email else {"name": form.name.data, "email": form.email.data}
    with writing():
        user = actions.use_link(secret, password_hash=hashed, **told)
        user_id = user.id
        db.session.commit()
    return db.session.get_one(User, user_id)


@bp.route("/quan-ly/toi", methods=["GET", "POST"])
@allow(SIGNED_IN)
def account() -> Response:
    """The own name; beside it the form for a new password."""
    form = NameForm(obj=current_user)
    if form.validate_on_submit():
        actions.rename(current_user, form.name.data)
        response = go(url_for("people.account"))
        db.session.commit()
        flash("Đã ghi họ tên.", "ok")
        return response
    return _account_page(form, ChangePasswordForm(formdata=None), form.status)


@bp.post("/quan-ly/toi/mat-khau")
@limiter.limit("20 per 15 minutes", error_message=TOO_OFTEN)
@allow(SIGNED_IN, writes=False)
def change_password() -> Response:
    """A new password ends all other sessions of the person; this one goes on."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            user = _change_password(form)
            _begin_session(user)
            flash("Đã đổi mật khẩu. Các phiên làm việc khác của mình đã kết thúc.", "ok")
            return go(url_for("people.account"))
        except Refused as refused:
            form.add_refusal(refused)
    return _account_page(NameForm(formdata=None, obj=current_user), form, form.status)


def _change_password(form: ChangePasswordForm) -> User:
    user_id = current_user.id
    if not check_password(current_user.password_hash, form.old_password.data):
        raise Refused("Mật khẩu đang dùng chưa đúng. Gõ lại mật khẩu vẫn dùng để đăng nhập.", "old_password")
    check_password_choice(form.password.data, email=current_user.email)
    hashed = hash_password(form.password.data)
    with writing():
        actions.set_password(db.session.get_one(User, user_id), hashed)
        db.session.commit()
    return db.session.get_one(User, user_id)


def _account_page(name_form: NameForm, password_form: ChangePasswordForm, status: int) -> Response:
    return page("people/account.html", status=status, form=name_form, password_form=password_form)


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
    )
