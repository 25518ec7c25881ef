"""Prizes: decided and paid by the fund or by a sponsor directly, not paid for what was taken back, back by a document."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.donations.actions import record_donation
from portal.emulation import actions_certificates as certificates
from portal.emulation import actions_rewards_prize as prizes
from portal.emulation import queries_certificates as found
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.closing import open_items
from portal.ledger.models import Account, DayTotal, Posting
from portal.operate.verify import first_problem
from portal.spending.actions import issue_decision, withdraw_decision
from portal.spending.actions_direct import decide_in_and_out, request_in_and_out
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.models_others import InAndOut
from portal.spending.queries import left_of
from portal.spending.rules import ADVANCE, Wanted
from tests.cast import make_fund
from tests.emulation.builders import DAY, HEAD, make_award, make_nomination
from tests.emulation.test_rewards_actions import refused, rewards


def decide_prizes(cast: Any, decision: Any, number: str = "47/QĐ-MTTQ-BTT") -> Any:
    """The fund's decision on the prizes, in force."""
    made = prizes.draft_prizes(
        decision,
        fund=make_fund(),
        purpose="rewards",
        campaign=None,
        decided_on=DAY,
        number=number,
        by=cast.officer,
    )
    return issue_decision(made, by=cast.chair)


def pay_prizes(cast: Any, decision: Any, number: str = "47/QĐ-MTTQ-BTT") -> Any:
    """The fund's decision in force, a voucher prepared and approved."""
    made = decide_prizes(cast, decision, number)
    wanted = [Wanted(key, rest) for key, rest in left_of(made).items()]
    voucher = prepare_voucher(made, wanted=wanted, content="Chi tiền thưởng", by=cast.accountant)
    return approve_voucher(voucher, by=cast.chair)


def pay_directly(cast: Any, decision: Any, amount: int = 1_000_000) -> InAndOut:
    """A sponsor has paid the prize of the only row; asked, not yet approved."""
    made = decide_prizes(cast, decision)
    return request_in_and_out(
        made.rows[0], amount=amount, happened_on=DAY, donor_name="Công ty TNHH Mẫu Xanh",
        donor_kind="company", supplier="Chi hội Phụ nữ Ấp Giả", reason="Trao thẳng tiền thưởng", by=cast.accountant,
    )  # fmt: skip


def take_back(cast: Any) -> Any:
    """The only reward is taken back by a decision in force."""
    (reward,) = rewards()
    head = {**HEAD, "number": "48/QĐ-MTTQ-BTT"}
    gone = certificates.draft_withdrawal(
        cast.commune, [reward.id], reason="Khai sai", head=head, by=cast.officer
    )
    certificates.issue(gone, by=cast.chair)
    return reward


def spent() -> int:
    rows = select(DayTotal.debit - DayTotal.credit).join(Account, Account.id == DayTotal.account_id)
    return sum(db.session.scalars(rows.where(Account.kind == "spent", Account.purpose == "rewards")))


def common_money(cast: Any) -> None:
    """Money of no campaign in the box."""
    record_donation(unit=cast.commune, fund=make_fund(), campaign=None, form="cash", amount=10_000_000,
        day=DAY, donor_name="Nhà hảo tâm Giả", by=None)  # fmt: skip


def test_prizes_leave_by_vouchers_and_come_back_by_a_document(cast) -> None:
    common_money(cast)
    one, two = (
        make_nomination(cast=cast, prize=1_000_000),
        make_nomination(cast=cast, name="Tổ 3", prize=500_000),
    )
    decision = make_award(cast=cast, nominations=[one, two])
    pay_voucher(pay_prizes(cast, decision), paid_on=DAY, by=cast.accountant)
    first, second = rewards()
    assert (found.paid_of(first), found.paid_of(second), spent()) == (1_000_000, 500_000, 1_500_000)
    refused(
        None,
        prizes.draft_prizes,
        decision,
        fund=make_fund(),
        purpose="rewards",
        campaign=None,
        decided_on=DAY,
        by=cast.officer,
    )
    told = {"amount": 1_000_000, "day": DAY, "reason": "Thu hồi", "bank_account": None}
    refused(None, prizes.record_back, first, **told, by=cast.accountant, match="đã có quyết định thu hồi")
    head = {**HEAD, "number": "48/QĐ-MTTQ-BTT", "subject": "Về việc thu hồi Giấy khen"}
    refused(
        "reason",
        certificates.draft_withdrawal,
        cast.commune,
        [first.id],
        reason=" ",
        head=head,
        by=cast.officer,
    )
    gone = certificates.draft_withdrawal(
        cast.commune, [first.id], reason="Khai sai thành tích", head=head, by=cast.officer
    )
    refused(
        "rows",
        certificates.draft_withdrawal,
        cast.commune,
        [first.id],
        reason="x",
        head={**head, "number": None},
        by=cast.officer,
    )
    assert first.until is None and certificates.issue(gone, by=cast.chair).entry == first.until
    row = found.withdrawal_of(first)
    assert row is not None and row.reason == "Khai sai thành tích" and found.withdrawal_of(second) is None
    refused("amount", prizes.record_back, first, **{**told, "amount": 1_000_001}, by=cast.accountant)
    refused(None, prizes.record_back, first, **told, by=cast.chair, match="phải khác")
    back = prizes.record_back(first, **told, by=cast.accountant)
    assert (back.kind, back.paper_number, spent()) == ("prize_back", "PT-0002/2026", 500_000)
    assert prizes.left_to_return(first) == 0
    voucher_posting = db.session.scalars(select(Posting).where(Posting.kind == "payment")).one()
    db.session.flush()
    assert first_problem(db.session.connection()) is None
    refused(
        None,
        reverse,
        voucher_posting,
        reason="Nhầm",
        by=cast.officer,
        second=cast.chair,
        match="Đảo chứng từ thu lại",
    )


