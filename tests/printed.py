"""What a printed paper says."""

from __future__ import annotations

import subprocess
import unicodedata


def text_of_pdf(content: bytes, *options: str) -> str:
    """The words of a PDF in reading order, NFC, runs of blanks made one (`-layout` keeps the columns)."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)  # noqa: S607
    text = unicodedata.normalize("NFC", done.stdout.decode())
    return text if options else " ".join(text.split())
