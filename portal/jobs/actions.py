"""The life of a job: waiting → running → done, failed or cancelled. Every action flushes; a step commits."""

from __future__ import annotations

from typing import Any

from portal.jobs import liveness
from portal.jobs.models import Job
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.people.models import User

ENDED = ("done", "failed", "cancelled")


def open_job(
    kind: str, title: str, *, unit_id: int | None, by: User | None, params: dict[str, Any] | None = None
) -> Job:
    """Put work in the queue; a worker takes it up."""
    job = Job(
        kind=kind,
        title=title[:200],
        unit_id=unit_id,
        by_id=by.id if by else None,
        params=params or {},
        state="waiting",
    )
    db.session.add(job)
    db.session.flush()
    return job


def begin(job: Job) -> None:
    """This process takes the job up."""
    job.state, job.started_at, job.alive_at = "running", now(), now()
    job.done, job.message = 0, ""
    tries = job.params.get("tries", 0) + 1
    job.params = {**job.params, "worker": liveness.signature(), "tries": tries}
    db.session.flush()


def queue_again(job: Job) -> None:
    """Its worker died and the work can be done anew."""
    job.state, job.started_at, job.alive_at, job.done = "waiting", None, None, 0
    db.session.flush()


def end(job: Job, state: str, message: str, result: dict[str, Any] | None = None) -> None:
    """The job is done, failed or cancelled; `message` is for people, `result` for the page behind it."""
    if state not in ENDED:
        raise ValueError(f"a job does not end {state!r}")
    job.state, job.message, job.finished_at = state, message[:1000], now()
    if result is not None:
        job.result = result
    db.session.flush()


def request_cancel(job: Job) -> None:
    """Ask a job to stop; a waiting one stops at once. Raises Refused for one that has ended."""
    if job.state in ENDED:
        raise Refused("Việc này đã kết thúc nên không dừng được nữa. Tải lại trang để xem kết quả.")
    job.cancel_requested = True
    if job.state == "waiting":
        end(job, "cancelled", "Đã dừng trước khi bắt đầu. Chưa có gì được ghi.")
    db.session.flush()
