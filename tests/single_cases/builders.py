"""Single cases for tests: invented people, a survey, a decision in force, money paid, minutes signed. Keywords only."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.cases.actions import request_case
from portal.cases.actions_appeal import answer_text, ask_appeal
from portal.cases.actions_decision import draft_case_decision
from portal.cases.actions_handover import prepare_handover, sign_handover
from portal.cases.actions_survey import record_survey
from portal.cases.models import AidField, CaseHandover, SupportCase
from portal.cases.models_appeal import CaseAppeal
from portal.cases.queries_appeal import waiting_text
from portal.households.models_registry import Household, HouseholdMember
from portal.kit.db import db
from portal.people.models import User
from portal.spending.actions import issue_decision
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.models import Decision, Voucher
from portal.spending.queries import left_of
from portal.spending.rules import Wanted
from tests.cast import Cast, make_campaign, make_fund
from tests.households.builders import make_hamlet, make_household
from tests.spending.builders import make_money

HOME = "/quan-ly/truong-hop/"
DAY = date(2026, 11, 10)
SURVEY = {"surveyed_on": DAY, "team": "Ông Giả, Trưởng ấp", "conclusion": "enough", "amount": 5_000_000}
NAMES = {
    "handed_on": DAY, "giver_name": "Lê Thị Toán", "giver_position": "Phó Ban", "receiver_name": "Nguyễn Văn Sáu",
    "witness_one": "Trần Văn Ấp", "witness_two": "Lý Thị Mặt Trận",
}  # fmt: skip
APPEAL: dict[str, Any] = {
    "title": "Giúp một hộ chữa bệnh", "body": "Người trụ cột của một hộ trong xã đang chữa bệnh dài ngày.",
    "illness": None, "target": 20_000_000, "surplus_text": "Giúp trường hợp bệnh hiểm nghèo khác.",
    "surplus_campaign_id": None, "age": "adult", "consent_by": "Nguyễn Văn Sáu, chủ hộ", "consent_on": DAY,
    "consent_paper": "Giấy đồng ý ngày 10/11/2026, lưu xã", "guardian_name": None, "guardian_on": None,
    "child_on": None,
}  # fmt: skip


def field_of(key: str) -> AidField:
    """One of the fields that the migrations bring."""
    return db.session.scalars(select(AidField).where(AidField.key == key)).one()


def make_case(
    *,
    cast: Cast,
    key: str = "sick",
    household: Household | None = None,
    member: HouseholdMember | None = None,
    by: User | None = None,
    **values: Any,
) -> SupportCase:
    """A request for a household in a hamlet of the commune."""
    household = household or make_household(unit=make_hamlet(cast), birth_year=1968, address="Tổ 7")
    told = {"requested_on": DAY, "requester": "Trưởng ấp", "reason": "Gia đình gặp hoạn nạn.", **values}
    return request_case(household, field_of(key), told, member=member, by=by or cast.officer)


def make_survey(*, case: SupportCase, by: User, answers: dict[int, str] | None = None, **values: Any) -> None:
    """Its survey."""
    record_survey(case, {**SURVEY, **values}, answers or {}, by=by)


def make_case_decision(
    *,
    case: SupportCase,
    cast: Cast,
    amount: int | None = 5_000_000,
    items: dict[int, int] | None = None,
    campaign: Campaign | None = None,
    number: str = "31/QĐ-MTTQ-BTT",
    issued: bool = True,
    **details: Any,
) -> Decision:
    """The urgent decision, in force unless `issued` is False."""
    decision = draft_case_decision(
        case, unit=cast.commune, fund=make_fund(), decided_on=DAY, amount=amount, items=items or {},
        campaign=campaign, number=number, by=cast.officer, **details,
    )  # fmt: skip
    return issue_decision(decision, by=cast.chair) if issued else decision


def pay(*, decision: Decision, cast: Cast, day: date = DAY, amount: int | None = None) -> Voucher:
    """A voucher for what is left of a decision, approved and paid."""
    left = left_of(decision)
    wanted = [Wanted(key, amount or rest) for key, rest in left.items() if rest]
    voucher = prepare_voucher(decision, wanted=wanted, content="Chi hỗ trợ khẩn", by=cast.accountant)
    approve_voucher(voucher, by=cast.chair)
    pay_voucher(voucher, paid_on=day, by=cast.accountant)
    db.session.refresh(voucher)
    return voucher


def give_money(*, cast: Cast, amount: int = 50_000_000, campaign: Campaign | None = None) -> Campaign:
    """Money in the box, of a campaign."""
    campaign = campaign or make_campaign(unit=cast.commune, ends_on=None)
    make_money(campaign=campaign, amount=amount)
    return campaign


def sign(*, case: SupportCase, by: User, day: date = DAY, **names: Any) -> CaseHandover:
    """Minutes, signed."""
    handover = prepare_handover(case, {**NAMES, **names}, by=by)
    return sign_handover(handover, handed_on=day, by=by)


def make_paid_case(*, cast: Cast, key: str = "sick", amount: int = 5_000_000, **values: Any) -> SupportCase:
    """A case whose decision is paid; no minutes yet."""
    campaign = give_money(cast=cast)
    case = make_case(cast=cast, key=key, **values)
    make_survey(case=case, by=cast.officer, amount=amount)
    pay(decision=make_case_decision(case=case, cast=cast, amount=amount, campaign=campaign), cast=cast)
    db.session.refresh(case)
    return case


def make_appeal(*, case: SupportCase, cast: Cast, published: bool = True, **values: Any) -> CaseAppeal:
    """An appeal, published by the chair unless told otherwise."""
    appeal = ask_appeal(case, {**APPEAL, **values}, by=cast.officer)
    if published:
        text = waiting_text(appeal)
        assert text is not None
        answer_text(text, approve=True, answer="", by=cast.chair)
    return appeal
