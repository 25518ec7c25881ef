"""A score sheet as its grid and its printed paper show it. 0 and "chưa chấm" never look the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.emulation import rules_scoring as rules
from portal.emulation.models_scoring import ScoreStep
from portal.emulation.queries_scoring import Row, Sheet
from portal.emulation.rules_scoring import (
    COUNCIL,
    DONE,
    PROVINCE,
    SELF,
    STEPS,
    Total,
    format_points,
    typed_points,
)
from portal.households.queries_registry import unit_text
from portal.kit.days import VIETNAM, format_day, format_moment, long_day, today_in_vietnam
from portal.units.queries import UnitTexts, unit_texts


@dataclass(frozen=True)
class Given:
    """A cell that is read only: its text, and whether nobody has scored."""

    points: str
    bonus: str
    note: str
    open: bool


@dataclass(frozen=True)
class GridRow:
    """A criterion on the grid: cells of the steps before and after the one that is filled."""

    row: Row
    given: dict[str, Given]
    late: bool


@dataclass(frozen=True)
class Part:
    """A part of the criteria with its totals by step."""

    name: str
    rows: list[GridRow]
    most: int
    totals: dict[str, str]


@dataclass(frozen=True)
class Grid:
    """The whole: which steps are read only, parts, totals by step, the class that the present total reaches."""

    read: tuple[str, ...]
    parts: list[Part]
    totals: dict[str, str]
    open: int
    scored: int
    of: int
    sum: str
    class_name: str
    blank: str = rules.NOT_SCORED  # a total of nothing scored: never looks like 0


def grid_of(sheet: Sheet, step: str | None) -> Grid:
    """The grid with the step that is filled (None = all are read only)."""
    reached = _reached(sheet, step)
    read = tuple(one for one in reached if one != step)
    at = step or _newest(sheet)
    total = sheet.total(at)
    return Grid(
        read=read,
        parts=[_part(sheet, name, rows, reached) for name, rows in sheet.parts],
        totals={one: format_points(sheet.total(one).shown) for one in reached},
        open=total.open,
        scored=total.scored,
        of=total.of,
        sum=format_points(total.shown),
        class_name=_class(sheet, total),
    )


def _reached(sheet: Sheet, step: str | None) -> tuple[str, ...]:
    """The steps that have marks, those handed on, and the one that is filled, in order."""
    marked = {name for row in sheet.rows for name in row.marks}
    here = {step, SELF}
    return tuple(one for one in sheet.steps if one in marked or one in here or one in sheet.passed)


def _newest(sheet: Sheet) -> str:
    if sheet.entry.at in sheet.steps:
        return sheet.entry.at or SELF
    return sheet.steps[-1]


def _part(sheet: Sheet, name: str, rows: Sequence[Row], steps: Sequence[str]) -> Part:
    return Part(
        name=name,
        rows=[GridRow(row, {step: _given(row, step) for step in steps}, row.is_late()) for row in rows],
        most=sum(row.criterion.points for row in rows),
        totals={step: format_points(sheet.total(step, rows).shown) for step in steps},
    )


def _given(row: Row, step: str) -> Given:
    mark = row.mark(step)
    bonus = format_points(mark.bonus) if mark.bonus is not None else ""
    return Given(format_points(mark.points), bonus, row.note(step), mark.points is None)


def _class(sheet: Sheet, total: Total) -> str:
    if total.open:
        return "chưa chấm đủ"
    return rules.class_of(total.sum, sheet.thresholds) or "không xếp loại"


def cell_values(sheet: Sheet, step: str) -> dict[str, str]:
    """What stands in each cell of the step, by the name of the cell."""
    values = {}
    for row in sheet.rows:
        mark, key = row.mark(step), row.criterion.id
        values[f"c{key}_points"] = typed_points(mark.points)
        if row.criterion.bonus:
            values[f"c{key}_bonus"] = typed_points(mark.bonus)
        values[f"c{key}_note"] = row.note(step)
    return values


def total_texts(sheet: Sheet, step: str) -> dict[str, Any]:
    """The totals that stay in view, as texts; "parts" in the order of the grid."""
    grid = grid_of(sheet, step)
    return {
        "sum": grid.sum,
        "open": grid.open,
        "scored": f"{grid.scored}/{grid.of}",
        "class": grid.class_name,
        "parts": [part.totals[step] for part in grid.parts],
        "total": grid.totals[step],
    }


def step_line(sheet: Sheet) -> list[dict[str, Any]]:
    """The steps with who handed the sheet on and when."""
    line = []
    at = len(sheet.steps) if sheet.entry.at == DONE else sheet.steps.index(sheet.entry.at or SELF)
    for place, step in enumerate(sheet.steps):
        passed = sheet.passed.get(step)
        when = f"{passed.by_name}, {format_moment(passed.at)}" if passed else None
        state = "done" if place < at else "now" if place == at else "next"
        line.append({"label": STEPS[step], "state": state, "when": when})
    return line


def history_of(sheet: Sheet) -> list[dict[str, str | None]]:
    """Everything that was handed on and returned, in words, newest first."""
    return [
        {"when": f"{one.by_name}, {format_moment(one.at)}", "text": _told(one), "note": one.note}
        for one in reversed(sheet.history)
    ]


def _told(one: ScoreStep) -> str:
    if one.returned:
        here = STEPS.get(one.step, "Đã chấm xong")
        return f"{here}: trả về bước “{STEPS[one.to_step]}”"
    told = f"{STEPS[one.step]}: gửi với {format_points(one.points)} điểm"
    return f"{told} (không còn hiệu lực, phiếu đã bị trả về)" if one.void else told


@dataclass(frozen=True)
class PaperRow:
    """A criterion on paper."""

    code: str
    text: str
    most: str
    bonus: str
    due: str
    cells: list[tuple[str, str]]  # points, bonus of each printed step
    note: str


@dataclass(frozen=True)
class PaperPart:
    """A part on paper with its totals."""

    name: str
    most: str
    rows: list[PaperRow]
    totals: list[str]


@dataclass(frozen=True)
class SheetPaper:
    """Phiếu chấm điểm thi đua: self beside the province (or the council, where a commune holds the year)."""

    texts: UnitTexts
    issuer: list[str]
    place_date: str
    movement: str
    year: str
    basis: str
    unit: str
    cluster: str
    steps: list[str]
    parts: list[PaperPart]
    most: str
    totals: list[tuple[str, str, str]]  # points, bonus, with bonus of each printed step
    open: list[str]  # "Tự chấm: còn 2 tiêu chí chưa chấm"
    class_name: str
    passed: list[tuple[str, str, str, str]]  # step, who, when, total
    with_bonus: bool
    signatures: list[tuple[str, str | None]]


def sheet_paper(sheet: Sheet) -> SheetPaper:
    """The printed sheet as it stands now."""
    entry, one = sheet.entry, sheet.entry.round
    texts = unit_texts(entry.unit, today_in_vietnam())
    steps = (SELF, PROVINCE) if PROVINCE in sheet.steps else (SELF, COUNCIL)
    totals = [sheet.total(step) for step in steps]
    final = sheet.total(sheet.steps[-1])
    day = long_day(sheet.history[-1].at.astimezone(VIETNAM).date() if sheet.history else today_in_vietnam())
    return SheetPaper(
        texts=texts,
        issuer=texts.issuing_lines,
        place_date=", ".join(part for part in (texts.place, day) if part),
        movement=one.movement.name,
        year=one.name,
        basis=one.basis,
        unit=unit_text(entry.unit),
        cluster=entry.cluster.name if entry.cluster else "",
        steps=[STEPS[step] for step in steps],
        parts=[_paper_part(sheet, name, rows, steps) for name, rows in sheet.parts],
        most=format_points(sheet.most),
        totals=[_paper_total(total) for total in totals],
        open=[
            f"{STEPS[step]}: còn {total.open} tiêu chí chưa chấm"
            for step, total in zip(steps, totals, strict=True)
            if total.open
        ],
        class_name=_class(sheet, final) if entry.at == DONE else "chưa chấm xong",
        passed=[_passed(sheet.passed.get(step), step) for step in sheet.steps],
        with_bonus=bool(sheet.most_bonus),
        signatures=[
            ("Đại diện đơn vị", entry.representative or None),
            ("Người chấm cấp trên", _who(sheet.passed.get(steps[1]))),
        ],
    )


def _who(passed: ScoreStep | None) -> str | None:
    return passed.by_name if passed else None


def _paper_total(total: Total) -> tuple[str, str, str]:
    if total.shown is None:
        return (rules.NOT_SCORED,) * 3
    return format_points(total.points), format_points(total.bonus), format_points(total.sum)


def _paper_part(sheet: Sheet, name: str, rows: Sequence[Row], steps: Sequence[str]) -> PaperPart:
    return PaperPart(
        name=name,
        most=format_points(sum(row.criterion.points for row in rows)),
        rows=[_paper_row(row, steps) for row in rows],
        totals=[format_points(sheet.total(step, rows).shown) for step in steps],
    )


def _paper_row(row: Row, steps: Sequence[str]) -> PaperRow:
    criterion = row.criterion
    notes = [f"{STEPS[step]}: {row.note(step)}" for step in steps if row.note(step)]
    if row.evidence:
        notes.insert(0, f"{row.evidence} minh chứng")
    return PaperRow(
        code=criterion.code,
        text=criterion.text,
        most=format_points(criterion.points),
        bonus=format_points(criterion.bonus) if criterion.bonus else "",
        due=format_day(criterion.due_on) if criterion.due_on else "",
        cells=[(_given(row, step).points, _given(row, step).bonus) for step in steps],
        note="; ".join(notes),
    )


def _passed(one: ScoreStep | None, step: str) -> tuple[str, str, str, str]:
    if one is None:
        return STEPS[step], "chưa gửi", "", ""
    day = format_day(one.at.astimezone(VIETNAM).date())
    return STEPS[step], one.by_name, day, format_points(one.points)
