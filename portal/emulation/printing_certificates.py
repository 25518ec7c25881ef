"""The certificates of a decision as one file: made some at a time in the background, so that memory stays flat."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from portal.emulation import queries_certificates as queries
from portal.emulation import rules_nominations as rules
from portal.emulation.documents_certificates import render_certificates
from portal.emulation.models_certificates import CertificatePrint, Reward, RewardDecision
from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.models import Job
from portal.jobs.steps import Progress, Told, step
from portal.kit import made
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import html_to_pdf
from portal.people.models import User

JOB = "certificates"
AT_ONCE = 50  # pages that are laid out together: more take more memory, fewer begin the fonts anew too often


def file_of(one: CertificatePrint) -> str:
    """The name of its file."""
    return f"giay-khen-{one.id}.pdf"


def open_print(decision: RewardDecision, *, prefix: str, sample: bool, by: User) -> CertificatePrint:
    """Ask for the certificates of an issued decision as one file. Raises Refused. Flushes."""
    if decision.state != rules.ISSUED or decision.what != rules.AWARD:
        raise Refused("Quyết định chưa ban hành nên chưa in giấy được. Ban hành trước.")
    title = f"In {decision.form.name} {decision.number or ''}".strip()
    job = jobs.open_job(
        JOB, title, unit_id=decision.unit_id, by=by, params={"prefix": prefix, "sample": sample}
    )
    made_one = CertificatePrint(decision_id=decision.id, job_id=job.id, by_id=by.id)
    db.session.add(made_one)
    db.session.flush()
    job.params = {**job.params, "print_id": made_one.id}
    db.session.flush()
    return made_one


def _print(job: Job, told: Told | None = None) -> None:
    job_id, params = job.id, dict(job.params)
    one = db.session.get_one(CertificatePrint, params["print_id"])
    decision_id, name = one.decision_id, file_of(one)
    ids = [reward.id for reward in queries.rewards_of(one.decision) if reward.until is None]
    db.session.rollback()
    target, progress = made.room_for(name), Progress(job_id, told)
    with step():
        progress.advance(0, len(ids), "Đang dàn trang.")
    beside = target.with_suffix(f".{job_id}")
    _write(beside, decision_id, ids, params, progress)
    beside.replace(target)
    with step():
        message = f"Đã dàn xong {len(ids)} giấy. Mở bản in ở trang của quyết định."
        jobs.end(db.session.get_one(Job, job_id), "done", message, {"reward_decision_id": decision_id})


def _write(
    path: Path, decision_id: int, ids: list[int], params: dict[str, object], progress: Progress
) -> None:
    writer = PdfWriter()
    pieces = []
    for start in range(0, len(ids), AT_ONCE):
        piece = path.with_suffix(f"{path.suffix}-{start}")
        piece.write_bytes(_piece(decision_id, ids[start : start + AT_ONCE], params))
        pieces.append(piece)
        with step():
            progress.advance(min(start + AT_ONCE, len(ids)), len(ids))
    for piece in pieces:
        writer.append(PdfReader(piece))
        piece.unlink()
    writer.write(path)
    writer.close()


def _piece(decision_id: int, ids: list[int], params: dict[str, object]) -> bytes:
    """Some certificates as PDF; no transaction is held while they are printed."""
    rows = select(Reward).where(Reward.id.in_(ids)).order_by(Reward.ordinal).options(*queries.LOADED)
    html = render_certificates(
        db.session.get_one(RewardDecision, decision_id),
        list(db.session.scalars(rows)),
        prefix=str(params["prefix"]),
        sample=bool(params.get("sample")),
    )
    db.session.rollback()
    return html_to_pdf(html)


def _clean(job_id: int) -> None:
    """Nothing half made stays."""
    folder = made.made_file("x").parent
    for left in folder.glob(f"giay-khen-*.{job_id}*"):
        left.unlink(missing_ok=True)


worker.register(JOB, worker.Kind(_print, _clean, lambda job: True))
