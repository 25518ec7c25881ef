"""Figures of the ledger over hand-made documents: units, campaigns, periods, reversal, closing, as-of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.figures import handed, houses, rewards
from portal.figures.registry import ROOMS, catalogue, compute, rows
from portal.figures.scope import Scope
from portal.kit.db import db
from portal.ledger.actions import account_for, close_period, post, reverse
from portal.ledger.rules import Line
from tests.cast import Cast, make_campaign, make_donation
from tests.figures.books import DAY, Books, now_number
from tests.sql import heard

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
LEDGER = ("received.", "refunded.", "other.", "allocated.", "spent.", "balance.")


def values(scope: Scope) -> dict[str, Any]:
    return {key: figure.value for key, figure in compute(scope).items()}


def holds(found: dict[str, Any]) -> bool:
    """The identity that every scope keeps."""
    left = (
        found["balance.opening"] + found["received.total"] - found["refunded.total"] + found["other.total"]
        + found["allocated.in"] - found["allocated.out"] - found["spent.total"]
    )  # fmt: skip
    return left == found["balance.closing"] + found["balance.untracked_change"]


@pytest.fixture
def books(cast: Cast, db_session: Session) -> Books:
    """A commune with something of everything, most of it in May."""
    books = Books(cast.commune)
    books.opening(10_000_000, date(2026, 2, 1))
    books.receive(1_000_000, date(2026, 1, 5))
    books.receive(2_000_000)
    books.receive(3_000_000, form="bank")
    books.receive(500_000, form="papers")
    books.receive(700_000, form="goods")
    books.receive(400_000, form="bank", place="untracked")
    books.spend(900_000, purpose="gifts")
    books.spend(300_000, purpose="hoc_bong")
    books.use("refunded", 100_000)
    books.gain("other", 5_000, purpose="interest", place="bank")
    books.use("other", 1_000, purpose="fee", place="bank")
    books.gain("moved", 800_000, purpose="in")
    books.use("moved", 250_000, purpose="out")
    books.gain("suspense", 60_000, place="bank")
    return books


def test_every_sum(cast: Cast, books: Books) -> None:
    found = values(Scope(cast.commune, *YEAR))
    assert {key: found[key] for key in found if key.startswith(LEDGER) and found[key]} == {
        "received.total": 6_900_000,
        "received.cash": 3_000_000,
        "received.bank": 3_400_000,
        "received.papers": 500_000,
        "received.goods": 700_000,
        "refunded.total": 100_000,
        "other.total": 4_000,
        "other.interest": 5_000,
        "other.fee": -1_000,
        "allocated.in": 800_000,
        "allocated.out": 250_000,
        "spent.total": 1_200_000,
        "spent.gifts": 900_000,
        "spent.hoc_bong": 300_000,
        "balance.opening": 10_000_000,
        "balance.closing": 15_754_000,
        "balance.untracked": 400_000,
        "balance.untracked_change": 400_000,
        "balance.suspense": 60_000,
        "balance.transit": 3_000_000,
        "balance.goods": 700_000,
    }
    assert found["spent.housing"] == 0 and found["pledged.total"] == 0


@pytest.mark.parametrize(
    "start, end",
    [YEAR, (DAY, DAY), (date(2026, 1, 6), date(2026, 5, 9)), (date(2026, 5, 11), date(2026, 12, 31))],
)
def test_identity_in_every_scope(cast: Cast, books: Books, start: date, end: date) -> None:
    campaign = make_campaign(unit=cast.province, starts_on=date(2026, 1, 1))
    books.receive(150_000, campaign=campaign)
    books.spend(50_000, campaign=campaign)
    for unit in (cast.commune, cast.province, cast.other_commune):
        for chosen in (None, campaign):
            for as_of in (None, now_number()):
                assert holds(values(Scope(unit, start, end, chosen, as_of)))


def test_units_below_count_and_others_do_not(cast: Cast, books: Books) -> None:
    Books(cast.other_commune).receive(5_000_000)
    assert values(Scope(cast.province, *YEAR))["received.total"] == 11_900_000
    assert values(Scope(cast.other_commune, *YEAR))["received.total"] == 5_000_000


def test_campaign_balances_are_its_own_sums(cast: Cast, books: Books) -> None:
    campaign = make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1))
    books.receive(150_000, date(2026, 3, 1), campaign=campaign)
    books.receive(30_000, campaign=campaign, form="goods")
    books.spend(50_000, date(2026, 4, 1), campaign=campaign)
    found = values(Scope(cast.commune, date(2026, 4, 1), date(2026, 12, 31), campaign))
    assert (found["balance.opening"], found["balance.closing"]) == (150_000, 100_000)
    assert (found["received.total"], found["balance.goods"], found["balance.untracked"]) == (0, 30_000, 0)
    assert found["balance.suspense"] is None


def move(books: Books, other: Books, amount: int, campaign: Any, *, carried: bool) -> None:
    """Both documents of money that went from one unit to the other."""
    away, home = books.unit.id, other.unit.id
    fund = books.fund.id
    freed = "out" if carried or campaign is None else "freed"
    theirs = campaign if carried else None
    out = account_for(
        unit_id=away, fund_id=fund, kind="moved", purpose=freed, partner_id=home,
        campaign_id=campaign.id if campaign else None,
    )  # fmt: skip
    into = account_for(
        unit_id=home, fund_id=fund, kind="moved", purpose="in", partner_id=away,
        campaign_id=theirs.id if theirs else None,
    )  # fmt: skip
    for unit, line in (
        (books.unit, Line(books.place("cash"), out, amount)),
        (other.unit, Line(into, other.place("cash"), amount)),
    ):
        post("allocation", unit=unit, fund=books.fund, document_on=DAY, lines=[line], by=None)


def test_money_between_units_of_the_scope_is_no_movement_of_it(cast: Cast, books: Books) -> None:
    other, own = Books(cast.other_commune), make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1))
    common = make_campaign(unit=cast.province, starts_on=date(2026, 1, 1))
    told = {key: values(Scope(cast.province, *YEAR))[key] for key in ("balance.closing", "allocated.out")}
    before = now_number()
    for amount, campaign, carried in ((70_000, None, False), (20_000, common, True), (3_000, own, False)):
        move(books, other, amount, campaign, carried=carried)
    seen = []
    for unit in (cast.province, cast.commune, cast.other_commune):
        for chosen in (None, common, own):
            for as_of in (None, before, now_number()):
                scope = Scope(unit, *YEAR, chosen, as_of)
                found = values(scope)
                assert holds(found)
                for key in ("allocated.in", "allocated.out", "balance.closing"):
                    assert sum(row["amount"] for row in rows(scope, key)) == found[key]
            seen.append((found["allocated.in"], found["allocated.out"]))
    assert seen == [
        (800_000, 250_000), (0, 0), (0, 3_000),  # the province with both
        (800_000, 343_000), (0, 20_000), (0, 3_000),
        (93_000, 0), (20_000, 0), (0, 0),
    ]  # fmt: skip
    assert {key: values(Scope(cast.province, *YEAR))[key] for key in told} == told


def test_what_is_on_the_way_is_the_senders(cast: Cast, books: Books) -> None:
    told = values(Scope(cast.commune, *YEAR))["balance.closing"]
    way = account_for(
        unit_id=cast.commune.id, fund_id=books.fund.id, kind="on_the_way", partner_id=cast.other_commune.id
    )
    line = Line(books.place("cash"), way, 60_000)
    post("allocation_sent", unit=cast.commune, fund=books.fund, document_on=DAY, lines=[line], by=None)
    found = values(Scope(cast.commune, *YEAR))
    assert (found["balance.on_the_way"], found["balance.closing"]) == (60_000, told)
    campaign = make_campaign(unit=cast.commune)
    assert values(Scope(cast.commune, *YEAR, campaign))["balance.on_the_way"] is None


def test_reversal_answers_in_its_own_period_and_as_of_stays(cast: Cast, books: Books) -> None:
    scope = Scope(cast.commune, *YEAR)
    posting = books.receive(2_500_000, date(2026, 6, 1))
    before = now_number()
    told = values(scope)
    close_period(cast.commune, books.fund, date(2026, 6, 30), by=None)
    mirror = reverse(posting, reason="nhập nhầm", by=cast.accountant, second=cast.chair)
    assert mirror.booked_on > date(2026, 6, 30)
    assert values(scope)["received.total"] == told["received.total"] - 2_500_000
    june = Scope(cast.commune, date(2026, 6, 1), date(2026, 6, 30))
    assert values(june)["received.total"] == 2_500_000, "a closed month does not change"
    assert values(Scope(cast.commune, *YEAR, as_of=before)) == told


def test_gifts_and_givers(cast: Cast, db_session: Session) -> None:
    campaign = make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1), ends_on=None)
    for name in ("Nguyễn Văn Lành", "NGUYEN VAN LANH", "Trần Thị Hiền", None):
        make_donation(campaign=campaign, day=DAY, donor_name=name)
    wrong = make_donation(campaign=campaign, day=DAY, donor_name="Lý Thị Thừa")
    before = now_number()
    reverse(wrong.posting, reason="trùng", by=cast.accountant, second=cast.chair)
    scope = Scope(cast.commune, *YEAR)
    found = values(scope)
    assert (found["received.count"], found["received.donors"]) == (4, 2)
    assert len(list(rows(scope, "received.count"))) == 4
    earlier = values(Scope(cast.commune, *YEAR, as_of=before))
    assert (earlier["received.count"], earlier["received.donors"]) == (5, 3)


def test_rows_add_up_to_every_figure_of_the_ledger(cast: Cast, books: Books) -> None:
    campaign = make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1))
    books.receive(150_000, campaign=campaign)
    for chosen in (None, campaign):
        for as_of in (None, now_number()):
            scope = Scope(cast.commune, date(2026, 2, 1), date(2026, 12, 31), chosen, as_of)
            for key, value in values(scope).items():
                if key.startswith(LEDGER) and key not in ("received.count", "received.donors"):
                    assert sum(row["amount"] for row in rows(scope, key)) == (value or 0), key


def test_statements_do_not_grow_with_gifts(cast: Cast, books: Books) -> None:
    """The rooms of money and reports ask 15 times at most; gifts, houses and rewards one by one, five times."""
    later = (handed, houses, rewards)

    def statements() -> tuple[int, int]:
        db.session.flush()
        seen: list[str] = []
        scope = Scope(cast.province, *YEAR).remembering()
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        for room in ROOMS:
            if room not in later:
                list(room.compute(scope))
        first = len(seen)
        for room in later:
            list(room.compute(scope))
        event.remove(db.engine, "before_cursor_execute", listener)
        return first, len(seen) - first

    statements()  # reads once what the session keeps
    few = statements()
    for _ in range(30):
        books.receive(10_000)
    assert statements() == few and few[0] <= 15 and few[1] <= 5


def test_figures_of_one_computation_share_what_they_read(cast: Cast) -> None:
    scope = Scope(cast.province, *YEAR)
    compute(scope)
    with heard() as shared:
        compute(scope)
    with heard() as apart:
        for room in ROOMS:
            list(room.compute(scope))
    assert len(shared) <= len(apart) - 5


def test_every_figure_is_in_the_catalogue(cast: Cast, books: Books) -> None:
    listed = {definition.key for definition in catalogue()}
    heads = {key.split("<")[0] for key in listed if "<" in key}
    for key in values(Scope(cast.commune, *YEAR)):
        assert key in listed or any(key.startswith(head) for head in heads), key
