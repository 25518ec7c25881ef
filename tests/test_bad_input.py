"""What people get wrong on screen: a Vietnamese sentence at its field or cell, 4xx, nothing written, input kept."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from sqlalchemy import func, select

from portal.donations.models import Donation
from portal.jobs import worker
from portal.kit.db import db
from tests.cast import PASSWORD, make_account, make_campaign, make_user, sign_in
from tests.reading import errors_at, typed_in, unpleasant
from tests.statements.samples import ACCOUNT, write_vcb_csv, write_vcb_xlsx

NEW_GIFT, NEW_CAMPAIGN = "/quan-ly/khoan-ung-ho/moi", "/quan-ly/dot-van-dong/moi"
UPLOAD, TABLES = "/quan-ly/sao-ke/nap", "/quan-ly/nhap-bang/"
WRONG_AMOUNTS = ["0", "-5000", "−5.000", "10000000000000000", "abc", "1.234,5", "1e9", "५००", ""]
WRONG_DAYS = ["31/02/2026", "29/02/2026", "00/11/2026", "hôm qua", "1/1/26"]
REGULAR = "0"  # the choice "not for a campaign"
WORD_SPACES = ["1\u00a0500\u00a0000", "1\u202f500\u202f000", "1.500.000\u00a0đ"]


def contents(but: tuple[str, ...] = ()) -> dict[str, int]:
    """How many rows every table has."""
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name not in but]
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.fixture
def campaigns(cast, db_session):
    """D1 is under way in November 2026, CU has ended."""
    make_campaign(unit=cast.commune, code="D1", starts_on=date(2026, 8, 1), ends_on=date(2026, 12, 31))
    make_campaign(unit=cast.commune, code="CU", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31))
    make_account(unit=cast.commune, code="TK1", number=ACCOUNT)
    db_session.commit()


@pytest.fixture
def desk(client, accountant, campaigns):
    """The accountant's browser."""
    return sign_in(client, accountant)


def gift(cast, **changed: str) -> dict[str, str]:
    typed = {"unit_id": str(cast.commune.id), "donor_name": "Nguyễn Thị Gõ", "address": "ấp 1, “Lợi”"}
    typed |= {"amount": "500.000", "day": "02/11/2026", "campaign_id": campaign_id("D1"), "note": "hai\ndòng"}
    return typed | changed


def campaign_id(code: str) -> str:
    from portal.campaigns.models import Campaign

    return str(db.session.scalar(select(Campaign.id).where(Campaign.code == code)))


def campaign(cast, **changed: str) -> dict[str, str]:
    fund = db.session.scalar(select(db.metadata.tables["fund"].c.id).limit(1))
    typed = {"name": "Đợt <mới>", "code": "MOI-1", "unit_id": str(cast.commune.id), "fund_id": str(fund)}
    return typed | {"starts_on": "01/11/2026", "ends_on": "30/11/2026", "target": "1tr", **changed}


def refused(desk, address: str, typed: dict[str, str], field: str, but: tuple[str, ...] = ()) -> str:
    """Send; the sentence at `field`, after seeing that nothing was written and that everything typed is there."""
    before = contents(but)
    answer = desk.post(address, data=typed)
    assert 400 <= answer.status_code < 500
    found = errors_at(answer.text)
    assert set(found) == {field}, found
    assert not unpleasant(found[field])
    shown = typed_in(answer.text)
    # browsers send lines of a text area with CRLF; unprintable spaces may come back as plain ones
    assert {name: shown.get(name) for name in typed} == typed
    assert contents(but) == before
    return found[field]


@pytest.mark.parametrize("amount", WRONG_AMOUNTS)
def test_a_wrong_amount_of_a_gift(desk, cast, amount) -> None:
    refused(desk, NEW_GIFT, gift(cast, amount=amount), "amount")


