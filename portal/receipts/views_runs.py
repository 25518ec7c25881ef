"""Runs of the printer on screen: what is left, its PDF, a jam, the end."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.jobs import queries as jobs
from portal.jobs import worker
from portal.jobs.actions import ENDED
from portal.jobs.models import Job
from portal.jobs.progress import JobOnPage, progress_of
from portal.kit import made
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import pdf_answer
from portal.kit.web import go, page
from portal.receipts import actions, printing, queries
from portal.receipts.documents import render_run
from portal.receipts.forms import JamForm
from portal.receipts.lists import run_state, runs_list
from portal.receipts.models import PrintRun
from portal.receipts.rules import AT_ONCE, sheet_of
from portal.receipts.views import bp
from portal.receipts.views_answers import PRINTERS, READERS, file_answer, gift_prefix, sample

RUNS = runs_list(lambda row: url_for("receipts.run", run_id=row.PrintRun.id))


@bp.get("/dot-in/")
@allow(*READERS)
def runs() -> Response:
    """Every print, the newest first."""
    rows = queries.listed_runs(current_user, run_state())
    listing = RUNS.run(rows, request.args, request.path)
    return RUNS.download(rows, request.args) or page(
        "receipts/runs.html", "list", status=listing.status, listing=listing
    )


@bp.get("/dot-in/<int:run_id>")
@allow(*READERS)
def run(run_id: int) -> Response:
    """One print: what came out, what is left, and what to say of a jam."""
    return _show(queries.run_or_404(run_id, for_user=current_user), JamForm())


def _show(found: PrintRun, form: JamForm) -> Response:
    places = queries.places_of(found)
    left = [place for place in places if place > found.printed]
    job, progress = _job_of(found)
    is_made = job is not None and job.state == "done" and made.made_file(printing.file_of(found)).exists()
    return page(
        "receipts/run.html",
        run=found,
        form=form,
        status=form.status,
        lines=len(places),
        out=len(places) - len(left),
        left=len(left),
        first_sheet=sheet_of(left[0]) if left else None,
        last_sheet=sheet_of(places[-1]),
        job=job,
        progress=progress,
        is_large=len(left) > AT_ONCE,
        is_ready=queries.is_kept_open(found) and (len(left) <= AT_ONCE or is_made),
        is_single=len(places) == 1,
        may_print=any(grant.role in PRINTERS for grant in current_user.grants),
    )


def _job_of(found: PrintRun) -> tuple[Job | None, JobOnPage | None]:
    """The work that makes a large run, for the page."""
    job = db.session.get(Job, found.job_id) if found.job_id else None
    if job is None or found.finished_at is not None:
        return None, None
    stop = None
    if job.state not in ENDED and jobs.may_stop(job, current_user):
        stop = url_for("jobs.cancel", job_id=job.id)
    return job, progress_of(job, url=url_for("receipts.run", run_id=found.id), cancel_url=stop)


@bp.get("/dot-in/<int:run_id>.pdf")
@allow(*READERS)
def run_pdf(run_id: int) -> Response:
    """What is left of a print as PDF: made here up to a hundred receipts, otherwise by the job."""
    found = queries.run_or_404(run_id, for_user=current_user)
    if not queries.is_kept_open(found):
        flash("Đợt in này đã kết thúc. Muốn in thêm thì chọn phiếu rồi lập đợt in mới.", "warning")
        return go(url_for("receipts.run", run_id=run_id))
    name = f"bien-lai-dot-{run_id}"
    left = queries.lines_left(found)
    if len(left) <= AT_ONCE:
        last = queries.places_of(found)[-1]
        return pdf_answer(render_run(left, last_place=last, gift_prefix=gift_prefix(), sample=sample()), name)
    path = made.made_file(printing.file_of(found))
    if not path.exists():
        flash("Bản in lớn đang được dàn trang. Chờ tiến độ xong rồi mở.", "warning")
        return go(url_for("receipts.run", run_id=run_id))
    return file_answer(path, f"{name}.pdf", "application/pdf")


def _change(run_id: int, change: Any, said: str) -> Response:
    found = queries.run_or_404(run_id, for_user=current_user)
    name = printing.file_of(found)
    try:
        change(found)
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "bad")
        return go(url_for("receipts.run", run_id=run_id))
    response = go(url_for("receipts.run", run_id=run_id))
    flash(said)
    db.session.commit()
    made.remove(name)
    return response


@bp.post("/dot-in/<int:run_id>/xong")
@allow(*PRINTERS)
def finish_run(run_id: int) -> Response:
    """Everything came out."""
    return _change(run_id, actions.finish, "Đã ghi: mọi phiếu của đợt này đã ra giấy.")


@bp.post("/dot-in/<int:run_id>/bo")
@allow(*PRINTERS)
def stop_run(run_id: int) -> Response:
    """Leave the rest unprinted."""
    return _change(run_id, actions.stop, "Đã bỏ phần còn lại. Phiếu chưa ra giấy trở lại “chưa in”.")


@bp.post("/dot-in/<int:run_id>/khong-ra")
@allow(*PRINTERS)
def take_back_run(run_id: int) -> Response:
    """A single paper did not come out after all."""
    return _change(run_id, actions.take_back, "Đã ghi: phiếu này chưa ra giấy. In lại vẫn là bản chính.")


@bp.post("/dot-in/<int:run_id>/ket")
@allow(*PRINTERS)
def jam(run_id: int) -> Response:
    """The printer jammed: what came out counts as printed, the rest waits."""
    found, form = queries.run_or_404(run_id, for_user=current_user), JamForm()
    if form.validate_on_submit():
        old = printing.file_of(found)
        try:
            came_out = form.came_out.data == "co"
            left = actions.report_jam(found, sheet=form.sheet.data, came_out=came_out)
            if left > AT_ONCE:
                actions.open_print_job(found, by=current_user, gift_prefix=gift_prefix(), sample=sample())
            response = go(url_for("receipts.run", run_id=run_id))
            flash(f"Đã ghi chỗ kẹt. Còn {left} phiếu, in tiếp từ tờ {sheet_of(found.printed) + 1}.")
            db.session.commit()
            made.remove(old)
            worker.wake()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(queries.run_or_404(run_id, for_user=current_user), form)


@bp.post("/dot-in/<int:run_id>/dan-trang")
@allow(*PRINTERS)
def make_again(run_id: int) -> Response:
    """Make the file of a large print anew: its work was stopped, or its file has been cleared away."""
    found = queries.run_or_404(run_id, for_user=current_user)
    if found.finished_at is not None:
        abort(404)
    actions.open_print_job(found, by=current_user, gift_prefix=gift_prefix(), sample=sample())
    response = go(url_for("receipts.run", run_id=run_id))
    db.session.commit()
    worker.wake()
    return response
