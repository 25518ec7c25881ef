"""The PDF of a large print: made a hundred receipts at a time in the background, then one file."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.models import Job
from portal.jobs.steps import Progress, Told, step
from portal.kit import made
from portal.kit.db import db
from portal.kit.pdf import html_to_pdf
from portal.receipts import queries
from portal.receipts.actions import JOB
from portal.receipts.documents import render_run
from portal.receipts.models import PrintLine, PrintRun
from portal.receipts.rules import AT_ONCE


def file_of(run: PrintRun) -> str:
    """The name of the file with what is left of a run; another one after every jam."""
    return f"dot-in-{run.id}-{run.printed}.pdf"


def _print(job: Job, told: Told | None = None) -> None:
    job_id, params = job.id, dict(job.params)
    run = db.session.get_one(PrintRun, params["run_id"])
    name, total = file_of(run), len(queries.lines_left(run))
    places = queries.places_of(run)
    left = [place for place in places if place > run.printed]
    run_id = run.id
    db.session.rollback()
    target, progress = made.room_for(name), Progress(job_id, told)
    with step():
        progress.advance(0, total, "Đang dàn trang.")
    writer = PdfWriter()
    for start in range(0, len(left), AT_ONCE):
        piece = left[start : start + AT_ONCE]
        _add(writer, _piece(run_id, piece, places[-1], params), target)
        with step():
            progress.advance(start + len(piece), total)
    beside = target.with_suffix(f".{job_id}")
    writer.write(beside)
    beside.replace(target)
    with step():
        message = f"Đã dàn xong {total} phiếu. Mở bản in ở trang của đợt in."
        jobs.end(db.session.get_one(Job, job_id), "done", message, {"run_id": run_id})


def _piece(run_id: int, places: list[int], last_place: int, params: dict[str, object]) -> bytes:
    """A hundred receipts as PDF; no transaction is held while they are printed."""
    lines = select(PrintLine).where(PrintLine.run_id == run_id, PrintLine.place.in_(places))
    html = render_run(
        list(db.session.scalars(lines.order_by(PrintLine.place))),
        last_place=last_place,
        gift_prefix=str(params["gift_prefix"]),
        sample=bool(params.get("sample")),
    )
    db.session.rollback()
    return html_to_pdf(html)


def _add(writer: PdfWriter, content: bytes, target: Path) -> None:
    piece = target.with_suffix(".piece")
    piece.write_bytes(content)
    writer.append(PdfReader(piece))
    piece.unlink()


def _clean(job_id: int) -> None:
    """Nothing half made stays."""
    job = db.session.get_one(Job, job_id)
    name = f"dot-in-{job.params['run_id']}-{job.params['from']}"
    db.session.rollback()
    for suffix in (".piece", f".{job_id}"):
        made.made_file(name + ".pdf").with_suffix(suffix).unlink(missing_ok=True)


worker.register(JOB, worker.Kind(_print, _clean, lambda job: True))
