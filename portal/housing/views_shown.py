"""What the page of one house draws. Part of the views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_login import current_user

from portal.files.album import album_of
from portal.households.rules_registry import code_of as code_of_household
from portal.housing import actions, queries, queries_money, queries_papers, rules
from portal.housing.actions_survey import norm_for
from portal.housing.models import HouseProject
from portal.kit.days import format_moment, today_in_vietnam
from portal.people.queries import may, readable_of

WRITERS = queries.WRITERS


def shown(project: HouseProject) -> dict[str, Any]:
    """What the page of a project draws."""
    stage, survey = actions.stage_of(project), queries.survey_of(project)
    cost, made = queries_money.cost_of(project), queries_money.decisions_of(project)
    today = today_in_vietnam()
    return {
        "project": project,
        "code": rules.code_of(project.id),
        "household_code": code_of_household(project.household_id),
        "place": project.address or queries.address_of(project.household),
        "rules": rules,
        "stage": stage,
        "steps": _steps(project, stage),
        "late": rules.days_late(project.state, project.start_by, project.finish_by, today),
        "marks": [*queries.name_marks(project), *_money_marks(project, cost)],
        "survey": survey,
        "norm": norm_for(project, today),
        "cost": cost,
        "outside": queries_money.outside_of(project),
        "source_name": queries_money.source_name,
        "made": made,
        "opened": readable_of(current_user, (one.decision.unit_id for one in made)),
        "draft": next((one for one in made if one.decision.state == rules.DRAFT), None),
        "tranches": tranches(project, {one.decision_id: one.decision.unit_id for one in made}),
        "may_divide": bool(queries_money.decided_rows(project)),
        "asked": queries_papers.asked_of(project),
        "papers": queries_papers.papers_of(project),
        "checks": queries.checks_of(project),
        "passed": queries.check_in_force(project),
        "handovers": queries.handovers_of(project),
        "waiting": queries_money.to_hand_over(project),
        "others": queries.others_of(project.household_id, but=project.id),
        "album": album_of(queries.ALBUM, project.id, project, for_user=current_user),
        "story": [
            {"when": f"{one.by_name}, {format_moment(one.at)}", "text": one.text, "note": one.note}
            for one in queries.events_of(project)
        ],
        "next_steps": _next_steps(project, stage),
        "may_write": queries.may_write(current_user, project),
        "may_approve": queries.may_approve(current_user, project),
        "may_read_private": queries.may_read_private(current_user, project),
    }


def _steps(project: HouseProject, stage: str) -> list[dict[str, Any]]:
    days = queries.days_of([project.id]).get(project.id, {})
    whens = [days.get(state) for state in rules.ORDER[1:]]
    return [
        {**step, "when": f"{day:%d/%m/%Y}" if day else None}
        for step, day in zip(rules.steps_of(stage), whens, strict=True)
    ]


def _next_steps(project: HouseProject, stage: str) -> list[str]:
    """Steps that may be said now with a day; a house may be finished without a new roof."""
    found = {
        rules.APPROVED: [rules.STARTED],
        rules.STARTED: [rules.ROOFED, rules.FINISHED],
        rules.ROOFED: [rules.FINISHED],
    }
    return [] if project.state == rules.STOPPED else found.get(stage, [])


def _money_marks(project: HouseProject, cost: queries_money.Cost) -> list[str]:
    """What does not agree any more, in sentences."""
    check = queries.check_in_force(project)
    if check is not None and check.total != cost.total:
        return [
            "Các nguồn nay khác số đã chốt ở biên bản kiểm tra hoàn thành. Xem lại nguồn, hoặc lập lại biên bản."
        ]
    return []


def tranches(project: HouseProject, payers: Mapping[int, int]) -> list[dict[str, Any]]:
    """Tranches with the paper that pays them, and whether one may be prepared by this person; `payers`: unit by decision."""
    found = []
    for one in queries_money.tranches_of(project):
        voucher, direct = queries_money.voucher_of(one), queries_money.direct_of(one)
        free = voucher is None and direct is None
        decision = one.decided.row.decision_id
        due = project.state != rules.STOPPED and rules.reached(project.state, one.stage)
        found.append(
            {
                "tranche": one,
                "voucher": voucher,
                "direct": direct,
                "free": free,
                "due": due,
                "label": queries_money.source_name(one.decided.source),
                "may_pay": due and free and may(current_user, WRITERS, payers[decision]),
                "pay_url": _pay_url(decision, one.decision_row_id, one.amount),
            }
        )
    return found


def _pay_url(decision_id: int, row_id: int, amount: int) -> str:
    """The form of a voucher with the amount of this tranche in its row."""
    asked = {"van_ban": decision_id, "what": "payment", "place": "ket", f"row_{row_id}": amount}
    return f"{url_for('spending.new_voucher')}?{urlencode(asked)}"
