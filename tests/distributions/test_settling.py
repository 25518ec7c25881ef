"""Settling: money and goods in one moment, by two people, in parts; reversed as a whole; closing when all agrees."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.advances.actions import answer_settlement as answer_money
from portal.advances.actions_put_aside import answer_end, ask_to_end
from portal.advances.models import PutAside
from portal.distributions.actions_close import close, reopen, take_all_back
from portal.distributions.actions_handover import tell, tell_rest
from portal.distributions.actions_kept import give_kept, return_kept
from portal.distributions.actions_settle import answer_settlement, ask_settlement
from portal.distributions.closing import compared
from portal.distributions.models_handover import HandoverSettlement, KeptPortion
from portal.distributions.queries_fairness import told_of_units
from portal.distributions.rules_handover import Told
from portal.goods.models import StockBalance
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.spending.queries import free_of
from portal.units.queries import subtree
from tests.distributions.released import DAY, MONEY, RICE, make_released

PAPERS = "danh sách ký nhận, 01 trang"


def lying(store) -> int:
    """Whole kilos in a store."""
    rows = select(StockBalance.quantity).where(StockBalance.store_id == store.id)
    return sum(db.session.scalars(rows)) // 1_000


def say(made, place, outcome, by, **details):
    told = Told(outcome, DAY, **details)
    return tell(made.distribution, made.rows[place], told, key=f"{made.id}{outcome}{place}", seen=None, by=by)


def told_of_all(made, officer):
    """Two received, one through somebody, one absent, one refused."""
    say(made, 0, "received", officer)
    say(made, 1, "received", officer)
    say(made, 2, "proxy", officer, proxy_name="Lý Văn Con", proxy_relation="con")
    say(made, 3, "absent", officer)
    say(made, 4, "refused", officer, note="Nhường hộ khác")


def settled(made, officer, chair):
    told_of_all(made, officer)
    one = ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    answer_settlement(one, approve=True, answer="", by=chair)
    return one


@pytest.fixture
def made(cast):
    return make_released(cast)


def test_money_and_goods_are_booked_in_the_moment_of_the_answer(made, officer, chair, accountant) -> None:
    told_of_all(made, officer)
    one = ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    assert lying(made.hand) == 5 * RICE  # nothing yet
    with pytest.raises(Refused, match="khác người lập"):
        answer_settlement(one, approve=True, answer="", by=officer)
    with pytest.raises(Refused, match="chờ duyệt"):
        ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=accountant)
    answer_settlement(one, approve=True, answer="", by=chair)
    assert one.state == "approved" and one.settlement.posting_number
    kept = db.session.query(KeptPortion).one()
    assert (lying(made.hand), lying(made.store), lying(kept.store)) == (0, RICE, RICE)
    item = db.session.query(PutAside).one()
    assert (item.amount, item.receiver) == (MONEY, made.rows[3].receiver)
    assert [(row.paid, row.absent, row.returned) for row in one.settlement.rows] == [
        (MONEY, 0, 0),
        (MONEY, 0, 0),
        (MONEY, 0, 0),
        (0, MONEY, 0),
        (0, 0, MONEY),
    ]
    with pytest.raises(Refused, match="đã nằm trong lần thanh toán"):
        say(made, 0, "absent", officer)


def test_a_refused_settlement_moves_nothing_and_is_asked_anew(made, officer, chair) -> None:
    told_of_all(made, officer)
    one = ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    with pytest.raises(Refused, match="lý do"):
        answer_settlement(one, approve=False, answer=" ", by=chair)
    answer_settlement(one, approve=False, answer="Thiếu chữ ký", by=chair)
    assert one.state == "refused" and lying(made.hand) == 5 * RICE
    say(made, 3, "received", officer)
    two = ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    answer_settlement(two, approve=True, answer="", by=chair)
    assert two.state == "approved" and db.session.query(KeptPortion).count() == 0


def test_it_goes_in_parts(made, officer, chair) -> None:
    say(made, 0, "received", officer)
    first = ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    answer_settlement(first, approve=True, answer="", by=chair)
    with pytest.raises(Refused, match="chưa thanh toán"):
        ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    tell_rest(made.distribution, on=DAY, key="r", by=officer)
    second = ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    answer_settlement(second, approve=True, answer="", by=chair)
    assert (len(first.rows), len(second.rows), lying(made.hand)) == (1, 4, 0)


def test_the_answer_on_the_page_of_the_advance_moves_the_goods_too(made, officer, chair) -> None:
    told_of_all(made, officer)
    one = ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    answer_money(one.settlement, approve=True, answer="", by=chair)
    assert one.state == "approved" and one.answered_by_id == chair.id and lying(made.hand) == 0


@pytest.mark.parametrize("which", ["money", "goods"])
def test_one_document_reversed_is_all_reversed(made, officer, chair, accountant, which) -> None:
    one = settled(made, officer, chair)
    number = one.settlement.posting_number
    if which == "goods":
        number = db.session.scalars(
            select(Posting.number).where(Posting.kind == "issue").order_by(Posting.number.desc())
        ).first()
    reverse(db.session.get_one(Posting, number), reason="Ghi nhầm", by=accountant, second=chair)
    assert one.state == "reversed" and one.settlement.reversed
    assert (lying(made.hand), lying(made.store)) == (5 * RICE, 0)
    assert db.session.query(PutAside).one().void and db.session.query(KeptPortion).one().void
    say(made, 3, "received", officer)
    with pytest.raises(Refused, match="đã đảo ngày"):
        ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    today = today_in_vietnam()
    again = ask_settlement(made.distribution, settled_on=today, papers=PAPERS, by=officer)
    answer_settlement(again, approve=True, answer="", by=chair)
    assert lying(made.hand) == 0


def test_a_kept_portion_is_given_later_or_returned(made, officer, chair, accountant) -> None:
    one = settled(made, officer, chair)
    kept = db.session.query(KeptPortion).one()
    with pytest.raises(Refused) as refused:
        give_kept(kept, on=DAY, taken_by="Trần Văn Em", by=officer)
    assert refused.value.field == "relation"
    db.session.commit()
    posting = give_kept(kept, on=DAY, taken_by="Trần Văn Em", relation="em", by=officer)
    assert (kept.ended, lying(kept.store)) == ("given", 0)
    with pytest.raises(Refused, match="đã trao"):
        return_kept(kept, on=DAY, reason="x", by=officer)
    db.session.commit()
    money = db.session.get_one(Posting, one.settlement.posting_number)
    with pytest.raises(Refused, match="Đảo phiếu kho đó trước"):
        reverse(money, reason="x", by=accountant, second=chair)
    db.session.rollback()
    reverse(posting, reason="Nhầm người", by=accountant, second=chair)
    assert kept.ended is None


def test_what_came_later_counts_once_for_fairness_and_coverage(made, officer, chair) -> None:
    settled(made, officer, chair)
    kept, item = db.session.query(KeptPortion).one(), db.session.query(PutAside).one()
    household, unit = kept.row.household, made.distribution.unit
    inside = subtree(unit.id)
    assert household.id not in told_of_units(inside, DAY.year)
    give_kept(kept, on=DAY, by=officer)
    (line,) = told_of_units(inside, DAY.year)[household.id]
    assert (line.day, line.cash, line.goods) == (DAY, None, kept.row.goods)
    ask_to_end(item, wish="release", reason="", by=officer)
    answer_end(item, approve=True, answer="", by=chair)
    (line,) = told_of_units(inside, DAY.year)[household.id]
    assert (line.cash, line.goods) == (MONEY, kept.row.goods)


def test_what_nobody_takes_goes_back(made, officer, chair) -> None:
    settled(made, officer, chair)
    kept, item = db.session.query(KeptPortion).one(), db.session.query(PutAside).one()
    with pytest.raises(Refused, match="lý do"):
        return_kept(kept, on=DAY, reason="", by=officer)
    return_kept(kept, on=DAY, reason="Đã chuyển đi tỉnh khác", by=officer)
    assert (lying(kept.store), lying(made.store)) == (0, 2 * RICE)
    before = free_of(made.distribution.unit_id, made.distribution.fund_id, made.campaign.id)
    ask_to_end(item, wish="return", reason="Đã chuyển đi", by=officer)
    answer_end(item, approve=True, answer="", by=chair)
    after = free_of(made.distribution.unit_id, made.distribution.fund_id, made.campaign.id)
    assert after - before == MONEY


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"settled_on": DAY.replace(day=1)}, "settled_on"),
        ({"settled_on": DAY.replace(year=2099)}, "settled_on"),
        ({"papers": " "}, "papers"),
    ],
)
def test_what_is_missing_is_asked_for_at_its_field(made, officer, change, field) -> None:
    told_of_all(made, officer)
    wanted = {"settled_on": DAY, "papers": PAPERS, **change}
    with pytest.raises(Refused) as refused:
        ask_settlement(made.distribution, by=officer, **wanted)
    assert refused.value.field == field and db.session.query(HandoverSettlement).count() == 0


def test_goods_alone_and_money_alone(cast, officer, chair) -> None:
    for details in ({"money": None, "code": "1"}, {"goods": False, "code": "2"}):
        made = make_released(cast, **details)
        one = settled(made, officer, chair)
        assert one.state == "approved" and (one.settlement is None) == (made.distribution.way == "none")
        assert not [side for side in compared(made.distribution)[1:2] if not side.side.agrees]


def test_a_list_closes_only_when_everything_agrees(made, officer, chair) -> None:
    with pytest.raises(Refused, match="thiếu 5 hộ"):
        close(made.distribution, by=chair)
    told_of_all(made, officer)
    with pytest.raises(Refused, match="Hộ đã thanh toán"):
        close(made.distribution, by=chair)
    one = ask_settlement(made.distribution, settled_on=DAY, papers=PAPERS, by=officer)
    with pytest.raises(Refused, match="chờ duyệt"):
        close(made.distribution, by=chair)
    answer_settlement(one, approve=True, answer="", by=chair)
    with pytest.raises(Refused, match="trang ký nộp lại: 0 hộ so với 3 hộ"):
        close(made.distribution, by=chair)
    wrong = [one.side.name for one in compared(made.distribution) if not one.side.agrees]
    assert wrong == ["Hộ đã nhận có trang ký nộp lại"]


def test_what_was_told_can_be_taken_back_as_a_whole(made, officer) -> None:
    told_of_all(made, officer)
    with pytest.raises(Refused, match="lý do"):
        take_all_back(made.distribution, reason="", by=officer)
    assert take_all_back(made.distribution, reason="Hoãn vì bão", by=officer) == 5
    assert all(row.outcome is None for row in made.rows)
    with pytest.raises(Refused, match="chưa khóa"):
        reopen(made.distribution, reason="x", by=officer)
