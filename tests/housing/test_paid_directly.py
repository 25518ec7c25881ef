"""What a sponsor pays directly for a house is a tranche like a voucher's: at its stage, with its photo, to the đồng."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from portal.campaigns.models import Campaign
from portal.housing import actions, queries_money, rules
from portal.housing.actions_tranches import drop_tranche
from portal.kit.db import db
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.ledger.waiting import waiting_work
from portal.spending.actions import withdraw_decision
from portal.spending.actions_direct import decide_in_and_out
from portal.spending.actions_vouchers import pay_voucher
from portal.spending.models import Decision
from tests.cast import Cast, sign_in
from tests.housing.builders import (
    DAY,
    HOME,
    MILLION,
    approved,
    ask_direct,
    finished,
    make_photo,
    make_tranche,
    pay_direct,
    pay_tranche,
)
from tests.housing.judging import agree, refused
from tests.reading import errors_at

NEW = "/quan-ly/chi/thu-chi-khac/ghi-thu-ghi-chi/moi"
DUE = "Đợt cấp tiền nhà đến bước, chưa lập phiếu"


def test_not_before_its_stage_nor_its_photo_nor_above_its_tranche(cast: Cast, campaign: Campaign) -> None:
    project = approved(cast=cast, campaign=campaign)
    tranche = make_tranche(project=project, stage=rules.STARTED, amount=25 * MILLION, by=cast.officer)
    db.session.commit()
    refused(lambda: ask_direct(tranche=tranche, cast=cast), "đã khởi công", field="amount")
    db.session.rollback()
    make_photo(project=project, role="before", by=cast.officer)
    actions.step_forward(project, rules.STARTED, DAY + timedelta(days=2), by=cast.officer)
    db.session.commit()
    late = {"happened_on": DAY + timedelta(days=2)}
    refused(lambda: ask_direct(tranche=tranche, cast=cast, **late), "Chưa có ảnh", field="amount")
    db.session.rollback()
    make_photo(project=project, role="started", by=cast.officer)
    db.session.commit()
    for amount in (24 * MILLION, 26 * MILLION, 61 * MILLION):
        told = {**late, "amount": amount}
        refused(lambda: ask_direct(tranche=tranche, cast=cast, **told), field="amount")  # noqa: B023
        db.session.rollback()
    refused(lambda: ask_direct(tranche=tranche, cast=cast), "trước ngày căn nhà", field="happened_on")
    db.session.rollback()
    pay_direct(tranche=tranche, cast=cast, **late)
    db.session.commit()
    assert queries_money.cost_of(project).fund == 25 * MILLION
    refused(lambda: ask_direct(tranche=tranche, cast=cast, **late), "theo đợt", field="amount")
    db.session.rollback()
    refused(lambda: pay_tranche(tranche=tranche, cast=cast), "theo đợt", field="rows")
    db.session.rollback()
    agree()


def test_a_voucher_is_not_paid_before_the_day_of_its_stage_either(cast: Cast, campaign: Campaign) -> None:
    project = approved(cast=cast, campaign=campaign)
    tranche = make_tranche(project=project, stage=rules.STARTED, amount=60 * MILLION, by=cast.officer)
    for role in ("before", "started"):
        make_photo(project=project, role=role, by=cast.officer)
    actions.step_forward(project, rules.STARTED, DAY + timedelta(days=2), by=cast.officer)
    voucher = pay_tranche(tranche=tranche, cast=cast, paid_on=None)
    db.session.commit()
    refused(
        lambda: pay_voucher(voucher, paid_on=DAY + timedelta(days=1), by=cast.accountant),
        "trước ngày căn nhà",
        field="paid_on",
    )
    db.session.rollback()
    pay_voucher(voucher, paid_on=DAY + timedelta(days=2), by=cast.accountant)
    agree()


def test_what_held_when_it_was_asked_for_holds_when_it_is_decided(cast: Cast, campaign: Campaign) -> None:
    project = finished(cast=cast, campaign=campaign, paid=False)
    tranche = make_tranche(project=project, stage=rules.FINISHED, amount=60 * MILLION, by=cast.officer)
    entry = ask_direct(tranche=tranche, cast=cast)
    refused(lambda: drop_tranche(tranche, reason="nhầm", by=cast.officer), "ghi thu – ghi chi")
    refused(lambda: actions.step_back(project, reason="nhầm", by=cast.officer), "ghi thu – ghi chi")
    actions.stop(project, reason="Chủ hộ đi viện", by=cast.officer)
    db.session.commit()
    refused(lambda: decide_in_and_out(entry, approve=True, answer="", by=cast.chair), "đang dừng")
    db.session.rollback()
    actions.resume(project, reason="Đã về", by=cast.officer)
    decide_in_and_out(entry, approve=False, answer="Thiếu hóa đơn", by=cast.chair)
    assert not queries_money.is_taken(tranche)
    again = pay_direct(tranche=tranche, cast=cast)
    assert queries_money.direct_of(tranche) is again
    told = {"reason": "Sai số", "by": cast.accountant, "second": cast.chair}
    reverse(db.session.get_one(Posting, again.posting_number), **told)
    assert not queries_money.is_taken(tranche) and queries_money.cost_of(project).fund == 0
    pay_tranche(tranche=tranche, cast=cast)
    agree()


def test_a_tranche_paid_directly_waits_for_nobody(
    cast: Cast, campaign: Campaign, client: FlaskClient
) -> None:
    project = approved(cast=cast, campaign=campaign)
    make_photo(project=project, role="before", by=cast.officer)
    tranche = make_tranche(project=project, stage=rules.APPROVED, amount=60 * MILLION, by=cast.officer)
    assert DUE in {one.name for one in waiting_work(cast.officer)}
    entry = ask_direct(tranche=tranche, cast=cast)
    assert DUE not in {one.name for one in waiting_work(cast.officer)}
    db.session.commit()
    sign_in(client, cast.officer)
    shown = client.get(f"{HOME}{project.id}").text
    assert "Trả thẳng, chờ duyệt" in shown and "Lập phiếu chi" not in shown
    assert shown.count("Cấp khi") == shown.count("Trả thẳng, chờ duyệt") == 1  # one table, one row
    decision = db.session.get_one(Decision, tranche.decided.row.decision_id)
    withdraw_decision(decision, reason="Hết tiền", by=cast.chair)
    decide_in_and_out(entry, approve=False, answer="Đã thu hồi", by=cast.chair)
    assert DUE not in {one.name for one in waiting_work(cast.officer)}  # nobody may pay it any more


def test_the_form_says_it_at_its_field(cast: Cast, campaign: Campaign, client: FlaskClient) -> None:
    project = approved(cast=cast, campaign=campaign)
    tranche = make_tranche(project=project, stage=rules.STARTED, amount=25 * MILLION, by=cast.officer)
    decision = tranche.decided.row.decision_id
    db.session.commit()
    sign_in(client, cast.accountant)
    told = {
        "decision_row_id": tranche.decision_row_id, "donor_name": "Công ty Giả", "nguoi_moi": "1", "supplier": "Cửa hàng",
        "amount": "25tr", "happened_on": "10/11/2026", "reason": "Xi măng",
    }  # fmt: skip
    answer = client.post(f"{NEW}?van_ban={decision}", data=told)
    assert answer.status_code == 422
    assert "Đợt này cấp khi “đã khởi công”" in str(errors_at(answer.text))
