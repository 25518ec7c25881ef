"""What a rule finds in the books: which gifts count for whom, years in a row, names that are not wanted."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.donations import refunds
from portal.donations.groups import name_members
from portal.donations.member_rows import MemberRow
from portal.donors.merging import merge, undo_merge
from portal.emulation import queries_rewards as queries
from portal.emulation.actions_rewards import (
    asked_by,
    drop_candidate,
    end_rule,
    make_run,
    record_consent,
    save_rule,
)
from portal.emulation.models_rewards import RewardCandidate, RewardEvidence
from portal.emulation.rules_nominations import public_name, span_text
from portal.kit.check_codes import new_check_code, read_check_code, shown_code
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.transfer_codes import find_codes, kind_of
from portal.ledger.actions import reverse
from tests.cast import make_campaign, make_donation
from tests.emulation.builders import YEAR, form_of, give, make_donor, make_rule, make_year
from tests.pledges.books import make_pledge
from tests.sql import heard


def found(
    rule: Any, start: date = YEAR[0], end: date = YEAR[1], **more: Any
) -> dict[str, tuple[int, int, int]]:
    """Name → (amount, times, years) of whom a rule finds."""
    rows = db.session.execute(queries.named(asked_by(rule, start, end), **more))
    return {row.name: (int(row.amount), int(row.times), int(row.years)) for row in rows}


@pytest.fixture
def campaign(cast):
    return make_year(unit=cast.commune)


@pytest.fixture
def donor(cast):
    return make_donor(unit=cast.commune, by=cast.officer)


def test_gifts_of_the_period_campaign_unit_and_kind(cast, campaign, donor) -> None:
    other = make_campaign(unit=cast.province, starts_on=date(2010, 1, 1), ends_on=None)
    give(donor=donor, campaign=campaign, amount=30_000_000, day=date(2026, 1, 1))
    give(donor=donor, campaign=campaign, amount=20_000_000, day=date(2026, 11, 20))
    give(donor=donor, campaign=campaign, amount=90_000_000, day=date(2025, 12, 31))
    give(donor=donor, campaign=other, unit=cast.commune, amount=7_000_000)
    assert found(make_rule(unit=cast.commune, by=cast.officer)) == {"Lê Văn Tâm": (57_000_000, 3, 1)}
    mine = make_rule(unit=cast.commune, by=cast.officer, name="Đợt này", campaign_id=campaign.id)
    assert found(mine) == {"Lê Văn Tâm": (50_000_000, 2, 1)}
    assert found(mine, end=date(2026, 11, 19)) == {}
    companies = make_rule(unit=cast.commune, by=cast.officer, name="Doanh nghiệp", kinds=("company",))
    assert found(companies) == {}
    assert found(make_rule(unit=cast.other_commune, by=cast.outsider)) == {}
    assert found(make_rule(unit=cast.province, by=cast.officer)) == {"Lê Văn Tâm": (57_000_000, 3, 1)}


def test_what_does_not_stand_does_not_count(cast, campaign, donor) -> None:
    rule = make_rule(unit=cast.commune, by=cast.officer, least=10_000_000)
    wrong = give(donor=donor, campaign=campaign, amount=50_000_000)
    reverse(wrong.posting, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    partly = give(donor=donor, campaign=campaign, amount=30_000_000)
    back = refunds.request_refund(
        partly, amount=18_000_000, place="cash", receiver="Lê Văn Tâm", reason="Chuyển nhầm", by=cast.officer
    )
    assert found(rule) == {"Lê Văn Tâm": (30_000_000, 1, 1)}  # asked for is not given back
    refunds.decide_refund(back, approve=True, answer="", by=cast.chair)
    assert found(rule) == {"Lê Văn Tâm": (12_000_000, 1, 1)}
    give(
        donor=donor,
        campaign=campaign,
        amount=40_000_000,
        form="goods",
        goods="gạo",
        quantity="2",
        measure="tấn",
    )
    assert found(rule) == {"Lê Văn Tâm": (12_000_000, 1, 1)}
    with_goods = make_rule(unit=cast.commune, by=cast.officer, name="Kể cả hiện vật", with_goods=True)
    assert found(with_goods) == {"Lê Văn Tâm": (52_000_000, 2, 1)}


def test_what_is_promised_never_counts(cast, campaign, donor) -> None:
    rule = make_rule(unit=cast.commune, by=cast.officer)
    told = {"donor_name": donor.name, "amount": 90_000_000, "pledged_on": YEAR[0]}
    pledge = make_pledge(unit=cast.commune, campaign=campaign, by=cast.officer, **told)
    pledge.donor_id = donor.id
    db.session.flush()
    give(donor=donor, campaign=campaign, amount=20_000_000)
    assert found(rule) == {} and found(rule, with_hidden=True) == {}
    give(donor=donor, campaign=campaign, amount=30_000_000)
    assert found(rule) == {"Lê Văn Tâm": (50_000_000, 2, 1)}


def test_merged_donors_are_one_and_parted_again(cast, campaign, donor) -> None:
    twin = make_donor(unit=cast.commune, by=cast.officer, name="Lê V. Tâm")
    give(donor=donor, campaign=campaign, amount=30_000_000)
    give(donor=twin, campaign=campaign, amount=25_000_000)
    rule = make_rule(unit=cast.commune, by=cast.officer)
    assert found(rule) == {}
    joined = merge(donor, twin, cast.officer)
    assert found(rule) == {"Lê Văn Tâm": (55_000_000, 2, 1)}
    undo_merge(joined, cast.officer)
    assert found(rule) == {}


def test_a_gift_without_a_name_counts_only_where_the_donor_agrees(cast, campaign, donor) -> None:
    give(donor=donor, campaign=campaign, shown_as="anonymous")
    rule = make_rule(unit=cast.commune, by=cast.officer)
    asked = asked_by(rule, *YEAR)
    assert found(rule) == {}
    assert [row.name for row in db.session.execute(queries.to_ask(asked))] == ["Lê Văn Tâm"]
    with pytest.raises(Refused, match="Chưa ghi ai trả lời"):
        record_consent(donor, agreed=True, asked_on=YEAR[1], note=" ", by=cast.officer)
    record_consent(donor, agreed=True, asked_on=YEAR[1], note="Gọi điện thoại", by=cast.officer)
    assert found(rule) == {"Lê Văn Tâm": (60_000_000, 1, 1)}
    record_consent(donor, agreed=False, asked_on=YEAR[1], note="Gọi lại", by=cast.officer)
    assert found(rule) == {}


def test_a_share_of_a_group_gift_is_the_persons(cast, campaign, donor) -> None:
    bag = make_donation(campaign=campaign, amount=80_000_000, donor_name="Nhóm bạn")
    bag.people = 2
    name_members(bag, [MemberRow("Lê Văn Tâm", amount=55_000_000, donor_id=donor.id)], cast.officer)
    assert found(make_rule(unit=cast.commune, by=cast.officer)) == {"Lê Văn Tâm": (55_000_000, 1, 1)}


def test_years_in_a_row_end_with_the_year_asked_for(cast, campaign, donor) -> None:
    for year in (2019, 2021, 2022, 2023, 2024):
        give(donor=donor, campaign=campaign, amount=1_000_000, day=date(year, 5, 1))
    give(donor=donor, campaign=campaign, amount=500_000, day=date(2024, 6, 1))
    told = {"measure": "years", "least": 4, "least_a_year": None}
    rule = make_rule(unit=cast.commune, by=cast.officer, **told)
    assert found(rule, date(2024, 1, 1), date(2024, 12, 31)) == {"Lê Văn Tâm": (4_500_000, 5, 4)}
    assert found(rule, date(2025, 1, 1), date(2025, 12, 31)) == {}
    rich = make_rule(
        unit=cast.commune, by=cast.officer, name="Mỗi năm", **{**told, "least_a_year": 1_000_001}
    )
    assert found(rich, date(2024, 1, 1), date(2024, 12, 31)) == {}
    run = make_run(rule, start=date(2024, 1, 1), end=date(2024, 12, 31), by=cast.officer)
    candidate = db.session.scalars(select(RewardCandidate).where(RewardCandidate.run_id == run.id)).one()
    rows = db.session.scalars(select(RewardEvidence).where(RewardEvidence.candidate_id == candidate.id)).all()
    assert {row.donated_on.year for row in rows} == {2021, 2022, 2023, 2024}
    assert sum(row.amount for row in rows) == candidate.amount == 4_500_000


def test_a_run_is_frozen(cast, campaign, donor) -> None:
    gift = give(donor=donor, campaign=campaign)
    rule = make_rule(unit=cast.commune, by=cast.officer)
    run = make_run(rule, start=YEAR[0], end=YEAR[1], by=cast.officer)
    donor.name = "Lê Văn Tầm"
    give(donor=donor, campaign=campaign)
    reverse(gift.posting, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    values = {"name": "Khác", "measure": "sum", "least": 1, "achievement": "khác", "kinds": ()}
    save_rule(rule, values, unit=cast.commune, form=form_of(), by=cast.officer)
    kept = db.session.scalars(select(RewardCandidate).where(RewardCandidate.run_id == run.id)).one()
    assert (kept.name, kept.amount, kept.times) == ("Lê Văn Tâm", 60_000_000, 1)
    assert run.asked["least"] == 50_000_000
    assert db.session.scalar(queries.standing_of(kept.id)) == 0  # what stands of it today
    drop_candidate(kept, reason="Khoản đã đảo")
    assert kept.dropped == "Khoản đã đảo"
    drop_candidate(kept, reason=None)
    end_rule(rule, True)
    with pytest.raises(Refused, match="ngừng dùng"):
        make_run(rule, start=YEAR[0], end=YEAR[1], by=cast.officer)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"measure": "sao"}, "measure"),
        ({"least": 0}, "least"),
        ({"measure": "years", "least": 1}, "least"),
        ({"least_a_year": 5}, "least_a_year"),
        ({"achievement": ""}, "achievement"),
        ({"achievement": "ủng hộ [so tien]"}, "achievement"),
    ],
)
def test_a_rule_that_asks_nothing_is_refused(cast, changes, field) -> None:
    with pytest.raises(Refused) as refused:
        make_rule(unit=cast.commune, by=cast.officer, **changes)
    assert refused.value.field == field


def test_a_run_takes_as_many_statements_for_many_gifts(cast, campaign) -> None:
    rule = make_rule(unit=cast.commune, by=cast.officer, least=1)

    def statements() -> int:
        with heard() as said:
            make_run(rule, start=YEAR[0], end=YEAR[1], by=cast.officer)
        return len(said)

    give(donor=make_donor(unit=cast.commune, by=cast.officer, name="Một"), campaign=campaign)
    few = statements()
    for number in range(8):
        donor = make_donor(unit=cast.commune, by=cast.officer, name=f"Người {number}")
        give(donor=donor, campaign=campaign)
        give(donor=donor, campaign=campaign)
    assert statements() <= few


def test_streaks_by_sql_are_those_of_the_definition(cast, campaign) -> None:
    """Random years of random donors: the SQL finds whom counting back year by year finds."""
    chance = random.Random(7)  # noqa: S311
    gave: dict[str, set[int]] = {}
    for number in range(12):
        donor = make_donor(unit=cast.commune, by=cast.officer, name=f"Người {number}")
        gave[donor.name] = set(chance.sample(range(2015, 2025), chance.randint(1, 9)))
        for year in gave[donor.name]:
            give(donor=donor, campaign=campaign, amount=1_000, day=date(year, 3, 1))
    rule = make_rule(unit=cast.commune, by=cast.officer, measure="years", least=2)
    for end in (2020, 2022, 2024):
        streaks = {name: _streak(years, end) for name, years in gave.items()}
        rows = found(rule, date(end, 1, 1), date(end, 12, 31))
        assert {name: years for name, (_, _, years) in rows.items()} == {
            name: streak for name, streak in streaks.items() if streak >= 2
        }


def _streak(years: set[int], end: int) -> int:
    streak = 0
    while end - streak in years:
        streak += 1
    return streak


@settings(max_examples=50)
@given(st.integers(0, 7), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_a_check_code_survives_pens_and_is_no_transfer_code(place: int, other: str) -> None:
    code = new_check_code(is_taken=lambda code: False)
    assert read_check_code(shown_code(code).lower()) == code
    assert kind_of(code) is None and not find_codes(code)
    wrong = code[:place] + other + code[place + 1 :]
    assert wrong == code or read_check_code(wrong) is None


def test_names_in_public() -> None:
    assert public_name("Lê Văn Tâm", "person", None) == "Cá nhân (không nêu tên)"
    assert public_name("Lê Văn Tâm", "person", "initials") == "L.V.T."
    assert public_name("Lê Văn Tâm", "household", "name") == "Lê Văn Tâm"
    assert public_name("Công ty Giả", "company", None) == "Công ty Giả"
    assert public_name("Công ty Giả", "company", "anonymous") == "Doanh nghiệp (không nêu tên)"
    assert span_text(date(2026, 1, 1), date(2026, 12, 31)) == "năm 2026"
    assert span_text(date(2017, 1, 1), date(2026, 12, 31)) == "giai đoạn 2017–2026"
