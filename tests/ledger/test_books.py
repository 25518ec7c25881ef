"""The actions of the ledger: numbers, closed periods, reversal of whole documents, two people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.kit.days import today_in_vietnam
from portal.kit.errors import Refused
from portal.ledger import actions, queries
from portal.ledger.models import Posting, Transfer
from portal.ledger.rules import Line
from tests.cast import make_campaign, make_donation, make_fund, make_unit

DAY = date(2024, 3, 1)


@pytest.fixture
def campaign(db_session, cast):
    """An open campaign of the commune."""
    return make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=None)


def post(cast: Any, day: date = DAY, amount: int = 1_000, **head: Any) -> Posting:
    """A payment in cash."""
    fund = make_fund()
    place = {"unit_id": cast.commune.id, "fund_id": fund.id}
    cash = actions.account_for(kind="cash", **place)
    spent = actions.account_for(kind="spent", purpose="gifts", **place)
    head = {"by": cast.accountant, **head}
    return actions.post(
        "payment", unit=cast.commune, fund=fund, document_on=day, lines=[Line(cash, spent, amount)], **head
    )


def test_numbers_follow_each_other_and_papers_by_year(db_session, cast) -> None:
    first, second = post(cast, series="PC"), post(cast, series="PC")
    other_year = post(cast, date(2023, 5, 5), series="PC")
    assert second.number == first.number + 1 and other_year.number == first.number + 2
    assert [found.paper_number for found in (first, second, other_year)] == [
        "PC-0001/2024",
        "PC-0002/2024",
        "PC-0001/2023",
    ]


def test_a_refused_document_leaves_no_gap(db_session, cast) -> None:
    first = post(cast, series="PC")
    db_session.commit()
    with pytest.raises(Refused):
        post(cast, today_in_vietnam() + timedelta(days=1), series="PC")
    db_session.rollback()
    second = post(cast, series="PC")
    assert (second.number, second.series_no) == (first.number + 1, 2)


def test_a_closed_period_takes_nothing(db_session, cast) -> None:
    actions.close_period(cast.commune, make_fund(), date(2024, 3, 31), by=cast.accountant)
    moved = post(cast)
    assert (moved.document_on, moved.booked_on) == (DAY, date(2024, 4, 1))
    with pytest.raises(Refused, match="Sổ đã khóa đến hết ngày 31/03/2024") as refused:
        post(cast, booked_on=DAY)
    assert refused.value.field == "booked_on"
    assert post(cast, date(2024, 5, 2)).booked_on == date(2024, 5, 2)


def test_closing_goes_forwards_and_into_the_past_only(db_session, cast) -> None:
    fund = make_fund()
    actions.close_period(cast.commune, fund, date(2024, 3, 31), by=cast.accountant)
    for through in (date(2024, 3, 31), date(2024, 2, 29), today_in_vietnam()):
        with pytest.raises(Refused) as refused:
            actions.close_period(cast.commune, fund, through, by=cast.accountant)
        assert refused.value.field == "through"
    assert queries.closed_through(cast.commune.id, fund.id) == date(2024, 3, 31)
    assert queries.closed_through(cast.other_commune.id, fund.id) is None


def test_an_ended_unit_takes_no_new_document(db_session, cast) -> None:
    ended = make_unit(name="Xã Cũ", valid_to=date(2024, 6, 30))
    campaign = make_campaign(unit=ended, starts_on=date(2024, 1, 1), ends_on=None)
    make_donation(campaign=campaign, by=cast.officer, day=date(2024, 6, 30))
    with pytest.raises(Refused, match="Xã Cũ đã kết thúc ngày 30/06/2024"):
        make_donation(campaign=campaign, by=cast.officer, day=date(2024, 7, 1))


def test_a_reversal_mirrors_the_whole_document_once(db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=700_000)
    mirror = actions.reverse(gift.posting, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    (line,) = db_session.scalars(select(Transfer).where(Transfer.posting_number == gift.posting_number))
    (back,) = db_session.scalars(select(Transfer).where(Transfer.posting_number == mirror.number))
    assert (back.credit_id, back.debit_id, back.amount) == (line.debit_id, line.credit_id, 700_000)
    assert mirror.reverses == gift.posting_number and mirror.second_name == cast.chair.name
    assert queries.account_balance(line.debit_id) == 0
    with pytest.raises(Refused, match="đã được đảo"):
        actions.reverse(gift.posting, reason="Lần nữa", by=cast.officer, second=cast.chair)
    with pytest.raises(Refused, match="không đảo được lần nữa"):
        actions.reverse(mirror, reason="Lần nữa", by=cast.officer, second=cast.chair)


def test_nobody_approves_their_own_request(db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY)
    asked = actions.request_reversal(gift.posting, reason="Ghi nhầm", by=cast.officer)
    with pytest.raises(Refused, match="Người duyệt phải khác người lập"):
        actions.decide_reversal(asked, approve=True, answer="", by=cast.officer)
    assert queries.reversal_of(gift.posting_number) is None


def test_a_refusal_needs_its_reason_and_ends_the_request(db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY)
    asked = actions.request_reversal(gift.posting, reason="Ghi nhầm", by=cast.officer)
    with pytest.raises(Refused, match="lý do từ chối"):
        actions.decide_reversal(asked, approve=False, answer=" ", by=cast.chair)
    assert actions.decide_reversal(asked, approve=False, answer="Số đúng rồi", by=cast.chair) is None
    with pytest.raises(Refused, match="đã được trả lời"):
        actions.decide_reversal(asked, approve=True, answer="", by=cast.chair)
    again = actions.request_reversal(gift.posting, reason="Vẫn nhầm", by=cast.officer)
    with pytest.raises(Refused, match="đang chờ duyệt"):
        actions.request_reversal(gift.posting, reason="Nữa", by=cast.officer)
    assert actions.decide_reversal(again, approve=True, answer="", by=cast.chair) is not None


def test_only_lines_that_move_money_of_one_unit(db_session, cast) -> None:
    fund = make_fund()
    here = {"unit_id": cast.commune.id, "fund_id": fund.id}
    cash = actions.account_for(kind="cash", **here)
    store = actions.account_for(kind="store", **here)
    received = actions.account_for(kind="received", purpose="cash", **here)
    foreign = actions.account_for(kind="cash", unit_id=cast.other_commune.id, fund_id=fund.id)
    wrong = ([], [Line(cash, cash, 1)], [Line(received, store, 1)], [Line(received, foreign, 1)])
    for lines in wrong:
        with pytest.raises(ValueError):
            actions.post("donation", unit=cast.commune, fund=fund, document_on=DAY, lines=lines, by=None)
    for amount in (0, -1):
        with pytest.raises(Refused):
            actions.post(
                "donation",
                unit=cast.commune,
                fund=fund,
                document_on=DAY,
                by=None,
                lines=[Line(received, cash, amount)],
            )
    assert db_session.scalar(select(Posting.number)) is None
