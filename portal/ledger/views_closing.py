"""The closing screen: what is open in a unit's fund up to a day, what the period comes to, then closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Response, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

import portal.advances.desk
import portal.allocations.desk
import portal.batches.desk
import portal.cases.desk
import portal.cash.desk
import portal.distributions.desk
import portal.distributions.desk_handover
import portal.donations.desk
import portal.emulation.desk_movements
import portal.emulation.desk_rewards
import portal.files.desk
import portal.goods.desk
import portal.imports.desk
import portal.pledges.desk
import portal.receipts.desk
import portal.spending.desk
import portal.spending.desk_others
import portal.statements.desk  # noqa: F401  (each room says what waits)
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.days import month_end, month_start, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.ledger import actions, desk, queries
from portal.ledger.closing import open_items
from portal.ledger.forms import ClosingForm
from portal.ledger.models import Closing, Fund
from portal.ledger.views import bp
from portal.people.queries import may, readable_units
from portal.units.models import Unit
from portal.units.queries import lies_below_commune

READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
CLOSERS = (ACCOUNTANT, APPROVER)
SHOWN = 24  # closings in the table


def _form() -> tuple[ClosingForm, dict[int, Unit]]:
    """The form with what this person may choose; without an answer it stands at the end of last month."""
    form = ClosingForm(request.args, meta={"csrf": False}) if request.method == "GET" else ClosingForm()
    mine = select(Unit).where(Unit.id.in_(readable_units(current_user)), ~lies_below_commune())
    mine = mine.order_by(Unit.id)
    units = {unit.id: unit for unit in db.session.scalars(mine)}
    form.unit_id.offer([(unit.id, unit.name) for unit in units.values()])
    form.fund_id.offer([(fund.id, fund.name) for fund in queries.funds()])
    if form.unit_id.data not in units and not form.unit_id.raw_data:
        form.unit_id.data = next(iter(units), None)
    if form.fund_id.data is None and not form.fund_id.raw_data:
        form.fund_id.data = queries.default_fund().id
    if form.through.data is None and not form.through.raw_data:
        form.through.data = month_start(today_in_vietnam()) - timedelta(days=1)
    return form, units


@bp.get("/khoa-so/")
@allow(*READERS)
def closing() -> Response:
    """What is open up to the asked day, and what the period comes to."""
    form, units = _form()
    if request.args:
        form.validate()
    return _page(form, units)


def _page(form: ClosingForm, units: dict[int, Unit]) -> Response:
    unit, fund = units.get(form.unit_id.data), db.session.get(Fund, form.fund_id.data or 0)
    through = form.through.data
    values: dict[str, Any] = {"unit": unit, "fund": fund, "through": through, "items": None}
    if unit is not None and fund is not None and through is not None:
        closed = queries.closed_through(unit.id, fund.id)
        start = closed + timedelta(days=1) if closed else None
        values |= {
            "items": open_items(unit.id, fund.id, through),
            "closed": closed,
            "turnover": desk.period_turnover(unit.id, fund.id, start, through),
            "start": start,
            "choices": _choices(closed),
            "history": _history(unit.id, fund.id),
            "may_close": may(current_user, CLOSERS, unit.id),
        }
    return page("ledger/closing.html", form=form, status=form.status, **values)


def _choices(closed: date | None) -> list[date]:
    """Days people usually close: yesterday, and the ends of the last months that are open."""
    today = today_in_vietnam()
    days = [today - timedelta(days=1)]
    end = month_start(today) - timedelta(days=1)
    for _ in range(3):
        days.append(end)
        end = month_start(end) - timedelta(days=1)
    return [day for day in dict.fromkeys(days) if closed is None or day > closed]


def _history(unit_id: int, fund_id: int) -> list[tuple[Closing, bool]]:
    """(closing, whether it ended a month), the newest first."""
    rows = select(Closing).where(Closing.unit_id == unit_id, Closing.fund_id == fund_id)
    rows = rows.options(joinedload(Closing.by)).order_by(Closing.through.desc()).limit(SHOWN)
    return [(row, row.through == month_end(row.through)) for row in db.session.scalars(rows)]


@bp.post("/khoa-so/")
@allow(*CLOSERS)
def close() -> Response:
    """Close up to and including the day. Nothing opens it again."""
    form, units = _form()
    if form.validate_on_submit():
        unit = units[form.unit_id.data]
        try:
            if not may(current_user, CLOSERS, unit.id):
                raise Refused("Bạn không có quyền khóa sổ của đơn vị này. Nhờ kế toán của đơn vị.", "unit_id")
            if not form.seen.data:
                raise Refused("Chưa đánh dấu đã xem các việc còn mở. Xem xong rồi đánh dấu.", "seen")
            fund = db.session.get_one(Fund, form.fund_id.data)
            closed = actions.close_period(unit, fund, form.through.data, by=current_user)
            response = go(url_for("ledger.closing", unit_id=unit.id, fund_id=fund.id))
            flash(f"Đã khóa sổ {fund.name} của {unit.name} đến hết ngày {closed.through:%d/%m/%Y}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form, units = _form()
            form.validate()
            form.add_refusal(refused)
    return _page(form, units)