def test_a_withdrawn_decision_on_prizes_is_no_dead_end(cast) -> None:
    common_money(cast)
    award = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    told = {
        "fund": make_fund(),
        "purpose": "rewards",
        "campaign": None,
        "decided_on": DAY,
        "by": cast.officer,
    }

    def waiting() -> list[str]:
        items = open_items(cast.commune.id, make_fund().id, DAY)
        return [item.name for item in items if item.name == "Tiền thưởng chưa có quyết định chi"]

    first = issue_decision(prizes.draft_prizes(award, number="47/QĐ", **told), by=cast.chair)
    (reward,) = rewards()
    assert waiting() == [] and prizes.to_pay(award) == []
    withdraw_decision(first, reason="Sai mục đích", by=cast.chair)
    assert len(waiting()) == 1 and prizes.to_pay(award) == [reward]
    voucher = pay_prizes(cast, award, number="49/QĐ")
    assert waiting() == []
    row = found.prize_row_of(reward)
    assert row is not None and row.decision_row.decision_id == voucher.decision_id != first.id
    pay_voucher(voucher, paid_on=DAY, by=cast.accountant)
    assert found.paid_of(reward) == 1_000_000 and waiting() == []


def test_a_prize_of_a_reward_taken_back_is_not_paid_nor_advanced(cast) -> None:
    common_money(cast)
    decision = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    voucher = pay_prizes(cast, decision)
    take_back(cast)
    refused(
        None, pay_voucher, voucher, paid_on=DAY, by=cast.accountant, match="đã thu hồi, không chi tiền thưởng"
    )


def test_an_advance_is_no_way_to_pay_a_prize(cast) -> None:
    common_money(cast)
    decision = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    made = pay_prizes(cast, decision).decision
    db.session.flush()
    voucher = found.award_paying_by(made.id)
    assert voucher is decision
    rows = [Wanted(row.id, 1) for row in made.rows]
    with pytest.raises(Refused):  # the voucher before has taken it all
        prepare_voucher(
            made, wanted=rows, content="x", what=ADVANCE, officer=cast.officer, by=cast.accountant
        )


def test_a_return_that_is_reversed_returned_nothing(cast) -> None:
    common_money(cast)
    decision = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    pay_voucher(pay_prizes(cast, decision), paid_on=DAY, by=cast.accountant)
    reward = take_back(cast)
    back = prizes.record_back(
        reward, amount=400_000, day=DAY, reason="x", bank_account=None, by=cast.accountant
    )
    assert prizes.left_to_return(reward) == 600_000
    reverse(back, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    assert prizes.left_to_return(reward) == 1_000_000
    assert first_problem(db.session.connection()) is None


def test_what_a_sponsor_paid_directly_is_paid_and_comes_back(cast) -> None:
    award = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    entry = pay_directly(cast, award)
    (reward,) = rewards()
    assert found.paid_of(reward) == 0
    decide_in_and_out(entry, approve=True, answer="", by=cast.chair)
    assert found.paid_of(reward) == spent() == 1_000_000 and prizes.to_pay(award) == []
    take_back(cast)
    assert prizes.left_to_return(reward) == 1_000_000
    told = {"amount": 400_000, "day": DAY, "reason": "Nộp lại", "bank_account": None}
    back = prizes.record_back(reward, **told, by=cast.accountant)
    assert (prizes.left_to_return(reward), spent()) == (600_000, 600_000)
    db.session.commit()
    assert first_problem(db.session.connection()) is None
    paid = db.session.get_one(Posting, entry.posting_number)
    undone = {"reason": "Nhầm", "by": cast.officer, "second": cast.chair}
    refused(None, reverse, paid, **undone, match="Đảo chứng từ thu lại")
    db.session.rollback()
    reverse(back, **undone)
    reverse(paid, **undone)
    assert found.paid_of(reward) == prizes.left_to_return(reward) == spent() == 0


def test_a_withdrawn_decision_that_a_sponsor_paid_on_decides_no_prize_anew(cast) -> None:
    award = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    entry = pay_directly(cast, award, amount=300_000)
    decide_in_and_out(entry, approve=True, answer="", by=cast.chair)
    (reward,) = rewards()
    assert reward.id in db.session.scalars(found.decided_prizes()).all() and prizes.to_pay(award) == []
    paid = db.session.get_one(Posting, entry.posting_number)
    reverse(paid, reason="Nhầm", by=cast.officer, second=cast.chair)
    withdraw_decision(entry.decision_row.decision, reason="Sai", by=cast.chair)
    assert reward.id not in db.session.scalars(found.decided_prizes()).all()
    assert prizes.to_pay(award) == [reward]


def test_a_sponsor_pays_no_prize_of_a_reward_taken_back(cast) -> None:
    award = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    entry = pay_directly(cast, award)
    take_back(cast)
    refused(
        None,
        decide_in_and_out,
        entry,
        approve=True,
        answer="",
        by=cast.chair,
        match="Không ghi thu – ghi chi",
    )


def test_a_sponsor_is_told_when_asking_for_a_reward_taken_back(cast) -> None:
    award = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    made = decide_prizes(cast, award)
    take_back(cast)
    told = {
        "amount": 1_000_000,
        "happened_on": DAY,
        "donor_name": "Công ty Mẫu",
        "supplier": "Tổ 3",
        "reason": "Trao",
    }
    refused(
        None, request_in_and_out, made.rows[0], **told, by=cast.accountant, match="Không ghi thu – ghi chi"
    )
