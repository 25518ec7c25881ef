"""Writing the minutes of a hand-over: prepared for the print, signed, void. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.cases import queries, rules
from portal.cases.actions import note, settle, take
from portal.cases.actions_follow import plan_visits
from portal.cases.models import CaseHandover, CaseHandoverPaper, SupportCase
from portal.cases.queries import Paper
from portal.goods.rules import format_quantity
from portal.kit.checks import check_not_before, check_past, check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.vietnamese import nfc
from portal.people.models import User

NAMES = (
    "place", "giver_name", "giver_position", "receiver_name", "receiver_relation", "witness_one", "witness_two",
    "guardian_name", "guardian_relation",
)  # fmt: skip
NEEDED = {"giver_name": "người giao", "receiver_name": "người nhận"}
SIGNERS = {"witness_one": "người làm chứng thứ nhất", "witness_two": "người làm chứng thứ hai"}


def to_hand_over(case: SupportCase) -> list[Paper]:
    """Documents that gave something and that no signed minutes hand over."""
    covered = queries.covered_by(case)
    return [one for one in queries.papers_of([case.id]).get(case.id, []) if one.number not in covered]


def goods_lines(papers: list[Paper]) -> list[list[Any]]:
    """[name, measure, quantity as text, đồng or None] of what left the store by these documents."""
    moved = queries.movements_of([one.number for one in papers])
    return [
        [one.item.name, one.item.measure, format_quantity(-one.quantity), -one.value if one.value else None]
        for one in moved
    ]


def cash_of(papers: list[Paper]) -> int | None:
    """The money of these documents, đồng; None when there is none."""
    paid = [one.cash for one in papers if one.cash is not None]
    return sum(paid) if paid else None


def worth_of(papers: list[Paper]) -> int | None:
    """What the goods of these documents are worth by the books, đồng; None when there are none."""
    given = [one.worth for one in papers if one.worth is not None]
    return sum(given) if given else None


def prepare_handover(case: SupportCase, values: Mapping[str, Any], *, by: User) -> CaseHandover:
    """Minutes with their names, to be printed; one waits for its signatures at a time. Raises Refused."""
    take(case)
    rules.check_may(case.state, (rules.DECIDED, rules.GIVEN, rules.DONE), "lập biên bản bàn giao")
    if any(one.state == rules.PREPARED for one in queries.handovers_of(case)):
        raise Refused("Đã có một biên bản chờ ký. Sửa biên bản đó, hoặc hủy rồi lập lại.")
    handover = CaseHandover(
        case_id=case.id,
        case=case,
        by_id=by.id,
        commitment=case.field.commitment,
        giver_name="",
        receiver_name="",
    )
    with db.session.no_autoflush:
        _write(handover, values)
    db.session.add(handover)
    db.session.flush()
    note(case, f"Lập biên bản bàn giao, người nhận {handover.receiver_name}.", by)
    return handover


def change_handover(handover: CaseHandover, values: Mapping[str, Any]) -> None:
    """Put minutes right before they are signed. Raises Refused."""
    _take(handover, rules.PREPARED)
    _write(handover, values)
    db.session.flush()


def _write(handover: CaseHandover, values: Mapping[str, Any]) -> None:
    handover.handed_on = values["handed_on"]
    for name in NAMES:
        setattr(handover, name, nfc(values.get(name)) or None)
    handover.place = handover.place or ""
    handover.giver_position = handover.giver_position or ""
    for name, what in NEEDED.items():
        check_text(values.get(name), name, what, 200)


def _take(handover: CaseHandover, wanted: str) -> None:
    take(handover.case)
    db.session.refresh(handover)
    if handover.state != wanted:
        raise Refused(f"Biên bản này “{rules.HANDOVERS[handover.state]}”. Tải lại trang để xem việc còn lại.")


def sign_handover(handover: CaseHandover, *, handed_on: date, by: User) -> CaseHandover:
    """The paper is signed: it hands over everything given that no other minutes hand over. Raises Refused.

    Two witnesses, and a guardian where the field asks for one, are named before.
    """
    _take(handover, rules.PREPARED)
    case = handover.case
    check_past(handed_on, today_in_vietnam(), "handed_on")
    papers = to_hand_over(case)
    if not papers:
        raise Refused("Chưa chi tiền, chưa xuất kho gì để bàn giao. Chi hoặc xuất kho trước rồi ghi đã ký.")
    check_not_before(handed_on, max(one.day for one in papers), "ngày chi, xuất kho", "handed_on")
    for name, what in SIGNERS.items():
        check_text(getattr(handover, name), name, what, 200)
    if case.field.needs_guardian:
        check_text(handover.guardian_name, "guardian_name", "người giám hộ", 200)
    handover.handed_on, handover.state = handed_on, rules.SIGNED
    handover.cash, handover.goods = cash_of(papers), goods_lines(papers) or None
    handover.signed_by_id, handover.signed_at = by.id, now()
    db.session.add_all(
        CaseHandoverPaper(handover_id=handover.id, posting_number=one.number) for one in papers
    )
    settle(case)
    money = format_dong(handover.cash) if handover.cash else None
    goods = ", ".join(f"{quantity} {measure} {name}" for name, measure, quantity, _ in handover.goods or [])
    told = ", ".join(part for part in (money, goods) if part)
    note(case, f"Đã ký biên bản bàn giao ngày {handed_on:%d/%m/%Y}: {told}.", by)
    plan_visits(case, handed_on)
    return handover


def drop_handover(handover: CaseHandover, *, reason: str | None, by: User) -> None:
    """Minutes hold no longer: written wrongly, or never signed. What was given stays given. Raises Refused."""
    take(handover.case)
    db.session.refresh(handover)
    if handover.state == rules.VOID:
        raise Refused("Biên bản này đã hủy. Tải lại trang.")
    handover.void_reason = check_text(reason, "reason", "lý do hủy biên bản")
    handover.state = rules.VOID
    settle(handover.case)
    note(handover.case, "Hủy biên bản bàn giao.", by, f"Lý do: {handover.void_reason}")
