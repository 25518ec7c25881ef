"""Statement import against a bare sqlite3.executemany of the same rows into the same tables and indexes.

    python -m bench.import_statement [ROWS …]        default: 10000 100000

Reference: the rows of all tables, ready in memory, written in one transaction by sqlite3.executemany into
a copy of the same database (same indexes, triggers, foreign keys, durability). The import reads and proves
the file besides. Verdicts are by the wall; processor time stands beside it, for noisy machines.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from bench.report import Stopwatch, measured, percent, print_table, seconds, verdict
from portal import create_app
from portal.config import Config
from portal.kit.db import LockedConnection, db, writing
from portal.kit.locks import WriteLock
from portal.operate.memory import stop_watching_memory
from tests.statements.samples import write_vcb_csv

LEAST_SPEED = 0.35
LONGEST_LOCK = 1.0
FILLED = ("statement_line", "ledger_transfer", "donation")


class Locks:
    """How long each write transaction held the lock; listens at the lock itself."""

    def __init__(self) -> None:
        self.taken: dict[int, float] = {}
        self.held: list[float] = []
        self.cpu: list[float] = []
        self.begun: dict[int, float] = {}
        acquire, release = WriteLock.acquire, LockedConnection._release

        def timed_acquire(lock: WriteLock, max_wait: float | None = None) -> int:
            fd = acquire(lock, max_wait)
            self.taken[fd], self.begun[fd] = time.perf_counter(), time.process_time()
            return fd

        def timed_release(connection: LockedConnection) -> None:
            fd = connection.write_lock_fd
            release(connection)
            if fd is not None:
                self.held.append(time.perf_counter() - self.taken.pop(fd))
                self.cpu.append(time.process_time() - self.begun.pop(fd))

        WriteLock.acquire, LockedConnection._release = timed_acquire, timed_release  # type: ignore[method-assign]


def new_portal(folder: Path) -> Flask:
    """An empty portal with one account and one campaign."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    app = create_app(Config(instance=folder, database_url=url, secret_key="bench"))  # noqa: S106
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
    from portal.units.models import Unit

    unit = Unit(code="TPH", name="Xã Tân Phú Hòa", level="xã")
    db.session.add(unit)
    db.session.flush()
    fund = default_fund()
    owner = {"unit_id": unit.id, "fund_id": fund.id}
    db.session.add(BankAccount(code="TK1", **owner, bank="Vietcombank", number="0011999000123"))
    days = {"starts_on": date(2026, 8, 1), "ends_on": date(2026, 11, 18)}
    db.session.add(Campaign(code="D1", name="Tháng cao điểm", **owner, **days))


def run_import(app: Flask, path: Path) -> Stopwatch:
    """Time of the import, without the text index that follows by watermark."""
    from portal.statements import actions

    with app.app_context():
        follow, actions.follow_books = actions.follow_books, lambda: 0
        try:
            with measured() as watch:
                outcome = actions.import_file(path, account_code="TK1", campaign_code="D1")
        finally:
            actions.follow_books = follow
        if not outcome.accepted:
            raise SystemExit(f"the sample was refused: {outcome.messages}")
    return watch


def run_follow(app: Flask) -> float:
    """Seconds until the text index has followed."""
    from portal.statements import actions

    with app.app_context(), measured() as watch:
        while actions.follow_books():
            pass
    return watch.seconds


def run_bare(filled: Path, empty: Path) -> Stopwatch:
    """Time of executemany for the rows that the import has written."""
    source = sqlite3.connect(filled)
    rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in FILLED}
    source.close()
    target = sqlite3.connect(empty, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        target.execute(f"PRAGMA {pragma}")
    _copy_the_rest(target, filled)
    with measured() as watch:
        target.execute("BEGIN IMMEDIATE")
        for table in FILLED:
            places = ",".join("?" * len(rows[table][0]))
            target.executemany(f"INSERT INTO {table} VALUES ({places})", rows[table])
        target.execute("COMMIT")
    target.close()
    return watch


def _copy_the_rest(target: sqlite3.Connection, filled: Path) -> None:
    """The rows that the measured ones refer to."""
    target.execute("PRAGMA foreign_keys=OFF")
    target.execute(f"ATTACH DATABASE '{filled}' AS filled")
    for table in ("job", "statement", "entry", "ledger_account", "ledger_posting"):
        target.execute(f"INSERT INTO main.{table} SELECT * FROM filled.{table}")
    target.execute("DETACH DATABASE filled")
    target.execute("PRAGMA foreign_keys=ON")


def measure(folder: Path, rows: int) -> list[object]:
    """One line of the table."""
    path = folder / f"{rows}.csv"
    write_vcb_csv(path, rows=rows)
    app = new_portal(folder / str(rows))
    database = folder / str(rows) / "portal.sqlite3"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    empty = shutil.copyfile(database, folder / f"{rows}-empty.sqlite3")
    locks = Locks()
    ours = run_import(app, path)
    longest, longest_cpu, count = max(locks.held), max(locks.cpu), len(locks.held)
    bare = run_bare(database, empty)
    locks.held.clear()
    index, index_lock = run_follow(app), max(locks.held)
    return [
        f"{rows:,}".replace(",", "."),
        seconds(bare.seconds),
        seconds(ours.seconds),
        percent(bare.seconds, ours.seconds),
        verdict(bare.seconds / ours.seconds, LEAST_SPEED, at_least=True),
        percent(bare.cpu, ours.cpu),
        seconds(longest),
        verdict(longest, LONGEST_LOCK),
        seconds(longest_cpu),
        count,
        seconds(index),
        seconds(index_lock),
        f"{1e6 * ours.seconds / rows:.0f} µs",
    ]


def main() -> None:
    """Print the table."""
    sizes = [int(text) for text in sys.argv[1:]] or [10_000, 100_000]
    heads = [
        "rows",
        "bare executemany",
        "import",
        "speed",
        "≥ 35%",
        "by processor",
        "longest lock",
        "≤ 1 s",
        "by processor",
        "locks",
        "text index after",
        "its longest lock",
        "per row",
    ]
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), 500)  # what is built once per process
        lines = [measure(Path(folder), rows) for rows in sizes]
    print_table("Statement import (SQLite)", heads, lines)


if __name__ == "__main__":
    main()
