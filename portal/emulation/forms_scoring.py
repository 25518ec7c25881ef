"""The grid of a score sheet as a form: three cells for each criterion, made for one sheet and step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from portal.emulation.actions_scoring import Typed, field_of
from portal.emulation.forms_movements import PointsField
from portal.emulation.queries_scoring import Row
from portal.files.forms import FilesField
from portal.kit.forms import ChoiceField, NoteField, PortalForm, TextField


def sheet_form(rows: Sequence[Row], step: str, sent: Mapping[str, Any] | None = None) -> Any:
    """A form over these rows of a sheet; it holds what the step has given. `sent`: what came, None = as Flask has it."""
    cells: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for row in rows:
        key, code = row.criterion.id, row.criterion.code
        mark = row.mark(step)
        cells[field_of(key, "points")] = PointsField(f"Điểm, tiêu chí {code}", required=False, max_length=12)
        kept[field_of(key, "points")] = mark.points
        if row.criterion.bonus:
            cells[field_of(key, "bonus")] = PointsField(
                f"Điểm thưởng, tiêu chí {code}", required=False, max_length=12
            )
            kept[field_of(key, "bonus")] = mark.bonus
        cells[field_of(key, "note")] = TextField(f"Ghi chú, tiêu chí {code}", required=False, max_length=500)
        kept[field_of(key, "note")] = row.note(step)
    form = type("SheetForm", (PortalForm,), cells)
    return form(obj=SimpleNamespace(**kept)) if sent is None else form(None, obj=SimpleNamespace(**kept))


def typed_in(form: Any, rows: Sequence[Row]) -> dict[int, Typed]:
    """What the form says of each criterion."""

    def cell(key: int, name: str) -> Any:
        field = form._fields.get(field_of(key, name))  # noqa: SLF001  WTForms has no other way to ask
        return field.data if field is not None else None

    return {
        row.criterion.id: Typed(
            cell(row.criterion.id, "points"), cell(row.criterion.id, "bonus"), cell(row.criterion.id, "note")
        )
        for row in rows
    }


class ReturnForm(PortalForm):
    """Back to a step. The view offers the steps before this one."""

    to_step = ChoiceField("Trả về bước", coerce=str)
    reason = NoteField("Lý do", required="Chưa nêu lý do. Ghi cần sửa hoặc bổ sung gì.", max_length=500)


class EvidenceForm(PortalForm):
    """PDFs that prove a criterion."""

    files = FilesField("Tệp PDF", extensions=(".pdf",))
