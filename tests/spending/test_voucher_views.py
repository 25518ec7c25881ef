"""Vouchers over HTTP: who may do what, what is refused stays typed, papers and files."""

from __future__ import annotations

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from portal.kit.db import db
from portal.spending.documents_vouchers import paper_of
from portal.spending.models import Voucher
from tests.cast import make_account, make_campaign, sign_in
from tests.printed import text_of_pdf
from tests.spending.builders import make_decision, make_money, make_row, make_voucher


@pytest.fixture
def campaign(commune):
    campaign = make_campaign(unit=commune)
    make_money(campaign=campaign, amount=5_000_000)
    return campaign


@pytest.fixture
def decision(campaign, commune, accountant, chair):
    rows = [
        make_row(campaign=campaign, amount=3_000_000, receiver="Hộ ông Lê Văn Giả", address="Ấp Phú Lợi"),
        make_row(campaign=campaign, amount=2_000_000, receiver="Hộ bà Trần Thị Mẫu"),
    ]
    return make_decision(unit=commune, maker=accountant, issuer=chair, rows=rows)


def only_voucher() -> Voucher:
    db.session.rollback()
    return db.session.query(Voucher).one()


def test_from_a_decision_to_a_printed_voucher(
    client, decision, accountant, chair, officer, db_session
) -> None:
    first, second = (f"row_{row.id}" for row in decision.rows)
    address = f"/quan-ly/chi/phieu/moi?van_ban={decision.id}"
    sign_in(client, accountant)
    assert "12/QĐ-MTTQ-BTT" in client.get("/quan-ly/chi/phieu/moi").text
    shown = client.get(address).text
    assert "Hộ ông Lê Văn Giả" in shown and 'value="3.000.000"' in shown
    part = client.get(f"{address}&place=ket", headers={"HX-Request": "true"}).text
    assert "PC-0001/2026" in part and "5.000.000" in part and "<html" not in part
    typed = {
        "what": "payment",
        "place": "ket",
        "content": "Chi theo danh sách",
        first: "3.500.000",
        second: "",
    }
    wrong = client.post(address, data=typed)
    assert wrong.status_code == 422 and "chỉ còn 3.000.000 đ" in wrong.text and "3.500.000" in wrong.text
    none = client.post(address, data={**typed, first: ""})
    assert none.status_code == 422 and "Chưa chọn dòng nào" in none.text
    typed |= {first: "3tr", second: "2.000.000", "form_key": "mot-lan"}
    made = client.post(address, data=typed)
    assert made.status_code == 303 and client.post(address, data=typed).location == made.location
    voucher = only_voucher()
    page = f"/quan-ly/chi/phieu/{voucher.id}"
    assert client.post(f"{page}/chi", data={"paid_on": "10/11/2026"}).status_code == 422
    assert client.post(f"{page}/duyet").status_code == 403
    sign_in(client, chair)
    row = voucher.rows[1]
    refused = client.post(f"{page}/duyet", data={f"refuse_{row.id}": "Đã nhận ở xã khác"})
    assert refused.status_code == 303
    assert "Đã nhận ở xã khác" in client.get(page).text
    assert client.post(f"{page}/chi", data={"paid_on": "10/11/2026"}).status_code == 403
    sign_in(client, officer)
    assert (
        client.post(f"{page}/chi", data={"paid_on": "10/11/2026"}).status_code == 403
    )  # the box is not theirs
    sign_in(client, accountant)
    early = client.post(f"{page}/chi", data={"paid_on": "01/11/2026"})
    assert early.status_code == 422 and "trước ngày văn bản" in early.text and "01/11/2026" in early.text
    assert client.post(f"{page}/chi", data={"paid_on": "11/11/2026"}).status_code == 303
    text = text_of_pdf(client.get(f"{page}.pdf").data)
    for words in (
        "PHIẾU CHI",
        "PC-0001/2026",
        "3.000.000 đồng",
        "Ba triệu đồng",
        "Hộ ông Lê Văn Giả",
        "Ấp Phú Lợi",
    ):
        assert words.lower() in text.lower(), words
    listed = client.get("/quan-ly/chi/phieu/?q=PC-0001").text
    assert "PC-0001/2026" in listed and "3.000.000" in listed
    asked = client.post(f"{page}/dao", data={"reason": "Chi nhầm người"})
    assert asked.status_code == 303 and "chờ người duyệt trả lời" in client.get(page).text


