"""The PDF of the sign-off sheets: at once for a short list, in the background and piece by piece for a long one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from portal.distributions.actions_sheets import sheets_for_print
from portal.distributions.documents_sheets import cccd_of, pages_to_print, paper_of, render_sheets
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import Sheet
from portal.distributions.queries_handover import phone_rows
from portal.distributions.queries_scans import newest_edition
from portal.households.actions_private import log_file
from portal.households.models_registry import Household
from portal.households.queries_registry import may_read_private
from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.models import Job
from portal.jobs.steps import Progress, Told, step
from portal.kit import made
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import html_to_pdf
from portal.people.models import User

JOB = "signing_sheets"
AT_ONCE = 200  # rows that a person waits for
PIECE = 20  # pages printed in one go


def prepare(
    distribution: Distribution, *, with_cccd: bool, purpose: str | None, by: User
) -> tuple[list[DistributionRow], list[Sheet]]:
    """Give the pages their codes; note the reading of every household's ID card. Raises Refused (purpose)."""
    rows = phone_rows(distribution, None)
    sheets = sheets_for_print(distribution, rows)
    if with_cccd:
        if not may_read_private(by, distribution.unit):
            raise Refused(
                "Bạn chưa được xem số căn cước ở đơn vị này. In không kèm số căn cước.", "with_cccd"
            )
        ids = select(DistributionRow.household_id).where(
            DistributionRow.distribution_id == distribution.id, DistributionRow.refused.is_(None)
        )
        log_file(select(Household).where(Household.id.in_(ids)), by, purpose)
    return rows, sheets


def print_now(
    distribution: Distribution,
    rows: Sequence[DistributionRow],
    sheets: Sequence[Sheet],
    *,
    with_cccd: bool,
    maker: str,
    sample: bool,
) -> str:
    """The HTML of all pages; the caller prints it outside the transaction."""
    cccd = cccd_of([row.household_id for row in rows]) if with_cccd else {}
    pages = pages_to_print(distribution, rows, sheets, cccd)
    return render_sheets(paper_of(distribution, rows, maker), pages, sample=sample)


def ask_for(distribution: Distribution, *, with_cccd: bool, by: User, sample: bool) -> Job:
    """Put the print of a long list in the queue; the reading of ID cards is noted already."""
    return jobs.open_job(
        JOB,
        f"Danh sách ký nhận, {distribution.name}",
        unit_id=distribution.unit_id,
        by=by,
        params={"distribution_id": distribution.id, "with_cccd": with_cccd, "sample": sample},
    )


def file_of(job: Job) -> str:
    """The name of the file that a job makes."""
    return f"ky-nhan-{job.id}.pdf"


def _run(job: Job, told: Told | None = None) -> None:
    job_id, params, name = job.id, dict(job.params), file_of(job)
    maker = db.session.get_one(User, job.by_id).name
    distribution = db.session.get_one(Distribution, params["distribution_id"])
    rows, sheets = phone_rows(distribution, None), newest_edition(distribution.id)
    cccd = cccd_of([row.household_id for row in rows]) if params["with_cccd"] else {}
    pages, paper = pages_to_print(distribution, rows, sheets, cccd), paper_of(distribution, rows, maker)
    db.session.rollback()
    target, progress, writer = made.room_for(name), Progress(job_id, told), PdfWriter()
    with step():
        progress.advance(0, len(pages), "Đang dàn trang.")
    for start in range(0, len(pages), PIECE):
        part = pages[start : start + PIECE]
        _add(writer, html_to_pdf(render_sheets(paper, part, sample=params["sample"])), target)
        with step():
            progress.advance(start + len(part), len(pages))
    beside = target.with_suffix(f".{job_id}")
    writer.write(beside)
    beside.replace(target)
    with step():
        jobs.end(db.session.get_one(Job, job_id), "done", f"Đã dàn xong {len(pages)} trang.", {"file": name})


def _add(writer: PdfWriter, content: bytes, target: Path) -> None:
    piece = target.with_suffix(".piece")
    piece.write_bytes(content)
    writer.append(PdfReader(piece))
    piece.unlink()


def _clean(job_id: int) -> None:
    """Nothing half made stays."""
    for suffix in (".piece", f".{job_id}"):
        made.made_file(f"ky-nhan-{job_id}.pdf").with_suffix(suffix).unlink(missing_ok=True)


worker.register(JOB, worker.Kind(_run, _clean, lambda job: True))
