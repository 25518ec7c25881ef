"""Background work on screen: how far it has come, stopping it, and where its result is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from portal.jobs import actions, queries
from portal.jobs.models import Job
from portal.kit.access import SIGNED_IN, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.people.queries import may

bp = Blueprint("jobs", __name__, url_prefix="/quan-ly/viec")
WAITING = "Chờ tới lượt, thường trong vài giây."
STOPPERS = ("accountant", "administrator")


@dataclass(frozen=True)
class JobOnPage:
    """What `ui.job_progress` draws; `url` answers with the same piece."""

    state: str
    done: int
    total: int | None
    message: str
    url: str
    cancel_url: str | None


def progress_of(job: Job, url: str) -> JobOnPage:
    """A job for the page at `url`, which shows it again and again until it has ended."""
    stopping = job.cancel_requested and job.state not in actions.ENDED
    message = job.message or (WAITING if job.state == "waiting" else "")
    message = "Đang dừng theo yêu cầu." if stopping else message
    stop = None if stopping or not _may_stop(job) else url_for("jobs.cancel", job_id=job.id)
    return JobOnPage(job.state, job.done, job.total, message, url, stop)


def _may_stop(job: Job) -> bool:
    return job.by_id == current_user.id or may(current_user, STOPPERS, job.unit_id)


@bp.get("/<int:job_id>")
@allow(SIGNED_IN)
def show(job_id: int) -> Response:
    """How far a job has come, and the way to what came of it."""
    job = queries.job_or_404(job_id, for_user=current_user)
    return page(
        "jobs/show.html",
        job=job,
        progress=progress_of(job, url_for("jobs.show", job_id=job.id)),
        result_url=_result_url(job),
    )


def _result_url(job: Job) -> str | None:
    """The page of what the job has made, when its result names one."""
    if job.kind == "statement_check":
        return url_for("statements.review", job_id=job.id)
    statement_id = (job.result or {}).get("statement_id")
    return url_for("statements.show", statement_id=statement_id) if statement_id else None


@bp.post("/<int:job_id>/dung")
@allow(SIGNED_IN)
def cancel(job_id: int) -> Response:
    """Ask a job to stop: whoever began it, or an accountant or administrator of its unit."""
    job = queries.job_or_404(job_id, for_user=current_user)
    try:
        if not _may_stop(job):
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