def test_another_unit_sees_no_voucher(client, decision, outsider, accountant, chair, db_session) -> None:
    voucher = make_voucher(decision=decision, maker=accountant)
    sign_in(client, outsider)
    page = f"/quan-ly/chi/phieu/{voucher.id}"
    for path in (
        page,
        f"{page}.pdf",
        f"{page}/tep-ngan-hang.xlsx",
        f"/quan-ly/chi/phieu/moi?van_ban={decision.id}",
    ):
        assert client.get(path).status_code == 404, path
    for path in (f"{page}/chi", f"{page}/huy", f"{page}/dao"):
        assert client.post(path, data={"reason": "x", "answer": "x"}).status_code == 404, path
    assert "Hộ ông Lê Văn Giả" not in client.get("/quan-ly/chi/phieu/?q=Lê Văn Giả").text


def test_refuse_void_and_many_at_once(client, decision, accountant, chair, auditor, db_session) -> None:
    sign_in(client, accountant)
    voucher = make_voucher(decision=decision, maker=accountant)
    page = f"/quan-ly/chi/phieu/{voucher.id}"
    sign_in(client, auditor)
    assert client.get(page).status_code == 200 and client.post(f"{page}/huy").status_code == 403
    sign_in(client, chair)
    assert client.post(f"{page}/khong-duyet", data={"answer": ""}).status_code == 422
    assert client.post(f"{page}/khong-duyet", data={"answer": "Chưa bình xét"}).status_code == 303
    assert "Chưa bình xét" in client.get(page).text
    again = make_voucher(decision=decision, maker=accountant)
    many = client.post(
        "/quan-ly/chi/phieu/duyet", data={"key": [again.id, voucher.id]}, follow_redirects=True
    )
    assert "Đã duyệt 1 phiếu" in many.text and "Chưa duyệt 1 phiếu" in many.text
    sign_in(client, accountant)
    assert client.post(f"/quan-ly/chi/phieu/{again.id}/huy", data={"answer": "Thôi"}).status_code == 303
    both = client.post("/quan-ly/chi/phieu/in", data={"key": [again.id, voucher.id]})
    assert both.mimetype == "application/pdf" and text_of_pdf(both.data).count("Lý do chi") == 2
    assert {paper_of(one).mark for one in db.session.query(Voucher)} == {"ĐÃ HỦY", "CHƯA CHI"}


def test_the_file_for_the_bank(client, campaign, commune, accountant, chair, db_session) -> None:
    account = make_account(unit=commune, bank="Vietcombank")
    rows = [
        make_row(campaign=campaign, receiver="Trần Đức Mẫu", bank="Agribank", account_number="0123456789"),
        make_row(campaign=campaign, receiver="Hộ bà Lý Thị Giả"),
    ]
    decision = make_decision(unit=commune, maker=accountant, issuer=chair, rows=rows)
    voucher = make_voucher(decision=decision, maker=accountant, approver=chair, bank_account=account)
    sign_in(client, accountant)
    path = f"/quan-ly/chi/phieu/{voucher.id}/tep-ngan-hang.xlsx"
    assert "Dòng 2 chưa có số tài khoản" in client.get(path, follow_redirects=True).text
    decision.rows[1].account_number, decision.rows[1].bank = "00987", "BIDV"
    found = CalamineWorkbook.from_filelike(BytesIO(client.get(path).data)).get_sheet_by_index(0).to_python()
    assert found[0][:3] == ["STT", "Số tài khoản hưởng", "Tên người hưởng"]
    assert found[1][1:5] == ["0123456789", "TRAN DUC MAU", "Agribank", 1_000_000.0]
    assert found[2][1] == "00987" and found[3][2] == "TONG CONG" and found[3][4] == 2_000_000.0
    text = text_of_pdf(client.get(f"/quan-ly/chi/phieu/{voucher.id}.pdf").data)
    assert "LIÊN 1" in text and "LIÊN 2" in text and "00987" in text
    assert paper_of(voucher).mark == "CHƯA CHI"
