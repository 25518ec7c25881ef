"""Writing the minutes of money and of the house: prepared for the print, signed, void. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.housing import queries, queries_money, rules
from portal.housing.actions import note, reach, take, undo_step
from portal.housing.models import HouseProject
from portal.housing.models_closing import HouseHandover, HouseHandoverPaper
from portal.kit.checks import check_not_before, check_past, check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.vietnamese import fold, nfc
from portal.people.models import User

NAMES = (
    "place",
    "giver_name",
    "giver_position",
    "receiver_name",
    "receiver_relation",
    "witness",
    "commitment",
)
MOST = {"commitment": 2000, "place": 300}
ASKED = {"giver_name": "người giao", "receiver_name": "người nhận"}


def prepare_handover(
    project: HouseProject, what: str, values: Mapping[str, Any], *, by: User
) -> HouseHandover:
    """Minutes of money or of the house, to be printed; one of each waits at a time. Raises Refused."""
    take(project)
    allowed = (
        (rules.FINISHED,) if what == rules.HOUSE else (rules.APPROVED, *rules.WORKING, rules.HANDED_OVER)
    )
    rules.check_may(project.state, allowed, "lập biên bản bàn giao")
    if what == rules.HOUSE:
        _check_checked(project)
    if any((one.state, one.what) == (rules.PREPARED, what) for one in queries.handovers_of(project)):
        raise Refused("Đã có một biên bản chờ ký. Sửa biên bản đó, hoặc hủy rồi lập lại.")
    handover = HouseHandover(project_id=project.id, project=project, what=what, by_id=by.id)
    with db.session.no_autoflush:
        _write(handover, values)
    db.session.add(handover)
    db.session.flush()
    note(project, f"Lập biên bản {rules.WHATS[what].lower()}, người nhận {handover.receiver_name}.", by)
    return handover


def _check_checked(project: HouseProject) -> None:
    if queries.check_in_force(project) is None:
        raise Refused(
            "Chưa có biên bản kiểm tra hoàn thành đạt, đã ký. Kiểm tra hoàn thành trước rồi bàn giao nhà."
        )


def change_handover(handover: HouseHandover, values: Mapping[str, Any]) -> None:
    """Put minutes right before they are signed. Raises Refused."""
    _take(handover, rules.PREPARED)
    _write(handover, values)
    db.session.flush()


def _write(handover: HouseHandover, values: Mapping[str, Any]) -> None:
    handover.handed_on = values["handed_on"]
    for name in NAMES:
        setattr(
            handover,
            name,
            nfc(values.get(name)) if name != "commitment" else (values.get(name) or "").strip(),
        )
    for name, what in ASKED.items():
        check_text(values.get(name), name, what, 200)
    handover.receiver_relation = handover.receiver_relation or None
    handover.witness = handover.witness or None
    head = handover.project.head
    if fold(handover.receiver_name) != fold(head) and not handover.receiver_relation:
        raise Refused(
            f"Người nhận khác chủ hộ đã duyệt ({head}). Ghi đúng tên theo quyết định, hoặc ghi quan hệ với chủ hộ.",
            "receiver_relation",
        )


def _take(handover: HouseHandover, wanted: str) -> None:
    take(handover.project)
    db.session.refresh(handover)
    if handover.state != wanted:
        raise Refused(
            f"Biên bản này “{rules.MINUTES[handover.state].lower()}”. Tải lại trang để xem việc còn lại."
        )


def sign_handover(handover: HouseHandover, *, handed_on: date, by: User) -> None:
    """The paper is signed: money paid so far, or the house itself, is handed over. Raises Refused."""
    _take(handover, rules.PREPARED)
    project = handover.project
    check_past(handed_on, today_in_vietnam(), "handed_on")
    check_text(handover.witness, "handed_on", "người làm chứng; sửa biên bản, ghi tên", 200)
    if handover.what == rules.MONEY:
        _sign_money(handover, handed_on)
    else:
        _sign_house(handover, handed_on, by)
    handover.handed_on, handover.state = handed_on, rules.SIGNED
    handover.signed_by_id, handover.signed_at = by.id, now()
    db.session.flush()
    told = f", {format_dong(handover.amount)}" if handover.amount else ""
    note(project, f"Đã ký biên bản {rules.WHATS[handover.what].lower()} ngày {handed_on:%d/%m/%Y}{told}.", by)


def _sign_money(handover: HouseHandover, handed_on: date) -> None:
    payments = queries_money.to_hand_over(handover.project)
    if not payments:
        raise Refused("Chưa chi khoản nào để bàn giao. Chi theo đợt trước rồi ghi đã ký.", "handed_on")
    check_not_before(handed_on, max(one.day for one in payments), "ngày chi", "handed_on")
    handover.amount = sum(one.amount for one in payments)
    numbers = dict.fromkeys(one.number for one in payments)
    db.session.add_all(
        HouseHandoverPaper(handover_id=handover.id, posting_number=number) for number in numbers
    )


def _sign_house(handover: HouseHandover, handed_on: date, by: User) -> None:
    project = handover.project
    _check_checked(project)
    rules.check_next(project.state, rules.HANDED_OVER)
    check = queries.check_in_force(project)
    assert check is not None
    check_not_before(handed_on, check.checked_on, "ngày kiểm tra hoàn thành", "handed_on")
    total = queries_money.cost_of(project).total
    if total != check.total:
        raise Refused(
            f"Các nguồn nay cộng {format_dong(total)}, biên bản kiểm tra chốt {format_dong(check.total or 0)}. "
            "Hủy biên bản kiểm tra, lập lại cho khớp rồi bàn giao.",
            "handed_on",
        )
    handover.amount = check.total
    reach(project, rules.HANDED_OVER, handed_on, by)


def drop_handover(handover: HouseHandover, *, reason: str | None, by: User) -> None:
    """Minutes hold no longer. Those of the house take the project back to finished. Raises Refused."""
    take(handover.project)
    db.session.refresh(handover)
    if handover.state == rules.VOID:
        raise Refused("Biên bản này đã hủy. Tải lại trang.")
    said = check_text(reason, "reason", "lý do hủy biên bản")
    project = handover.project
    if handover.what == rules.HOUSE and handover.state == rules.SIGNED:
        undo_step(project, rules.HANDED_OVER, said, by)
        project.state = rules.FINISHED
    handover.state, handover.void_reason = rules.VOID, said
    db.session.flush()
    note(project, f"Hủy biên bản {rules.WHATS[handover.what].lower()}.", by, f"Lý do: {said}")
