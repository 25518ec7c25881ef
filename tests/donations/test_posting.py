"""Gifts of several parts and gifts in numbers: what is written, what is refused, in how many statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, func, select

from portal.donations import search
from portal.donations.gifts import Foreign, Gift, Part, RefusedGift
from portal.donations.models import Donation, DonationWords, ForeignAmount
from portal.donations.posting import post_gifts
from portal.donations.rules import value_of
from portal.donors.models import Donor
from portal.goods.models import Item, Lot, StockBalance, StockMovement, Store
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.ledger.actions import close_period
from portal.ledger.models import Posting, Transfer
from portal.operate.verify import outcomes
from tests.cast import make_account, make_campaign, make_fund, make_unit

DAY = date(2024, 3, 1)
CASH = Part("cash", 500_000)
USD = Foreign("USD", 10_050, 261_500_000, "Vietcombank, mua tiền mặt", DAY)


@pytest.fixture
def campaign(db_session, cast):
    """A campaign of the commune that ended on 31/03/2024."""
    return make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 31))


@pytest.fixture
def rice(db_session) -> Item:
    """Rice by the kilogram."""
    return keep(Item(code="GAO", name="Gạo tẻ", folded="gao te", measure="kg"))


@pytest.fixture
def store(db_session, cast) -> Store:
    """The commune's store."""
    return keep(Store(code="K1", name="Kho xã", unit_id=cast.commune.id, fund_id=make_fund().id))


def keep(row: Any) -> Any:
    """Add and flush."""
    db.session.add(row)
    db.session.flush()
    return row


def gift(cast: Any, *parts: Part, **fields: Any) -> Gift:
    """A gift of the commune outside campaigns, unless said otherwise."""
    usual = {"day": DAY, "unit_id": cast.commune.id, "fund_id": make_fund().id, "campaign_id": None}
    return Gift(parts=parts or (CASH,), **{**usual, **fields})


def lines_of(number: int) -> list[tuple[int, str, str, int]]:
    """(ordinal, source purpose, place kind, amount) of a document."""
    rows = select(Transfer).where(Transfer.posting_number == number).order_by(Transfer.ordinal)
    return [
        (line.ordinal, line.credit.purpose, line.debit.kind, line.amount) for line in db.session.scalars(rows)
    ]


def books_agree() -> None:
    """`portal verify` finds nothing."""
    db.session.flush()
    assert [found.problem for found in outcomes(db.session.connection()) if found.problem] == []


def test_one_document_holds_every_kind(db_session, cast, campaign, rice, store) -> None:
    bank = make_account(unit=cast.commune)
    parts = (
        CASH,
        Part("bank", 2_000_000, bank_account_id=bank.id),
        Part("goods", 300_000, item_id=rice.id, store_id=store.id, thousandths=20_000, quantity="20"),
        Part("goods", 0, goods="Áo ấm", quantity="5", measure="cái"),
        Part("goods", 0, item_id=rice.id, store_id=store.id, thousandths=1_500, quantity="1,5"),
        Part("papers", 1_000_000, goods="Trái phiếu"),
    )
    (posted,) = post_gifts(
        [gift(cast, *parts, campaign_id=campaign.id, donor_name="Trần Văn Bình")], by=cast.officer
    )
    assert posted.paper_number == "PT-0001/2024"
    assert lines_of(posted.posting_number) == [
        (1, "cash", "cash", 500_000),
        (2, "bank", "transit", 2_000_000),
        (3, "goods", "store", 300_000),
        (6, "papers", "papers", 1_000_000),
    ]
    rows = db_session.scalars(select(Donation).order_by(Donation.id)).all()
    assert [row.id - rows[0].id for row in rows] == list(range(6))
    assert [row.part_of for row in rows] == [None, *[posted.donation_id] * 5]
    assert [row.amount for row in rows] == [500_000, 2_000_000, 300_000, 0, 0, 1_000_000]
    assert (rows[2].goods, rows[2].measure, rows[3].goods) == ("Gạo tẻ", "kg", "Áo ấm")
    assert {row.donor_name for row in rows} == {"Trần Văn Bình"}
    moved = db_session.scalars(select(StockMovement).order_by(StockMovement.ordinal)).all()
    assert [(row.ordinal, row.quantity, row.value) for row in moved] == [
        (3, 20_000, 300_000),
        (5, 1_500, None),
    ]
    kept = db_session.scalars(select(StockBalance)).one()
    assert (kept.quantity, kept.value) == (21_500, 300_000)
    books_agree()


