"""Does what waits in the `job` table: in a thread of the server, or as a process (`portal worker`)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from portal.jobs import actions, queries
from portal.jobs.models import Job
from portal.jobs.steps import Cancelled, Told, step
from portal.kit.audit import COMMAND_LINE, acting
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.people.models import User

PAUSE = 1.0  # seconds between two looks at an empty queue
TRIES = 2  # a job that killed its worker twice is not taken up a third time

BROKEN_OFF = "Máy chủ dừng giữa chừng nên việc này chưa xong. Chưa có gì được ghi. Hãy làm lại từ đầu."
UNEXPECTED = (
    "Việc này dừng vì một lỗi của phần mềm. Chưa có gì được ghi. Hãy báo người quản trị xem nhật ký máy chủ."
)
STOPPED = "Đã dừng theo yêu cầu. Chưa có gì được ghi."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """What a room registers: `run` does the work and ends the job; `clean` removes what broken-off work left.

    `again`: whether work that broke off can be done anew without asking anybody.
    """

    run: Callable[[Job, Told | None], Any]
    clean: Callable[[int], None]
    again: Callable[[Job], bool] = lambda job: False


KINDS: dict[str, Kind] = {}
FOLLOWERS: list[
    Callable[[], int]
] = []  # watermarks that follow the books; each returns how many rows it moved
_wake = threading.Event()


def register(kind: str, work: Kind) -> None:
    """A room says how its kind of job is done."""
    KINDS[kind] = work


def follow(follower: Callable[[], int]) -> None:
    """Call `follower` whenever there is time, until it returns 0; it takes its own steps."""
    if follower not in FOLLOWERS:
        FOLLOWERS.append(follower)


def wake() -> None:
    """Tell the embedded worker that something waits (after the commit); others find it within a second."""
    _wake.set()


def run_forever(app: Flask, stop: threading.Event) -> None:
    """Work until `stop` is set. An error is logged and the next job goes on."""
    while not stop.is_set():
        try:
            with app.app_context():
                busy = work_once()
        except Exception:
            log.exception("the worker stumbled and goes on")
            busy = False
        if not busy:
            _wake.wait(PAUSE)
            _wake.clear()


def work_once() -> bool:
    """Bury the dead, do one waiting job, follow the books one piece. True when there may be more to do."""
    recover()
    job = _take() if queries.is_waiting() else None
    db.session.rollback()
    if job is not None:
        carry_out(job)
        return True
    return any(follower() > 0 for follower in FOLLOWERS)


def _take() -> Job | None:
    with step():
        job = queries.next_waiting()
        if job is not None:
            actions.begin(job)
    return job


def carry_out(job: Job, told: Told | None = None) -> Any:
    """Do a job that `actions.begin` has begun, in the name of whoever asked; returns what `run` returns.

    `told(done, total)` hears of the progress. Whatever goes wrong, nothing half done stays and the job ends:
    Refused and Cancelled end here; other errors are logged and end here too.
    """
    work, job_id = KINDS[job.kind], job.id
    person = db.session.get(User, job.by_id) if job.by_id else None
    with acting(job.by_id, person.name if person else COMMAND_LINE):
        try:
            return work.run(job, told)
        except Cancelled:
            _break_off(work, job_id, "cancelled", STOPPED)
        except Refused as refused:
            _break_off(work, job_id, "failed", refused.text)
        except Exception:
            log.exception("job %s failed", job_id)
            _break_off(work, job_id, "failed", UNEXPECTED)
    return None


def _break_off(work: Kind, job_id: int, state: str, message: str) -> None:
    db.session.rollback()
    work.clean(job_id)
    with step():
        actions.end(db.session.get_one(Job, job_id), state, message)


def recover() -> None:
    """Take up again, or fail cleanly, what a dead process has left behind."""
    dead = [(job.id, job.kind) for job in queries.dead_jobs()]
    db.session.rollback()
    for job_id, kind in dead:
        bury(job_id, KINDS.get(kind))


def bury(job_id: int, work: Kind | None) -> None:
    """Remove what a dead job has left, then queue it anew if that is safe, or fail it."""
    if work is not None:
        work.clean(job_id)
    with step():
        job = db.session.get_one(Job, job_id)
        if job.state != "running":
            return
        if job.cancel_requested:
            actions.end(job, "cancelled", STOPPED)
        elif work is not None and job.params.get("tries", 0) < TRIES and work.again(job):
            actions.queue_again(job)
        else:
            actions.end(job, "failed", BROKEN_OFF)
