"""A case becomes a public appeal: asked by one, published by another; texts in versions; a surplus goes on. Flushes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.campaigns.actions import create_campaign, set_target
from portal.campaigns.models import Campaign
from portal.cases import queries_appeal as queries
from portal.cases import rules, rules_appeal
from portal.cases.actions import note, take
from portal.cases.models import SupportCase
from portal.cases.models_appeal import AppealText, CaseAppeal
from portal.distributions.queries_norms import line_above
from portal.households.models_private import HouseholdPrivate
from portal.households.queries_page import members_of
from portal.households.queries_registry import is_hamlet
from portal.kit.checks import check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.vietnamese import nfc
from portal.ledger.asking import take_answer
from portal.ledger.models import Fund
from portal.ledger.queries import default_fund
from portal.people.models import User

CONSENT = ("age", "consent_by", "consent_on", "consent_paper", "guardian_name", "guardian_on", "child_on")
CODE = "LKG-{year}-{number:04d}"


def ask_appeal(case: SupportCase, values: Mapping[str, Any], *, by: User) -> CaseAppeal:
    """Ask to publish the case: target, texts, consents, where a surplus goes. Raises Refused at the field."""
    take(case)
    rules.check_may(case.state, (*rules.OPEN, rules.DONE), "kêu gọi")
    appeal = queries.appeal_of(case)
    if appeal is not None and appeal.state != rules_appeal.DRAFT:
        raise Refused("Lời kêu gọi này đã công bố. Sửa nội dung ở trang lời kêu gọi.")
    if appeal is not None and queries.waiting_text(appeal) is not None:
        raise Refused("Lời kêu gọi này đang chờ công bố. Chờ người duyệt trả lời.")
    _check(case, values)
    if appeal is None:
        appeal = CaseAppeal(case_id=case.id, case=case, target=0, surplus_text="", age="", consent_by="")
    appeal.unit_id, appeal.target = values.get("unit_id") or case.unit_id, values["target"]
    if appeal.unit_id not in line_above(case.unit_id):
        raise Refused("Đơn vị này không phụ trách nơi hộ ở. Chọn xã của hộ, hoặc đơn vị cấp trên.", "unit_id")
    appeal.surplus_text = check_text(values.get("surplus_text"), "surplus_text", "phần dư đi đâu")
    appeal.surplus_campaign_id = values.get("surplus_campaign_id")
    for name in CONSENT:
        setattr(appeal, name, values.get(name))
    db.session.add(appeal)
    db.session.flush()
    _ask_text(appeal, values, by)
    note(case, "Đề nghị công bố lời kêu gọi.", by, f"Cần {format_dong(appeal.target)}.")
    return appeal


def _check(case: SupportCase, values: Mapping[str, Any]) -> None:
    if not values.get("target") or values["target"] <= 0:
        raise Refused("Chưa ghi số tiền cần. Gõ số đồng, ví dụ 50tr.", "target")
    check_text(values.get("consent_by"), "consent_by", "ai trong hộ đồng ý", 200)
    check_text(values.get("consent_paper"), "consent_paper", "giấy đồng ý nào, giữ ở đâu", 300)
    rules_appeal.check_consent(
        values.get("age"),
        birth_year=case.person_birth_year,
        today=today_in_vietnam(),
        consent_on=values.get("consent_on"),
        guardian_name=values.get("guardian_name"),
        guardian_on=values.get("guardian_on"),
        child_on=values.get("child_on"),
    )
    check_texts(case, values)


def check_texts(case: SupportCase, values: Mapping[str, Any]) -> None:
    """What everybody will read is there, and nobody of the household can be found by it. Raises Refused."""
    check_text(values.get("title"), "title", "tiêu đề", 150)
    check_text(values.get("body"), "body", "nội dung kêu gọi", 4000)
    household = case.household
    names = [household.name, case.person_name, *(one.name for one in members_of(household.id))]
    places = [household.address, household.unit.name if is_hamlet(household.unit) else None]
    texts = {name: values.get(name) for name in ("title", "body", "illness", "surplus_text")}
    rules_appeal.check_anonymous(texts, names, places)
    rows = select(HouseholdPrivate.cccd).where(
        HouseholdPrivate.household_id == household.id, HouseholdPrivate.cccd.is_not(None)
    )
    digits = "".join(char for text in texts.values() for char in text or "" if char.isdigit())
    if any(cccd and cccd in digits for cccd in db.session.scalars(rows)):
        raise Refused("Nội dung còn số căn cước. Bỏ số này.", "body")


def _ask_text(appeal: CaseAppeal, values: Mapping[str, Any], by: User) -> AppealText:
    version = max((one.version for one in appeal.texts), default=0) + 1
    text = AppealText(
        appeal_id=appeal.id,
        version=version,
        title=nfc(values["title"]),
        body=values["body"].strip(),
        illness=nfc(values.get("illness")) or None,
        requested_by_id=by.id,
    )
    db.session.add(text)
    db.session.flush()
    db.session.expire(appeal, ["texts"])
    return text


def ask_new_text(appeal: CaseAppeal, values: Mapping[str, Any], *, by: User) -> AppealText:
    """Another text for a published appeal; the one that is public stays until a second person answers. Raises Refused."""
    take(appeal.case)
    db.session.refresh(appeal)
    _check_public(appeal)
    if queries.waiting_text(appeal) is not None:
        raise Refused("Đã có một nội dung mới chờ công bố. Chờ người duyệt trả lời.")
    check_texts(appeal.case, values)
    text = _ask_text(appeal, values, by)
    note(appeal.case, f"Đề nghị sửa lời kêu gọi, bản {text.version}.", by)
    return text


def _check_public(appeal: CaseAppeal) -> None:
    if appeal.state not in (rules_appeal.PUBLISHED, rules_appeal.CLOSED):
        raise Refused(f"Lời kêu gọi này “{rules_appeal.STATES[appeal.state]}” nên không làm được việc này.")


def answer_text(text: AppealText, *, approve: bool, answer: str, by: User) -> AppealText:
    """A second person publishes a text, or says why not. The first one makes the appeal's campaign. Raises Refused."""
    appeal = text.appeal
    take(appeal.case)
    db.session.refresh(appeal)
    if appeal.state == rules_appeal.DOWN and approve:
        raise Refused("Lời kêu gọi đã gỡ, không công bố nội dung nào nữa.")
    take_answer(text, approve=approve, answer=answer, by=by)
    if not approve:
        db.session.flush()
        note(appeal.case, f"Không công bố bản {text.version}.", by, f"Lý do: {text.answer}")
        return text
    check_texts(appeal.case, {"title": text.title, "body": text.body, "illness": text.illness})
    if appeal.campaign_id is None:
        _publish(appeal, text, by)
    else:
        campaign = db.session.get_one(Campaign, appeal.campaign_id)
        campaign.name = text.title
    db.session.flush()
    note(appeal.case, f"Công bố lời kêu gọi, bản {text.version}.", by)
    return text