def test_goods_alone_take_a_goods_receipt_and_valueless_ones_move_no_money(
    db_session, cast, rice, store
) -> None:
    with_value = Part("goods", 50_000, goods="Mì tôm")
    without = Part("goods", 0, item_id=rice.id, store_id=store.id, thousandths=500)
    words = Part("goods", 0, goods="Sách cũ")
    posted = post_gifts([gift(cast, part) for part in (with_value, without, words)], by=cast.officer)
    assert [made.paper_number for made in posted] == [f"NK-000{number}/2024" for number in (1, 2, 3)]
    assert [len(lines_of(made.posting_number)) for made in posted] == [1, 0, 0]
    assert db_session.scalar(select(func.count()).select_from(StockMovement)) == 1
    books_agree()


def test_numbers_of_both_series_have_no_gap(db_session, cast) -> None:
    mixed = [
        gift(cast),
        gift(cast, Part("goods", 9_000, goods="Gạo")),
        gift(cast, paper_number="BL-07"),
        gift(cast, Part("bank", 70_000)),
        gift(cast, Part("goods", 9_000, goods="Gạo"), Part("bank", 7_000)),
        gift(cast, day=date(2023, 5, 5)),
        gift(cast),
    ]
    posted = post_gifts(mixed, by=cast.officer)
    assert [made.paper_number for made in posted] == [
        "PT-0001/2024",
        "NK-0001/2024",
        None,
        None,
        None,
        "PT-0001/2023",
        "PT-0002/2024",
    ]
    assert [made.posting_number for made in posted] == list(
        range(posted[0].posting_number, posted[0].posting_number + 7)
    )
    books_agree()


def test_cash_lies_in_the_hand_or_the_box_and_foreign_cash_apart(db_session, cast) -> None:
    dollars = Part("cash", value_of("USD", USD.minor, USD.rate), foreign=USD)
    assert dollars.amount == 2_628_075
    (posted,) = post_gifts([gift(cast, CASH, dollars, holder_id=cast.officer.id)], by=cast.officer)
    lines = db_session.scalars(select(Transfer).where(Transfer.posting_number == posted.posting_number)).all()
    assert [(line.debit.kind, line.debit.holder_id, line.debit.purpose) for line in lines] == [
        ("cash", cast.officer.id, ""),
        ("cash", cast.officer.id, "usd"),
    ]
    kept = db_session.scalars(select(ForeignAmount)).one()
    assert (kept.donation_id, kept.currency, kept.minor) == (posted.donation_id + 1, "USD", 10_050)
    books_agree()


def test_a_known_donor_gives_name_kind_and_address(db_session, cast) -> None:
    donor = keep(
        Donor(
            unit_id=cast.commune.id,
            kind="company",
            name="Công ty An Bình",
            folded="cong ty an binh",
            sort_key="a",
            address="ấp Phú Lợi",
        )
    )
    (posted,) = post_gifts([gift(cast, donor_id=donor.id)], by=cast.officer)
    row = db_session.get_one(Donation, posted.donation_id)
    assert (row.donor_name, row.donor_kind, row.address) == ("Công ty An Bình", "company", "ấp Phú Lợi")


def test_a_closed_month_is_booked_in_the_open_one(db_session, cast, rice, store) -> None:
    close_period(cast.commune, make_fund(), date(2024, 3, 31), by=cast.accountant)
    goods = Part("goods", 1_000, item_id=rice.id, store_id=store.id, thousandths=1_000)
    (posted,) = post_gifts([gift(cast, goods)], by=cast.officer)
    posting = db_session.get_one(Posting, posted.posting_number)
    assert (posting.document_on, posting.booked_on) == (DAY, date(2024, 4, 1))
    assert db_session.scalar(select(StockMovement.booked_on)) == date(2024, 4, 1)


