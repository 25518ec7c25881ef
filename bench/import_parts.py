"""The acts of `bench.import_statement`, each in a process of its own; each prints one line of JSON."""

from __future__ import annotations

import json
import multiprocessing
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg
from flask import Flask
from flask_migrate import upgrade
from psycopg.types.json import Jsonb
from sqlalchemy import event

from bench.report import measured
from portal import create_app
from portal.config import Config
from portal.kit.db import LockedConnection, db, is_sqlite, writing
from portal.kit.errors import Busy
from portal.kit.locks import WriteLock
from portal.operate.memory import stop_watching_memory
from tests import shared_work

FILLED = ("statement_line", "ledger_transfer", "donation")
BEFORE = ("unit", "fund", "bank_account", "campaign", "line_rule", "job", "statement", "entry")
BEFORE += ("ledger_account", "ledger_posting")
RULES = ("thu phi", "phi sms", "lai nhap von", "tra lai", "chuyen noi bo", "hoan tien", "phi quan ly")
PAUSE = 0.05


@dataclass
class Measured:
    """Seconds by the wall, MB; `longest`: the longest write transaction; `p95` of the waits of `saves`."""

    seconds: float = 0.0
    memory: int = 0
    longest: float = 0.0
    longest_cpu: float = 0.0
    index: float = 0.0
    saves: int = 0
    p95: float = 0.0

    def tell(self) -> None:
        """Print for the process that asked."""
        print(json.dumps(asdict(self)))


def open_portal(folder: str, url: str, *, fill: bool = True) -> Flask:
    """A portal on this database; with `fill` a new one, with an account, a campaign and ten rules."""
    shared_work.share()  # a portal that runs has compiled its SQL long ago
    app = create_app(Config(instance=Path(folder), database_url=url, secret_key="bench"))  # noqa: S106
    with app.app_context():
        shared_work.share_compiled_sql(db.engine)
    if fill:
        with app.app_context():
            upgrade()
            with writing():
                _fill()
                db.session.commit()
    stop_watching_memory()  # as every `portal` command does
    return app


def _fill() -> None:
    from portal.campaigns.models import Campaign
    from portal.ledger.models import BankAccount
    from portal.ledger.queries import default_fund
    from portal.statements.models_settling import LineRule
    from portal.units.models import Unit

    unit = Unit(code="TPH", name="Xã Tân Phú Hòa", level="xã")
    db.session.add(unit)
    db.session.flush()
    fund = default_fund()
    owner = {"unit_id": unit.id, "fund_id": fund.id}
    db.session.add(BankAccount(code="TK1", **owner, bank="Vietcombank", number="0011999000123"))
    days = {"starts_on": date(2026, 8, 1), "ends_on": date(2026, 11, 18)}
    db.session.add(Campaign(code="D1", name="Tháng cao điểm", **owner, **days))
    kinds = [("out", "fee", RULES[0]), ("out", "fee", RULES[1]), ("in", "interest", RULES[2])]
    kinds += [("in", "refund", RULES[3]), ("in", "own", RULES[4]), ("in", "refund", RULES[5])]
    kinds += [("out", "fee", RULES[6]), ("out", "spending", "ho tro"), ("in", "unclear", "chuyen nham")]
    kinds += [("in", "unclear", "xin lai tien")]
    for place, (direction, kind, words) in enumerate(kinds, start=1):
        about = {"position": place, "name": words, "direction": direction, "kind": kind, "words": words}
        db.session.add(LineRule(unit_id=unit.id, **about))


@contextmanager
def _locks() -> Iterator[tuple[list[float], list[float]]]:
    """How long each write transaction lasts: (wall, processor) from the lock to the end."""
    held: list[float] = []
    cpu: list[float] = []
    if is_sqlite():
        _watch_file_lock(held, cpu)
    else:
        _watch_transactions(held, cpu)
    yield held, cpu


def _watch_file_lock(held: list[float], cpu: list[float]) -> None:
    begun: dict[int, tuple[float, float]] = {}
    acquire, release = WriteLock.acquire, LockedConnection._release

    def timed_acquire(lock: WriteLock, max_wait: float | None = None) -> int:
        fd = acquire(lock, max_wait)
        begun[fd] = (time.perf_counter(), time.process_time())
        return fd

    def timed_release(connection: LockedConnection) -> None:
        fd = connection.write_lock_fd
        release(connection)
        if fd is not None:
            wall, processor = begun.pop(fd)
            held.append(time.perf_counter() - wall)
            cpu.append(time.process_time() - processor)

    WriteLock.acquire, LockedConnection._release = timed_acquire, timed_release  # type: ignore[method-assign]


