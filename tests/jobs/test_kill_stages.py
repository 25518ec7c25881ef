"""A large import killed (kill -9) at ten stages: nothing or everything visible, and a second run leaves the same books."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from portal.config import Config
from portal.jobs import worker
from portal.kit.audit import COMMAND_LINE, acting
from portal.kit.db import db, writing
from portal.ledger.models import Posting
from portal.operate import verify
from portal.statements import actions, importing, posting, staging
from portal.statements.actions import import_file
from portal.statements.models import Statement, StatementLine
from tests.cast import make_account, make_campaign, make_unit
from tests.conftest import build, close, configure
from tests.statements.samples import ACCOUNT, write_vcb_csv

ROWS = 100_000
CHUNKS = ("chunk 1", "chunk 5", "chunk 10", "chunk 15", "chunk 20")
STAGES = (*CHUNKS, "transfers", "gifts", "totals", "before the commit", "after the commit")
STEPS = {  # looked up when the file is read, so that a new name is missed by every run, not by the long one alone
    "transfers": (posting, posting._transfer),
    "gifts": (posting, posting._record_gifts),
    "totals": (posting, posting.add_moved),
    "before the commit": (importing, importing.post_statement),
}
LEDGER = """
    SELECT posting.number, posting.kind, posting.document_on, transfer.ordinal, transfer.booked_on,
           transfer.amount, source.key AS source, target.key AS target
      FROM ledger_posting AS posting JOIN ledger_transfer AS transfer ON transfer.posting_number = posting.number
      JOIN ledger_account AS source ON source.id = transfer.credit_id
      JOIN ledger_account AS target ON target.id = transfer.debit_id
     ORDER BY posting.number, transfer.ordinal
"""
GIFTS = "SELECT id, posting_number, ordinal, amount, text FROM donation ORDER BY id"
TOTALS = """
    SELECT account.key, total.day, total.debit, total.credit
      FROM ledger_day_total AS total JOIN ledger_account AS account ON account.id = total.account_id
     ORDER BY account.key, total.day
"""


def ledger_hash() -> str:
    """SHA-256 over the books, whatever the engine: documents, transfers, gifts, running totals."""
    digest = hashlib.sha256()
    for sql in (LEDGER, GIFTS, TOTALS):
        for row in db.session.execute(text(sql)):
            digest.update("|".join(str(value) for value in row).encode() + b"\n")
    db.session.rollback()
    return digest.hexdigest()


def _die(*_args: Any, **_options: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _then_die(done: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **options: Any) -> Any:
        done(*args, **options)
        _die()

    return wrapper


def bring_and_die(config: Config, path: Path, stage: str) -> None:
    """Import, and kill this very process at a stage."""
    if stage.startswith("chunk"):
        insert, left = staging.insert_lines, [int(stage.split()[1])]

        def insert_or_die(values: list[tuple]) -> None:
            insert(values)
            left[0] -= 1
            if not left[0]:
                _die()

        staging.insert_lines = insert_or_die
    elif stage == "after the commit":
        actions.follow_pledges = _die  # type: ignore[assignment]
    else:
        module, step = STEPS[stage]
        setattr(module, step.__name__, _then_die(step))
    app = build(config)
    with app.app_context():
        outcome = import_file(path, account_code="TK1", campaign_code="D1")
    raise SystemExit(f"{stage}: not reached: {outcome.messages}")


def make_places() -> None:
    """What the file belongs to."""
    unit = make_unit(code="TPH", name="Xã Tân Phú Hòa")
    make_account(unit=unit, code="TK1", number=ACCOUNT)
    make_campaign(unit=unit, code="D1")
    db.session.commit()


@pytest.fixture
def path(tmp_path, db_session) -> Path:
    """A statement of 100.000 lines; its account and campaign exist."""
    make_places()
    write_vcb_csv(tmp_path / "saoke.csv", rows=ROWS)
    return tmp_path / "saoke.csv"


def assert_all_or_nothing(whole: bool) -> None:
    """What people see of the statement: all of it, or none."""
    posted = db.session.scalar(select(func.count()).select_from(Statement).where(Statement.state == "posted"))
    documents = db.session.scalar(select(func.count()).select_from(Posting))
    assert (posted, bool(documents)) == ((1, True) if whole else (0, False))


@pytest.mark.soak
def test_killed_at_ten_stages_and_run_anew(app, config, path, sqlite_template, tmp_path, db_session) -> None:
    hashes = {}
    spawn = multiprocessing.get_context("spawn")
    for stage in STAGES:
        db.session.rollback()  # the process that follows must find the books free
        close(app)
        process = spawn.Process(target=bring_and_die, args=(config, path, stage))
        process.start()
        process.join(300)
        assert process.exitcode == -signal.SIGKILL, stage
        assert_all_or_nothing(stage == "after the commit")
        if stage == "after the commit":
            hashes[stage] = ledger_hash()
            break
        db.session.rollback()
        worker.recover()
        _let_the_queue_go()
        assert_all_or_nothing(False)
        lines = db.session.scalar(select(func.count()).select_from(StatementLine))
        assert lines == 0, "nothing staged is left"
    outcome = import_file(path, account_code="TK1", campaign_code="D1")
    assert (outcome.new, outcome.duplicates) == (0, ROWS)
    assert (
        ledger_hash() == hashes["after the commit"] == undisturbed(sqlite_template, tmp_path / "twin", path)
    )
    assert verify.first_problem(db.session.connection()) is None


def _let_the_queue_go() -> None:
    """The job would be taken up again by itself: here the next stage brings the file anew."""
    from portal.jobs import actions
    from portal.jobs.models import Job
    from portal.jobs.steps import step

    with step():
        for job in db.session.scalars(select(Job).where(Job.state == "waiting")):
            actions.end(job, "failed", "Dừng để thử lại.")


def undisturbed(template: Path, folder: Path, path: Path) -> str:
    """The hash of the same file imported without a disturbance, into a portal of its own on SQLite."""
    folder.mkdir()
    shutil.copyfile(template, folder / "portal.sqlite3")
    config = configure(folder, f"sqlite:///{folder / 'portal.sqlite3'}")
    spawn = multiprocessing.get_context("spawn")
    out = spawn.Queue()
    process = spawn.Process(target=_bring_undisturbed, args=(config, path, out))
    process.start()
    found = out.get(timeout=300)
    process.join(60)
    return found


def _bring_undisturbed(config: Config, path: Path, out: Any) -> None:
    app = build(config)
    with app.app_context(), acting(None, COMMAND_LINE):
        with writing():
            make_places()
        import_file(path, account_code="TK1", campaign_code="D1")
        out.put(ledger_hash())
