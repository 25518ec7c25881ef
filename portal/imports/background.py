"""Long tables as jobs: checked, then written, with progress; the page can be left, and the work stopped.

A job ends in the very transaction that posts the table, so that no moment lies between "posted" and "done". A job
whose worker dies is done anew: a table that is in the books already adds nothing.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from portal.imports import handling, uploads
from portal.imports.engine import Told, post
from portal.imports.kind import Kind
from portal.imports.kinds import KINDS
from portal.imports.outcome import Outcome
from portal.imports.uploads import Upload
from portal.imports.wording import counts_line
from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.models import Job
from portal.jobs.steps import Progress, step
from portal.kit import tables
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.people.models import User

CHECK, WRITE = "table_check", "table_write"
LONG = 5_000  # rows; shorter tables are answered at once
CHANGED = "Sổ đã thay đổi từ lúc kiểm tra nên bảng có chỗ cần sửa. Mở kết quả, tải tệp có ghi lỗi và sửa."
FAULTY = "Đã kiểm tra xong: bảng có chỗ cần sửa. Chưa có gì được ghi."
SOUND = "Đã kiểm tra xong. Chưa có gì được ghi."


def is_long(content: bytes, kind: Kind, filename: str) -> bool:
    """Whether a table has more rows than a request should wait for. Raises Refused for what is no such table."""
    headed = tables.rows_with_headers(tables.read_table(content, filename=filename), kind.columns)
    return next(islice(headed, LONG, None), None) is not None


def ask(what: str, upload: Upload, kind: Kind, by: User) -> Job:
    """Queue the check or the writing of a kept file; asked twice it gives the job of the first time."""
    known = upload.facts.get(_fact(what))
    job = db.session.get(Job, known) if known else None
    if job is not None and job.state not in ("failed", "cancelled"):
        return job
    verb = "Kiểm tra bảng" if what == CHECK else "Ghi bảng"
    params = {"folder": str(upload.folder), "upload": upload.name, "table": kind.name}
    title = f"{verb} {kind.label.lower()}: {upload.facts['filename']}"
    return jobs.open_job(what, title, unit_id=None, by=by, params=params)


def note_job(what: str, upload: Upload, job_id: int) -> None:
    """Keep with the file which job works on it, once the job is committed."""
    upload.note(**{_fact(what): job_id})


def _fact(what: str) -> str:
    return "check_job" if what == CHECK else "write_job"


def settle(upload: Upload, job: Job) -> None:
    """What a finished job of writing has to say is noted with the file, also when its worker died right after."""
    if job.kind == WRITE and job.state == "done" and not upload.facts["done"]:
        upload.finish(outcome=(job.result or {})["outcome"])


def _asked(job: Job) -> tuple[Upload, Kind, User]:
    """Raises Refused when the file is no longer kept."""
    kind = KINDS[job.params["table"]]
    upload = uploads.find(Path(job.params["folder"]), job.params["upload"], kind=kind.name, by=job.by_id or 0)
    if upload is None:
        raise Refused(handling.GONE)
    return upload, kind, db.session.get_one(User, job.by_id)


def _teller(job_id: int, told: Told | None) -> Told:
    """Progress in steps of its own: whoever asks to stop is heard while the rows are read."""
    progress = Progress(job_id, told)

    def tell(done: int, total: int | None) -> None:
        with step():
            progress.advance(done, total)

    return tell


def _result(upload: Upload, kind: Kind, outcome: Outcome | None = None) -> dict[str, Any]:
    place = {"slug": kind.slug, "name": upload.name}
    return {"table": place} if outcome is None else {"table": place, "outcome": outcome.as_json()}


def _run_check(job: Job, told: Told | None = None) -> None:
    """Raises Refused for a file that is no such table, and Cancelled."""
    (upload, kind, by), job_id = _asked(job), job.id
    outcome = handling.check(upload, kind, by, _teller(job_id, told))
    with step():
        message = SOUND if outcome.accepted else FAULTY
        jobs.end(db.session.get_one(Job, job_id), "done", message, _result(upload, kind))


def _run_write(job: Job, told: Told | None = None) -> None:
    """Read without holding the books, then post all of it in one step. Raises Refused and Cancelled."""
    (upload, kind, by), job_id = _asked(job), job.id
    reading = handling.read_again(upload, kind, by, _teller(job_id, told))
    db.session.rollback()
    with step(posting=True):
        Progress(job_id).check()
        outcome = post(reading)
        if outcome.accepted:
            message = counts_line(
                outcome.rows, outcome.new, outcome.changed, outcome.duplicates, dry_run=False
            )
            jobs.end(db.session.get_one(Job, job_id), "done", message, _result(upload, kind, outcome))
        else:
            db.session.rollback()
            jobs.end(db.session.get_one(Job, job_id), "failed", CHANGED, _result(upload, kind))
    if outcome.accepted:
        upload.finish(outcome=outcome.as_json())
    else:
        handling.annotate_wrong(upload, reading.loaded, outcome, kind)


def _leave(_job_id: int) -> None:
    """Nothing half done can be left: rows are read into memory and posted in one transaction."""


for _kind, _run in ((CHECK, _run_check), (WRITE, _run_write)):
    worker.register(_kind, worker.Kind(_run, clean=_leave, again=lambda job: True))
