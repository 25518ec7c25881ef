"""The sample's decisions with their lists, a budget, a bank fee, interest, and what a sponsor paid directly."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from portal.campaigns.models import Campaign
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.sample.names import HAMLETS, giver
from portal.sample.province import Province
from portal.spending.actions import RowFields, draft_decision, issue_decision
from portal.spending.actions_catalogues import set_budget
from portal.spending.actions_direct import decide_in_and_out, request_in_and_out
from portal.spending.actions_others import decide_entry, request_entry
from portal.spending.models import Decision
from portal.spending.queries_decisions import texts_for

HOUSEHOLDS = 14


def record_decisions(
    province: Province, campaigns: list[Campaign], chance: random.Random, today: date
) -> None:
    """Decisions in every state, other entries and a budget, by two people."""
    day = today - timedelta(days=6)
    gifts = [
        RowFields(
            receiver=f"Hộ {giver(chance)}",
            address=f"{chance.choice(HAMLETS)}, {chance.choice(province.communes).name}",
            content="Quà Tết hộ nghèo",
            purpose="gifts",
            campaign_id=campaigns[1].id,
            level="province",
            households=1,
            amount=chance.choice((500_000, 700_000, 1_000_000)),
        )
        for _ in range(HOUSEHOLDS)
    ]
    given = _decision(province, "decision", "Về việc hỗ trợ hộ nghèo nhân dịp Tết Nguyên đán", gifts, day)
    _issue(province, given, "08/QĐ-MTTQ-BTT")
    house = [
        RowFields(
            receiver=f"Hộ {giver(chance)}",
            address=f"{HAMLETS[0]}, {province.communes[0].name}",
            content="Xây nhà Đại đoàn kết",
            purpose="housing",
            level="direct",
            source="Công ty TNHH Vật liệu Sông Xanh",
            households=1,
            amount=60_000_000,
        )
    ]
    built = _decision(province, "decision", "Về việc hỗ trợ xây nhà Đại đoàn kết", house, day)
    _issue(province, built, "09/QĐ-MTTQ-BTT")
    _decision(province, "submission", "Về việc đề nghị hỗ trợ hộ có hoàn cảnh khó khăn", gifts[:4], today)
    _other_entries(province, day)
    _directly_paid(province, built, today)
    _budget(province, campaigns[1], today)


def _decision(province: Province, kind: str, subject: str, rows: list[RowFields], day: date) -> Decision:
    unit = province.unit
    return draft_decision(
        unit=unit,
        fund=province.fund,
        rows=rows,
        by=province.people[ACCOUNTANT],
        kind=kind,
        decided_on=day,
        subject=subject,
        **vars(texts_for(unit, kind, day)),
    )


def _issue(province: Province, decision: Decision, number: str) -> None:
    issue_decision(decision, by=province.people[APPROVER], number=number)


def _other_entries(province: Province, day: date) -> None:
    accountant = province.people[ACCOUNTANT]
    fee = request_entry(
        province.bank,
        cause="fee",
        amount=22_000,
        happened_on=day,
        reason="Phí quản lý tài khoản tháng, giấy báo nợ số 125",
        by=accountant,
    )
    decide_entry(fee, approve=True, answer="", by=province.people[APPROVER])
    request_entry(
        province.bank,
        cause="interest",
        amount=318_400,
        happened_on=day,
        reason="Lãi tiền gửi không kỳ hạn tháng, giấy báo có số 126",
        by=accountant,
    )


def _directly_paid(province: Province, decision: Decision, today: date) -> None:
    entry = request_in_and_out(
        decision.rows[0],
        amount=25_000_000,
        happened_on=today - timedelta(days=2),
        donor_name="Công ty TNHH Vật liệu Sông Xanh",
        donor_kind="company",
        shown_as="name",
        supplier="Cửa hàng vật liệu xây dựng Tân Tiến",
        supplier_paper="Hóa đơn 0000418",
        reason="Trả tiền vật liệu xây nhà Đại đoàn kết",
        by=province.people[RECORDER],
    )
    decide_in_and_out(entry, approve=True, answer="", by=province.people[APPROVER])


def _budget(province: Province, campaign: Campaign, today: date) -> None:
    owner: dict[str, Any] = {
        "unit_id": province.unit.id,
        "fund_id": province.fund.id,
        "by": province.people[ACCOUNTANT],
    }
    common = {"housing": 20_000_000, "medical": 40_000_000, "running": 12_000_000}
    set_budget(**owner, campaign_id=None, year=today.year, planned=common)
    set_budget(**owner, campaign_id=campaign.id, year=None, planned={"gifts": 120_000_000})
