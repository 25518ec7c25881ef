"""Failures as pages: the right status, a Vietnamese sentence that says what to do, and no exception text."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask, abort
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal import errors
from portal.kit.access import PUBLIC, SIGNED_IN, allow
from portal.kit.db import db, writing
from portal.kit.errors import Busy, Refused
from portal.kit.locks import BUSY_TEXT
from tests.cast import sign_in
from tests.conftest import build, close

STATUSES = (400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 503)


def text_of(response) -> str:
    return unescape(response.get_data(as_text=True))


@pytest.fixture
def app(config):
    """The portal with some views that fail."""
    built = build(config)
    _add_failing_views(built)
    yield built
    close(built)


def _add_failing_views(app: Flask) -> None:
    @app.route("/thu/<int:status>", methods=["GET", "POST"])
    @allow(PUBLIC, writes=False)
    def failing(status: int):
        abort(status)

    @app.route("/thu/<int:status>.json")
    @allow(PUBLIC)
    def failing_json(status: int):
        abort(status)

    @app.route("/thu/tu-choi", methods=["GET", "POST"])
    @allow(PUBLIC, writes=False)
    def refusing():
        raise Refused("Kỳ này đã khóa sổ. Chọn ngày trong kỳ đang mở.")

    @app.route("/thu/ban", methods=["GET", "POST"])
    @allow(PUBLIC, writes=False)
    def busy():
        raise Busy("Sổ đang có người ghi.")

    @app.route("/thu/hong")
    @allow(PUBLIC)
    def broken():
        raise ZeroDivisionError("mat khau la 123")

    @app.route("/thu/chua-danh-dau")
    def unmarked():
        return "không được thấy"

    @app.route("/thu/ghi", methods=["POST"])
    @allow(SIGNED_IN)
    def write():
        db.session.execute(text("UPDATE unit SET name = name"))
        db.session.commit()
        return "xong"


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_its_page(client, status) -> None:
    response = client.get(f"/thu/{status}")
    title, sentence = errors.PAGES[status]
    assert response.status_code == status
    assert title in text_of(response) and sentence in text_of(response)
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("status", STATUSES)
def test_json_addresses_answer_in_json(client, status) -> None:
    response = client.get(f"/thu/{status}.json")
    assert (response.status_code, response.mimetype) == (status, "application/json")
    assert response.get_json() == {"error": errors.PAGES[status][1]}


def test_unknown_statuses_have_a_page_too(client) -> None:
    assert client.get("/thu/410").status_code == 410
    assert errors.PAGES[400][1] in text_of(client.get("/thu/410"))


def test_an_address_that_does_not_exist(client) -> None:
    assert client.get("/khong-co-trang-nay").status_code == 404


def test_a_wrong_method_says_which_are_right(client) -> None:
    response = client.get("/dang-xuat")
    assert response.status_code == 405 and "POST" in response.headers["Allow"]


def test_a_view_without_a_mark_is_closed(client) -> None:
    response = client.get("/thu/chua-danh-dau")
    assert response.status_code == 403 and "không được thấy" not in text_of(response)


def test_a_refusal_is_said_in_its_own_words(client) -> None:
    response = client.get("/thu/tu-choi")
    assert response.status_code == 422 and "Kỳ này đã khóa sổ." in text_of(response)


def test_busy_keeps_what_was_typed(client) -> None:
    response = client.post("/thu/ban", data={"ten": "An & <Bình>", "form_key": "k", "csrf_token": "t"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    body = response.get_data(as_text=True)
    assert 'name="ten" value="An &amp; &lt;Bình&gt;"' in body and 'name="form_key" value="k"' in body
    assert 'action="/thu/ban"' in body and 'value="t"' not in body
    assert "Ghi lại" not in text_of(client.get("/thu/ban"))


def test_busy_by_htmx_replaces_the_content(client) -> None:
    response = client.post("/thu/ban", data={"ten": "An"}, headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Retarget"]) == (503, "#content")
    assert "<html" not in text_of(response)


def test_a_failure_tells_no_secrets(client, caplog) -> None:
    client.application.testing = False
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    response = client.get("/thu/hong")
    assert response.status_code == 500
    assert "mat khau" not in text_of(response) and "ZeroDivision" not in text_of(response)
    assert "ZeroDivisionError" in caplog.text  # the log knows


def test_a_broken_database_is_a_page_too(client, monkeypatch) -> None:
    def broken(*_args, **_kwargs):
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    client.application.testing = False
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("portal.people.queries.link_of", broken)
    response = client.get("/thiet-lap/abc")
    assert response.status_code == 500 and "connection refused" not in text_of(response)


def test_too_large_a_body(client) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 1000
    data = {"file": (io.BytesIO(b"x" * 2000), "to.xlsx")}
    response = client.post("/dang-nhap", data=data)
    assert response.status_code == 413 and "Chia nhỏ tệp" in text_of(response)


def test_a_foreign_host_is_refused(config) -> None:
    app = build(replace(config, trusted_hosts=("quy.vidu.vn",)))
    try:
        client = app.test_client()
        assert client.get("/dang-nhap", base_url="http://quy.vidu.vn").status_code == 200
        foreign = client.get("/dang-nhap", base_url="http://xau.example")
        assert foreign.status_code == 400 and "Yêu cầu chưa đúng" in text_of(foreign)
    finally:
        close(app)


def test_the_proxy_is_believed_only_as_far_as_it_is_known(config) -> None:
    app = build(replace(config, proxy_hops=1))
    try:
        forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}

        @app.route("/thu/toi")
        @allow(PUBLIC)
        def who():
            from flask import request

            return f"{request.remote_addr} {request.scheme}"

        assert app.test_client().get("/thu/toi", headers=forwarded).text == "203.0.113.9 https"
    finally:
        close(app)


def test_waiting_too_long_for_the_books_is_busy(app, client, cast) -> None:
    """On both engines somebody else holds what this request needs."""
    sign_in(client, cast.officer)
    db.session.commit()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), writing():
            db.session.execute(text("UPDATE unit SET name = name"))
            held.set()
            done.wait(20)
            db.session.rollback()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(10)
        started = time.monotonic()
        response = client.post("/thu/ghi", data={"ten": "An", "form_key": "k"})
        waited = time.monotonic() - started
    finally:
        done.set()
        holder.join()
    assert response.status_code == 503 and BUSY_TEXT in text_of(response)
    assert 'name="ten" value="An"' in text_of(response) and 4 < waited < 9
    assert client.post("/thu/ghi", data={"ten": "An", "form_key": "k"}).status_code == 200
