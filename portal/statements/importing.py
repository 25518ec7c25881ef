"""The work behind bringing a statement, as jobs do it: look only (check), or stage, prove and post (import).

A file is read in chunks; its new lines are staged where nobody sees them; when it proves complete, one short
transaction posts them all. Whatever stops it, nothing half done stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from portal.donations.search import follow_publication, publication_waits, read_piece, write_piece
from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.liveness import is_dead
from portal.jobs.models import Job
from portal.jobs.steps import Cancelled, Progress, Told, step
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.money import DONG, format_amount
from portal.ledger.queries import bank_account_by
from portal.people.models import User
from portal.statements import queries, references, rules
from portal.statements.judging import outcome_of
from portal.statements.models import Statement
from portal.statements.outcome import ImportOutcome
from portal.statements.pledging import follow_pledges
from portal.statements.posting import post_statement
from portal.statements.queries import Target
from portal.statements.reading import Paper, StatementReading, UnknownHeader, read_statement, sha256_of
from portal.statements.staging import Findings, Intake, remove_staged

IMPORT, CHECK = "statement", "statement_check"
REFERENCES = references.public_references  # the index of a brought statement knows them
PIECE = 2_000  # gifts per step of the text index: folding them takes a third of a second
BEING_IMPORTED = (
    "Tài khoản {code} đang có một sao kê khác được nạp. "
    "Chờ việc đó xong, hoặc dừng nó rồi nạp lại sao kê này."
)


@dataclass(frozen=True)
class Source:
    """A file, under which name people know it, and the control totals they typed in from the paper."""

    path: Path
    filename: str
    paper: Paper = field(default_factory=Paper)


def target_of(account_code: str | None, campaign_code: str | None) -> Target:
    """The bank account and campaign of these codes. Raises Refused: unknown, or not fitting each other."""
    if not account_code:
        raise Refused("Chưa có mã tài khoản. Ghi mã tài khoản mà sao kê này thuộc về.", "account")
    account = bank_account_by(account_code, field="account")
    if account.currency != DONG:
        raise Refused(
            f"Tài khoản này giữ {account.currency}, cổng chỉ nạp sao kê bằng đồng. "
            "Ghi từng khoản ở phiếu có dòng ngoại tệ.",
            "account",
        )
    target = Target(account.id, account.code, account.number, account.unit_id, account.fund_id)
    if not campaign_code:
        return target
    campaign = queries.campaign_by(campaign_code)
    related = queries.related_units(account.unit_id, campaign.unit_id)
    rules.check_campaign_fits(same_fund=account.fund_id == campaign.fund_id, related=related)
    return target.with_campaign(campaign)


def check(source: Source, target: Target, progress: Progress) -> ImportOutcome:
    """Read a statement without writing any of it: counts, sums, proof, errors, duplicates. Raises Refused."""
    reading = _open(source, target)
    findings = Intake(reading, target, progress).run()
    return outcome_of(reading, findings, target, sha256_of(source.path))


def _open(source: Source, target: Target) -> StatementReading:
    """Open the file with what people have said of the columns of this account's files. Raises Refused."""
    mappings = queries.mappings_of(target.account_id)
    db.session.rollback()
    return read_statement(source.path, filename=source.filename, mappings=mappings, paper=source.paper)


def _run_check(job: Job, told: Told | None = None) -> None:
    source, target, job_id = *_asked(job), job.id
    state, message = "done", "Đã kiểm tra xong. Chưa có gì được ghi."
    try:
        outcome = check(source, target, Progress(job_id, told))
    except UnknownHeader as refused:  # a person can say what the columns are
        state, message = "failed", refused.text
        outcome = ImportOutcome.refused(refused, can_map=True)
    outcome.job_id = job_id
    with step():
        job = db.session.get_one(Job, job_id)
        if state == "done":
            job.done = job.total = outcome.rows
        jobs.end(job, state, message, outcome.as_json())


def _run_import(job: Job, told: Told | None = None) -> None:
    """Stage, prove, post. Raises Refused (nothing stays) and Cancelled."""
    source, target, job_id = *_asked(job), job.id
    by_id, reason, rows = job.by_id, job.params.get("reason"), job.params.get("rows")
    db.session.rollback()
    reading = _open(source, target)
    statement_id = _open_statement(source, target, job_id, by_id)
    progress = Progress(job_id, told)
    findings = Intake(reading, target, progress, statement_id).run(rows)
    outcome = outcome_of(reading, findings, target, sha256_of(source.path))
    outcome.job_id = job_id
    if not outcome.accepted and not (reason and outcome.can_override):
        _turn_down(statement_id, job_id, outcome)
        return
    with step(posting=True):
        progress.check()
        _post(statement_id, findings, reading, outcome, by_id=by_id, reason=reason)


def _asked(job: Job) -> tuple[Source, Target]:
    paper = Paper(**job.params.get("paper") or {})
    source = Source(Path(job.params["path"]), job.params["filename"], paper)
    target = target_of(job.params["account"], job.params["campaign"])
    db.session.rollback()
    return source, target


