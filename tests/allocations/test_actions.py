"""Money on its way: confirmed wholly and in parts, explained, reversed; who may; what the figures say meanwhile."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.allocations.actions import confirm
from portal.allocations.differences import ask_difference, decide_difference
from portal.allocations.models import Allocation
from portal.allocations.queries import on_the_way, rows_left
from portal.kit.access import ACCOUNTANT, APPROVER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import close_period, request_reversal, reverse
from portal.ledger.models import Account, Posting
from portal.operate.verify import first_problem
from portal.spending.queries import free_of, held_at
from tests.allocations.builders import figures, give, make_allocation
from tests.cast import Cast, make_account, make_campaign, make_fund, make_user
from tests.figures.test_money import holds
from tests.spending.builders import DAY, make_decision, make_payment, make_row

OWN, COMMON = 600_000, 400_000


@pytest.fixture
def fund(db_session):
    return make_fund()


@pytest.fixture
def treasurer(cast: Cast):
    """Kế toán of the province, who may write in the communes, too."""
    return make_user(name="Lâm Thị Tỉnh", role=ACCOUNTANT, unit=cast.province)


@pytest.fixture
def own(cast: Cast):
    """A campaign of the commune alone."""
    return make_campaign(unit=cast.commune, name="Tết vì người nghèo")


@pytest.fixture
def common(cast: Cast):
    """A campaign of the province, in which both communes take part."""
    return make_campaign(unit=cast.province)


@pytest.fixture
def sent(cast: Cast, fund, own, common) -> Allocation:
    """From the commune's box to the other commune: two rows, of two campaigns."""
    for campaign, amount in ((own, OWN), (common, COMMON), (None, 900_000)):
        give(unit=cast.commune, campaign=campaign, amount=amount, fund=fund)
    rows = [(own, OWN), (common, COMMON)]
    return make_allocation(
        unit=cast.commune, to_unit=cast.other_commune, rows=rows, maker=cast.accountant, approver=cast.chair
    )


def held(unit, fund) -> int:
    return held_at(unit.id, fund.id, holder_id=None, bank_account_id=None)


def moved(posting: Posting) -> list[tuple[str, int | None, int | None, int]]:
    """(purpose, campaign, partner, đồng) of a document's lines."""
    found = []
    for line in posting.transfers:
        account = next(one for one in (line.debit, line.credit) if one.kind in ("moved", "other"))
        found.append((account.purpose, account.campaign_id, account.partner_id, line.amount))
    return found


def test_sent_money_is_still_the_senders_and_nobody_spends_it_twice(cast, fund, own, common, sent) -> None:
    assert (sent.state, sent.left, sent.sent_on) == ("on_the_way", 1_000_000, DAY)
    here = figures(cast.commune)
    assert (here["balance.closing"], here["balance.on_the_way"]) == (1_900_000, 1_000_000)
    assert (here["allocated.out"], held(cast.commune, fund)) == (0, 900_000)
    assert on_the_way(cast.commune.id, fund.id, own.id) == OWN
    assert on_the_way(cast.commune.id, fund.id, common.id) == COMMON
    assert (
        free_of(cast.commune.id, fund.id, own.id) == 0 and free_of(cast.commune.id, fund.id, None) == 900_000
    )
    rows = [make_row(campaign=own, amount=1)]
    decision = make_decision(unit=cast.commune, maker=cast.accountant, issuer=cast.chair, rows=rows)
    with pytest.raises(Refused, match="chỉ còn 0 đồng chưa chi"):
        make_payment(decision=decision, maker=cast.accountant, approver=cast.chair)


def test_the_receiver_confirms_and_both_books_say_the_same(cast, fund, own, common, sent, outsider) -> None:
    receipt = confirm(sent, amount=1_000_000, received_on=DAY, by=outsider, note="Đủ")
    assert (sent.state, sent.left, rows_left(sent)) == ("received", 0, [])
    out, into = receipt.outgoing, receipt.incoming
    assert moved(out) == [
        ("freed", own.id, cast.other_commune.id, OWN),
        ("out", common.id, cast.other_commune.id, COMMON),
    ]
    assert moved(into) == [("in", None, cast.commune.id, OWN), ("in", common.id, cast.commune.id, COMMON)]
    assert (out.booked_on, out.kind, into.paper_number) == (into.booked_on, "allocation", "PB-0001/2026")
    assert (into.by_id, into.second_id) == (outsider.id, cast.accountant.id)
    assert held(cast.other_commune, fund) == 1_000_000
    assert on_the_way(cast.commune.id, fund.id, own.id) == 0
    assert free_of(cast.other_commune.id, fund.id, common.id) == COMMON
    assert free_of(cast.other_commune.id, fund.id, None) == OWN
    whole = figures(cast.province)
    assert (whole["allocated.in"], whole["allocated.out"], whole["balance.closing"]) == (0, 0, 1_900_000)
    assert figures(cast.province, own)["allocated.out"] == OWN, "the campaign has given it away"
    assert figures(cast.province, common)["balance.closing"] == COMMON
    with pytest.raises(Refused, match="Đã nhận đủ"):
        confirm(sent, amount=1, received_on=DAY, by=outsider)
    assert first_problem(db.session.connection()) is None


