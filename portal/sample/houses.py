"""The sample's houses, one at every stage and one that stands still, and houses of past years. Nobody here exists."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.donations.actions import record_donation
from portal.files import actions as files
from portal.files.actions_album import add_to_album
from portal.files.album import SUBJECTS
from portal.households.models_registry import Household
from portal.housing import (
    actions_check,
    actions_handover,
    following,
    queries,
    queries_money,
    queries_papers,
    received,
    rules,
)
from portal.housing.actions import open_project, set_consent, step_forward, stop
from portal.housing.actions_money import add_source, draft_house_decision, record_outside
from portal.housing.actions_survey import file_paper, record_survey
from portal.housing.actions_tranches import add_tranche
from portal.housing.album import ALBUM
from portal.housing.models import HouseProject
from portal.housing.models_closing import HousePast
from portal.housing.models_money import HouseTranche
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER
from portal.kit.db import db
from portal.kit.storage import present_storage
from portal.kit.vietnamese import fold
from portal.sample.photos import drawn_house
from portal.sample.province import Province
from portal.spending.actions import issue_decision
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.models import Decision
from portal.spending.rules import Wanted

assert following and received  # houses follow what is decided and paid

MILLION = 1_000_000
PLAN = (  # kind, programme, how far, estimate, of the fund (million đồng)
    ("Xây mới", 0, rules.OPENED, 90, 0),
    ("Sửa chữa", 1, rules.SURVEYED, 30, 10),
    ("Xây mới", 0, rules.APPROVED, 80, 8),
    ("Chống dột", 1, rules.STARTED, 20, 6),
    ("Xây mới", 0, rules.ROOFED, 100, 12),
    ("Lắp ghép", 2, rules.FINISHED, 60, 8),
    ("Xây mới", 0, rules.HANDED_OVER, 85, 10),
    ("Sửa chữa", 1, rules.HANDED_OVER, 25, 5),
    ("Xây mới", 0, rules.STOPPED, 90, 8),
)
OF_CAMPAIGN = (4, 6)  # places in the plan


def record_houses(province: Province, campaign: Campaign, today: date) -> None:
    """A house at every stage, two of them of a campaign; two were begun late; past houses by name and as a total."""
    _given(province, None, 60, "Câu lạc bộ Mái ấm Minh Họa", today)
    _given(province, campaign, 25, "Hội Doanh nhân trẻ Minh Hòa", today)
    households = db.session.scalars(
        select(Household).order_by(Household.id).offset(100).limit(len(PLAN))
    ).all()
    kinds = {one.name: one for one in queries.kinds()}
    programmes = queries.programmes()
    for place, (household, plan) in enumerate(zip(households, PLAN, strict=True)):
        kind, programme, goal, estimate, fund = plan
        day = today - timedelta(days=40 - place)
        told = {
            "opened_on": day,
            "need": "Nhà vách lá, mái tôn mục, mưa dột; gia đình không đủ sức làm lại.",
            "builder": "contractor" if place % 2 else "self",
            "builder_name": "Đội thợ hồ ấp" if place % 2 else None,
            "priority": 1 + place % 3,
            "zone": "",
            "estimate": estimate * MILLION,
            "start_by": today - timedelta(days=5) if goal == rules.APPROVED else None,
            "finish_by": today + timedelta(days=60 - place * 14),
        }
        project = open_project(
            household, programmes[programme], kinds[kind], told, by=province.people[RECORDER]
        )
        of = campaign if place in OF_CAMPAIGN else None
        _lead(province, project, goal, day, today, place=place, fund=fund * MILLION, campaign=of)
    _past(province, kinds["Xây mới"].id, programmes[0].id, today)


def _given(province: Province, campaign: Campaign | None, part: int, donor: str, today: date) -> None:
    """Cash for houses, so many million đồng."""
    record_donation(
        unit=province.unit,
        fund=province.fund,
        campaign=campaign,
        form="cash",
        amount=part * MILLION,
        day=today - timedelta(days=41),
        donor_name=donor,
        by=province.people[RECORDER],
    )


def _lead(
    province: Province,
    project: HouseProject,
    goal: str,
    day: date,
    today: date,
    *,
    place: int,
    fund: int,
    campaign: Campaign | None,
) -> None:
    """Lead a project through its steps, as far as `goal`."""
    if goal == rules.OPENED:
        return
    by = province.people[RECORDER]
    record_survey(project, _survey(project, day), by=by)
    if goal == rules.SURVEYED:
        return
    _budget(province, project, fund, campaign, whole=goal == rules.HANDED_OVER)
    _papers(province, project, day)
    _decide(province, project, day + timedelta(days=2), f"{80 + place}/QĐ-BVĐ")
    _photo(province, project, "before", day, place)
    first, last = _tranches(province, project, fund)
    if goal == rules.APPROVED:
        return
    begun = day + timedelta(days=5)
    step_forward(project, rules.STARTED, begun, by=by)
    _photo(province, project, "started", begun, place)
    if goal == rules.STARTED:
        return
    _pay(province, project, first, begun)
    if goal == rules.STOPPED:
        stop(project, reason="Chủ hộ nằm viện, chờ người thân về cùng làm.", by=by)
        return
    step_forward(project, rules.ROOFED, begun + timedelta(days=10), by=by)
    if goal == rules.ROOFED:
        return
    _photo(province, project, "after", begun + timedelta(days=20), place)
    step_forward(project, rules.FINISHED, begun + timedelta(days=20), by=by)
    _outside(project, begun, by)
    if goal == rules.HANDED_OVER:
        _pay(province, project, last, begun + timedelta(days=20))
        _hand_over(province, project, min(begun + timedelta(days=22), today))


def _survey(project: HouseProject, day: date) -> dict[str, Any]:
    return {
        "surveyed_on": day,
        "team": "Đại diện Ban Công tác Mặt trận, Trưởng ấp, Chi hội Phụ nữ",
        "work": "Làm thuê theo mùa",
        "schooling": "5/12",
        "land": "Giấy chứng nhận quyền sử dụng đất 120 m²",
        "house_state": "Nền đất, vách lá, mái tôn mục, khoảng 30 m², làm từ năm 1998.",
        "circumstances": "Hai vợ chồng lớn tuổi, nuôi một cháu đang đi học.",
        "need": "Làm lại nhà khoảng 40 m², nền xi măng, vách gạch, mái tôn.",
        "cost": project.estimate,
        "own_share": 10 * MILLION,
        "own_days": 20,
        "conclusion": "enough",
        "secretary": "Nguyễn Văn Bền",
        "hamlet_head": "Trần Thị Thắm",
        "front_head": "Lê Văn Đồng",
    }


def _budget(
    province: Province, project: HouseProject, fund: int, campaign: Campaign | None, *, whole: bool
) -> None:
    """Who is to bring what; of a house that is not handed over yet a quarter is not found yet."""
    by = province.people[RECORDER]
    add_source(project, {"kind": rules.FUND, "amount": fund}, campaign=campaign, by=by)
    add_source(project, {"kind": rules.LABOUR, "days": 20, "day_value": 250_000}, by=by)
    left = (project.estimate or 0) - fund - 5 * MILLION
    add_source(project, {"kind": rules.FAMILY, "amount": left // 4}, by=by)
    told = {
        "kind": rules.SPONSOR,
        "name": "Nhóm thợ xây Minh Họa",
        "amount": left - left // 4 if whole else left // 2,
    }
    add_source(project, told, by=by)


def _papers(province: Province, project: HouseProject, day: date) -> None:
    known = {one.id: one for one in queries_papers.requirements()}
    for missing in queries_papers.missing_for(project, rules.APPROVED):
        if missing.evidence == "filed":
            told = {"number": None, "dated": day, "note": "Hồ sơ nhà ở, tủ 2, lưu tại xã"}
            file_paper(project, known[missing.key], told, by=province.people[RECORDER])


def _decide(province: Province, project: HouseProject, day: date, number: str) -> None:
    shares = [one for one in queries_money.cost_of(project).shares if one.source.kind == rules.FUND]
    decision = draft_house_decision(
        project,
        unit=province.unit,
        fund=province.fund,
        decided_on=day,
        amounts={one.source.id: one.planned for one in shares},
        number=number,
        over_norm="Hộ neo đơn, nhà hư hỏng nặng",
        by=province.people[RECORDER],
    )
    issue_decision(decision, by=province.people[APPROVER])


def _tranches(province: Province, project: HouseProject, fund: int) -> tuple[HouseTranche, HouseTranche]:
    row, by = queries_money.decided_rows(project)[0], province.people[RECORDER]
    first = add_tranche(project, row, stage=rules.STARTED, amount=fund * 6 // 10, by=by)
    last = add_tranche(project, row, stage=rules.FINISHED, amount=fund - fund * 6 // 10, by=by)
    return first, last


def _pay(province: Province, project: HouseProject, tranche: HouseTranche, day: date) -> None:
    decision = db.session.get_one(Decision, tranche.decided.row.decision_id)
    wanted = [Wanted(tranche.decision_row_id, tranche.amount)]
    voucher = prepare_voucher(
        decision, wanted=wanted, content=f"Hỗ trợ nhà ở, hộ {project.head}", by=province.people[ACCOUNTANT]
    )
    approve_voucher(voucher, by=province.people[APPROVER])
    pay_voucher(voucher, paid_on=day, by=province.people[ACCOUNTANT])


def _outside(project: HouseProject, day: date, by: Any) -> None:
    for share in queries_money.cost_of(project).shares:
        if share.source.kind != rules.FUND:
            told = {
                "happened_on": day,
                "amount": share.planned,
                "days": share.source.days,
                "paper": "Giấy xác nhận của ấp",
            }
            record_outside(project, share.source, told, by=by)


def _hand_over(province: Province, project: HouseProject, day: date) -> None:
    by = province.people[RECORDER]
    names = {
        "handed_on": day, "place": "nhà của gia đình", "giver_name": "Trần Minh Khoa", "giver_position": "Cán bộ Mặt trận",
        "receiver_name": project.head, "witness": "Trần Thị Thắm", "commitment": project.kind.commitment,
    }  # fmt: skip
    money = actions_handover.prepare_handover(project, rules.MONEY, names, by=by)
    actions_handover.sign_handover(money, handed_on=day, by=by)
    told = {
        "checked_on": day, "board": "Lê Văn Chỉ", "commune": "Phạm Thị Ủy", "front": "Lê Văn Đồng",
        "hamlet_one": "Trần Thị Thắm", "hamlet_two": "Nguyễn Văn Bền", "area": "42,5", "hard_foundation": True,
        "hard_roof": True, "hard_walls": True, "passed": "yes",
    }  # fmt: skip
    check = actions_check.prepare_check(project, told, by=by)
    actions_check.sign_check(check, signed_on=day, by=by)
    house = actions_handover.prepare_handover(project, rules.HOUSE, names, by=by)
    actions_handover.sign_handover(house, handed_on=day, by=by)
    if project.kind.hard:
        consent = {
            "shown_name": "gia đình bà T.",
            "consent_by": "Chủ hộ",
            "consent_on": day,
            "consent_paper": "Giấy, lưu xã",
        }
        set_consent(project, {**consent, "consent_on": day}, by=by)


def _photo(province: Province, project: HouseProject, role: str, day: date, place: int) -> None:
    """A drawn photo of a stage; before and after are public, nobody is on them."""
    storage = present_storage()
    made = files.ready(drawn_house(role, random.Random(place)), storage)  # noqa: S311
    captions = {"before": "Nhà cũ", "started": "Đào móng", "after": "Nhà mới"}
    by, caption = province.people[RECORDER], captions[role]
    picture = add_to_album(SUBJECTS[ALBUM], project, made, by=by, role=role, caption=caption, taken_on=day)
    if role != "started":
        files.look(picture, people_shown=False, consent=None, boxes=[])
        files.publish(picture, files.made_public(picture, storage), by=province.people[APPROVER])


def _past(province: Province, kind_id: int, programme_id: int, today: date) -> None:
    """What the office did before: one house by name, a total of the year before last."""
    commune, year = province.communes[0], today.year - 2
    told = {"unit_id": commune.id, "programme_id": programme_id, "kind_id": kind_id}
    name = "Huỳnh Văn Minh Họa"
    day = date(year + 1, 11, 18)
    db.session.add(
        HousePast(
            **told, head_name=name, head_key=fold(name), starts_on=day, ends_on=day, cost=72 * MILLION,
            cost_fund=50 * MILLION, cost_outside=22 * MILLION, area=4000,
        )
    )  # fmt: skip
    total = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31), "count": 9, "cost": 540 * MILLION}
    db.session.add(HousePast(**told, **total))
    db.session.flush()
