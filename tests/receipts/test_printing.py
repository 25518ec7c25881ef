"""The printed receipt: seven contents, words, dotted lines, two on a sheet, the mark of a reversed one."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from portal.donations.documents import has_receipt, receipt_of
from portal.ledger.actions import reverse
from portal.units.models import UnitText
from tests.cast import make_campaign, make_donation, sign_in

DAY = date(2024, 2, 5)
PAPER = "/quan-ly/bien-lai/khoan/"
PRINT = "/quan-ly/bien-lai/in"


@pytest.fixture
def campaign(db_session, cast):
    """An open campaign of the commune."""
    return make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=None)


def words_of(pdf: bytes) -> list[str]:
    """The text of each page in one line."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_seven_contents(db_session, cast, campaign) -> None:
    for key, value in {
        "head": "Nguyễn Thanh Bình",
        "treasurer": "Lê Văn Hậu",
        "address": "Ấp Phú Lợi",
    }.items():
        db_session.add(UnitText(unit_id=cast.commune.id, key=key, value=value))
    gift = make_donation(
        campaign=campaign, by=cast.officer, day=DAY, amount=2_054_000_000, address="ấp Bàu Sen"
    )
    paper = receipt_of(gift, gift_url="https://quy.example/khoan-ung-ho/20240205-1")
    assert (paper.number, paper.day) == ("PT-0001/2024", "Ngày 05 tháng 02 năm 2024")
    assert paper.issuer == "ỦY BAN MTTQ VIỆT NAM XÃ TÂN PHÚ HÒA" and paper.address == "Ấp Phú Lợi"
    assert paper.committee == "BAN VẬN ĐỘNG QUỸ “VÌ NGƯỜI NGHÈO”"
    assert (paper.payer, paper.payer_address) == ("Nguyễn Văn An", "ấp Bàu Sen")
    assert paper.reason == "Ủng hộ đợt Tháng cao điểm Vì người nghèo"
    assert paper.amount == "2.054.000.000 đồng"
    assert paper.words == "Hai tỷ không trăm năm mươi bốn triệu đồng"
    assert (paper.head, paper.maker, paper.treasurer) == ("Nguyễn Thanh Bình", "Phạm Văn Ghi", "Lê Văn Hậu")
    assert paper.check_url == "quy.example/khoan-ung-ho/20240205-1"
    assert paper.qr.startswith("data:image/svg+xml") and paper.reversed_on is None


def test_words_follow_the_unit(db_session, cast, campaign) -> None:
    for key, value in {"zero_word": "linh", "thousand": "ngàn", "four": "bốn"}.items():
        db_session.add(UnitText(unit_id=cast.commune.id, key=key, value=value))
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=24_101_000)
    assert receipt_of(gift, gift_url="x").words == "Hai mươi bốn triệu một trăm linh một ngàn đồng"


def test_the_paper_is_half_a_sheet_and_says_no_none(client, db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=500_000, donor_name=None)
    code = gift.code
    sign_in(client, cast.auditor)
    answer = client.get(f"{PAPER}{code}/phieu-thu.pdf")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.data)).pages
    assert len(pages) == 1
    width, height = (
        round(float(side) / 72 * 25.4) for side in (pages[0].mediabox.width, pages[0].mediabox.height)
    )
    assert (width, height) == (210, 148)
    (text,) = words_of(answer.data)
    for content in ("PHIẾU THU", "Năm trăm nghìn đồng", "500.000 đồng", "THỦ QUỸ", f"/khoan-ung-ho/{code}"):
        assert content.lower() in text.lower()
    assert "None" not in text and "ĐÃ ĐẢO" not in text


def test_a_reversed_receipt_carries_the_mark(client, db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY)
    reverse(gift.posting, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    code = gift.code
    sign_in(client, cast.officer)
    (text,) = words_of(client.get(f"{PAPER}{code}/phieu-thu.pdf").data)
    assert "ĐÃ ĐẢO" in text and "không còn giá trị" in text
    assert "ĐÃ ĐẢO" in client.get(f"{PAPER}{code}/phieu-thu").get_data(as_text=True)


def test_two_receipts_on_a_sheet(client, db_session, cast, campaign) -> None:
    gifts = [make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=n * 1_000) for n in (1, 2, 3)]
    goods = make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=5_000, form="goods")
    foreign = make_donation(
        campaign=make_campaign(unit=cast.other_commune, starts_on=DAY, ends_on=None), day=DAY, amount=9_000
    )
    assert not has_receipt(goods)
    keys = [str(gift.id) for gift in (*gifts, goods, foreign)]
    sign_in(client, cast.officer)
    answer = client.post(PRINT, data={"key": keys})
    assert answer.status_code == 303
    printed = client.get(answer.location)
    pages = words_of(printed.data)
    assert len(pages) == 2 and pages[0].count("PHIẾU THU") == 2 and pages[1].count("PHIẾU THU") == 1
    assert not any("9.000 đồng" in page or "5.000 đồng" in page for page in pages)


def test_nothing_ticked_or_nothing_to_print_is_said(client, db_session, cast, campaign) -> None:
    goods = make_donation(campaign=campaign, by=cast.officer, day=DAY, form="goods")
    key = str(goods.id)
    sign_in(client, cast.officer)
    for data, sentence in (({}, "Chưa chọn khoản nào"), ({"key": key}, "không có phiếu thu để in")):
        answer = client.post(PRINT, data=data, follow_redirects=True)
        assert sentence in answer.get_data(as_text=True)


def test_a_gift_without_receipt_prints_none(client, db_session, cast, campaign) -> None:
    goods = make_donation(campaign=campaign, by=cast.officer, day=DAY, form="goods")
    code = goods.code
    sign_in(client, cast.officer)
    assert client.get(f"{PAPER}{code}/phieu-thu").status_code == 404


def test_sample_data_says_so_on_paper(client, db_session, cast, campaign, app: Any) -> None:
    from portal.frame import SAMPLE_MARK

    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY)
    code = gift.code
    (app.config["PORTAL"].instance / SAMPLE_MARK).touch()
    sign_in(client, cast.officer)
    (text,) = words_of(client.get(f"{PAPER}{code}/phieu-thu.pdf").data)
    assert "Dữ liệu minh họa" in text
