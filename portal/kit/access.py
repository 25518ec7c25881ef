"""Who may call a view: `@allow` only marks it; one gate before every request decides, default deny."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request
from flask_login import current_user

from portal.kit.audit import NOBODY, actor, set_actor
from portal.kit.db import db, is_writing, set_writing

ADMINISTRATOR, RECORDER, ACCOUNTANT, APPROVER, AUDITOR = (
    "administrator",
    "recorder",
    "accountant",
    "approver",
    "auditor",
)
ROLES = (ADMINISTRATOR, RECORDER, ACCOUNTANT, APPROVER, AUDITOR)
ROLE_NAMES = {
    ADMINISTRATOR: "Quản trị",
    RECORDER: "Người ghi",
    ACCOUNTANT: "Kế toán",
    APPROVER: "Người duyệt",
    AUDITOR: "Người giám sát",
}
PUBLIC = "public"
SIGNED_IN = "signed_in"

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mark:
    """What a view needs. `writes` None: unsafe methods write, GET reads."""

    roles: tuple[str, ...]
    writes: bool | None = None


def allow(*roles: str, writes: bool | None = None) -> Callable[[View], View]:
    """Mark a view with PUBLIC, SIGNED_IN, or the roles of which one is needed, in any unit."""
    unknown = set(roles) - {PUBLIC, SIGNED_IN, *ROLES}
    if not roles or unknown:
        raise ValueError(f"allow() needs known roles, not {unknown or 'nothing'}")

    def mark(view: View) -> View:
        view.portal_access = Mark(roles, writes)  # type: ignore[attr-defined]
        return view

    return mark


def mark_of(app: Flask, endpoint: str) -> Mark | None:
    """The mark of an endpoint; Flask's own static files are public."""
    if endpoint == "static":
        return Mark((PUBLIC,))
    return getattr(app.view_functions[endpoint], "portal_access", None)


def register_gate(app: Flask, *, on_sign_in_needed: Callable[[], Any]) -> None:
    """Install the gate. `on_sign_in_needed` answers a request without a session (keeping what was typed)."""

    @app.before_request
    def gate() -> Any:
        g.was = is_writing(), actor()
        set_actor(None, NOBODY)
        if request.endpoint is None:
            return None
        mark = mark_of(current_app, request.endpoint)
        if mark is None:
            current_app.logger.error("view without access mark: %s", request.endpoint)
            abort(403)
        unsafe = request.method not in ("GET", "HEAD", "OPTIONS")
        set_writing(unsafe if mark.writes is None else mark.writes)
        if PUBLIC in mark.roles:
            return None
        if not current_user.is_authenticated:
            return on_sign_in_needed()
        if SIGNED_IN not in mark.roles and not {grant.role for grant in current_user.grants} & set(
            mark.roles
        ):
            abort(403)
        set_actor(current_user.id, current_user.name)
        return None

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        was = g.pop("was", None)
        if was is None:  # the gate was not reached: nothing to undo
            return
        db.session.rollback()
        writing, (by_id, by_name) = was
        set_writing(writing)
        set_actor(by_id, by_name)
