"""Writing house projects: opened, stepped forward and back, stopped, taken up again. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from portal.households.actions_registry import check_stands
from portal.households.models_registry import Household
from portal.households.queries_registry import responsible_unit_id
from portal.housing import queries, queries_money, queries_papers, rules
from portal.housing.models import HouseEvent, HouseProject, HouseStep
from portal.housing.models_catalogue import HouseKind, HouseProgramme
from portal.kit import audit
from portal.kit.checks import check_not_before, check_past, check_text
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.numbers import next_entry, take_posting_lock
from portal.kit.vietnamese import nfc
from portal.people.models import User
from portal.people.rules import check_second_person

PLAN = ("builder", "builder_name", "start_by", "finish_by", "priority", "zone", "estimate")
FROZEN = "Căn nhà đã duyệt nên tên, địa chỉ, chương trình, loại nhà không đổi. Cần đổi thì thu hồi quyết định trước."


def open_project(
    household: Household,
    programme: HouseProgramme,
    kind: HouseKind,
    values: Mapping[str, Any],
    *,
    by: User | None,
) -> HouseProject:
    """A house for a household: `opened_on`, `need`, and what is planned already (PLAN). Raises Refused."""
    check_stands(household)
    take_posting_lock()
    begun = [one for one in queries.others_of(household.id) if one.state in (*rules.OPEN, rules.STOPPED)]
    if begun:
        raise Refused(
            f"Hộ này đã có công trình {rules.code_of(begun[0].id)} “{rules.STATES[begun[0].state].lower()}”. "
            "Mở công trình đó, hoặc bàn giao xong rồi lập công trình mới."
        )
    project = HouseProject(
        household_id=household.id,
        household=household,
        unit_id=responsible_unit_id(household.unit),
        by_id=by.id if by else None,
    )
    with db.session.no_autoflush:
        _write(project, programme, kind, values)
    db.session.add(project)
    db.session.flush()
    note(project, f"Lập hồ sơ: {programme.name}, {kind.name.lower()}.", by)
    return project


def change_project(
    project: HouseProject, programme: HouseProgramme, kind: HouseKind, values: Mapping[str, Any], *, by: User
) -> None:
    """Put it right. Once it is approved only the plan changes. Raises Refused."""
    take(project)
    if project.frozen_at is not None and (programme.id, kind.id) != (project.programme_id, project.kind_id):
        raise Refused(FROZEN, "kind_id")
    if project.state == rules.HANDED_OVER:
        raise Refused("Nhà đã bàn giao, hồ sơ không sửa nữa. Hủy biên bản bàn giao trước nếu ghi sai.")
    _write(project, programme, kind, values)
    db.session.flush()
    note(project, "Sửa thông tin công trình.", by)


def _write(
    project: HouseProject, programme: HouseProgramme, kind: HouseKind, values: Mapping[str, Any]
) -> None:
    today = today_in_vietnam()
    check_past(values["opened_on"], today, "opened_on")
    rules.check_builder(values.get("builder") or rules.SELF, values.get("builder_name"))
    start_by, finish_by = values.get("start_by"), values.get("finish_by")
    if start_by and finish_by and finish_by < start_by:
        raise Refused("Hạn hoàn thành trước hạn khởi công. Sửa một trong hai ngày.", "finish_by")
    check_estimate(project, values.get("estimate"))
    project.programme_id, project.programme = programme.id, programme
    project.kind_id, project.kind = kind.id, kind
    project.opened_on = values["opened_on"]
    project.need = check_text(values.get("need"), "need", "nhu cầu về nhà ở", 2000)
    for name in PLAN:
        setattr(project, name, values.get(name))
    project.builder = project.builder or rules.SELF
    project.builder_name = nfc(project.builder_name) or None if project.builder == rules.CONTRACTOR else None
    project.priority = int(project.priority or 3)
    project.zone = nfc(project.zone)


def check_estimate(project: HouseProject, estimate: int | None) -> None:
    """The estimate never falls below its sources. Raises Refused (estimate)."""
    if project.id is None:
        return
    total = sum(one.amount for one in queries_money.sources_of([project.id]).get(project.id, []))
    if total and (estimate is None or estimate < total):
        raise Refused(
            f"Các nguồn đã ghi cộng {format_dong(total)}, dự toán không được thấp hơn. Sửa nguồn trước.",
            "estimate",
        )


def take(project: HouseProject) -> None:
    """Lock the books and read the project as it is now."""
    take_posting_lock()
    db.session.refresh(project, with_for_update={"of": HouseProject})


def note(project: HouseProject, text: str, by: User | None, more: str | None = None) -> None:
    """One more line of the project's story."""
    by_id, by_name = (by.id, by.name) if by else audit.actor()
    event = HouseEvent(project_id=project.id, text=text[:1000], note=(more or None) and more[:1000])
    event.by_id, event.by_name = by_id, by_name
    db.session.add(event)
    db.session.flush()


