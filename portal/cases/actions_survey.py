"""Writing the survey of a case: household part, answers, conclusion. Health answers go to their own table. Flushes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.cases import queries, rules
from portal.cases.actions import note, settle, take
from portal.cases.models import AidField, AidQuestion, CaseAnswer, CaseHealth, CaseSurvey, SupportCase
from portal.distributions.queries_norms import norm_of
from portal.households.facts import household_facts
from portal.kit.checks import check_past, check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.vietnamese import nfc
from portal.people.models import User

TEXTS = (
    "work",
    "schooling",
    "priority",
    "circumstances",
    "conclusion_note",
    "secretary",
    "hamlet_head",
    "front_head",
)


def norm_for_case(case: SupportCase, day: date) -> int | None:
    """The support norm (đồng) under which the case stands on a day, or None."""
    field = case.field
    norm = norm_of(case.unit_id, field.purpose, "", day, field.norm_subject)
    return norm.amount if norm else None


def questions_on(field: AidField, day: date) -> list[AidQuestion]:
    """What is asked on a day."""
    return [
        one
        for one in field.questions
        if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)
    ]


def record_survey(
    case: SupportCase,
    values: Mapping[str, Any],
    answers: Mapping[int, str | None],
    *,
    by: User,
    keep_health: bool = True,
) -> CaseSurvey:
    """Write the survey, or a newer one in its place: `values` by the columns of CaseSurvey, `answers` as typed, by
    question id. A blank health answer keeps what is known (`keep_health`). Raises Refused (fields q<id>, …).
    """
    take(case)
    rules.check_may(case.state, (rules.REQUESTED, rules.SURVEYED, rules.DONE), "ghi khảo sát")
    today, day = today_in_vietnam(), values["surveyed_on"]
    check_past(day, today, "surveyed_on")
    norm = norm_for_case(case, day)
    goods = nfc(values.get("goods")) or None
    rules.check_proposal(values.get("conclusion"), values.get("amount"), goods, norm, values.get("over_norm"))
    asked = {one.id: one for one in questions_on(case.field, day)}
    read = {key: _read(one, answers.get(key), today) for key, one in asked.items()}
    before = queries.survey_of(case)
    survey = CaseSurvey(
        case_id=case.id,
        surveyed_on=day,
        team=check_text(values.get("team"), "team", "ai đi khảo sát"),
        facts=household_facts(case.household),
        conclusion=values["conclusion"],
        amount=values.get("amount"),
        goods=goods,
        norm=norm,
        over_norm=nfc(values.get("over_norm")) or None,
        by_id=by.id,
        **{name: values.get(name) for name in TEXTS},
    )
    if before is not None:
        before.replaced = True
    db.session.add(survey)
    db.session.flush()
    _keep_answers(survey, asked, read, before if keep_health else None)
    settle(case)
    note(
        case,
        f"Khảo sát ngày {day:%d/%m/%Y}: {rules.CONCLUSIONS[survey.conclusion].lower()}.",
        by,
        _proposed(survey),
    )
    return survey


def _read(question: AidQuestion, typed: str | None, today: date) -> str | None:
    choices = question.choices.splitlines()
    return rules.read_answer(question.kind, question.label, typed, choices, f"q{question.id}", today)


def _keep_answers(
    survey: CaseSurvey,
    asked: Mapping[int, AidQuestion],
    read: Mapping[int, str | None],
    before: CaseSurvey | None,
) -> None:
    known = health_of(before) if before else {}
    for key, question in asked.items():
        value = read[key]
        if question.health:
            value = value or known.get(key)
        if value is not None:
            model = CaseHealth if question.health else CaseAnswer
            db.session.add(model(survey_id=survey.id, question_id=key, value=value))
    db.session.flush()
    db.session.expire(survey, ["answers"])


def health_of(survey: CaseSurvey) -> dict[int, str]:
    """The answers about health, by question id: only after the reading was noted, or to be kept along."""
    rows = select(CaseHealth).where(CaseHealth.survey_id == survey.id)
    return {one.question_id: one.value for one in db.session.scalars(rows)}


def has_health(survey: CaseSurvey) -> set[int]:
    """Ids of the questions about health that are answered; not what was answered."""
    return set(db.session.scalars(select(CaseHealth.question_id).where(CaseHealth.survey_id == survey.id)))


def _proposed(survey: CaseSurvey) -> str | None:
    money = format_dong(survey.amount) if survey.amount else None
    said = ", ".join(part for part in (money, survey.goods) if part)
    told = [f"Đề xuất: {said}." if said else None]
    if survey.over_norm:
        told.append(f"Vượt mức hỗ trợ {format_dong(survey.norm or 0)}: {survey.over_norm}")
    return " ".join(part for part in told if part) or None


def check_surveyed(case: SupportCase) -> CaseSurvey:
    """What is decided rests on a survey. Raises Refused."""
    survey = queries.survey_of(case)
    if survey is None:
        raise Refused("Chưa có phiếu khảo sát. Ghi khảo sát trước khi trình quyết định.")
    return survey
