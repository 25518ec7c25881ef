"""The catalogue of banks: everybody on the staff reads it, an administrator of the whole installation changes it."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.kit import access
from portal.kit.db import db
from portal.ledger.models import Bank
from tests.cast import Cast, make_account, make_user, sign_in

PAGE = "/quan-ly/ngan-hang/"
ABB = {"bin": "970425", "name": "ABBANK", "aliases": "An Bình"}


def test_add_change_and_withdraw(client: FlaskClient, cast: Cast) -> None:
    make_account(unit=cast.commune, code="LA", bank="Ngân hàng An Bình")
    sign_in(client, cast.administrator)
    assert "Chưa rõ ngân hàng, nên chưa có mã QR: LA" in client.get(PAGE).text
    assert client.post(PAGE, data=ABB).status_code == 303
    page = client.get(PAGE).text
    assert "970425" in page and "Chưa rõ ngân hàng" not in page
    changed = {**ABB, "bin": "999999", "name": "ABBank", "withdrawn": "y"}
    assert client.post(PAGE + "970425", data=changed).status_code == 303
    bank = db.session.scalar(select(Bank).where(Bank.name == "ABBank"))
    assert bank is not None and bank.bin == "970425" and bank.withdrawn
    assert "Đã ngừng" in client.get(PAGE).text and 'value="ABBank"' in client.get(PAGE + "970425").text


def test_a_bad_bank_comes_back_with_what_was_typed(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.administrator)
    for change, words in (
        ({"bin": "12"}, "6 chữ số"),
        ({"bin": "970436"}, "đã có"),
        ({"name": "VCB"}, "đã dùng cho"),
    ):
        answer = client.post(PAGE, data={**ABB, **change})
        assert answer.status_code == 422 and words in answer.text and 'value="An Bình"' in answer.text
    assert db.session.get(Bank, "970425") is None


def test_others_read_only(client: FlaskClient, cast: Cast) -> None:
    for user in (cast.auditor, cast.accountant):
        sign_in(client, user)
        assert "Thêm ngân hàng" not in client.get(PAGE).text
        assert client.post(PAGE, data=ABB).status_code == 403
    local = make_user(role=access.ADMINISTRATOR, unit=cast.commune)
    sign_in(client, local)
    assert client.post(PAGE, data=ABB).status_code == 403 and client.get(PAGE + "970436").status_code == 200
    assert client.get(PAGE + "000000").status_code == 404
