"""Donors on screen: list, page, forms with and without JavaScript, papers; nobody sees others' donors anywhere."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import event, func, select

from portal.donors.actions import add_kind, end_kind, merge, record_direct_aid, record_donor
from portal.donors.documents_statement import compose_statement
from portal.donors.models import DirectAid, Donor, DonorKind, DonorMerge
from portal.donors.queries import is_personal, kinds, kinds_now
from portal.donors.rules import COLUMNS, code_of
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.tables import read_table
from portal.ledger.actions import decide_reversal, request_reversal
from portal.ledger.models import DayTotal, Transfer
from portal.receipts.actions_papers import make_donor_paper
from portal.receipts.rules import DONOR_PAPERS, HONOUR
from tests.cast import Cast, make_campaign, make_donation, make_user, sign_in
from tests.reading import errors_at, typed_in

HOME = "/quan-ly/nha-hao-tam/"
PHONE = "0912 345 678"


def donor_of(cast: Cast, name: str = "Nguyễn Văn An", **values: Any) -> Donor:
    """A donor of the commune with a phone and an address."""
    told = {"unit": cast.commune, "kind": "person", "phone": PHONE, "address": "Ấp Phú Lợi", **values}
    return record_donor(name=name, by=None, **told)


def gift_of(cast: Cast, donor: Donor, **values: Any) -> Any:
    """A cash gift of the donor."""
    campaign = make_campaign(unit=cast.commune, starts_on=date(2025, 1, 1), ends_on=None)
    gift = make_donation(campaign=campaign, by=cast.officer, donor_name=donor.name, **values)
    gift.donor_id = donor.id
    db.session.commit()
    return gift


def typed(cast: Cast, **changed: str) -> dict[str, str]:
    """A donor as the form sends one."""
    return {"unit_id": str(cast.commune.id), "name": "Trần Thị Bình", "kind": "person"} | changed


def count(model: Any = Donor) -> int:
    """How many rows."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def text_of(pdf: bytes) -> str:
    """The words of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_donor_is_recorded_and_shown(cast: Cast, client: FlaskClient) -> None:
    answer = sign_in(client, cast.officer).post(
        f"{HOME}moi", data=typed(cast, phone="+84 987 111 222", tax_code="0101234567001", members="12",
                                 introduced_by_id=str(cast.other_commune.id), note="hai\ndòng"),
    )  # fmt: skip
    assert answer.status_code == 303
    donor = db.session.scalars(select(Donor)).one()
    assert (donor.phone_digits, donor.tax_code, donor.members) == ("0987111222", "0101234567-001", 12)
    assert donor.introduced_by_id == cast.other_commune.id and donor.note == "hai\ndòng"
    page = client.get(answer.location).text
    assert "Trần Thị Bình" in page and "+84 987 111 222" in page and "Xã An Lạc" in page
    assert "Phạm Văn Ghi ghi người này vào sổ" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "!!!"), ("kind", ""), ("kind", "khong-co"), ("phone", "12"), ("tax_code", "123"),
     ("tax_code", "001201012345"), ("email", "khong phai"), ("members", "0"), ("members", "mười"), ("unit_id", "0")],
)  # fmt: skip
def test_what_cannot_be_comes_back_with_what_was_typed(
    cast: Cast, client: FlaskClient, field: str, value: str
) -> None:
    told = typed(
        cast, address="Ấp “Lợi” <1>", note="hai\ndòng", representative="Lê Văn Đại", **{field: value}
    )
    told = told | {field: value}
    answer = sign_in(client, cast.officer).post(f"{HOME}moi", data=told)
    assert answer.status_code == 422 and set(errors_at(answer.text)) == {field}
    shown = typed_in(answer.text)
    same = {
        name: text
        for name, text in told.items()
        if (name, text) not in (("kind", "khong-co"), ("unit_id", "0"))
    }
    assert {name: shown.get(name) for name in same} == same
    assert count() == 0


def test_a_twin_is_shown_once_and_never_blocks(cast: Cast, client: FlaskClient) -> None:
    """Without JavaScript: the note after sending has a button for the one in the books and one for somebody new."""
    known = donor_of(cast)
    sign_in(client, cast.officer)
    told = typed(cast, name="AN NGUYEN VAN", phone="+84912345678", address="Ấp 9")
    warned = client.post(f"{HOME}moi", data=told)
    assert warned.status_code == 422 and "Trong sổ có thể đã có người này" in warned.text
    assert f'name="donor_id" value="{known.id}"' in warned.text and PHONE not in warned.text
    assert typed_in(warned.text)["address"] == "Ấp 9" and count() == 1
    taken = client.post(f"{HOME}moi", data={**told, "donor_id": ["", str(known.id)]})
    assert taken.location.endswith(f"{HOME}{known.id}") and count() == 1
    new = client.post(f"{HOME}moi", data={**told, "is_new": ["", "1"]})
    assert new.status_code == 303 and count() == 2


def test_a_double_click_records_one(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.officer)
    told = typed(cast, form_key="mot-khoa")
    first, second = (client.post(f"{HOME}moi", data=told) for _ in range(2))
    assert first.location == second.location and count() == 1


def test_a_donor_is_changed_and_the_history_says_so(cast: Cast, client: FlaskClient) -> None:
    donor = donor_of(cast)
    sign_in(client, cast.officer)
    form = client.get(f"{HOME}{donor.id}/sua").text
    assert typed_in(form)["phone"] == PHONE
    told = typed(cast, name="Nguyễn Văn Anh", phone="0987111222", address="Ấp Phú Lợi")
    assert client.post(f"{HOME}{donor.id}/sua", data=told).status_code == 303
    page = client.get(f"{HOME}{donor.id}").text
    assert "Tên: Nguyễn Văn An → Nguyễn Văn Anh" in page and f"Điện thoại: {PHONE} → 0987111222" in page
    wrong = client.post(f"{HOME}{donor.id}/sua", data=typed(cast, phone="1"))
    assert wrong.status_code == 422 and set(errors_at(wrong.text)) == {"phone"}


def test_the_page_adds_up_what_stands_and_marks_what_was_reversed(cast: Cast, client: FlaskClient) -> None:
    donor, twin = donor_of(cast), donor_of(cast, "Nguyen Van An")
    gift_of(cast, donor, amount=500_000)
    gift_of(cast, twin, amount=300_000, day=date(2026, 11, 3))
    wrong = gift_of(cast, donor, amount=70_000)
    request = request_reversal(wrong.posting, reason="ghi nhầm", by=cast.officer)
    decide_reversal(request, approve=True, answer="", by=cast.chair)
    record_direct_aid(
        donor, unit=cast.commune, given_on=date(2026, 11, 4), receiver="20 hộ ấp 1", content="20 suất quà",
        value=9_000_000, by=cast.officer,
    )  # fmt: skip
    merge(donor, twin, cast.officer)
    page = sign_in(client, cast.officer).get(f"{HOME}{donor.id}").text
    assert "2 khoản còn hiệu lực" in page and "800.000" in page and "Đã đảo" in page
    assert "9.000.000" in page and "9.800.000" not in page and "870.000" not in page
    assert client.get(f"{HOME}{twin.id}").location.endswith(f"{HOME}{donor.id}")


def test_letters_and_honours_stand_on_the_page(cast: Cast, client: FlaskClient) -> None:
    donor = donor_of(cast)
    gift = gift_of(cast, donor, amount=500_000)
    page = sign_in(client, cast.officer).get(f"{HOME}{donor.id}").text
    assert "Khen thưởng, ghi nhận" in page and "Chưa có khen thưởng" in page
    values = {"made_on": date(2026, 11, 5), "addressee": donor.name, "number": "12/GN-BVĐ"}
    made = make_donor_paper(gift, HONOUR, values, by=cast.officer)
    db.session.commit()
    page = client.get(f"{HOME}{donor.id}").text
    assert "12/GN-BVĐ" in page and f"giay-to/{made.id}" in page and DONOR_PAPERS[HONOUR] in page


def test_direct_aid_never_enters_the_books(cast: Cast, client: FlaskClient) -> None:
    donor = donor_of(cast)
    sign_in(client, cast.officer)
    books = count(Transfer), count(DayTotal)
    told = {
        "unit_id": str(cast.commune.id), "given_on": "02/11/2026", "receiver": "Hộ bà Bảy", "aid_content": "Một con bò",
        "value": "18tr", "aid_note": "tự trao",
    }  # fmt: skip
    assert client.post(f"{HOME}{donor.id}/trao-truc-tiep", data=told).status_code == 303
    assert (count(Transfer), count(DayTotal)) == books
    aid = db.session.scalars(select(DirectAid)).one()
    assert aid.value == 18_000_000 and "Một con bò" in client.get(f"{HOME}{donor.id}").text
    for field, value in (("receiver", ""), ("aid_content", ""), ("given_on", "31/02/2026"), ("value", "abc")):
        wrong = client.post(f"{HOME}{donor.id}/trao-truc-tiep", data={**told, field: value})
        assert wrong.status_code == 422 and set(errors_at(wrong.text)) == {field}
    tomorrow = format_day(date(today_in_vietnam().year + 1, 1, 1))
    late = client.post(f"{HOME}{donor.id}/trao-truc-tiep", data={**told, "given_on": tomorrow})
    assert set(errors_at(late.text)) == {"given_on"}
    assert client.post(f"{HOME}trao-truc-tiep/{aid.id}/bo").status_code == 303
    assert "Một con bò" not in client.get(f"{HOME}{donor.id}").text and count(DirectAid) == 1
    assert client.post(f"{HOME}trao-truc-tiep/{aid.id}/bo").status_code == 404


def test_merging_on_screen_asks_who_stays_and_parts_again(cast: Cast, client: FlaskClient) -> None:
    one, two = donor_of(cast), donor_of(cast, "Nguyen Van An", phone=None, tax_code="0101234567")
    sign_in(client, cast.officer)
    assert f"voi={two.id}" in client.get(f"{HOME}{one.id}").text
    listed = client.post(f"{HOME}{one.id}/gop/tim", data={"text": "0101234567"})
    assert f"voi={two.id}" in listed.text
    taken = client.post(f"{HOME}{one.id}/gop/tim", data={"text": "nguyen", "donor_id": str(two.id)})
    side = client.get(taken.location).text
    assert "0101234567" in side and "checked" not in side
    undecided = client.post(f"{HOME}{one.id}/gop/{two.id}", data={})
    assert (
        undecided.status_code == 422
        and "Chưa chọn người giữ lại" in undecided.text
        and count(DonorMerge) == 0
    )
    foreign = client.post(f"{HOME}{one.id}/gop/{two.id}", data={"kept": "99999"})
    assert foreign.status_code == 422 and count(DonorMerge) == 0
    done = client.post(f"{HOME}{one.id}/gop/{two.id}", data={"kept": str(two.id)})
    assert done.location.endswith(f"{HOME}{two.id}")
    made = db.session.scalars(select(DonorMerge)).one()
    assert f"/gop/{made.id}/tach" in client.get(done.location).text
    parted = client.post(f"{HOME}gop/{made.id}/tach")
    assert parted.location.endswith(f"{HOME}{one.id}") and "tách" in client.get(parted.location).text
    again = client.post(f"{HOME}gop/{made.id}/tach")
    assert "đã được tách rồi" in client.get(again.location).text


def test_the_list_filters_and_adds_up(cast: Cast, client: FlaskClient) -> None:
    an = donor_of(cast, introduced_by=cast.other_commune)
    donor_of(cast, "Công ty Hoa Sen", kind="company", phone=None)
    gift_of(cast, an, amount=500_000, day=date(2026, 11, 2))
    gift_of(cast, an, amount=200_000, day=date(2025, 5, 2))
    sign_in(client, cast.officer)

    def names(query: str) -> tuple[bool, bool]:
        page = client.get(f"{HOME}?{query}").text
        return "Nguyễn Văn An" in page, "Công ty Hoa Sen" in page

    assert names("") == (True, True)
    assert names("loai=company") == (False, True)
    assert names("dien_thoai=co") == (True, False) and names("dien_thoai=khong") == (False, True)
    assert names(f"gioi_thieu={cast.other_commune.id}") == (True, False)
    assert names("q=0912345678") == names("q=an+nguyen") == names(f"q={code_of(an.id)}") == (True, False)
    assert names("tu=01/11/2026") == (True, False)
    assert names("tu=01/06/2025&den=01/10/2026") == (False, False)
    assert "700.000" in client.get(HOME).text
    assert "700.000" not in client.get(f"{HOME}?tu=01/11/2026").text
    assert client.get(f"{HOME}?tu=31/02/2026").status_code == 422
    assert PHONE not in client.get(HOME).text


def test_the_export_is_a_file_of_the_import(cast: Cast, client: FlaskClient, tmp_path: Any) -> None:
    donor = donor_of(cast, phone="+84 912 345 678", members=3, introduced_by=cast.other_commune)
    answer = sign_in(client, cast.officer).get(f"{HOME}?xuat=xlsx")
    table = read_table(answer.data, filename="nha-hao-tam.xlsx")
    rows = [list(cells) for _, cells in table.sheets[0].rows()]
    assert tuple(rows[0]) == COLUMNS
    line = dict(zip(COLUMNS, rows[1], strict=True))
    assert line["Mã"] == code_of(donor.id) and line["Điện thoại"] == "+84 912 345 678"
    assert (line["Loại"], line["Mã đơn vị"], line["Đơn vị giới thiệu"]) == ("Cá nhân", "TPH", "AL")
    assert int(line["Số thành viên"]) == 3


def test_the_yearly_statement_has_all_and_adds_only_the_books(cast: Cast, client: FlaskClient) -> None:
    donor = donor_of(cast)
    gift_of(cast, donor, amount=500_000)
    gift_of(cast, donor, amount=1_500_000, form="goods", goods="gạo", quantity="100", measure="kg")
    gift_of(cast, donor, amount=40_000, day=date(2025, 11, 2))
    record_direct_aid(
        donor, unit=cast.commune, given_on=date(2026, 11, 4), receiver="Hộ bà Bảy", content="Một con bò",
        value=18_000_000, by=cast.officer,
    )  # fmt: skip
    db.session.commit()
    content = compose_statement(donor, 2026, cast.officer)
    assert (content["total"], content["goods_total"], content["aid_total"]) == (
        500_000,
        1_500_000,
        18_000_000,
    )
    assert content["words"] == "Năm trăm nghìn đồng"
    sign_in(client, cast.officer)
    answer = client.get(f"{HOME}{donor.id}/ban-ke/2026.pdf")
    assert answer.mimetype == "application/pdf" and "Nguyễn" not in answer.headers["Content-Disposition"]
    words = text_of(answer.data)
    assert "BẢN KÊ ỦNG HỘ NĂM 2026" in words and "PT-0001/2026" in words and "100 kg gạo" in words
    assert (
        "ngoài sổ quỹ" in words
        and "18.000.000" in words
        and "20.000.000" not in words
        and "40.000" not in words
    )
    assert client.get(f"{HOME}{donor.id}/ban-ke/2024").status_code == 404
    assert "Bản kê năm 2026" in client.get(f"{HOME}{donor.id}").text


def test_the_printed_list_has_no_phones(cast: Cast, client: FlaskClient) -> None:
    donor_of(cast)
    words = text_of(sign_in(client, cast.officer).get(f"{HOME}danh-sach.pdf?loai=person").data)
    assert "DANH SÁCH NHÀ HẢO TÂM" in words and "Nguyễn Văn An" in words and "Loại: Cá nhân" in words
    assert "0912" not in words
    assert client.get(f"{HOME}danh-sach.pdf?loai=company").location.endswith(HOME)


ADDRESSES = ("", "/sua", "/gop", "/trao-truc-tiep", "/ban-ke/2026", "/ban-ke/2026.pdf")


@pytest.mark.parametrize("person", ["outsider", "auditor", "chair", "administrator"])
def test_who_sees_and_changes_whose_donors(cast: Cast, client: FlaskClient, person: str) -> None:
    donor, other = donor_of(cast), donor_of(cast, "Lê Bình")
    gift_of(cast, donor)
    aid = record_direct_aid(
        donor, unit=cast.commune, given_on=date(2026, 11, 4), receiver="Hộ", content="Quà", by=cast.officer
    )
    made = merge(donor, other, cast.officer)
    aid_id, made_id = aid.id, made.id
    sign_in(client, getattr(cast, person))
    inside = person != "outsider"
    seen = [client.get(f"{HOME}{donor.id}{address}").status_code for address in ADDRESSES]
    assert seen == ([200, 403, 403, 403, 200, 200] if inside else [404] * 6)
    changes = (
        f"{donor.id}/sua",
        f"gop/{made_id}/tach",
        f"trao-truc-tiep/{aid_id}/bo",
        f"{donor.id}/gop/{other.id}",
    )
    answers = {client.post(f"{HOME}{address}", data={}).status_code for address in changes}
    assert answers == ({403} if inside else {404})
    assert ("Nguyễn Văn An" in client.get(HOME).text) is inside
    book = zipfile.ZipFile(io.BytesIO(client.get(f"{HOME}?xuat=xlsx").data))
    assert (
        "Nguyễn Văn An" in b"".join(book.read(name) for name in book.namelist()).decode(errors="replace")
    ) is inside
    assert (client.get(f"{HOME}danh-sach.pdf").mimetype == "application/pdf") is inside
    assert ("Nguyễn" in client.post(f"{HOME}goi-y", data={"text": "nguyen"}).text) is inside


def test_gifts_of_other_units_stay_out_of_page_and_statement(cast: Cast, client: FlaskClient) -> None:
    """A donor merged over two units: each sees its own gifts only, the province sees all."""
    both = make_user(name="Ngô Thị Tỉnh", role="accountant", unit=cast.province)
    donor, far = donor_of(cast), donor_of(cast, "Nguyen Van An", unit=cast.other_commune)
    gift_of(cast, donor, amount=500_000)
    campaign = make_campaign(unit=cast.other_commune, starts_on=date(2026, 1, 1), ends_on=None)
    gift = make_donation(campaign=campaign, by=both, amount=310_000, donor_name="Nguyen Van An")
    gift.donor_id = far.id
    merge(donor, far, both)
    db.session.commit()
    assert compose_statement(donor, 2026, cast.officer)["total"] == 500_000
    assert compose_statement(donor, 2026, both)["total"] == 810_000
    assert "310.000" not in sign_in(client, cast.officer).get(f"{HOME}{donor.id}").text
    assert "810.000" in sign_in(client, both).get(f"{HOME}{donor.id}").text
    fragment = client.post(f"{HOME}goi-y", data={"text": "nguyen van an"}).text
    assert fragment.count('role="option"') == 1


def test_kinds_are_data(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.administrator)
    assert client.post(f"{HOME}loai", data={"name": "Hội đồng hương"}).status_code == 303
    twice = client.post(f"{HOME}loai", data={"name": "hoi dong huong"})
    assert twice.status_code == 422 and set(errors_at(twice.text)) == {"name"}
    assert client.post(f"{HOME}loai/hoi_dong_huong/ten-nguoi").status_code == 303
    db.session.remove()
    assert is_personal("hoi_dong_huong") and not is_personal("company") and is_personal("khong-co")
    wrong = client.post(f"{HOME}loai/group/ngung", data={"valid_to": "31/02/2026"})
    assert wrong.status_code == 422 and "31/02/2026" in wrong.text
    assert client.post(f"{HOME}loai/group/ngung", data={"valid_to": "01/11/2026"}).status_code == 303
    db.session.remove()
    assert "group" not in dict(kinds_now()) and "group" in kinds()
    with pytest.raises(Refused) as refused:
        donor_of(cast, kind="group")
    assert refused.value.field == "kind"
    assert client.post(f"{HOME}loai/group/dung-lai").status_code == 303
    assert client.post(f"{HOME}loai/khong_co/dung-lai").status_code == 404


def test_kinds_are_kept_by_the_administrator_of_the_whole(cast: Cast, client: FlaskClient) -> None:
    one_unit = make_user(name="Lý Quản Xã", role="administrator", unit=cast.commune)
    sign_in(client, one_unit)
    assert "Thêm loại" not in client.get(f"{HOME}loai").text
    assert client.post(f"{HOME}loai", data={"name": "Hội đồng hương"}).status_code == 403
    assert sign_in(client, cast.officer).get(f"{HOME}loai").status_code == 403


def test_the_last_kind_stays(cast: Cast) -> None:
    add_kind("Bạn đọc", personal=True)
    for row in db.session.scalars(select(DonorKind).where(DonorKind.key != "ban_doc")):
        end_kind(row, date(2026, 1, 1))
    last = db.session.get_one(DonorKind, "ban_doc")
    with pytest.raises(Refused):
        end_kind(last, date(2026, 1, 1))


def test_a_page_asks_as_much_for_many_gifts_as_for_few(cast: Cast, client: FlaskClient) -> None:
    donor = donor_of(cast)
    gift_of(cast, donor)
    sign_in(client, cast.officer)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client.get(f"{HOME}{donor.id}")
    few = len(statements)
    for _ in range(5):
        gift_of(cast, donor)
    statements.clear()
    client.get(f"{HOME}{donor.id}")
    assert 0 < len(statements) <= few
