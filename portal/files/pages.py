"""Pages of what somebody scanned: one picture, or a PDF of many, each made a clean picture of its own.

A PDF is drawn page by page by a process of its own (`pages_child`); a page is held only until the next one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from PIL import Image, ImageChops

from portal.files.pictures import LONG_SIDE, SCAN, CleanPicture, clean, encoded
from portal.kit.errors import Refused

CHILD = Path(__file__).with_name("pages_child.py")  # not imported: PDFium stays out of this process
MOST_PAGES = 300
DOTS = 200  # per inch; what a signature and the smallest QR of a sheet need

PASSWORD = "Tệp “{name}” có đặt mật khẩu. Mở tệp, in ra PDF mới không có mật khẩu rồi gửi lại."
DAMAGED = "Tệp “{name}” bị hỏng hoặc không phải là PDF. Quét hoặc xuất lại tệp rồi gửi lần nữa."
BROKEN_PAGE = (
    "Tệp “{name}” bị hỏng từ trang {number}: không vẽ được trang này. Quét lại các trang đó rồi gửi lần nữa."
)
TOO_MANY = "Tệp “{name}” có {pages} trang, quá {most} trang. Tách thành nhiều tệp rồi gửi từng tệp."
EMPTY = "Tệp “{name}” không có trang nào. Kiểm tra lại rồi chọn đúng tệp."


@dataclass(frozen=True)
class Page:
    """Page `number` of `of`, and its picture."""

    number: int
    of: int
    picture: CleanPicture


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does, whatever the file is called."""
    return b"%PDF-" in data[:1024]


def pages_of(data: bytes, *, name: str = "bản quét", what: str = SCAN) -> Iterator[Page]:
    """The pages of a picture or a PDF, one after the other. Raises Refused, also while they are read."""
    if not is_pdf(data):
        yield Page(1, 1, clean(data, name=name, what=what))
        return
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        with _child(file.name, what) as stream:
            yield from _read_pages(stream, name, what)


def _read_pages(stream: IO[bytes], name: str, what: str) -> Iterator[Page]:
    count = _count(_line(stream), name)
    for number in range(1, count + 1):
        head = _line(stream)
        dots = stream.read(head["length"]) if head.get("width") else b""
        if not dots or len(dots) < head["length"]:  # it ran out of memory or time, or stumbled
            raise Refused(BROKEN_PAGE.format(name=name, number=number))
        size = (head["width"], head["height"])
        image = Image.frombuffer("RGB", size, dots, "raw", "RGB", head["stride"], 1)
        yield Page(number, count, encoded(_grey_if_grey(image), what=what))


def _grey_if_grey(image: Image.Image) -> Image.Image:
    """A page without colours needs a third of the room."""
    small = image.reduce(8) if min(image.size) >= 64 else image
    red, green, blue = small.split()
    near = all(_differ(red, other) <= 12 for other in (green, blue))
    return image.convert("L") if near else image


def _differ(one: Image.Image, other: Image.Image) -> int:
    extrema: Any = ImageChops.difference(one, other).getextrema()
    return int(extrema[1])


def _count(head: dict[str, Any], name: str) -> int:
    if "pages" not in head:
        raise Refused((PASSWORD if head.get("error") == "password" else DAMAGED).format(name=name))
    if not head["pages"]:
        raise Refused(EMPTY.format(name=name))
    if head["pages"] > MOST_PAGES:
        raise Refused(TOO_MANY.format(name=name, pages=head["pages"], most=MOST_PAGES))
    return int(head["pages"])


def _line(stream: IO[bytes]) -> dict[str, Any]:
    line = stream.readline()
    return json.loads(line) if line else {}


@contextmanager
def _child(path: str, what: str) -> Iterator[IO[bytes]]:
    """The child's output; it is stopped when nobody reads on."""
    bounds = [str(DOTS), str(LONG_SIDE[what]), str(MOST_PAGES)]
    command = [sys.executable, "-I", str(CHILD), path, *bounds]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdout is not None
    try:
        yield child.stdout
    finally:
        child.kill()
        child.stdout.close()
        child.wait()
