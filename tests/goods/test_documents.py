"""Every document of the store: what it moves, what it is worth, what it refuses, how it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.goods.actions import (
    Found,
    decide_count,
    issue,
    pack_kits,
    request_count,
    take_back,
    transfer,
    unpack_kits,
    withdraw_count,
)
from portal.goods.models import StockBalance, StockMovement
from portal.goods.rules import SlipRow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import close_period, reverse
from portal.ledger.models import Account, DayTotal
from portal.operate.verify import outcomes
from tests.cast import make_campaign, make_fund
from tests.goods.builders import DAY, bring, make_item, make_store

NEXT = DAY + timedelta(days=1)


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    """The work inside is refused with this sentence, and leaves nothing behind."""
    db.session.commit()
    with pytest.raises(Refused, match=sentence):
        yield
    db.session.rollback()


@pytest.fixture
def store(db_session, cast):
    """The store of the commune."""
    return make_store(unit=cast.commune)


@pytest.fixture
def noodles(db_session):
    """Thirty to a box."""
    return make_item(packs={"thùng": 30_000}, price=3_500)


def lies(store, item) -> tuple[int, int]:
    """(thousandths, đồng) in the store now."""
    sums = select(
        func.coalesce(func.sum(StockBalance.quantity), 0), func.coalesce(func.sum(StockBalance.value), 0)
    )
    found = db.session.execute(
        sums.where(StockBalance.store_id == store.id, StockBalance.item_id == item.id)
    ).one()
    return int(found[0]), int(found[1])


def balance(kind: str) -> int:
    """Debit − credit of the accounts of goods of this kind, đồng."""
    total = select(func.coalesce(func.sum(DayTotal.debit - DayTotal.credit), 0)).join(Account)
    if kind != "store":
        total = total.where(Account.purpose == "goods")
    return int(db.session.scalar(total.where(Account.kind == kind)) or 0)


def agree() -> None:
    """Everything that `portal verify` looks at."""
    db.session.flush()
    wrong = [outcome.problem for outcome in outcomes(db.session.connection()) if outcome.problem]
    assert not wrong, wrong


def test_a_receipt_brings_goods_and_their_value(db_session, cast, store, noodles) -> None:
    posting = bring(store=store, item=noodles, quantity=150, value=450_000, by=cast.officer)
    assert posting.paper_number == "NK-0001/2026" and posting.kind == "receipt"
    assert (
        lies(store, noodles) == (150_000, 450_000)
        and balance("store") == 450_000
        and balance("other") == -450_000
    )
    opening = bring(store=store, item=noodles, quantity=10, by=cast.officer, source="opening")
    assert opening.kind == "opening" and opening.paper_number == "NK-0002/2026" and not opening.transfers
    assert lies(store, noodles) == (160_000, 450_000)
    agree()


def test_goods_leave_at_average_and_the_last_piece_takes_the_rest(db_session, cast, store, noodles) -> None:
    bring(store=store, item=noodles, quantity=3, value=100, by=cast.officer)
    campaign = make_campaign(unit=cast.commune)
    for quantity, value in ((1, 33), (1, 34), (1, 33)):
        rows = [SlipRow(noodles.id, quantity * 1_000)]
        posting = issue(
            store=store, rows=rows, day=NEXT, by=cast.officer, campaign=campaign, partner="Lê Văn Nhận"
        )
        assert [line.amount for line in posting.transfers] == [value]
        assert posting.transfers[0].debit.campaign_id == campaign.id
    assert (
        lies(store, noodles) == (0, 0) and balance("spent") == 100 and posting.paper_number == "XK-0003/2026"
    )
    agree()


def test_what_is_not_there_does_not_leave(db_session, cast, store, noodles) -> None:
    bring(store=store, item=noodles, quantity=7, by=cast.officer)
    with pytest.raises(Refused) as told:
        issue(store=store, rows=[SlipRow(noodles.id, 10_000)], day=NEXT, by=cast.officer)
    assert told.value.text == (
        "Kho “Kho xã” chỉ còn 7 gói Mì ăn liền, không đủ 10 gói Mì ăn liền. Sửa số lượng, hoặc ghi phiếu nhập trước."
    )
    assert told.value.field == "quantity"


def test_nothing_leaves_before_it_came(db_session, cast, store, noodles) -> None:
    bring(store=store, item=noodles, quantity=7, value=7_000, by=cast.officer, day=NEXT)
    with pytest.raises(
        Refused, match="Đến hết ngày 02/11/2026 kho “Kho xã” chỉ có 0 gói .* từ ngày 03/11/2026"
    ):
        issue(store=store, rows=[SlipRow(noodles.id, 1_000)], day=DAY, by=cast.officer)


def test_an_early_day_does_not_take_what_later_days_need(db_session, cast, store, noodles) -> None:
    bring(store=store, item=noodles, quantity=10, by=cast.officer)
    issue(store=store, rows=[SlipRow(noodles.id, 8_000)], day=NEXT, by=cast.officer)
    bring(store=store, item=noodles, quantity=10, by=cast.officer, day=NEXT + timedelta(days=3))
    with refused("Đến hết ngày 03/11/2026 .* chỉ có 2 gói"):
        issue(store=store, rows=[SlipRow(noodles.id, 5_000)], day=DAY, by=cast.officer)
    issue(store=store, rows=[SlipRow(noodles.id, 2_000)], day=DAY, by=cast.officer)
    agree()


def test_the_database_refuses_by_itself(db_session, cast, store, noodles) -> None:
    posting = bring(store=store, item=noodles, quantity=7, by=cast.officer)
    lone = StockMovement(
        posting_number=posting.number,
        ordinal=9,
        store_id=store.id,
        item_id=noodles.id,
        booked_on=DAY,
        quantity=-8_000,
    )
    db_session.add(lone)
    with pytest.raises(IntegrityError, match="below_zero"):
        db_session.flush()
    db_session.rollback()


@pytest.mark.parametrize(
    "statement", ["UPDATE stock_movement SET quantity = 1", "DELETE FROM stock_movement"]
)
def test_a_movement_stays_as_it_is(db_session, cast, store, noodles, statement: str) -> None:
    bring(store=store, item=noodles, quantity=7, by=cast.officer)
    with pytest.raises(IntegrityError):
        db_session.execute(text(statement))
    db_session.rollback()


def test_goods_move_between_stores_without_a_transfer(db_session, cast, store, noodles) -> None:
    hamlet = make_store(unit=cast.commune, code="KHO-AP", name="Kho ấp")
    bring(store=store, item=noodles, quantity=10, value=35_000, by=cast.officer)
    posting = transfer(
        store=store, to_store=hamlet, rows=[SlipRow(noodles.id, 4_000)], day=NEXT, by=cast.officer
    )
    assert posting.kind == "internal" and posting.paper_number == "CK-0001/2026" and not posting.transfers
    assert lies(store, noodles) == (6_000, 21_000) and lies(hamlet, noodles) == (4_000, 14_000)
    with refused("trùng nhau"):
        transfer(store=store, to_store=store, rows=[SlipRow(noodles.id, 1_000)], day=NEXT, by=cast.officer)
    other = make_store(unit=cast.other_commune, code="KHO-AL")
    with refused("không cùng đơn vị"):
        transfer(store=store, to_store=other, rows=[SlipRow(noodles.id, 1_000)], day=NEXT, by=cast.officer)
    agree()


def test_what_expires_first_leaves_first(db_session, cast, store) -> None:
    milk = make_item(name="Sữa hộp", measure="hộp", keeps_lots=True)
    with refused("theo dõi theo lô"):
        bring(store=store, item=milk, quantity=5, by=cast.officer)
    bring(
        store=store,
        item=milk,
        quantity=5,
        value=50_000,
        by=cast.officer,
        lot_code="B",
        expires_on=date(2027, 5, 1),
    )
    bring(
        store=store,
        item=milk,
        quantity=5,
        value=60_000,
        by=cast.officer,
        lot_code="A",
        expires_on=date(2027, 1, 1),
    )
    posting = issue(store=store, rows=[SlipRow(milk.id, 7_000)], day=NEXT, by=cast.officer)
    moved = db_session.scalars(
        select(StockMovement)
        .where(StockMovement.posting_number == posting.number)
        .order_by(StockMovement.ordinal)
    ).all()
    assert [(row.lot.code, row.quantity, row.value) for row in moved] == [
        ("A", -5_000, -60_000),
        ("B", -2_000, -20_000),
    ]
    with refused(r"chỉ còn 3 hộp Sữa hộp \(lô B, hạn 01/05/2027\)"):
        issue(store=store, rows=[SlipRow(milk.id, 4_000)], day=NEXT, by=cast.officer)
    agree()


def test_kits_are_packed_and_opened(db_session, cast, store, noodles) -> None:
    oil = make_item(name="Dầu ăn", measure="chai", price=40_000)
    kit = make_item(name="Suất quà Tết", measure="suất", parts={noodles.id: 10_000, oil.id: 1_000})
    bring(store=store, item=noodles, quantity=100, value=350_000, by=cast.officer)
    bring(store=store, item=oil, quantity=10, value=400_000, by=cast.officer)
    pack_kits(store=store, kit=kit, quantity=4_000, day=NEXT, by=cast.officer)
    assert lies(store, kit) == (4_000, 300_000) and lies(store, noodles) == (60_000, 210_000)
    unpack_kits(store=store, kit=kit, quantity=1_000, day=NEXT, by=cast.officer)
    assert lies(store, kit) == (3_000, 225_000)
    assert lies(store, noodles) == (70_000, 245_000) and lies(store, oil) == (7_000, 280_000)
    assert balance("store") == 750_000
    with refused("số nguyên"):
        pack_kits(store=store, kit=kit, quantity=500, day=NEXT, by=cast.officer)
    with refused("chưa có thành phần"):
        pack_kits(store=store, kit=oil, quantity=1_000, day=NEXT, by=cast.officer)
    with refused("chỉ còn 70 gói Mì ăn liền"):
        pack_kits(store=store, kit=kit, quantity=8_000, day=NEXT, by=cast.officer)
    agree()


def test_a_count_is_booked_when_another_person_approves(db_session, cast, store, noodles) -> None:
    rice = make_item(name="Gạo", measure="kg", price=20_000)
    bring(store=store, item=noodles, quantity=100, value=350_000, by=cast.officer)
    rows = [Found(noodles.id, None, 98_000, "Ẩm mốc"), Found(rice.id, None, 2_500)]
    count = request_count(store=store, counted_on=NEXT, rows=rows, by=cast.officer)
    assert lies(store, noodles) == (100_000, 350_000)
    with refused("Người duyệt phải khác người lập"):
        decide_count(count, approve=True, answer="", by=cast.officer)
    with refused("chờ duyệt"):
        request_count(store=store, counted_on=NEXT, rows=rows, by=cast.officer)
    posting = decide_count(count, approve=True, answer="", by=cast.chair)
    assert posting is not None and posting.kind == "count" and posting.second_id == cast.chair.id
    assert lies(store, noodles) == (98_000, 343_000) and lies(store, rice) == (2_500, 50_000)
    assert balance("other") == -350_000 + 7_000 - 50_000 and count.posting_number == posting.number
    agree()


def test_a_count_refuses_books_that_have_moved(db_session, cast, store, noodles) -> None:
    bring(store=store, item=noodles, quantity=10, by=cast.officer)
    count = request_count(
        store=store, counted_on=NEXT, rows=[Found(noodles.id, None, 9_000)], by=cast.officer
    )
    issue(store=store, rows=[SlipRow(noodles.id, 1_000)], day=NEXT, by=cast.officer)
    with refused("nay là 9 gói, khác lúc lập biên bản"):
        decide_count(count, approve=True, answer="", by=cast.chair)


def test_a_count_that_agrees_books_nothing_and_may_be_refused_or_taken_back(
    db_session, cast, store, noodles
) -> None:
    bring(store=store, item=noodles, quantity=10, by=cast.officer)
    rows = [Found(noodles.id, None, 10_000)]
    count = request_count(store=store, counted_on=DAY, rows=rows, by=cast.officer)
    assert decide_count(count, approve=True, answer="", by=cast.chair) is None and count.approved
    count = request_count(store=store, counted_on=DAY, rows=rows, by=cast.officer)
    with refused("lý do từ chối"):
        decide_count(count, approve=False, answer=" ", by=cast.chair)
    withdraw_count(count, by=cast.officer)
    assert count.approved is False
    with refused("đã được trả lời"):
        decide_count(count, approve=True, answer="", by=cast.chair)


def test_what_comes_back_comes_at_its_own_value(db_session, cast, store, noodles) -> None:
    bring(store=store, item=noodles, quantity=10, value=1_000, by=cast.officer)
    out = issue(store=store, rows=[SlipRow(noodles.id, 3_000)], day=NEXT, by=cast.officer)
    bring(store=store, item=noodles, quantity=7, value=70_000, by=cast.officer)
    back = take_back(out, rows=[SlipRow(noodles.id, 2_000)], day=NEXT, by=cast.officer)
    assert [line.amount for line in back.transfers] == [200] and balance("spent") == 100
    with refused("chỉ còn 1 gói chưa nhập lại"):
        take_back(out, rows=[SlipRow(noodles.id, 2_000)], day=NEXT, by=cast.officer)
    with refused("trước ngày xuất"):
        take_back(out, rows=[SlipRow(noodles.id, 1_000)], day=DAY, by=cast.officer)
    with refused("Đảo phiếu nhập lại trước"):
        reverse(out, reason="Ghi nhầm", by=cast.officer, second=cast.chair)


def test_a_reversal_takes_the_goods_back(db_session, cast, store, noodles) -> None:
    came = bring(store=store, item=noodles, quantity=10, value=1_000, by=cast.officer)
    out = issue(store=store, rows=[SlipRow(noodles.id, 4_000)], day=NEXT, by=cast.officer)
    with refused("chỉ còn 6 gói .* Hàng của phiếu này đã rời kho: đảo các phiếu xuất"):
        reverse(came, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    reverse(out, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    reverse(came, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    assert lies(store, noodles) == (0, 0) and balance("store") == 0
    agree()


def test_value_does_not_stay_where_no_goods_are_left(db_session, cast, store, noodles) -> None:
    dear = bring(store=store, item=noodles, quantity=10, value=10_000, by=cast.officer)
    bring(store=store, item=noodles, quantity=10, value=1_000, by=cast.officer)
    issue(store=store, rows=[SlipRow(noodles.id, 10_000)], day=NEXT, by=cast.officer)
    with refused("Đảo các phiếu xuất sau đó trước"):
        reverse(dear, reason="Ghi nhầm", by=cast.officer, second=cast.chair)


def test_a_closed_month_is_left_alone(db_session, cast, store, noodles) -> None:
    bring(store=store, item=noodles, quantity=10, by=cast.officer)
    close_period(cast.commune, make_fund(), DAY, by=cast.accountant)
    late = issue(store=store, rows=[SlipRow(noodles.id, 1_000)], day=DAY, by=cast.officer)
    assert (late.document_on, late.booked_on) == (DAY, NEXT)
    agree()


def test_other_units_and_empty_slips(db_session, cast, store, noodles) -> None:
    with refused("chưa có dòng hàng"):
        issue(store=store, rows=[], day=DAY, by=cast.officer)
    with refused("chưa tới"):
        bring(store=store, item=noodles, quantity=1, by=cast.officer, day=date(2126, 1, 1))
    noodles.withdrawn = True
    with refused("đã ngừng dùng"):
        bring(store=store, item=noodles, quantity=1, by=cast.officer)
