"""House projects for tests: invented people, papers, sources, a decision in force, photos, minutes. Keywords only."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.files.actions import ready
from portal.files.actions_album import add_to_album
from portal.files.album import SUBJECTS
from portal.households.models_registry import Household
from portal.housing import actions_check, actions_handover, queries_money, queries_papers, rules
from portal.housing.actions import open_project, step_forward
from portal.housing.actions_money import add_source, draft_house_decision, record_outside
from portal.housing.actions_survey import file_paper, record_survey
from portal.housing.actions_tranches import add_tranche
from portal.housing.album import ALBUM
from portal.housing.models import HouseProject
from portal.housing.models_catalogue import HouseKind, HouseProgramme
from portal.housing.models_closing import HouseCheck, HouseHandover
from portal.housing.models_money import HouseSource, HouseTranche
from portal.kit.db import db
from portal.kit.storage import present_storage
from portal.people.models import User
from portal.spending.actions import issue_decision
from portal.spending.actions_direct import decide_in_and_out, request_in_and_out
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.models import Decision, Voucher
from portal.spending.models_others import InAndOut
from portal.spending.rules import Wanted
from tests.cast import Cast, make_fund
from tests.files.photos import photo
from tests.households.builders import make_hamlet, make_household

HOME = "/quan-ly/nha/"
DAY = date(2026, 11, 10)
MILLION = 1_000_000
PROJECT: dict[str, Any] = {
    "opened_on": DAY, "need": "Nhà dột nát, xin xây mới", "builder": "self", "priority": 1, "zone": "",
    "start_by": None, "finish_by": None, "estimate": 100 * MILLION,
}  # fmt: skip
SURVEY: dict[str, Any] = {
    "surveyed_on": DAY, "team": "Ông Giả, Trưởng ấp", "land": "Có giấy chứng nhận", "house_state": "Vách lá, mái tôn mục",
    "need": "Xây mới 40 m²", "cost": 100 * MILLION, "own_share": 20 * MILLION, "own_days": 20, "conclusion": "enough",
}  # fmt: skip
CHECK: dict[str, Any] = {
    "checked_on": DAY, "board": "Lê Văn Chỉ", "commune": "Phạm Thị Ủy", "front": "Trần Văn Trận", "hamlet_one": "Lý Thị Một",
    "hamlet_two": None, "hamlet_three": None, "area": "45,5", "hard_foundation": True, "hard_roof": True,
    "hard_walls": True, "passed": "yes", "remark": None, "total": None,
}  # fmt: skip
NAMES: dict[str, Any] = {
    "handed_on": DAY, "place": "nhà ông Sáu", "giver_name": "Lê Thị Toán", "giver_position": "Phó Ban",
    "receiver_name": "Nguyễn Văn Sáu", "receiver_relation": None, "witness": "Lý Thị Một", "commitment": "Giữ gìn nhà.",
}  # fmt: skip


def kind_of(name: str = "Xây mới") -> HouseKind:
    """One of the kinds that the migrations bring."""
    return db.session.scalars(select(HouseKind).where(HouseKind.name == name)).one()


def programme_of(name: str = "Nhà Đại đoàn kết") -> HouseProgramme:
    """One of the programmes that the migrations bring."""
    return db.session.scalars(select(HouseProgramme).where(HouseProgramme.name == name)).one()


def make_project(
    *,
    cast: Cast,
    household: Household | None = None,
    kind: str = "Xây mới",
    by: User | None = None,
    **values: Any,
) -> HouseProject:
    """A project for a household in a hamlet of the commune."""
    household = household or make_household(unit=make_hamlet(cast), birth_year=1968, address="Tổ 7")
    return open_project(
        household, programme_of(), kind_of(kind), {**PROJECT, **values}, by=by or cast.officer
    )


def make_survey(*, project: HouseProject, by: User, **values: Any) -> None:
    """Its survey."""
    record_survey(project, {**SURVEY, **values}, by=by)


def file_papers(*, project: HouseProject, by: User, step: str = rules.APPROVED) -> None:
    """The papers of the dossier that a step asks for."""
    known = {one.id: one for one in queries_papers.requirements()}
    for missing in queries_papers.missing_for(project, step):
        if missing.evidence == "filed":
            file_paper(project, known[missing.key], {"number": "1", "dated": DAY, "note": None}, by=by)


def fund_source(
    *, project: HouseProject, by: User, campaign: Campaign | None = None, amount: int = 60 * MILLION
) -> HouseSource:
    """Money of the fund in its budget."""
    return add_source(project, {"kind": rules.FUND, "amount": amount}, campaign=campaign, by=by)


def family_source(*, project: HouseProject, by: User, amount: int = 40 * MILLION) -> HouseSource:
    """The family's own share."""
    return add_source(project, {"kind": rules.FAMILY, "amount": amount}, by=by)


