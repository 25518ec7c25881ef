"""Scans of signed sheets on screen: upload, what came back and what is missing, filing by hand."""

from __future__ import annotations

from flask import Response, abort, flash, url_for
from flask_login import current_user

from portal.distributions import actions_scans as actions
from portal.distributions import queries, scan_files
from portal.distributions import queries_scans as found
from portal.distributions.forms_handover import DropScanForm, FileScanForm, ScansForm
from portal.distributions.models import Distribution
from portal.distributions.models_handover import Sheet, SheetScan
from portal.distributions.views import bp
from portal.distributions.views_handover import handed_out, handed_out_to_write
from portal.jobs import queries as job_queries
from portal.jobs import worker
from portal.jobs.actions import ENDED
from portal.jobs.progress import progress_of
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.vietnamese import nfc
from portal.kit.web import go, page


@bp.get("/<int:distribution_id>/ban-quet")
@allow(*queries.READERS)
def scans(distribution_id: int) -> Response:
    """Pages that came back, pages that are missing, scans that wait to be filed."""
    return _show(handed_out(distribution_id), ScansForm(formdata=None))


def _show(
    distribution: Distribution, form: ScansForm, answered: tuple[int, PortalForm] | None = None
) -> Response:
    every = found.scans_of(distribution)
    sheets = found.newest_edition(distribution.id)
    filed: dict[int, list[SheetScan]] = {}
    for scan in every:
        if scan.sheet_id is not None and scan.dropped is None:
            filed.setdefault(scan.sheet_id, []).append(scan)
    return page(
        "distributions/scans.html",
        status=max(form.status, answered[1].status if answered else 200),
        distribution=distribution,
        form=form,
        sheets=sheets,
        older=[sheet for sheet in found.sheets_of(distribution) if sheet not in sheets and sheet.id in filed],
        filed=filed,
        missing=found.pages_missing(distribution),
        waiting=[scan for scan in every if scan.sheet_id is None and scan.dropped is None],
        dropped=[scan for scan in every if scan.dropped is not None],
        file_form=_file_form(distribution),
        drop_form=DropScanForm(formdata=None),
        answered=answered,
        may_write=queries.may_write(current_user, distribution),
    )


def _file_form(distribution: Distribution, *, empty: bool = True) -> FileScanForm:
    form = FileScanForm(formdata=None) if empty else FileScanForm()
    form.sheet_id.offer(
        [
            (
                sheet.id,
                f"Trang {sheet.page}/{sheet.pages}, hộ {sheet.first}–{sheet.last}, lần in {sheet.edition}",
            )
            for sheet in found.sheets_of(distribution)
        ]
    )
    return form


@bp.post("/<int:distribution_id>/ban-quet")
@allow(*queries.WRITERS)
def upload_scans(distribution_id: int) -> Response:
    """Take files along; they are read in the background."""
    distribution, form = handed_out_to_write(distribution_id), ScansForm()
    if form.validate_on_submit():
        try:
            uploads = [
                scan_files.Upload(nfc(one.filename or "tệp"), one.stream.read()) for one in form.files.data
            ]
            job = scan_files.ask_for(distribution, uploads, refused=form.files.refused, by=current_user)
            response = go(url_for("distributions.scans_read", distribution_id=distribution_id, job_id=job.id))
            db.session.commit()
            worker.wake()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(handed_out(distribution_id), form)


@bp.get("/<int:distribution_id>/ban-quet/viec/<int:job_id>")
@allow(*queries.READERS)
def scans_read(distribution_id: int, job_id: int) -> Response:
    """How far the reading is, then what became of every page."""
    distribution = handed_out(distribution_id)
    job = job_queries.job_or_404(job_id, for_user=current_user)
    if job.kind != scan_files.JOB or job.params["distribution_id"] != distribution_id:
        abort(404)
    here = url_for("distributions.scans_read", distribution_id=distribution_id, job_id=job_id)
    stop = url_for("jobs.cancel", job_id=job_id) if job.state not in ENDED else None
    return page(
        "distributions/scans_read.html",
        distribution=distribution,
        job=job,
        progress=progress_of(job, url=here, cancel_url=stop),
        lines=(job.result or {}).get("lines", []),
    )


def _scan_to_write(scan_id: int) -> SheetScan:
    scan = found.scan_or_404(scan_id, for_user=current_user)
    if not queries.may_write(current_user, _home(scan)):
        abort(403)
    return scan


def _home(scan: SheetScan) -> Distribution:
    return scan.sheet.distribution if scan.sheet else scan.distribution


@bp.post("/ban-quet/<int:scan_id>/xep")
@allow(*queries.WRITERS)
def file_scan(scan_id: int) -> Response:
    """Say which page a scan shows."""
    scan = _scan_to_write(scan_id)
    distribution_id = scan.distribution_id
    form = _file_form(scan.distribution, empty=False)
    if form.validate_on_submit():
        try:
            sheet = db.session.get_one(Sheet, form.sheet_id.data)
            actions.file_by_hand(scan, sheet, by=current_user)
            response = go(url_for("distributions.scans", distribution_id=distribution_id))
            flash(f"Đã xếp vào trang {sheet.page}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(handed_out(distribution_id), ScansForm(formdata=None), (scan_id, form))


@bp.post("/ban-quet/<int:scan_id>/bo")
@allow(*queries.WRITERS)
def drop_scan(scan_id: int) -> Response:
    """A scan does not count."""
    scan, form = _scan_to_write(scan_id), DropScanForm()
    distribution_id = _home(scan).id
    if form.validate_on_submit():
        try:
            actions.drop(scan, reason=form.reason.data or "", by=current_user)
            response = go(url_for("distributions.scans", distribution_id=distribution_id))
            flash("Đã bỏ bản quét này. Ảnh vẫn giữ trong kho tệp.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(handed_out(distribution_id), ScansForm(formdata=None), (scan_id, form))
