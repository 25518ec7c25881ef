"""Writing the completion check of a house: prepared for the print, signed, void. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.housing import queries, queries_money, rules, rules_money
from portal.housing.actions import note, take
from portal.housing.models import HouseProject
from portal.housing.models_closing import HouseCheck
from portal.kit.checks import check_not_before, check_past, check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.vietnamese import nfc
from portal.people.models import User

NAMES = ("board", "commune", "front", "hamlet_one", "hamlet_two", "hamlet_three", "remark")
HARD = {"hard_foundation": "nền cứng", "hard_roof": "mái cứng", "hard_walls": "tường, khung cứng"}
SIGNERS = {"board": "đại diện Ban chỉ đạo", "hamlet_one": "đại diện thôn"}


def prepare_check(project: HouseProject, values: Mapping[str, Any], *, by: User) -> HouseCheck:
    """The check with its names and measures, to be printed; one waits for its signatures at a time. Raises Refused."""
    take(project)
    rules.check_may(project.state, (rules.FINISHED,), "lập biên bản kiểm tra hoàn thành")
    known = queries.checks_of(project)
    if any(one.state == rules.PREPARED for one in known):
        raise Refused("Đã có một biên bản kiểm tra chờ ký. Sửa biên bản đó, hoặc hủy rồi lập lại.")
    if queries.check_in_force(project) is not None:
        raise Refused("Đã có biên bản kiểm tra hoàn thành đạt. Hủy biên bản đó trước rồi lập lại.")
    check = HouseCheck(project_id=project.id, project=project, by_id=by.id)
    with db.session.no_autoflush:
        _write(check, values)
    db.session.add(check)
    db.session.flush()
    note(project, "Lập biên bản kiểm tra hoàn thành.", by)
    return check


def change_check(check: HouseCheck, values: Mapping[str, Any]) -> None:
    """Put a check right before it is signed. Raises Refused."""
    _take(check, rules.PREPARED)
    _write(check, values)
    db.session.flush()


def _write(check: HouseCheck, values: Mapping[str, Any]) -> None:
    project = check.project
    check.checked_on = values["checked_on"]
    days = queries.days_of([project.id]).get(project.id, {})
    check_not_before(check.checked_on, days.get(rules.FINISHED), "ngày hoàn thành", "checked_on")
    for name in NAMES:
        setattr(check, name, nfc(values.get(name)) or None)
    for name in HARD:
        setattr(check, name, bool(values.get(name)))
    check.area = rules.parse_area(values.get("area"))
    check.passed = values.get("passed") == "yes"
    check.total = values.get("total")
    rules.check_hard(
        project.kind.hard, check.passed, {text: getattr(check, name) for name, text in HARD.items()}
    )
    rules_money.check_total(check.total, queries_money.cost_of(project).total)


def _take(check: HouseCheck, wanted: str) -> None:
    take(check.project)
    db.session.refresh(check)
    if check.state != wanted:
        raise Refused(
            f"Biên bản này “{rules.MINUTES[check.state].lower()}”. Tải lại trang để xem việc còn lại."
        )


def sign_check(check: HouseCheck, *, signed_on: Any, by: User) -> None:
    """The paper is signed: the value of the house and its sources are frozen. Raises Refused."""
    _take(check, rules.PREPARED)
    project = check.project
    rules.check_may(project.state, (rules.FINISHED,), "ghi biên bản kiểm tra đã ký")
    check_past(signed_on, today_in_vietnam(), "signed_on")
    days = queries.days_of([project.id]).get(project.id, {})
    check_not_before(signed_on, days.get(rules.FINISHED), "ngày hoàn thành", "signed_on")
    for name, what in SIGNERS.items():
        check_text(getattr(check, name), "signed_on", what, 200)
    cost = queries_money.cost_of(project)
    if check.passed:
        if check.area is None:
            raise Refused("Chưa ghi diện tích sàn. Sửa biên bản, ghi số m² rồi ghi đã ký.", "signed_on")
        if not cost.total:
            raise Refused(
                "Chưa có nguồn nào: chưa quyết định, chưa ghi phần ngoài Quỹ. Ghi các nguồn trước.",
                "signed_on",
            )
        rules_money.check_total(check.total, cost.total)
        rules.check_hard(project.kind.hard, True, {text: getattr(check, name) for name, text in HARD.items()})
    check.checked_on, check.state, check.signed_at = signed_on, rules.SIGNED, now()
    check.total = cost.total or None
    check.sources = [[one.label, one.counted] for one in cost.shares if one.counted]
    db.session.flush()
    said = "đạt" if check.passed else "chưa đạt"
    note(
        project,
        f"Kiểm tra hoàn thành ngày {signed_on:%d/%m/%Y}: {said}, tổng giá trị {format_dong(cost.total)}.",
        by,
    )


def drop_check(check: HouseCheck, *, reason: str | None, by: User) -> None:
    """A check holds no longer; a house that is handed over first has its minutes taken back. Raises Refused."""
    take(check.project)
    db.session.refresh(check)
    if check.state == rules.VOID:
        raise Refused("Biên bản này đã hủy. Tải lại trang.")
    if check.project.state == rules.HANDED_OVER:
        raise Refused("Nhà đã bàn giao theo biên bản này. Hủy biên bản bàn giao nhà trước.", "reason")
    check.void_reason = check_text(reason, "reason", "lý do hủy biên bản")
    check.state = rules.VOID
    db.session.flush()
    note(check.project, "Hủy biên bản kiểm tra hoàn thành.", by, f"Lý do: {check.void_reason}")
