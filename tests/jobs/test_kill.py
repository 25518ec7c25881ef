"""A process killed in the middle of an import leaves nothing half written; the next worker cleans up."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.config import Config
from portal.donations.models import Donation
from portal.jobs import worker
from portal.jobs.models import Job
from portal.kit.db import db
from portal.ledger.models import Account, DayTotal, Posting, Transfer
from portal.ledger.queries import account_balance
from portal.statements import staging
from portal.statements.actions import import_file
from portal.statements.models import Statement, StatementLine
from tests.cast import make_account, make_campaign
from tests.conftest import build
from tests.statements.samples import ACCOUNT, write_vcb_csv

CHUNK = 200
ROWS = 3_000


def bring_in_a_process(config: Config, path: Path, moment: str) -> None:
    """Import, and kill this very process at `moment`: "chunk N", "posting" (before its commit), or ""."""
    from portal.statements import importing

    staging.CHUNK = CHUNK
    if moment.startswith("chunk"):
        insert, left = staging.insert_lines, [int(moment.split()[1])]

        def insert_or_die(values: list[tuple]) -> None:
            insert(values)
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        staging.insert_lines = insert_or_die
    elif moment == "posting":
        post = importing.post_statement

        def post_and_die(*args, **options) -> None:
            post(*args, **options)
            os.kill(os.getpid(), signal.SIGKILL)

        importing.post_statement = post_and_die
    app = build(config)
    with app.app_context():
        import_file(path, account_code="TK1", campaign_code="D1")
    os._exit(0)


def start(config: Config, path: Path, moment: str = "") -> multiprocessing.Process:
    process = multiprocessing.get_context("spawn").Process(
        target=bring_in_a_process, args=(config, path, moment)
    )
    process.start()
    return process


@pytest.fixture
def path(tmp_path, commune, db_session) -> Path:
    """A statement; its account and campaign exist."""
    make_account(unit=commune, code="TK1", number=ACCOUNT)
    make_campaign(unit=commune, code="D1")
    db_session.commit()
    write_vcb_csv(tmp_path / "saoke.csv", rows=ROWS)
    return tmp_path / "saoke.csv"


def count(what) -> int:
    return db.session.scalar(select(func.count()).select_from(what)) or 0


def clean_up() -> None:
    """What the worker of the restarted portal does first."""
    db.session.rollback()
    worker.recover()
    db.session.rollback()


def assert_all_or_nothing() -> None:
    """Either the whole statement stands in the books or none of it, and no staged line is left."""
    whole = select(Statement).where(Statement.state == "posted", Statement.new_rows > 0)
    posted = db.session.scalars(whole).one_or_none()
    lines = ROWS if posted else 0
    assert count(StatementLine) == lines
    assert (count(Donation) > 0) == (count(DayTotal) > 0) == (count(Posting) > 0) == (posted is not None)
    if posted:
        bank = db.session.scalars(select(Account.id).where(Account.kind == "bank")).one()
        assert account_balance(bank) == posted.closing
        assert count(Transfer) == ROWS + 1  # and the opening balance
    assert db.session.scalar(select(Statement.id).where(Statement.state == "staged")) is None
    assert set(db.session.scalars(select(Job.state))) <= {"failed", "waiting", "done"}


@pytest.mark.parametrize("moment", ["chunk 1", "chunk 9", "posting"])
def test_a_killed_import_leaves_nothing_and_can_be_done_anew(config, path, db_session, moment) -> None:
    process = start(config, path, moment)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert count(Posting) == count(Donation) == 0
    staged = {"chunk 1": 0, "chunk 9": 8 * CHUNK, "posting": ROWS}[moment]
    assert count(StatementLine) == staged  # what was committed before the kill, seen by nobody
    clean_up()
    assert_all_or_nothing()
    job = db_session.scalars(select(Job)).one()
    assert job.state == "waiting"  # the file is still there: taken up again
    assert worker.work_once() and job.state == "done"
    assert_all_or_nothing()
    assert count(Donation) > 0


@pytest.mark.soak
@pytest.mark.parametrize("turn", range(40))
def test_killed_at_any_moment(config, path, db_session, turn) -> None:
    process = start(config, path)
    time.sleep(random.Random(turn).uniform(0.5, 4.0))
    process.kill()
    process.join(60)
    clean_up()
    assert_all_or_nothing()
    outcome = import_file(path, account_code="TK1", campaign_code="D1")
    assert outcome.accepted and outcome.new in (0, ROWS)
    clean_up()
    assert_all_or_nothing()
