"""From a decision to money that has left: who may, how much, how often."""

from __future__ import annotations

import pytest

from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.queries import account_balance
from portal.ledger.rules import AccountFields
from portal.spending import queries
from portal.spending.actions import withdraw_decision
from portal.spending.actions_vouchers import (
    approve_voucher,
    pay_voucher,
    place_account,
    prepare_voucher,
    refuse_voucher,
    void_voucher,
)
from portal.spending.queries_vouchers import officers_of
from portal.spending.rules import Wanted
from tests.cast import grant, make_account, make_campaign, make_fund, make_user
from tests.spending.builders import (
    DAY,
    all_of,
    make_decision,
    make_money,
    make_payment,
    make_row,
    make_voucher,
)


@pytest.fixture
def campaign(commune):
    campaign = make_campaign(unit=commune)
    make_money(campaign=campaign, amount=5_000_000)
    return campaign


@pytest.fixture
def decision(campaign, commune, accountant, chair):
    rows = [make_row(campaign=campaign, amount=3_000_000), make_row(campaign=campaign, amount=2_000_000)]
    return make_decision(unit=commune, maker=accountant, issuer=chair, rows=rows)


def test_cash_leaves_the_box_once_with_a_number(decision, campaign, commune, accountant, chair) -> None:
    voucher = make_payment(decision=decision, maker=accountant, approver=chair)
    assert voucher.posting.paper_number == "PC-0001/2026" and voucher.posting.second_id == chair.id
    fund = make_fund()
    assert queries.held_at(commune.id, fund.id, holder_id=None, bank_account_id=None) == 0
    assert queries.free_of(commune.id, fund.id, campaign.id) == 0
    with pytest.raises(Refused, match="Đã chi"):
        pay_voucher(voucher, paid_on=DAY, by=accountant)
    with pytest.raises(Refused, match="chỉ còn 0 đ"):
        prepare_voucher(decision, wanted=all_of(decision), content="Chi lần nữa", by=accountant)
    reverse(voucher.posting, reason="Chi nhầm", by=accountant, second=chair)
    assert voucher.state == "reversed"
    again = make_payment(decision=decision, maker=accountant, approver=chair)
    assert again.posting.paper_number == "PC-0002/2026"


def test_rows_are_refused_one_by_one(decision, accountant, chair) -> None:
    voucher = make_voucher(decision=decision, maker=accountant)
    first, second = voucher.rows
    with pytest.raises(Refused, match="phải khác người lập"):
        approve_voucher(voucher, by=accountant)
    with pytest.raises(Refused, match="lý do"):
        approve_voucher(voucher, refused={first.id: " "}, by=chair)
    with pytest.raises(Refused, match="Mọi dòng"):
        approve_voucher(voucher, refused={first.id: "Đã nhận", second.id: "Đã nhận"}, by=chair)
    first.refused = second.refused = None
    approve_voucher(voucher, refused={first.id: "Hộ đã nhận ở xã khác"}, by=chair)
    with pytest.raises(Refused, match="Đã duyệt"):
        approve_voucher(voucher, by=chair)
    pay_voucher(voucher, paid_on=DAY, by=accountant)
    assert voucher.amount == 2_000_000 and len(voucher.posting.transfers) == 1
    assert queries.left_of(decision) == {first.decision_row_id: 3_000_000, second.decision_row_id: 0}


def test_the_last_money_goes_to_exactly_those_that_fit(commune, campaign, accountant, chair) -> None:
    rows = [make_row(campaign=campaign, amount=2_000_000) for _ in range(10)]
    decision = make_decision(unit=commune, maker=accountant, issuer=chair, rows=rows, number="13/QĐ")
    vouchers = [
        make_voucher(decision=decision, maker=accountant, approver=chair, wanted=[Wanted(row.id, row.amount)])
        for row in decision.rows
    ]
    paid = 0
    for voucher in vouchers:
        try:
            pay_voucher(voucher, paid_on=DAY, by=accountant)
            paid += 1
        except Refused as refused:
            assert "chỉ còn 1.000.000 đ" in refused.text
    assert paid == 2


def test_the_money_of_another_campaign_is_not_touched(commune, campaign, accountant, chair) -> None:
    other = make_campaign(unit=commune)
    decision = make_decision(
        unit=commune, maker=accountant, issuer=chair, rows=[make_row(campaign=other)], number="14/QĐ"
    )
    voucher = make_voucher(decision=decision, maker=accountant, approver=chair)
    with pytest.raises(Refused, match=f"Đợt “{other.name}” chỉ còn 0 đ"):
        pay_voucher(voucher, paid_on=DAY, by=accountant)


def test_a_bank_payment_waits_in_transit(commune, campaign, decision, accountant, chair) -> None:
    account = make_account(unit=commune)
    voucher = make_voucher(decision=decision, maker=accountant, approver=chair, bank_account=account)
    with pytest.raises(Refused, match=f"Tài khoản {account.code} chỉ còn 0 đ"):
        pay_voucher(voucher, paid_on=DAY, by=accountant)
    make_money(campaign=campaign, amount=5_000_000, form="bank", bank_account=account)
    pay_voucher(voucher, paid_on=DAY, by=accountant)
    assert voucher.posting.paper_number == "UNC-0001/2026"
    assert account_balance(place_account(voucher).id) == 0


def test_nothing_is_paid_on_a_withdrawn_decision(decision, accountant, chair) -> None:
    voucher = make_voucher(decision=decision, maker=accountant, approver=chair)
    with pytest.raises(Refused, match="không tự chi"):
        pay_voucher(voucher, paid_on=DAY, by=chair)
    withdraw_decision(decision, reason="Sai đối tượng", by=chair)
    with pytest.raises(Refused, match="đã thu hồi"):
        pay_voucher(voucher, paid_on=DAY, by=accountant)
    with pytest.raises(Refused, match="đã thu hồi"):
        make_voucher(decision=decision, maker=accountant)
    void_voucher(voucher, reason="Theo quyết định thu hồi", by=accountant)
    assert voucher.state == "void"


def test_an_advance_lies_with_the_officer(commune, decision, accountant, officer, chair) -> None:
    with pytest.raises(Refused, match="người nhận tạm ứng"):
        make_voucher(decision=decision, maker=accountant, what="advance")
    make_payment(decision=decision, maker=accountant, approver=chair, what="advance", officer=officer)
    fields = AccountFields(commune.id, make_fund().id, "advance", holder_id=officer.id)
    assert account_balance(account_of(fields)) == 5_000_000


def account_of(fields: AccountFields) -> int:
    from portal.ledger.actions import account_ids

    return account_ids([fields])[fields]


def test_a_refused_voucher_frees_its_rows(decision, accountant, chair) -> None:
    voucher = make_voucher(decision=decision, maker=accountant)
    assert set(queries.left_of(decision).values()) == {0}
    refuse_voucher(voucher, reason="Chưa họp bình xét", by=chair)
    assert sorted(queries.left_of(decision).values()) == [2_000_000, 3_000_000]


def test_who_may_be_given_an_advance(cast) -> None:
    """Who records or keeps books there or above; not who looks on, approves or administers only, nor a neighbour."""
    both = make_user(name="Ngô Kiêm Nhiệm", role="administrator", unit=cast.province)
    grant(user=both, role="recorder", unit=cast.commune)
    make_user(name="Lý Xã Bên", role="recorder", unit=cast.other_commune)
    make_user(name="Đã Nghỉ", role="recorder", unit=cast.commune, active=False)
    names = {person.id for person in officers_of(cast.commune)}
    assert names == {cast.officer.id, cast.accountant.id, both.id}
