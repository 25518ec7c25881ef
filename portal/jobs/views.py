"""Background work on screen: how far it has come, stopping it, and where its result is."""

from __future__ import annotations

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from portal.jobs import actions, queries
from portal.jobs.models import Job
from portal.jobs.progress import progress_of
from portal.kit.access import SIGNED_IN, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page

bp = Blueprint("jobs", __name__, url_prefix="/quan-ly/viec")


@bp.get("/<int:job_id>")
@allow(SIGNED_IN)
def show(job_id: int) -> Response:
    """How far a job has come, and the way to what came of it."""
    job = queries.job_or_404(job_id, for_user=current_user)
    return page(
        "jobs/show.html",
        job=job,
        progress=progress_of(
            job,
            url=url_for("jobs.show", job_id=job.id),
            cancel_url=url_for("jobs.cancel", job_id=job.id) if queries.may_stop(job, current_user) else None,
        ),
        result_url=_result_url(job),
    )


def _result_url(job: Job) -> str | None:
    """The page of what the job has made, when its result names one."""
    if job.kind == "statement_check":
        return url_for("statements.review", job_id=job.id)
    if table := (job.result or {}).get("table"):
        return url_for("imports.show", **table)
    statement_id = (job.result or {}).get("statement_id")
    return url_for("statements.show", statement_id=statement_id) if statement_id else None


@bp.post("/<int:job_id>/dung")
@allow(SIGNED_IN)
def cancel(job_id: int) -> Response:
    """Ask a job to stop: whoever began it, or an accountant or administrator of its unit."""
    job = queries.job_or_404(job_id, for_user=current_user)
    try:
        if not queries.may_stop(job, current_user):
            raise Refused(
                "Chỉ người bắt đầu việc này hoặc kế toán của đơn vị dừng được. Nhờ họ dừng việc này."
            )
        actions.request_cancel(job)
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "bad")
    response = go(url_for("jobs.show", job_id=job_id))
    db.session.commit()
    return response
