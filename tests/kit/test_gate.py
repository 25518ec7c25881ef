"""The gate: default deny, marks, what may write, who acts."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.kit import access, audit
from portal.kit.access import ACCOUNTANT, AUDITOR, PUBLIC, SIGNED_IN, allow, mark_of
from portal.kit.audit import AuditEntry, actor
from portal.kit.db import db, is_writing
from tests.cast import sign_in
from tests.conftest import build, close


@pytest.fixture
def app(config):
    """The portal with a few views of every kind."""
    built = build(config)

    @built.get("/thu/mo")
    @allow(PUBLIC)
    def open_to_all():
        return repr((actor(), is_writing()))

    @built.route("/thu/quen", methods=["GET", "POST"])
    def forgotten():
        return "quên đánh dấu"

    @built.get("/thu/ai-cung-duoc")
    @allow(SIGNED_IN)
    def anybody():
        return repr(actor())

    @built.route("/thu/so", methods=["GET", "POST"])
    @allow(ACCOUNTANT, AUDITOR)
    def books():
        return repr(is_writing())

    @built.post("/thu/chi-doc")
    @allow(SIGNED_IN, writes=False)
    def reading():
        return repr(is_writing())

    @built.get("/thu/ghi-bang-get")
    @allow(PUBLIC)
    def sneaky():
        db.session.execute(text("INSERT INTO form_key (user_id, key, used_at) VALUES (1, 'x', '2026-01-01')"))
        return "đã ghi"

    yield built
    close(built)


def test_what_is_not_marked_is_closed_to_everybody(client, cast) -> None:
    assert client.get("/thu/quen").status_code == 403
    sign_in(client, cast.administrator)
    assert client.get("/thu/quen").status_code == 403
    assert client.post("/thu/quen").status_code == 403


def test_open_pages_are_for_nobody_in_particular(client) -> None:
    assert client.get("/thu/mo").text == repr(((None, audit.NOBODY), False))


def test_signed_in_pages_know_who_acts(client, cast) -> None:
    assert client.get("/thu/ai-cung-duoc").status_code == 303
    sign_in(client, cast.officer)
    assert client.get("/thu/ai-cung-duoc").text == repr((cast.officer.id, cast.officer.name))


def test_one_of_the_roles_is_enough_and_none_is_not(client, cast) -> None:
    for person, status in (("accountant", 200), ("auditor", 200), ("officer", 403), ("administrator", 403)):
        sign_in(client, getattr(cast, person))
        assert client.get("/thu/so").status_code == status, person


def test_only_unsafe_methods_write_unless_the_mark_says_no(client, cast) -> None:
    sign_in(client, cast.accountant)
    assert [client.get("/thu/so").text, client.post("/thu/so").text] == ["False", "True"]
    assert client.post("/thu/chi-doc").text == "False"


def test_a_get_cannot_write(client, cast) -> None:
    with pytest.raises(DBAPIError, match="read-?only"):
        client.get("/thu/ghi-bang-get")


def test_the_actor_of_a_request_does_not_leak(app, client, cast) -> None:
    sign_in(client, cast.officer)
    client.get("/thu/ai-cung-duoc")
    assert actor() == (None, audit.COMMAND_LINE)
    assert client.application.test_client().get("/thu/mo").text == repr(((None, audit.NOBODY), False))


@pytest.mark.parametrize("roles", [(), ("king",), (PUBLIC, "king")])
def test_marks_need_known_roles(roles) -> None:
    with pytest.raises(ValueError, match="allow"):
        allow(*roles)


def test_every_route_of_the_portal_is_marked(config) -> None:
    app = build(config)
    try:
        endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
        assert "people.sign_in" in endpoints
        assert [name for name in sorted(endpoints) if mark_of(app, name) is None] == []
    finally:
        close(app)


def test_role_names_are_complete() -> None:
    assert set(access.ROLE_NAMES) == set(access.ROLES)


def test_switched_off_people_are_nobody(client, cast) -> None:
    sign_in(client, cast.officer)
    cast.officer.active = False
    db.session.commit()
    assert client.get("/thu/ai-cung-duoc").status_code == 303
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == "update"
