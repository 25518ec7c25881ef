"""Two steps on screen: a check that writes nothing, then the write; each person only their own tables."""

import io
import re
from datetime import date

import pytest
from sqlalchemy import func, select

from portal.donations.models import Donation
from portal.imports.kinds import KINDS
from portal.kit import tables
from portal.kit.numbers import Entry
from portal.units.models import Unit
from tests.cast import make_campaign, sign_in

HEADER = "Ngày,Mã đơn vị,Mã đợt,Người ủng hộ,Hình thức,Số tiền"
GOOD = f"{HEADER}\n02/11/2026,TPH,D26,Nguyễn Văn An,tiền mặt,500.000\n"
BAD = f"{HEADER}\n31/02/2026,TPH,D26,Nguyễn Văn An,tiền mặt,abc\n02/11/2026,AL,,An,tiền mặt,1tr\n"
PLACE = "/quan-ly/nhap-bang/khoan-ung-ho"


@pytest.fixture
def campaign(cast, db_session):
    made = make_campaign(unit=cast.commune, code="D26")
    db_session.commit()
    return made


def send(client, content, *, place=PLACE, name="bang.csv"):
    data = content.encode() if isinstance(content, str) else content
    return client.post(place, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def entries(db_session):
    db_session.rollback()
    return db_session.scalar(select(func.count()).select_from(Entry))


def test_check_then_write(campaign, accountant, client, db_session):
    sign_in(client, accountant)
    checked = send(client, GOOD)
    assert checked.status_code == 303
    page = client.get(checked.location)
    assert page.status_code == 200
    assert "Sẽ ghi mới" in page.text and "500.000 đồng" in page.text and "Ghi vào sổ" in page.text
    assert entries(db_session) == 0
    written = client.post(checked.location)
    assert (written.status_code, written.location) == (303, checked.location)
    assert "Bảng đã được ghi vào sổ" in client.get(checked.location).text
    gift = db_session.scalar(select(Donation))
    assert (gift.amount, gift.posting.by_id) == (500_000, accountant.id)


def test_double_click_writes_once(campaign, accountant, client, db_session):
    sign_in(client, accountant)
    place = send(client, GOOD).location
    assert {client.post(place).status_code for _ in range(3)} == {303}
    assert entries(db_session) == 1


def test_wrong_rows_are_422_with_their_cells_and_a_file(campaign, accountant, client, db_session):
    sign_in(client, accountant)
    answer = send(client, BAD)
    assert answer.status_code == 422
    for cell in ("Dòng 2, cột “Ngày”", "Dòng 2, cột “Số tiền”", "Dòng 3, cột “Mã đơn vị”"):
        assert cell in answer.text
    assert "Ghi vào sổ" not in answer.text
    link = re.search(r'href="([^"]+loi.xlsx)"', answer.text)[1]
    book = tables.read_table(client.get(link).data, filename="sai.xlsx")
    rows = list(tables.rows_with_headers(book, KINDS["donations"].columns))
    assert [values["Số tiền"] for _, values in rows] == ["abc", "1tr"]
    assert entries(db_session) == 0


def test_books_that_changed_between_the_steps_are_checked_again(campaign, accountant, client, db_session):
    sign_in(client, accountant)
    place = send(client, GOOD).location
    campaign.unit.valid_to = date(2026, 10, 31)
    db_session.commit()
    answer = client.post(place)
    assert answer.status_code == 422 and "đã kết thúc" in answer.text
    assert entries(db_session) == 0


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7", "bang.xlsx"),
        (b"PK\x03\x04", "bang.xlsx"),
        (GOOD.encode(), "bang.docx"),
        (b"", "bang.csv"),
    ],
)
def test_a_file_that_is_no_table_is_422_at_its_field(campaign, accountant, client, content, name):
    sign_in(client, accountant)
    answer = send(client, content, name=name)
    assert answer.status_code == 422
    assert "Chưa đọc được tệp" in answer.text and 'id="file-error"' in answer.text


def test_no_file_is_422(accountant, client):
    sign_in(client, accountant)
    answer = client.post(PLACE, data={})
    assert answer.status_code == 422 and "Chưa chọn tệp" in answer.text


def test_a_changed_or_lost_file_is_not_written(campaign, accountant, client, db_session, app):
    sign_in(client, accountant)
    place = send(client, GOOD).location
    for path in (app.config["PORTAL"].instance / "uploads" / "tables").glob("*.file"):
        path.write_text(GOOD.replace("500.000", "900.000"))
    assert client.post(place).location.endswith("/khoan-ung-ho")
    assert entries(db_session) == 0


def test_somebody_elses_file_is_not_found(campaign, accountant, officer, client, db_session):
    sign_in(client, accountant)
    place = send(client, GOOD).location
    sign_in(client, officer)
    assert client.get(place).status_code == 404
    assert client.post(place).status_code == 404
    assert entries(db_session) == 0


@pytest.mark.parametrize("role", ["auditor", "chair"])
def test_readers_and_approvers_bring_nothing(request, role, client):
    sign_in(client, request.getfixturevalue(role))
    assert client.get("/quan-ly/nhap-bang/").status_code == 403
    assert send(client, GOOD).status_code == 403


def test_kinds_follow_the_roles(accountant, administrator, client, db_session):
    sign_in(client, accountant)
    assert client.get("/quan-ly/nhap-bang/don-vi").status_code == 404
    assert "Khoản ủng hộ" in client.get("/quan-ly/nhap-bang/").text
    sign_in(client, administrator)
    assert client.get(PLACE).status_code == 404
    units = "Mã đơn vị,Tên đơn vị,Cấp\nMOI,Xã Mới,xã\n"
    place = send(client, units, place="/quan-ly/nhap-bang/don-vi").location
    assert client.post(place).status_code == 303
    db_session.rollback()
    assert db_session.scalar(select(Unit.name).where(Unit.code == "MOI")) == "Xã Mới"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_template_is_a_valid_empty_table(kind, cast, client, db_session):
    from tests.cast import grant

    grant(user=cast.administrator, role="accountant")
    sign_in(client, cast.administrator)
    assert client.get(f"/quan-ly/nhap-bang/{kind.slug}").status_code == 200
    book = tables.read_table(client.get(f"/quan-ly/nhap-bang/{kind.slug}/mau.xlsx").data, filename="mau.xlsx")
    headed = tables.rows_with_headers(book, kind.columns)
    assert headed.columns == kind.column_names and list(headed) == []
    assert set(kind.hints) == set(kind.column_names)


def test_strangers_are_asked_to_sign_in(client, cast):
    assert client.get("/quan-ly/nhap-bang/").status_code in (302, 303, 401)
