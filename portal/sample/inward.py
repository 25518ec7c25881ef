"""The sample's donors, stores, gifts of several kinds, group gift, pledges, cash in hands and a paper book."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from portal.campaigns.models import Campaign
from portal.donations.gifts import Foreign, Gift, Part
from portal.donations.groups import name_members
from portal.donations.member_rows import MemberRow
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.donors.actions import record_direct_aid, record_donor
from portal.donors.models import Donor
from portal.goods.catalogue import record_item, record_store
from portal.goods.kits import pack_kits
from portal.goods.models import Item, Store
from portal.goods.rules import SlipRow
from portal.goods.slips import issue, receive
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.db import db
from portal.pledges.actions import fulfil, record_pledge
from portal.pledges.models import Pledge
from portal.sample import evening, hands
from portal.sample.names import GROUPS, HAMLETS, giver
from portal.sample.province import Province

ONE = 1_000  # thousandths of a measure
PERSONS = 14
GROUP = "Tập thể Trường Tiểu học Tân Phú B"
NAMED, PEOPLE = 12, 27


def record_inward(province: Province, campaigns: list[Campaign], chance: random.Random, today: date) -> None:
    """Everything of this file, in an order that rests on itself."""
    donors = _donors(province, chance)
    store, items = _stores(province, today)
    gifts = _gifts(province, campaigns[-1], donors, store, items, chance, today)
    _pledges(province, campaigns[-1], donors, gifts, chance, today)
    hands.hold_cash(province, campaigns[-1], chance, today)
    evening.type_batches(province, campaigns[-1], chance, today)
    evening.print_papers(gifts, by=province.people[ACCOUNTANT], today=today)
    evening.count_store(store, items, by=province.people[RECORDER], today=today)
    record_direct_aid(
        donor=donors[0],
        unit=province.communes[2],
        given_on=today - timedelta(days=9),
        receiver="12 hộ nghèo ấp Hòa An",
        content="12 phần quà gồm gạo, dầu ăn, trao tại nhà văn hóa ấp",
        value=6_000_000,
        by=province.people[RECORDER],
    )


def _donors(province: Province, chance: random.Random) -> list[Donor]:
    """Organisations with those who answer for them, then people; phones and tax codes are invented."""
    by, found = province.people[RECORDER], []
    for number, (name, kind) in enumerate(GROUPS, 1):
        company = kind == "company"
        found.append(
            record_donor(
                unit=province.communes[number % len(province.communes)],
                kind=kind,
                name=name,
                phone=f"0900 000 2{number:02d}",
                address=chance.choice(HAMLETS),
                tax_code=f"180000000{number}" if company and number < 10 else None,
                representative=giver(chance),
                position="Giám đốc" if company else "Trưởng đơn vị",
                members=None if company else 20 + number,
                introduced_by=province.communes[0] if number % 2 else None,
                by=by,
            )
        )
    for number in range(PERSONS):
        unit = province.communes[number % len(province.communes)]
        phone = f"0900 000 3{number:02d}" if number % 3 else None
        found.append(
            record_donor(
                unit=unit,
                kind="person",
                name=giver(chance),
                phone=phone,
                address=chance.choice(HAMLETS),
                by=by,
            )
        )
    return found


def _stores(province: Province, today: date) -> tuple[Store, dict[str, Item]]:
    """A store with what was there at the start, packed into kits of which some went out."""
    by, unit = province.people[ACCOUNTANT], province.unit
    store = record_store(
        code="KHO-MH",
        name="Kho Ban vận động Quỹ tỉnh",
        unit=unit,
        fund_id=province.fund.id,
        keeper_name="Lê Văn Hậu",
        address="Số 12 đường Hòa Bình",
    )
    rice = record_item(name="Gạo tẻ", measure="kg", code="GAO", price=16_000, packs={"bao": 10 * ONE})
    noodles = record_item(name="Mì gói", measure="gói", code="MI", price=4_000, packs={"thùng": 30 * ONE})
    oil = record_item(name="Dầu ăn 1 lít", measure="chai", code="DAU", price=42_000, keeps_lots=True)
    blanket = record_item(name="Chăn ấm", measure="cái", code="CHAN", price=180_000)
    kit = record_item(
        name="Suất quà Tết",
        measure="suất",
        code="QUA-TET",
        parts={rice.id: 10 * ONE, noodles.id: 30 * ONE, oil.id: 2 * ONE},
    )
    start = today - timedelta(days=40)
    rows = [
        SlipRow(rice.id, 600 * ONE, 600 * 16_000),
        SlipRow(noodles.id, 1_800 * ONE, 1_800 * 4_000),
        SlipRow(oil.id, 120 * ONE, 120 * 42_000, lot_code="L01", expires_on=today + timedelta(days=25)),
    ]
    receive(store=store, source="opening", rows=rows, day=start, by=by, remark="Hàng còn của đợt trước")
    pack_kits(store=store, kit=kit, quantity=40 * ONE, day=start + timedelta(days=5), by=by)
    issue(
        store=store,
        rows=[SlipRow(kit.id, 12 * ONE)],
        day=start + timedelta(days=20),
        by=by,
        partner="Phạm Ngọc Lan, cán bộ Mặt trận xã Tân Phú Hòa",
        remark="Trao 12 hộ nghèo xã Tân Phú Hòa",
    )
    return store, {"rice": rice, "noodles": noodles, "oil": oil, "blanket": blanket, "kit": kit}


def _gifts(
    province: Province,
    campaign: Campaign,
    donors: list[Donor],
    store: Store,
    items: dict[str, Item],
    chance: random.Random,
    today: date,
) -> list[Donation]:
    """A mixed gift, goods for the store, a bond, dollars, a group's bag, money whose giver is not known yet."""
    unit, fund, day = province.unit, province.fund, max(campaign.starts_on, today - timedelta(days=6))
    here: dict[str, Any] = {"unit_id": unit.id, "fund_id": fund.id, "campaign_id": campaign.id, "day": day}
    rate = Foreign("USD", 50_000, 263_100_000, "Vietcombank, mua chuyển khoản", day)

    def stocked(item: Item, count: int, price: int) -> Part:
        return Part(
            "goods",
            count * price,
            goods=item.name,
            quantity=str(count),
            measure=item.measure,
            item_id=item.id,
            store_id=store.id,
            thousandths=count * ONE,
        )

    def of(donor: Donor, *parts: Part, shown_as: str | None = "name") -> Gift:
        return Gift(
            **here,
            parts=parts,
            donor_id=donor.id,
            donor_name=donor.name,
            donor_kind=donor.kind,
            address=donor.address,
            shown_as=shown_as,
        )

    gifts = [
        of(donors[0], Part("cash", 30_000_000), stocked(items["rice"], 200, 16_500)),
        of(donors[1], stocked(items["blanket"], 60, 180_000)),
        of(donors[-1], Part("papers", 10_000_000, goods="Trái phiếu Chính phủ, mệnh giá 10 triệu đồng")),
        of(donors[-2], Part("cash", 13_155_000, foreign=rate), shown_as="initials"),
        Gift(
            **here,
            parts=(Part("cash", 5_400_000),),
            donor_name=GROUP,
            donor_kind="group",
            shown_as="name",
            people=PEOPLE,
        ),
        Gift(
            **here,
            parts=(Part("bank", 2_000_000, bank_account_id=province.bank.id),),
            donor_pending=True,
            note="Người gọi hẹn gửi lại tên",
        ),
    ]
    posted = post_gifts(gifts, by=province.people[RECORDER])
    found = [db.session.get_one(Donation, one.donation_id) for one in posted]
    rows = [
        MemberRow(giver(chance), amount=200_000, shown_as="name" if n % 3 else None) for n in range(NAMED)
    ]
    name_members(found[4], rows, province.people[RECORDER])
    return found


