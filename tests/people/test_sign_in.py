"""Signing in and out, links, and forms that come too late."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from portal.kit.audit import AuditEntry
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.people import actions, queries
from portal.people.models import OneTimeLink, User
from tests.cast import PASSWORD, make_user, sign_in

WRONG = "Thư điện tử hoặc mật khẩu chưa đúng"


def text_of(response) -> str:
    return unescape(response.get_data(as_text=True))


def hidden(response) -> list[tuple[str, str]]:
    inputs = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)"', response.get_data(as_text=True)
    )
    return [(unescape(name), unescape(value)) for name, value in inputs]


@pytest.fixture
def person(db_session) -> User:
    user = make_user(name="Trần Thị Ghi", email="ghi@vidu.vn", role="administrator", password=PASSWORD)
    db_session.commit()
    return user


def try_sign_in(client: FlaskClient, email: str = "ghi@vidu.vn", password: str = PASSWORD, **more: str):
    return client.post("/dang-nhap", data={"email": email, "password": password, **more})


def test_signing_in_leads_to_the_work_list_and_leaves_a_note(client, person) -> None:
    response = try_sign_in(client, email=" GHI@vidu.vn ")
    assert (response.status_code, response.location) == (303, "/quan-ly/")
    assert client.get("/quan-ly/toi").status_code == 200
    note = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sign-in")).one()
    assert (note.by_id, note.entity_id) == (person.id, str(person.id))


def test_the_cookie_is_for_the_server_only_and_secure_behind_https(client, person) -> None:
    cookie = try_sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    https = client.application.test_client()
    answer = https.post(
        "/dang-nhap", base_url="https://localhost", data={"email": "ghi@vidu.vn", "password": PASSWORD}
    )
    assert "Secure" in answer.headers["Set-Cookie"]


def test_wrong_address_wrong_password_and_switched_off_get_the_same_answer(client, person) -> None:
    make_user(email="tat@vidu.vn", active=False, password=PASSWORD)
    make_user(email="moi@vidu.vn")
    asked = [
        ("khong-co@vidu.vn", PASSWORD),
        ("ghi@vidu.vn", "sai mat khau"),
        ("tat@vidu.vn", PASSWORD),
        ("moi@vidu.vn", PASSWORD),
    ]
    answers = [try_sign_in(client, email, password) for email, password in asked]
    assert {answer.status_code for answer in answers} == {422}
    bodies = {re.sub(r'value="[^"]*"', "", text_of(answer)) for answer in answers}
    assert len(bodies) == 1 and WRONG in bodies.pop()
    notes = select(func.count()).where(AuditEntry.action == "sign-in refused")
    assert db.session.scalar(notes) == 4


def test_every_refused_sign_in_costs_one_hash(client, person, monkeypatch) -> None:
    checked = []
    monkeypatch.setattr("portal.people.views.check_password", lambda kept, typed: checked.append(kept))
    try_sign_in(client, "khong-co@vidu.vn")
    try_sign_in(client)
    assert len(checked) == 2 and checked[0] is None and checked[1] is not None


def test_no_write_lock_is_held_while_the_hash_is_checked(client, person, monkeypatch) -> None:
    from portal.kit import passwords
    from portal.kit.db import is_writing

    seen = []

    def check(kept, typed):
        seen.append(is_writing())
        return passwords.check_password(kept, typed)

    monkeypatch.setattr("portal.people.views.check_password", check)
    assert try_sign_in(client).status_code == 303
    assert seen == [False]


def test_an_account_is_guarded_against_guessing(client, person) -> None:
    for _ in range(10):
        assert try_sign_in(client, password="sai mat khau").status_code == 422
    refused = try_sign_in(client)
    assert refused.status_code == 429 and "Chờ 15 phút" in text_of(refused)
    assert int(refused.headers["Retry-After"]) > 0
    assert try_sign_in(client, email="khac@vidu.vn").status_code == 422


def test_right_passwords_do_not_count_against_an_account(client, person) -> None:
    for _ in range(12):
        assert try_sign_in(client).status_code == 303


def test_an_address_is_guarded_too(client, person) -> None:
    for turn in range(60):
        try_sign_in(client, email=f"thu{turn}@vidu.vn")
    refused = try_sign_in(client)
    assert refused.status_code == 429 and "Chờ 5 phút" in text_of(refused)


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/quan-ly/nguoi-dung/?q=an", "/quan-ly/nguoi-dung/?q=an"),
        ("https://xau.example/", "/quan-ly/"),
        ("//xau.example/", "/quan-ly/"),
        ("/\\xau.example/", "/quan-ly/"),
        ("javascript:alert(1)", "/quan-ly/"),
        ("", "/quan-ly/"),
    ],
)
def test_only_addresses_of_the_portal_are_followed(client, person, asked, led) -> None:
    assert try_sign_in(client, next=asked).location == led


def test_pages_lead_to_the_sign_in_and_back(client, person) -> None:
    response = client.get("/quan-ly/nguoi-dung/?q=an")
    assert response.status_code == 303
    page = client.get(response.location)
    assert ("next", "/quan-ly/nguoi-dung/?q=an") in hidden(page)
    assert page.headers["Cache-Control"] == "no-store"


def test_signing_out_ends_the_session(client, person) -> None:
    try_sign_in(client)
    assert client.get("/dang-xuat").status_code == 405
    assert client.post("/dang-xuat").location == "/dang-nhap"
    assert client.get("/quan-ly/toi").status_code == 303


def test_a_session_ends_after_eight_idle_hours(client, person, monkeypatch) -> None:
    import time

    try_sign_in(client)
    real = time.time
    monkeypatch.setattr("time.time", lambda: real() + 7 * 3600)
    assert client.get("/quan-ly/toi").status_code == 200  # this visit starts the eight hours again
    monkeypatch.setattr("time.time", lambda: real() + 14 * 3600)
    assert client.get("/quan-ly/toi").status_code == 200
    monkeypatch.setattr("time.time", lambda: real() + 23 * 3600)
    assert client.get("/quan-ly/toi").status_code == 303


def test_a_late_form_is_kept_through_the_sign_in(client, person) -> None:
    """The whole way, as a browser without JavaScript goes it."""
    typed = {"name": "Trần Thị Ghi Sổ", "form_key": "k-1"}
    late = client.post("/quan-ly/toi", data=typed)
    assert late.status_code == 401 and "Những gì vừa gõ vẫn còn" in text_of(late)
    fields = dict(hidden(late))
    assert "next" not in fields
    resumed = client.post("/dang-nhap", data={**fields, "email": "ghi@vidu.vn", "password": PASSWORD})
    assert resumed.status_code == 200 and "Ghi tiếp" in text_of(resumed)
    assert 'action="/quan-ly/toi"' in text_of(resumed)
    again = {name: value for name, value in hidden(resumed) if name != "csrf_token"}
    assert again == typed
    assert client.post("/quan-ly/toi", data=again).status_code == 303
    assert db.session.get_one(User, person.id, populate_existing=True).name == "Trần Thị Ghi Sổ"


def test_a_wrong_password_on_the_way_loses_nothing(client, person) -> None:
    late = client.post("/quan-ly/toi", data={"name": "A & <B>\r\nhai dòng"})
    refused = client.post(
        "/dang-nhap", data={**dict(hidden(late)), "email": "ghi@vidu.vn", "password": "sai"}
    )
    assert refused.status_code == 422
    assert ("giu:name", "A & <B>\r\nhai dòng") in hidden(refused)


def test_files_and_passwords_are_not_kept(client, person) -> None:
    import io

    data = {"old_password": "bi mat cu", "name": "An", "file": (io.BytesIO(b"x"), "sao-ke.xlsx")}
    late = client.post("/quan-ly/toi", data=data)
    assert "bi mat cu" not in text_of(late)
    assert "sao-ke.xlsx" in text_of(late) and "chọn tệp lần nữa" in text_of(late)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://xau.example"}])
def test_what_another_site_sends_is_not_kept(client, person, headers) -> None:
    response = client.post("/quan-ly/toi", data={"name": "An"}, headers=headers)
    assert response.status_code == 403 and "giu:name" not in text_of(response)


def test_htmx_gets_the_same_in_place_of_the_content(client, person) -> None:
    asked = client.get(
        "/quan-ly/toi", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/quan-ly/toi?a=1"}
    )
    assert asked.status_code == 401
    assert asked.headers["HX-Redirect"] == "/dang-nhap?next=/quan-ly/toi?a%3D1"
    late = client.post("/quan-ly/toi", data={"name": "An"}, headers={"HX-Request": "true"})
    assert (late.status_code, late.headers["HX-Retarget"]) == (401, "#content")
    assert "<html" not in text_of(late) and ("giu:name", "An") in hidden(late)


def test_a_stale_token_keeps_the_form_too(client, person) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    sign_in(client, person)
    stale = client.post("/quan-ly/toi", data={"name": "Tên mới", "csrf_token": "cu", "form_key": "k-2"})
    assert stale.status_code == 400 and "Chưa ghi gì vào sổ" in text_of(stale)
    fields = dict(hidden(stale))
    assert (fields["name"], fields["form_key"]) == ("Tên mới", "k-2") and fields["csrf_token"] != "cu"
    assert client.post("/quan-ly/toi", data=fields).status_code == 303
    assert db.session.get_one(User, person.id, populate_existing=True).name == "Tên mới"


def test_a_late_form_with_tokens_on(client, person) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    late = client.post("/quan-ly/toi", data={"name": "Tên sau", "csrf_token": "cu", "form_key": "k-3"})
    assert late.status_code == 401
    resumed = client.post(
        "/dang-nhap", data={**dict(hidden(late)), "email": "ghi@vidu.vn", "password": PASSWORD}
    )
    assert resumed.status_code == 200
    assert client.post("/quan-ly/toi", data=dict(hidden(resumed))).status_code == 303


def test_a_stale_sign_in_page_asks_again(client, person) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    stale = try_sign_in(client, csrf_token="cu")
    assert stale.status_code == 400 and "Gõ lại mật khẩu" in text_of(stale)
    fields = dict(hidden(stale))
    assert try_sign_in(client, **fields).status_code == 303


class TestLinks:
    """One-time links."""

    def test_the_first_administrator_sets_up(self, client, db_session) -> None:
        path = actions.first_administrator_link()
        db_session.commit()
        assert client.get(path).status_code == 200
        data = {"name": "Vũ Quản Trị", "email": "QuanTri@vidu.vn"}
        data |= {"password": "cau ho song giang", "password_again": "cau ho song giang"}
        done = client.post(path, data=data)
        assert (done.status_code, done.location) == (303, "/quan-ly/")
        user = queries.user_by_email("quantri@vidu.vn")
        assert user is not None and queries.has_everywhere(user, "administrator")
        assert client.get("/quan-ly/nguoi-dung/").status_code == 200
        assert client.post(path, data=data).status_code == 404
        with pytest.raises(Refused, match="đã có người dùng"):
            actions.first_administrator_link()

    def test_a_new_first_link_kills_the_earlier_one(self, client, db_session) -> None:
        old, new = actions.first_administrator_link(), actions.first_administrator_link()
        db_session.commit()
        assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)

    def test_links_die_after_48_hours(self, client, db_session) -> None:
        path = actions.first_administrator_link()
        db_session.execute(update(OneTimeLink).values(expires_at=now() - timedelta(seconds=1)))
        assert client.get(path).status_code == 404
        late = db_session.scalars(select(OneTimeLink)).one()
        assert late.secret_hash not in path

    @pytest.mark.parametrize(
        ("password", "again", "said"),
        [
            ("ngắn", "ngắn", "cần ít nhất 10"),
            ("mat khau 123", "mat khau 123", "dễ đoán"),
            ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "dễ đoán"),
            ("cau ho song giang", "cau ho song gianh", "chưa giống nhau"),
            ("", "", "Chưa nhập mật khẩu mới"),
        ],
    )
    def test_poor_passwords_are_refused_at_their_field(
        self, client, db_session, password, again, said
    ) -> None:
        path = actions.first_administrator_link()
        db_session.commit()
        data = {"name": "Vũ Quản Trị", "email": "a@vidu.vn", "password": password, "password_again": again}
        refused = client.post(path, data=data)
        assert refused.status_code == 422 and said in text_of(refused)
        assert 'value="Vũ Quản Trị"' in text_of(refused)
        assert queries.nobody_yet()

    def test_a_link_sets_a_password_once_and_signs_in(self, client, db_session, person) -> None:
        newcomer = make_user(name="Lê Văn Mới", email="moi@vidu.vn")
        path = actions.one_time_link(newcomer)
        db_session.commit()
        page = client.get(path)
        assert "Lê Văn Mới" in text_of(page) and page.headers["Cache-Control"] == "no-store"
        data = {"password": "cau ho song giang", "password_again": "cau ho song giang"}
        assert client.post(path, data=data).status_code == 303
        assert client.get("/quan-ly/toi").status_code == 200
        assert client.application.test_client().get(path).status_code == 404


class TestAccount:
    """The own account."""

    def test_a_new_password_ends_the_other_sessions(self, client, person) -> None:
        elsewhere = client.application.test_client()
        try_sign_in(client), try_sign_in(elsewhere)
        data = {
            "old_password": PASSWORD,
            "password": "cau ho song giang",
            "password_again": "cau ho song giang",
        }
        assert client.post("/quan-ly/toi/mat-khau", data=data).status_code == 303
        assert client.get("/quan-ly/toi").status_code == 200
        assert elsewhere.get("/quan-ly/toi").status_code == 303
        assert try_sign_in(elsewhere).status_code == 422
        assert try_sign_in(elsewhere, password="cau ho song giang").status_code == 303

    def test_the_old_password_is_needed(self, client, person) -> None:
        sign_in(client, person)
        data = {"old_password": "sai", "password": "cau ho song giang", "password_again": "cau ho song giang"}
        refused = client.post("/quan-ly/toi/mat-khau", data=data)
        assert refused.status_code == 422 and "Mật khẩu đang dùng chưa đúng" in text_of(refused)

    def test_the_name_is_changed_and_audited(self, client, person) -> None:
        sign_in(client, person)
        assert client.post("/quan-ly/toi", data={"name": ""}).status_code == 422
        assert client.post("/quan-ly/toi", data={"name": "Tên Khác"}).status_code == 303
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "update")).one()
        assert (entry.by_id, entry.entity, list(entry.changes)) == (person.id, "user", ["name"])