REFUSED = [
    ({"parts": ()}, "amount"),
    ({"parts": (CASH, Part("bank", 0))}, "amount"),
    ({"parts": (Part("cash", 5, goods="Gạo"),)}, "goods"),
    ({"parts": (Part("goods", 0),)}, "goods"),
    ({"parts": (Part("goods", 5, item_id=1),)}, "store_id"),
    ({"parts": (Part("goods", 5, item_id=1, store_id=1),)}, "quantity"),
    ({"parts": (Part("goods", 5, item_id=1, store_id=1, thousandths=-5),)}, "quantity"),
    ({"parts": (Part("goods", 5, item_id=9, store_id=1, thousandths=5),)}, "item_id"),
    ({"parts": (Part("goods", 5, item_id=1, store_id=2, thousandths=5),)}, "store_id"),
    ({"parts": (Part("goods", 5, item_id=1, store_id=1, thousandths=5, lot_id=1),)}, "lot_id"),
    ({"parts": (Part("goods", 5, goods="Gạo", thousandths=5),)}, "item_id"),
    ({"parts": (Part("cash", 5, bank_account_id=1),)}, "account"),
    ({"parts": (Part("bank", 5, bank_account_id=1),)}, "account"),
    ({"parts": (Part("cash", 2_628_074, foreign=USD),)}, "amount"),
    ({"parts": (Part("papers", 2_628_075, foreign=USD),)}, "form"),
    ({"parts": (Part("cash", 5, foreign=replace(USD, currency="XAU")),)}, "currency"),
    ({"parts": (Part("cash", 5, foreign=replace(USD, rate=0)),)}, "rate"),
    ({"parts": (Part("cash", 5, foreign=replace(USD, minor=0)),)}, "foreign"),
    ({"parts": (Part("cash", 5, foreign=replace(USD, rate_source=" ")),)}, "rate_source"),
    ({"donor_id": 99}, "donor_name"),
    ({"people": 0}, "people"),
    ({"holder_id": 999}, "holder_id"),
    ({"day": date(2200, 1, 1)}, "day"),
]


@pytest.mark.parametrize(("fields", "field"), REFUSED)
def test_a_refused_gift_is_named_and_nothing_is_written(
    db_session, cast, rice, store, fields: dict[str, Any], field: str
) -> None:
    make_account(unit=cast.other_commune)
    keep(Lot(item_id=keep(Item(code="B", name="B", folded="b", measure="kg")).id))
    keep(Store(code="K2", name="Kho khác", unit_id=cast.other_commune.id, fund_id=make_fund().id))
    db_session.commit()
    with pytest.raises(RefusedGift) as refused:
        post_gifts([gift(cast), replace(gift(cast), **fields)], by=cast.officer)
    assert (refused.value.field, refused.value.place) == (field, 1)
    assert refused.value.part == (len(fields["parts"]) - 1 if fields.get("parts") else None)
    assert db_session.scalar(select(Posting.number)) is None


def test_goods_that_keep_lots_say_theirs(db_session, cast, store) -> None:
    milk = keep(Item(code="SUA", name="Sữa", folded="sua", measure="hộp", keeps_lots=True))
    part = Part("goods", 0, item_id=milk.id, store_id=store.id, thousandths=1_000)
    with pytest.raises(RefusedGift, match="hạn dùng"):
        post_gifts([gift(cast, part)], by=None)
    lot = keep(Lot(item_id=milk.id, expires_on=date(2024, 9, 1)))
    post_gifts([gift(cast, replace(part, lot_id=lot.id))], by=None)
    assert db_session.scalar(select(StockBalance.lot_key)) == lot.id


def test_an_ended_unit_takes_no_gift(db_session, cast) -> None:
    ended = make_unit(name="Xã Cũ", valid_to=date(2023, 6, 30))
    with pytest.raises(RefusedGift, match="Xã Cũ đã kết thúc ngày 30/06/2023"):
        post_gifts([gift(cast, unit_id=ended.id)], by=None)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL statements sent inside."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_two_hundred_gifts_take_no_more_statements_than_two(db_session, cast, campaign, rice, store) -> None:
    def evening(count: int) -> list[Gift]:
        goods = Part("goods", 5_000, item_id=rice.id, store_id=store.id, thousandths=1_000)
        shapes = [(CASH,), (goods,), (CASH, goods), (Part("bank", 90_000),)]
        return [
            gift(cast, *shapes[place % 4], campaign_id=campaign.id, donor_name=f"Người {place}")
            for place in range(count)
        ]

    first, second = evening(4), evening(200)
    with counted() as few:
        post_gifts(first, by=cast.officer)
    with counted() as many:
        posted = post_gifts(second, by=cast.officer, second=cast.accountant)
    assert len(many) <= len(few) <= 60
    assert len(posted) == 200
    indexed = select(func.count()).select_from(DonationWords)
    assert db_session.scalar(indexed) == 5  # the many follow by the watermark, outside the posting
    while search.catch_up():
        pass
    assert db_session.scalar(indexed) == 255
    note = db_session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (note.action, note.changes["gifts"], note.changes["sum"]) == ("record", 200, 50 * 1_100_000)
    head = db_session.get_one(Posting, posted[-1].posting_number)
    assert (head.by_id, head.second_id, head.second_name) == (
        cast.officer.id,
        cast.accountant.id,
        cast.accountant.name,
    )
    books_agree()