def _pledges(
    province: Province,
    campaign: Campaign,
    donors: list[Donor],
    gifts: list[Donation],
    chance: random.Random,
    today: date,
) -> None:
    """Promises of the ceremony: money in parts, goods, a house, labour; some kept, one overdue."""
    by = province.people[RECORDER]
    first = max(campaign.starts_on, today - timedelta(days=18))

    def promised(
        donor: Donor, kind: str, amount: int | None, *dues: date, content: str | None = None
    ) -> Pledge:
        share = None if amount is None or len(dues) < 2 else amount // len(dues)
        return record_pledge(
            unit=province.unit,
            fund=province.fund,
            campaign=campaign,
            pledged_on=first,
            donor=donor,
            donor_name=donor.name,
            donor_kind=donor.kind,
            phone=donor.phone,
            address=donor.address,
            shown_as="name",
            kind=kind,
            amount=amount,
            instalments=[(day, share) for day in dues],
            content=content,
            announced=True,
            by=by,
        )

    soon, later = today + timedelta(days=12), today + timedelta(days=45)
    kept = promised(donors[0], "money", 60_000_000, first + timedelta(days=15), soon)
    promised(donors[2], "money", 40_000_000, first + timedelta(days=10))
    promised(donors[3], "house", 80_000_000, later, content="Một căn nhà Đại đoàn kết tại xã Rạch Tre")
    promised(donors[4], "goods", 15_000_000, soon, content="300 suất quà Tết cho trẻ em")
    promised(donors[5], "labour", None, soon, content="40 ngày công dựng nhà")
    for donor in chance.sample(donors[6:], 5):
        promised(donor, "money", chance.choice((500_000, 1_000_000, 2_000_000, 5_000_000)), soon)
    gift = gifts[0]
    fulfil(kept, posting_number=gift.posting_number, ordinal=gift.ordinal, amount=30_000_000, by=by)