def numbered_moment(by: User | None) -> datetime:
    """Now, under a number of the books: figures "as of" that number count what happens at it."""
    by_id, by_name = (by.id, by.name) if by else audit.actor()
    return next_entry("house", by_id, by_name).recorded_at


def reach(project: HouseProject, state: str, day: date, by: User | None) -> HouseStep:
    """The project is in a state from a day on; its papers are complete. Raises Refused."""
    handing = state == rules.HANDED_OVER
    rules.check_complete(state, queries_papers.missing_for(project, state, handing=handing))
    told = {"state": state, "happened_on": day, "by_id": by.id if by else None, "at": numbered_moment(by)}
    step = HouseStep(project_id=project.id, **told)
    project.state = state
    db.session.add(step)
    db.session.flush()
    return step


def step_forward(project: HouseProject, step: str, happened_on: date, *, by: User) -> None:
    """Begun, roofed, finished: with its day, after the one before, with its papers. Raises Refused."""
    take(project)
    if step not in rules.BY_HAND:
        raise Refused("Bước này có khi duyệt hoặc khi ký biên bản bàn giao. Tải lại trang.")
    rules.check_next(project.state, step)
    check_past(happened_on, today_in_vietnam(), "happened_on")
    before = queries.days_of([project.id]).get(project.id, {}).get(project.state)
    check_not_before(happened_on, before, f"ngày “{rules.STATES[project.state].lower()}”", "happened_on")
    reach(project, step, happened_on, by)
    note(project, f"{rules.STEP_NAMES[step]} ngày {happened_on:%d/%m/%Y}.", by)


def approve(project: HouseProject, approved_on: date, *, by: User) -> None:
    """A house that the fund pays nothing for is approved by another person than its maker. Raises Refused."""
    take(project)
    rules.check_next(project.state, rules.APPROVED)
    sources = queries_money.sources_of([project.id]).get(project.id, [])
    if any(one.kind == rules.FUND for one in sources):
        raise Refused(
            "Căn nhà có tiền Quỹ nên duyệt bằng quyết định hỗ trợ. Trình quyết định, nhờ người khác ban hành."
        )
    check_second_person(project.by_id, by.id)
    check_past(approved_on, today_in_vietnam(), "approved_on")
    days = queries.days_of([project.id]).get(project.id, {})
    check_not_before(approved_on, days.get(rules.SURVEYED), "ngày khảo sát", "approved_on")
    freeze(project, approved_on, by)
    note(project, f"Duyệt ngày {approved_on:%d/%m/%Y}.", by)


def freeze(project: HouseProject, day: date, by: User | None) -> None:
    """Approved: names and address stay from now on as they are. Raises Refused while papers are missing."""
    reach(project, rules.APPROVED, day, by)
    project.head_name = project.household.name
    project.address = queries.address_of(project.household)[:400]
    project.frozen_at = now()
    db.session.flush()


def thaw(project: HouseProject, reason: str) -> None:
    """Back to surveyed: what was decided holds no longer, and nothing has begun."""
    undo_step(project, rules.APPROVED, reason)
    project.state, project.head_name, project.address, project.frozen_at = rules.SURVEYED, None, None, None
    db.session.flush()


def undo_step(project: HouseProject, state: str, reason: str, by: User | None = None) -> None:
    """The project did not reach a state after all, or left it again."""
    step = queries.last_step(project, state)
    if step is not None:
        step.undone_at, step.undone_reason = numbered_moment(by), reason[:500]


