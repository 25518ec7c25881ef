"""Writing cases: asked for, refused, withdrawn, opened again; their state follows what happened. Flushes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.cases import queries, rules
from portal.cases.models import AidField, CaseEvent, SupportCase
from portal.cases.queries_kept import returned_of
from portal.cases.rules import Facts, Made
from portal.households.actions_registry import check_stands
from portal.households.models_registry import Household, HouseholdMember
from portal.households.queries_registry import responsible_unit_id
from portal.households.rules_registry import check_birth_year
from portal.kit import audit
from portal.kit.checks import check_past, check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.numbers import take_posting_lock
from portal.kit.vietnamese import nfc
from portal.people.models import User
from portal.spending.models import Decision


def request_case(
    household: Household,
    field: AidField,
    values: Mapping[str, Any],
    *,
    member: HouseholdMember | None = None,
    by: User | None,
) -> SupportCase:
    """A request for a household: `requested_on`, `requester`, `reason`, and of another person `person_name` (with
    birth year and relation). Raises Refused at the field.
    """
    check_stands(household)
    today = today_in_vietnam()
    check_past(values["requested_on"], today, "requested_on")
    if field.valid_to is not None and field.valid_to < values["requested_on"]:
        raise Refused(f"Lĩnh vực “{field.name}” đã ngừng dùng. Chọn lĩnh vực khác.", "field_id")
    case = SupportCase(
        household_id=household.id,
        household=household,
        field_id=field.id,
        field=field,
        unit_id=responsible_unit_id(household.unit),
        by_id=by.id if by else None,
    )
    with db.session.no_autoflush:
        _write(case, values, member, today.year)
    db.session.add(case)
    db.session.flush()
    note(
        case, f"Đề nghị hỗ trợ: {field.name}, cho {case.person_name}.", by, f"Người đề nghị: {case.requester}"
    )
    return case


def change_request(
    case: SupportCase, values: Mapping[str, Any], *, member: HouseholdMember | None, by: User
) -> None:
    """Put the request right before anything is decided. Raises Refused."""
    take(case)
    rules.check_may(case.state, (rules.REQUESTED, rules.SURVEYED), "sửa đề nghị")
    check_past(values["requested_on"], today_in_vietnam(), "requested_on")
    _write(case, values, member, today_in_vietnam().year)
    db.session.flush()
    note(case, "Sửa đề nghị.", by)


def _write(
    case: SupportCase, values: Mapping[str, Any], member: HouseholdMember | None, this_year: int
) -> None:
    case.requested_on = values["requested_on"]
    case.requester = check_text(values.get("requester"), "requester", "ai đề nghị", 200)
    case.reason = check_text(values.get("reason"), "reason", "hoàn cảnh cần giúp", 2000)
    other = nfc(values.get("person_name"))
    if other and member is not None:
        raise Refused(
            "Đã chọn một thành viên thì để trống tên người khác; hoặc bỏ chọn thành viên.", "person_name"
        )
    if member is not None and member.household_id != case.household_id:
        raise Refused("Thành viên này không thuộc hộ. Chọn lại.", "member_id")
    check_birth_year(values.get("person_birth_year"), this_year=this_year)
    told: Household | HouseholdMember = member or case.household
    case.member_id = member.id if member else None
    case.person_name = other or told.name
    case.person_birth_year = values.get("person_birth_year") if other else told.birth_year
    relation = nfc(values.get("person_relation")) or None
    case.person_relation = relation if other else (member.relation or "thành viên") if member else None
    if other and relation is None:
        raise Refused("Chưa ghi người này là gì của hộ. Ghi quan hệ, ví dụ: cháu ở nhờ.", "person_relation")


def take(case: SupportCase) -> None:
    """Lock the books and read the case as it is now."""
    take_posting_lock()
    db.session.refresh(case, with_for_update={"of": SupportCase})


def note(case: SupportCase, text: str, by: User | None, more: str | None = None) -> None:
    """One more line of the case's story."""
    by_id, by_name = (by.id, by.name) if by else audit.actor()
    db.session.add(
        CaseEvent(
            case_id=case.id,
            text=text[:1000],
            note=(more or None) and more[:1000],
            by_id=by_id,
            by_name=by_name,
        )
    )
    db.session.flush()


def facts_of(case: SupportCase) -> Facts:
    """What the state of a case follows from, as the books and papers stand now."""
    papers = queries.papers_of([case.id]).get(case.id, [])
    issued, returned = queries.issued_of(case), returned_of(case.id)
    made = []
    for one in queries.decisions_of(case):
        number, decision = one.decision_id, one.decision
        made.append(
            Made(
                decision.state,
                money=sum(row.amount for row in decision.rows) - returned.get(number, 0),
                paid=sum(paper.cash or 0 for paper in papers if paper.decision_id == number),
                goods=sum(item.quantity for item in one.items),
                issued=sum(issued.get((number, item.item_id), 0) for item in one.items),
            )
        )
    return Facts(
        ended=case.ended,
        surveyed=queries.survey_of(case) is not None,
        decisions=made,
        papers=frozenset(paper.number for paper in papers),
        covered=frozenset(queries.covered_by(case)),
    )


def settle(case: SupportCase) -> str:
    """Set the state that follows from what has happened; returns it."""
    db.session.flush()
    case.state = rules.state_of(facts_of(case))
    db.session.flush()
    return case.state


def refuse_case(case: SupportCase, *, reason: str | None, by: User) -> None:
    """The case gets nothing, and why. Raises Refused once something was decided."""
    _end(case, rules.REFUSED, "không hỗ trợ", reason, by)


def withdraw_case(case: SupportCase, *, reason: str | None, by: User) -> None:
    """Whoever asked takes the request back, and why. Raises Refused once something was decided."""
    _end(case, rules.WITHDRAWN, "rút đề nghị", reason, by)


def _end(case: SupportCase, ended: str, what: str, reason: str | None, by: User) -> None:
    take(case)
    if case.state in (rules.DRAFTED, rules.DECIDED):
        raise Refused(
            "Đã có văn bản quyết định. Xóa bản nháp, hoặc nhờ người duyệt thu hồi quyết định trước, "
            f"rồi mới {what} được.",
            "reason",
        )
    rules.check_may(case.state, (rules.REQUESTED, rules.SURVEYED), what)
    case.ended, case.ended_reason = ended, check_text(reason, "reason", "lý do")
    settle(case)
    note(case, f"{rules.STATES[ended]}.", by, f"Lý do: {case.ended_reason}")


def reopen_case(case: SupportCase, *, reason: str | None, by: User) -> None:
    """A refused or withdrawn case goes on where it was. Raises Refused."""
    take(case)
    rules.check_may(case.state, (rules.REFUSED, rules.WITHDRAWN), "mở lại")
    said = check_text(reason, "reason", "lý do mở lại")
    case.ended, case.ended_reason = None, None
    settle(case)
    note(case, "Mở lại.", by, f"Lý do: {said}")


def told_of(decision: Decision) -> str:
    """ "5.000.000 đồng, 10 kg gạo": what a decision grants, in words."""
    money = sum(row.amount for row in decision.rows)
    goods = "; ".join(row.goods for row in decision.rows if row.goods)
    return ", ".join(part for part in (format_dong(money) if money else "", goods) if part)
