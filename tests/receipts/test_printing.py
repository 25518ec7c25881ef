"""The printed receipt: seven contents, kinds of money and goods, two on a sheet, copies, the mark of a reversed one."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import event

from portal.donations.gifts import Part
from portal.donations.models import Reclassification
from portal.kit.days import EARLIEST
from portal.kit.db import db
from portal.kit.pdf import html_to_pdf
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.receipts import actions, documents, queries
from portal.receipts.rules import GOODS_RECEIPT, RECEIPT
from portal.units.models import PaperForm, UnitText
from tests.browser.papers import text_of_pdf
from tests.cast import make_campaign, sign_in
from tests.receipts.builders import COMPANY, DAY, PREFIX, TEXTS, USD, bank, cash, give, papers_of, rice

URL = "/quan-ly/bien-lai/"


@pytest.fixture
def campaign(db_session, cast):
    """An open campaign of a commune that has set its texts."""
    for key, value in TEXTS.items():
        db_session.add(UnitText(unit_id=cast.commune.id, key=key, value=value))
    return make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1), ends_on=None)


def printed(*gifts, paper: str = RECEIPT, **asked: Any) -> str:
    """The text of their papers on one sheet, as a reader copies it."""
    wanted = [documents.Asked(gift.id, paper, **asked) for gift in gifts]
    made = documents.receipts_of(wanted, gift_prefix=PREFIX)
    html = documents.render_sheets([documents.Sheet("", made)], per_sheet=2, sample=False)
    return text_of_pdf(html_to_pdf(html))


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_seven_contents(db_session, cast, campaign) -> None:
    gift = give(campaign, cash(2_054_000_000), by=cast.officer, address="ấp Bàu Sen", day=date(2026, 2, 5))
    assert printed(gift) == (
        "ỦY BAN MTTQ VIỆT NAM XÃ TÂN PHÚ HÒA Mẫu số C30-HD BAN VẬN ĐỘNG QUỸ “VÌ NGƯỜI NGHÈO” Số: PT-0001/2026 "
        "Ấp Phú Lợi, xã Tân Phú Hòa Quyển số: Liên 2: Giao người nộp PHIẾU THU Ngày 05 tháng 02 năm 2026 "
        "Họ và tên người nộp tiền: Đỗ Thị Kim Ngân Địa chỉ: ấp Bàu Sen "
        "Lý do nộp: Ủng hộ đợt Tháng cao điểm Vì người nghèo Số tiền: 2.054.000.000 đồng "
        "Viết bằng chữ: Hai tỷ không trăm năm mươi bốn triệu đồng Kèm theo: "
        "THỦ TRƯỞNG KẾ TOÁN NGƯỜI LẬP NGƯỜI NỘP THỦ QUỸ (Ký, họ tên, đóng dấu) (Ký, họ tên) (Ký, họ tên) "
        "(Ký, họ tên) (Ký, họ tên) Nguyễn Thanh Bình Trần Thị Mỹ Duyên Phạm Văn Ghi Lê Văn Hậu "
        "Đã nhận đủ số tiền (viết bằng chữ): Kiểm tra khoản này tại quy.example/khoan-ung-ho/20260205-1"
    )


def test_several_kinds_stand_on_one_receipt(db_session, cast, campaign) -> None:
    bond = Part("papers", 50_000_000, goods="Sổ tiết kiệm AB 12")
    text = printed(give(campaign, cash(5_000_000), bank(10_000_000), bond, rice(campaign), **COMPANY))
    for content in (
        "Tiền mặt 5.000.000",
        "Chuyển khoản 10.000.000",
        "Giấy tờ có giá Sổ tiết kiệm AB 12 50.000.000",
        "Hiện vật Gạo tẻ 200 kg 3.600.000",
        "Số tiền: 65.000.000 đồng (Sáu mươi lăm triệu đồng)",
        "Hiện vật quy đổi: 3.600.000 đồng (Ba triệu sáu trăm nghìn đồng)",
    ):
        assert content in text
    assert "68.600.000" not in text, "goods stand in their own column, never among money"


def test_foreign_money_keeps_its_cents_and_rate(db_session, cast, campaign) -> None:
    text = printed(give(campaign, Part("cash", 31_775_205, foreign=USD)))
    assert "1.250,50 USD, tỷ giá 25.410 đ (Vietcombank, mua tiền mặt," in text and "19/10/2026)" in text
    assert "Số tiền: 31.775.205 đồng" in text


@pytest.mark.parametrize(
    ("giver", "payer"),
    [
        ({"people": 40}, "Đỗ Thị Kim Ngân và 39 người theo danh sách kèm theo"),
        ({"people": 40, **COMPANY}, "Công ty TNHH Hưng Thịnh (40 người theo danh sách kèm theo)"),
        ({"people": 40, "donor_name": None}, "40 người theo danh sách kèm theo"),
    ],
)
def test_a_group_is_named_with_its_people(db_session, cast, campaign, giver, payer) -> None:
    text = printed(give(campaign, cash(), **giver))
    assert f"người nộp tiền: {payer} " in text and "Kèm theo: 01 danh sách 40 người đóng góp" in text


def test_what_is_not_known_is_a_dotted_line_never_a_zero(db_session, cast, campaign) -> None:
    plain = printed(give(campaign, cash(), donor_name=None))
    assert "Họ và tên người nộp tiền: Địa chỉ: Lý do nộp:" in plain
    old_clothes = give(campaign, Part("goods", 0, goods="Quần áo cũ", quantity="3", measure="bao"))
    goods = printed(old_clothes, paper=GOODS_RECEIPT)
    assert "Quần áo cũ 3 bao" in goods and "Hiện vật quy đổi: NGƯỜI GIAO" in goods
    for text in (plain, goods):
        assert not any(wrong in text for wrong in ("None", " 0 đồng", "Không đồng"))


def test_the_goods_receipt(db_session, cast, campaign) -> None:
    gift = give(campaign, rice(campaign), donor_name="Chùa Phước Long", address="ấp Bàu Sen")
    assert printed(gift, paper=GOODS_RECEIPT) == (
        "ỦY BAN MTTQ VIỆT NAM XÃ TÂN PHÚ HÒA Mẫu số C20-HD BAN VẬN ĐỘNG QUỸ “VÌ NGƯỜI NGHÈO” Số: NK-0001/2026 "
        "Ấp Phú Lợi, xã Tân Phú Hòa Quyển số: PHIẾU NHẬP KHO Ngày 19 tháng 10 năm 2026 "
        "Họ và tên người giao hàng: Chùa Phước Long Địa chỉ: ấp Bàu Sen "
        "Lý do nhập: Ủng hộ đợt Tháng cao điểm Vì người nghèo Nhập tại kho: Kho ấp Phú Lợi "
        "Tên hàng Số lượng Hiện vật quy đổi (đ) Gạo tẻ 200 kg 3.600.000 "
        "Hiện vật quy đổi: 3.600.000 đồng (Ba triệu sáu trăm nghìn đồng) NGƯỜI GIAO THỦ KHO KẾ TOÁN THỦ TRƯỞNG "
        "(Ký, họ tên) (Ký, họ tên) (Ký, họ tên) (Ký, họ tên, đóng dấu) Võ Văn Kho Trần Thị Mỹ Duyên "
        "Nguyễn Thanh Bình Kiểm tra khoản này tại quy.example/khoan-ung-ho/20261019-1"
    )


def test_many_kinds_of_goods_share_a_row_and_the_rest_is_counted(db_session, cast, campaign) -> None:
    goods = [
        Part("goods", 100_000, goods=f"Mặt hàng dài tên thứ {n}", quantity="10", measure="hộp")
        for n in range(9)
    ]
    asked = documents.Asked(give(campaign, cash(), *goods).id, RECEIPT)
    (receipt,) = documents.receipts_of([asked], gift_prefix=PREFIX)
    assert [row.form for row in receipt.rows] == ["Tiền mặt", "Hiện vật"]
    shared = receipt.rows[1]
    assert shared.what.endswith("; và 5 mặt hàng khác theo phiếu nhập kho kèm theo")
    assert "Mặt hàng dài tên thứ 3 10 hộp" in shared.what and shared.goods == "900.000"


def test_the_form_of_the_unit_and_day(db_session, cast, campaign) -> None:
    own = {"key": "receipt", "unit_id": cast.commune.id}
    db_session.add(PaperForm(**own, title="Biên lai thu tiền", caption="Mẫu 01-BL", valid_from=DAY))
    db_session.add(
        PaperForm(**own, title="Phiếu cũ", caption="Cũ", valid_from=EARLIEST, valid_to=date(2026, 1, 31))
    )
    assert "Mẫu 01-BL" in printed(give(campaign, cash()))
    assert "Mẫu số C30-HD" in printed(give(campaign, cash(), day=date(2026, 2, 5)))
    assert "PHIẾU CŨ" in printed(give(campaign, cash(), day=date(2026, 1, 5)))


def test_words_follow_the_unit(db_session, cast, campaign) -> None:
    for key, value in {"zero_word": "linh", "thousand": "ngàn", "four": "bốn"}.items():
        db_session.add(UnitText(unit_id=cast.commune.id, key=key, value=value))
    text = printed(give(campaign, cash(24_101_000)))
    assert "Hai mươi bốn triệu một trăm linh một ngàn đồng" in text


def test_a_reversed_receipt_carries_the_mark_without_a_reason(db_session, cast, campaign) -> None:
    gift = give(campaign, cash())
    reverse(gift.posting, reason="Ghi nhầm tên", by=cast.officer, second=cast.chair)
    made = documents.receipts_of([documents.Asked(gift.id, RECEIPT)], gift_prefix=PREFIX)
    html = documents.render_sheets([documents.Sheet("", made)], per_sheet=1, sample=False)
    (text,) = pages_of(html_to_pdf(html))
    assert "ĐÃ HỦY" in text and "PT-0001/2026" in text and "nhầm" not in text
    assert queries.papers_of(gift)[0].state == "void"


def test_after_a_reclassification_the_paper_shows_the_new_campaign_and_the_day(
    db_session, cast, campaign
) -> None:
    from portal.donations.actions import reclassify

    other = make_campaign(unit=cast.commune, name="Tết vì người nghèo", starts_on=DAY, ends_on=None)
    gift = give(campaign, cash(), by=cast.officer)
    reclassify(gift, other, reason="Ghi nhầm đợt", by=cast.accountant, second=cast.chair)
    moved = db_session.query(Reclassification).one()
    day = db_session.get_one(Posting, moved.posting_number).document_on
    text = printed(gift)
    assert f"Lý do nộp: Ủng hộ đợt Tết vì người nghèo (điều chỉnh ngày {day:%d/%m/%Y})" in text
    assert "PT-0001/2026" in text and gift.code in text


def test_a_stack_is_read_in_as_many_statements_as_one_receipt(db_session, cast, campaign) -> None:
    gifts = [give(campaign, cash(), bank(), address=f"ấp {n}") for n in range(12)]
    every = [gift.id for gift in gifts]
    db_session.commit()
    counted: list[int] = []
    for ids in (every[:1], every):
        db_session.expunge_all()
        seen: list[str] = []

        def hear(connection, cursor, statement, *rest, seen=seen) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", hear)
        documents.receipts_of([documents.Asked(number, RECEIPT) for number in ids], gift_prefix=PREFIX)
        event.remove(db.engine, "before_cursor_execute", hear)
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_single_print_counts_and_the_next_one_is_a_copy(client, db_session, cast, campaign) -> None:
    code = give(campaign, cash()).code
    url = f"{URL}khoan/{code}/phieu-thu"
    sign_in(client, cast.officer)
    page = client.get(url).get_data(as_text=True)
    assert "In phiếu" in page and "BẢN SAO" not in page.split("<article")[1]
    for place in (1, 2, 3):
        answer = client.post(url, follow_redirects=True)
        assert answer.mimetype == "application/pdf"
        (text,) = pages_of(answer.data)
        assert ("BẢN SAO" in text) == (place > 1) and (f"In lần {place}" in text) == (place > 1)
        assert "PT-0001/2026" in text
    media = PdfReader(io.BytesIO(answer.data)).pages[0].mediabox
    assert [round(float(side) / 72 * 25.4) for side in (media.width, media.height)] == [210, 148]
    assert "Đã in 3 lần" in client.get(URL).get_data(as_text=True)


def test_two_on_a_sheet_and_the_sample_says_so(client, db_session, cast, campaign, app: Any) -> None:
    from portal.frame import SAMPLE_MARK

    (app.config["PORTAL"].instance / SAMPLE_MARK).touch()
    keys = [str(give(campaign, cash(n * 1_000)).id) for n in (1, 2, 3)]
    keys.append(str(give(campaign, bank(9_000)).id))
    other = make_campaign(unit=cast.other_commune, starts_on=DAY, ends_on=None)
    keys.append(str(give(other, cash(8_000)).id))
    sign_in(client, cast.officer)
    run = client.post(f"{URL}in-khoan", data={"key": keys})
    assert run.status_code == 303
    pages = pages_of(client.get(f"{run.location}.pdf").data)
    assert [page.count("PHIẾU THU") for page in pages] == [2, 1]
    assert "tờ 1/2" in pages[0] and "tờ 2/2" in pages[1] and "Dữ liệu minh họa" in pages[1]
    assert not any("9.000 đồng" in page or "8.000 đồng" in page for page in pages)


def test_nothing_to_print_is_said(client, db_session, cast, campaign) -> None:
    key = str(give(campaign, bank()).id)
    code = give(campaign, bank()).code
    sign_in(client, cast.officer)
    for data, sentence in (({}, "Chưa chọn khoản nào"), ({"key": key}, "chưa có phiếu nào để in")):
        answer = client.post(f"{URL}in-khoan", data=data, follow_redirects=True)
        assert sentence in answer.get_data(as_text=True)
    assert client.get(f"{URL}khoan/{code}/phieu-thu").status_code == 404
    assert client.get(f"{URL}khoan/{code}/giay-la").status_code == 404


def test_papers_open_only_for_those_who_read_the_unit(client, db_session, cast, campaign) -> None:
    gift = give(campaign, cash())
    run = actions.make_run(papers_of(gift), by=cast.officer)
    code, run_id = gift.code, run.id
    urls = (f"khoan/{code}", f"khoan/{code}/phieu-thu", f"dot-in/{run_id}", f"dot-in/{run_id}.pdf")
    for who, status in (
        (cast.outsider, 404),
        (cast.auditor, 200),
        (cast.officer, 200),
        (cast.administrator, 200),
    ):
        sign_in(client, who)
        assert [client.get(URL + url).status_code for url in urls] == [status] * 4
        assert ("PT-0001" in client.get(URL).get_data(as_text=True)) == (status == 200)
    assert sign_in(client, cast.auditor).post(f"{URL}khoan/{code}/phieu-thu").status_code == 403
    assert sign_in(client, cast.outsider).post(f"{URL}dot-in/{run_id}/xong").status_code == 404
