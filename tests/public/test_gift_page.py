"""The page of one gift: its parts, its people, its money from abroad, and what happened to it, without names."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest

from portal.donations import groups, members
from portal.donations.gifts import Foreign, Gift, Part
from portal.donations.member_rows import MemberRow
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.donations.reclassification import reclassify
from portal.donations.refunds import decide_refund, request_refund
from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.kit.days import month_end, today_in_vietnam
from portal.kit.db import db
from portal.ledger import actions as ledger
from tests.cast import make_account, make_campaign, make_donation, make_fund
from tests.public.test_pages import statements_of, text_of

TODAY = today_in_vietnam()


@pytest.fixture
def campaign(db_session, cast):
    return make_campaign(
        unit=cast.province, code="TCD26", starts_on=TODAY - timedelta(days=90), ends_on=TODAY + timedelta(5)
    )


def give(cast, campaign, *parts: Part, **more) -> Donation:
    more = {"donor_name": "Nguyễn Văn An", "shown_as": "name", "day": TODAY, **more}
    day = more.pop("day")
    gift = Gift(day, cast.commune.id, campaign.fund_id, campaign.id, parts, **more)
    (posted,) = post_gifts([gift], by=cast.accountant)
    return db.session.get_one(Donation, posted.donation_id)


def page_of(client, code: str) -> str:
    return text_of(client.get(f"/khoan-ung-ho/{code}"))


def test_money_and_goods_stand_on_one_page_and_apart(client, cast, campaign) -> None:
    account = make_account(unit=cast.commune, number="6605205000086")
    parts = (
        Part("goods", 0, goods="áo cũ"),
        Part("cash", 500_000),
        Part("bank", 300_000, bank_account_id=account.id),
        Part("goods", 200_000, goods="gạo", quantity="20", measure="kg"),
    )
    gift = give(cast, campaign, *parts)
    page = page_of(client, gift.code)
    assert "800.000 đ Tám trăm nghìn đồng" in page
    assert "Cộng tiền 800.000" in page and "Hiện vật: 20 kg gạo quy đổi, không cộng vào tiền 200.000" in page
    assert "Hiện vật: áo cũ chưa quy đổi" in page
    part = db.session.query(Donation).filter(Donation.part_of == gift.id).first()
    assert page_of(client, part.code).split("Đọc từ sổ")[0] == page.split("Đọc từ sổ")[0]
    told = client.get(f"/khoan-ung-ho/{gift.code}.json").json
    assert (told["amount"], told["money"], told["goods_value"]) == (800_000, 800_000, 200_000)
    assert [one["amount"] for one in told["parts"]] == [None, 500_000, 300_000, 200_000]
    home = text_of(client.get("/"))
    assert "Đã nhận 800.000 đ 1 khoản ủng hộ" in home and "kèm áo cũ; 20 kg gạo 800.000" in home
    assert "1 phần hiện vật chưa quy đổi" in home
    found = text_of(client.get("/tra-cuu?q=nguyen+van+an"))
    assert "1 khoản (4 phần) cộng 1.000.000 đ" in found and "4 trong 4 phần" in found
    rows = list(csv.DictReader(io.StringIO(client.get("/tra-cuu.csv").data.decode("utf-8-sig"))))
    assert {row["Thuộc khoản"] for row in rows} == {gift.code}
    assert [row["Số tiền"] for row in rows] == ["200000", "300000", "500000", ""]


def test_goods_without_a_value_say_so(client, cast, campaign) -> None:
    gift = give(cast, campaign, Part("goods", 0, goods="mì gói", quantity="20", measure="thùng"))
    page = page_of(client, gift.code)
    assert "20 thùng mì gói Hiện vật chưa quy đổi ra tiền" in page and "0 đ" not in page.split("Sổ sách")[0]
    assert "Phiếu nhập kho Số 0001/" in page
    assert "chưa quy đổi" in text_of(client.get("/tra-cuu"))
    assert "chưa quy đổi" in text_of(client.get("/dot-van-dong/TCD26"))


def test_foreign_money_shows_its_cents_and_its_rate(client, cast, campaign) -> None:
    foreign = Foreign("USD", 125_050, 254_305_000, "Vietcombank, mua tiền mặt", TODAY)
    gift = give(cast, campaign, Part("cash", 31_800_840, foreign=foreign))
    page = page_of(client, gift.code)
    assert "1.250,50 USD, tỷ giá 25.430,5 đ (Vietcombank, mua tiền mặt, " in page
    told = client.get(f"/khoan-ung-ho/{gift.code}.json").json["parts"][0]["foreign"]
    assert (told["minor"], told["rate"], told["text"]) == (125_050, 254_305_000, "1.250,50 USD")
    yen = give(
        cast, campaign, Part("cash", 1_700_000, foreign=Foreign("JPY", 10_000, 1_700_000, "BIDV", TODAY))
    )
    assert "10.000 JPY, tỷ giá 170 đ (BIDV, " in page_of(client, yen.code)


@pytest.fixture
def bag(cast, campaign, officer) -> Donation:
    """One bag of forty people, four of them on the list."""
    gift = give(
        cast, campaign, Part("cash", 1_000_000), donor_name="Tập thể lớp 9A", donor_kind="group", people=40
    )
    rows = [
        MemberRow("Trần Thị Hoa", "Số 12 ấp Rạch Tre", 200_000, "name", note="ghi chú riêng"),
        MemberRow("Lê Văn Bí", None, 100_000, "initials"),
        MemberRow("Mật Thị Kín", None, 50_000, "anonymous"),
        MemberRow("Chưa Hỏi Ai 0912345678", None, None, None),
    ]
    groups.name_members(gift, rows, officer)
    return gift


def test_a_group_shows_its_people_as_they_want_to_be_shown(client, bag) -> None:
    page = page_of(client, bag.code)
    assert "Tập thể lớp 9A, 40 người góp chung" in page
    assert f"Trần Thị Hoa {bag.code}-1 200.000" in page and f"L.V.B. {bag.code}-2 100.000" in page
    assert f"Nhà hảo tâm {bag.code}-3 50.000" in page and f"Nhà hảo tâm {bag.code}-4 —" in page
    assert "Chưa kê tên, 36 người 650.000" in page and "40 người 1.000.000" in page
    told = client.get(f"/khoan-ung-ho/{bag.code}.json").json["group"]
    assert (told["count"], told["unnamed"], told["unnamed_amount"]) == (40, 36, 650_000)
    assert [one["name"] for one in told["named"]] == ["Trần Thị Hoa", "L.V.B.", "Nhà hảo tâm", "Nhà hảo tâm"]
    file = client.get(f"/khoan-ung-ho/{bag.code}.csv").data.decode("utf-8-sig")
    assert file.splitlines()[1] == f"{bag.code}-1,Trần Thị Hoa,200000"


def test_each_person_is_found_by_name_and_by_their_own_code(client, bag) -> None:
    found = client.get("/tra-cuu?q=tran+thi+hoa")
    assert "1 khoản cộng 1.000.000 đ" in text_of(found) and f"/khoan-ung-ho/{bag.code}-1" in found.text
    assert "Trong danh sách góp chung: Trần Thị Hoa , 200.000 đ" in text_of(found).replace("Hoa,", "Hoa ,")
    (row,) = client.get("/tra-cuu.json?q=tran+thi+hoa").json["rows"]
    assert row["people"] == [{"code": f"{bag.code}-1", "name": "Trần Thị Hoa", "amount": 200_000}]
    (row,) = client.get(f"/tra-cuu.json?q={bag.code}-4").json["rows"]
    assert row["people"] == [{"code": f"{bag.code}-4", "name": "Nhà hảo tâm", "amount": None}]
    own = page_of(client, f"{bag.code}-1")
    assert "200.000 đ Trần Thị Hoa góp trong khoản" in own and "40 người, cả khoản 1.000.000 đ" in own
    assert client.get(f"/khoan-ung-ho/{bag.code}-1.json").json["person"]["amount"] == 200_000
    for code in (f"{bag.code}-9", f"{bag.code}-0", f"{bag.code}-1-1"):
        assert client.get(f"/khoan-ung-ho/{code}").status_code == 404
        assert client.get("/tra-cuu.json", query_string={"q": code}).json["count"] == 0


def test_a_struck_name_is_on_no_public_page(client, bag, officer) -> None:
    groups.strike_member(members.group_of(bag).members[0], "kê nhầm", officer)
    page = page_of(client, bag.code)
    assert "Trần Thị Hoa" not in page and "kê nhầm" not in page and "850.000" in page
    assert client.get(f"/khoan-ung-ho/{bag.code}-1").status_code == 404
    assert client.get("/tra-cuu.json?q=tran+thi+hoa").json["count"] == 0


def test_moves_and_refunds_are_told_in_sentences_without_names(client, cast, campaign) -> None:
    other = make_campaign(
        unit=cast.province, code="TET", name="Tết ấm", starts_on=date(2020, 1, 1), ends_on=None
    )
    gift = give(cast, campaign, Part("cash", 500_000), Part("goods", 0, goods="áo cũ"))
    people = {"by": cast.accountant, "second": cast.chair}
    move = reclassify(gift, other, reason="bà Lê Thị Lý Do nói", **people)
    page = page_of(client, gift.code)
    assert (
        f"chuyển từ đợt “Tháng cao điểm Vì người nghèo” sang đợt “Tết ấm” (bút toán số {move.number})" in page
    )
    assert "Tết ấm" in page.split("Sổ sách")[0] and page.count("chuyển từ đợt") == 1
    asked = request_refund(
        gift,
        amount=200_000,
        place="cash",
        receiver="Trần Nhận Lại",
        reason="bà Lý Do nói",
        by=cast.accountant,
    )
    assert "hoàn trả" not in page_of(client, gift.code)
    refund = decide_refund(asked, approve=True, answer="", by=cast.chair)
    page = page_of(client, gift.code)
    assert (
        f"Quỹ hoàn trả người ủng hộ 200.000 đồng (phiếu {refund.paper_number}, bút toán số {refund.number})"
        in page
    )
    told = client.get(f"/khoan-ung-ho/{gift.code}.json").json
    assert told["refunded"] == 200_000 and len(told["happened"]) == 2
    for secret in ("Nhận Lại", "Lý Do"):
        assert secret not in page and secret not in str(told)
    ledger.reverse(refund, reason="chi nhầm", **people)
    assert "Việc này đã được đảo ngày" in page_of(client, gift.code)
    assert client.get(f"/khoan-ung-ho/{gift.code}.json").json["refunded"] == 0


def test_late_gifts_and_supplements_say_so(client, cast, campaign) -> None:
    long_ago = TODAY - timedelta(days=70)
    closed = month_end(long_ago)
    ledger.close_period(cast.commune, make_fund(), closed, by=cast.accountant)
    gift = give(cast, campaign, Part("cash", 1_000), day=long_ago)
    page = page_of(client, gift.code)
    booked = closed + timedelta(days=1)
    assert (
        f"Ghi bổ sung. Nhận ngày {long_ago:%d/%m/%Y}" in page and f"tính vào ngày {booked:%d/%m/%Y}" in page
    )
    assert client.get(f"/khoan-ung-ho/{gift.code}.json").json["supplement"] is True
    ended = make_campaign(
        unit=cast.province,
        code="CU",
        starts_on=TODAY - timedelta(days=20),
        ends_on=TODAY - timedelta(days=9),
    )
    late = give(cast, ended, Part("cash", 1_000))
    assert "nhận sau ngày kết thúc đợt" in page_of(client, late.code)
    assert client.get(f"/khoan-ung-ho/{late.code}.json").json["late"] is True
    plain = give(cast, campaign, Part("cash", 1_000))
    assert "Ghi bổ sung" not in page_of(client, plain.code) and "sau ngày kết thúc" not in page_of(
        client, plain.code
    )


def test_the_page_of_a_gift_asks_the_same_questions_for_1_and_40_people(app, client, bag, officer) -> None:
    few = statements_of(app, client, f"/khoan-ung-ho/{bag.code}")
    rows = [MemberRow(f"Người Góp {number}", shown_as="name") for number in range(36)]
    groups.name_members(bag, rows, officer)
    assert len(statements_of(app, client, f"/khoan-ung-ho/{bag.code}")) == len(few) <= 16


def test_a_search_asks_the_same_questions_for_1_and_50_groups(
    app, client, cast, campaign, bag, officer
) -> None:
    few = statements_of(app, client, "/tra-cuu?q=hoa")
    for _ in range(12):
        more = give(cast, campaign, Part("cash", 1_000), Part("goods", 0, goods="hoa"), people=3)
        groups.name_members(more, [MemberRow("Mai Thị Hoa", shown_as="name"), MemberRow("Mai Hỏi")], officer)
    assert len(statements_of(app, client, "/tra-cuu?q=hoa")) == len(few)


def test_a_campaign_asks_the_same_questions_for_1_and_30_gifts(
    app, client, cast, campaign, bag, officer
) -> None:
    give(cast, campaign, Part("cash", 1_000), shown_as=None)
    few = statements_of(app, client, "/dot-van-dong/TCD26")
    for number in range(30):
        more = give(
            cast, campaign, Part("cash", 1_000), Part("goods", 0, goods="gạo"), people=3, shown_as=None
        )
        groups.name_members(more, [MemberRow(f"Mai Thị Hoa {number}")], officer)
    assert len(statements_of(app, client, "/dot-van-dong/TCD26")) == len(few)


def test_public_totals_are_those_of_the_books(client, cast, campaign, bag) -> None:
    parts = (Part("cash", 500_000), Part("goods", 70_000, goods="gạo"), Part("goods", 0, goods="áo cũ"))
    gift = give(cast, campaign, *parts)
    undone = give(cast, campaign, Part("cash", 9_000), day=TODAY)
    ledger.reverse(undone.posting, reason="nhầm", by=cast.accountant, second=cast.chair)
    asked = request_refund(gift, amount=100_000, place="cash", receiver="X", reason="x", by=cast.accountant)
    decide_refund(asked, approve=True, answer="", by=cast.chair)
    make_donation(campaign=campaign, unit=cast.other_commune, form="bank", amount=30_000, day=TODAY)
    scope = Scope(cast.province, date(TODAY.year, 1, 1), TODAY)
    books = {key: figure.value for key, figure in compute(scope).items()}
    assert (books["received.total"], books["received.goods"], books["refunded.total"]) == (
        1_530_000,
        70_000,
        100_000,
    )
    told = client.get("/tra-cuu.json").json
    assert told["sum"] == books["received.total"] + books["received.goods"]
    listed = sum(row["amount"] for row in told["rows"])
    assert listed == told["sum"] and client.get("/dot-van-dong/TCD26.json").json["received"] == 1_530_000
    assert "Đã nhận 1.530.000 đ" in text_of(client.get("/"))


def test_nothing_personal_of_groups_parts_and_refunds_is_anywhere(client, cast, campaign, bag) -> None:
    gift = give(
        cast, campaign, Part("cash", 400_000), Part("goods", 0, goods="áo"), shown_as=None, donor_name="Lê Ẩn"
    )
    asked = request_refund(
        gift, amount=1_000, place="cash", receiver="Lê Ẩn", reason="Lê Ẩn đòi lại", by=cast.accountant
    )
    decide_refund(asked, approve=True, answer="", by=cast.chair)
    codes = [gift.code, bag.code, *(f"{bag.code}-{number}" for number in range(1, 5))]
    pages = ["/", "/.json", "/dot-van-dong/TCD26", "/dot-van-dong/TCD26.json", "/tra-cuu", "/tra-cuu.json"]
    pages += ["/tra-cuu.csv", "/tra-cuu?q=lop+9a", f"/khoan-ung-ho/{bag.code}.csv"]
    pages += [f"/khoan-ung-ho/{code}{kind}" for code in codes for kind in ("", ".json")]
    secrets = ("Rạch Tre", "ghi chú riêng", "Lê Văn Bí", "Mật Thị Kín", "Chưa Hỏi Ai", "0912345678", "Lê Ẩn")
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        body = str(answer.json) if "json" in answer.mimetype else answer.text
        for secret in secrets:
            assert secret not in body, (address, secret)
    for words in ("le van bi", "mat thi kin", "chua hoi ai", "rach tre", "le an", "0912345678"):
        assert client.get("/tra-cuu.json", query_string={"q": words}).json["count"] == 0, words


def test_promises_stand_apart_as_totals(client, cast, campaign, monkeypatch) -> None:
    from portal.figures import pledges
    from portal.figures.values import answered

    def promised(scope):
        for figure, value in zip(pledges.FIGURES, (9_000_000, 4_000_000, 5_000_000, 3), strict=True):
            yield answered(figure, value)

    give(cast, campaign, Part("cash", 1_000_000))
    monkeypatch.setattr(pledges, "compute", promised)
    home = text_of(client.get("/"))
    assert "Đã đăng ký 9.000.000 đ lời hứa, chưa phải tiền của Quỹ" in home and "Đã nhận 1.000.000 đ" in home
    page = text_of(client.get("/dot-van-dong/TCD26"))
    assert re.search(r"Đã đăng ký, 3 lượt 9\.000\.000 đ Đã chuyển 4\.000\.000 đ Còn lại 5\.000\.000 đ", page)
