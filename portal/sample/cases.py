"""The sample's single cases, one at every stage, and two appeals. Nobody here exists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.cases import following, received
from portal.cases.actions import refuse_case, request_case
from portal.cases.actions_appeal import answer_text, ask_appeal, ask_new_text
from portal.cases.actions_decision import draft_case_decision, issue_goods
from portal.cases.actions_follow import Given, assets_of, record_visit, set_assets, visits_of
from portal.cases.actions_handover import prepare_handover, sign_handover
from portal.cases.actions_survey import record_survey
from portal.cases.models import AidField, SupportCase
from portal.cases.models_appeal import CaseAppeal
from portal.cases.queries_appeal import waiting_text
from portal.donations.actions import record_donation
from portal.goods.models import StockBalance, Store
from portal.goods.rules import SlipRow
from portal.households.models_registry import Household, HouseholdMember
from portal.households.queries_page import members_of
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.db import db
from portal.sample.province import Province
from portal.spending.actions import issue_decision
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.models import Decision
from portal.spending.rules import Wanted

assert following and received  # cases follow what is decided and paid

TEAM = "Đại diện Ban Công tác Mặt trận, Trưởng ấp, Chi hội Phụ nữ"
REASONS = {
    "sick": "Người trụ cột phải nghỉ làm dài ngày, gia đình không còn thu nhập.",
    "bereaved": "Gia đình vừa mất người lao động chính.",
    "fire": "Chập điện lúc nửa đêm, bếp và đồ đạc cháy hết.",
    "collapsed_house": "Lốc xoáy chiều hôm trước làm tốc mái, sập vách sau.",
    "pupil": "Cha mẹ đi làm xa, em ở với bà, thiếu tiền học.",
    "livelihood": "Hộ mới thoát nghèo, có chuồng, thiếu vốn mua giống.",
}
ANSWERS = {
    "Chẩn đoán": "Bệnh mạn tính cần điều trị lâu dài",
    "Thẻ bảo hiểm y tế": "Có, còn hạn",
    "Chi phí đã trả": "18.000.000",
    "Chi phí dự kiến còn phải trả": "25.000.000",
    "Sự việc, nguyên nhân": "Chập điện ở bếp",
    "Thiệt hại chính": "Nhà hư hỏng nặng",
    "Mức độ thiệt hại": "Từ 50% đến 70%",
    "Ước giá trị thiệt hại": "40.000.000",
    "Trường": "Trường THCS Bàu Sen",
    "Lớp": "8A2",
    "Kết quả học tập": "Khá",
    "Khoản cần hỗ trợ": "Xe đạp, phương tiện đi học",
    "Mô hình đề nghị": "Nuôi dê sinh sản",
    "Quy mô": "04 con dê cái giống",
    "Tổng vốn cần": "8.000.000",
    "Vốn tự có của hộ": "3.000.000",
}
PROPOSED = {"collapsed_house": 3_000_000, "pupil": 2_000_000, "livelihood": 5_000_000}
USUAL = 4_000_000
GIVEN = 20_000  # thousandths: 20 kg
GOODS_ASKED = {"fire": "20 kg gạo tẻ"}


def record_cases(province: Province, today: date) -> None:
    """Cases from request to hand-over, visits of a livelihood, one appeal asked for and one published."""
    households = db.session.scalars(select(Household).order_by(Household.id).offset(30).limit(60)).all()
    fields = {one.key: one for one in db.session.scalars(select(AidField))}
    cases = {}
    for place, key in enumerate(("sick", "bereaved", "fire", "collapsed_house", "pupil", "livelihood")):
        household = _with_child(households[8:], today) if key == "pupil" else households[place]
        cases[key] = _request(province, household, fields[key], today - timedelta(days=4 + place))
    _request(province, households[6], fields["sick"], today)
    refused = _request(province, households[7], fields["bereaved"], today - timedelta(days=12))
    refuse_case(refused, reason="Hộ đã được bảo hiểm và họ hàng lo đủ.", by=province.people[APPROVER])
    for key in ("sick", "fire", "collapsed_house", "pupil", "livelihood"):
        _survey(province, cases[key], today - timedelta(days=3))
    _handed_over(province, cases["fire"], today)
    _decide(province, cases["collapsed_house"], today, number="171/QĐ-BVĐ", amount=3_000_000)
    _pupil(province, cases["pupil"], today)
    _livelihood(province, cases["livelihood"], today)
    _appeals(province, cases, today)


def _with_child(households: Sequence[Household], today: date) -> Household:
    return next(one for one in households if _child(one, today) is not None)


def _child(household: Household, today: date) -> HouseholdMember | None:
    """Somebody of the household who goes to school."""
    years = range(today.year - 16, today.year - 7)
    kin = [one for one in members_of(household.id) if one.relation in ("con", "cháu")]
    return next((one for one in kin if one.birth_year in years), None)


def _request(province: Province, household: Household, field: AidField, day: date) -> SupportCase:
    member = _child(household, day) if field.key == "pupil" else None
    told = {"requested_on": day, "requester": "Trưởng ấp", "reason": REASONS[field.key]}
    return request_case(household, field, told, member=member, by=province.people[RECORDER])


def _survey(province: Province, case: SupportCase, day: date) -> None:
    values: dict[str, Any] = {
        "surveyed_on": max(day, case.requested_on),
        "team": TEAM,
        "work": "Làm thuê theo mùa",
        "schooling": "7/12",
        "circumstances": "Nhà lợp tôn cũ, không đất sản xuất.",
        "conclusion": "enough",
        "amount": PROPOSED.get(case.field.key, USUAL),
        "goods": GOODS_ASKED.get(case.field.key),
        "secretary": "Nguyễn Văn Bền",
        "hamlet_head": "Trần Thị Thắm",
        "front_head": "Lê Văn Đồng",
    }
    answers = {one.id: ANSWERS.get(one.label) for one in case.field.questions}
    record_survey(case, values, answers, by=province.people[RECORDER])


def _decide(
    province: Province,
    case: SupportCase,
    day: date,
    *,
    number: str,
    amount: int,
    items: dict[int, int] | None = None,
) -> Decision:
    decision = draft_case_decision(
        case,
        unit=province.unit,
        fund=province.fund,
        decided_on=day,
        amount=amount,
        items=items or {},
        number=number,
        by=province.people[RECORDER],
    )
    return issue_decision(decision, by=province.people[APPROVER])


def _pay(province: Province, decision: Decision, day: date) -> None:
    voucher = prepare_voucher(
        decision,
        wanted=[Wanted(row.id, row.amount) for row in decision.rows],
        content="Hỗ trợ khẩn cấp",
        by=province.people[ACCOUNTANT],
    )
    approve_voucher(voucher, by=province.people[APPROVER])
    pay_voucher(voucher, paid_on=day, by=province.people[ACCOUNTANT])


def _sign(province: Province, case: SupportCase, day: date, *, signed: bool = True, **names: Any) -> None:
    told = {
        "handed_on": day,
        "place": f"Nhà văn hóa {case.household.unit.name}",
        "giver_name": "Trần Minh Khoa",
        "giver_position": "Cán bộ Mặt trận",
        "receiver_name": case.household.name,
        "witness_one": "Trần Thị Thắm",
        "witness_two": "Lê Văn Đồng",
        **names,
    }
    handover = prepare_handover(case, told, by=province.people[RECORDER])
    if signed:
        sign_handover(handover, handed_on=day, by=province.people[RECORDER])


def _handed_over(province: Province, case: SupportCase, today: date) -> None:
    """Money and goods on one decision, both handed over."""
    rows = (
        select(StockBalance)
        .join(Store, Store.id == StockBalance.store_id)
        .where(
            Store.unit_id == province.unit.id, StockBalance.quantity >= 2 * GIVEN, Store.closed_on.is_(None)
        )
    )
    lying = db.session.scalar(rows.order_by(StockBalance.store_id, StockBalance.item_id).limit(1))
    day = today - timedelta(days=1)
    items = {lying.item_id: GIVEN} if lying else {}
    decision = _decide(province, case, day, number="169/QĐ-BVĐ", amount=4_000_000, items=items)
    _pay(province, decision, day)
    if lying is not None:
        issue_goods(
            case,
            store=lying.store,
            rows=[SlipRow(lying.item_id, GIVEN, None)],
            day=day,
            receiver=None,
            by=province.people[RECORDER],
        )
    _sign(province, case, today)


def _pupil(province: Province, case: SupportCase, today: date) -> None:
    decision = _decide(province, case, today, number="172/QĐ-BVĐ", amount=2_000_000)
    _pay(province, decision, today)
    names = {"guardian_name": case.household.name, "guardian_relation": "người nuôi dưỡng"}
    _sign(province, case, today, signed=False, **names)


def _livelihood(province: Province, case: SupportCase, today: date) -> None:
    day = today - timedelta(days=2)
    decision = _decide(province, case, day, number="170/QĐ-BVĐ", amount=5_000_000)
    _pay(province, decision, day)
    _sign(province, case, day)
    set_assets(case, [Given("Dê cái giống", "con", 4)], by=province.people[RECORDER])
    first = visits_of(case)[0]
    (goats,) = assets_of(case)
    record_visit(
        first,
        visited_on=today,
        visitor="Lê Văn Đồng",
        remark="Chuồng sạch, một con bị lạc hôm mưa.",
        told={goats.id: {"alive": 3, "lost": 1, "born": 0}},
        by=province.people[RECORDER],
    )


def _appeals(province: Province, cases: dict[str, SupportCase], today: date) -> None:
    sick = _ask(
        province,
        cases["sick"],
        today,
        title="Giúp một người trụ cột chữa bệnh",
        body="Một hộ trong xã có người trụ cột phải điều trị dài ngày, hai con còn đi học.\n"
        "Tiền dùng trả viện phí và thuốc theo hóa đơn của bệnh viện.",
        illness="Bệnh mạn tính cần điều trị lâu dài",
        target=40_000_000,
    )
    _publish(province, sick)
    for amount, name in (
        (2_000_000, "Nhóm bạn học khóa 1998"),
        (500_000, None),
        (1_200_000, "Lưu Thanh Giang"),
    ):
        record_donation(
            unit=sick.unit,
            fund=province.fund,
            campaign=sick.campaign,
            form="cash",
            amount=amount,
            day=today,
            donor_name=name,
            by=province.people[RECORDER],
        )
    ask_new_text(
        sick,
        {
            "title": "Giúp một người trụ cột chữa bệnh",
            "body": "Một hộ trong xã có người trụ cột đã mổ xong, còn điều trị thêm ba tháng.",
            "illness": "Bệnh mạn tính cần điều trị lâu dài",
        },
        by=province.people[RECORDER],
    )
    _ask(
        province,
        cases["bereaved"],
        today,
        title="Chia sẻ cùng một gia đình vừa mất người thân",
        body="Một gia đình trong xã vừa mất người lao động chính, còn hai con nhỏ.",
        illness=None,
        target=15_000_000,
    )


def _ask(province: Province, case: SupportCase, today: date, **texts: Any) -> CaseAppeal:
    told = {
        "unit_id": province.unit.id,
        "surplus_text": "Giúp các trường hợp bệnh tật, hoạn nạn khác trong tỉnh.",
        "surplus_campaign_id": None,
        "age": "adult",
        "consent_by": f"{case.household.name}, chủ hộ",
        "consent_on": today,
        "consent_paper": "Giấy đồng ý công khai, lưu hồ sơ Mặt trận xã",
        **texts,
    }
    return ask_appeal(case, told, by=province.people[RECORDER])


def _publish(province: Province, appeal: CaseAppeal) -> None:
    text = waiting_text(appeal)
    assert text is not None
    answer_text(text, approve=True, answer="", by=province.people[APPROVER])
