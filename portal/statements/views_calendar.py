"""The calendar of statements for staff: every account of their units, and the missing days as a list of work."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, request, url_for
from flask_login import current_user

from portal.kit.access import ACCOUNTANT, allow
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.vietnamese import nfc
from portal.kit.web import page
from portal.ledger.models import BankAccount
from portal.people.queries import readable_units, units_for
from portal.statements import calendar, covering
from portal.statements.coverage import STATES
from portal.statements.periods import period_of
from portal.statements.views import READERS, bp


@bp.get("/lich")
@allow(*READERS)
def calendar_page() -> Response:
    """The days of a year of all accounts, or of the one in the address, by day."""
    mine = covering.IN_DONG & BankAccount.unit_id.in_(readable_units(current_user))
    began = covering.began(mine)
    period = period_of(request.args.get("nam", ""), began=began, today=today_in_vietnam())
    covers = covering.coverages(mine, period.first, period.last)
    code = nfc(request.args.get("tk", ""))
    shown = next((cover for cover in covers if cover.account.code == code), None)
    if code and shown is None:
        abort(404)
    return page(
        "statements/calendar.html",
        covers=covers,
        shown=shown,
        months=calendar.months_of(shown.runs) if shown else [],
        lacking=[cover for cover in ([shown] if shown else covers) if cover.missing],
        may_bring=_may_bring([cover.account for cover in covers]),
        year=period.year,
        years=period.years,
        last=period.last,
        year_url=lambda year: url_for("statements.calendar_page", nam=year, tk=code or None),
        day_url=_statements_of_day,
        states=STATES,
        calendar=calendar,
    )


def _statements_of_day(day: date) -> str:
    told = format_day(day)
    return url_for("statements.index", tu=told, den=told)


def _may_bring(accounts: list[BankAccount]) -> set[int]:
    """The accounts to which the person may bring statements."""
    chosen = BankAccount.id.in_([account.id for account in accounts])
    return covering.ids_of(chosen & BankAccount.unit_id.in_(units_for(current_user, ACCOUNTANT)))