def test_parts_are_taken_from_the_rows_in_order(cast, fund, own, common, sent, outsider) -> None:
    first = confirm(sent, amount=700_000, received_on=DAY, by=outsider)
    assert [row[3] for row in moved(first.outgoing)] == [OWN, 100_000]
    assert (sent.state, sent.left) == ("partly", 300_000)
    assert on_the_way(cast.commune.id, fund.id, common.id) == 300_000
    with pytest.raises(Refused, match="Chỉ còn 300.000 đồng đang chuyển"):
        confirm(sent, amount=300_001, received_on=DAY, by=outsider)
    account = make_account(unit=cast.other_commune)
    with pytest.raises(Refused, match="không thuộc đơn vị"):
        confirm(sent, amount=1, received_on=DAY, bank_account=make_account(unit=cast.commune), by=outsider)
    second = confirm(sent, amount=300_000, received_on=DAY, bank_account=account, by=outsider)
    assert moved(second.incoming) == [("in", common.id, cast.commune.id, 300_000)]
    assert held_at(cast.other_commune.id, fund.id, holder_id=None, bank_account_id=account.id) == 300_000
    assert sent.state == "received"


def test_whoever_paid_does_not_confirm(cast, fund, sent, treasurer) -> None:
    with pytest.raises(Refused, match="không tự xác nhận thay"):
        confirm(sent, amount=1_000_000, received_on=DAY, by=cast.accountant)
    with pytest.raises(Refused, match="từ ngày đó trở đi"):
        confirm(sent, amount=1_000_000, received_on=date(2026, 11, 9), by=treasurer)
    with pytest.raises(Refused, match="chưa tới"):
        confirm(sent, amount=1_000_000, received_on=date(2200, 1, 1), by=treasurer)
    assert confirm(sent, amount=1_000_000, received_on=DAY, by=treasurer).received_on == DAY


def test_both_documents_are_booked_on_the_later_open_day(cast, fund, sent, outsider) -> None:
    close_period(cast.other_commune, fund, date(2026, 11, 15), by=None)
    receipt = confirm(sent, amount=400_000, received_on=date(2026, 11, 12), by=outsider)
    assert {receipt.outgoing.booked_on, receipt.incoming.booked_on} == {date(2026, 11, 16)}
    close_period(cast.commune, fund, date(2026, 11, 20), by=None)
    later = confirm(sent, amount=100_000, received_on=date(2026, 11, 12), by=outsider)
    assert {later.outgoing.booked_on, later.incoming.booked_on} == {date(2026, 11, 21)}
    assert {later.outgoing.document_on, later.incoming.document_on} == {date(2026, 11, 12)}


@pytest.mark.parametrize("side", ["out_number", "in_number"])
def test_reversing_one_side_reverses_the_other(cast, fund, sent, outsider, chair, treasurer, side) -> None:
    told = figures(cast.province)
    receipt = confirm(sent, amount=700_000, received_on=DAY, by=outsider)
    db.session.commit()
    with pytest.raises(Refused, match="chưa đảo phiếu chuyển được"):
        reverse(sent.voucher.posting, reason="Nhầm", by=cast.accountant, second=chair)
    db.session.rollback()
    other = {"out_number": "in_number", "in_number": "out_number"}[side]
    asked = request_reversal(
        db.session.get_one(Posting, getattr(receipt, other)), reason="Nhầm", by=cast.officer
    )
    posting = db.session.get_one(Posting, getattr(receipt, side))
    reverse(posting, reason="Đếm nhầm", by=outsider, second=treasurer)
    assert asked.approved and asked.decided_by_id == treasurer.id, "both sides may have asked"
    mirrors = db.session.scalars(
        select(Posting).where(Posting.kind == "reversal", Posting.reason == "Đếm nhầm")
    )
    found = mirrors.all()
    assert {one.reverses for one in found} == {receipt.out_number, receipt.in_number}
    assert {one.booked_on for one in found} == {today_in_vietnam()}
    assert (sent.state, sent.left, receipt.reversed_at is None) == ("on_the_way", 1_000_000, False)
    assert held(cast.other_commune, fund) == 0
    assert figures(cast.province) == told and holds(figures(cast.commune))
    confirm(sent, amount=1_000_000, received_on=DAY, by=outsider)
    assert sent.state == "received" and first_problem(db.session.connection()) is None


