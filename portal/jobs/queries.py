"""Reading jobs: one within a person's units, the next to do, those whose worker has died."""

from __future__ import annotations

from sqlalchemy import Select, or_, select

from portal.jobs.liveness import is_dead
from portal.jobs.models import Job
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR
from portal.kit.db import db, is_sqlite
from portal.people.models import User
from portal.people.queries import may, readable_units

STOPPERS = (ACCOUNTANT, ADMINISTRATOR)


def jobs_for(user: User) -> Select[tuple[Job]]:
    """The jobs that a person has begun, and those of the units they may read."""
    return select(Job).where(or_(Job.by_id == user.id, Job.unit_id.in_(readable_units(user))))


def job_or_404(job_id: int, *, for_user: User) -> Job:
    """One job, if the person may see it; otherwise 404."""
    return db.one_or_404(jobs_for(for_user).where(Job.id == job_id))


def may_stop(job: Job, user: User) -> bool:
    """Whoever began a job may stop it, and the accountants and administrators of its unit."""
    return job.by_id == user.id or may(user, STOPPERS, job.unit_id)


def is_waiting() -> bool:
    """Whether a job waits for a worker; needs no lock."""
    return db.session.scalar(select(Job.id).where(Job.state == "waiting").limit(1)) is not None


def next_waiting() -> Job | None:
    """The job whose turn it is, locked against other workers (inside a step)."""
    waiting = select(Job).where(Job.state == "waiting").order_by(Job.id).limit(1)
    return db.session.scalar(waiting if is_sqlite() else waiting.with_for_update(skip_locked=True))


def dead_jobs() -> list[Job]:
    """Running jobs whose process is gone."""
    running = db.session.scalars(select(Job).where(Job.state == "running").order_by(Job.id))
    return [job for job in running if is_dead((job.params or {}).get("worker"), job.alive_at)]
