"""Writing who helps a household, visits, and what came from others. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from werkzeug.exceptions import NotFound

from portal.donors.queries import donor_or_404
from portal.donors.rules import id_of_code
from portal.households.actions_registry import check_stands
from portal.households.changes import note_change
from portal.households.models_help import HouseholdAid, HouseholdAssignment, HouseholdHelper, HouseholdVisit
from portal.households.models_registry import Household
from portal.households.rules_watch import KINDS, VERDICTS, check_helpers
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import nfc
from portal.people.models import User


def assign(
    household: Household, *, kind: str, helpers: Sequence[str], starts_on: date, note: str | None, by: User
) -> HouseholdAssignment:
    """Somebody takes care of the household from a day on. `helpers`: names, or codes of donors (NHT000123).

    Raises Refused (fields kind, helpers, starts_on).
    """
    check_stands(household)
    if kind not in KINDS:
        raise Refused("Chưa chọn cách phân công. Chọn một trong ba cách.", "kind")
    names = list(dict.fromkeys(nfc(name) for name in helpers if nfc(name)))
    check_helpers(kind, names)
    made = HouseholdAssignment(
        household_id=household.id, kind=kind, starts_on=starts_on, note=note, by_id=by.id
    )
    made.helpers = [_helper(name, by) for name in names]
    db.session.add(made)
    note_change(household, "helpers", "Người giúp đỡ", None, helpers_text(made), by)
    db.session.flush()
    return made


def _helper(name: str, by: User) -> HouseholdHelper:
    """By a donor's code when it is one, else by name. Raises Refused for a code that the person does not see."""
    number = id_of_code(name) if name[:3].upper() == "NHT" else None
    if number is None:
        return HouseholdHelper(name=name)
    try:
        donor = donor_or_404(number, for_user=by)
    except NotFound as error:
        raise Refused(f"Không có nhà hảo tâm mang mã “{name}”. Sửa mã, hoặc gõ tên.", "helpers") from error
    return HouseholdHelper(name=donor.name, donor_id=donor.id)


def helpers_text(assignment: HouseholdAssignment) -> str:
    """ "Một số hộ khá giả giúp 01 hộ: Nguyễn Văn An; Trần Thị Bé"."""
    return f"{KINDS[assignment.kind]}: " + "; ".join(helper.name for helper in assignment.helpers)


def end_assignment(assignment: HouseholdAssignment, household: Household, *, on: date, by: User) -> None:
    """They help no more after a day. Raises Refused (field ends_on)."""
    if assignment.ends_on is not None:
        raise Refused("Phân công này đã kết thúc. Mở lại trang để xem.", "ends_on")
    if on < assignment.starts_on:
        raise Refused(
            f"Ngày kết thúc trước ngày bắt đầu {format_day(assignment.starts_on)}. Sửa lại ngày.", "ends_on"
        )
    assignment.ends_on = on
    text = helpers_text(assignment)
    note_change(household, "helpers", "Người giúp đỡ", text, f"Kết thúc ngày {format_day(on)}", by)
    db.session.flush()


def record_visit(
    household: Household,
    *,
    visited_on: date,
    visitor: str,
    verdict: str,
    illness: bool = False,
    note: str | None = None,
    by: User,
) -> HouseholdVisit:
    """What somebody saw on a visit. Raises Refused (fields visited_on, visitor, verdict)."""
    check_stands(household)
    if visited_on > today_in_vietnam():
        raise Refused(
            f"Ngày thăm {format_day(visited_on)} chưa tới. Ghi khi đã thăm, hoặc sửa ngày.", "visited_on"
        )
    if verdict not in VERDICTS:
        raise Refused("Chưa chọn hộ khá hơn, như trước hay khó khăn hơn. Chọn một.", "verdict")
    if not nfc(visitor):
        raise Refused("Chưa ghi ai đi thăm. Gõ tên người thăm.", "visitor")
    visit = HouseholdVisit(
        household_id=household.id,
        visited_on=visited_on,
        visitor=nfc(visitor),
        verdict=verdict,
        illness=illness,
        note=note,
        by_id=by.id,
    )
    db.session.add(visit)
    db.session.flush()
    return visit


def record_aid(
    household: Household,
    *,
    given_on: date,
    source: str,
    cash: int | None = None,
    goods: str | None = None,
    estimate: int | None = None,
    note: str | None = None,
    by: User,
) -> HouseholdAid:
    """What the household got from others: apart from the fund's books. Raises Refused at the field."""
    check_stands(household)
    if given_on > today_in_vietnam():
        raise Refused(
            f"Ngày nhận {format_day(given_on)} chưa tới. Ghi khi đã nhận, hoặc sửa ngày.", "given_on"
        )
    if not nfc(source):
        raise Refused("Chưa ghi nguồn. Gõ tên người hoặc nơi đã giúp.", "source")
    if cash is None and not nfc(goods):
        raise Refused("Chưa ghi hộ đã nhận gì. Gõ số tiền, hoặc hiện vật.", "cash")
    if cash is not None and cash <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Không có tiền thì để trống.", "cash")
    if estimate is not None and not nfc(goods):
        raise Refused("Giá trị ước tính là của hiện vật. Ghi hiện vật, hoặc xóa giá trị.", "estimate")
    aid = HouseholdAid(
        household_id=household.id,
        given_on=given_on,
        source=nfc(source),
        cash=cash,
        goods=nfc(goods) or None,
        estimate=estimate,
        note=note,
        by_id=by.id,
    )
    db.session.add(aid)
    db.session.flush()
    return aid


def withdraw_aid(aid: HouseholdAid) -> None:
    """It was written down by mistake; the row stays, unseen, for the audit."""
    aid.withdrawn = True
    db.session.flush()
