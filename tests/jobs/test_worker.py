"""Jobs: done in turn, ended whatever happens, taken up again or failed cleanly after their worker died."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.jobs import actions, liveness, queries, steps, worker
from portal.jobs.models import Job
from portal.jobs.steps import Cancelled, Progress, step
from portal.kit import audit
from portal.kit.db import db, now, writing
from portal.kit.errors import Busy, Refused

LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DEAD = "nowhere 1 1"


@pytest.fixture
def kind(monkeypatch):
    """A function that registers what the kind "test" does; gives the list of cleaned jobs."""
    cleaned: list[int] = []
    monkeypatch.setattr(worker, "FOLLOWERS", [])

    def register(run, again=lambda job: False) -> list[int]:
        monkeypatch.setitem(worker.KINDS, "test", worker.Kind(run, cleaned.append, again))
        return cleaned

    return register


def make_job(**fields) -> Job:
    job = actions.open_job("test", "Việc thử", unit_id=fields.pop("unit_id", None), by=fields.pop("by", None))
    for name, value in fields.items():
        setattr(job, name, value)
    db.session.commit()
    return job


def done(job: Job, told=None) -> None:
    job_id = job.id
    with step():
        actions.end(db.session.get_one(Job, job_id), "done", "Xong.", {"who": audit.actor()[1]})


def raising(error: Exception):
    def run(job: Job, told=None) -> None:
        raise error

    return run


def test_jobs_are_done_in_turn_in_the_name_of_whoever_asked(db_session, kind, officer) -> None:
    kind(done)
    first, second = make_job(by=officer), make_job()
    assert worker.work_once() and first.state == "done" and second.state == "waiting"
    assert first.result == {"who": officer.name} and first.started_at and first.finished_at
    assert worker.work_once() and second.result == {"who": audit.COMMAND_LINE}
    assert not worker.work_once()


@pytest.mark.parametrize(
    ("error", "state", "message"),
    [
        (Refused("Tệp này không đúng. Chọn tệp khác."), "failed", "Tệp này không đúng. Chọn tệp khác."),
        (Cancelled(), "cancelled", worker.STOPPED),
        (ValueError("secret detail"), "failed", worker.UNEXPECTED),
    ],
)
def test_whatever_goes_wrong_the_job_ends_and_is_cleaned(
    db_session, kind, caplog, error, state, message
) -> None:
    cleaned = kind(raising(error))
    job = make_job()
    assert worker.work_once()
    assert (job.state, job.message, cleaned) == (state, message, [job.id])
    assert ("secret detail" in caplog.text) == isinstance(error, ValueError)


def test_a_dead_job_is_failed_cleanly_or_taken_up_again_but_not_for_ever(db_session, kind) -> None:
    cleaned = kind(done)
    lost = make_job(state="running", alive_at=LONG_AGO, params={"worker": DEAD, "tries": 1})
    worker.recover()
    assert (lost.state, lost.message, cleaned) == ("failed", worker.BROKEN_OFF, [lost.id])
    kind(done, again=lambda job: True)
    again = make_job(state="running", alive_at=LONG_AGO, params={"worker": DEAD, "tries": 1})
    killer = make_job(state="running", alive_at=LONG_AGO, params={"worker": DEAD, "tries": worker.TRIES})
    stopped = make_job(state="running", alive_at=LONG_AGO, params={"worker": DEAD}, cancel_requested=True)
    worker.recover()
    assert [again.state, killer.state, stopped.state] == ["waiting", "failed", "cancelled"]
    assert worker.work_once() and again.state == "done" and again.params["tries"] == 2


def test_a_living_job_is_left_alone(db_session, kind) -> None:
    kind(done)
    mine = make_job(state="running", alive_at=now(), params={"worker": liveness.signature()})
    elsewhere = make_job(state="running", alive_at=now(), params={"worker": DEAD})
    worker.recover()
    assert mine.state == elsewhere.state == "running"


def test_a_process_of_this_machine_that_is_gone_is_known_at_once() -> None:
    host, number, started = liveness.signature().split(" ")
    assert not liveness.is_dead(f"{host} {number} {started}", now())
    assert liveness.is_dead(f"{host} {number} {int(started) + 1}", now())  # the number was used again
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    assert liveness.is_dead(f"{host} {child} 5", now())
    assert (
        not liveness.is_dead(DEAD, now())
        and liveness.is_dead(DEAD, LONG_AGO)
        and liveness.is_dead(None, None)
    )


def test_cancel_is_heard_at_the_next_step(db_session, kind) -> None:
    job = make_job()
    with step():
        actions.begin(job)
    progress = Progress(job.id)
    with step():
        progress.advance(10, 100)
    assert (job.done, job.total) == (10, 100)
    with step():
        actions.request_cancel(job)
    with pytest.raises(Cancelled), step():
        progress.advance(20)
    db_session.rollback()
    assert job.done == 10 and job.state == "running"


def test_a_job_that_was_buried_stops_its_late_worker(db_session, kind) -> None:
    job = make_job(state="failed")
    with pytest.raises(Cancelled), step():
        Progress(job.id).advance(5)


def test_an_ended_job_cannot_be_stopped(db_session, kind) -> None:
    job = make_job(state="done")
    with pytest.raises(Refused, match="đã kết thúc"):
        actions.request_cancel(job)


def test_a_step_is_all_or_nothing(db_session) -> None:
    with pytest.raises(ZeroDivisionError), step():
        actions.open_job("test", "Dở dang", unit_id=None, by=None)
        raise ZeroDivisionError
    db_session.rollback()
    assert db_session.scalar(select(Job)) is None


def test_background_work_waits_longer_than_people_but_not_for_ever(app, engine, monkeypatch) -> None:
    if engine != "sqlite":
        pytest.skip("on PostgreSQL nobody waits for a file")
    holding, let_go = threading.Event(), threading.Event()
    monkeypatch.setattr("portal.kit.locks.MAX_WAIT_SECONDS", 0.1)
    with app.app_context():
        lock = db.engine  # built before the thread begins

    def hold() -> None:
        with app.app_context(), writing():
            db.session.execute(select(Job))
            holding.set()
            let_go.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(5) and lock is not None
    monkeypatch.setattr(steps, "PATIENCE", 0.0)
    with app.app_context(), pytest.raises(Busy), step():
        pass
    monkeypatch.setattr(steps, "PATIENCE", 30.0)
    threading.Timer(0.2, let_go.set).start()
    with app.app_context(), step():
        db.session.add(Job(kind="test", title="Đã tới lượt"))
    thread.join()
    with app.app_context():
        assert db.session.scalars(select(Job.title)).one() == "Đã tới lượt"


def test_the_worker_runs_until_told_to_stop_and_survives_a_stumble(app, kind, monkeypatch, caplog) -> None:
    kind(done)
    stumbles = iter([RuntimeError("stumble")])

    def stumble() -> None:
        error = next(stumbles, None)
        if error:
            raise error

    monkeypatch.setattr(worker, "recover", stumble)
    monkeypatch.setattr(worker, "PAUSE", 0.05)
    with app.app_context(), step():
        job = actions.open_job("test", "Việc thử", unit_id=None, by=None)
        job_id = job.id
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(app, stop))
    thread.start()
    until = time.monotonic() + 10
    state = "waiting"
    while state != "done" and time.monotonic() < until:
        time.sleep(0.05)
        with app.app_context():
            state = db.session.get_one(Job, job_id).state
    stop.set()
    thread.join(5)
    assert state == "done" and not thread.is_alive() and "stumbled" in caplog.text


def test_followers_move_in_steps_of_their_own(db_session, monkeypatch) -> None:
    left = [3, 2, 0]
    monkeypatch.setattr(worker, "FOLLOWERS", [])
    worker.follow(lambda: left.pop(0))
    assert [worker.work_once() for _ in range(3)] == [True, True, False]


def test_a_person_sees_their_own_jobs_and_those_of_their_units(db_session, cast) -> None:
    own = make_job(by=cast.outsider)
    commune = make_job(unit_id=cast.commune.id)
    assert [job.id for job in db_session.scalars(queries.jobs_for(cast.outsider))] == [own.id]
    assert [job.id for job in db_session.scalars(queries.jobs_for(cast.auditor))] == [commune.id]
    assert Path("/proc/self/stat").exists()  # what liveness rests on
