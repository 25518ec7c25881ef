"""Writing a decision on screen: head and grid of rows, without a script; rows by paste and by file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pasted import read_pasted
from portal.kit.web import go, page
from portal.ledger.forms import offer_place
from portal.ledger.models import Fund
from portal.people.queries import may, open_units
from portal.spending import actions, columns, queries, rows, rules
from portal.spending import queries_decisions as found
from portal.spending.forms import (
    BANKING,
    COUNT,
    FIRST_ROWS,
    MORE_ROWS,
    TEXTS,
    DecisionForm,
    rows_typed,
)
from portal.spending.models import Decision
from portal.spending.rows import Ground, Row
from portal.spending.views import WRITERS, bp
from portal.spending.views_decisions import decision_or_404
from portal.units.models import Unit


@dataclass(frozen=True)
class Grid:
    """The grid as it is drawn; without `rows` the list is too long and comes by file."""

    columns: list[columns.Column]
    rows: list[Row]
    banking: bool
    pasted: str = ""
    refusal: str | None = None
    too_long: int = 0
    origin: queries.Origin | None = None  # the rows are changed there

    @property
    def status(self) -> int:
        """422 while a cell or the pasted text cannot be read."""
        return 422 if self.refusal or any(row.errors for row in self.rows) else 200


def draft_form(draft: Decision | None = None, *, fresh: bool = False) -> tuple[DecisionForm, dict[int, Unit]]:
    """The form of a new draft or of a known one, and the units that may be chosen; `fresh`: not as it was sent."""
    kept = draft is not None and (fresh or request.method == "GET")
    form, units = (
        DecisionForm(None, obj=draft) if kept else DecisionForm(),
        open_units(current_user, *WRITERS),
    )
    if draft is not None:
        units = {draft.unit_id: draft.unit}
        form.unit_id.data, form.fund_id.data = draft.unit_id, draft.fund_id
    offer_place(form, units)
    return form, units


def ground_for(form: DecisionForm, draft: Decision | None = None) -> Ground:
    """Catalogues of the chosen unit, offered in the head and read in the rows."""
    also = [row.campaign for row in draft.rows if row.campaign] if draft else []
    ground = found.ground_of(form.unit_id.data or 0, form.fund_id.data or 0, also=also)
    form.purpose.offer(list(ground.purposes.items()))
    form.campaign_id.offer([(key, name) for key, (_, name) in ground.campaigns.items()])
    chosen = form.campaign_id.data if form.campaign_id.data in ground.campaigns else None
    purpose = form.purpose.data if form.purpose.data in ground.purposes else None
    form.offered = ground
    return replace(ground, purpose=purpose, campaign_id=chosen)


def _offer_texts(form: DecisionForm, units: dict[int, Unit]) -> None:
    """The unit's texts, where nothing is written yet."""
    unit = units.get(form.unit_id.data)  # type: ignore[arg-type]
    if unit is None or form.kind.data not in rules.BASES:
        return
    texts = found.texts_for(unit, form.kind.data, form.decided_on.data)
    for name in TEXTS:
        form[name].raw_data = None
        form[name].data = getattr(texts, name)


def _typed_grid(ground: Ground, *, more: int = 0) -> Grid:
    """The rows of the request; `more` blank ones beneath."""
    typed = rows_typed(request.form)
    read = rows.read_rows([*typed, *({} for _ in range(more))][: columns.GRID_ROWS], ground)
    return grid_of(read, banking=request.form.get(BANKING) == "1")


def grid_of(read: list[Row], *, banking: bool = False, **more: Any) -> Grid:
    """The grid of these rows; the receivers' accounts stand in it when one of them has any."""
    banking = banking or any(key in row.cells for row in read for key in (columns.BANK, columns.ACCOUNT))
    return Grid(columns.shown_columns(banking=banking), read, banking, **more)


def _blank_rows(count: int) -> list[Row]:
    return [Row(number, {}) for number in range(1, count + 1)]


def _kept_grid(draft: Decision, ground: Ground) -> Grid:
    """The rows of a draft, with some blank ones; none of them when they are too many."""
    if _kept_whole(draft):
        return _whole_grid(draft)
    cells = [rows.cells_of(row, ground) for row in draft.rows]
    return grid_of(
        rows.read_rows([*cells, *({} for _ in range(MORE_ROWS))][: columns.GRID_ROWS], ground),
    )


def _kept_whole(draft: Decision) -> bool:
    """Whether the rows are not typed here: too many for the grid, or made of a list of another room."""
    return len(draft.rows) > columns.GRID_ROWS or queries.rows_come_from(draft) is not None


def _whole_grid(draft: Decision) -> Grid:
    return grid_of([], too_long=len(draft.rows), origin=queries.rows_come_from(draft))


def _said(grid: Grid) -> list[str]:
    """What stands on top of the page about the rows."""
    faults = rows.faults_of(grid.rows)
    said = [f"Dòng {number}, {label.lower()}: {text}" for number, label, text in faults[:8]]
    more = [f"Còn {len(faults) - 8} ô khác trong danh sách."] if len(faults) > 8 else []
    return [*([grid.refusal] if grid.refusal else []), *said, *more]


def draft_page(form: DecisionForm, grid: Grid, draft: Decision | None = None) -> Response:
    """The page on which a draft is written."""
    return page(
        "spending/draft.html",
        status=max(form.status, grid.status),
        form=form,
        grid=grid,
        draft=draft,
        grid_errors=_said(grid),
        offered=form.offered,
        count_field=COUNT,
        banking_field=BANKING,
        bases=rules.BASES,
    )  # fmt: skip


