"""What a printed paper says."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path

from portal.kit.pdf import html_to_pdf


def text_of_pdf(content: bytes, *options: str) -> str:
    """The words of a PDF in reading order, NFC, runs of blanks made one (`-layout` keeps the columns)."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)  # noqa: S607
    text = unicodedata.normalize("NFC", done.stdout.decode())
    return text if options else " ".join(text.split())


def words_of_paper(html: str) -> str:
    """The words of a paper as it is printed, in reading order."""
    return text_of_pdf(html_to_pdf(html)) + "\n"


def compare(kept: Path, words: str) -> None:
    """With the kept snapshot; whoever changes a paper looks at it and writes the snapshot anew."""
    assert words == kept.read_text(encoding="utf-8"), kept.stem
