"""Bringing a statement: the command line at once, the upload page in two steps; the work is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.models import Job
from portal.jobs.steps import Progress, Told, step
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.ledger.models import BankAccount
from portal.people.models import User
from portal.statements import rules
from portal.statements.controls import Paper
from portal.statements.headers import fingerprint
from portal.statements.importing import CHECK, IMPORT, Source, check, follow_books, follow_pledges, target_of
from portal.statements.models import StatementMapping
from portal.statements.outcome import ImportOutcome


def import_file(
    path: str | Path,
    *,
    account_code: str | None,
    campaign_code: str | None = None,
    by: User | None = None,
    dry_run: bool = False,
    filename: str | None = None,
    progress: Told | None = None,
    paper: Paper | None = None,
) -> ImportOutcome:
    """Bring a statement now, in this process. Never raises Refused: the outcome says what was wrong.

    `paper`: control totals typed in from the paper. `progress(done, total)` hears of every chunk. Call it outside
    any transaction: it commits in short steps and leaves the session empty (records held by the caller are detached).
    """
    source = Source(Path(path).resolve(), filename or Path(path).name, paper or Paper())
    try:
        target = target_of(account_code, campaign_code)
        db.session.rollback()
        if dry_run:
            return check(source, target, Progress(None, progress))
        with step():
            params = {
                "path": str(source.path),
                "filename": source.filename,
                "account": target.account_code,
                "campaign": campaign_code,
                "paper": asdict(source.paper),
                "estimated": True,
            }
            job = jobs.open_job(IMPORT, _title(source), unit_id=target.unit_id, by=by, params=params)
            jobs.begin(job)
        job_id = job.id
        worker.carry_out(job, told=progress)
        outcome = ImportOutcome(**_result_of(job_id))
    except Refused as refused:
        return ImportOutcome.refused(refused)
    while follow_pledges() or follow_books():
        pass
    return outcome


def ask_check(path: Path, filename: str, *, account: BankAccount, campaign_code: str | None, by: User) -> Job:
    """Queue the check of an uploaded file. Raises Refused for an account and campaign that do not fit."""
    target_of(account.code, campaign_code)
    params: dict[str, Any] = {"path": str(path), "filename": filename, "account": account.code}
    params |= {"campaign": campaign_code, "estimated": True}
    title = f"Kiểm tra sao kê {filename}"
    return jobs.open_job(CHECK, title, unit_id=account.unit_id, by=by, params=params)


def check_again(check_job: Job, *, paper: Paper | None = None, by: User) -> Job:
    """Queue another check of the same file, with what was typed from the paper (None: as before)."""
    params = {name: check_job.params[name] for name in ("path", "filename", "account", "campaign")}
    params["estimated"] = True
    params["paper"] = asdict(paper) if paper is not None else check_job.params.get("paper")
    return jobs.open_job(CHECK, check_job.title, unit_id=check_job.unit_id, by=by, params=params)


def save_mapping(
    account: BankAccount, cells: Sequence[str], places: dict[str, int], *, by: User
) -> StatementMapping:
    """Keep what a person said of the columns under a header row; said again, it replaces the earlier word."""
    wanted = {"bank_account_id": account.id, "fingerprint": fingerprint(cells)}
    mapping = db.session.scalar(select(StatementMapping).filter_by(**wanted)) or StatementMapping(**wanted)
    mapping.headings, mapping.places = list(cells), places
    mapping.made_by_id, mapping.made_at = by.id, now()
    db.session.add(mapping)
    db.session.flush()
    return mapping


def forget_mapping(mapping: StatementMapping) -> None:
    """The next file with this header row is read as if nobody had said anything."""
    db.session.delete(mapping)
    db.session.flush()


def ask_import(check_job: Job, *, reason: str | None, by: User) -> Job:
    """Queue the posting of a file that was checked; a broken one needs a reason. Raises Refused.

    Asked twice, it gives the job of the first time.
    """
    earlier = import_of(check_job)
    if earlier is not None:
        return earlier
    if check_job.state != "done":
        raise Refused("Tệp này chưa kiểm tra xong. Chờ kết quả kiểm tra rồi ghi sổ.")
    checked = ImportOutcome(**(check_job.result or {}))
    if not checked.accepted:
        rules.check_override(reason, unread=0 if checked.can_override else 1)
    kept = {name: check_job.params[name] for name in ("path", "filename", "account", "campaign")}
    kept["paper"] = check_job.params.get("paper")
    reason = (reason or "").strip() or None
    params = {**kept, "rows": checked.rows, "reason": reason if not checked.accepted else None}
    job = jobs.open_job(
        IMPORT, f"Nạp sao kê {kept['filename']}", unit_id=check_job.unit_id, by=by, params=params
    )
    check_job.params = {**check_job.params, "import_job": job.id}
    db.session.flush()
    return job


def import_of(check_job: Job) -> Job | None:
    """The job that posts what was checked, unless it came to nothing."""
    known = check_job.params.get("import_job")
    job = db.session.get(Job, known) if known else None
    return job if job is not None and job.state not in ("failed", "cancelled") else None


def _title(source: Source) -> str:
    return f"Nạp sao kê {source.filename}"


def _result_of(job_id: int) -> dict[str, Any]:
    """What a job that has ended says of itself; a broken-off one says why."""
    job = db.session.get_one(Job, job_id)
    if job.result is not None:
        return job.result
    raise Refused(job.message)
