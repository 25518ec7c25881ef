"""Waiting for the one writer: bounded in time and number, in order of coming, and nothing typed is lost."""

from __future__ import annotations

import multiprocessing
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portal.kit import locks
from portal.kit.db import db, writing
from portal.kit.errors import Busy
from portal.kit.locks import WriteLock
from portal.kit.numbers import POSTING_LOCK
from tests.cast import make_campaign, sign_in

SPAWN = multiprocessing.get_context("spawn")


def hold(path: str, taken: Any, let_go: Any) -> None:
    """Another process that writes for as long as it likes."""
    fd = WriteLock(Path(path)).acquire()
    taken.set()
    let_go.wait(30)
    WriteLock.release(fd)


@pytest.fixture
def other_process(tmp_path: Path) -> Any:
    """(path of the lock, event that makes the other process let go)."""
    path, taken, let_go = tmp_path / "write.lock", SPAWN.Event(), SPAWN.Event()
    process = SPAWN.Process(target=hold, args=(str(path), taken, let_go))
    process.start()
    assert taken.wait(30)
    yield path, let_go
    let_go.set()
    process.join(30)


def test_the_wait_for_another_process_is_bounded(other_process: Any) -> None:
    path, let_go = other_process
    lock = WriteLock(path, max_wait=0.2)
    started = time.monotonic()
    with pytest.raises(Busy, match="Sổ đang có người ghi"):
        lock.acquire()
    assert 0.15 <= time.monotonic() - started < 5
    let_go.set()
    WriteLock.release(lock.acquire(max_wait=20))


def test_a_dead_writer_blocks_nobody(tmp_path: Path) -> None:
    path, taken, let_go = tmp_path / "write.lock", SPAWN.Event(), SPAWN.Event()
    process = SPAWN.Process(target=hold, args=(str(path), taken, let_go))
    process.start()
    assert taken.wait(30)
    process.kill()
    process.join(30)
    WriteLock.release(WriteLock(path, max_wait=5).acquire())


def test_only_so_many_may_wait(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path / "write.lock", max_wait=20, max_waiting=1)
    held = lock.acquire()
    got: list[int] = []
    waiter = threading.Thread(target=lambda: got.append(lock.acquire()))
    waiter.start()
    while lock._places._value:  # until the one place is taken
        time.sleep(0.01)
    with pytest.raises(Busy):
        lock.acquire()
    WriteLock.release(held)
    waiter.join(20)
    WriteLock.release(got.pop())


def test_first_come_first_served(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path / "write.lock", max_wait=20, max_waiting=8)
    held, order = lock.acquire(), []

    def take(number: int) -> None:
        fd = lock.acquire()
        order.append(number)
        WriteLock.release(fd)

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=take, args=(number,)))
        threads[-1].start()
        time.sleep(0.1)  # so that they come one after the other
    WriteLock.release(held)
    for thread in threads:
        thread.join(20)
    assert order == list(range(5))


def test_one_who_gave_up_does_not_keep_the_turn(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path / "write.lock")
    held = lock.acquire()
    with pytest.raises(Busy):
        lock.acquire(max_wait=0.1)
    WriteLock.release(held)
    WriteLock.release(lock.acquire(max_wait=5))


def test_a_busy_book_answers_503_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, cast, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    campaign = make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=None)
    typed = {
        "unit_id": str(cast.commune.id),
        "donor_name": "Nguyễn Thị Chờ",
        "amount": "750.000",
        "day": "01/03/2024",
        "campaign_id": str(campaign.id),
        "form_key": "k-busy",
    }
    sign_in(client, cast.officer)
    db.session.rollback()  # the test itself lets go of the books
    release = _occupy(app, engine, monkeypatch)
    try:
        answer = client.post("/quan-ly/khoan-ung-ho/moi", data=typed)
    finally:
        release()
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    page = answer.get_data(as_text=True)
    assert "Sổ đang có người ghi" in page and "Nguyễn Thị Chờ" in page and "750.000" in page
    again = client.post("/quan-ly/khoan-ung-ho/moi", data=typed)
    assert again.status_code == 303


def _occupy(app: Flask, engine: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Somebody else holds the books; returns what lets them go."""
    if engine == "sqlite":
        fd = WriteLock(app.config["PORTAL"].instance / "write.lock").acquire()
        monkeypatch.setattr(locks.WriteLock, "acquire", _impatient(WriteLock.acquire))
        return lambda: WriteLock.release(fd)
    connection = db.engine.connect()
    with writing():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTING_LOCK})
    return connection.close


def _impatient(acquire: Any) -> Any:
    return lambda self, max_wait=None: acquire(self, 0.2)
