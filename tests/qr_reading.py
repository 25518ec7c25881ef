"""Reading QR pictures as a phone does: what a page or paper shows is made pixels, a reader of others reads them."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import zxingcpp
from PIL import Image
from weasyprint import HTML

DOTS = 150  # per inch: less than an office printer or a phone has


def read_image(picture: Image.Image) -> list[str]:
    """The text of every QR in a picture."""
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [one.text for one in found]


def read_png(data: bytes) -> list[str]:
    """The text of every QR in a screenshot."""
    return read_image(Image.open(BytesIO(data)))


def read_pdf(data: bytes) -> list[str]:
    """The text of every QR of a paper, page by page."""
    with TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", str(DOTS), "-png", "-", f"{folder}/page"]
        subprocess.run(command, input=data, check=True)  # noqa: S603
        pages = sorted(Path(folder).iterdir())
        return [text for page in pages for text in read_png(page.read_bytes())]


def read_svg(drawing: str) -> list[str]:
    """The text of a drawing, printed 30 mm wide on an otherwise grey page: its own white must be enough."""
    css = "@page { size: 60mm 60mm; margin: 15mm; background: #888 } svg { width: 30mm; display: block }"
    return read_pdf(HTML(string=f"<style>{css}</style>{drawing}").write_pdf())
