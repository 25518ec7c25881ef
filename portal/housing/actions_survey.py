"""Writing the survey of a house, and the papers of its dossier. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.distributions.queries_norms import norm_of
from portal.households.facts import household_facts
from portal.housing import queries, queries_papers, rules
from portal.housing.actions import note, reach, take
from portal.housing.models import HousePaper, HouseProject, HouseSurvey
from portal.housing.models_catalogue import HouseRequirement
from portal.kit.checks import check_not_before, check_past, check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.vietnamese import nfc
from portal.people.models import User

PURPOSE = "housing"
TEXTS = (
    "work", "schooling", "priority", "circumstances", "conclusion_note", "secretary", "hamlet_head", "front_head",
    "cost", "own_share", "own_days",
)  # fmt: skip
NEEDED = {"land": ("giấy tờ đất", 300), "house_state": ("tình trạng nhà", 1000), "need": ("nhu cầu", 1000)}


def norm_for(project: HouseProject, day: Any) -> int | None:
    """The support norm (đồng) for the kind of work in the project's zone on a day, or None."""
    found = norm_of(project.unit_id, PURPOSE, project.zone, day, project.kind.norm_subject)
    return found.amount if found else None


def record_survey(project: HouseProject, values: Mapping[str, Any], *, by: User) -> HouseSurvey:
    """Write the survey, or a newer one in its place, until the house is approved. Raises Refused at the field.

    What the team reckons becomes the estimate while none is there.
    """
    take(project)
    rules.check_may(project.state, (rules.OPENED, rules.SURVEYED), "ghi khảo sát")
    day = values["surveyed_on"]
    check_past(day, today_in_vietnam(), "surveyed_on")
    check_not_before(day, project.opened_on, "ngày lập hồ sơ", "surveyed_on")
    if values.get("conclusion") not in rules.CONCLUSIONS:
        raise Refused("Chưa chọn kết luận. Chọn đủ hoặc chưa đủ điều kiện.", "conclusion")
    told = {name: check_text(values.get(name), name, what, most) for name, (what, most) in NEEDED.items()}
    before = queries.survey_of(project)
    survey = HouseSurvey(
        project_id=project.id,
        surveyed_on=day,
        team=check_text(values.get("team"), "team", "ai đi khảo sát"),
        facts=household_facts(project.household),
        conclusion=values["conclusion"],
        by_id=by.id,
        **told,
        **{name: values.get(name) for name in TEXTS},
    )
    if before is not None:
        before.replaced = True
    db.session.add(survey)
    if project.estimate is None and survey.cost:
        project.estimate = survey.cost
    db.session.flush()
    if project.state == rules.OPENED:
        reach(project, rules.SURVEYED, day, by)
    money = f"Ước kinh phí {format_dong(survey.cost)}." if survey.cost else None
    note(project, f"Khảo sát ngày {day:%d/%m/%Y}: {rules.CONCLUSIONS[survey.conclusion].lower()}.", by, money)
    return survey


def file_paper(
    project: HouseProject, requirement: HouseRequirement, values: Mapping[str, Any], *, by: User
) -> HousePaper:
    """Name the paper of the dossier that answers a requirement: `number`, `dated`, `note`. Raises Refused."""
    take(project)
    if requirement.evidence != "filed":
        raise Refused(
            "Giấy tờ này cổng tự nhận khi có trong hồ sơ. Làm bước tương ứng ở trang của căn nhà.",
            "requirement_id",
        )
    if any(
        one.requirement_id == requirement.id and one.withdrawn is None
        for one in queries_papers.papers_of(project)
    ):
        raise Refused(f"Đã ghi “{requirement.name}”. Rút bản đó trước rồi ghi lại.", "requirement_id")
    check_past(values["dated"], today_in_vietnam(), "dated")
    paper = HousePaper(
        project_id=project.id,
        requirement_id=requirement.id,
        number=nfc(values.get("number")) or None,
        dated=values["dated"],
        note=nfc(values.get("note")) or None,
        by_id=by.id,
    )
    db.session.add(paper)
    db.session.flush()
    said = " ".join(
        part for part in (paper.number and f"số {paper.number}", f"ngày {paper.dated:%d/%m/%Y}") if part
    )
    note(project, f"Hồ sơ có: {requirement.name}, {said}.", by)
    return paper


def withdraw_paper(paper: HousePaper, project: HouseProject, *, reason: str | None, by: User) -> None:
    """A paper no longer counts. Steps that were taken stay; the next one asks for it again. Raises Refused."""
    take(project)
    db.session.refresh(paper)
    if paper.withdrawn is not None:
        raise Refused("Giấy tờ này đã rút. Tải lại trang.")
    paper.withdrawn = check_text(reason, "reason", "lý do", 300)
    db.session.flush()
    note(project, f"Rút giấy tờ: {paper.requirement.name}.", by, f"Lý do: {paper.withdrawn}")
