"""What is left of a closed appeal goes where the appeal said: one asks, another decides. Flushes; the caller commits."""

from __future__ import annotations

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.cases import queries_appeal as queries
from portal.cases import rules_appeal
from portal.cases.actions import note, take
from portal.cases.models_appeal import AppealSurplus, CaseAppeal
from portal.cases.queries import decisions_of
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.asking import take_answer
from portal.ledger.models import Account, Fund, Posting
from portal.ledger.rules import GOODS, Line
from portal.people.models import User
from portal.spending.queries import free_of, left_of
from portal.spending.rules import WITHDRAWN


def ask_surplus(appeal: CaseAppeal, *, by: User) -> AppealSurplus:
    """Ask to move all that is left where the appeal said. Raises Refused while it is open or nothing is left."""
    take(appeal.case)
    db.session.refresh(appeal)
    if appeal.state not in (rules_appeal.CLOSED, rules_appeal.DOWN) or appeal.campaign is None:
        raise Refused("Lời kêu gọi chưa kết thúc. Kết thúc trước rồi mới chuyển phần dư.")
    if any(one.approved is None for one in queries.surpluses_of(appeal)):
        raise Refused("Đã có đề nghị chuyển phần dư chờ duyệt.")
    money, goods = _left(appeal)
    if money <= 0 and goods <= 0:
        raise Refused("Không còn phần dư nào: tiền đã trao hết, hoặc đang chờ chi theo quyết định.")
    asked = AppealSurplus(
        appeal_id=appeal.id, appeal=appeal, amount=max(money, 0), goods=max(goods, 0), requested_by_id=by.id
    )
    db.session.add(asked)
    db.session.flush()
    note(appeal.case, f"Đề nghị chuyển phần dư {format_dong(asked.amount)}.", by, appeal.surplus_text)
    return asked


def _left(appeal: CaseAppeal) -> tuple[int, int]:
    """Money and value of goods that may go, đồng: what the appealing unit's books hold free of commitments."""
    campaign = appeal.campaign
    assert campaign is not None
    sums = queries.sums_for(appeal)
    free = min(sums.left, free_of(campaign.unit_id, campaign.fund_id, campaign.id))
    return free - _decided(appeal), sums.left_goods


def _decided(appeal: CaseAppeal) -> int:
    """What decisions of the case, also drafts, still want of the appeal's money, đồng."""
    wanted = 0
    for made in decisions_of(appeal.case):
        if made.decision.state != WITHDRAWN:
            left = left_of(made.decision)
            wanted += sum(left[row.id] for row in made.decision.rows if row.campaign_id == appeal.campaign_id)
    return wanted


def answer_surplus(asked: AppealSurplus, *, approve: bool, answer: str, by: User) -> Posting | None:
    """A second person moves it (returns the document) or says why not. Raises Refused when less is left by now."""
    take_posting_lock()
    take_answer(asked, approve=approve, answer=answer, by=by)
    if not approve:
        db.session.flush()
        return None
    appeal, campaign = asked.appeal, asked.appeal.campaign
    assert campaign is not None
    money, goods = _left(appeal)
    if money < asked.amount or goods < asked.goods:
        raise Refused("Phần dư nay ít hơn khi đề nghị. Không duyệt, rồi đề nghị lại theo số còn.")
    lines = [
        Line(
            _other(campaign, appeal.surplus_campaign_id, purpose),
            _other(campaign, campaign.id, purpose),
            amount,
        )
        for purpose, amount in ((queries.SURPLUS, asked.amount), (GOODS, asked.goods))
        if amount
    ]
    posting = ledger.post(
        "reclassification",
        unit=campaign.unit,
        fund=db.session.get_one(Fund, campaign.fund_id),
        document_on=today_in_vietnam(),
        lines=lines,
        reason=f"Chuyển phần dư của lời kêu gọi {campaign.code}: {appeal.surplus_text}",
        by=asked.requested_by,
        second=by,
    )
    asked.posting_number = posting.number
    db.session.flush()
    note(appeal.case, f"Đã chuyển phần dư {format_dong(asked.amount)}.", by, appeal.surplus_text)
    return posting


def _other(campaign: Campaign, campaign_id: int | None, purpose: str) -> Account:
    return ledger.account_for(
        unit_id=campaign.unit_id,
        fund_id=campaign.fund_id,
        kind="other",
        campaign_id=campaign_id,
        purpose=purpose,
    )


@ledger.after_reversal_of("reclassification")
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A reversed move of a surplus: the money is the appeal's again. Raises Refused when it was spent already."""
    asked = db.session.scalar(select(AppealSurplus).where(AppealSurplus.posting_number == posting.number))
    if asked is None:
        return
    campaign = asked.appeal.campaign
    assert campaign is not None
    if free_of(campaign.unit_id, campaign.fund_id, asked.appeal.surplus_campaign_id) < 0:
        raise Refused("Phần dư đã được chi ở nơi nhận nên chưa đảo được. Đảo các phiếu chi sau đó trước.")
    asked.reversed_at = now()
    db.session.flush()