def _open_statement(source: Source, target: Target, job_id: int, by_id: int | None) -> int:
    """One staging per account at a time. Raises Refused while another one is alive."""
    digest = sha256_of(source.path)
    _bury_dead_staging(target)
    with step(posting=True):
        if queries.staged_of(target.account_id) is not None:
            raise Refused(BEING_IMPORTED.format(code=target.account_code), "account")
        statement = Statement(
            bank_account_id=target.account_id,
            campaign_id=target.campaign_id,
            job_id=job_id,
            state="staged",
            file_name=source.filename[-255:],
            file_sha256=digest,
            imported_by_id=by_id,
        )
        db.session.add(statement)
        db.session.flush()
        return statement.id


def _bury_dead_staging(target: Target) -> None:
    """What a killed process has left on this account is removed before the new one begins."""
    left = queries.staged_of(target.account_id)
    dead = left is not None and (left.job is None or _is_left(left.job))
    statement_id, job_id = (left.id, left.job_id) if left is not None else (None, None)
    db.session.rollback()
    if not dead or statement_id is None:
        return
    if job_id is None:
        remove_staged(statement_id, "failed")
    else:
        worker.bury(job_id, worker.KINDS[IMPORT])


def _is_left(job: Job) -> bool:
    return job.state != "running" or is_dead(job.params.get("worker"), job.alive_at)


def _turn_down(statement_id: int, job_id: int, outcome: ImportOutcome) -> None:
    """Nothing of a broken file stays but the fact that it was brought, and what was wrong with it."""
    remove_staged(statement_id, "failed")
    first = outcome.messages[0]
    message = f"{first['cell']}: {first['message']}" if first["cell"] else first["message"]
    with step():
        statement = db.session.get_one(Statement, statement_id)
        _take_over(statement, outcome)
        outcome.new = 0
        outcome.statement_id = statement_id
        jobs.end(db.session.get_one(Job, job_id), "failed", message, outcome.as_json())


def _take_over(statement: Statement, outcome: ImportOutcome) -> None:
    """Keep counts, sums and proof on the statement."""
    for name in ("rows", "credit_count", "credit_sum", "debit_count", "debit_sum", "opening", "closing"):
        setattr(statement, name, getattr(outcome, name))
    statement.completeness, statement.certificate = outcome.state, outcome.certificate
    statement.reasons = [message["message"] for message in outcome.messages] + outcome.notes


def _post(
    statement_id: int,
    findings: Findings,
    reading: StatementReading,
    outcome: ImportOutcome,
    *,
    by_id: int | None,
    reason: str | None,
) -> None:
    """Post and end the job in one transaction: there is no moment between "posted" and "done"."""
    statement = db.session.get_one(Statement, statement_id, with_for_update=True)
    if statement.state != "staged":
        raise Cancelled
    by = db.session.get(User, by_id) if by_id else None
    _take_over(statement, outcome)
    statement.new_rows, statement.imported_at = findings.new, now()
    statement.paired_rows = findings.paired
    statement.first_day, statement.last_day = findings.first_day, findings.last_day
    if outcome.errors:
        statement.override_by_id, statement.override_reason = by_id, reason
        outcome.errors, outcome.messages = 0, []
    post_statement(statement, findings, by=by)
    outcome.statement_id = statement.id
    outcome.notes = [note for note in statement.reasons or [] if note]
    job = db.session.get_one(Job, statement.job_id)
    job.done = job.total = outcome.rows
    jobs.end(job, "done", _done_text(outcome), outcome.as_json())


def _done_text(outcome: ImportOutcome) -> str:
    if not outcome.new:
        return f"Không có dòng mới: cả {format_amount(outcome.duplicates)} dòng đã có trong sổ."
    known = (
        f" {format_amount(outcome.duplicates)} dòng đã có từ trước, không ghi lại."
        if outcome.duplicates
        else ""
    )
    return f"Đã ghi sổ {format_amount(outcome.new)} dòng mới.{known}"


def _clean(job_id: int) -> None:
    """Remove the staged lines of a job that broke off."""
    job = db.session.get_one(Job, job_id)
    state = "cancelled" if job.cancel_requested else "failed"
    left = list(queries.staged_by_job(job_id))
    db.session.rollback()
    for statement_id in left:
        remove_staged(statement_id, state)


def _can_try_again(job: Job) -> bool:
    """An uploaded file is still there; what the command line was given may have gone."""
    return Path(job.params["path"]).is_file()


def follow_books() -> int:
    """Let the public text index follow the books by one piece, in a step of its own; 0 = it is up to date."""
    piece = read_piece(limit=PIECE)
    db.session.rollback()
    if piece is None:
        return 0
    with step():
        return write_piece(piece)


def follow_publications() -> int:
    """Let the index follow accounts whose statements are now public, or no longer, by one piece."""
    waits = publication_waits()
    db.session.rollback()
    if not waits:
        return 0
    with step():
        return follow_publication()


worker.register(CHECK, worker.Kind(_run_check, lambda job_id: None, _can_try_again))
worker.register(IMPORT, worker.Kind(_run_import, _clean, _can_try_again))
worker.follow(follow_pledges)
worker.follow(follow_books)
worker.follow(follow_publications)
