"""The board, photos before and after, the list as a paper, houses of the past. Part of the views."""

from __future__ import annotations

from flask import Response, request
from flask_login import current_user
from sqlalchemy import select

from portal.frame import shows_sample
from portal.housing import board, queries, rules
from portal.housing.documents_list import list_paper
from portal.housing.lists import past_list
from portal.housing.queries_past import checked_only
from portal.housing.views import READERS, bp
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import page
from portal.people.queries import readable_units
from portal.units.models import Unit


@bp.get("/bang")
@allow(*READERS)
def overview() -> Response:
    """By unit and stage, those with late houses first; by campaign."""
    mine = queries.projects_for(current_user)
    lines, total = board.by_unit(mine, today_in_vietnam())
    return page(
        "housing/board.html",
        lines=lines,
        total=total,
        campaigns=board.by_campaign(mine),
        columns=board.COLUMNS,
        states=rules.STATES,
    )


@bp.get("/anh")
@allow(*READERS)
def photos() -> Response:
    """Before and after, house by house."""
    pairs = board.before_after(queries.projects_for(current_user))
    return page("housing/photos.html", pairs=pairs, code_of=rules.code_of, states=rules.STATES)


@bp.get("/danh-sach.pdf")
@allow(*READERS)
def list_pdf() -> Response:
    """The list of the address's filters as a landscape paper."""
    paper = list_paper(current_user, request.args)
    return pdf_answer(
        render_paper("documents/house_list.html", paper=paper, sample=shows_sample()), "danh-sach-nha-o"
    )


@bp.get("/truoc-day")
@allow(*READERS)
def past() -> Response:
    """Houses of the past, one by one or as totals, as tables have brought them."""
    units = db.session.scalars(
        select(Unit).where(Unit.id.in_(readable_units(current_user))).order_by(Unit.name)
    )
    spec = past_list(
        [(one.id, one.name) for one in queries.programmes(ended=True)],
        [(one.id, one.name) for one in queries.kinds(ended=True)],
        [(one.id, one.name) for one in units],
        checked_only(),
    )
    rows = queries.past_for(current_user)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "housing/past.html", "list", status=listing.status, listing=listing
    )
