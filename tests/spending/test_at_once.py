"""Many people at once, on both engines: the last money goes to exactly those vouchers that fit, one answer to a voucher."""

from __future__ import annotations

from flask import Flask

from portal.kit.db import db, writing
from portal.kit.errors import Busy, Refused
from portal.people.models import User
from portal.spending import queries
from portal.spending.actions_vouchers import approve_voucher, pay_voucher
from portal.spending.models import Voucher
from portal.spending.rules import PAID, Wanted
from tests.cast import make_campaign, make_user
from tests.ledger.test_at_once import in_threads
from tests.spending.builders import DAY, make_decision, make_money, make_row, make_voucher

VOUCHERS = 10


def test_the_last_money_and_the_one_answer(app: Flask, db_session, cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    make_money(campaign=campaign, amount=5_000_000)
    rows = [make_row(campaign=campaign, amount=2_000_000) for _ in range(VOUCHERS + 1)]
    decision = make_decision(unit=cast.commune, maker=cast.accountant, issuer=cast.chair, rows=rows)
    *approved, waiting = [
        make_voucher(
            decision=decision,
            maker=cast.accountant,
            approver=cast.chair if place < VOUCHERS else None,
            wanted=[Wanted(row.id, row.amount)],
        )
        for place, row in enumerate(decision.rows)
    ]
    ids, waiting_id, payer_id = [one.id for one in approved], waiting.id, cast.accountant.id
    chairs = [cast.chair.id, make_user(name="Lê Thị Phó", role="approver", unit=cast.commune).id]
    unit_id, fund_id = cast.commune.id, decision.fund_id
    db_session.commit()

    def work(number: int) -> str:
        """The first ten pay a voucher each; the last two approve the same one."""
        while True:
            try:
                with writing():
                    if number < VOUCHERS:
                        voucher = db.session.get_one(Voucher, ids[number])
                        pay_voucher(voucher, paid_on=DAY, by=db.session.get_one(User, payer_id))
                    else:
                        voucher = db.session.get_one(Voucher, waiting_id)
                        approve_voucher(voucher, by=db.session.get_one(User, chairs[number - VOUCHERS]))
                    db.session.commit()
                return "done"
            except Busy:  # too many wait: a person presses again
                continue
            except Refused as refused:
                return refused.text

    said = in_threads(app, VOUCHERS + 2, work)
    assert said[:VOUCHERS].count("done") == 2
    assert sum("chỉ còn 1.000.000 đ" in text for text in said[:VOUCHERS]) == VOUCHERS - 2
    assert sorted(text == "done" for text in said[VOUCHERS:]) == [False, True]
    db_session.rollback()
    assert queries.held_at(unit_id, fund_id, holder_id=None, bank_account_id=None) == 1_000_000
    assert sum(one.state == PAID for one in db_session.query(Voucher)) == 2
