"""Recording, changing, cancelling: numbers without gaps, versions under entries, who may not, what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import last_number
from portal.pledges import actions, queries
from portal.pledges.models import Pledge, PledgeTerms
from tests.cast import Cast, make_campaign, make_donation, make_fund
from tests.pledges.books import DAY, make_pledge

LATER = DAY + timedelta(days=60)


def test_numbers_follow_each_other_per_unit_fund_and_year(cast: Cast) -> None:
    first = make_pledge(unit=cast.commune)
    assert first.paper_number == "ĐK-0001/2026"
    with pytest.raises(Refused):
        make_pledge(unit=cast.commune, amount=0)
    assert make_pledge(unit=cast.commune).paper_number == "ĐK-0002/2026"
    assert make_pledge(unit=cast.other_commune).paper_number == "ĐK-0001/2026"
    other = make_pledge(unit=cast.commune, pledged_on=date(2025, 12, 30))
    assert other.paper_number == "ĐK-0001/2025"


def test_every_change_is_a_version_under_the_next_entry(cast: Cast) -> None:
    pledge = make_pledge(unit=cast.commune, by=cast.officer)
    before = last_number()
    actions.change_pledge(pledge, {"amount": 7_000_000}, by=cast.officer)
    assert last_number() == before + 1
    actions.change_pledge(pledge, {"amount": 7_000_000}, by=cast.officer)
    assert last_number() == before + 1, "nothing new takes no number"
    versions = db.session.scalars(select(PledgeTerms).order_by(PledgeTerms.id)).all()
    assert [(row.amount, row.until) for row in versions] == [(5_000_000, before + 1), (7_000_000, None)]
    old = db.session.scalars(select(PledgeTerms).where(PledgeTerms.as_of(before))).one()
    assert old.amount == 5_000_000


def test_cancelling_and_its_undo_are_versions(cast: Cast) -> None:
    pledge = make_pledge(unit=cast.commune)
    standing = last_number()
    with pytest.raises(Refused) as refused:
        actions.cancel_pledge(pledge, reason="  ", by=cast.officer)
    assert refused.value.field == "reason"
    actions.cancel_pledge(pledge, reason="Người đăng ký xin rút", by=cast.officer)
    with pytest.raises(Refused):
        actions.cancel_pledge(pledge, reason="lần nữa", by=cast.officer)
    assert queries.totals_of(queries.standing()).total == 0
    assert queries.totals_of(queries.standing(as_of=standing), as_of=standing).total == 5_000_000
    actions.restore_pledge(pledge, by=cast.officer)
    with pytest.raises(Refused):
        actions.restore_pledge(pledge, by=cast.officer)
    assert queries.totals_of(queries.standing()).total == 5_000_000
    assert db.session.scalar(select(func.count()).select_from(PledgeTerms)) == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": -1}, "amount"),
        ({"donor_name": ""}, "donor_name"),
        ({"kind": "goods"}, "content"),
        ({"kind": "?"}, "kind"),
        ({"shown_as": "?"}, "shown_as"),
        ({"pledged_on": date(2999, 1, 1)}, "pledged_on"),
        ({"instalments": [(LATER, 2_000_000), (LATER + timedelta(days=1), 2_000_000)]}, "dues"),
        ({"instalments": [(LATER, 2_000_000), (LATER, 3_000_000)]}, "dues"),
        ({"instalments": [(LATER, 0), (LATER + timedelta(days=1), 5_000_000)]}, "dues"),
        ({"instalments": [(DAY - timedelta(days=1), None)]}, "dues"),
        ({"kind": "goods", "content": "gạo", "amount": None, "instalments": [(LATER, 5)]}, "dues"),
    ],
)
def test_what_a_promise_cannot_say(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_pledge(unit=cast.commune, **changes)
    assert refused.value.field == field
    assert db.session.scalar(select(func.count()).select_from(Pledge)) == 0


def test_a_campaign_of_another_unit_or_fund_is_refused(cast: Cast) -> None:
    for campaign in (
        make_campaign(unit=cast.other_commune),
        make_campaign(unit=cast.commune, fund=make_fund(code="CUUTRO")),
    ):
        with pytest.raises(Refused) as refused:
            make_pledge(unit=cast.commune, campaign=campaign)
        assert refused.value.field == "campaign_id"
    assert make_pledge(unit=cast.commune, campaign=make_campaign(unit=cast.province)).id


def test_goods_a_house_and_labour(cast: Cast) -> None:
    rice = make_pledge(unit=cast.commune, kind="goods", content="gạo", quantity="2", measure="tấn", amount=None,
                       instalments=[(LATER, None)])  # fmt: skip
    terms = queries.terms_of(rice)
    assert [(part.due_on, part.amount) for part in terms.instalments] == [(LATER, 0)]
    labour = make_pledge(unit=cast.commune, kind="labour", quantity="20", measure="ngày công", amount=None)
    with pytest.raises(Refused) as refused:
        actions.say_met(labour, on=DAY, note="", by=cast.officer)
    assert refused.value.field == "met_note"
    actions.say_met(labour, on=DAY, note="20 ngày công tại xóm 3", by=cast.officer)
    assert queries.terms_of(labour).met_on == DAY
    actions.unsay_met(labour, by=cast.officer)
    assert queries.terms_of(labour).met_on is None
    with pytest.raises(Refused):
        actions.say_met(make_pledge(unit=cast.commune), on=DAY, note="đã nhận", by=cast.officer)
    assert queries.totals_of(queries.standing()).without_money == 2


def test_the_second_of_two_people_sees_that_it_was_changed(cast: Cast) -> None:
    pledge = make_pledge(unit=cast.commune)
    seen = queries.terms_of(pledge).id
    actions.change_pledge(pledge, {"note": "một"}, base=seen, by=cast.officer)
    with pytest.raises(Refused):
        actions.change_pledge(pledge, {"note": "hai"}, base=seen, by=cast.accountant)
    assert queries.terms_of(pledge).note == "một"


def test_the_day_stays_in_the_year_of_the_number(cast: Cast) -> None:
    pledge = make_pledge(unit=cast.commune)
    with pytest.raises(Refused) as refused:
        actions.change_pledge(pledge, {"pledged_on": date(2025, 5, 5)}, by=cast.officer)
    assert refused.value.field == "pledged_on"


def test_a_promise_is_never_received_nor_counted_as_a_gift(cast: Cast) -> None:
    from portal.figures.registry import compute
    from portal.figures.scope import Scope

    scope = Scope(cast.province, date(2026, 1, 1), date(2026, 12, 31))
    make_donation(campaign=make_campaign(unit=cast.commune), by=cast.officer)
    received = ("received.total", "received.count", "received.donors", "balance.closing", "rewards.total")
    before = {key: figure.value for key, figure in compute(scope, received).items()}
    make_pledge(unit=cast.commune, by=cast.officer, announced=True)
    make_pledge(unit=cast.commune, kind="goods", content="gạo", amount=9_000_000)
    assert {key: figure.value for key, figure in compute(scope, received).items()} == before