def make_house_decision(
    *, project: HouseProject, cast: Cast, number: str = "31/QĐ-MTTQ-BTT", issued: bool = True, **details: Any
) -> Decision:
    """The decision for all of the fund's sources, in force unless `issued` is False."""
    shares = [one for one in queries_money.cost_of(project).shares if one.source.kind == rules.FUND]
    amounts = details.pop("amounts", None) or {one.source.id: one.planned - one.decided for one in shares}
    decision = draft_house_decision(
        project, unit=cast.commune, fund=make_fund(), decided_on=DAY, amounts=amounts, number=number, by=cast.officer,
        **details,
    )  # fmt: skip
    return issue_decision(decision, by=cast.chair) if issued else decision


def make_photo(*, project: HouseProject, role: str, by: User) -> None:
    """A photo of one part of its album; each is another picture."""
    size = 300 + 10 * list(rules.PHOTOS).index(role) + project.id % 10
    add_to_album(SUBJECTS[ALBUM], project, ready(photo(size, 240), present_storage()), by=by, role=role)


def make_tranche(*, project: HouseProject, stage: str, amount: int, by: User) -> HouseTranche:
    """A tranche of its first decided row."""
    return add_tranche(project, queries_money.decided_rows(project)[0], stage=stage, amount=amount, by=by)


def pay_tranche(*, tranche: HouseTranche, cast: Cast, paid_on: date | None = DAY) -> Voucher:
    """Its voucher: prepared, approved, paid (None = not yet)."""
    decision = db.session.get_one(Decision, tranche.decided.row.decision_id)
    wanted = [Wanted(tranche.decision_row_id, tranche.amount)]
    voucher = prepare_voucher(decision, wanted=wanted, content="Chi đợt xây nhà", by=cast.accountant)
    approve_voucher(voucher, by=cast.chair)
    if paid_on is not None:
        pay_voucher(voucher, paid_on=paid_on, by=cast.accountant)
    db.session.refresh(voucher)
    return voucher


def ask_direct(*, tranche: HouseTranche, cast: Cast, **told: Any) -> InAndOut:
    """A sponsor paid a supplier for the tranche: asked to be counted."""
    usual: dict[str, Any] = {"amount": tranche.amount, "happened_on": DAY, "donor_name": "Công ty Giả",
                             "supplier": "Cửa hàng vật liệu", "reason": "Trả tiền xi măng"}  # fmt: skip
    return request_in_and_out(tranche.decided.row, **{**usual, **told}, by=cast.accountant)


def pay_direct(*, tranche: HouseTranche, cast: Cast, **told: Any) -> InAndOut:
    """The same, in the books."""
    entry = ask_direct(tranche=tranche, cast=cast, **told)
    decide_in_and_out(entry, approve=True, answer="", by=cast.chair)
    return entry


def approved(*, cast: Cast, campaign: Campaign | None = None, **values: Any) -> HouseProject:
    """A project with survey, papers, 60 million of the fund and 40 of the family, decided."""
    project = make_project(cast=cast, **values)
    make_survey(project=project, by=cast.officer)
    fund_source(project=project, by=cast.officer, campaign=campaign)
    family_source(project=project, by=cast.officer)
    file_papers(project=project, by=cast.officer)
    make_house_decision(project=project, cast=cast)
    return project


def finished(
    *, cast: Cast, campaign: Campaign | None = None, paid: bool = True, **values: Any
) -> HouseProject:
    """The same, begun, roofed, finished; its one tranche paid, the family's share come."""
    project = approved(cast=cast, campaign=campaign, **values)
    for role in ("before", "started", "roofed", "after"):
        make_photo(project=project, role=role, by=cast.officer)
    for step in (rules.STARTED, rules.ROOFED, rules.FINISHED):
        step_forward(project, step, DAY, by=cast.officer)
    if paid:
        pay_tranche(
            tranche=make_tranche(project=project, stage=rules.STARTED, amount=60 * MILLION, by=cast.officer),
            cast=cast,
        )
        sign(project=project, what=rules.MONEY, by=cast.officer)
    family = next(
        one.source for one in queries_money.cost_of(project).shares if one.source.kind == rules.FAMILY
    )
    record_outside(project, family, {"happened_on": DAY, "amount": 40 * MILLION}, by=cast.officer)
    return project


def check(*, project: HouseProject, by: User, signed: bool = True, **values: Any) -> HouseCheck:
    """The completion check, signed."""
    made = actions_check.prepare_check(project, {**CHECK, **values}, by=by)
    if signed:
        actions_check.sign_check(made, signed_on=DAY, by=by)
    return made


def sign(*, project: HouseProject, what: str = rules.HOUSE, by: User, **names: Any) -> HouseHandover:
    """Minutes, signed."""
    handover = actions_handover.prepare_handover(project, what, {**NAMES, **names}, by=by)
    actions_handover.sign_handover(handover, handed_on=DAY, by=by)
    return handover


def handed_over(*, cast: Cast, campaign: Campaign | None = None, **values: Any) -> HouseProject:
    """A house from survey to hand-over."""
    project = finished(cast=cast, campaign=campaign, **values)
    check(project=project, by=cast.officer)
    sign(project=project, by=cast.officer)
    return project