@pytest.mark.parametrize("amount", [text for text in WRONG_AMOUNTS if text])
def test_a_wrong_target_of_a_campaign(desk, cast, amount) -> None:
    refused(desk, NEW_CAMPAIGN, campaign(cast, target=amount), "target")


@pytest.mark.parametrize("day", [*WRONG_DAYS, ""])
def test_a_wrong_day_of_a_gift(desk, cast, day) -> None:
    refused(desk, NEW_GIFT, gift(cast, day=day), "day")


@pytest.mark.parametrize("field", ["starts_on", "ends_on"])
@pytest.mark.parametrize("day", WRONG_DAYS)
def test_a_wrong_day_of_a_campaign(desk, cast, field, day) -> None:
    refused(desk, NEW_CAMPAIGN, campaign(cast, **{field: day}), field)


def test_a_day_to_come(desk, cast) -> None:
    refused(desk, NEW_GIFT, gift(cast, day="01/01/2099", campaign_id=REGULAR), "day")


def test_a_campaign_that_has_ended(desk, cast) -> None:
    sentence = refused(desk, NEW_GIFT, gift(cast, campaign_id=campaign_id("CU")), "campaign_id")
    assert "31/01/2026" in sentence


def test_a_campaign_that_ends_before_it_begins(desk, cast) -> None:
    refused(desk, NEW_CAMPAIGN, campaign(cast, ends_on="01/10/2026"), "ends_on")


@pytest.mark.parametrize("code", ["Đợt 1", "a b", "../..", "-", "CU"])
def test_a_code_that_cannot_be_one_or_is_taken(desk, cast, code) -> None:
    refused(desk, NEW_CAMPAIGN, campaign(cast, code=code), "code")


@pytest.mark.parametrize("amount", WORD_SPACES)
def test_spaces_of_word_inside_a_number_are_accepted(desk, cast, amount) -> None:
    answer = desk.post(NEW_GIFT, data=gift(cast, amount=amount))
    assert answer.status_code == 303
    assert db.session.scalars(select(Donation.amount)).all() == [1_500_000]


def test_a_wrong_password_says_the_same_as_an_unknown_address(client, cast) -> None:
    make_user(email="ghi@vidu.vn", password=PASSWORD)
    before = contents(("audit_entry",))
    told = []
    for email in ("ghi@vidu.vn", "khong-co@vidu.vn"):
        answer = client.post("/dang-nhap", data={"email": email, "password": "sai mat khau"})
        assert answer.status_code == 422 and typed_in(answer.text)["email"] == email
        assert "sai mat khau" not in answer.text
        told.append(sorted(errors_at(answer.text).items()))
    assert told[0] == told[1] and not unpleasant(told[0][0][1])
    assert contents(("audit_entry",)) == before


