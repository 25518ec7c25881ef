"""Papers for donors: the text of each, kept as it was made; the closed list of purposes; who may open them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.donations.gifts import Part
from portal.kit.errors import Refused
from portal.kit.pdf import html_to_pdf
from portal.ledger.actions import reverse
from portal.receipts import actions_papers as actions
from portal.receipts import documents_papers as documents
from portal.receipts import queries
from portal.receipts.models import DonorPaper, SponsorPurpose
from portal.receipts.rules import HONOUR, MINUTES, THANKS
from portal.units.models import UnitText
from tests.browser.papers import text_of_pdf
from tests.cast import make_campaign, sign_in
from tests.receipts.builders import COMPANY, TEXTS, bank, cash, give, rice

URL = "/quan-ly/bien-lai/"
DAY = date(2026, 11, 3)


@pytest.fixture
def campaign(db_session, cast):
    """An open campaign of a commune that has set its texts."""
    for key, value in TEXTS.items():
        db_session.add(UnitText(unit_id=cast.commune.id, key=key, value=value))
    return make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1), ends_on=None)


def paper_of(cast, gift, what: str, **values) -> DonorPaper:
    return actions.make_donor_paper(
        gift, what, {"made_on": DAY, "addressee": gift.donor_name, **values}, by=cast.officer
    )


def text_of(paper: DonorPaper) -> str:
    return text_of_pdf(html_to_pdf(documents.render(paper, sample=False)))


def test_the_letter_of_thanks(db_session, cast, campaign) -> None:
    gift = give(campaign, cash(5_000_000), rice(campaign), **COMPANY)
    text = text_of(paper_of(cast, gift, THANKS, number="12/TCO-BVĐ", address=gift.address))
    for content in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 12/TCO-BVĐ",
        "Tân Phú Hòa, ngày 03 tháng 11 năm 2026",
        "THƯ CẢM ƠN Kính gửi: Công ty TNHH Hưng Thịnh Số 125 Nguyễn Văn Linh",
        "số tiền 5.000.000 đồng (Năm triệu đồng); hiện vật: Gạo tẻ 200 kg (trị giá 3.600.000 đồng) cho đợt vận động "
        "Tháng cao điểm Vì người nghèo, ngày 19/10/2026.",
        "Trân trọng cảm ơn./.",
        "TM. BAN VẬN ĐỘNG",
        "Nguyễn Thanh Bình",
    ):
        assert content in text, content


def test_the_honour(db_session, cast, campaign) -> None:
    text = text_of(paper_of(cast, give(campaign, bank()), HONOUR))
    assert (
        "GHI NHẬN TẤM LÒNG VÀNG Đỗ Thị Kim Ngân Đã ủng hộ số tiền 20.000.000 đồng (Hai mươi triệu đồng)"
        in text
    )
    assert "cho đợt vận động Tháng cao điểm Vì người nghèo" in text and "Số:" in text and "None" not in text


def test_the_minutes_of_a_sponsorship(db_session, cast, campaign) -> None:
    gift = give(
        campaign,
        bank(),
        rice(campaign),
        Part("goods", 0, goods="Chăn", quantity="5", measure="cái"),
        **COMPANY,
    )
    chosen = queries.purposes()[1]
    paper = paper_of(
        cast,
        gift,
        MINUTES,
        representative="Lâm Quốc Hưng",
        position="Giám đốc",
        tax_code="3900123456",
        purpose_id=chosen.id,
    )
    content = documents.content_of(paper)
    ticked = [name for name, is_ticked in (*content.forms, *content.purposes) if is_ticked]
    assert ticked == ["Chuyển khoản", "Hiện vật", chosen.name]
    text = text_of(paper)
    for expected in (
        "BIÊN BẢN XÁC NHẬN TÀI TRỢ",
        "Hôm nay, ngày 03 tháng 11 năm 2026",
        "Mã số thuế: 3900123456",
        "Người đại diện: Lâm Quốc Hưng Chức vụ: Giám đốc",
        "Tên đơn vị: Ủy ban MTTQ Việt Nam xã Tân Phú Hòa",
        "Tổng giá trị tài trợ: 23.600.000 đồng Viết bằng chữ: Hai mươi ba triệu sáu trăm nghìn đồng",
        "02 bản có giá trị như nhau",
        "PHỤ LỤC",
        "1 Gạo tẻ kg 200 3.600.000 2 Chăn cái 5 Cộng 3.600.000",
    ):
        assert expected in text, expected
    assert "None" not in text and " 0 " not in text


def test_the_purposes_are_a_closed_list_that_ends_in_time(db_session, cast, campaign) -> None:
    first, *rest = queries.purposes()
    paper = paper_of(cast, give(campaign, bank()), MINUTES, purpose_id=first.id)
    actions.change_purpose(first, name=first.name, basis=None, place=9, valid_to=date(2026, 11, 2))
    assert queries.purposes(DAY) == rest
    names = [name for name, ticked in documents.content_of(paper).purposes if ticked]
    assert names == [first.name], "minutes already made keep the purpose that they name"
    with pytest.raises(Refused, match="đã có trong danh sách"):
        actions.add_purpose(name=rest[0].name.upper(), basis=None, valid_from=None)


def test_no_paper_for_a_reversed_gift(db_session, cast, campaign) -> None:
    gift = give(campaign, bank())
    with pytest.raises(Refused, match="trước ngày nhận"):
        paper_of(cast, gift, THANKS, made_on=date(2026, 10, 18))
    reverse(gift.posting, reason="Sai", by=cast.officer, second=cast.chair)
    with pytest.raises(Refused, match="đã bị đảo"):
        paper_of(cast, gift, THANKS)


def test_on_screen(client, db_session, cast, campaign) -> None:
    code = give(campaign, bank(), **COMPANY).code
    new = f"{URL}khoan/{code}/lap/bien-ban-tai-tro"
    sign_in(client, cast.chair)
    page = client.get(new).get_data(as_text=True)
    assert 'value="Công ty TNHH Hưng Thịnh"' in page and "Khắc phục hậu quả thiên tai" in page
    wrong = client.post(new, data={"made_on": "03/11/2026", "tax_code": "3900123456"})
    assert wrong.status_code == 422 and 'value="3900123456"' in wrong.get_data(as_text=True)
    typed = {
        "made_on": "03/11/2026",
        "addressee": "Công ty TNHH Hưng Thịnh",
        "representative": "Lâm Quốc Hưng",
    }
    made = client.post(new, data=typed)
    assert made.status_code == 303
    for url in (made.location, f"{made.location}.pdf"):
        for who, status in ((cast.outsider, 404), (cast.auditor, 200)):
            assert sign_in(client, who).get(url).status_code == status
    assert "Lâm Quốc Hưng" in client.get(made.location).get_data(as_text=True)
    assert "Hưng Thịnh" in client.get(f"{URL}giay-to/").get_data(as_text=True)
    assert sign_in(client, cast.auditor).get(new).status_code == 403
    assert (
        sign_in(client, cast.outsider).get(f"{URL}giay-to/").get_data(as_text=True).count("Hưng Thịnh") == 0
    )


def test_the_administrator_keeps_the_purposes(client, db_session, cast) -> None:
    url = f"{URL}muc-dich-tai-tro"
    assert sign_in(client, cast.accountant).get(url).status_code == 403
    sign_in(client, cast.administrator)
    assert client.post(url, data={"name": ""}).status_code == 422
    assert client.post(url, data={"name": "Nước sạch", "basis": "Nghị định 93/2021/NĐ-CP"}).status_code == 303
    added = db_session.scalars(select(SponsorPurpose).where(SponsorPurpose.name == "Nước sạch")).one()
    one = f"{url}/{added.id}"
    assert 'value="Nước sạch"' in client.get(one).get_data(as_text=True)
    changed = {"name": "Nước sạch nông thôn", "place": "2", "valid_to": "31/12/2026"}
    assert client.post(one, data=changed).status_code == 303
    assert "31/12/2026" in client.get(url).get_data(as_text=True)
