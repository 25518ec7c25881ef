"""PDFs kept as they are brought: evidence, signed papers. Judged first, then put into the store beside the pictures."""

from __future__ import annotations

from dataclasses import dataclass

from portal.files.actions import keep_row
from portal.files.pages import is_pdf, pages_of
from portal.kit.errors import Refused
from portal.kit.storage import Storage

PDF = "application/pdf"
NOT_PDF = "Tệp “{name}” không phải là PDF. Xuất tệp ra PDF rồi gửi lại; ảnh chụp thì gửi ở mục ảnh."


@dataclass(frozen=True)
class ReadyPaper:
    """A PDF whose bytes lie in the store already; no row knows of it yet."""

    sha256: str
    size: int
    pages: int


def ready_paper(data: bytes, storage: Storage, *, name: str) -> ReadyPaper:
    """Judge a PDF by drawing its first page, and put it into the store. Call before the write transaction.

    Raises Refused: no PDF, damaged, with a password, too many pages.
    """
    if not is_pdf(data):
        raise Refused(NOT_PDF.format(name=name), "files")
    pages = pages_of(data, name=name)
    count = next(pages).of
    pages.close()  # type: ignore[attr-defined]  # a generator: its child ends here
    return ReadyPaper(storage.keep(data), len(data), count)


def keep_paper(paper: ReadyPaper) -> str:
    """Note that the store holds it; returns its SHA-256, to be named by the record that it belongs to."""
    keep_row(paper.sha256, PDF, paper.size)
    return paper.sha256
