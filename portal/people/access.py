"""Sessions: who is there, what happens when nobody is, and when a form comes too late."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, make_response, redirect, url_for
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError
from htmx_flask import request

from portal.kit import resume
from portal.kit.access import PUBLIC, mark_of, register_gate
from portal.kit.db import db, set_writing
from portal.kit.security import is_cross_site, is_local
from portal.people import queries
from portal.people.forms import SignInForm

SAFE = ("GET", "HEAD", "OPTIONS")


def register_people(app: Flask) -> None:
    """Sessions by Flask-Login, the gate, and the answer to stale forms."""
    manager = LoginManager(app)
    manager.session_protection = None  # phones change their address while one types
    manager.user_loader(queries.user_of_session)
    register_gate(app, on_sign_in_needed=sign_in_needed)
    app.register_error_handler(CSRFError, stale_form)


def sign_in_needed() -> Response:
    """Pages lead to the sign-in and back; a form is kept, with the sign-in on the spot (401)."""
    if request.method in SAFE:
        return _go_and_come_back()
    _let_go()
    if is_cross_site():
        abort(403)
    return ask_again()


def ask_again() -> Response:
    """The sign-in page that carries along what the present request typed."""
    form = SignInForm(formdata=None)
    return resume.answer("people/sign_in.html", status=401, form=form, typed=resume.typed_now())


def stale_form(_error: CSRFError) -> Response:
    """A form of a page older than the session: kept, to be sent again with one button."""
    _let_go()
    if is_cross_site():
        abort(403)
    if request.endpoint == "people.sign_in":
        return _stale_sign_in()
    mark = mark_of(current_app, request.endpoint or "static")  # type: ignore[arg-type]
    if mark and PUBLIC not in mark.roles and not current_user.is_authenticated:
        return ask_again()
    return resume.answer("people/resume.html", status=400, typed=resume.typed_now(), signed_in_now=False)


def _stale_sign_in() -> Response:
    form = SignInForm(formdata=None, email=request.form.get("email", "")[:200])
    form.form_errors = ["Trang đăng nhập mở đã lâu. Gõ lại mật khẩu rồi đăng nhập."]
    return resume.answer(
        "people/sign_in.html",
        status=400,
        form=form,
        typed=resume.typed_before(),
        next_path=local_next(request.form.get("next")),
    )


def _let_go() -> None:
    """Nothing is written any more in this request: do not hold the books while its page is drawn."""
    db.session.rollback()
    set_writing(False)


def _go_and_come_back() -> Response:
    if request.htmx:
        here = urlsplit(request.htmx.current_url or "/quan-ly/")
        path = here.path + (f"?{here.query}" if here.query else "")
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("people.sign_in", next=path)
        return response
    path = request.full_path.rstrip("?")
    return make_response(redirect(url_for("people.sign_in", next=path), 303))


def local_next(path: str | None) -> str:
    """Where to go after the sign-in: the asked address when it lies in the portal, else the work list."""
    return path if path and is_local(path) else "/quan-ly/"
