"""A case as a public appeal: consent, two people, its own money by the books, a surplus that goes where it was said."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.cases import following, received, rules_appeal
from portal.cases.actions_appeal import (
    answer_text,
    ask_appeal,
    ask_new_text,
    close_appeal,
    reopen_appeal,
    take_down,
)
from portal.cases.actions_surplus import answer_surplus, ask_surplus
from portal.cases.queries_appeal import sums_for, text_of, waiting_text
from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.households.actions_private import set_private
from portal.households.actions_registry import set_members
from portal.households.rules_registry import Person
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.operate.verify import first_problem
from portal.spending.queries import free_of
from tests.cast import Cast, make_campaign, make_fund
from tests.ledger.test_state_machine import KEYS
from tests.single_cases.builders import (
    APPEAL,
    DAY,
    give_money,
    make_appeal,
    make_case,
    make_case_decision,
    make_survey,
    pay,
)

assert following and received
PUPIL = {"age": "child", "guardian_name": "Bà Giả", "guardian_on": DAY, "child_on": DAY}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "Giúp em Nguyễn Văn Sáu"}, "title"),
        ({"body": "Hộ ông NGUYEN VAN SAU đang khó khăn."}, "body"),
        ({"body": "Nhà ở Ấp Phú Lợi, ai cũng thương."}, "body"),
        ({"body": "Nhà ở tổ 7, ai cũng thương."}, "body"),
        ({"body": "Gọi 0912 345 678 để giúp."}, "body"),
        ({"surplus_text": "Cho Trần Thị Bé."}, "surplus_text"),
        ({"illness": "Suy thận, hồ sơ 099000000001"}, "illness"),
        ({"age": None}, "age"),
        ({"age": "child"}, "age"),
        ({"consent_by": ""}, "consent_by"),
        ({"consent_on": None}, "consent_on"),
        ({"consent_on": date(2030, 1, 1)}, "consent_on"),
        ({"consent_paper": None}, "consent_paper"),
        ({"target": 0}, "target"),
        ({"surplus_text": None}, "surplus_text"),
    ],
)
def test_what_may_not_be_published(cast: Cast, wrong: dict, field: str) -> None:
    case = make_case(cast=cast)
    set_members(case.household, [Person("Trần Thị Bé", "vợ", "f", 1970)], None)
    set_private(case.household, None, {"cccd": "099000000001"}, cast.officer)
    with pytest.raises(Refused) as refused:
        ask_appeal(case, {**APPEAL, **wrong}, by=cast.officer)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"guardian_name": None}, "guardian_name"),
        ({"guardian_on": None}, "guardian_on"),
        ({"child_on": None}, "child_on"),
        ({"age": "adult"}, "age"),
        ({"age": "small"}, "age"),
        ({}, None),
    ],
)
def test_a_child_of_seven_and_the_guardian_both_agree(cast: Cast, wrong: dict, field: str | None) -> None:
    case = make_case(
        cast=cast, key="pupil", person_name="Lý Văn Nhờ", person_relation="cháu", person_birth_year=2014
    )
    told = {**APPEAL, **PUPIL, **wrong}
    if field is None:
        assert ask_appeal(case, told, by=cast.officer).state == rules_appeal.DRAFT
        return
    with pytest.raises(Refused) as refused:
        ask_appeal(case, told, by=cast.officer)
    assert refused.value.field == field


def test_one_asks_another_publishes(cast: Cast) -> None:
    case = make_case(cast=cast)
    appeal = make_appeal(case=case, cast=cast, published=False)
    text = waiting_text(appeal)
    assert text is not None and appeal.campaign_id is None
    with pytest.raises(Refused):
        answer_text(text, approve=True, answer="", by=cast.officer)
    with pytest.raises(Refused):
        ask_appeal(case, APPEAL, by=cast.officer)  # one waits already
    answer_text(text, approve=False, answer="Viết rõ hơn", by=cast.chair)
    assert appeal.state == rules_appeal.DRAFT
    make_appeal(case=case, cast=cast, title="Chung tay giúp một hộ")
    assert appeal.state == rules_appeal.PUBLISHED and appeal.campaign is not None
    assert appeal.campaign.name == "Chung tay giúp một hộ" and appeal.campaign.transfer_code
    newer = ask_new_text(
        appeal, {"title": "Bản hai", "body": "Nội dung mới.", "illness": None}, by=cast.officer
    )
    assert text_of(appeal).version == 2  # type: ignore[union-attr]
    answer_text(newer, approve=True, answer="", by=cast.chair)
    assert text_of(appeal).version == 3 and appeal.campaign.name == "Bản hai"  # type: ignore[union-attr]
    assert [one.version for one in appeal.texts] == [1, 2, 3]
    take_down(appeal, reason="Gia đình rút đồng ý", by=cast.officer)
    assert appeal.state == rules_appeal.DOWN and "Bản hai" not in appeal.campaign.name
    with pytest.raises(Refused):
        ask_new_text(appeal, {"title": "Lại", "body": "Lại.", "illness": None}, by=cast.officer)
    db.session.commit()
    assert first_problem(db.session.connection()) is None


def identity(campaign: Campaign | None, cast: Cast) -> None:
    """opening + received − refunded + other + in − out − spent = closing (+ change of untracked)."""
    found = compute(Scope(cast.commune, date(2026, 1, 1), date(2026, 12, 31), campaign), KEYS)
    value = {key: int(figure.value or 0) for key, figure in found.items()}
    came = value["balance.opening"] + value["received.total"] - value["refunded.total"] + value["other.total"]
    came += value["allocated.in"] - value["allocated.out"] - value["spent.total"]
    assert came == value["balance.closing"] + value["balance.untracked_change"]


def test_the_money_of_an_appeal_is_its_own_and_a_surplus_goes_on(cast: Cast) -> None:
    target = make_campaign(unit=cast.commune, name="Chữa bệnh hiểm nghèo", ends_on=None)
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer)
    appeal = make_appeal(case=case, cast=cast, surplus_campaign_id=target.id)
    campaign = appeal.campaign
    assert campaign is not None
    give_money(cast=cast, campaign=campaign, amount=12_000_000)
    decision = make_case_decision(case=case, cast=cast, campaign=campaign, amount=9_000_000)
    with pytest.raises(Refused):
        ask_surplus(appeal, by=cast.officer)  # it is open
    close_appeal(appeal, by=cast.officer)
    reopen_appeal(appeal, by=cast.officer)
    close_appeal(appeal, by=cast.officer)
    asked = ask_surplus(appeal, by=cast.officer)
    assert asked.amount == 3_000_000  # what is decided stays for the case
    with pytest.raises(Refused):
        answer_surplus(asked, approve=True, answer="", by=cast.officer)
    answer_surplus(asked, approve=False, answer="Chờ chi xong", by=cast.chair)
    pay(decision=decision, cast=cast)
    asked = ask_surplus(appeal, by=cast.officer)
    with pytest.raises(Refused):
        reopen_appeal(appeal, by=cast.officer)
    posting = answer_surplus(asked, approve=True, answer="", by=cast.chair)
    assert posting is not None
    sums = sums_for(appeal)
    assert (sums.received, sums.spent, sums.moved, sums.left) == (12_000_000, 9_000_000, 3_000_000, 0)
    fund = make_fund()
    assert free_of(cast.commune.id, fund.id, campaign.id) == 0
    assert free_of(cast.commune.id, fund.id, target.id) == 3_000_000
    figures = compute(
        Scope(cast.commune, date(2026, 1, 1), date(2026, 12, 31), campaign), ("received.total", "spent.total")
    )
    assert {key: figure.value for key, figure in figures.items()} == {
        "received.total": 12_000_000, "spent.total": 9_000_000,
    }  # fmt: skip
    for one in (None, campaign, target):
        identity(one, cast)
    with pytest.raises(Refused):
        ask_surplus(appeal, by=cast.officer)  # nothing is left
    db.session.commit()
    assert first_problem(db.session.connection()) is None
    reverse(posting, reason="Chuyển nhầm", by=cast.accountant, second=cast.chair)
    assert sums_for(appeal).left == 3_000_000 and asked.reversed_at is not None
    again = answer_surplus(ask_surplus(appeal, by=cast.officer), approve=True, answer="", by=cast.chair)
    other = make_case(cast=cast, household=case.household)
    make_survey(case=other, by=cast.officer)
    used = make_case_decision(case=other, cast=cast, campaign=target, amount=2_000_000, number="77/QĐ")
    pay(decision=used, cast=cast)
    with pytest.raises(Refused) as refused:
        reverse(again, reason="Nhầm", by=cast.accountant, second=cast.chair)
    assert "đã được chi" in refused.value.text


def test_restricted_money_pays_its_case_only(cast: Cast) -> None:
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer)
    appeal = make_appeal(case=case, cast=cast)
    give_money(cast=cast, amount=50_000_000)  # of another campaign
    give_money(cast=cast, amount=1_000_000, campaign=appeal.campaign)
    decision = make_case_decision(case=case, cast=cast, campaign=appeal.campaign, amount=1_500_000)
    with pytest.raises(Refused) as refused:
        pay(decision=decision, cast=cast)
    assert "chỉ còn 1.000.000" in refused.value.text
    assert db.session.scalars(select(Posting).where(Posting.kind == "payment")).all() == []
