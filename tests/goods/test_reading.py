"""What others ask of the stores: totals for public pages, what waits, usual prices, the picker, a gift's slip."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.donations.gifts import Gift, Part
from portal.donations.posting import post_gifts
from portal.goods.actions import Found, record_item, request_count, set_parts
from portal.goods.documents import slip_paper
from portal.goods.queries import (
    items_by_text,
    items_for_picker,
    last_price,
    movements_of,
    usual_prices,
    words_of_goods,
)
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.models import Posting
from portal.ledger.waiting import waiting_work
from tests.cast import make_campaign, make_donation, make_fund
from tests.goods.builders import DAY, bring, make_item, make_store


@pytest.fixture
def store(db_session, cast):
    """The store of the commune."""
    return make_store(unit=cast.commune, keeper_name="Ngô Văn Thủ")


def give(cast, store, item, quantity: int, value: int, campaign=None) -> Posting:
    """A gift of goods into the store."""
    part = Part(
        "goods", value, goods=item.name, item_id=item.id, store_id=store.id, thousandths=quantity * 1_000
    )
    gift = Gift(
        day=DAY,
        unit_id=cast.commune.id,
        fund_id=make_fund().id,
        campaign_id=campaign.id if campaign else None,
        parts=(part,),
        donor_name="Công ty Ánh Dương",
        address="Ấp Long Thạnh",
    )
    (posted,) = post_gifts([gift], by=cast.officer)
    return db.session.get_one(Posting, posted.posting_number)


def test_the_goods_of_a_gift_have_their_slip(db_session, cast, store) -> None:
    posting = give(
        cast, store, make_item(name="Gạo", measure="kg"), 100, 1_800_000, make_campaign(unit=cast.commune)
    )
    paper = slip_paper(posting, None, movements_of(posting.number))
    assert paper.number == posting.paper_number == "NK-0001/2026"
    assert (paper.partner, paper.partner_address) == ("Công ty Ánh Dương", "Ấp Long Thạnh")
    assert paper.reason == "Ủng hộ đợt Tháng cao điểm Vì người nghèo" and paper.head.keeper == "Ngô Văn Thủ"
    assert paper.words == "Một triệu tám trăm nghìn đồng" and paper.lines[0].price == "18.000"


def test_goods_given_in_words_stand_apart(db_session, cast, store) -> None:
    make_donation(campaign=make_campaign(unit=cast.commune), by=cast.officer, form="goods", amount=70_000)
    bring(store=store, item=make_item(), quantity=1, value=5_000, by=cast.officer)
    assert words_of_goods(cast.officer) == 70_000 and words_of_goods(cast.outsider) == 0


def test_what_waits(db_session, cast, store) -> None:
    milk = make_item(name="Sữa hộp", measure="hộp", keeps_lots=True)
    soon = today_in_vietnam() + timedelta(days=3)
    bring(store=store, item=milk, quantity=5, by=cast.officer, lot_code="A", expires_on=soon)
    bring(
        store=store,
        item=milk,
        quantity=5,
        by=cast.officer,
        lot_code="B",
        expires_on=soon + timedelta(days=90),
    )
    request_count(store=store, counted_on=DAY, rows=[Found(milk.id, None, 1_000)], by=cast.accountant)
    told = {
        user.id: {work.name: work.count for work in waiting_work(user)}
        for user in (cast.chair, cast.accountant, cast.officer, cast.outsider)
    }
    assert told[cast.chair.id]["Kiểm kê kho chờ duyệt"] == 1
    assert "Kiểm kê kho chờ duyệt" not in told[cast.accountant.id]
    assert told[cast.officer.id]["Lô hàng sắp hết hạn"] == 1
    assert not told[cast.outsider.id]


def test_the_usual_price_is_the_last_one_else_the_list_price(db_session, cast, store) -> None:
    noodles, soap = make_item(price=3_500), make_item(name="Xà phòng", measure="bánh", price=9_000)
    assert last_price(noodles) is None and usual_prices([noodles.id, soap.id]) == {
        noodles.id: 3_500,
        soap.id: 9_000,
    }
    bring(store=store, item=noodles, quantity=10, value=42_000, by=cast.officer)
    bring(store=store, item=noodles, quantity=10, by=cast.officer, day=DAY + timedelta(days=1))
    assert last_price(noodles) == 4_200 and usual_prices([noodles.id])[noodles.id] == 4_200


def test_items_are_found_without_accents_and_meant_by_code_or_name(db_session) -> None:
    noodles = make_item(code="MI-01", name="Mì ăn liền")
    twins = [make_item(name="Chăn", measure="cái"), make_item(name="Chăn", measure="bộ")]
    assert items_for_picker("an mi") == [noodles] == items_for_picker("mi-0") and not items_for_picker(" ")
    assert set(items_for_picker("chan")) == set(twins)
    meant = items_by_text(["mi-01", "mi an lien", "MI-01 · Mì ăn liền", "chăn", "không có"])
    assert {text: item.id for text, item in meant.items()} == dict.fromkeys(
        ("mi-01", "mi an lien", "MI-01 · Mì ăn liền"), noodles.id
    )
    noodles.withdrawn = True
    assert not items_for_picker("mi an") and items_by_text(["MI-01"])["MI-01"] is noodles


def test_the_catalogue_refuses_what_cannot_be(db_session) -> None:
    noodles = make_item(name="Mì")
    kit = make_item(name="Suất", measure="suất", parts={noodles.id: 1_000})
    assert kit.is_kit and kit.code == "HH0002"
    for work, sentence in (
        (lambda: set_parts(noodles, {kit.id: 1_000}), "không làm thành phần được"),
        (lambda: set_parts(kit, {kit.id: 1_000}), "không làm thành phần được"),
        (lambda: record_item(name="Mì", measure="gói"), "Đã có mặt hàng"),
        (lambda: record_item(name="Bún", measure="gói", code="a b"), "Mã chỉ gồm"),
        (lambda: record_item(name="Phở", measure="gói", packs={"gói": 2_000}), "trùng tên"),
    ):
        with pytest.raises(Refused, match=sentence):
            work()
    set_parts(kit, {})
    assert not kit.is_kit