def _watch_transactions(held: list[float], cpu: list[float]) -> None:
    """PostgreSQL: from taking the lock of the postings until the commit is done."""
    begun: list[tuple[float, float]] = []

    def after(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "pg_advisory_xact_lock" in statement and not begun:
            begun.append((time.perf_counter(), time.process_time()))

    def ended(*_: Any) -> None:
        if begun:
            wall, processor = begun.pop()
            held.append(time.perf_counter() - wall)
            cpu.append(time.process_time() - processor)

    event.listen(db.engine, "after_cursor_execute", after)
    event.listen(db.engine, "checkin", ended)  # "commit" is told before the database has it


def bring(folder: str, url: str, path: str, warm: str) -> None:
    """Import alone: time, memory, longest lock; then the time until the text index has followed.

    `warm`: the address of a database beside it, for a first small import.
    """
    _warm_up(Path(folder), warm)
    app = open_portal(folder, url)
    with app.app_context(), _locks() as (held, cpu):
        told = Measured(seconds=_import(path))
        told.memory, told.longest, told.longest_cpu = _highest(), max(held), max(cpu)
        from portal.statements import actions

        with measured() as watch:
            while actions.follow_pledges() or actions.follow_books():
                pass
        told.index = watch.seconds
    told.tell()


def _warm_up(folder: Path, url: str) -> None:
    """What is built once per process and engine (compiled SQL, addresses) is no part of the measurement."""
    from tests.statements.samples import write_vcb_csv

    path = folder / "warm.csv"
    write_vcb_csv(path, rows=300)
    app = open_portal(str(folder), url)
    with app.app_context():
        _import(str(path))
        db.session.remove()
        db.engine.dispose()


def _import(path: str) -> float:
    """Seconds of the import, without what follows by watermark."""
    from portal.statements import actions

    books, actions.follow_books = actions.follow_books, lambda: 0
    pledges, actions.follow_pledges = actions.follow_pledges, lambda: 0
    try:
        with measured() as watch:
            outcome = actions.import_file(Path(path), account_code="TK1", campaign_code="D1")
    finally:
        actions.follow_books, actions.follow_pledges = books, pledges
    if not outcome.accepted:
        raise SystemExit(f"the sample was refused: {outcome.messages}")
    return watch.seconds


def _highest() -> int:
    """The highest memory of this process so far, MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) >> 10 if found else 0


def bring_while_others_save(folder: str, url: str, path: str) -> None:
    """Import while another process saves one cash gift after the other; how long these waited."""
    app = open_portal(folder, url)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    spawn = multiprocessing.get_context("spawn")
    stop, ready, waits = spawn.Event(), spawn.Event(), spawn.Queue()
    saver = spawn.Process(target=_save, args=(folder, url, ready, stop, waits))
    saver.start()
    ready.wait(60)
    with app.app_context():
        took = _import(path)
    stop.set()
    waited = waits.get(timeout=60)
    saver.join(60)
    p95 = quantiles(waited, n=20)[-1] if len(waited) > 1 else max(waited)
    Measured(seconds=took, saves=len(waited), p95=p95).tell()


def _save(folder: str, url: str, ready: Event, stop: Event, out: Any) -> None:
    from sqlalchemy import select
    from sqlalchemy.exc import OperationalError

    from portal.campaigns.models import Campaign
    from portal.kit.audit import COMMAND_LINE, acting
    from tests.cast import make_donation

    app, waits = open_portal(folder, url, fill=False), []
    with app.app_context(), acting(None, COMMAND_LINE):
        ready.set()
        while not stop.is_set():
            begun = time.perf_counter()
            while True:
                with writing():
                    try:
                        campaign = db.session.scalars(select(Campaign)).one()
                        make_donation(campaign=campaign, day=date(2026, 9, 1), amount=10_000)
                        db.session.commit()
                        break
                    except (Busy, OperationalError):  # told that the books are busy: the person presses again
                        db.session.rollback()
            waits.append(time.perf_counter() - begun)
            time.sleep(PAUSE)
    out.put(waits)


def load_bare(folder: str, filled: str, empty: str) -> None:
    """The rows that the import wrote, by executemany or COPY into an empty database of the same shape."""
    app = create_app(Config(instance=Path(folder), database_url=empty, secret_key="bench"))  # noqa: S106
    with app.app_context():
        upgrade()
        sqlite = is_sqlite()
        db.session.remove()
        db.engine.dispose()
    load = _executemany if sqlite else _copy
    Measured(seconds=load(filled, empty)).tell()


def _executemany(filled: str, empty: str) -> float:
    source_path, target_path = (url.removeprefix("sqlite:///") for url in (filled, empty))
    source = sqlite3.connect(source_path)
    rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in FILLED}
    source.close()
    target = sqlite3.connect(target_path, isolation_level=None)
    target.execute("PRAGMA foreign_keys=OFF")
    target.execute(f"ATTACH DATABASE '{source_path}' AS filled")
    for table in BEFORE:
        target.execute(f"INSERT OR IGNORE INTO main.{table} SELECT * FROM filled.{table}")
    target.execute("DETACH DATABASE filled")
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        target.execute(f"PRAGMA {pragma}")
    with measured() as watch:
        target.execute("BEGIN IMMEDIATE")
        for table in FILLED:
            places = ",".join("?" * len(rows[table][0]))
            target.executemany(f"INSERT INTO {table} VALUES ({places})", rows[table])
        target.execute("COMMIT")
    target.close()
    return watch.seconds


def _copy(filled: str, empty: str) -> float:
    source, target = (psycopg.connect(_plain(url)) for url in (filled, empty))
    with source, target:
        target.execute("SET session_replication_role = replica")  # what is there before takes no part
        for table in BEFORE:
            target.execute(f'DELETE FROM "{table}"')  # type: ignore[call-overload]
            _copy_rows(target, table, source.execute(f'SELECT * FROM "{table}"').fetchall())  # type: ignore[call-overload]
        target.execute("SET session_replication_role = DEFAULT")
        target.commit()
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in FILLED}
        with measured() as watch:
            for table in FILLED:
                _copy_rows(target, table, rows[table])
            target.commit()
    return watch.seconds


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _copy_rows(target: psycopg.Connection, table: str, rows: list[tuple]) -> None:
    with target.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
        for row in rows:
            copy.write_row([Jsonb(value) if isinstance(value, dict | list) else value for value in row])
