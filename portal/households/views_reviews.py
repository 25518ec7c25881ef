"""Rà soát hộ nghèo: a year as the registry counts it, beside what was brought, and who came or left. Part of the views."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request, send_file, url_for
from flask_login import current_user

from portal.households import actions_reviews as actions
from portal.households import documents_reviews as documents
from portal.households.forms import ReviewForm
from portal.households.lists_reviews import moves_list
from portal.households.queries_catalogue import standard_of
from portal.households.queries_reviews import moves_in
from portal.households.rules_reviews import review_days
from portal.households.views import READERS, WRITERS, bp
from portal.kit import tables
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import EXPORT, MIMETYPES
from portal.kit.web import go, page
from portal.people.queries import may, open_units
from portal.units.models import Unit

YEARS_BACK = 10


@dataclass(frozen=True)
class Choice:
    """Which unit and year the address asks for."""

    units: dict[int, Unit]
    unit: Unit
    year: int

    @property
    def args(self) -> dict[str, Any]:
        """The same question as arguments of an address."""
        return {"don_vi": self.unit.id, "nam": self.year}

    @property
    def years(self) -> list[int]:
        """Years to choose from, newest first."""
        this = today_in_vietnam().year
        return list(range(this, this - YEARS_BACK, -1))


def _choice(*roles: str) -> Choice | None:
    """Without arguments the person's first unit and this year; None without any unit. Raises Refused."""
    units = open_units(current_user, *roles, hamlets=True)
    if not units:
        return None
    wanted, year = request.args.get("don_vi", ""), request.args.get("nam", "")
    unit = units.get(int(wanted)) if wanted.isdecimal() and len(wanted) < 18 else None
    if wanted and unit is None:
        raise Refused("Không có đơn vị này trong phạm vi của bạn. Chọn lại đơn vị.", "don_vi")
    if year and not (year.isdecimal() and len(year) == 4):
        raise Refused("Năm chưa đúng. Chọn một năm trong danh sách.", "nam")
    return Choice(units, unit or next(iter(units.values())), int(year or today_in_vietnam().year))


@bp.get("/ra-soat")
@allow(*READERS)
def review() -> Response:
    """Opening + increase − decrease = closing by group: of the registry, of what was brought, and the difference."""
    choice = _choice(*READERS)
    if choice is None:
        return page("households/review.html", choice=None)
    lines = documents.lines_of(choice.unit, choice.year)
    if request.args.get(EXPORT) == "xlsx":
        return _file(choice, lines)
    return _page(choice, lines)


@bp.post("/ra-soat")
@allow(*WRITERS)
def keep_review() -> Response:
    """Keep the registry's numbers as the unit's review of the year."""
    choice = _choice(*WRITERS)
    if choice is None or not may(current_user, WRITERS, choice.unit.id):
        raise Refused("Bạn chưa được ghi rà soát cho đơn vị này. Nhờ cán bộ của đơn vị ghi.")
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            done = actions.record_counted(choice.unit, choice.year, **form.values(), by=current_user)
            response = go(url_for("households.review", **choice.args))
            changed = done.new + done.changed
            flash(f"Đã ghi rà soát của {changed} nhóm hộ." if changed else "Số đã ghi không có gì thay đổi.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _page(choice, documents.lines_of(choice.unit, choice.year), form)


@bp.get("/ra-soat/bien-dong")
@allow(*READERS)
def moves() -> Response:
    """Who came into a group in a year and who left it, in a list."""
    choice = _choice(*READERS)
    if choice is None:
        return page("households/review.html", choice=None)
    found = moves_in(choice.unit.id, choice.year)
    units = [(key, unit.name) for key, unit in choice.units.items()]
    spec = moves_list(
        found, units, choice.years, lambda row: url_for("households.show", household_id=row.Household.id)
    )
    args = {**request.args, **{name: str(value) for name, value in choice.args.items()}}
    if request.args.get(EXPORT):
        file = spec.download(found.rows, args)
        if file is not None:
            return file
    listing = spec.run(found.rows, args, request.path)
    return page("households/moves.html", "list", status=listing.status, listing=listing, choice=choice)


def _page(choice: Choice, lines: list[documents.Line], form: ReviewForm | None = None) -> Response:
    opening, closing, last = documents.wholes_brought(lines)
    may_write = may(current_user, WRITERS, choice.unit.id)
    blank = ReviewForm(
        formdata=None,
        standard=_standard(choice, lines),
        ends_on=last or review_days(choice.year)[1],
        households_opening=opening,
        households_closing=closing,
    )
    return page(
        "households/review.html",
        status=form.status if form else 200,
        choice=choice,
        lines=lines,
        rates=documents.rates_of(lines),
        form=form or blank,
        may_write=may_write,
        counted=any(line.ours for line in lines),
    )


def _standard(choice: Choice, lines: list[documents.Line]) -> str:
    used = documents.standard_brought(lines) or documents.standard_above(choice.unit, choice.year)
    known = None if used else standard_of(choice.unit, review_days(choice.year)[1])
    return used or (known.name if known else "")


def _file(choice: Choice, lines: list[documents.Line]) -> Response:
    out = io.BytesIO()
    rows = documents.file_rows(choice.unit, choice.year, lines, _standard(choice, lines))
    tables.write_xlsx(documents.COLUMNS, rows, out)
    out.seek(0)
    name = f"ra-soat-{choice.year}.xlsx"
    return send_file(out, mimetype=MIMETYPES["xlsx"], as_attachment=True, download_name=name)