def test_spent_money_is_not_taken_back(cast, fund, sent, outsider, treasurer) -> None:
    boss = make_user(name="Mai Duyệt", role=APPROVER, unit=cast.other_commune)
    receipt = confirm(sent, amount=1_000_000, received_on=DAY, by=outsider)
    decision = make_decision(
        unit=cast.other_commune, maker=outsider, issuer=boss, rows=[make_row(amount=OWN)], number="1/QĐ"
    )
    make_payment(decision=decision, maker=outsider, approver=boss)
    give(unit=cast.other_commune, campaign=None, amount=1, fund=fund)
    db.session.commit()
    with pytest.raises(Refused, match="đã được bàn giao, nộp ngân hàng hoặc chi"):
        reverse(receipt.outgoing, reason="Nhầm", by=outsider, second=boss)
    db.session.rollback()
    elsewhere = make_campaign(unit=cast.other_commune)
    give(unit=cast.other_commune, campaign=elsewhere, amount=OWN, fund=fund)  # cash, but of another source
    with pytest.raises(Refused, match="theo nguồn chung: đảo sẽ làm nguồn âm 599.999 đồng"):
        reverse(receipt.incoming, reason="Nhầm", by=outsider, second=boss)


def test_money_paid_from_the_bank_is_not_taken_back(cast, fund, common, sent, outsider) -> None:
    boss = make_user(name="Mai Duyệt", role=APPROVER, unit=cast.other_commune)
    account = make_account(unit=cast.other_commune)
    receipt = confirm(sent, amount=1_000_000, received_on=DAY, bank_account=account, by=outsider)
    give(unit=cast.other_commune, campaign=common, amount=COMMON, fund=fund)  # enough money, but in the box
    decision = make_decision(
        unit=cast.other_commune, maker=outsider, issuer=boss, rows=[make_row(campaign=common, amount=COMMON)]
    )
    make_payment(decision=decision, maker=outsider, approver=boss, bank_account=account)
    with pytest.raises(Refused, match="nơi giữ tiền âm 400.000 đồng"):
        reverse(receipt.incoming, reason="Nhầm", by=outsider, second=boss)


def test_a_difference_is_named_by_one_and_decided_by_another(cast, fund, own, common, sent, outsider) -> None:
    confirm(sent, amount=900_000, received_on=DAY, by=outsider)
    ask = {"allocation": sent, "reason": "Ngân hàng trừ phí", "by": cast.accountant}
    for wrong, said in (
        ({"cause": "??", "amount": 1}, "Chưa chọn nguyên nhân"),
        ({"cause": "fee", "amount": 1, "reason": " "}, "Chưa ghi lý do"),
        ({"cause": "fee", "amount": 100_001}, "Chỉ còn 100.000 đồng"),
    ):
        with pytest.raises(Refused, match=said):
            ask_difference(**{**ask, **wrong})
    fee = ask_difference(**ask, cause="fee", amount=20_000)
    with pytest.raises(Refused, match="đang chờ duyệt"):
        ask_difference(**ask, cause="fee", amount=20_000)
    assert sent.left == 100_000, "nothing moves before it is decided"
    with pytest.raises(Refused, match="phải khác người lập"):
        decide_difference(fee, approve=True, answer="", by=cast.accountant)
    with pytest.raises(Refused, match="lý do từ chối"):
        decide_difference(fee, approve=False, answer=" ", by=cast.chair)
    db.session.refresh(fee)
    posting = decide_difference(fee, approve=True, answer="", by=cast.chair)
    assert moved(posting) == [("fee", common.id, None, 20_000)]
    assert (sent.left, sent.state) == (80_000, "partly")
    no = ask_difference(**ask, cause="other", amount=10_000)
    assert (
        decide_difference(no, approve=False, answer="Chờ thêm", by=cast.chair) is None and sent.left == 80_000
    )
    other = ask_difference(**ask, cause="other", amount=30_000)
    decide_difference(other, approve=True, answer="", by=cast.chair)
    back = ask_difference(**ask, cause="returned", amount=50_000)
    decide_difference(back, approve=True, answer="", by=cast.chair)
    assert (sent.state, sent.left) == ("closed", 0)
    assert held(cast.commune, fund) == 950_000
    found = figures(cast.commune)
    assert (found["other.total"], found["balance.on_the_way"]) == (-50_000, 0) and holds(found)
    assert free_of(cast.commune.id, fund.id, common.id) == 50_000
    reverse(other.posting, reason="Tìm thấy", by=cast.accountant, second=cast.chair)
    assert (sent.state, sent.left) == ("partly", 30_000)
    reverse(back.posting, reason="Chưa về", by=cast.accountant, second=cast.chair)
    assert (sent.left, held(cast.commune, fund)) == (80_000, 900_000)
    confirm(sent, amount=80_000, received_on=DAY, by=outsider)
    assert sent.state == "closed" and first_problem(db.session.connection()) is None


