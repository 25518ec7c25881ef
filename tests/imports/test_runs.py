"""The imports that were carried out, on screen: list, detail, asking and answering; others' are invisible."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from portal.imports.models import ImportRun
from portal.kit import tables
from portal.ledger.models import Posting
from tests.cast import make_campaign, sign_in
from tests.imports.helpers import bring, table

GIFTS = "Ngày,Mã đơn vị,Người ủng hộ,Hình thức,Số tiền"
PLACE = "/quan-ly/nhap-bang/cac-lan-nhap/"


@pytest.fixture
def run(cast, db_session):
    bring("donations", table(GIFTS, "02/11/2026,TPH,Nguyễn Văn An,tiền mặt,500.000"), by=cast.accountant)
    return db_session.scalar(select(ImportRun.id))


def test_list_and_detail(run, client, accountant, auditor, outsider):
    for person in (accountant, auditor):
        sign_in(client, person)
        listed = client.get(PLACE)
        assert listed.status_code == 200 and "bang.csv" in listed.text and "Đang có hiệu lực" in listed.text
        shown = client.get(f"{PLACE}{run}")
        assert shown.status_code == 200 and "500.000 đồng" in shown.text and "Xã Tân Phú Hòa" in shown.text
        assert ("Đề nghị hoàn lại cả lần nhập" in shown.text) == (person is accountant)
    sign_in(client, outsider)
    assert "bang.csv" not in client.get(PLACE).text
    assert client.get(f"{PLACE}{run}").status_code == 404
    assert client.post(f"{PLACE}{run}/hoan-lai", data={"reason": "x"}).status_code == 404
    assert client.post(f"{PLACE}{run}/tra-loi", data={"decision": "undo"}).status_code == 404


def test_asked_by_one_and_undone_by_another(run, client, accountant, officer, chair, db_session):
    sign_in(client, accountant)
    empty = client.post(f"{PLACE}{run}/hoan-lai", data={"reason": ""})
    assert empty.status_code == 422 and "Chưa nêu lý do" in empty.text
    key = {"reason": "Nạp nhầm tệp của đợt trước", "form_key": "k" * 20}
    assert [client.post(f"{PLACE}{run}/hoan-lai", data=key).status_code for _ in range(2)] == [303, 303]
    assert "một người khác có quyền duyệt sẽ trả lời" in client.get(f"{PLACE}{run}").text
    assert client.post(f"{PLACE}{run}/tra-loi", data={"decision": "undo"}).status_code == 403
    sign_in(client, officer)
    assert client.post(f"{PLACE}{run}/tra-loi", data={"decision": "undo"}).status_code == 403
    sign_in(client, chair)
    assert "Duyệt, hoàn lại cả lần nhập" in client.get(f"{PLACE}{run}").text
    assert client.post(f"{PLACE}{run}/tra-loi", data={"decision": "undo"}).status_code == 303
    assert "Đã hoàn lại" in client.get(f"{PLACE}{run}").text
    again = client.post(f"{PLACE}{run}/tra-loi", data={"decision": "undo"})
    assert again.status_code in (403, 422)
    db_session.rollback()
    assert db_session.scalars(select(Posting.kind).order_by(Posting.number)).all() == ["donation", "reversal"]


def test_declined_or_taken_back(run, client, accountant, chair, db_session):
    for person in (accountant, chair):
        sign_in(client, accountant)
        client.post(f"{PLACE}{run}/hoan-lai", data={"reason": "Nhầm"})
        sign_in(client, person)
        assert client.post(f"{PLACE}{run}/tra-loi", data={"decision": "keep"}).status_code == 303
        db_session.rollback()
        assert db_session.scalar(select(ImportRun.undo_asked_at)) is None


def test_readers_may_not_ask(run, client, auditor, chair):
    for person in (auditor, chair):
        sign_in(client, person)
        assert client.post(f"{PLACE}{run}/hoan-lai", data={"reason": "Nhầm"}).status_code == 403


def test_templates_offer_what_the_person_may_use(cast, client, accountant, db_session):
    make_campaign(unit=cast.commune, code="D26")
    make_campaign(unit=cast.province, code="TINH")
    make_campaign(unit=cast.other_commune, code="KHAC")
    db_session.commit()
    sign_in(client, accountant)
    book = tables.read_table(client.get("/quan-ly/nhap-bang/khoan-ung-ho/mau.xlsx").data, filename="mau.xlsx")
    pages = {page.name: [row[:1] for _, row in page.rows()] for page in book.sheets}
    assert sorted(pages["Danh mục đợt"][1:]) == [["D26"], ["TINH"]]
    assert pages["Danh mục đơn vị"][1:] == [["TPH"]]
    assert ["tiền mặt"] in pages["Hình thức"] and ["cá nhân"] in pages["Loại nhà hảo tâm"]


def test_the_way_is_kept_from_the_check_to_the_write(cast, client, accountant, db_session):
    sign_in(client, accountant)
    content = b"T\xc3\xaan,\xc4\x90\xe1\xbb\x8ba ch\xe1\xbb\x89\nAn,X\xc3\xb3m 1\n"
    data = {"file": (io.BytesIO(content), "nguoi.csv"), "mode": "update"}
    place = client.post(
        "/quan-ly/nhap-bang/nha-hao-tam", data=data, content_type="multipart/form-data"
    ).location
    shown = client.get(place).text
    assert "chỉ cập nhật" in shown and "dòng chưa có trong sổ" in shown and "Xóm 1" in shown
    assert "Ghi vào sổ" not in shown
