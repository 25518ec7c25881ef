"""Gifts fulfil pledges: never more than is left of them, net of reversal and refunds, one match at a time, as-of true."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.donations.models import Donation
from portal.donations.refunds import decide_refund, request_refund
from portal.figures.registry import compute, rows
from portal.figures.scope import Scope
from portal.kit.audit import COMMAND_LINE, acting
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.numbers import last_number
from portal.ledger.actions import reverse
from portal.pledges import actions, matching, queries
from portal.pledges.models import Fulfilment, Pledge
from tests.cast import Cast, make_campaign, make_donation, make_fund
from tests.pledges.books import make_pledge, refund, turn_back

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
KEYS = ("pledged.total", "pledged.fulfilled", "pledged.outstanding")


@pytest.fixture
def gift(cast: Cast) -> Donation:
    """Three million đồng in cash."""
    return make_donation(campaign=make_campaign(unit=cast.commune), amount=3_000_000, by=cast.officer)


def match(pledge: Pledge, gift: Donation, amount: int, **how: Any) -> Fulfilment:
    return actions.fulfil(
        pledge, posting_number=gift.posting_number, ordinal=gift.ordinal, amount=amount, by=None, **how
    )


def figures(scope: Scope) -> list[int]:
    return [figure.value for figure in compute(scope, KEYS).values()]  # type: ignore[misc]


def test_a_gift_fulfils_what_is_left_of_it(cast: Cast, gift: Donation) -> None:
    first, second = make_pledge(unit=cast.commune), make_pledge(unit=cast.commune)
    match(first, gift, 2_000_000)
    with pytest.raises(Refused) as refused:
        match(second, gift, 1_000_001)
    assert refused.value.field == "amount" and "1.000.000" in refused.value.text
    match(second, gift, 1_000_000)
    with pytest.raises(Refused):
        match(first, gift, 1)
    assert queries.come_of(first.id) == 2_000_000 and queries.come_of(second.id) == 1_000_000


def test_more_than_the_pledge_only_when_it_is_meant(cast: Cast, gift: Donation) -> None:
    pledge = make_pledge(unit=cast.commune, amount=2_000_000)
    with pytest.raises(Refused) as refused:
        match(pledge, gift, 2_500_000)
    assert "500.000" in refused.value.text
    match(pledge, gift, 2_500_000, beyond=True)
    assert figures(Scope(cast.commune, *YEAR)) == [2_000_000, 2_000_000, 0], "the surplus is no promise"


def test_a_reversed_gift_fulfils_nothing_and_yesterday_stays_true(cast: Cast, gift: Donation) -> None:
    pledge = make_pledge(unit=cast.commune)
    match(pledge, gift, 3_000_000)
    then = last_number()
    turn_back(gift=gift, by=cast.accountant, second=cast.chair)
    assert queries.come_of(pledge.id) == 0
    assert figures(Scope(cast.commune, *YEAR)) == [5_000_000, 0, 5_000_000]
    assert figures(Scope(cast.commune, *YEAR, as_of=then)) == [5_000_000, 3_000_000, 2_000_000]
    with pytest.raises(Refused):
        match(pledge, gift, 1)


def test_a_refund_takes_from_what_is_free_then_from_the_latest_match(cast: Cast, gift: Donation) -> None:
    first, second = make_pledge(unit=cast.commune), make_pledge(unit=cast.commune)
    match(first, gift, 1_500_000)
    match(second, gift, 1_000_000)
    then = last_number()
    for amount, left in (
        (500_000, (1_500_000, 1_000_000)),
        (700_000, (1_500_000, 300_000)),
        (800_000, (1_000_000, 0)),
    ):
        paper = refund(gift=gift, amount=amount, by=cast.accountant, second=cast.chair)
        matching.follow_refund(gift.posting_number, gift.ordinal, number=paper.number)
        assert (queries.come_of(first.id), queries.come_of(second.id)) == left
        assert matching.left_of_gift(gift.posting_number, gift.ordinal) == 0
    assert figures(Scope(cast.commune, *YEAR, as_of=then))[1] == 2_500_000


def test_a_reversed_refund_gives_back_what_it_took(cast: Cast, gift: Donation) -> None:
    first, second = make_pledge(unit=cast.commune), make_pledge(unit=cast.commune)
    match(first, gift, 2_000_000)
    match(second, gift, 1_000_000)
    asked = request_refund(
        gift,
        amount=1_500_000,
        place="cash",
        receiver="Nguyễn Văn An",
        reason="Chuyển nhầm",
        by=cast.accountant,
    )
    paper = decide_refund(asked, approve=True, answer="", by=cast.chair)
    assert paper is not None
    assert (queries.come_of(first.id), queries.come_of(second.id)) == (1_500_000, 0)
    then = last_number()
    reverse(paper, reason="Trả nhầm", by=cast.accountant, second=cast.chair)
    assert (queries.come_of(first.id), queries.come_of(second.id)) == (2_000_000, 1_000_000)
    assert figures(Scope(cast.commune, *YEAR, as_of=then))[1] == 1_500_000
    assert matching.left_of_gift(gift.posting_number, gift.ordinal) == 0


def test_release_and_its_history(cast: Cast, gift: Donation) -> None:
    pledge = make_pledge(unit=cast.commune)
    row = match(pledge, gift, 1_000_000)
    actions.release(row, by=cast.officer)
    with pytest.raises(Refused):
        actions.release(row, by=cast.officer)
    assert queries.come_of(pledge.id) == 0
    match(pledge, gift, 3_000_000)


def test_what_cannot_be_matched(cast: Cast, gift: Donation) -> None:
    pledge = make_pledge(unit=cast.commune)
    with pytest.raises(Refused):
        match(pledge, gift, 0)
    with pytest.raises(Refused):
        actions.fulfil(pledge, posting_number=gift.posting_number, ordinal=9, amount=1, by=None)
    foreign = make_campaign(unit=cast.commune, fund=make_fund(code="CUUTRO"))
    with pytest.raises(Refused):
        match(pledge, make_donation(campaign=foreign, by=cast.officer), 1)
    actions.cancel_pledge(pledge, reason="Xin rút", by=cast.officer)
    with pytest.raises(Refused):
        match(pledge, gift, 1)


def test_goods_fulfil_at_the_agreed_value(cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    rice = make_donation(campaign=campaign, form="goods", amount=40_000_000, goods="gạo", by=cast.officer)
    house = make_pledge(unit=cast.commune, kind="house", content="01 căn nhà", amount=60_000_000)
    match(house, rice, 40_000_000)
    labour = make_pledge(unit=cast.commune, kind="labour", quantity="20", measure="ngày công", amount=None)
    match(labour, make_donation(campaign=campaign, by=cast.officer), 500_000)
    found = queries.totals_of(queries.standing())
    assert (found.total, found.things, found.without_money) == (0, 60_000_000, 2)


def test_two_at_once_get_the_rest_only_once(app: Flask, cast: Cast, gift: Donation) -> None:
    pledges = [make_pledge(unit=cast.commune, amount=3_000_000).id for _ in range(4)]
    posting, ordinal = gift.posting_number, gift.ordinal
    db.session.commit()
    start = Barrier(len(pledges))

    def take(pledge_id: int) -> bool:
        start.wait()
        with app.app_context(), acting(None, COMMAND_LINE), writing():
            pledge = db.session.get_one(Pledge, pledge_id)
            try:
                actions.fulfil(pledge, posting_number=posting, ordinal=ordinal, amount=2_000_000, by=None)
            except Refused:
                return False
            db.session.commit()
            return True

    db.session.remove()
    with ThreadPoolExecutor(len(pledges)) as pool:
        assert sorted(pool.map(take, pledges)) == [False, False, False, True]
    assert [row.amount for row in db.session.scalars(select(Fulfilment))] == [2_000_000]


def test_the_rest_of_one_pledge_is_taken_only_once(app: Flask, cast: Cast) -> None:
    pledge_id = make_pledge(unit=cast.commune, amount=1_000_000).id
    campaign = make_campaign(unit=cast.commune)
    gifts = [make_donation(campaign=campaign, amount=1_000_000, by=cast.officer) for _ in range(3)]
    keys = [(gift.posting_number, gift.ordinal) for gift in gifts]
    db.session.commit()
    start = Barrier(len(keys))

    def take(key: tuple[int, int]) -> bool:
        start.wait()
        with app.app_context(), acting(None, COMMAND_LINE), writing():
            pledge = db.session.get_one(Pledge, pledge_id)
            try:
                actions.fulfil(pledge, posting_number=key[0], ordinal=key[1], amount=1_000_000, by=None)
            except Refused:
                return False
            db.session.commit()
            return True

    db.session.remove()
    with ThreadPoolExecutor(len(keys)) as pool:
        assert sorted(pool.map(take, keys)) == [False, False, True]


def test_figures_by_unit_campaign_and_period(cast: Cast) -> None:
    campaign = make_campaign(unit=cast.province)
    make_pledge(unit=cast.commune, campaign=campaign, amount=1_000_000)
    make_pledge(unit=cast.other_commune, amount=2_000_000)
    make_pledge(unit=cast.commune, amount=4_000_000, pledged_on=date(2025, 3, 3))
    gone = make_pledge(unit=cast.commune, campaign=campaign, amount=8_000_000)
    actions.cancel_pledge(gone, reason="Xin rút", by=cast.officer)
    total: Callable[..., int] = lambda *scope, **how: figures(Scope(*scope, **how))[0]  # noqa: E731
    assert total(cast.province, *YEAR) == 3_000_000
    assert total(cast.commune, *YEAR) == 1_000_000
    assert total(cast.province, *YEAR, campaign=campaign) == 1_000_000
    assert total(cast.province, date(2025, 1, 1), date(2025, 12, 31)) == 4_000_000
    behind = list(rows(Scope(cast.province, *YEAR), "pledged.outstanding"))
    assert sum(row["outstanding"] for row in behind) == 3_000_000
    assert not any("name" in key for row in behind for key in row)


def test_the_ageing_adds_up_to_what_is_outstanding(cast: Cast, gift: Donation) -> None:
    from datetime import timedelta

    from portal.kit.days import today_in_vietnam

    today = today_in_vietnam()
    start = today - timedelta(days=200)
    ago = lambda days: today - timedelta(days=days)  # noqa: E731
    make_pledge(unit=cast.commune, amount=1_000_000, pledged_on=start)
    parts = [(ago(100), 2_000_000), (ago(45), 1_500_000), (ago(-5), 500_000)]
    plan = make_pledge(unit=cast.commune, amount=4_000_000, pledged_on=start, instalments=parts)
    make_pledge(unit=cast.commune, amount=9_000_000, pledged_on=start, instalments=[(ago(30), None)])
    make_pledge(
        unit=cast.commune,
        kind="goods",
        content="gạo",
        amount=None,
        pledged_on=start,
        instalments=[(ago(70), None)],
    )
    match(plan, gift, 2_200_000)
    found = queries.ageing(queries.standing())
    assert found == {"chua": 1_500_000, "30": 9_000_000, "60": 1_300_000, "90": 0, "tren": 0}
    assert sum(found.values()) == queries.totals_of(queries.standing()).outstanding
    late = db.session.execute(queries.overdue(cast.officer)).all()
    assert (len(late), sum(row.money for row in late)) == (3, 10_300_000)
    assert min(row.due_on for row in late) == ago(70)
    for other in (cast.outsider, cast.auditor):
        assert not db.session.execute(queries.overdue(other)).all()
