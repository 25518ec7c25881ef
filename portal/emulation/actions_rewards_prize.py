"""Prize money: decided by a decision of the fund, paid by its vouchers, back by a document of the books. Flushes."""

from __future__ import annotations

from datetime import date

from portal.campaigns.models import Campaign
from portal.donations.rules import ACCOUNTING_SERIES, RECEIPT_SERIES
from portal.emulation import queries_certificates as queries
from portal.emulation import rules_nominations as rules
from portal.emulation.models_certificates import PrizeBack, Reward, RewardDecision, RewardPrize
from portal.kit.checks import check_text
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.models import BankAccount, Fund, Posting
from portal.ledger.rules import Line, check_in_dong
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.spending import rules as spending
from portal.spending.actions import RowFields, draft_decision
from portal.spending.models import Decision
from portal.spending.queries_decisions import texts_for

SUBJECT = "Về việc chi tiền thưởng kèm theo {form}"


def to_pay(decision: RewardDecision) -> list[Reward]:
    """Rewards of an issued decision whose prize no decision of the fund pays yet."""
    if decision.state != rules.ISSUED or decision.what != rules.AWARD:
        return []
    if decision.prize_decision is not None and decision.prize_decision.state != spending.WITHDRAWN:
        return []
    given = queries.rewards_of(decision)
    return [one for one in given if one.prize and one.until is None and not queries.paid_of(one)]


def draft_prizes(
    decision: RewardDecision,
    *,
    fund: Fund,
    purpose: str,
    campaign: Campaign | None,
    decided_on: date,
    number: str | None = None,
    by: User,
) -> Decision:
    """Draft the fund's decision that pays the prizes; a second person issues it, vouchers pay it. Raises Refused."""
    take_posting_lock()
    db.session.refresh(decision)
    rewards = to_pay(decision)
    if not rewards:
        raise Refused("Không còn tiền thưởng nào chưa có quyết định chi. Tải lại trang.")
    if decided_on < decision.decided_on:
        raise Refused(
            f"Ngày chi thưởng trước ngày khen {format_day(decision.decided_on)}. Sửa ngày.", "decided_on"
        )
    made = draft_decision(
        unit=decision.unit,
        fund=fund,
        rows=[_row(one, purpose, campaign) for one in rewards],
        by=by,
        kind="decision",
        number=number,
        decided_on=decided_on,
        subject=SUBJECT.format(form=decision.form.name),
        **vars(texts_for(decision.unit, "decision", decided_on)),
    )
    db.session.add_all(
        RewardPrize(decision_row_id=row.id, reward_id=one.id)
        for row, one in zip(made.rows, rewards, strict=True)
    )
    decision.prize_decision_id, decision.prize_decision = made.id, made
    db.session.flush()
    return made


def _row(reward: Reward, purpose: str, campaign: Campaign | None) -> RowFields:
    number = f" số {reward.decision.number}" if reward.decision.number else ""
    return RowFields(
        receiver=reward.name,
        address=reward.address,
        content=f"Tiền thưởng kèm {reward.form.name} {reward.number}, quyết định{number}"[:500],
        purpose=purpose,
        campaign_id=campaign.id if campaign else None,
        amount=reward.prize or 0,
    )


def left_to_return(reward: Reward) -> int:
    """Prize money that a reward that was taken back still owes, đồng."""
    return queries.paid_of(reward) - queries.back_of(reward) if reward.until is not None else 0


def record_back(
    reward: Reward, *, amount: int, day: date, reason: str | None, bank_account: BankAccount | None, by: User
) -> Posting:
    """Prize money of a reward that was taken back has come: less is spent. Raises Refused.

    Whoever issued the decision that took it back is the document's second person. Money at a bank waits in transit.
    """
    take_posting_lock()
    db.session.refresh(reward)
    gone, paid = queries.withdrawal_of(reward), queries.prize_row_of(reward)
    if gone is None or paid is None or not queries.paid_of(reward):
        raise Refused("Chỉ thu lại tiền thưởng đã chi của phần thưởng đã có quyết định thu hồi.")
    rules.check_back(amount, left_to_return(reward))
    if day < gone.decision.decided_on:
        raise Refused(
            f"Ngày thu tiền trước ngày thu hồi {format_day(gone.decision.decided_on)}. Sửa ngày.", "day"
        )
    if day > today_in_vietnam():
        raise Refused("Ngày thu tiền chưa tới. Ghi ngày đã thu, muộn nhất là hôm nay.", "day")
    assert gone.decision.issued_by_id is not None
    check_second_person(by.id, gone.decision.issued_by_id)
    row, decided = paid.decision_row, paid.decision_row.decision
    owner = {"unit_id": decided.unit_id, "fund_id": decided.fund_id}
    if bank_account is not None:
        if (bank_account.unit_id, bank_account.fund_id) != (decided.unit_id, decided.fund_id):
            raise Refused(
                "Tài khoản này không thuộc đơn vị và quỹ đã chi thưởng. Chọn tài khoản khác.", "place"
            )
        check_in_dong(bank_account.code, bank_account.currency)
        place = ledger.account_for(**owner, kind="transit", bank_account_id=bank_account.id)
    else:
        place = ledger.account_for(**owner, kind="cash")
    use = ledger.account_for(**owner, kind="spent", campaign_id=row.campaign_id, purpose=row.purpose)
    posting = ledger.post(
        "prize_back",
        unit=decided.unit,
        fund=decided.fund,
        document_on=day,
        lines=[Line(use, place, amount)],
        series=ACCOUNTING_SERIES if bank_account else RECEIPT_SERIES,
        reason=f"Thu lại tiền thưởng {reward.number}: {check_text(reason, 'reason', 'lý do')}"[:1000],
        by=by,
        second=gone.decision.issued_by,
    )
    db.session.add(PrizeBack(posting_number=posting.number, reward_id=reward.id, amount=amount))
    db.session.flush()
    return posting
