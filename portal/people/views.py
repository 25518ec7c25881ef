"""Sign in and out, first set-up, the own account."""

from __future__ import annotations

from flask import Response, flash, g, request, session, url_for
from flask_login import current_user, login_user, logout_user

from portal.kit import audit, resume
from portal.kit.access import PUBLIC, SIGNED_IN, allow
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.passwords import check_password, hash_password
from portal.kit.security import account_key, limiter
from portal.kit.web import go, page
from portal.people import actions, queries
from portal.people.access import local_next
from portal.people.forms import ChangePasswordForm, NameForm, NewPasswordForm, SetupForm, SignInForm
from portal.people.models import User
from portal.people.rules import check_password_choice, tidy_email
from portal.people.views_users import bp

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
