"""Form keys: a double click or a resend makes one record and answers the same."""

from __future__ import annotations

import threading

import pytest
from flask import request
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.kit.access import SIGNED_IN, allow
from portal.kit.db import db
from portal.kit.web import FormKey, form_key_field, go, page
from portal.units.models import Unit
from tests.cast import sign_in
from tests.conftest import build, close

TURNS = threading.Barrier(2, timeout=10)


@pytest.fixture
def app(config):
    """The portal with one form that makes a unit."""
    built = build(config)

    @built.post("/thu/don-vi")
    @allow(SIGNED_IN)
    def make():
        if request.form.get("refuse"):
            db.session.rollback()
            return str(form_key_field()), 422
        unit = Unit(code=request.form["code"], name="Xã Thử", level="xã")
        db.session.add(unit)
        db.session.flush()
        response = go(f"/thu/don-vi/{unit.id}")
        db.session.commit()
        return response if not request.form.get("show") else str(form_key_field())

    @built.get("/thu/bieu-mau")
    @allow(SIGNED_IN)
    def form():
        return str(form_key_field())

    yield built
    close(built)


def made(code: str) -> int:
    return db.session.scalar(select(func.count()).where(Unit.code == code)) or 0


def test_a_resend_gets_the_same_answer(client, cast) -> None:
    sign_in(client, cast.officer)
    data = {"code": "T1", "form_key": "k-1"}
    first, second = (client.post("/thu/don-vi", data=data) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location and made("T1") == 1


def test_forms_without_the_same_key_are_different_forms(client, cast) -> None:
    sign_in(client, cast.officer)
    client.post("/thu/don-vi", data={"code": "T1", "form_key": "k-1"})
    client.post("/thu/don-vi", data={"code": "T2", "form_key": "k-2"})
    assert made("T1") == made("T2") == 1


def test_keys_belong_to_their_person(client, cast) -> None:
    other = client.application.test_client()
    sign_in(client, cast.officer), sign_in(other, cast.chair)
    client.post("/thu/don-vi", data={"code": "T1", "form_key": "k-1"})
    other.post("/thu/don-vi", data={"code": "T2", "form_key": "k-1"})
    assert made("T1") == made("T2") == 1


def test_a_refused_form_keeps_its_key_and_may_come_again(client, cast) -> None:
    sign_in(client, cast.officer)
    refused = client.post("/thu/don-vi", data={"refuse": "1", "form_key": "k-1"})
    assert refused.status_code == 422 and 'value="k-1"' in refused.text
    assert db.session.scalar(select(func.count(FormKey.id))) == 0
    assert client.post("/thu/don-vi", data={"code": "T1", "form_key": "k-1"}).status_code == 303
    assert made("T1") == 1


def test_a_carried_out_form_that_shows_a_page_gives_new_keys(client, cast) -> None:
    sign_in(client, cast.officer)
    shown = client.post("/thu/don-vi", data={"code": "T1", "form_key": "k-1", "show": "1"})
    assert shown.status_code == 200 and 'value="k-1"' not in shown.text


def test_every_form_gets_its_own_key(client, cast) -> None:
    sign_in(client, cast.officer)
    assert client.get("/thu/bieu-mau").text != client.get("/thu/bieu-mau").text


def test_two_requests_at_once_make_one_record(app, client, cast) -> None:
    """A double click that two threads of the server take at the same moment."""
    answers = []
    browsers = [sign_in(app.test_client(), cast.officer) for _ in range(2)]
    db.session.commit()

    def click(browser: FlaskClient) -> None:
        TURNS.wait()
        answers.append(browser.post("/thu/don-vi", data={"code": "T1", "form_key": "k-1"}))

    threads = [threading.Thread(target=click, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location and made("T1") == 1


def test_drawing_a_page_after_the_commit_holds_no_lock(app) -> None:
    from portal.kit.db import is_writing, writing

    with app.test_request_context("/"), writing():
        page("errors/page.html", title="Xong", text="Xong.", status=200)
        assert not is_writing()
