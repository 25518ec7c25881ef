"""Many people at once, on both engines: one household once a round, the last ten parcels go out exactly ten times."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.distributions import rules
from portal.distributions.actions_release import release
from portal.distributions.actions_rows import add_by_criteria, add_households
from portal.distributions.models import Distribution, DistributionRow, Portion
from portal.goods.models import StockBalance
from portal.households.models_registry import Household
from portal.kit.db import db, writing
from portal.kit.errors import Busy, Refused
from portal.people.models import User
from tests.distributions.builders import DAY, make_approved, make_list, portion_of
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_hamlet, make_household
from tests.ledger.test_at_once import in_threads

HOUSEHOLDS = 40
PARCELS, REQUESTS, THREADS = 10, 100, 10


def patiently(work: Any) -> str:
    """What became of one click: "done", or the sentence of the refusal; who is told to wait clicks again."""
    while True:
        try:
            with writing():
                work()
                db.session.commit()
            return "done"
        except Busy:
            continue
        except Refused as refused:
            return refused.text


def test_two_requests_never_put_one_household_twice_into_a_round(app: Flask, db_session, cast) -> None:
    """The province and the commune, each by criteria and by code, all at the same households."""
    hamlet = make_hamlet(cast)
    ids = [make_household(unit=hamlet, name=f"Trần Văn Thứ {place}").id for place in range(HOUSEHOLDS)]
    lists = [
        make_list(unit=unit, maker=cast.accountant)
        for unit in (cast.commune, cast.province, cast.commune, cast.province)
    ]
    chosen = [(one.id, portion_of(one).id) for one in lists]
    by_id = cast.accountant.id
    db_session.commit()

    def work(number: int) -> str:
        list_id, portion_id = chosen[number % 4]

        def click() -> None:
            distribution, portion = (
                db.session.get_one(Distribution, list_id),
                db.session.get_one(Portion, portion_id),
            )
            by = db.session.get_one(User, by_id)
            if number < 4:
                add_by_criteria(distribution, select(Household.id), portion=portion, by=by)
            else:
                add_households(distribution, ids[number::8], portion=portion, by=by)

        return patiently(click)

    said = in_threads(app, 8, work)
    assert all(text == "done" or "đã có trong danh sách" in text for text in said)
    db_session.rollback()
    rows = select(func.count(), func.count(DistributionRow.household_id.distinct()))
    assert tuple(db_session.execute(rows).one()) == (HOUSEHOLDS, HOUSEHOLDS)


def test_the_last_ten_parcels_go_out_ten_times(app: Flask, db_session, cast) -> None:
    """A hundred approved lists of a parcel each, ten parcels in the store: ten lists are released."""
    store, parcel, hamlet = make_store(unit=cast.commune), make_item(name="Suất quà Tết"), make_hamlet(cast)
    bring(store=store, item=parcel, quantity=PARCELS, value=PARCELS * 300_000)
    ids = []
    for place in range(REQUESTS):
        household = make_household(unit=hamlet, name=f"Lê Văn Thứ {place}")
        one = make_approved(
            unit=cast.commune,
            maker=cast.accountant,
            approver=cast.chair,
            households=[household],
            amount=None,
            item=parcel,
            store=store,
            officer=cast.officer,
            content=f"Tặng quà lần {place}",
        )
        ids.append(one.id)
    store_id, by_id = store.id, cast.accountant.id
    db_session.commit()

    def work(number: int) -> list[str]:
        return [
            patiently(
                lambda list_id=list_id: release(
                    db.session.get_one(Distribution, list_id), by=db.session.get_one(User, by_id), on=DAY
                )
            )
            for list_id in ids[number::THREADS]
        ]

    said = [text for told in in_threads(app, THREADS, work) for text in told]
    assert said.count("done") == PARCELS
    assert sum("không còn Suất quà Tết" in text for text in said) == REQUESTS - PARCELS
    db_session.rollback()
    states = dict(
        db_session.execute(select(Distribution.state, func.count()).group_by(Distribution.state)).all()
    )
    assert states == {rules.RELEASED: PARCELS, rules.APPROVED: REQUESTS - PARCELS}
    left = dict(db_session.execute(select(StockBalance.store_id, StockBalance.quantity)).all())
    assert left.pop(store_id) == 0
    assert list(left.values()) == [PARCELS * 1_000]