def _publish(appeal: CaseAppeal, text: AppealText, by: User) -> None:
    today = today_in_vietnam()
    fund = default_fund()
    if appeal.surplus_campaign_id is not None:
        fund = db.session.get_one(Fund, db.session.get_one(Campaign, appeal.surplus_campaign_id).fund_id)
    campaign = create_campaign(
        code=CODE.format(year=today.year, number=appeal.id),
        name=text.title,
        unit=appeal.unit,
        fund_id=fund.id,
        starts_on=today,
    )
    set_target(campaign, appeal.unit, appeal.target, by=by)
    appeal.campaign_id, appeal.campaign = campaign.id, campaign
    appeal.state, appeal.published_on = rules_appeal.PUBLISHED, today


def close_appeal(appeal: CaseAppeal, *, by: User) -> None:
    """Nothing more is asked for; a gift that comes later is flagged as of any campaign. Raises Refused."""
    take(appeal.case)
    db.session.refresh(appeal)
    if appeal.state != rules_appeal.PUBLISHED or appeal.campaign is None:
        raise Refused(f"Lời kêu gọi này “{rules_appeal.STATES[appeal.state]}”. Tải lại trang.")
    today = today_in_vietnam()
    appeal.state, appeal.closed_on, appeal.campaign.ends_on = rules_appeal.CLOSED, today, today
    db.session.flush()
    note(appeal.case, "Kết thúc kêu gọi.", by)


def reopen_appeal(appeal: CaseAppeal, *, by: User) -> None:
    """A closed appeal asks again, while nothing of it was moved on. Raises Refused."""
    take(appeal.case)
    db.session.refresh(appeal)
    if appeal.state != rules_appeal.CLOSED or appeal.campaign is None:
        raise Refused(f"Lời kêu gọi này “{rules_appeal.STATES[appeal.state]}”. Tải lại trang.")
    if any(one.approved is not False and one.reversed_at is None for one in queries.surpluses_of(appeal)):
        raise Refused("Phần dư đã chuyển hoặc đang chờ chuyển, không mở lại được.")
    appeal.state, appeal.closed_on, appeal.campaign.ends_on = rules_appeal.PUBLISHED, None, None
    db.session.flush()
    note(appeal.case, "Mở lại lời kêu gọi.", by)


def take_down(appeal: CaseAppeal, *, reason: str | None, by: User) -> None:
    """The consent was taken back: the text is gone at once, the money stays accounted for. Raises Refused."""
    take(appeal.case)
    db.session.refresh(appeal)
    _check_public(appeal)
    assert appeal.campaign is not None
    today = today_in_vietnam()
    appeal.down_reason = check_text(reason, "reason", "lý do gỡ")
    appeal.state, appeal.closed_on = rules_appeal.DOWN, appeal.closed_on or today
    appeal.campaign.name = f"Lời kêu gọi {appeal.campaign.code}"
    appeal.campaign.ends_on = appeal.campaign.ends_on or today
    for text in appeal.texts:
        if text.approved is None:
            text.approved, text.answer = False, "Lời kêu gọi đã gỡ."
            text.decided_by_id, text.decided_at = by.id, now()
    db.session.flush()
    note(appeal.case, "Gỡ nội dung lời kêu gọi.", by, f"Lý do: {appeal.down_reason}")
