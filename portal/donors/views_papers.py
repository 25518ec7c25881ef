"""Papers about donors: the yearly statement and the printed list. Part of the views."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, request, url_for
from flask_login import current_user

from portal.donors import queries
from portal.donors.documents_list import donors_with_sums
from portal.donors.documents_statement import compose_list, compose_statement
from portal.donors.lists import donors_list, period_of
from portal.donors.models import Donor
from portal.donors.rules import code_of
from portal.donors.views import READERS, bp, donor_filters
from portal.frame import shows_sample
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.filters import Filter
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go
from portal.units.queries import top_unit

MOST_PRINTED = 1_000  # donors on one printed list: about 30 pages
EVERYTHING = {"all": "1"}


def _statement(donor: Donor, year: int, **links: str) -> str:
    content = compose_statement(donor, year, current_user, is_sample=shows_sample())
    if not any(content[part] for part in ("money", "goods", "refunds", "shares", "aid")):
        abort(404)
    return render_paper("documents/donor_statement.html", content=content, **links)


def _donor_or_404(donor_id: int) -> Donor:
    donor = queries.donor_or_404(donor_id, for_user=current_user)
    if donor.merged_into_id is not None:
        abort(404)
    return donor


@bp.get("/<int:donor_id>/ban-ke/<int(fixed_digits=4):year>")
@allow(*READERS)
def statement(donor_id: int, year: int) -> Response:
    """What a donor gave in a year, as it will be printed."""
    donor = _donor_or_404(donor_id)
    links = {
        "pdf_url": url_for("donors.statement_pdf", donor_id=donor_id, year=year),
        "back_url": url_for("donors.show", donor_id=donor_id),
    }
    return make_response(_statement(donor, year, **links))


@bp.get("/<int:donor_id>/ban-ke/<int(fixed_digits=4):year>.pdf")
@allow(*READERS)
def statement_pdf(donor_id: int, year: int) -> Response:
    """The same on A4."""
    donor = _donor_or_404(donor_id)
    return pdf_answer(_statement(donor, year), f"ban-ke-{code_of(donor_id)}-{year}")


@bp.get("/danh-sach.pdf")
@allow(*READERS)
def print_list() -> Response:
    """The donors of the filter on paper, without phones."""
    found = donors_with_sums(current_user, period_of(request.args))
    spec = donors_list(donor_filters(found.gave), found.sums, lambda row: None)
    try:
        wanted = spec.chosen(found.rows, request.args, EVERYTHING).limit(MOST_PRINTED + 1)
        rows = db.session.execute(wanted).all()
        if not rows:
            raise Refused("Không có nhà hảo tâm nào theo bộ lọc. Bớt điều kiện rồi in lại.")
        if len(rows) > MOST_PRINTED:
            raise Refused(
                f"Mỗi lần in nhiều nhất {MOST_PRINTED} dòng. Lọc bớt rồi in lại, hoặc lấy tệp Excel."
            )
    except Refused as refused:
        flash(refused.text, "warning")
        return go(url_for("donors.index"))
    unit = top_unit() if len({row.Donor.unit_id for row in rows}) > 1 else rows[0].Donor.unit
    if unit is None:
        abort(404)
    asked = [
        f"{item.label}: {_shown(item)}"
        for item in spec.run(found.rows, request.args, "").filters
        if item.active
    ]
    content = compose_list(rows, unit, asked, is_sample=shows_sample())
    return pdf_answer(render_paper("documents/donor_list.html", content=content), "nha-hao-tam")


def _shown(item: Filter) -> str:
    """A filter's value as people read it."""
    return dict(item.choices).get(item.value, item.value)
