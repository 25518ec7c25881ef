"""A house from survey to hand-over, on both engines: nothing before its turn, no paper skipped, no dead end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.distributions.models import SupportNorm
from portal.households.actions_registry import change_household
from portal.households.received import lines_of
from portal.housing import (
    actions,
    actions_check,
    actions_handover,
    following,
    queries,
    queries_money,
    received,
    rules,
)
from portal.housing.actions_money import (
    add_source,
    change_source,
    drop_source,
    record_outside,
    withdraw_outside,
)
from portal.housing.actions_survey import file_paper, withdraw_paper
from portal.housing.actions_tranches import add_tranche, drop_tranche
from portal.housing.models import HousePaper
from portal.housing.queries_papers import missing_for, requirements
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.spending.actions import (
    change_decision,
    delete_decision,
    issue_decision,
    rows_of,
    withdraw_decision,
)
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher, void_voucher
from portal.spending.models import Decision
from portal.spending.rules import ADVANCE, Wanted
from tests.cast import Cast
from tests.households.builders import make_hamlet, make_household
from tests.housing.builders import (
    CHECK,
    DAY,
    MILLION,
    NAMES,
    PROJECT,
    approved,
    check,
    family_source,
    file_papers,
    finished,
    fund_source,
    handed_over,
    kind_of,
    make_house_decision,
    make_photo,
    make_project,
    make_survey,
    make_tranche,
    pay_tranche,
    programme_of,
    sign,
)
from tests.housing.judging import agree, refused

assert following and received  # the rooms that follow


def test_from_survey_to_hand_over(cast: Cast, campaign: Campaign) -> None:
    project = make_project(cast=cast)
    assert project.state == rules.OPENED and project.unit_id == cast.commune.id and project.head_name is None
    make_survey(project=project, by=cast.officer)
    assert project.state == rules.SURVEYED
    fund_source(project=project, by=cast.officer, campaign=campaign)
    assert queries_money.cost_of(project).gap == 40 * MILLION
    family_source(project=project, by=cast.officer)
    refused(lambda: make_house_decision(project=project, cast=cast), "Đơn đề nghị", "họp bình xét")
    file_papers(project=project, by=cast.officer)
    decision = make_house_decision(project=project, cast=cast, issued=False)
    assert decision.rows[0].purpose == "housing" and decision.rows[0].receiver == "Hộ Nguyễn Văn Sáu"
    refused(lambda: issue_decision(decision, by=cast.officer))  # a second person does
    issue_decision(decision, by=cast.chair)
    assert project.state == rules.APPROVED and project.head_name == "Nguyễn Văn Sáu"
    assert (project.address or "").startswith("Tổ 7, ")
    refused(lambda: actions.step_forward(project, rules.STARTED, DAY, by=cast.officer), "Ảnh hiện trạng")
    make_photo(project=project, role="before", by=cast.officer)
    actions.step_forward(project, rules.STARTED, DAY, by=cast.officer)
    refused(lambda: actions.step_forward(project, rules.HANDED_OVER, DAY, by=cast.officer))
    actions.step_forward(project, rules.ROOFED, DAY, by=cast.officer)
    refused(
        lambda: actions.step_forward(project, rules.FINISHED, DAY, by=cast.officer), "Ảnh sau khi hoàn thành"
    )
    make_photo(project=project, role="after", by=cast.officer)
    actions.step_forward(project, rules.FINISHED, DAY, by=cast.officer)
    make_photo(project=project, role="started", by=cast.officer)
    tranche = make_tranche(project=project, stage=rules.STARTED, amount=60 * MILLION, by=cast.officer)
    pay_tranche(tranche=tranche, cast=cast)
    refused(
        lambda: actions_handover.prepare_handover(project, rules.HOUSE, NAMES, by=cast.officer),
        "kiểm tra hoàn thành",
    )
    refused(
        lambda: check(project=project, by=cast.officer, total=100 * MILLION),
        "các nguồn cộng lại",
        field="total",
    )
    family = next(
        one.source for one in queries_money.cost_of(project).shares if one.source.kind == rules.FAMILY
    )
    record_outside(project, family, {"happened_on": DAY, "amount": 40 * MILLION}, by=cast.officer)
    made = check(project=project, by=cast.officer, total=100 * MILLION)
    assert made.total == 100 * MILLION and sum(one[1] for one in made.sources or []) == made.total
    assert made.area == 4550
    refused(lambda: sign(project=project, by=cast.officer), "Biên bản bàn giao tiền")
    for one in queries.handovers_of(project):
        actions_handover.drop_handover(one, reason="in lại", by=cast.officer)
    assert sign(project=project, what=rules.MONEY, by=cast.officer).amount == 60 * MILLION
    assert sign(project=project, by=cast.officer).amount == 100 * MILLION
    assert project.state == rules.HANDED_OVER and missing_for(project, rules.HANDED_OVER) == []
    cost = queries_money.cost_of(project)
    assert (cost.fund, cost.outside, cost.total, cost.gap) == (60 * MILLION, 40 * MILLION, 100 * MILLION, 0)
    lines = lines_of([project.household_id])
    assert [(line.cash, line.in_books) for line in lines] == [
        (60 * MILLION, True)
    ]  # its own share is no gift
    agree()


def test_sources_never_exceed_the_cost(cast: Cast) -> None:
    project = make_project(cast=cast)
    fund_source(project=project, by=cast.officer, amount=90 * MILLION)
    refused(
        lambda: family_source(project=project, by=cast.officer, amount=11 * MILLION),
        "thừa 1.000.000",
        field="amount",
    )
    family_source(project=project, by=cast.officer, amount=10 * MILLION)
    days = {"kind": rules.LABOUR, "days": 10, "day_value": 300_000}
    refused(lambda: add_source(project, days, by=cast.officer), field="days")
    change = {**PROJECT, "estimate": 99 * MILLION}
    refused(
        lambda: actions.change_project(project, project.programme, project.kind, change, by=cast.officer),
        field="estimate",
    )
    change = {**PROJECT, "estimate": 103 * MILLION}
    actions.change_project(project, project.programme, project.kind, change, by=cast.officer)
    source = add_source(project, days, by=cast.officer)
    assert source.amount == 3 * MILLION and queries_money.cost_of(project).gap == 0
    refused(lambda: change_source(source, {**days, "days": 11}, by=cast.officer), field="days")
    refused(lambda: add_source(project, {"kind": rules.SPONSOR, "amount": 1}, by=cast.officer), field="name")
    drop_source(source, reason="Không có ngày công", by=cast.officer)
    assert queries_money.cost_of(project).gap == 3 * MILLION
    other = make_project(
        cast=cast, household=make_household(unit=make_hamlet(cast, "Ấp Hai"), name="Lý Bảy"), estimate=None
    )
    refused(lambda: fund_source(project=other, by=cast.officer), "dự toán")
    agree()


def test_no_tranche_before_its_stage_nor_above_its_row_or_voucher(cast: Cast, campaign: Campaign) -> None:
    project = approved(cast=cast, campaign=campaign)
    row = queries_money.decided_rows(project)[0]
    first = make_tranche(project=project, stage=rules.STARTED, amount=25 * MILLION, by=cast.officer)
    second = make_tranche(project=project, stage=rules.FINISHED, amount=35 * MILLION, by=cast.officer)
    refused(
        lambda: add_tranche(project, row, stage=rules.ROOFED, amount=1, by=cast.officer),
        "không đủ",
        field="amount",
    )
    db.session.commit()
    refused(lambda: pay_tranche(tranche=first, cast=cast), "Đã khởi công".lower(), field="rows")
    db.session.rollback()
    decision = db.session.get_one(Decision, row.row.decision_id)
    told = {"content": "Chi", "by": cast.accountant}
    for amount in (24 * MILLION, 60 * MILLION):  # not what any tranche says
        wanted = [Wanted(row.decision_row_id, amount)]
        refused(lambda: prepare_voucher(decision, wanted=wanted, **told), "theo đợt", field="rows")  # noqa: B023
        db.session.rollback()
    make_photo(project=project, role="before", by=cast.officer)
    actions.step_forward(project, rules.STARTED, DAY, by=cast.officer)
    db.session.commit()
    refused(lambda: pay_tranche(tranche=first, cast=cast), "Chưa có ảnh", field="rows")
    db.session.rollback()
    make_photo(project=project, role="started", by=cast.officer)
    db.session.commit()
    refused(
        lambda: prepare_voucher(
            decision,
            wanted=[Wanted(row.decision_row_id, first.amount)],
            what=ADVANCE,
            officer=cast.officer,
            **told,
        ),
        "không tạm ứng",
    )
    db.session.rollback()
    voucher = pay_tranche(tranche=first, cast=cast)
    assert queries_money.voucher_of(first) is voucher
    db.session.commit()
    refused(lambda: pay_tranche(tranche=second, cast=cast), "hoàn thành", field="rows")
    db.session.rollback()
    refused(lambda: drop_tranche(first, reason="nhầm", by=cast.officer), "phiếu chi")
    refused(lambda: actions.step_back(project, reason="nhầm", by=cast.officer), "phiếu chi")
    drop_tranche(second, reason="chia lại", by=cast.officer)
    make_tranche(project=project, stage=rules.ROOFED, amount=35 * MILLION, by=cast.officer)
    agree()


def test_a_voucher_that_falls_leaves_its_tranche_open(cast: Cast, campaign: Campaign) -> None:
    project = finished(cast=cast, campaign=campaign, paid=False)
    tranche = make_tranche(project=project, stage=rules.STARTED, amount=60 * MILLION, by=cast.officer)
    decision = db.session.get_one(Decision, tranche.decided.row.decision_id)
    wanted = [Wanted(tranche.decision_row_id, tranche.amount)]
    voucher = prepare_voucher(decision, wanted=wanted, content="Chi", by=cast.accountant)
    void_voucher(voucher, reason="Sai tên", by=cast.accountant)
    assert queries_money.voucher_of(tranche) is None
    voucher = prepare_voucher(decision, wanted=wanted, content="Chi", by=cast.accountant)
    approve_voucher(voucher, by=cast.chair)
    actions.stop(project, reason="Chủ hộ đi viện", by=cast.officer)
    refused(lambda: pay_voucher(voucher, paid_on=DAY, by=cast.accountant), "đang dừng")
    db.session.rollback()
    project = db.session.merge(project)


def test_reversal_opens_the_tranche_and_voids_the_minutes(cast: Cast, campaign: Campaign) -> None:
    project = handed_over(cast=cast, campaign=campaign)
    payment = queries_money.cost_of(project).payments[0]
    posting = db.session.get_one(Posting, payment.number)
    reverse(posting, reason="Chi nhầm", by=cast.accountant, second=cast.chair)
    money = next(one for one in queries.handovers_of(project) if one.what == rules.MONEY)
    assert money.state == rules.VOID and "đã đảo" in (money.void_reason or "")
    assert project.state == rules.HANDED_OVER and queries_money.cost_of(project).fund == 0
    agree()
    tranche = queries_money.tranches_of(project)[0]
    pay_tranche(tranche=tranche, cast=cast)  # paid again, handed over again
    assert sign(project=project, what=rules.MONEY, by=cast.officer).amount == 60 * MILLION
    agree()


def test_no_hand_over_without_its_check(cast: Cast, campaign: Campaign) -> None:
    project = finished(cast=cast, campaign=campaign)
    prepare = lambda: actions_handover.prepare_handover(project, rules.HOUSE, NAMES, by=cast.officer)  # noqa: E731
    refused(prepare, "kiểm tra hoàn thành")
    refused(
        lambda: check(project=project, by=cast.officer, hard_roof=False), "3 cứng", "mái cứng", field="passed"
    )
    failed = check(project=project, by=cast.officer, hard_roof=False, passed="no")
    assert failed.state == rules.SIGNED and not failed.passed
    refused(prepare, "kiểm tra hoàn thành")
    made = check(project=project, by=cast.officer)
    family = next(
        one.source for one in queries_money.cost_of(project).shares if one.source.kind == rules.FAMILY
    )
    refused(lambda: change_source(family, {"kind": rules.FAMILY, "amount": 1}, by=cast.officer), "kiểm tra")
    handover = prepare()
    actions_check.drop_check(made, reason="Sai số", by=cast.officer)
    refused(
        lambda: actions_handover.sign_handover(handover, handed_on=DAY, by=cast.officer),
        "kiểm tra hoàn thành",
    )
    outside = queries_money.outside_of(project)[0]
    withdraw_outside(outside, project, reason="Ghi nhầm", by=cast.officer)
    record_outside(project, family, {"happened_on": DAY, "amount": 30 * MILLION}, by=cast.officer)
    again = check(project=project, by=cast.officer)
    assert again.total == 90 * MILLION
    actions_handover.sign_handover(handover, handed_on=DAY, by=cast.officer)
    assert project.state == rules.HANDED_OVER and handover.amount == 90 * MILLION
    refused(lambda: actions_check.drop_check(again, reason="nhầm", by=cast.officer), "Nhà đã bàn giao")
    actions_handover.drop_handover(handover, reason="Ký nhầm ngày", by=cast.officer)
    assert project.state == rules.FINISHED
    sign(project=project, by=cast.officer)
    assert project.state == rules.HANDED_OVER
    agree()


def test_names_are_frozen_at_the_decision(cast: Cast, campaign: Campaign) -> None:
    project = approved(cast=cast, campaign=campaign)
    change_household(project.household, {"name": "Nguyễn Văn Bảy", "address": "Tổ 9"}, cast.officer)
    assert project.head == "Nguyễn Văn Sáu" and (project.address or "").startswith("Tổ 7")
    marks = queries.name_marks(project)
    assert len(marks) == 2 and "Nguyễn Văn Bảy" in marks[0] and "Tổ 9" in marks[1]
    refused(lambda: make_survey(project=project, by=cast.officer))
    other = kind_of("Sửa chữa")
    refused(
        lambda: actions.change_project(project, programme_of(), other, PROJECT, by=cast.officer),
        "thu hồi",
        field="kind_id",
    )
    named = {**NAMES, "receiver_name": "Nguyễn Văn Bảy"}
    refused(
        lambda: actions_handover.prepare_handover(project, rules.MONEY, named, by=cast.officer),
        "Nguyễn Văn Sáu",
        field="receiver_relation",
    )
    named["receiver_relation"] = "con"
    actions_handover.prepare_handover(project, rules.MONEY, named, by=cast.officer)


def test_a_withdrawn_decision_is_no_dead_end(cast: Cast, campaign: Campaign) -> None:
    project = approved(cast=cast, campaign=campaign)
    made = queries_money.decisions_of(project)[0]
    make_tranche(project=project, stage=rules.STARTED, amount=60 * MILLION, by=cast.officer)
    withdraw_decision(made.decision, reason="Sai tên", by=cast.chair)
    assert (
        project.state == rules.SURVEYED
        and project.head_name is None
        and not queries_money.tranches_of(project)
    )
    again = make_house_decision(project=project, cast=cast, number="32/QĐ")
    assert project.state == rules.APPROVED
    make_photo(project=project, role="before", by=cast.officer)
    actions.step_forward(project, rules.STARTED, DAY, by=cast.officer)
    withdraw_decision(again, reason="Hết tiền", by=cast.chair)
    assert (
        project.state == rules.STARTED and project.head_name
    )  # begun: it stays, the next step asks for a decision
    refused(lambda: actions.step_forward(project, rules.ROOFED, DAY, by=cast.officer), "Quyết định hỗ trợ")
    make_house_decision(project=project, cast=cast, number="33/QĐ")
    actions.step_forward(project, rules.ROOFED, DAY, by=cast.officer)
    agree()


def test_a_draft_goes_and_its_rows_are_made_in_the_project(cast: Cast, campaign: Campaign) -> None:
    project = make_project(cast=cast)
    make_survey(project=project, by=cast.officer)
    source = fund_source(project=project, by=cast.officer, campaign=campaign)
    file_papers(project=project, by=cast.officer)
    decision = make_house_decision(project=project, cast=cast, issued=False)
    refused(lambda: drop_source(source, reason="thôi", by=cast.officer))
    other = [replace(rows_of(decision)[0], amount=61 * MILLION)]
    refused(lambda: change_decision(decision, rows=other, by=cast.officer), "hồ sơ một căn nhà")
    refused(
        lambda: make_house_decision(project=project, cast=cast, number="35/QĐ", issued=False), "đang soạn"
    )
    actions.stop(project, reason="Chờ đất", by=cast.officer)
    refused(lambda: issue_decision(decision, by=cast.chair), "đang dừng")
    db.session.rollback()


def test_deleting_the_draft(cast: Cast, campaign: Campaign) -> None:
    project = make_project(cast=cast)
    make_survey(project=project, by=cast.officer)
    fund_source(project=project, by=cast.officer, campaign=campaign)
    file_papers(project=project, by=cast.officer)
    delete_decision(make_house_decision(project=project, cast=cast, issued=False))
    assert queries_money.decisions_of(project) == [] and project.state == rules.SURVEYED
    agree()


def test_above_the_norm_needs_a_reason(cast: Cast, campaign: Campaign) -> None:
    norm = SupportNorm(
        unit_id=cast.province.id, purpose="housing", subject="xây mới", amount=50 * MILLION, zone=""
    )
    db.session.add(norm)
    project = make_project(cast=cast)
    make_survey(project=project, by=cast.officer)
    fund_source(project=project, by=cast.officer, campaign=campaign)
    file_papers(project=project, by=cast.officer)
    refused(lambda: make_house_decision(project=project, cast=cast), "50.000.000", field="over_norm")
    make_house_decision(project=project, cast=cast, over_norm="Hộ có người khuyết tật nặng")
    made = queries_money.decisions_of(project)[0]
    assert made.norm == 50 * MILLION and made.over_norm
    late = make_project(cast=cast, household=make_household(unit=make_hamlet(cast, "Ấp Hai"), name="Lý Bảy"))
    norm.valid_to = DAY - timedelta(days=1)  # it held until the day before
    db.session.flush()
    make_survey(project=late, by=cast.officer)
    fund_source(project=late, by=cast.officer, campaign=campaign)
    file_papers(project=late, by=cast.officer)
    make_house_decision(project=late, cast=cast, number="40/QĐ")
    assert queries_money.decisions_of(late)[0].norm is None


def test_a_house_without_money_of_the_fund_is_approved_by_another_person(cast: Cast) -> None:
    project = make_project(cast=cast, kind="Sửa chữa", estimate=10 * MILLION)
    make_survey(project=project, by=cast.officer)
    sponsor = add_source(
        project, {"kind": rules.SPONSOR, "name": "Công ty Giả", "amount": 10 * MILLION}, by=cast.officer
    )
    refused(lambda: actions.approve(project, DAY, by=cast.chair), "cam kết của nhà tài trợ")
    file_papers(project=project, by=cast.officer)
    refused(lambda: actions.approve(project, DAY, by=cast.officer), "khác người lập")
    actions.approve(project, DAY, by=cast.chair)
    make_photo(project=project, role="before", by=cast.officer)
    make_photo(project=project, role="after", by=cast.officer)
    actions.step_forward(project, rules.STARTED, DAY, by=cast.officer)
    actions.step_forward(project, rules.FINISHED, DAY, by=cast.officer)  # a repair without a new roof
    actions.step_back(project, reason="Bấm nhầm", by=cast.officer)
    assert project.state == rules.STARTED
    actions.step_forward(project, rules.FINISHED, DAY, by=cast.officer)
    refused(
        lambda: record_outside(
            project, sponsor, {"happened_on": DAY, "amount": 11 * MILLION}, by=cast.officer
        ),
        field="amount",
    )
    record_outside(project, sponsor, {"happened_on": DAY, "amount": 10 * MILLION}, by=cast.officer)
    check(project=project, by=cast.officer, hard_walls=False)
    sign(project=project, by=cast.officer)
    assert project.state == rules.HANDED_OVER
    lines = lines_of([project.household_id])
    assert [(line.cash, line.in_books, line.source) for line in lines] == [
        (10 * MILLION, False, "Nhà tài trợ trả thẳng: Công ty Giả")
    ]
    agree()


def test_stopped_and_taken_up_again(cast: Cast) -> None:
    project = make_project(cast=cast)
    make_survey(project=project, by=cast.officer)
    refused(lambda: actions.stop(project, reason=" ", by=cast.officer), field="reason")
    actions.stop(project, reason="Hộ chưa có đất", by=cast.officer)
    assert project.state == rules.STOPPED and actions.stage_of(project) == rules.SURVEYED
    refused(lambda: make_survey(project=project, by=cast.officer))
    refused(lambda: actions.approve(project, DAY, by=cast.chair), "đang dừng")
    actions.resume(project, reason="Đã có đất", by=cast.officer)
    assert project.state == rules.SURVEYED
    refused(lambda: make_project(cast=cast, household=project.household), "đã có công trình")


def test_a_withdrawn_paper_is_asked_again(cast: Cast, campaign: Campaign) -> None:
    project = approved(cast=cast, campaign=campaign)
    make_photo(project=project, role="before", by=cast.officer)
    paper = db.session.scalars(select(HousePaper).order_by(HousePaper.id)).first()
    assert paper is not None
    wanted = next(one for one in requirements() if one.id == paper.requirement_id)
    refused(lambda: file_paper(project, wanted, {"dated": DAY}, by=cast.officer), "Đã ghi")
    withdraw_paper(paper, project, reason="Mất bản gốc", by=cast.officer)
    refused(
        lambda: actions.step_forward(project, rules.STARTED, DAY, by=cast.officer), paper.requirement.name
    )
    file_paper(project, wanted, {"dated": DAY}, by=cast.officer)
    actions.step_forward(project, rules.STARTED, DAY, by=cast.officer)


def test_days_follow_one_another(cast: Cast, campaign: Campaign) -> None:
    project = approved(cast=cast, campaign=campaign)
    make_photo(project=project, role="before", by=cast.officer)
    before, tomorrow = DAY - timedelta(days=1), today_in_vietnam() + timedelta(days=1)
    refused(
        lambda: actions.step_forward(project, rules.STARTED, before, by=cast.officer), field="happened_on"
    )
    refused(
        lambda: actions.step_forward(project, rules.STARTED, tomorrow, by=cast.officer), field="happened_on"
    )
    refused(
        lambda: make_project(
            cast=cast, household=make_household(unit=make_hamlet(cast, "Ấp Ba")), opened_on=tomorrow
        )
    )
    assert isinstance(CHECK["checked_on"], date)
