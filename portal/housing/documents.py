"""The papers of a house as the values they print: survey, completion check, minutes; blank ones have dotted lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.households.facts import household_facts
from portal.households.papers import (
    BLANK_DAY,
    Head,
    Line,
    head_of,
    household_lines,
    survey_signers,
)
from portal.housing import queries, queries_money, rules
from portal.housing.models import HouseProject, HouseSurvey
from portal.housing.models_closing import HouseCheck, HouseHandover
from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.kit.money import format_amount
from portal.spending.rules import ISSUED
from portal.units.queries import UnitTexts, unit_texts

VOID_MARK = "KHÔNG CÒN HIỆU LỰC"


def dong(amount: int | None) -> str | None:
    """ "12.000.000 đồng"; None for the pen."""
    return f"{format_amount(amount)} đồng" if amount else None


@dataclass(frozen=True)
class SurveyPaper:
    """Phiếu khảo sát nhà ở: 20 items, blank or filled."""

    head: Head
    day: str
    team: str | None
    items: Sequence[Line]
    conclusion: Sequence[tuple[str, bool]]
    note: str | None
    signers: Sequence[tuple[str, str | None]]


def survey_paper(
    project: HouseProject | None = None,
    survey: HouseSurvey | None = None,
    *,
    private: Mapping[str, Any] | None = None,
) -> SurveyPaper:
    """The form: blank without a project, with what is known of it otherwise.

    `private` has the head's sensitive fields; None leaves them to the pen.
    """
    day = survey.surveyed_on if survey else today_in_vietnam()
    texts = unit_texts(project.unit, day) if project else UnitTexts()
    facts = (survey.facts if survey else household_facts(project.household)) if project else {}
    return SurveyPaper(
        head=head_of(texts, long_day(day) if survey else None),
        day=long_day(day) if survey else BLANK_DAY,
        team=survey.team if survey else None,
        items=household_lines(facts, survey, private or {}, last=_of_house(project, survey)),
        conclusion=[
            (name, survey is not None and survey.conclusion == key) for key, name in rules.CONCLUSIONS.items()
        ],
        note=survey.conclusion_note if survey else None,
        signers=survey_signers(survey, facts),
    )


def _of_house(project: HouseProject | None, survey: HouseSurvey | None) -> list[tuple[Any, ...]]:
    """Items 16 to 20: land, house, circumstances, need, money."""
    own: list[str] = []
    if survey is not None:
        own += [f"{format_amount(survey.own_share)} đồng"] if survey.own_share else []
        own += [f"{format_amount(survey.own_days)} ngày công"] if survey.own_days else []
    costs = []
    if survey is not None and survey.cost:
        costs.append(f"dự kiến {format_amount(survey.cost)} đồng")
    if own:
        costs.append(f"gia đình góp {', '.join(own)}")
    need = survey.need if survey else project.need if project else None
    if need and project:
        need = f"{project.kind.name}: {need}"
    return [
        ("Giấy tờ đất", survey.land if survey else None, False, 1),
        ("Tình trạng nhà ở (nền, vách, mái, diện tích)", survey.house_state if survey else None, False, 2),
        ("Hoàn cảnh gia đình", survey.circumstances if survey else None, False, 3),
        ("Nhu cầu (xây mới, sửa chữa, chống dột, chống ngập, lắp ghép)", need, False, 2),
        ("Kinh phí, phần gia đình góp", "; ".join(costs) or None, False, 1),
    ]


@dataclass(frozen=True)
class CheckPaper:
    """Biên bản kiểm tra hoàn thành, blank or filled. `hard`: (name, yes, no)."""

    head: Head
    day: str
    programme: str | None
    kind: str | None
    code: str | None
    household: str | None
    address: str | None
    builder: str | None
    members: Sequence[tuple[str, str | None]]
    started: str | None
    finished: str | None
    area: str | None
    hard: Sequence[tuple[str, bool, bool]]
    total: str | None
    words: str | None
    sources: Sequence[tuple[str, str]]
    passed: Sequence[tuple[str, bool]]
    remark: str | None
    signatures: Sequence[tuple[str, str | None]]
    mark: str | None = None


HARD = {"hard_foundation": "Nền cứng", "hard_walls": "Khung, tường cứng", "hard_roof": "Mái cứng"}
ROLES = (
    ("board", "Đại diện Ban chỉ đạo"),
    ("commune", "Đại diện UBND"),
    ("front", "Đại diện Ủy ban MTTQ"),
    ("hamlet_one", "Đại diện thôn"),
    ("hamlet_two", "Đại diện thôn"),
    ("hamlet_three", "Đại diện thôn"),
)


def check_paper(check: HouseCheck | None = None) -> CheckPaper:
    """The check: as it was signed, with what is known now, or blank."""
    known: Any = check
    project = check.project if check else None
    day = check.checked_on if check else None
    texts = unit_texts(project.unit, day) if project and day else UnitTexts()
    rows = _value(check) if check else []
    total = sum(amount for _, amount in rows)
    days = queries.days_of([project.id]).get(project.id, {}) if project else {}
    signers = [(role, known and getattr(known, name)) for name, role in ROLES]
    return CheckPaper(
        head=head_of(texts, long_day(day) if day else None),
        day=long_day(day) if day else BLANK_DAY,
        programme=project.programme.name if project else None,
        kind=project.kind.name if project else None,
        code=rules.code_of(project.id) if project else None,
        household=project.head if project else None,
        address=(project.address or queries.address_of(project.household)) if project else None,
        builder=(project.builder_name or rules.BUILDERS[project.builder]) if project else None,
        members=signers,
        started=format_day(days[rules.STARTED]) if rules.STARTED in days else None,
        finished=format_day(days[rules.FINISHED]) if rules.FINISHED in days else None,
        area=f"{rules.format_area(check.area)} m²" if check and check.area else None,
        hard=[
            (name, bool(known and getattr(known, key)), bool(known and not getattr(known, key)))
            for key, name in HARD.items()
        ],
        total=dong(total),
        words=texts.in_words(total) if total else None,
        sources=[(name, format_amount(amount)) for name, amount in rows],
        passed=[("Đạt, đề nghị bàn giao", bool(check and check.passed)), ("Chưa đạt", bool(check and not check.passed))],
        remark=check.remark if check else None,
        signatures=_check_signers(known, project),
        mark=VOID_MARK if check and check.state == rules.VOID else None,
    )  # fmt: skip


def _value(check: HouseCheck) -> list[tuple[str, int]]:
    """The sources with what they brought, đồng: as they were signed, else as they are now."""
    if check.state != rules.PREPARED:
        return [(name, int(amount)) for name, amount in check.sources or []]
    return [(one.label, one.counted) for one in queries_money.cost_of(check.project).shares if one.counted]


def _check_signers(known: Any, project: HouseProject | None) -> list[tuple[str, str | None]]:
    rows = [("Ban chỉ đạo", "board"), ("UBND", "commune"), ("MTTQ", "front")]
    named = [(role, known and getattr(known, name)) for role, name in rows]
    return [*named, *_hamlets(known), ("Chủ hộ", project.head if project else None)]


def _hamlets(known: Any) -> list[tuple[str, str | None]]:
    """One to three who sign for the hamlet; a blank form has room for all."""
    if known is None:
        return [("Thôn", None)] * 3
    named = [name for name in (known.hamlet_one, known.hamlet_two, known.hamlet_three) if name]
    return [("Thôn", name) for name in named or [None]]


@dataclass(frozen=True)
class MinutesPaper:
    """Biên bản bàn giao tiền or nhà, blank or filled."""

    title: str
    is_house: bool
    head: Head
    day: str
    place: str | None
    owner: str | None
    giver: str | None
    giver_position: str | None
    receiver: str | None
    receiver_cccd: str | None
    receiver_relation: str | None
    address: str | None
    witness: str | None
    decisions: str | None
    purpose: str | None
    checked: str | None
    area: str | None
    amount: str | None
    words: str | None
    commitment: str
    signatures: Sequence[tuple[str, str | None]]
    mark: str | None = None


TITLES = {rules.MONEY: "BIÊN BẢN BÀN GIAO TIỀN HỖ TRỢ NHÀ Ở", rules.HOUSE: "BIÊN BẢN BÀN GIAO NHÀ"}


def minutes_paper(
    what: str, handover: HouseHandover | None = None, *, commitment: str = "", cccd: str | None = None
) -> MinutesPaper:
    """The minutes: as they were signed, with what waits to be handed over, or blank."""
    known: Any = handover
    project = handover.project if handover else None
    texts = unit_texts(project.unit, handover.handed_on) if project and handover else UnitTexts()
    amount = _amount(handover) if handover else None
    check = queries.check_in_force(project) if project else None
    return MinutesPaper(
        title=TITLES[what],
        is_house=what == rules.HOUSE,
        head=head_of(texts, long_day(handover.handed_on) if handover else None),
        day=long_day(handover.handed_on) if handover else BLANK_DAY,
        place=known and known.place or None,
        owner=(texts.owner_name or project.unit.name) if project else None,
        giver=known and known.giver_name,
        giver_position=known and known.giver_position or None,
        receiver=known and known.receiver_name,
        receiver_cccd=cccd,
        receiver_relation=known and known.receiver_relation,
        address=(project.address or queries.address_of(project.household)) if project else None,
        witness=known and known.witness,
        decisions=_decided(project) if project else None,
        purpose=f"{project.kind.name}, {project.programme.name}" if project else None,
        checked=format_day(check.checked_on) if check else None,
        area=f"{rules.format_area(check.area)} m²" if check and check.area else None,
        amount=dong(amount),
        words=texts.in_words(amount) if amount else None,
        commitment=handover.commitment if handover else commitment,
        signatures=[
            ("Bên giao", known and known.giver_name),
            ("Bên nhận", known and known.receiver_name),
            ("Người làm chứng", known and known.witness),
        ],
        mark=VOID_MARK if handover and handover.state == rules.VOID else None,
    )


def _amount(handover: HouseHandover) -> int | None:
    """What is handed over: frozen, else what waits."""
    if handover.amount is not None or handover.state != rules.PREPARED:
        return handover.amount
    if handover.what == rules.MONEY:
        return sum(one.amount for one in queries_money.to_hand_over(handover.project)) or None
    check = queries.check_in_force(handover.project)
    return check.total if check else None


def _decided(project: HouseProject) -> str | None:
    told = [
        f"số {one.decision.number} ngày {format_day(one.decision.decided_on)}"
        for one in queries_money.decisions_of(project)
        if one.decision.state == ISSUED and one.decision.number
    ]
    return "; ".join(told) or None
