"""A bank account in foreign money keeps cents beside đồng, and takes and gives nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from portal.donations.gifts import Foreign, Gift, Part
from portal.donations.posting import post_gifts
from portal.donations.queries import foreign_balance
from portal.donations.rules import value_of
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.statements.importing import target_of
from tests.cast import make_account, make_campaign, sign_in
from tests.spending.builders import make_decision, make_row, make_voucher

DAY = date(2026, 11, 2)


def give(account, by, *, minor=None, currency="USD", amount=500_000):
    rate = 261_505_000
    foreign = Foreign(currency, minor, rate, "Vietcombank", DAY) if minor else None
    worth = value_of(currency, minor, rate) if minor else amount
    part = Part("bank", worth, bank_account_id=account.id, foreign=foreign)
    (posted,) = post_gifts(
        [Gift(DAY, account.unit_id, account.fund_id, None, (part,), donor_name="An")], by=by
    )
    return posted


def test_cents_come_stay_and_are_shown(client, commune, accountant, chair) -> None:
    account = make_account(unit=commune, code="USD1")
    account.currency, account.opening_minor = "USD", 10_000
    give(account, accountant, minor=125_050)
    wrong = give(account, accountant, minor=5_000)
    assert foreign_balance(account) == 140_050
    reverse(db.session.get_one(Posting, wrong.posting_number), reason="Nhầm", by=accountant, second=chair)
    assert foreign_balance(account) == 135_050
    sign_in(client, accountant)
    assert "hiện giữ 1.350,50 USD" in client.get(f"/quan-ly/so/tien-gui?tai_khoan={account.id}").text


def test_other_money_is_refused(commune, accountant, chair) -> None:
    account, in_dong = make_account(unit=commune, code="USD1"), make_account(unit=commune)
    account.currency = "USD"
    give(in_dong, accountant, minor=100)  # its bank has changed the money
    for work, said in (
        (lambda: give(account, accountant), "giữ USD. Ghi khoản này ở dòng ngoại tệ"),
        (lambda: give(account, accountant, minor=100, currency="EUR"), "giữ USD, không phải EUR"),
        (lambda: target_of("USD1", None), "chỉ nạp sao kê bằng đồng"),
    ):
        with pytest.raises(Refused, match=said):
            work()
    campaign = make_campaign(unit=commune)
    decision = make_decision(unit=commune, maker=accountant, issuer=chair, rows=[make_row(campaign=campaign)])
    with pytest.raises(Refused, match="cần tài khoản đồng"):
        make_voucher(decision=decision, maker=accountant, bank_account=account)
