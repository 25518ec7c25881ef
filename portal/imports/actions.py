"""Keeping the imports that were carried out, and answering one as a whole: asked by one person, decided by another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.imports import undoing
from portal.imports.kind import Kind
from portal.imports.loading import Loaded
from portal.imports.models import ImportRun, ImportRunUnit
from portal.imports.outcome import Outcome
from portal.imports.tracing import Trace
from portal.kit import audit
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.people.models import User
from portal.people.rules import check_second_person

BLOCKED = "Chưa hoàn lại được lần nhập này. Xử lý các chỗ sau rồi làm lại: {list}"
LISTED = 5  # obstacles that one sentence names; the page has all


def record_run(
    kind: Kind,
    *,
    mode: str,
    by: User | None,
    loaded: Loaded,
    outcome: Outcome,
    trace: Trace,
    entries: tuple[int, int],
    note: dict[str, Any],
    row_units: Iterable[int],
) -> int:
    """Keep one import and leave one audit entry for its batch; returns the run's id. Flushes."""
    first, last = entries
    by_id, by_name = (by.id, by.name) if by else audit.actor()
    run = ImportRun(
        kind=kind.name,
        mode=mode,
        file_name=loaded.filename[-200:],
        sha256=loaded.sha256,
        rows=outcome.rows,
        new=outcome.new,
        changed=outcome.changed,
        sum=outcome.sum,
        first_entry=first if first <= last else None,
        last_entry=last if first <= last else None,
        trace=trace.as_json(),
        by_id=by_id,
        by_name=by_name,
    )
    db.session.add(run)
    db.session.flush()
    units = {*trace.units, *row_units} or _own_units(by, kind)
    db.session.add_all(ImportRunUnit(run_id=run.id, unit_id=unit_id) for unit_id in sorted(units))
    facts: dict[str, Any] = {
        "file": loaded.filename,
        "sha256": loaded.sha256,
        "rows": outcome.rows,
        "new": outcome.new,
    }
    facts |= {
        "changed": outcome.changed,
        "sum": outcome.sum,
        "from": outcome.first_day,
        "to": outcome.last_day,
    }
    audit.note("import", kind.name, entity_id=run.id, **facts, **note)
    db.session.flush()
    return run.id


def _own_units(by: User | None, kind: Kind) -> set[int]:
    """A table without units (the catalogue of goods) belongs where its person may bring it."""
    held = by.grants if by is not None else ()
    return {grant.unit_id for grant in held if grant.role in kind.roles and grant.unit_id is not None}


def ask_undo(run: ImportRun, *, reason: str, by: User) -> None:
    """Ask to undo a whole import; another person decides. Raises Refused."""
    take_posting_lock()
    db.session.refresh(run, with_for_update=True)
    if not reason.strip():
        raise Refused("Chưa nêu lý do. Ghi vì sao cần hoàn lại lần nhập này.", "reason")
    _check_not_undone(run)
    if run.undo_asked_at is not None:
        raise Refused("Đã có đề nghị hoàn lại lần nhập này đang chờ duyệt. Chờ người duyệt trả lời.")
    _check_obstacles(run)
    run.undo_asked_by_id, run.undo_asked_at, run.undo_reason = by.id, now(), reason.strip()
    db.session.flush()


def decline_undo(run: ImportRun, *, by: User) -> None:
    """Take the request away: the one who asked changes their mind, or the second person says no."""
    db.session.refresh(run, with_for_update=True)
    _check_asked(run)
    run.undo_asked_by_id = run.undo_asked_at = run.undo_reason = None
    audit.note("import-undo-declined", "import_run", entity_id=run.id, by=by.id)
    db.session.flush()


def undo(run: ImportRun, *, by: User) -> None:
    """Undo a whole import, in one transaction, by the second person. Raises Refused; nothing half done stays."""
    take_posting_lock()
    db.session.refresh(run, with_for_update=True)
    _check_asked(run)
    assert run.undo_asked_by is not None
    check_second_person(run.undo_asked_by_id, by.id)
    _check_obstacles(run)
    undoing.carry_out(run, asked_by=run.undo_asked_by, second=by)
    run.undone_by_id, run.undone_at = by.id, now()
    audit.note("import-undone", "import_run", entity_id=run.id, kind=run.kind, reason=run.undo_reason)
    db.session.flush()


def _check_asked(run: ImportRun) -> None:
    _check_not_undone(run)
    if run.undo_asked_at is None:
        raise Refused("Chưa có đề nghị hoàn lại lần nhập này. Tải lại trang để xem tình trạng.")


def _check_not_undone(run: ImportRun) -> None:
    if run.undone_at is not None:
        raise Refused("Lần nhập này đã được hoàn lại. Tải lại trang để xem kết quả.")


def _check_obstacles(run: ImportRun) -> None:
    obstacles = undoing.obstacles(run)
    if obstacles:
        shown = "; ".join(obstacles[:LISTED])
        rest = len(obstacles) - LISTED
        raise Refused(BLOCKED.format(list=shown + (f" và {rest} chỗ nữa." if rest > 0 else ".")))