def _own_units() -> list[int]:
    """The units in which the person has the role itself, before those below them."""
    return [grant.unit_id for grant in current_user.grants if grant.role in WRITERS and grant.unit_id]


@bp.get("/van-ban/moi")
@allow(*WRITERS)
def new_decision() -> Response:
    """An empty draft with the unit's usual texts; `loai` chooses the kind, `don_vi` the unit."""
    form, units = draft_form()
    if request.args.get("loai") in rules.BASES:
        form.kind.data = request.args["loai"]
    asked = request.args.get("don_vi", "")
    if asked.isdecimal() and int(asked) in units:
        form.unit_id.data = int(asked)
    elif form.unit_id.data is None:
        form.unit_id.data = next((key for key in _own_units() if key in units), None)
    ground_for(form)
    _offer_texts(form, units)
    return draft_page(form, grid_of(_blank_rows(FIRST_ROWS)))


@bp.post("/van-ban/moi")
@allow(*WRITERS)
def create_decision() -> Response:
    """Keep the draft, or only draw the form again with more rows, pasted rows, other texts."""
    form, units = draft_form()
    ground = ground_for(form)
    drawn = _drawn_again(form, ground, units)
    if drawn is not None:
        return drawn
    grid = _typed_grid(ground)
    if form.validate_on_submit() and grid.status == 200:
        try:
            draft = actions.draft_decision(
                unit=units[form.unit_id.data],
                fund=db.session.get_one(Fund, form.fund_id.data),
                rows=rows.fields_of(grid.rows),
                by=current_user,
                **form.head(),
            )
            return _saved(form, draft)
        except Refused as refused:
            db.session.rollback()
            form, _ = draft_form()
            grid = _typed_grid(ground_for(form))
            form.validate()
            form.add_refusal(refused)
    return draft_page(form, grid)


def _saved(form: DecisionForm, draft: Decision) -> Response:
    if form.keep.data:
        actions.keep_texts(draft.unit_id, draft.kind, form.texts())
    response = go(url_for("spending.decision", decision_id=draft.id))
    flash("Đã ghi bản nháp. Người có quyền duyệt sẽ ban hành.")
    db.session.commit()
    return response


def _drawn_again(
    form: DecisionForm, ground: Ground, units: dict[int, Unit], draft: Decision | None = None
) -> Response | None:
    """The form again when only its shape is to change; None when it is to be kept."""
    then = request.form.get("then", "")
    if then not in ("lines", "paste", "texts", "bank"):
        return None
    db.session.rollback()
    for field in form:
        field.errors = []
    if then == "texts":
        _offer_texts(form, units)
    if then == "paste":
        return draft_page(form, _pasted_grid(ground), draft)
    grid = _typed_grid(ground, more=MORE_ROWS if then == "lines" else 0)
    for row in grid.rows:
        row.errors.clear()
    return draft_page(
        form, replace(grid, banking=True, columns=list(columns.COLUMNS)) if then == "bank" else grid, draft
    )


def _pasted_grid(ground: Ground) -> Grid:
    """The rows that stood there, then the pasted ones; what was pasted stays when it cannot be read."""
    typed = [cells for cells in rows_typed(request.form) if any(cells.values())]
    banking = request.form.get(BANKING) == "1"
    text = request.form.get("pasted", "")
    keys = [column.key for column in columns.shown_columns(banking=banking)]
    try:
        pasted = read_pasted(text, keys, columns.PASTE)
        if len(typed) + len(pasted.rows) > columns.GRID_ROWS:
            raise Refused(columns.PASTE.too_many.format(count=len(typed) + len(pasted.rows)))
    except Refused as refused:
        read = rows.read_rows(typed or [{}] * FIRST_ROWS, ground)
        return grid_of(read, banking=banking, pasted=text, refusal=refused.text)
    flash(" ".join([f"Đã dán {len(pasted.rows)} dòng vào danh sách, chưa ghi.", *pasted.left_out]))
    return grid_of(rows.read_rows([*typed, *pasted.rows], ground), banking=banking)


def draft_or_403(decision_id: int) -> Decision:
    """The draft, if the person may write in its unit. 404 or 403 otherwise."""
    draft = decision_or_404(decision_id)
    if not may(current_user, WRITERS, draft.unit_id) or draft.state != rules.DRAFT:
        abort(403)
    return draft


@bp.get("/van-ban/<int:decision_id>/sua")
@allow(*WRITERS)
def edit_decision(decision_id: int) -> Response:
    """The draft to be changed."""
    draft = draft_or_403(decision_id)
    form, _ = draft_form(draft)
    return draft_page(form, _kept_grid(draft, ground_for(form, draft)), draft)


@bp.post("/van-ban/<int:decision_id>/sua")
@allow(*WRITERS)
def change_decision(decision_id: int) -> Response:
    """Keep the changed draft; a list too long for the grid stays as it is."""
    draft = draft_or_403(decision_id)
    form, units = draft_form(draft)
    ground = ground_for(form, draft)
    drawn = _drawn_again(form, ground, units, draft)
    if drawn is not None:
        return drawn
    long = _kept_whole(draft)
    grid = _whole_grid(draft) if long else _typed_grid(ground)
    if form.validate_on_submit() and grid.status == 200:
        try:
            kept = actions.rows_of(draft) if long else rows.fields_of(grid.rows)
            actions.change_decision(draft, rows=kept, by=current_user, **form.head())
            return _saved(form, draft)
        except Refused as refused:
            db.session.rollback()
            draft = draft_or_403(decision_id)
            form, _ = draft_form(draft)
            ground_for(form, draft)
            form.validate()
            form.add_refusal(refused)
    return draft_page(form, grid, draft)