def test_guessing_a_password_is_stopped(client, cast) -> None:
    make_user(email="doan@vidu.vn", password=PASSWORD)
    typed = {"email": "doan@vidu.vn", "password": "sai mat khau"}
    answers = [client.post("/dang-nhap", data=typed) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "Chờ 15 phút" in answers[-1].text
    right = client.post("/dang-nhap", data={**typed, "password": PASSWORD})
    assert right.status_code == 429, "the right password must not show itself during a blockade"


def test_an_ended_session_keeps_what_was_typed(client, cast, campaigns) -> None:
    typed, before = gift(cast), contents()
    answer = client.post(NEW_GIFT, data=typed)
    assert answer.status_code == 401 and "Chưa ghi gì vào sổ" in answer.text
    kept = typed_in(answer.text)
    assert {name: kept.get(f"giu:{name}") for name in typed} == typed
    assert contents() == before


@pytest.mark.parametrize(
    "query", ["tu=31/02/2026", "den=abc", "tu_tien=abc", "tu_tien=1.234,5", "den_tien=-1"]
)
def test_a_search_that_cannot_be_read(client, campaigns, query) -> None:
    answer = client.get(f"/tra-cuu?{query}")
    name, _, text = query.partition("=")
    assert answer.status_code == 422 and typed_in(answer.text)[name] == text
    found = errors_at(answer.text)
    assert set(found) == {f"loc-{name}", ""} and not any(unpleasant(sentence) for sentence in found.values())


def workbook(workbook_xml: bytes = b"<workbook/>", filling: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", workbook_xml)
        if filling:
            archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * filling)
    return made.getvalue()


DOCTYPE = workbook(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>')
HOSTILE = {
    "a picture": ("bang.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "không phải là bảng tính"),
    "a paper": ("bang.csv", b"%PDF-1.7 ...", "không phải là"),
    "half an archive": ("bang.xlsx", workbook()[:40], "bị hỏng"),
    "with a doctype": ("bang.xlsx", DOCTYPE, "DOCTYPE"),
    "a bomb": ("bang.xlsx", workbook(filling=100 << 20), "giải nén"),
    "a web page": ("bang.xls", b"<html><table><tr><td>1</td></tr></table></html>", "trang web"),
    "blank": ("bang.csv", b"\xef\xbb\xbf \r\n", "trống"),
    "other columns": ("bang.csv", "Cột lạ,Cột khác\n1,2\n".encode(), ""),
}
AT_THE_FIELD = {
    "nothing": ("bang.csv", b"", "không có nội dung"),
    "another kind": ("bang.docx", b"PK\x03\x04", "không đúng loại"),
    "not chosen": ("", b"", "Chưa chọn"),
}


def send(desk, address: str, name: str, content: bytes):
    data = {"account": "TK1", "campaign": "D1", "file": (io.BytesIO(content), name)}
    return desk.post(address, data=data, content_type="multipart/form-data")


def check_statement(desk, name: str, content: bytes):
    """Send a statement and let the worker look at it; the page that says what it found."""
    sent = send(desk, UPLOAD, name, content)
    assert sent.status_code == 303
    with desk.application.app_context():
        while worker.work_once():
            pass
    return desk.get(sent.location)


@pytest.mark.parametrize("what", AT_THE_FIELD)
@pytest.mark.parametrize("address", [UPLOAD, f"{TABLES}khoan-ung-ho"])
def test_what_is_no_table_at_all(desk, address, what) -> None:
    name, content, words = AT_THE_FIELD[what]
    before = contents()
    answer = send(desk, address, name, content)
    found = errors_at(answer.text)
    assert answer.status_code == 422 and set(found) == {"file"} and words in found["file"]
    assert not unpleasant(found["file"]) and contents() == before


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("slug", ["khoan-ung-ho", "dot-van-dong"])
def test_a_hostile_table(desk, slug, what) -> None:
    name, content, words = HOSTILE[what]
    before = contents()
    answer = send(desk, TABLES + slug, name, content)
    found = errors_at(answer.text)
    assert answer.status_code == 422 and set(found) == {"file"} and words in found["file"]
    assert not unpleasant(found["file"]) and contents() == before


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_statement(desk, what) -> None:
    """It is looked at beside the pages; only the note of that piece of work stays."""
    name, content, words = HOSTILE[what]
    before = contents(("job",))
    answer = check_statement(desk, name, content)
    assert answer.status_code == 422 and words in answer.text and "Chọn tệp khác" in answer.text
    assert contents(("job",)) == before


@pytest.mark.parametrize("write", [write_vcb_csv, write_vcb_xlsx])
def test_a_statement_that_does_not_tie_says_where(desk, tmp_path, write) -> None:
    path = tmp_path / f"saoke.{'csv' if write is write_vcb_csv else 'xlsx'}"
    write(path, rows=40, break_at=20, balance="row")
    before = contents(("job",))
    answer = check_statement(desk, path.name, path.read_bytes())
    assert answer.status_code == 422 and "chênh lệch" in answer.text and "Chưa có gì được ghi" in answer.text
    assert contents(("job",)) == before
    posted = desk.post(answer.request.path, data={"reason": ""})
    assert posted.status_code == 422 and contents(("job",)) == before
