"""The sample's campaigns, cash gifts, one bank statement and one reversal."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from portal.campaigns.actions import create_campaign, set_targets
from portal.campaigns.models import Campaign
from portal.donations.actions import record_donation
from portal.donations.models import Donation
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.money import format_amount
from portal.kit.vietnamese import fold
from portal.ledger.actions import decide_reversal, request_reversal
from portal.sample.names import GROUPS, HAMLETS, amount, giver
from portal.sample.province import Province

TARGETS = (90, 80, 85, 120, 70, 75, 60, 65)  # triệu đồng, one per commune
CASH_GIFTS = 320
TRANSFERS = 180
SHOWN = ("name", "name", "name", "initials", "anonymous")


def make_campaigns(province: Province, today: date) -> list[Campaign]:
    """The yearly peak month and one that is under way today, with targets per commune."""
    year = today.year if today >= date(today.year, 10, 17) else today.year - 1
    peak = create_campaign(
        code=f"TCD{year}",
        name=f"Tháng cao điểm “Vì người nghèo” năm {year}",
        unit=province.unit,
        fund_id=province.fund.id,
        starts_on=date(year, 10, 17),
        ends_on=date(year, 11, 18),
        legal_basis=f"Kế hoạch số 34/KH-BVĐ ngày 01/10/{year}",
    )
    current = create_campaign(
        code=f"XUAN{year + 1}",
        name=f"Xuân sum vầy – Tết vì người nghèo {year + 1}",
        unit=province.unit,
        fund_id=province.fund.id,
        starts_on=min(date(year, 11, 1), today - timedelta(days=20)),
        ends_on=today + timedelta(days=70),
        legal_basis=f"Kế hoạch số 41/KH-BVĐ ngày 25/10/{year}",
    )
    by = province.people[ACCOUNTANT]
    for campaign, share in ((peak, 500_000), (current, 500_000)):
        amounts = {unit.id: size * share for unit, size in zip(province.communes, TARGETS, strict=True)}
        whole = sum(amounts.values())
        set_targets(campaign, {province.unit.id: whole, **amounts}, by=by)
    return [peak, current]


def record_cash_gifts(
    province: Province, campaigns: list[Campaign], chance: random.Random, today: date
) -> list[Donation]:
    """Cash gifts of households and groups, spread over the days of both campaigns."""
    planned = []
    for _ in range(CASH_GIFTS):
        campaign = chance.choice(campaigns)
        last = min(campaign.ends_on or today, today)
        days = max((last - campaign.starts_on).days, 0)
        planned.append((campaign.starts_on + timedelta(days=chance.randint(0, days)), campaign))
    planned.sort(key=lambda row: row[0])
    return [_record_one(province, day, campaign, chance) for day, campaign in planned]


def _record_one(province: Province, day: date, campaign: Campaign, chance: random.Random) -> Donation:
    is_group = chance.random() < 0.15
    name, kind = chance.choice(GROUPS) if is_group else (giver(chance), "person")
    return record_donation(
        unit=chance.choice(province.communes),
        fund=province.fund,
        campaign=campaign,
        form="cash",
        amount=amount(chance) * (chance.choice((3, 5, 10)) if is_group else 1),
        day=day,
        donor_name=name,
        donor_kind=kind,
        address=chance.choice(HAMLETS),
        shown_as="name" if is_group else chance.choice(SHOWN),
        by=province.people[RECORDER],
    )


def reverse_one(province: Province, donation: Donation) -> None:
    """A gift typed twice: asked for by the recorder, approved by the chair."""
    recorder, chair = province.people[RECORDER], province.people[APPROVER]
    request = request_reversal(donation.posting, reason="Ghi trùng với phiếu thu liền trước.", by=recorder)
    decide_reversal(request, approve=True, answer="", by=chair)


def write_statement(
    path: Path, campaign: Campaign, chance: random.Random, *, opening: int, today: date
) -> None:
    """A Vietcombank account statement (CSV) whose totals tie, with invented senders."""
    last = min(campaign.ends_on or today, today)
    days = (last - campaign.starts_on).days
    moments = sorted(campaign.starts_on + timedelta(days=chance.randint(0, days)) for _ in range(TRANSFERS))
    balance, credits, debits = opening, 0, 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(["SAO KÊ TÀI KHOẢN / ACCOUNT STATEMENT"])
        out.writerow(["Số tài khoản/ Account number", "0011000990186", "", "Loại tiền/ Currency", "VND"])
        out.writerow(["Số dư đầu kỳ/ Opening", format_amount(opening)])
        out.writerow(
            [
                "STT\nNo.",
                "Ngày/\nTNX Date/ Số CT/ Doc No",
                "Số tiền ghi nợ/ Debit",
                "Số tiền ghi có/ Credit",
                "Số dư/ Balance",
                "Nội dung chi tiết/ Transactions in detail",
            ]
        )
        for number, day in enumerate(moments, start=1):
            debit, credit, words = _transfer(number, chance)
            balance += credit - debit
            credits, debits = credits + credit, debits + debit
            out.writerow(
                [
                    number,
                    f"{day:%d/%m/%Y}\n{5000 + number} - {10000 + number}",
                    format_amount(debit) if debit else "",
                    format_amount(credit) if credit else "",
                    format_amount(balance),
                    words,
                ]
            )
        out.writerow(["Tổng số/ Total", "", format_amount(debits), format_amount(credits), "", ""])
        out.writerow(["Số dư cuối kỳ/ Closing", format_amount(balance)])


def _transfer(number: int, chance: random.Random) -> tuple[int, int, str]:
    if number % 60 == 0:
        return 5_500, 0, "THU PHI QUAN LY TAI KHOAN"
    if number % 75 == 0:
        return 45_000_000, 0, f"QD {50 + number}/QD-BVD HO TRO XAY NHA DAI DOAN KET"
    name = fold(giver(chance)).upper()
    account = f"10{chance.randint(10**7, 10**8 - 1)}"
    texts = (
        f"MBVCB.{chance.randint(10**9, 10**10 - 1)}.{name} ung ho vi nguoi ngheo."
        f"CT tu {account} {name} toi 0011000990186",
        f"{name} chuyen tien ung ho Quy Vi nguoi ngheo",
        f"PARTNER.DIRECT_DEBITS_VCB.MSE.{chance.randint(10**10, 10**11 - 1)}.ung ho nguoi ngheo qua MoMo",
        f"{name} ung ho xay nha Dai doan ket",
    )
    return 0, amount(chance), chance.choice(texts)
