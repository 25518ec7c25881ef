"""How gifts and givers are counted: parts, groups, merged donors, campaigns that changed, goods by item, refunds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.donations import groups
from portal.donations.gifts import Gift, Part
from portal.donations.member_rows import MemberRow
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.donations.reclassification import reclassify
from portal.donations.refunds import decide_refund, request_refund
from portal.donors.models import Donor
from portal.figures.goods import received_items
from portal.figures.registry import compute, rows
from portal.figures.scope import Scope
from portal.goods import actions as _goods  # noqa: F401  (answers reversals)
from portal.goods.models import Item, Store
from portal.kit.db import db
from portal.kit.numbers import last_number
from portal.kit.vietnamese import fold, sort_key
from portal.ledger.actions import reverse
from tests.cast import Cast, make_campaign

DAY = date(2026, 5, 10)
FAR = (date(2026, 1, 1), date(2200, 1, 1))  # what is undone carries the day on which it is done


@pytest.fixture
def campaigns(cast: Cast, db_session: Session) -> list[Any]:
    """Two campaigns of the commune."""
    return [
        make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1), ends_on=None, name=name)
        for name in ("Đợt một", "Đợt hai")
    ]


def give(cast: Cast, *parts: Part, campaign: Any = None, unit: Any = None, **more: Any) -> Donation:
    """Post a gift of these parts; returns its first one."""
    unit = unit or cast.commune
    fund_id = campaign.fund_id if campaign else 1
    gift = Gift(
        DAY, unit.id, fund_id, campaign.id if campaign else None, parts or (Part("cash", 1_000),), **more
    )
    (posted,) = post_gifts([gift], by=cast.accountant)
    return db.session.get_one(Donation, posted.donation_id)


def make_donor(cast: Cast, name: str, **more: Any) -> Donor:
    donor = Donor(
        unit_id=cast.commune.id, kind="person", name=name, folded=fold(name), sort_key=sort_key(name), **more
    )
    db.session.add(donor)
    db.session.flush()
    return donor


def value(scope: Scope, key: str) -> Any:
    return compute(scope, [key])[key].value


def counts(scope: Scope) -> tuple[Any, Any]:
    return value(scope, "received.count"), value(scope, "received.donors")


def test_a_gift_of_several_parts_counts_once_and_goods_without_a_value_count(cast, campaigns) -> None:
    one, _ = campaigns
    mixed = (Part("goods", 0, goods="áo cũ"), Part("cash", 500_000), Part("goods", 200_000, goods="gạo"))
    give(cast, *mixed, campaign=one, donor_name="Nguyễn Văn An")
    give(cast, Part("goods", 0, goods="mì"), campaign=one, donor_name="Trần Bình")
    scope = Scope(cast.commune, *FAR, campaign=one)
    assert counts(scope) == (2, 2)
    assert value(scope, "received.goods_unvalued") == 2
    assert (value(scope, "received.total"), value(scope, "received.goods")) == (500_000, 200_000)
    assert len(list(rows(scope, "received.count"))) == 2
    assert len(list(rows(scope, "received.goods_unvalued"))) == 2
    assert counts(Scope(cast.province, *FAR)) == (2, 2)
    assert counts(Scope(cast.other_commune, *FAR)) == (0, 0)
    assert counts(Scope(cast.commune, date(2026, 5, 11), date(2026, 12, 31))) == (0, 0)


def test_one_bag_of_forty_is_one_gift_and_forty_givers(cast, campaigns, officer) -> None:
    bag = give(cast, Part("cash", 1_000_000), donor_name="Tập thể lớp 9A", donor_kind="group", people=40)
    scope = Scope(cast.commune, *FAR)
    assert counts(scope) == (1, 40)
    groups.name_members(bag, [MemberRow("Trần Thị Hoa", amount=200_000)], officer)
    assert counts(scope) == (1, 40)
    listed = give(cast, Part("cash", 1_000_000), donor_name="Tổ 3")
    assert counts(scope) == (2, 41)
    named = groups.name_members(
        listed, [MemberRow("Lê Văn Bé"), MemberRow("Võ Lặng"), MemberRow("Mai")], officer
    )
    assert counts(scope) == (2, 43)
    groups.strike_member(named[0], "kê nhầm", officer)
    assert counts(scope) == (2, 42)
    reverse(bag.posting, reason="nhầm", by=cast.accountant, second=cast.chair)
    assert counts(scope) == (1, 2)


def test_a_donor_with_all_merged_into_them_is_one_giver(cast, campaigns) -> None:
    kept = make_donor(cast, "Công ty Xay xát Phú Hòa")
    gone = make_donor(cast, "Cty xay xat Phu Hoa", merged_into_id=kept.id)
    twin = make_donor(cast, "Nguyễn Văn An")
    other = make_donor(cast, "Nguyễn Văn An")
    for donor in (kept, gone, twin, other):
        give(cast, donor_id=donor.id, donor_name=donor.name)
    give(cast, donor_name="CTY XAY XÁT PHÚ HÒA")  # by name only: one of those above
    give(cast, donor_name="nguyen van an")
    give(cast, donor_name="Trần Thị Mới")
    give(cast)
    assert counts(Scope(cast.commune, *FAR)) == (8, 4)


def test_what_comes_through_donors_whom_a_unit_introduced(cast, campaigns) -> None:
    kept = make_donor(cast, "Công ty A", introduced_by_id=cast.other_commune.id)
    gone = make_donor(cast, "Cty A", merged_into_id=kept.id)
    money = (Part("cash", 300_000), Part("goods", 900_000, goods="gạo"))
    give(cast, *money, donor_id=kept.id, donor_name="Công ty A")
    give(cast, Part("bank", 50_000), donor_id=gone.id, donor_name="Cty A", campaign=campaigns[0])
    give(cast, Part("cash", 7_000), donor_name="Người khác")
    key = "received.introduced"
    assert value(Scope(cast.other_commune, *FAR), key) == 350_000
    assert value(Scope(cast.province, *FAR), key) == 350_000
    assert value(Scope(cast.commune, *FAR), key) == 0
    assert value(Scope(cast.other_commune, *FAR, campaign=campaigns[0]), key) == 50_000
    assert sum(row["amount"] for row in rows(Scope(cast.other_commune, *FAR), key)) == 350_000
    assert not any("Công ty" in str(row) for row in rows(Scope(cast.other_commune, *FAR), key))


def test_a_moved_gift_counts_where_it_belongs_also_as_of(cast, campaigns) -> None:
    one, two = campaigns
    parts = (Part("cash", 500_000), Part("goods", 0, goods="áo cũ"))
    gift = give(cast, *parts, campaign=one, donor_name="Nguyễn Văn An")
    marks = [last_number()]
    people = {"reason": "sai đợt", "by": cast.accountant, "second": cast.chair}
    reclassify(gift, two, **people)
    marks.append(last_number())
    back = reclassify(gift, None, **people)
    marks.append(last_number())
    reverse(back, **people)
    marks.append(last_number())

    def told(as_of: int | None) -> list[tuple[Any, ...]]:
        found = []
        for campaign in (one, two, None):
            scope = Scope(cast.commune, *FAR, campaign=campaign, as_of=as_of)
            keys = ("received.count", "received.donors", "received.goods_unvalued", "received.total")
            found.append(tuple(value(scope, key) for key in keys))
        return found

    there, nothing = (1, 1, 1, 500_000), (0, 0, 0, 0)
    assert told(marks[0]) == [there, nothing, there]
    assert told(marks[1]) == [nothing, there, there]
    assert told(marks[2]) == [nothing, nothing, there]
    assert told(marks[3]) == told(None) == [nothing, there, there]
    for campaign in (one, two):
        scope = Scope(cast.commune, *FAR, campaign=campaign)
        assert sum(row["amount"] for row in rows(scope, "received.total")) == value(scope, "received.total")


def test_refunds_take_off_what_they_gave_back_and_the_equation_holds(cast, campaigns) -> None:
    one, _ = campaigns
    gift = give(cast, Part("cash", 500_000), campaign=one, donor_name="Nguyễn Văn An")
    asked = request_refund(
        gift, amount=200_000, place="cash", receiver="Nguyễn Văn An", reason="nộp nhầm", by=cast.accountant
    )
    assert value(Scope(cast.commune, *FAR), "refunded.total") == 0
    posting = decide_refund(asked, approve=True, answer="", by=cast.chair)
    for campaign in (None, one):
        found = {key: one.value for key, one in compute(Scope(cast.commune, *FAR, campaign=campaign)).items()}
        assert (found["received.total"], found["refunded.total"]) == (500_000, 200_000)
        assert found["received.count"] == 1
        assert found["balance.closing"] == 300_000 == (
            found["balance.opening"] + found["received.total"] - found["refunded.total"] + found["other.total"]
            + found["allocated.in"] - found["allocated.out"] - found["spent.total"]
        )  # fmt: skip
    reverse(posting, reason="chi nhầm", by=cast.accountant, second=cast.chair)
    assert value(Scope(cast.commune, *FAR), "refunded.total") == 0


def test_goods_by_item(cast, campaigns) -> None:
    one, _ = campaigns
    rice, noodles = (
        Item(code=code, name=name, folded=fold(name), measure=measure)
        for code, name, measure in (("GAO", "Gạo tẻ", "kg"), ("MI", "Mì gói", "thùng"))
    )
    store = Store(code="K1", name="Kho xã", unit_id=cast.commune.id, fund_id=1)
    db.session.add_all([rice, noodles, store])
    db.session.flush()

    def part(item: Item, quantity: int, amount: int) -> Part:
        return Part(
            "goods", amount, goods=item.name, item_id=item.id, store_id=store.id, thousandths=quantity
        )

    give(cast, part(rice, 2_500, 50_000), part(noodles, 4_000, 0), campaign=one)
    wrong = give(cast, part(rice, 7_000, 140_000))
    before = last_number()
    reverse(wrong.posting, reason="nhầm", by=cast.accountant, second=cast.chair)
    scope = Scope(cast.commune, *FAR)
    assert [(item.name, item.text, item.value) for item in received_items(scope)] == [
        ("Gạo tẻ", "2,5 kg", 50_000),
        ("Mì gói", "4 thùng", 0),
    ]
    found = compute(scope)
    assert float(found["goods.received.gao_te"].value) == 2.5
    assert found["goods.stored.mi_goi"].value == 4 and found["goods.stored.mi_goi"].unit == "thùng"
    as_of = Scope(cast.commune, *FAR, as_of=before)
    assert float(value(as_of, "goods.stored.gao_te")) == float(value(as_of, "goods.received.gao_te")) == 9.5
    assert len(list(rows(scope, "goods.received.gao_te"))) == 1
    assert [row["quantity"] for row in rows(scope, "goods.stored.gao_te")] == ["2.5", "7", "-7"]
    of_campaign = Scope(cast.commune, *FAR, campaign=one)
    assert len(received_items(of_campaign)) == 2
    assert "goods.stored.gao_te" not in compute(of_campaign)
    assert received_items(Scope(cast.other_commune, *FAR)) == []
