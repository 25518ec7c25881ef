"""The sample's spending: decisions in every state, vouchers prepared, approved and paid, an advance to an officer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.vietnamese import capital_first
from portal.sample.names import HAMLETS, person
from portal.sample.province import Province
from portal.spending.actions import RowFields, draft_decision, issue_decision
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.models import Decision, Voucher
from portal.spending.rules import ADVANCE, Wanted

GROUNDS = (
    "Căn cứ Quy chế quản lý và sử dụng Quỹ “Vì người nghèo”\n"
    "Căn cứ biên bản họp Ban vận động Quỹ\n"
    "Xét đề nghị của bộ phận giúp việc Quỹ"
)
ARTICLES = (
    "Hỗ trợ các hộ có tên trong danh sách kèm theo từ nguồn Quỹ “Vì người nghèo”.\n"
    "Bộ phận kế toán Quỹ chi đúng đối tượng, đúng số tiền và thanh quyết toán theo quy định.\n"
    "Quyết định có hiệu lực từ ngày ký. Các bộ phận liên quan và các hộ có tên chịu trách nhiệm thi hành."
)


DECISIONS = {  # number → days ago, subject, households, đồng for each, purpose
    55: (17, "Trao quà Ngày hội Đại đoàn kết", 12, 400_000, "gifts"),
    58: (12, "Hỗ trợ bò sinh sản", 3, 15_000_000, "livelihood"),
    60: (8, "Trao quà lưu động tại các ấp", 6, 500_000, "gifts"),
    61: (6, "Hỗ trợ xây nhà Đại đoàn kết", 2, 60_000_000, "housing"),
    63: (3, "Hỗ trợ chữa bệnh hiểm nghèo", 1, 5_000_000, "medical"),
    65: (1, "Học bổng cho học sinh vượt khó", 5, 2_000_000, "education"),
}
DRAFT = 65  # still being written
ON_ACCOUNT = ("livelihood", "housing")  # purposes paid by transfer


def record_spending(province: Province, chance: random.Random, today: date) -> None:
    """Everything of this file. The money is "chung": what the fund had at the start of the year."""
    made = {number: _decide(province, chance, number, today) for number in DECISIONS}
    _pay(province, made[55], today - timedelta(days=15))
    _pay(province, made[58], today - timedelta(days=10), by_bank=True)
    _pay_advance(province, made[60], today - timedelta(days=7))
    _prepare(province, made[61], by_bank=True, approved=True)
    _prepare(province, made[63])


def _decide(province: Province, chance: random.Random, number: int, today: date) -> Decision:
    """One of `DECISIONS`, in force unless it is the draft."""
    ago, subject, households, amount, purpose = DECISIONS[number]
    rows = [
        RowFields(
            receiver=f"Hộ {person(chance)}",
            amount=amount,
            purpose=purpose,
            address=_address(province, place),
            level="province",
            households=1,
            bank="Agribank" if purpose in ON_ACCOUNT else None,
            account_number=f"66{chance.randrange(10**11):011d}" if purpose in ON_ACCOUNT else None,
        )
        for place in range(households)
    ]
    decision = draft_decision(
        unit=province.unit,
        fund=province.fund,
        rows=rows,
        by=province.people[ACCOUNTANT],
        kind="decision",
        number=f"{number}/QĐ-BVĐ",
        decided_on=today - timedelta(days=ago),
        subject=f"Về việc {subject[:1].lower()}{subject[1:]}",
        grounds=GROUNDS,
        articles=ARTICLES,
        recipients="Ban Thường trực\nBộ phận kế toán Quỹ\nCác hộ có tên",
        signer_title="TM. BAN VẬN ĐỘNG\nTRƯỞNG BAN",
        signer_name="Lê Hữu Phước",
    )
    return decision if number == DRAFT else issue_decision(decision, by=province.people[APPROVER])


def _address(province: Province, place: int) -> str:
    """ "ấp Tân Bình, xã Phú Đông"."""
    commune = province.communes[place % len(province.communes)].name
    return f"{HAMLETS[place % len(HAMLETS)]}, {commune[:1].lower()}{commune[1:]}"


def _prepare(
    province: Province, decision: Decision, *, by_bank: bool = False, approved: bool = False
) -> Voucher:
    voucher = prepare_voucher(
        decision,
        wanted=_all(decision),
        content=capital_first(decision.subject.removeprefix("Về việc ")),
        bank_account=province.bank if by_bank else None,
        by=province.people[ACCOUNTANT],
    )
    return approve_voucher(voucher, by=province.people[APPROVER]) if approved else voucher


def _all(decision: Decision) -> Sequence[Wanted]:
    return [Wanted(row.id, row.amount) for row in decision.rows]


def _pay(province: Province, decision: Decision, day: date, *, by_bank: bool = False) -> None:
    voucher = _prepare(province, decision, by_bank=by_bank, approved=True)
    pay_voucher(voucher, paid_on=day, by=province.people[ACCOUNTANT])


def _pay_advance(province: Province, decision: Decision, day: date) -> None:
    """An officer takes the money along and settles it later."""
    voucher = prepare_voucher(
        decision,
        wanted=_all(decision),
        what=ADVANCE,
        content="Tạm ứng đi trao quà tại các ấp",
        officer=province.people[RECORDER],
        settle_by=day + timedelta(days=20),
        by=province.people[ACCOUNTANT],
    )
    approve_voucher(voucher, by=province.people[APPROVER])
    pay_voucher(voucher, paid_on=day, by=province.people[ACCOUNTANT])
