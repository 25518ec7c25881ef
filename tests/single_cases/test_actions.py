"""A single case from request to hand-over, on both engines: each step only when it is its turn, nothing ends dead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.cases import actions, actions_follow, following, queries, received, rules
from portal.cases.actions_decision import draft_case_decision, issue_goods
from portal.cases.actions_follow import Given, assets_of, visits_of
from portal.cases.actions_handover import drop_handover, prepare_handover, sign_handover
from portal.cases.actions_survey import has_health, health_of, record_survey
from portal.cases.models import CaseAnswer, CaseHealth
from portal.distributions.models import SupportNorm
from portal.distributions.queries_fairness import told_of_units
from portal.goods.rules import SlipRow
from portal.goods.slips import take_back
from portal.households.received import lines_of
from portal.kit.audit import AuditEntry, AuditValue
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.operate.verify import first_problem
from portal.spending.actions import change_decision, delete_decision, rows_of, withdraw_decision
from portal.spending.actions_direct import decide_in_and_out, request_in_and_out
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.rules import ADVANCE
from portal.units.queries import subtree
from tests.cast import Cast
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_hamlet, make_household
from tests.single_cases.builders import (
    DAY,
    NAMES,
    SURVEY,
    field_of,
    give_money,
    make_case,
    make_case_decision,
    make_paid_case,
    make_survey,
    pay,
    sign,
)
from tests.spending.builders import all_of

assert following and received  # the rooms that follow


def agree() -> None:
    """`portal verify` finds nothing wrong."""
    db.session.commit()
    assert first_problem(db.session.connection()) is None


def test_from_request_to_signed_minutes(cast: Cast) -> None:
    campaign = give_money(cast=cast)
    case = make_case(cast=cast)
    assert case.state == rules.REQUESTED and case.unit_id == cast.commune.id
    make_survey(case=case, by=cast.officer)
    assert case.state == rules.SURVEYED
    decision = make_case_decision(case=case, cast=cast, campaign=campaign, issued=False)
    assert case.state == rules.DRAFTED and decision.rows[0].receiver == "Hộ Nguyễn Văn Sáu"
    assert decision.rows[0].purpose == "medical" and decision.rows[0].households == 1 and decision.grounds
    from portal.spending.actions import issue_decision

    with pytest.raises(Refused):
        issue_decision(decision, by=cast.officer)  # a second person does
    issue_decision(decision, by=cast.chair)
    assert case.state == rules.DECIDED
    voucher = pay(decision=decision, cast=cast)
    assert case.state == rules.GIVEN
    handover = sign(case=case, by=cast.officer)
    assert case.state == rules.DONE and handover.cash == 5_000_000 and handover.goods is None
    assert {one.posting_number for one in handover.papers} == {voucher.posting_number}
    lines = lines_of([case.household_id])
    assert [(line.cash, line.in_books) for line in lines] == [(5_000_000, True)]
    assert lines[0].address == f"/quan-ly/truong-hop/{case.id}"
    told = [one.text for one in queries.events_of(case)]
    assert len(told) == 7 and told[0].startswith("Đề nghị hỗ trợ") and "Đã ký biên bản" in told[-1]
    agree()


def test_money_and_goods_are_given_apart(cast: Cast) -> None:
    campaign, store = give_money(cast=cast), make_store(unit=cast.commune)
    rice = make_item(name="Gạo", measure="kg")
    bring(store=store, item=rice, quantity=100, value=2_000_000)
    case = make_case(cast=cast, key="fire")
    make_survey(case=case, by=cast.officer, goods="20 kg gạo")
    decision = make_case_decision(case=case, cast=cast, campaign=campaign, items={rice.id: 20_000})
    assert decision.rows[0].goods == "20 kg Gạo" and decision.rows[0].amount == 5_000_000
    pay(decision=decision, cast=cast)
    assert case.state == rules.DECIDED
    told = {"store": store, "day": DAY, "receiver": None, "by": cast.officer}
    with pytest.raises(Refused) as refused:
        issue_goods(case, rows=[SlipRow(rice.id, 25_000, None)], **told)
    assert refused.value.field == "rows" and "20" in refused.value.text
    first = issue_goods(case, rows=[SlipRow(rice.id, 5_000, None)], **told)
    assert case.state == rules.DECIDED
    issue_goods(case, rows=[SlipRow(rice.id, 15_000, None)], **told)
    assert case.state == rules.GIVEN
    handover = sign(case=case, by=cast.officer)
    assert handover.cash == 5_000_000 and [row[2] for row in handover.goods or []] == ["5", "15"]
    assert sum(row[3] for row in handover.goods or []) == 400_000 and case.state == rules.DONE
    lines = lines_of([case.household_id])
    assert sorted((line.cash or 0, line.goods or 0) for line in lines) == [
        (0, 100_000),
        (0, 300_000),
        (5_000_000, 0),
    ]
    back = take_back(first, rows=[SlipRow(rice.id, 2_000, None)], day=DAY, by=cast.officer)
    assert case.state == rules.DECIDED and "nhập lại kho" in queries.events_of(case)[-1].text
    reverse(back, reason="Nhầm", by=cast.accountant, second=cast.chair)
    assert case.state == rules.DONE
    reverse(first, reason="Xuất nhầm", by=cast.accountant, second=cast.chair)
    assert case.state == rules.DECIDED and handover.state == rules.VOID
    agree()


def test_goods_alone_may_be_decided(cast: Cast) -> None:
    store, rice = make_store(unit=cast.commune), make_item(name="Gạo", measure="kg")
    bring(store=store, item=rice, quantity=10)
    case = make_case(cast=cast, key="fire")
    make_survey(case=case, by=cast.officer, amount=None, goods="10 kg gạo")
    decision = make_case_decision(case=case, cast=cast, amount=None, items={rice.id: 10_000})
    assert decision.rows[0].amount == 0 and case.state == rules.DECIDED
    told = {"store": store, "day": DAY, "receiver": None, "by": cast.officer}
    issue_goods(case, rows=[SlipRow(rice.id, 10_000, None)], **told)
    handover = sign(case=case, by=cast.officer)
    assert handover.cash is None and (handover.goods or [])[0][3] is None  # missing stays missing
    agree()


def test_a_withdrawn_decision_is_no_dead_end(cast: Cast) -> None:
    campaign = give_money(cast=cast)
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer)
    decision = make_case_decision(case=case, cast=cast, campaign=campaign)
    with pytest.raises(Refused):
        actions.withdraw_case(case, reason="Hộ không nhận", by=cast.officer)
    withdraw_decision(decision, reason="Sai tên", by=cast.chair)
    assert case.state == rules.SURVEYED
    again = make_case_decision(case=case, cast=cast, campaign=campaign, number="32/QĐ")
    pay(decision=again, cast=cast, amount=2_000_000)
    withdraw_decision(again, reason="Hết tiền", by=cast.chair)
    assert case.state == rules.GIVEN  # what was paid is handed over, nothing more comes
    assert sign(case=case, by=cast.officer).cash == 2_000_000 and case.state == rules.DONE
    more = make_case_decision(case=case, cast=cast, campaign=campaign, number="33/QĐ", amount=1_000_000)
    pay(decision=more, cast=cast)
    assert case.state == rules.GIVEN and sign(case=case, by=cast.officer).cash == 1_000_000
    assert case.state == rules.DONE
    agree()


def test_a_draft_goes_and_its_rows_are_made_in_the_case(cast: Cast) -> None:
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer)
    decision = make_case_decision(case=case, cast=cast, issued=False)
    from dataclasses import replace

    other = [replace(rows_of(decision)[0], amount=9_000_000)]
    with pytest.raises(Refused):
        change_decision(decision, rows=other, by=cast.officer)
    with pytest.raises(Refused):
        make_case_decision(case=case, cast=cast, number="35/QĐ", issued=False)  # one draft at a time
    delete_decision(decision)
    assert case.state == rules.SURVEYED and queries.decisions_of(case) == []
    actions.withdraw_case(case, reason="Hộ không nhận", by=cast.officer)
    assert case.state == rules.WITHDRAWN
    actions.reopen_case(case, reason="Hộ nhận lại", by=cast.officer)
    assert case.state == rules.SURVEYED
    actions.refuse_case(case, reason="Không đủ điều kiện", by=cast.officer)
    assert case.state == rules.REFUSED
    with pytest.raises(Refused):
        make_survey(case=case, by=cast.officer)
    agree()


def test_a_reversed_payment_voids_the_minutes(cast: Cast) -> None:
    case = make_paid_case(cast=cast)
    handover = sign(case=case, by=cast.officer)
    number = next(iter(handover.papers)).posting_number
    posting = db.session.get_one(Posting, number)
    reverse(posting, reason="Chi nhầm", by=cast.accountant, second=cast.chair)
    assert (
        case.state == rules.DECIDED
        and handover.state == rules.VOID
        and "đã đảo" in (handover.void_reason or "")
    )
    assert lines_of([case.household_id]) == []
    decision = queries.decisions_of(case)[0].decision
    pay(decision=decision, cast=cast)
    assert case.state == rules.GIVEN
    sign(case=case, by=cast.officer)
    assert case.state == rules.DONE
    agree()


def test_a_sponsor_may_pay_directly(cast: Cast) -> None:
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer)
    decision = make_case_decision(case=case, cast=cast)
    entry = request_in_and_out(
        decision.rows[0], amount=5_000_000, happened_on=DAY, donor_name="Công ty Giả", supplier="Bệnh viện",
        reason="Trả viện phí", by=cast.officer,
    )  # fmt: skip
    assert case.state == rules.DECIDED
    decide_in_and_out(entry, approve=True, answer="", by=cast.chair)
    assert case.state == rules.GIVEN
    assert sign(case=case, by=cast.officer).cash == 5_000_000
    reverse(
        db.session.get_one(Posting, entry.posting_number), reason="Sai", by=cast.officer, second=cast.chair
    )
    assert case.state == rules.DECIDED
    agree()


def test_a_case_is_paid_straight(cast: Cast) -> None:
    campaign = give_money(cast=cast)
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer)
    decision = make_case_decision(case=case, cast=cast, campaign=campaign)
    voucher = prepare_voucher(
        decision,
        wanted=all_of(decision),
        content="Tạm ứng",
        what=ADVANCE,
        officer=cast.officer,
        by=cast.accountant,
    )
    approve_voucher(voucher, by=cast.chair)
    with pytest.raises(Refused) as refused:
        pay_voucher(voucher, paid_on=DAY, by=cast.accountant)
    assert "không tạm ứng" in refused.value.text


def test_above_the_norm_needs_a_reason(cast: Cast) -> None:
    db.session.add(SupportNorm(purpose="medical", subject="", amount=3_000_000, valid_from=date(2026, 1, 1)))
    db.session.flush()
    case = make_case(cast=cast)
    with pytest.raises(Refused) as refused:
        make_survey(case=case, by=cast.officer, amount=3_500_000)
    assert refused.value.field == "over_norm"
    make_survey(case=case, by=cast.officer, amount=3_000_000)
    with pytest.raises(Refused) as refused:
        make_case_decision(case=case, cast=cast, amount=4_000_000)
    assert refused.value.field == "over_norm"
    make_case_decision(case=case, cast=cast, amount=4_000_000, over_norm="Bệnh nặng, Ban đã họp")
    assert queries.survey_of(case).norm == 3_000_000  # type: ignore[union-attr]


def test_not_enough_is_decided_only_with_a_reason(cast: Cast) -> None:
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer, conclusion="not_enough", amount=None)
    with pytest.raises(Refused) as refused:
        make_case_decision(case=case, cast=cast)
    assert refused.value.field == "in_spite"
    make_case_decision(case=case, cast=cast, in_spite="Ban họp thống nhất giúp")


def test_health_lies_apart_and_is_kept(cast: Cast) -> None:
    case = make_case(cast=cast)
    asked = {one.label: one for one in case.field.questions}
    diagnosis, paid = asked["Chẩn đoán"], asked["Chi phí đã trả"]
    assert diagnosis.health and not paid.health
    make_survey(case=case, by=cast.officer, answers={diagnosis.id: "Ung thư giả", paid.id: "12tr"})
    survey = queries.survey_of(case)
    assert survey is not None and {one.value for one in survey.answers} == {"12000000"}
    assert has_health(survey) == {diagnosis.id} and health_of(survey) == {diagnosis.id: "Ung thư giả"}
    make_survey(case=case, by=cast.officer, answers={paid.id: "13tr"})  # blank: what is known stays
    newer = queries.survey_of(case)
    assert newer is not None and newer.id != survey.id and health_of(newer) == {diagnosis.id: "Ung thư giả"}
    db.session.flush()
    rows = [row.value for row in db.session.scalars(select(CaseAnswer))]
    assert "Ung thư giả" not in rows and db.session.scalars(select(CaseHealth)).all()
    audit = [str(entry.changes) for entry in db.session.scalars(select(AuditEntry))]
    audit += [f"{one.old} {one.new}" for one in db.session.scalars(select(AuditValue))]
    assert not [text for text in audit if "Ung thư" in text]
    with pytest.raises(Refused) as refused:
        make_survey(case=case, by=cast.officer, answers={paid.id: "mười hai"})
    assert refused.value.field == f"q{paid.id}"


def test_minutes_need_their_names(cast: Cast) -> None:
    case = make_paid_case(cast=cast, key="pupil")
    for name in ("witness_one", "witness_two"):
        handover = prepare_handover(case, {**NAMES, name: None}, by=cast.officer)
        with pytest.raises(Refused) as refused:
            sign_handover(handover, handed_on=DAY, by=cast.officer)
        assert refused.value.field == name
        drop_handover(handover, reason="Làm lại", by=cast.officer)
    handover = prepare_handover(case, NAMES, by=cast.officer)
    with pytest.raises(Refused) as refused:
        prepare_handover(case, NAMES, by=cast.officer)  # one at a time
    with pytest.raises(Refused) as refused:
        sign_handover(handover, handed_on=DAY, by=cast.officer)
    assert refused.value.field == "guardian_name"
    drop_handover(handover, reason="Thiếu giám hộ", by=cast.officer)
    with pytest.raises(Refused) as refused:
        sign(case=case, by=cast.officer, guardian_name="Bà Giả", day=DAY - timedelta(days=1))
    assert refused.value.field == "handed_on"
    db.session.rollback()


def test_nothing_is_handed_over_before_it_was_given(cast: Cast) -> None:
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer)
    make_case_decision(case=case, cast=cast)
    with pytest.raises(Refused):
        sign(case=case, by=cast.officer)


def test_the_person_helped_may_be_a_member_or_another(cast: Cast) -> None:
    from portal.households.actions_registry import set_members
    from portal.households.queries_page import members_of
    from portal.households.rules_registry import Person

    household = make_household(unit=make_hamlet(cast))
    set_members(household, [Person("Nguyễn Thị Út", "con", "f", 2015)], None)
    (child,) = members_of(household.id)
    case = make_case(cast=cast, key="pupil", household=household, member=child)
    assert (case.person_name, case.person_birth_year, case.person_relation) == ("Nguyễn Thị Út", 2015, "con")
    other = make_case(cast=cast, household=household, person_name="Lý Văn Nhờ", person_relation="cháu ở nhờ")
    assert other.person_name == "Lý Văn Nhờ" and other.member_id is None
    for wrong in ({"person_name": "Lý Văn Nhờ"}, {"requester": ""}, {"reason": " "}):
        with pytest.raises(Refused):
            make_case(cast=cast, household=household, **wrong)
    with pytest.raises(Refused) as refused:
        make_case(cast=cast, household=household, requested_on=date(2030, 1, 1))
    assert refused.value.field == "requested_on"


def test_livelihood_is_followed(cast: Cast) -> None:
    case = make_paid_case(cast=cast, key="livelihood")
    sign(case=case, by=cast.officer)
    visits = visits_of(case)
    assert [one.due_on for one in visits] == [date(2027, 2, 10), date(2027, 5, 10), date(2027, 11, 10)]
    actions_follow.set_assets(
        case, [Given("Bò cái sinh sản", "con", 2), Given("Máy bơm", "cái", 1)], by=cast.officer
    )
    cow, pump = assets_of(case)
    told = {cow.id: {"alive": 1, "sold": 1, "born": 1}, pump.id: {"alive": 1}}
    day = {"visited_on": date(2026, 11, 20), "visitor": "Bà Bé", "remark": None, "by": cast.officer}
    with pytest.raises(Refused) as refused:
        actions_follow.record_visit(visits[0], told={**told, cow.id: {"alive": 1}}, **day)
    assert refused.value.field == f"a{cow.id}" and "còn thiếu 1" in refused.value.text
    actions_follow.record_visit(visits[0], told=told, **day)
    assert actions_follow.told_of(visits[0]).startswith(
        "Bò cái sinh sản: 1 còn nuôi, còn dùng, 1 đã bán, sinh thêm 1"
    )
    with pytest.raises(Refused):  # what was sold has not come back
        actions_follow.record_visit(visits[1], told={**told, cow.id: {"alive": 2}}, **day)
    with pytest.raises(Refused):
        actions_follow.set_assets(case, [], by=cast.officer)
    actions_follow.record_visit(
        visits[1],
        told={cow.id: {"sold": 1, "lost": 1}, pump.id: {"passed_on": 1}},
        **{**day, "visited_on": date(2026, 11, 22)},
    )
    with pytest.raises(Refused):
        actions_follow.drop_visit(visits[0], reason="Sai", by=cast.officer)  # the later one first
    actions_follow.drop_visit(visits[1], reason="Ghi nhầm hộ", by=cast.officer)
    actions_follow.drop_visit(visits[0], reason="Ghi nhầm hộ", by=cast.officer)
    actions_follow.set_assets(case, [Given("Dê", "con", 3)], by=cast.officer)
    actions_follow.add_visit(case, date(2026, 12, 1), by=cast.officer)
    agree()


def test_a_decision_rests_on_a_survey(cast: Cast) -> None:
    case = make_case(cast=cast)
    with pytest.raises(Refused):
        make_case_decision(case=case, cast=cast)
    make_survey(case=case, by=cast.officer)
    told = {"unit": cast.commune, "amount": 1_000_000, "items": {}, "by": cast.officer}
    from tests.cast import make_fund

    with pytest.raises(Refused) as refused:
        draft_case_decision(case, fund=make_fund(), decided_on=DAY - timedelta(days=1), **told)
    assert refused.value.field == "decided_on"
    with pytest.raises(Refused) as refused:
        draft_case_decision(case, fund=make_fund(), decided_on=DAY, **{**told, "amount": None})
    assert refused.value.field == "amount"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"conclusion": None}, "conclusion"),
        ({"amount": None}, "amount"),
        ({"amount": 0}, "amount"),
        ({"team": ""}, "team"),
        ({"surveyed_on": date(2030, 1, 1)}, "surveyed_on"),
    ],
)
def test_surveys_that_cannot_be(cast: Cast, wrong: dict, field: str) -> None:
    case = make_case(cast=cast)
    with pytest.raises(Refused) as refused:
        record_survey(case, {**SURVEY, **wrong}, {}, by=cast.officer)
    assert refused.value.field == field


def test_fields_are_data(cast: Cast) -> None:
    from portal.cases.actions_catalogue import add_field, add_question, change_field, end_entry

    told = {
        "name": "Đuối nước, tai nạn",
        "form": "illness",
        "purpose": "relief",
        "valid_from": date(2026, 1, 1),
        "visits": "1; 2",
    }
    field = add_field(told)
    assert field.visits == "1, 2" and field.questions and field.key == "duoi_nuoc_tai_nan"
    with pytest.raises(Refused):
        add_field({**told, "name": "đuối nước tai nạn"} | {"name": "ĐUỐI NƯỚC, TAI NẠN"})
    with pytest.raises(Refused):
        change_field(field, {**told, "visits": "0"})
    asked = {
        "label": "Nơi xảy ra",
        "kind": "choice",
        "choices": "Ao\nSông",
        "health": False,
        "valid_from": date(2026, 1, 1),
    }
    question = add_question(field, asked)
    for wrong in ({"kind": ""}, {"choices": "Ao", "label": "Khác"}, {}):
        with pytest.raises(Refused):
            add_question(field, {**asked, **wrong})
    end_entry(question, date(2026, 11, 1))
    case = make_case(cast=cast)
    case.field = field
    make_survey(case=case, by=cast.officer, answers={question.id: "Ao"})
    assert question.id not in {one.question_id for one in queries.survey_of(case).answers}  # type: ignore[union-attr]
    with pytest.raises(Refused):
        end_entry(field, date(2025, 1, 1))
    end_entry(field, date(2026, 11, 1))
    with pytest.raises(Refused) as refused:
        actions.request_case(
            case.household, field, {"requested_on": DAY, "requester": "A", "reason": "B"}, by=cast.officer
        )
    assert refused.value.field == "field_id" and field_of("sick").valid_to is None


def test_a_case_is_one_help_for_fairness_and_coverage(db_session, cast: Cast) -> None:
    inside = subtree(cast.commune.id)
    campaign = give_money(cast=cast)
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer)
    assert case.household_id not in told_of_units(inside, DAY.year)
    vouchers = [
        pay(
            decision=make_case_decision(
                case=case, cast=cast, amount=amount, campaign=campaign, number=f"3{amount}/QĐ-MTTQ-BTT"
            ),
            cast=cast,
        )
        for amount in (2_000_000, 1_000_000)
    ]
    (line,) = told_of_units(inside, DAY.year)[case.household_id]
    assert (line.day, line.source, line.cash, line.goods) == (DAY, case.field.name, 3_000_000, None)
    assert case.household_id not in told_of_units(inside, DAY.year - 1)
    posting = vouchers[1].posting
    assert posting is not None
    reverse(posting, reason="Chi nhầm", by=cast.accountant, second=cast.chair)
    (line,) = told_of_units(inside, DAY.year)[case.household_id]
    assert line.cash == 2_000_000
