"""The public pages: what stands on them, for whoever comes, with and without htmx."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from portal.bulletins.models import Bulletin
from portal.campaigns.actions import set_targets
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger import actions as ledger
from tests.cast import make_account, make_campaign, make_donation, make_unit

TODAY = today_in_vietnam()
HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(db_session, cast):
    return make_campaign(
        unit=cast.province,
        code="TCD26",
        starts_on=TODAY - timedelta(days=30),
        ends_on=TODAY + timedelta(days=5),
    )


def give(campaign, name="Nguyễn Văn An", **more):
    return make_donation(campaign=campaign, donor_name=name, **{"shown_as": "name", "day": TODAY, **more})


def text_of(response):
    assert response.status_code == 200, response.text[:500]
    spaced = re.sub(r"</?(?:td|th|tr|h1|h2|p|dt|dd|div|li|span)\b[^>]*>", " ", response.text)
    plain = re.sub(r"<[^>]+>", "", spaced).replace("&nbsp;", " ").replace("\xa0", " ")
    return " ".join(plain.split())


def test_an_empty_portal_shows_calm_pages(app, client):
    home = text_of(client.get("/"))
    assert "Đã nhận 0 đ" in home and "Số dư 0 đ" in home
    assert "Đang vận động" not in home and "Bản tin mới nhất" not in home
    assert "Chưa có đợt vận động nào" in text_of(client.get("/dot-van-dong/"))
    assert "Chưa phát hành bản tin nào" in text_of(client.get("/ban-tin/"))
    assert "Chưa có khoản ủng hộ nào" in text_of(client.get("/tra-cuu"))
    assert "Không có khoản nào khớp" in text_of(client.get("/tra-cuu?q=an"))
    assert client.get("/tong-hop.json").json == {}
    assert client.get("/.json").json["figures"] == {}


def test_a_gift_shows_at_once_on_the_start_page_and_in_the_search(client, campaign):
    assert "Đã nhận 0 đ" in text_of(client.get("/"))
    gift = give(campaign, amount=1_250_000)
    home = text_of(client.get("/"))
    assert "Đã nhận 1.250.000 đ" in home and "Số dư 1.250.000 đ" in home and "Nguyễn Văn An" in home
    assert "Tháng cao điểm Vì người nghèo" in home
    found = client.get("/tra-cuu?q=NGUYỄN+VAN+AN")
    assert "1 khoản cộng 1.250.000 đ" in text_of(found)
    assert "<mark>Nguyễn Văn An</mark>" in found.text
    assert f"/khoan-ung-ho/{gift.code}" in found.text


def test_the_equation_adds_up_to_the_balance(client, campaign, cast):
    account = make_account(unit=cast.province)
    give(campaign, amount=1_000_000)
    give(campaign, amount=300_000, form="bank", bank_account=account)
    give(campaign, amount=50_000, form="bank")  # no account known: kept out of the balance
    give(campaign, amount=70_000, form="goods", goods="gạo")
    home = text_of(client.get("/"))
    found = re.search(r"Số dư = (.*?)\.(?: |$)(?!\d)", home)
    terms = re.findall(r"([+−]?)\s*[^\d+−]*?(?:năm \d{4} )?([\d.]+)(?=\s|$)", found[1])
    total = sum((-1 if sign == "−" else 1) * int(number.replace(".", "")) for sign, number in terms)
    assert total == 1_300_000 and "Số dư 1.300.000 đ" in home and "Đã nhận 1.350.000 đ" in home
    assert "Hiện vật trị giá 70.000 đ tính riêng" in home and "50.000 đ được báo nhưng chưa rõ" in home


def statements_of(app, client, address):
    seen = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    assert client.get(address).status_code == 200
    return [sql for sql in seen if not sql.lstrip().upper().startswith(("BEGIN", "PRAGMA", "SET "))]


def test_the_start_page_asks_the_same_few_questions_for_10_and_500_gifts(app, client, campaign):
    make_account(unit=campaign.unit)
    for _ in range(10):
        give(campaign)
    few = statements_of(app, client, "/")
    for number in range(490):
        give(campaign, amount=1_000 + number)
    many = statements_of(app, client, "/")
    assert len(few) == len(many) <= 19, "\n".join(many)


def test_a_campaign_shows_progress_forms_and_units(client, campaign, cast):
    set_targets(campaign, {cast.province.id: 10_000_000, cast.commune.id: 4_000_000}, by=None)
    hamlet = make_unit(name="Ấp Một", level="ấp", parent=cast.commune)
    give(campaign, unit=cast.commune, amount=1_000_000)
    give(campaign, unit=hamlet, amount=500_000)
    give(campaign, unit=cast.other_commune, amount=2_000_000)
    give(campaign, unit=cast.province, amount=250_000, form="goods", goods="chăn ấm")
    page = text_of(client.get("/dot-van-dong/TCD26"))
    assert "3.500.000 đ" in page and "35% của chỉ tiêu 10.000.000 đ" in page
    assert "Xã Tân Phú Hòa 4.000.000 1.500.000 37,5%" in page
    assert "Xã An Lạc — 2.000.000 không giao chỉ tiêu" in page
    assert "Hiện vật, tính riêng 250.000" in page and "Đang vận động, còn 5 ngày" in page
    data = client.get("/dot-van-dong/TCD26.json").json
    assert (data["received"], data["target"], data["state"]) == (3_500_000, 10_000_000, "under_way")
    assert data["figures"]["received.total"]["value"] == 3_500_000
    assert {row["unit"]: row["received"] for row in data["units"]} == {"TPH": 1_500_000, "AL": 2_000_000}
    listed = text_of(client.get("/dot-van-dong/"))
    assert "Tháng cao điểm Vì người nghèo" in listed and "35%" in listed
    assert "TPH" not in client.get("/dot-van-dong/TCD26.csv").text
    assert "Xã Tân Phú Hòa,4000000,1500000" in client.get("/dot-van-dong/TCD26.csv").text
    assert "TCD26,Tháng cao điểm Vì người nghèo,Tỉnh Tân Hòa" in client.get("/dot-van-dong.csv").text


def test_the_gift_page_says_what_the_books_say(client, campaign, accountant, chair):
    gift = give(campaign, amount=221_200_000)
    page = text_of(client.get(f"/khoan-ung-ho/{gift.code}"))
    assert "221.200.000 đ Hai trăm hai mươi mốt triệu hai trăm nghìn đồng" in page
    assert f"Đây là bút toán số {gift.posting_number}" in page and "chưa bị đảo" in page
    ledger.reverse(gift.posting, reason="Nguyễn Văn An ghi nhầm", by=accountant, second=chair)
    after = text_of(client.get(f"/khoan-ung-ho/{gift.code}"))
    assert "Đã đảo, không còn tính" in after and "ghi nhầm" not in after
    assert client.get(f"/khoan-ung-ho/{gift.code}.json").json["reversed"] is True
    assert "Không có khoản nào khớp" in text_of(client.get("/tra-cuu?q=nguyen+van+an"))


def test_search_pages_lead_on_and_back(client, campaign):
    for number in range(14):
        give(campaign, amount=1_000 * (number + 1))
    first = client.get("/tra-cuu?q=an&dot=TCD26")
    assert "14 khoản cộng 105.000 đ" in text_of(first) and "10 trong 14 khoản" in text_of(first)
    assert "4 khoản tiếp theo" in text_of(first)
    address = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = client.get(address)
    assert "4 trong 14 khoản" in text_of(second) and "tiếp theo" not in text_of(second)
    codes = [re.findall(r"/khoan-ung-ho/([\d-]+)", part.text) for part in (first, second)]
    assert len(set(codes[0] + codes[1])) == 14


def test_htmx_gets_the_part_and_others_the_page(client, campaign):
    give(campaign)
    whole, part = client.get("/tra-cuu?q=an"), client.get("/tra-cuu?q=an", headers=HTMX)
    assert "<html" in whole.text and "<html" not in part.text
    assert "1 khoản" in text_of(part) and 'name="q"' in part.text
    assert whole.headers["ETag"] != part.headers["ETag"]
    assert "HX-Request" in whole.headers["Vary"] and "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize(
    "address", ["/", "/dot-van-dong/", "/tra-cuu?q=an", "/ban-tin/", "/.json", "/tra-cuu.csv"]
)
def test_an_unchanged_page_costs_a_304(client, campaign, address):
    give(campaign)
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    give(campaign)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_issued_bulletins_are_shown_and_drafts_are_not(client, campaign, cast):
    from portal.bulletins.documents import compose
    from portal.figures.scope import Scope

    start, end = date(2026, 10, 1), date(2026, 10, 31)
    content = compose(Scope(cast.province, start, end), day=end, number="10/BT-MTTQ-BTT")
    more = {"unit_id": cast.province.id, "starts_on": start, "ends_on": end}
    db.session.add(
        Bulletin(code="TH-2026-10", title="Bản tin tháng 10", issued_on=end, content=content, **more)
    )
    db.session.add(Bulletin(title="Bản nháp", **more))
    draft = Bulletin(title="Bản nháp nơi khác", unit_id=cast.other_commune.id, starts_on=start, ends_on=end)
    db.session.add(draft)
    listed = text_of(client.get("/ban-tin/"))
    assert "Bản tin tháng 10" in listed and "nháp" not in listed
    assert [row["code"] for row in client.get("/ban-tin.json").json["rows"]] == ["TH-2026-10"]
    assert "nháp" not in client.get("/ban-tin.csv").text
    home = text_of(client.get("/"))
    assert "Bản tin tháng 10" in home and "nháp" not in home
    assert client.get("/ban-tin/TH-2026-10").status_code == 200
    assert client.get("/ban-tin/TH-2026-10.json").json["as_of"] == content["as_of"]
    assert client.get("/ban-tin/TH-2026-10.pdf").data.startswith(b"%PDF")
    assert client.get("/ban-tin/None").status_code == 404


def test_machines_are_answered(client):
    assert client.get("/healthz").text == client.get("/readyz").text == "ok\n"
