"""Uploads of signed sheets, read in the background: page by page cleaned, kept, its code read, then filed."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from portal.distributions.actions_scans import BY_HAND, ELSEWHERE, FILED, REFUSED, TWICE, Filed, file_page
from portal.distributions.actions_sheets import is_code
from portal.distributions.models import Distribution
from portal.files.actions import ready_of
from portal.files.codes import codes_in
from portal.files.pages import pages_of
from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.models import Job
from portal.jobs.steps import Progress, Told, step
from portal.kit import made
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.storage import present_storage
from portal.people.models import User

JOB = "signed_scans"
MOST_FILES = 60
MOST_BYTES = 60_000_000  # of one file
COUNTED = {
    FILED: "{} trang đã xếp đúng chỗ",
    ELSEWHERE: "{} trang của đợt khác đã xếp sang đợt đó",
    BY_HAND: "{} trang chờ xếp tay",
    TWICE: "{} trang đã có từ trước",
    REFUSED: "{} trang hoặc tệp không nhận",
}


class Upload(NamedTuple):
    """A file as it was sent."""

    name: str
    content: bytes


def ask_for(
    distribution: Distribution, uploads: Sequence[Upload], *, by: User, refused: Sequence[str] = ()
) -> Job:
    """Put the reading of an upload in the queue; empty and heavy files are told of there, beside those `refused`.

    Raises Refused (files) when nothing is left to be read.
    """
    if not uploads:
        raise Refused("Chưa chọn tệp nào. Chọn ảnh chụp hoặc tệp PDF của các trang đã ký.", "files")
    if len(uploads) > MOST_FILES:
        raise Refused(f"Gửi {len(uploads)} tệp một lần, nhiều nhất {MOST_FILES}. Gửi làm nhiều lần.", "files")
    wrong = [_wrong(upload) for upload in uploads]
    told = [*refused, *(text for text in wrong if text)]
    good = [upload for upload, text in zip(uploads, wrong, strict=True) if text is None]
    if not good:
        raise Refused(" ".join(told), "files")
    kept = []
    for upload in good:
        name = f"ban-quet-{secrets.token_hex(12)}"
        made.room_for(name).write_bytes(upload.content)
        kept.append({"kept": name, "name": upload.name[:120]})
    title = f"Bản quét tờ ký nhận, {distribution.name}"
    params = {"distribution_id": distribution.id, "files": kept, "refused": told}
    return jobs.open_job(JOB, title, unit_id=distribution.unit_id, by=by, params=params)


def _wrong(upload: Upload) -> str | None:
    """The sentence about a file that cannot be read at all; None = it may be."""
    if not upload.content:
        return f"Tệp “{upload.name}” không có nội dung. Kiểm tra tệp trên máy rồi gửi lại tệp này."
    if len(upload.content) > MOST_BYTES:
        return f"Tệp “{upload.name}” nặng quá {MOST_BYTES // 1_000_000} MB. Chia nhỏ tệp rồi gửi lại."
    return None


def _run(job: Job, told: Told | None = None) -> None:
    job_id, params, by_id = job.id, dict(job.params), job.by_id
    distribution_id = params["distribution_id"]
    db.session.rollback()
    progress, done = Progress(job_id, told), 0
    said = [Filed(REFUSED, text) for text in params.get("refused", ())]
    for upload in params["files"]:
        for filed in _file(distribution_id, upload, by_id, lambda pages: _advance(progress, pages)):
            said.append(filed)
            done += 1
    with step():
        counts = Counter(filed.what for filed in said)
        words = [text.format(counts[what]) for what, text in COUNTED.items() if counts[what]]
        message = f"{'; '.join(words) or 'Không có trang nào'}."
        result = {"distribution_id": distribution_id, "lines": [_line(filed) for filed in said]}
        jobs.end(db.session.get_one(Job, job_id), "done", message, result)
    _remove(params)


def _advance(progress: Progress, pages: int) -> None:
    with step():
        progress.advance(progress.done + pages)


def _file(distribution_id: int, upload: dict[str, str], by_id: int | None, heard: Any) -> list[Filed]:
    """Everything of one file; what cannot be read is said, and the pages before it stay."""
    filed: list[Filed] = []
    storage, name = present_storage(), upload["name"]
    try:
        content = made.made_file(upload["kept"]).read_bytes()
        for page in pages_of(content, name=name):
            codes = codes_in(page.picture, is_code)
            ready = ready_of(page.picture, storage)
            origin = f"{name}, trang {page.number}" if page.of > 1 else name
            with step():
                distribution = db.session.get_one(Distribution, distribution_id)
                person = db.session.get_one(User, by_id)
                filed += file_page(distribution, ready, codes, origin=origin, by=person)
            heard(1)
    except Refused as refused:
        db.session.rollback()
        filed.append(Filed(REFUSED, refused.text))
    except FileNotFoundError:
        filed.append(Filed(REFUSED, f"Tệp “{name}” đã quá hạn giữ tạm. Gửi lại tệp."))
    return filed


def _line(filed: Filed) -> dict[str, Any]:
    return {"what": filed.what, "text": filed.text, "distribution_id": filed.distribution_id}


def _remove(params: dict[str, Any]) -> None:
    for upload in params["files"]:
        made.remove(upload["kept"])


def _clean(job_id: int) -> None:
    """Pages that were filed stay filed: done anew, they are recognised."""


worker.register(JOB, worker.Kind(_run, _clean, lambda job: True))