def step_back(project: HouseProject, *, reason: str | None, by: User) -> None:
    """The last step was said wrongly; refused while a paper pays a tranche of it. Raises Refused."""
    take(project)
    said = check_text(reason, "reason", "lý do")
    rules.check_may(project.state, rules.BY_HAND, "lùi bước")
    left = project.state
    days = queries.days_of([project.id]).get(project.id, {})
    place = rules.ORDER.index(left) - 1
    while rules.ORDER[place] not in days:  # a repair may have had no roof
        place -= 1
    before = rules.ORDER[place]
    held = [one for one in queries_money.tranches_of(project) if queries_money.is_taken(one)]
    if any(not rules.reached(before, one.stage) and rules.reached(left, one.stage) for one in held):
        raise Refused(
            "Đợt cấp của bước này đã có phiếu chi hoặc ghi thu – ghi chi. Hủy hoặc đảo chứng từ đó trước rồi lùi bước.",
            "reason",
        )
    if queries.check_in_force(project) is not None:
        raise Refused("Đã có biên bản kiểm tra hoàn thành. Hủy biên bản đó trước rồi lùi bước.", "reason")
    undo_step(project, left, said, by)
    project.state = before
    db.session.flush()
    note(
        project,
        f"Lùi từ “{rules.STATES[left].lower()}” về “{rules.STATES[before].lower()}”.",
        by,
        f"Lý do: {said}",
    )


def stop(project: HouseProject, *, reason: str | None, by: User) -> None:
    """The work stops, and why; nothing is paid meanwhile. Raises Refused."""
    take(project)
    rules.check_may(project.state, rules.OPEN, "dừng")
    project.stopped_reason = check_text(reason, "reason", "lý do dừng")
    project.stopped_from, project.state = project.state, rules.STOPPED
    told = {
        "state": rules.STOPPED,
        "happened_on": today_in_vietnam(),
        "by_id": by.id,
        "at": numbered_moment(by),
    }
    db.session.add(HouseStep(project_id=project.id, **told))
    db.session.flush()
    note(project, "Dừng công trình.", by, f"Lý do: {project.stopped_reason}")


def resume(project: HouseProject, *, reason: str | None, by: User) -> None:
    """A stopped project goes on where it was. Raises Refused."""
    take(project)
    rules.check_may(project.state, (rules.STOPPED,), "làm tiếp")
    said = check_text(reason, "reason", "lý do làm tiếp")
    undo_step(project, rules.STOPPED, said, by)
    project.state, project.stopped_from, project.stopped_reason = (
        project.stopped_from or rules.OPENED,
        None,
        None,
    )
    db.session.flush()
    note(project, f"Làm tiếp từ “{rules.STATES[project.state].lower()}”.", by, f"Lý do: {said}")


def stage_of(project: HouseProject) -> str:
    """How far the work has come, also of a stopped project."""
    return (project.stopped_from or rules.OPENED) if project.state == rules.STOPPED else project.state


def set_consent(project: HouseProject, values: Mapping[str, Any], *, by: User) -> None:
    """Who agreed, when and on which paper, that the name stands on the public page. Raises Refused."""
    take(project)
    check_past(values["consent_on"], today_in_vietnam(), "consent_on")
    for name, what in (("shown_name", "tên hiện trên trang công khai"), ("consent_by", "ai đồng ý"),
                       ("consent_paper", "giấy đồng ý")):  # fmt: skip
        setattr(project, name, check_text(values.get(name), name, what, 200))
    project.consent_on = values["consent_on"]
    db.session.flush()
    note(project, "Ghi sự đồng ý công khai tên.", by)


def end_consent(project: HouseProject, *, reason: str | None, by: User) -> None:
    """The name leaves the public page at once. Raises Refused."""
    take(project)
    said = check_text(reason, "reason", "lý do")
    if project.shown_name is None:
        raise Refused("Chưa có sự đồng ý nào đang dùng. Tải lại trang.")
    project.shown_name = project.consent_by = project.consent_paper = None
    project.consent_on = None
    db.session.flush()
    note(project, "Gỡ tên khỏi trang công khai.", by, f"Lý do: {said}")