def test_returned_money_that_was_spent_is_not_on_the_way_again(cast, fund, own, common, sent) -> None:
    back = ask_difference(sent, cause="returned", amount=OWN, reason="Sai địa chỉ", by=cast.accountant)
    decide_difference(back, approve=True, answer="", by=cast.chair)
    rows = [make_row(campaign=own, amount=OWN)]
    decision = make_decision(unit=cast.commune, maker=cast.accountant, issuer=cast.chair, rows=rows)
    make_payment(decision=decision, maker=cast.accountant, approver=cast.chair)
    assert held(cast.commune, fund) == 900_000, "there is cash, but of another source"
    with pytest.raises(Refused, match="đảo sẽ làm nguồn âm 600.000 đồng"):
        reverse(back.posting, reason="Chưa về", by=cast.accountant, second=cast.chair)


def test_reversing_the_sent_voucher_brings_the_money_back(cast, fund, own, sent, outsider) -> None:
    asked = ask_difference(sent, cause="returned", amount=1, reason="Đem về", by=cast.accountant)
    reverse(sent.voucher.posting, reason="Chuyển nhầm", by=cast.accountant, second=cast.chair)
    assert (sent.state, sent.left, sent.voucher.state) == ("reversed", 0, "reversed")
    assert asked.approved is False and held(cast.commune, fund) == 1_900_000
    assert on_the_way(cast.commune.id, fund.id, own.id) == 0
    with pytest.raises(Refused, match="Đã đảo"):
        confirm(sent, amount=1, received_on=DAY, by=outsider)
    with pytest.raises(Refused, match="Đã đảo"):
        ask_difference(sent, cause="fee", amount=1, reason="Phí", by=cast.accountant)
    assert db.session.scalar(select(func.sum(Allocation.left))) == 0
    assert first_problem(db.session.connection()) is None


def test_up_and_down_the_campaign_is_kept_where_it_lives(cast, fund, own, common, treasurer) -> None:
    """Down, the province's campaign is the commune's, too; up, the commune's own becomes "chung"."""
    boss = make_user(name="Mai Duyệt", role=APPROVER, unit=cast.province)
    give(unit=cast.province, campaign=common, amount=500, fund=fund)
    down = make_allocation(
        unit=cast.province, to_unit=cast.commune, rows=[(common, 500)], maker=treasurer, approver=boss
    )
    assert moved(confirm(down, amount=500, received_on=DAY, by=cast.officer).incoming)[0][1] == common.id
    give(unit=cast.commune, campaign=own, amount=70, fund=fund)
    up = make_allocation(
        unit=cast.commune, to_unit=cast.province, rows=[(own, 70), (common, 30)], maker=cast.accountant,
        approver=cast.chair,
    )  # fmt: skip
    lines = moved(confirm(up, amount=100, received_on=DAY, by=treasurer).incoming)
    assert [(line[1], line[3]) for line in lines] == [(None, 70), (common.id, 30)]
    for unit in (cast.province, cast.commune, cast.other_commune):
        for campaign in (None, own, common):
            assert holds(figures(unit, campaign))
    assert figures(cast.province, common)["allocated.out"] == 0
    assert figures(cast.commune, common)["allocated.out"] == 30
    pair = select(Account.partner_id).where(Account.kind == "on_the_way", Account.unit_id == cast.commune.id)
    assert list(db.session.scalars(pair)) == [cast.province.id]
