"""HTTP habits in one place: whole page or fragment, form keys against double submits, security headers."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import Flask, Response, g, make_response, redirect, render_template
from flask_login import current_user
from htmx_flask import Htmx, request
from jinja2_fragments.flask import render_block
from markupsafe import Markup
from sqlalchemy import ForeignKey, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.compression import register_compression
from portal.kit.db import BigKey, Moment, Text, db, is_writing, now, set_writing

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FORM_KEY = "form_key"
PRIVATE = ("/quan-ly", "/dang-nhap", "/thiet-lap")  # addresses whose pages no cache may keep


class FormKey(db.Model):
    """The hidden key of a form that was carried out, and where that led: a resend gets the same answer."""

    __tablename__ = "form_key"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(Text(64))
    location: Mapped[str | None] = mapped_column(Text(500))
    used_at: Mapped[datetime] = mapped_column(Moment, default=now)

    __table_args__ = (db.UniqueConstraint("user_id", "key"),)


def page(template: str, fragment: str | None = None, *, status: int = 200, **values: Any) -> Response:
    """Render the whole page, or its block `fragment` when htmx asks for a part. Views never test for htmx."""
    if not db.session().in_transaction():
        set_writing(False)  # the work is done or refused: drawing the page need not hold the books
    htmx = request.htmx
    if fragment and htmx and not htmx.boosted and not htmx.history_restore_request:
        body = render_block(template, fragment, **values)
    else:
        body = render_template(template, **values)
    response = make_response(body, status)
    response.headers["Vary"] = "HX-Request"
    return response


def go(url: str) -> Response:
    """Answer a carried-out POST with 303; the form's key remembers where it led. Call before the commit."""
    claim = g.get("form_key_claim")
    if claim is not None:
        claim.location = url
        g.form_key_spent = True
        db.session.flush()
    return make_response(redirect(url, 303))


def claim_form_key() -> Response | None:
    """Claim the key of the present form for its person, in the request's transaction.

    Returns the earlier answer when the same form was carried out before (double click, resend), else None.
    A refused form rolls back, which frees its key.
    """
    key = request.form.get(FORM_KEY, "")[:64]
    if not key or not is_writing() or not current_user.is_authenticated:
        return None
    user_id = current_user.id
    answered = _answer_of(user_id, key)
    if answered is not None:
        return answered
    claim = FormKey(user_id=user_id, key=key)
    db.session.add(claim)
    try:
        db.session.flush()
    except IntegrityError:  # PostgreSQL: the twin has just committed
        db.session.rollback()
        return _answer_of(user_id, key)
    g.form_key_claim = claim
    return None


def _answer_of(user_id: int, key: str) -> Response | None:
    known = db.session.scalar(select(FormKey).filter_by(user_id=user_id, key=key))
    return make_response(redirect(known.location or "/quan-ly/", 303)) if known else None


def form_key_field() -> Markup:
    """The hidden field every form carries: the same key on a form that came back, a new one otherwise."""
    came_back = request.method == "POST" and not g.get("form_key_spent")
    kept = request.form.get(FORM_KEY, "")[:64] if came_back else ""
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        FORM_KEY, kept or secrets.token_urlsafe(24)
    )


def register_web(app: Flask) -> None:
    """htmx, template helpers and response headers."""
    Htmx(app)
    register_compression(app, private=PRIVATE)
    app.jinja_env.globals["form_key"] = form_key_field

    @app.before_request
    def claim() -> Response | None:
        if request.method == "POST" and request.endpoint and FORM_KEY in request.form:
            return claim_form_key()
        return None

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if request.path.startswith(PRIVATE) or request.method == "POST":
            response.headers["Cache-Control"] = "no-store"
        return response
