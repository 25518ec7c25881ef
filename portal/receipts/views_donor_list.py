"""Danh sách ủng hộ on screen: what should stand on it, how far its making has come, the file."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.campaigns.queries import campaigns_of
from portal.jobs import queries as jobs
from portal.jobs import worker
from portal.jobs.actions import ENDED
from portal.jobs.models import Job
from portal.jobs.progress import progress_of
from portal.kit import made
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import MIMETYPES
from portal.kit.web import go, page
from portal.ledger.models import BankAccount
from portal.people.queries import readable_units
from portal.receipts import list_files
from portal.receipts.donor_list import scope_for
from portal.receipts.forms import ListForm
from portal.receipts.views import bp
from portal.receipts.views_answers import READERS, file_answer, sample
from portal.units.models import Unit

TYPES = {**MIMETYPES, "pdf": "application/pdf"}


def _form() -> ListForm:
    form, mine = ListForm(), readable_units(current_user)
    units = db.session.scalars(select(Unit).where(Unit.id.in_(mine)).order_by(Unit.id)).all()
    accounts = db.session.scalars(
        select(BankAccount).where(BankAccount.unit_id.in_(mine)).order_by(BankAccount.code)
    )
    form.unit_id.offer([(unit.id, unit.name) for unit in units])
    form.campaign_id.offer([(item.id, item.name) for item in campaigns_of(mine)])
    form.account_id.offer([(account.id, f"{account.number} {account.bank}") for account in accounts])
    if request.method == "GET":
        form.unit_id.data = units[0].id if units else None
        form.start.data = form.end.data.replace(month=1, day=1)
    return form


@bp.get("/danh-sach")
@allow(*READERS)
def new_list() -> Response:
    """What should stand on the list."""
    return page("receipts/list_new.html", form=_form())


@bp.post("/danh-sach")
@allow(*READERS)
def make_list() -> Response:
    """Put its making in the queue, whatever its size."""
    form = _form()
    if form.validate_on_submit():
        try:
            scope = scope_for(
                current_user,
                unit_id=form.unit_id.data,
                start=form.start.data,
                end=form.end.data,
                campaign_id=form.campaign_id.data,
                account_id=form.account_id.data,
            )
            job = list_files.ask_for(scope, form.file.data, by=current_user, sample=sample())
            response = go(url_for("receipts.list_made", job_id=job.id))
            db.session.commit()
            worker.wake()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return page("receipts/list_new.html", form=form, status=form.status)


def _job_or_404(job_id: int) -> Job:
    """The person's own: a list holds names of every unit below the one it was asked for."""
    job = jobs.job_or_404(job_id, for_user=current_user)
    if job.kind != list_files.JOB or job.by_id != current_user.id:
        abort(404)
    return job


@bp.get("/danh-sach/<int:job_id>")
@allow(*READERS)
def list_made(job_id: int) -> Response:
    """How far the list is, and the way to its file."""
    job = _job_or_404(job_id)
    stop = url_for("jobs.cancel", job_id=job.id) if job.state not in ENDED else None
    return page(
        "receipts/list_made.html",
        job=job,
        progress=progress_of(job, url=url_for("receipts.list_made", job_id=job.id), cancel_url=stop),
        ending=job.params["ending"],
        is_ready=job.state == "done" and made.made_file(list_files.file_of(job)).exists(),
    )


@bp.get("/danh-sach/<int:job_id>/tep")
@allow(*READERS)
def list_file(job_id: int) -> Response:
    """The file of a list."""
    job = _job_or_404(job_id)
    path, ending = made.made_file(list_files.file_of(job)), job.params["ending"]
    if job.state != "done" or not path.exists():
        abort(404)
    return file_answer(path, f"danh-sach-ung-ho.{ending}", TYPES[ending], attached=ending != "pdf")
