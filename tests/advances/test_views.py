"""Advances and money put aside over HTTP: who may, what is refused, what stays typed, the paper."""

from __future__ import annotations

import pytest

from portal.advances.models import PutAside, Settlement
from portal.kit.db import db
from tests.cast import make_campaign, sign_in
from tests.printed import text_of_pdf
from tests.spending.builders import make_decision, make_money, make_payment, make_row

HOUSE = "Hộ ông Lê Văn Giả"


@pytest.fixture
def made(commune, accountant, officer, chair, db_session):
    """(an advance of two rows to the officer, a paid voucher of one row)."""
    campaign = make_campaign(unit=commune)
    make_money(campaign=campaign)
    rows = [make_row(campaign=campaign, receiver=HOUSE), make_row(campaign=campaign)]
    decision = make_decision(unit=commune, maker=accountant, issuer=chair, rows=rows)
    other = make_decision(unit=commune, maker=accountant, issuer=chair, rows=rows[:1], number="13/QĐ")
    advance = make_payment(
        decision=decision,
        maker=accountant,
        approver=chair,
        what="advance",
        officer=officer,
        content="Trao quà",
    )
    return advance, make_payment(decision=other, maker=accountant, approver=chair)


def test_an_officer_settles_and_the_chair_approves(client, made, officer, chair, outsider) -> None:
    advance, _ = made
    page, first, second = f"/quan-ly/tam-ung/{advance.id}", *(row.id for row in advance.rows)
    sign_in(client, outsider)
    assert client.get(page).status_code == 404 and client.post(page).status_code == 404
    assert HOUSE not in client.get("/quan-ly/tam-ung/").text
    sign_in(client, officer)
    assert "2.000.000" in client.get("/quan-ly/tam-ung/").text and HOUSE in client.get(page).text
    typed = {
        "settled_on": "12/11/2026",
        "papers": "Danh sách 01",
        f"paid_{first}": "900.000",
        f"absent_{first}": "100k",
    }
    wrong = client.post(page, data=typed)
    assert wrong.status_code == 422 and "vì sao giữ lại" in wrong.text and 'value="900.000"' in wrong.text
    typed |= {f"note_{first}": "Đi vắng", f"returned_{second}": "1.000.000"}
    assert client.post(page, data=typed).status_code == 303
    db.session.rollback()
    settlement = db.session.query(Settlement).one()
    answer = f"/quan-ly/tam-ung/thanh-toan/{settlement.id}"
    assert client.post(f"{answer}/duyet").status_code == 403
    sign_in(client, outsider)
    assert client.get(f"{answer}.pdf").status_code == 404
    sign_in(client, chair)
    assert client.post(f"{answer}/khong-duyet").status_code == 422
    assert client.post(f"{answer}/duyet").status_code == 303
    assert "TU-0001/2026" in client.get(page).text
    text = text_of_pdf(client.get(f"{answer}.pdf").data)
    for words in (
        "GIẤY THANH TOÁN TIỀN TẠM ỨNG",
        "TU-0001/2026",
        HOUSE,
        "Đi vắng",
        "Hai triệu đồng",
        "Danh sách 01",
    ):
        assert words.lower() in text.lower(), words


def test_money_is_kept_and_given(client, made, officer, accountant, chair, outsider) -> None:
    _, voucher = made
    new = f"/quan-ly/tam-ung/tien-giu-ho/moi/{voucher.rows[0].id}"
    sign_in(client, outsider)
    assert client.get(new).status_code == 404 and client.post(new).status_code == 404
    sign_in(client, accountant)
    assert 'value="1.000.000"' in client.get(new).text
    wrong = client.post(new, data={"amount": "2tr", "since": "12/11/2026", "reason": "Đi vắng"})
    assert wrong.status_code == 422 and "nhiều nhất 1.000.000 đ" in wrong.text and "Đi vắng" in wrong.text
    kept = client.post(new, data={"amount": "1tr", "since": "12/11/2026", "reason": "Đi vắng"})
    assert kept.status_code == 303
    db.session.rollback()
    item = db.session.query(PutAside).one()
    page = f"/quan-ly/tam-ung/tien-giu-ho/{item.id}"
    assert (
        HOUSE in client.get("/quan-ly/tam-ung/tien-giu-ho/").text and "Gửi đề nghị" in client.get(page).text
    )
    assert client.get(f"{page}.pdf").status_code == 404
    proxy = {"wish": "release", "place": "ket", "taken_by": "Lê Văn Con"}
    assert client.post(f"{page}/de-nghi", data=proxy).status_code == 422
    assert client.post(f"{page}/de-nghi", data={**proxy, "relation": "con"}).status_code == 303
    assert client.post(f"{page}/tra-loi", data={"verdict": "approve"}).status_code == 403
    sign_in(client, outsider)
    assert client.get(page).status_code == 404
    sign_in(client, chair)
    assert "Lê Văn Con (con) nhận thay" in client.get(page).text
    assert client.post(f"{page}/tra-loi", data={"verdict": "refuse"}).status_code == 422
    assert client.post(f"{page}/tra-loi", data={"verdict": "approve"}).status_code == 303
    assert "Đã trao" in client.get(page).text
    text = text_of_pdf(client.get(f"{page}.pdf").data)
    for words in (
        "PHIẾU CHI",
        "PC-0003/2026",
        f"Lê Văn Con (con), nhận thay {HOUSE}",
        "Một triệu đồng",
        "số 13/QĐ",
    ):
        assert words.lower() in text.lower(), words
    sign_in(client, outsider)
    assert client.get(f"{page}.pdf").status_code == 404
