"""Posting a batch against the bare inserts of the same rows, and the statements that it needs.

    python -m bench.batches [LINES …]        default: 20 200 2000

Reference: the rows that the posting wrote into every table, ready in memory, written in one transaction by
sqlite3.executemany into a copy of the database as it was before (same indexes, triggers, durability).
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from secrets import token_hex
from statistics import median

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

from bench.report import measured, print_table, verdict
from portal import create_app
from portal.config import Config
from portal.kit.db import db, writing

LIMIT, LIMIT_LINES, LIMIT_STATEMENTS = 10, 200, 60
ROUNDS = 5
WATCHED = ("entry", "ledger_posting", "ledger_transfer", "donation", "donation_words", "audit_entry")
"""The tables into which a posting writes new rows; totals and counters, which change, are left out of the reference."""


def new_portal(folder: Path) -> Flask:
    """An empty portal with a unit and two people."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    app = create_app(Config(instance=folder, database_url=url, secret_key=token_hex(8)))
    with app.app_context():
        upgrade()
        with writing():
            _fill()
            db.session.commit()
    return app


def _fill() -> None:
    from portal.kit.access import APPROVER, RECORDER
    from portal.people.models import RoleGrant, User
    from portal.units.models import Unit

    unit = Unit(code="DO", name="Xã Đo Lường", level="xã")
    db.session.add(unit)
    db.session.flush()
    for name, role in (("Người Nhập", RECORDER), ("Người Ghi Sổ", APPROVER)):
        user = User(name=name, email=f"{role}@do.vn")
        user.grants.append(RoleGrant(unit_id=unit.id, role=role))
        db.session.add(user)
    db.session.flush()


def hand_in(count: int) -> int:
    """A batch of `count` lines, ready for the second person; its id."""
    from portal.batches import actions, lines, queries
    from portal.batches.pasted import Pasted
    from portal.ledger.queries import default_fund
    from portal.people.models import User
    from portal.units.models import Unit

    unit, by = db.session.query(Unit).one(), db.session.query(User).order_by(User.id).first()
    assert by is not None
    values = {"title": "Đo", "day": date(2026, 11, 2), "form": "cash"}
    batch = actions.make_batch(unit=unit, fund=default_fund(), by=by, values=values)
    rows = [
        {
            "donor": f"Nguyễn Thị Đo {number}",
            "address": f"ấp {number % 9}",
            "amount": f"{10 + number % 900}.000",
        }
        for number in range(count)
    ]
    lines.paste(batch, Pasted(rows, [], True), at=None, by=by, act=token_hex(8))
    totals = queries.totals_of(batch)
    batch.control_count, batch.control_sum = totals.count, totals.sum
    db.session.flush()
    actions.hand_in(batch, by=by)
    return batch.id


def post(batch_id: int) -> None:
    """What the second person's button does, with its commit."""
    from portal.batches.models import GiftBatch
    from portal.batches.posting import post_batch
    from portal.people.models import User

    by = db.session.query(User).order_by(User.id.desc()).first()
    assert by is not None
    post_batch(db.session.get_one(GiftBatch, batch_id), by=by)
    db.session.commit()


def statements_of(work: Callable[[], None]) -> int:
    """How many statements a piece of work sends."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def rows_of(path: Path) -> dict[str, list[tuple]]:
    """All rows of the watched tables, the oldest first."""
    with sqlite3.connect(path) as connection:
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in WATCHED}  # noqa: S608


def bare(path: Path, rows: dict[str, list[tuple]]) -> float:
    """Milliseconds of the same new rows by executemany in one transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    with measured() as watch:
        connection.execute("BEGIN IMMEDIATE")
        for name, values in rows.items():
            if values:
                marks = ",".join("?" * len(values[0]))
                connection.executemany(f"INSERT INTO {name} VALUES ({marks})", values)  # noqa: S608
        connection.execute("COMMIT")
    connection.close()
    return watch.seconds * 1000


def line_of(folder: Path, count: int) -> list[str]:
    """One line of the table: the median of some rounds, each with its reference beside it."""
    mine, theirs, used = [], [], 0
    app = new_portal(folder / f"so-{count}")
    path = folder / f"so-{count}" / "portal.sqlite3"
    for turn in range(ROUNDS + 1):
        with app.app_context(), writing():
            number = hand_in(count)
            db.session.commit()
        copy = folder / f"ban-{count}-{turn}.sqlite3"
        with sqlite3.connect(path) as live, sqlite3.connect(copy) as other:
            live.backup(other)
        before = rows_of(copy)
        with app.app_context(), writing(), measured() as watch:
            used = max(used, statements_of(lambda: post(number)))  # noqa: B023 (called at once)
        fresh = {name: rows[len(before[name]) :] for name, rows in rows_of(path).items()}
        took = bare(copy, fresh)
        if turn:  # the first round warms
            mine.append(watch.seconds * 1000)
            theirs.append(took)
    ratio = median(mine) / median(theirs)
    judged = f"≤ {LIMIT} {verdict(ratio, LIMIT)}" if count == LIMIT_LINES else ""
    return [
        str(count), f"{median(mine):.1f} ms", f"{median(theirs):.1f} ms", f"{ratio:.1f}", judged,
        f"{used} ≤ {LIMIT_STATEMENTS} {verdict(used, LIMIT_STATEMENTS)}",
    ]  # fmt: skip


def main(counts: list[int]) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [line_of(Path(folder), count) for count in counts]
        shutil.rmtree(folder, ignore_errors=True)
    heads = ["lines", "posting", "bare inserts", "ratio", "limit", "statements"]
    print_table("Posting a batch against the bare inserts of the same rows", heads, rows)


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [20, 200, 2_000])
