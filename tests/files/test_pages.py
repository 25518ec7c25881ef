"""Scans come as one picture or as a PDF of many pages; each page is a clean picture."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from portal.files import pages
from portal.files.codes import codes_in
from portal.files.pages import pages_of
from portal.kit.errors import Refused
from tests.files.photos import jpeg, photo, sheet


def scanned(*texts: str, dots: int = 150) -> bytes:
    """A PDF as a scanner makes it: one picture a page."""
    out = BytesIO()
    first, *others = [sheet(text, dots) for text in texts]
    first.save(out, "PDF", resolution=dots, save_all=True, append_images=others)
    return out.getvalue()


def test_one_picture_is_one_page() -> None:
    (page,) = pages_of(photo(), name="to.jpg")
    assert (page.number, page.of, page.picture.width) == (1, 1, 800)


def test_a_pdf_gives_its_pages_in_order() -> None:
    texts = ["TRANG-1", "TRANG-2", "TRANG-3"]
    found = list(pages_of(scanned(*texts)))
    assert [(page.number, page.of) for page in found] == [(1, 3), (2, 3), (3, 3)]
    assert [codes_in(page.picture) for page in found] == [[text] for text in texts]
    image = Image.open(BytesIO(found[0].picture.data))
    assert image.mode == "L" and image.size == (2338, 1654)


def test_a_coloured_page_keeps_its_colours() -> None:
    out = BytesIO()
    Image.new("RGB", (800, 600), "red").save(out, "PDF")
    (page,) = pages_of(out.getvalue())
    assert Image.open(BytesIO(page.picture.data)).mode == "RGB"


def test_a_page_of_any_size_is_bounded() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(14_000, 10_000))
    canvas.drawString(100, 100, "x")
    canvas.save()
    (page,) = pages_of(out.getvalue())
    assert max(page.picture.width, page.picture.height) <= 3300


def drawn(count: int) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4))
    for number in range(count):
        canvas.drawString(100, 100, f"{number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_too_many_pages_are_refused_before_one_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_PAGES", 3)
    with pytest.raises(Refused, match="có 4 trang, quá 3 trang"):
        next(pages_of(drawn(4)))


def test_a_pdf_with_a_password_is_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(drawn(1))))
    writer.encrypt("bi mat", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(Refused, match="có đặt mật khẩu"):
        next(pages_of(out.getvalue(), name="danh-sach.pdf"))


def test_a_broken_pdf_is_refused() -> None:
    with pytest.raises(Refused, match="“hong.pdf” bị hỏng"):
        next(pages_of(b"%PDF-1.7\n" + bytes(200), name="hong.pdf"))


def test_nobody_needs_to_read_to_the_end() -> None:
    stream = pages_of(drawn(50))
    assert next(stream).number == 1
    stream.close()  # type: ignore[attr-defined]


def test_a_page_of_photos_is_like_a_photo() -> None:
    out = BytesIO()
    Image.open(BytesIO(jpeg(sheet("TRANG-9")))).save(out, "PDF", resolution=150)
    (page,) = pages_of(out.getvalue())
    assert codes_in(page.picture) == ["TRANG-9"]
