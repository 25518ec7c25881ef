"""A list at its hand-over, on a desk: what became of each household, the sheets to sign, the way to all else."""

from __future__ import annotations

from flask import Response, abort, request, send_file, url_for
from flask_login import current_user

from portal.distributions import queries, sheet_files
from portal.distributions import queries_handover as told
from portal.distributions.forms_handover import SheetsForm
from portal.distributions.lists_handover import rows_list
from portal.distributions.models import Distribution
from portal.distributions.queries_scans import newest_edition
from portal.distributions.rules import APPROVED, CLOSED, OUTCOMES, RELEASED
from portal.distributions.views import DOORS, bp
from portal.frame import shows_sample
from portal.households.queries_registry import may_read_private
from portal.jobs import queries as job_queries
from portal.jobs import worker
from portal.jobs.actions import ENDED
from portal.jobs.models import Job
from portal.jobs.progress import progress_of
from portal.kit import made
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import pdf_answer
from portal.kit.web import go, page

PRINTED = (APPROVED, RELEASED, CLOSED)
"""States in which a list has a hand-over to speak of."""


def door(distribution: Distribution) -> tuple[str, str] | None:
    """The way from the page of a list to its hand-over."""
    if distribution.state not in PRINTED:
        return None
    url = url_for("distributions.handover", distribution_id=distribution.id)
    return "Trao và ký nhận", url


DOORS.append(door)


def handed_out(distribution_id: int) -> Distribution:
    """A list of the person's units that has come as far as its hand-over; otherwise 404."""
    distribution = queries.distribution_or_404(distribution_id, for_user=current_user)
    if distribution.state not in PRINTED:
        abort(404)
    return distribution


def handed_out_to_write(distribution_id: int) -> Distribution:
    """The same, where the person may write: 403 for who only reads."""
    distribution = handed_out(distribution_id)
    if not queries.may_write(current_user, distribution):
        abort(403)
    return distribution


@bp.get("/<int:distribution_id>/trao")
@allow(*queries.READERS)
def handover(distribution_id: int) -> Response:
    """What became of every household of the list, and what is to be done next."""
    distribution = handed_out(distribution_id)
    spec = rows_list(
        distribution,
        lambda row: url_for("distributions.row", distribution_id=distribution_id, row_id=row.id),
    )
    rows = queries.rows_of(distribution).order_by(None)
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "distributions/handover.html",
        "list",
        status=listing.status,
        distribution=distribution,
        listing=listing,
        counts=told.counts_of(distribution),
        outcomes=OUTCOMES,
        sheets=newest_edition(distribution.id),
        may_write=queries.may_write(current_user, distribution),
    )


@bp.get("/<int:distribution_id>/trao/<int:row_id>")
@allow(*queries.READERS)
def row(distribution_id: int, row_id: int) -> Response:
    """One household of a list: what it gets, and everything that was told of it."""
    distribution = handed_out(distribution_id)
    found = queries.row_or_404(distribution, row_id)
    return page(
        "distributions/row.html",
        distribution=distribution,
        row=found,
        answers=told.answers_of(found),
        consent=told.consent_of(found.id),
        settlement=told.settlement_of_row(found.id),
        outcomes=OUTCOMES,
        may_write=queries.may_write(current_user, distribution),
    )


@bp.get("/<int:distribution_id>/to-ky-nhan")
@allow(*queries.READERS)
def sheets(distribution_id: int) -> Response:
    """The sheets to sign: what was printed, and printing."""
    return _sheets_page(handed_out(distribution_id), SheetsForm())


def _sheets_page(distribution: Distribution, form: SheetsForm) -> Response:
    return page(
        "distributions/sheets.html",
        status=form.status,
        distribution=distribution,
        form=form,
        sheets=newest_edition(distribution.id),
        may_write=queries.may_write(current_user, distribution),
        may_read_private=may_read_private(current_user, distribution.unit),
    )


@bp.post("/<int:distribution_id>/to-ky-nhan")
@allow(*queries.WRITERS)
def print_sheets(distribution_id: int) -> Response:
    """A short list is printed at once, a long one in the background. Every reading of ID cards is noted."""
    distribution, form = handed_out_to_write(distribution_id), SheetsForm()
    if form.validate_on_submit():
        try:
            with_cccd = bool(form.with_cccd.data)
            rows, pages = sheet_files.prepare(
                distribution, with_cccd=with_cccd, purpose=form.purpose.data, by=current_user
            )
            if len(rows) > sheet_files.AT_ONCE:
                return _in_background(distribution, with_cccd)
            html = sheet_files.print_now(
                distribution,
                rows,
                pages,
                with_cccd=with_cccd,
                maker=current_user.name,
                sample=shows_sample(),
            )
            db.session.commit()
            return pdf_answer(html, f"danh-sach-ky-nhan-{distribution_id}")
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _sheets_page(handed_out(distribution_id), form)


def _in_background(distribution: Distribution, with_cccd: bool) -> Response:
    job = sheet_files.ask_for(distribution, with_cccd=with_cccd, by=current_user, sample=shows_sample())
    response = go(url_for("distributions.sheets_made", distribution_id=distribution.id, job_id=job.id))
    db.session.commit()
    worker.wake()
    return response


def _job_or_404(distribution_id: int, job_id: int) -> Job:
    """The person's own: a file may hold the numbers of ID cards."""
    job = job_queries.job_or_404(job_id, for_user=current_user)
    mine = job.kind == sheet_files.JOB and job.by_id == current_user.id
    if not mine or job.params["distribution_id"] != distribution_id:
        abort(404)
    return job


@bp.get("/<int:distribution_id>/to-ky-nhan/<int:job_id>")
@allow(*queries.WRITERS)
def sheets_made(distribution_id: int, job_id: int) -> Response:
    """How far a long print is, and the way to its file."""
    distribution, job = handed_out(distribution_id), _job_or_404(distribution_id, job_id)
    here = url_for("distributions.sheets_made", distribution_id=distribution_id, job_id=job.id)
    stop = url_for("jobs.cancel", job_id=job.id) if job.state not in ENDED else None
    return page(
        "distributions/sheets_made.html",
        distribution=distribution,
        job=job,
        progress=progress_of(job, url=here, cancel_url=stop),
        is_ready=job.state == "done" and made.made_file(sheet_files.file_of(job)).exists(),
    )


@bp.get("/<int:distribution_id>/to-ky-nhan/<int:job_id>/tep")
@allow(*queries.WRITERS)
def sheets_file(distribution_id: int, job_id: int) -> Response:
    """The file of a long print."""
    handed_out(distribution_id)
    job = _job_or_404(distribution_id, job_id)
    path = made.made_file(sheet_files.file_of(job))
    if job.state != "done" or not path.exists():
        abort(404)
    db.session.rollback()
    return send_file(
        path, mimetype="application/pdf", download_name=f"danh-sach-ky-nhan-{distribution_id}.pdf"
    )
