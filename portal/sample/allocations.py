"""The sample's allocations: one that was confirmed, one of which a part has come, one on its way up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from portal.allocations.actions import confirm
from portal.allocations.models import Allocation
from portal.campaigns.models import Campaign
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.db import db
from portal.ledger.models import BankAccount
from portal.people.models import User
from portal.sample.province import Province
from portal.spending.actions import RowFields, draft_decision, issue_decision
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.rules import ALLOCATION, Wanted
from portal.units.models import Unit


def allocate(province: Province, campaign: Campaign, today: date) -> None:
    """Down to two communes, and from one of them back up; the officer of the communes confirms."""
    begin = date(today.year, 1, 1)  # the books of the sample are opened on that day
    accountant, officer = province.people[ACCOUNTANT], province.people[RECORDER]
    first, second = province.communes[0], province.communes[1]
    whole = _sent(
        province,
        province.unit,
        first,
        [
            (None, 24_000_000, "Hỗ trợ 24 hộ nghèo sửa nhà trước mùa mưa"),
            (None, 6_000_000, "Quà Tết hộ nghèo"),
        ],
        max(today - timedelta(days=12), begin),
        by=accountant,
        bank=province.bank,
    )
    confirm(
        whole,
        amount=30_000_000,
        received_on=max(today - timedelta(days=11), begin),
        note="Đếm đủ, nhập két.",
        by=officer,
    )
    partly = _sent(
        province,
        province.unit,
        second,
        [
            (campaign, 3_000_000, "Quà cho hộ nghèo tháng cao điểm"),
            (None, 5_000_000, "Trợ cấp khó khăn đột xuất"),
        ],
        max(today - timedelta(days=4), begin),
        by=accountant,
    )
    confirm(
        partly, amount=6_500_000, received_on=max(today - timedelta(days=3), begin), note=None, by=officer
    )
    _sent(
        province,
        first,
        province.unit,
        [(None, 2_500_000, "Nộp lên phần kinh phí không sử dụng hết")],
        max(today - timedelta(days=1), begin),
        by=officer,
    )


def _sent(
    province: Province,
    unit: Unit,
    to_unit: Unit,
    rows: Sequence[tuple[Campaign | None, int, str]],
    day: date,
    *,
    by: User,
    bank: BankAccount | None = None,
) -> Allocation:
    """A decision, its voucher, and the money that has left: `rows` are (campaign, đồng, content)."""
    approver = province.people[APPROVER]
    decision = draft_decision(
        unit=unit,
        fund=province.fund,
        by=by,
        kind="decision",
        number=f"{20 + day.day}/QĐ-MTTQ-PB",
        decided_on=day,
        subject=f"Về việc phân bổ kinh phí cho {to_unit.name}",
        rows=[
            RowFields(
                receiver=to_unit.name,
                amount=amount,
                purpose="gifts",
                campaign_id=campaign.id if campaign else None,
                content=content,
            )
            for campaign, amount, content in rows
        ],
    )
    issue_decision(decision, by=approver)
    voucher = prepare_voucher(
        decision,
        wanted=[Wanted(row.id, row.amount) for row in decision.rows],
        content=f"Phân bổ kinh phí cho {to_unit.name}",
        what=ALLOCATION,
        to_unit=to_unit,
        receiver=to_unit.name,
        bank_account=bank,
        by=by,
    )
    approve_voucher(voucher, by=approver)
    pay_voucher(voucher, paid_on=day, by=by)
    return db.session.get_one(Allocation, voucher.id)
