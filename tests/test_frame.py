"""What stands around every page: who answers, the modules that a role opens, and what reading them costs."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask, render_template_string
from sqlalchemy import event

from portal.frame import FUND_NAME, MODULES, SAMPLE_MARK, START
from portal.kit.access import PUBLIC, SIGNED_IN, allow
from portal.kit.db import db
from tests.cast import make_account, sign_in
from tests.conftest import build, close

SITE = "{{ site.unit_name }}|{{ site.owner_name }}|{{ site.fund_name }}|{{ site.account.number }}"
PLACES = (
    "{% for item in navigation %}{{ item.label }}{{ '*' if item.current }};"
    "{% for page in item.pages %}{{ page.label }};{% endfor %}{% endfor %}"
)


@pytest.fixture
def app(config):
    """The portal with pages that print their frame."""
    built = build(config)
    _add_pages(built)
    yield built
    close(built)


def _add_pages(app: Flask) -> None:
    @app.get("/thu/ai")
    @allow(PUBLIC)
    def who():
        return render_template_string(SITE + "{{ site.phone }}{{ site.is_sample }}")

    @app.get("/thu/muc-luc")
    @app.get(START + "nguoi-dung/thu")
    @allow(SIGNED_IN)
    def places():
        return render_template_string(PLACES)

    @app.get("/thu/khong-hoi")
    @allow(PUBLIC)
    def silent():
        return render_template_string("không hỏi gì")


def count(app: Flask, ask) -> tuple[int, str]:
    statements = []
    listen = (db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    db.session.commit()
    event.listen(*listen)
    try:
        answer = unescape(ask().text)
    finally:
        event.remove(*listen)
    return len([one for one in statements if "SELECT" in one]), answer


def test_an_empty_portal_answers_for_the_front(client) -> None:
    assert client.get("/thu/ai").text.startswith("|Mặt trận Tổ quốc Việt Nam|")


def test_the_top_unit_answers(app, client, cast) -> None:
    account = make_account(unit=cast.province)
    make_account(unit=cast.province, published=False)
    number = account.number
    statements, answer = count(app, lambda: client.get("/thu/ai"))
    assert answer == f"Tỉnh Tân Hòa|Ủy ban MTTQ Việt Nam tỉnh Tân Hòa|{FUND_NAME}|{number}False"
    assert statements <= 3


def test_pages_that_do_not_ask_cost_nothing(app, client, cast) -> None:
    assert count(app, lambda: client.get("/thu/khong-hoi"))[0] == 0


def test_invented_data_says_so(app, client) -> None:
    (app.config["PORTAL"].instance / SAMPLE_MARK).touch()
    assert client.get("/thu/ai").text.endswith("True")


def test_modules_follow_the_roles(app, client, cast) -> None:
    sign_in(client, cast.officer)
    assert "Người dùng" not in client.get("/thu/muc-luc").text
    sign_in(client, cast.administrator)
    statements, answer = count(app, lambda: client.get(START + "nguoi-dung/thu"))
    assert "Quản trị*;" in answer and "Người dùng;" in answer and "Việc của tôi*" not in answer
    assert statements <= 2


def test_modules_name_pages_that_exist(app) -> None:
    names = {name for _, pages in MODULES for name, _ in pages}
    assert names - set(app.view_functions) == set()
