"""Danh sách ủng hộ as PDF, A4 landscape, drawn row by row: the same paper for ten gifts and for a million.

Every page ends with its own total and the sum carried to the next; the last one adds the words and three signatures.
A canvas keeps no tree of the document, so memory grows with the bytes of the file alone.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont as Font
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from portal.kit.days import format_day
from portal.kit.pdf import STATIC
from portal.receipts.donor_list import HEADS, ListRow

FACES = {"Tinos": "400-normal", "Tinos-Bold": "700-normal", "Tinos-Italic": "400-italic"}
WIDTH, HEIGHT = landscape(A4)
LEFT, RIGHT, TOP, BOTTOM = 20 * mm, WIDTH - 15 * mm, HEIGHT - 15 * mm, 13 * mm
SIZE, LEADING, PAD = 9.5, 11, 2.5
SHARES = (4, 7.5, 18, 19.5, 10.5, 10.5, 8.5, 9.5, 12)  # per cent of the width, in the order of HEADS
NUMBERS, CENTRED = {4, 5}, {0, 1, 7}
SIGNING = 52 * mm  # words and signatures stay together
MOST_LINES = 6  # of a cell; a longer text is cut with an ellipsis
SIGNERS = (("NGƯỜI LẬP", "maker"), ("KẾ TOÁN", "accountant"), ("TM. BAN VẬN ĐỘNG", "signer"))


@dataclass(frozen=True)
class ListTexts:
    """What stands around the rows; missing names are "" and stay open for the pen."""

    issuer: tuple[str, ...]
    committee: str
    title: str
    place_date: str
    maker: str
    accountant: str
    signer: str
    is_sample: bool
    words: Callable[[int], str]


@dataclass
class Sums:
    """Money and goods of a page, and of everything before it, đồng."""

    money: int = 0
    goods: int = 0

    def add(self, money: int, goods: int) -> None:
        """One more row, or one more page."""
        self.money += money
        self.goods += goods


@dataclass
class _Page:
    """Where the pen is."""

    canvas: Canvas
    texts: ListTexts
    number: int = 0
    y: float = 0
    page: Sums = field(default_factory=Sums)
    carried: Sums = field(default_factory=Sums)
    rows: int = 0


def register_fonts() -> None:
    """Teach reportlab our Tinos; it reads TrueType, our files are packed for the web."""
    for name, part in FACES.items():
        if name in pdfmetrics.getRegisteredFontNames():
            continue
        font, unpacked = Font(STATIC / f"vendor/fonts/tinos-{part}.woff2"), io.BytesIO()
        font.flavor = None
        font.save(unpacked)
        unpacked.seek(0)
        pdfmetrics.registerFont(TTFont(name, unpacked))


def write_pdf(
    rows: Iterable[ListRow], texts: ListTexts, out: Path, *, told: Callable[[int], None] = lambda n: None
) -> Sums:
    """Draw the list; `told` hears the number of rows of every page. Returns what was added up."""
    register_fonts()
    canvas = Canvas(str(out), pagesize=(WIDTH, HEIGHT), pageCompression=1, lang="vi")
    canvas.setTitle("Danh sách ủng hộ")
    at = _Page(canvas, texts)
    _begin(at)
    for row in rows:
        cells = _wrapped(row)
        height = max(len(lines) for lines in cells) * LEADING + 2 * PAD
        if at.y - height < BOTTOM + 2 * _line():
            _end(at, last=False)
            told(at.rows)
            _begin(at)
        _draw(at, cells, height)
        at.page.add(row.money, row.goods)
        at.rows += 1
    _end(at, last=True)
    _sign(at)
    canvas.save()
    return at.carried


def _line() -> float:
    return LEADING + 2 * PAD


def _edges() -> list[float]:
    edges, whole = [LEFT], sum(SHARES)
    for share in SHARES:
        edges.append(edges[-1] + (RIGHT - LEFT) * share / whole)
    return edges


EDGES = _edges()


def _wrapped(row: ListRow) -> list[list[str]]:
    cells = row.cells()
    texts = [str(cells[0]), format_day(row.day), *(_text(cell) for cell in cells[2:])]
    return [_fit(text, place) for place, text in enumerate(texts)]


def _text(cell: Any) -> str:
    return f"{cell:,}".replace(",", ".") if isinstance(cell, int) else cell or ""


def _fit(text: str, place: int) -> list[str]:
    width = EDGES[place + 1] - EDGES[place] - 2 * PAD
    lines = simpleSplit(text, "Tinos", SIZE, width) or [""]
    lines = [piece for line in lines for piece in _broken(line, width)]
    return [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + "…"] if len(lines) > MOST_LINES else lines


def _broken(line: str, width: float) -> list[str]:
    """A word that is wider than its column is broken where the column ends."""
    pieces = []
    while pdfmetrics.stringWidth(line, "Tinos", SIZE) > width and len(line) > 1:
        cut = len(line) - 1
        while cut > 1 and pdfmetrics.stringWidth(line[:cut], "Tinos", SIZE) > width:
            cut -= 1
        pieces.append(line[:cut])
        line = line[cut:]
    return [*pieces, line]


def _begin(at: _Page) -> None:
    at.number += 1
    at.y = TOP
    canvas = at.canvas
    canvas.setLineWidth(0.5)
    if at.texts.is_sample:
        _centred(canvas, "Tinos-Italic", 9, HEIGHT - 6 * mm, "Dữ liệu minh họa")
    if at.number == 1:
        _head(at)
    else:
        _centred(canvas, "Tinos", 11, HEIGHT - 10 * mm, str(at.number))
    _heads(at)
    if at.number > 1:
        _sum_row(at, "Lũy kế trang trước mang sang", at.carried)


def _head(at: _Page) -> None:
    canvas, texts, middle = at.canvas, at.texts, LEFT + 38 * mm
    y = at.y - 4
    for font, line in (*(("Tinos", line) for line in texts.issuer), ("Tinos-Bold", texts.committee)):
        canvas.setFont(font, 11)
        canvas.drawCentredString(max(middle, LEFT + pdfmetrics.stringWidth(line, font, 11) / 2), y, line)
        y -= 13.5
    right = RIGHT - 55 * mm
    canvas.setFont("Tinos-Bold", 11)
    canvas.drawCentredString(right, at.y - 4, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    canvas.setFont("Tinos-Bold", 12)
    motto = "Độc lập - Tự do - Hạnh phúc"
    canvas.drawCentredString(right, at.y - 18, motto)
    half = pdfmetrics.stringWidth(motto, "Tinos-Bold", 12) / 2
    canvas.line(right - half, at.y - 21, right + half, at.y - 21)
    canvas.setFont("Tinos-Italic", 11)
    canvas.drawCentredString(right, at.y - 36, texts.place_date)
    y = min(y, at.y - 40) - 8
    _centred(canvas, "Tinos-Bold", 14, y, "DANH SÁCH ỦNG HỘ")
    for line in simpleSplit(texts.title, "Tinos-Italic", 11.5, RIGHT - LEFT - 40 * mm):
        y -= 15
        _centred(canvas, "Tinos-Italic", 11.5, y, line)
    at.y = y - 9


def _centred(canvas: Canvas, font: str, size: float, y: float, text: str) -> None:
    canvas.setFont(font, size)
    canvas.drawCentredString((LEFT + RIGHT) / 2, y, text)


def _heads(at: _Page) -> None:
    lines = [
        simpleSplit(head, "Tinos-Bold", SIZE, EDGES[place + 1] - EDGES[place] - 2 * PAD)
        for place, head in enumerate(HEADS)
    ]
    height = max(len(part) for part in lines) * LEADING + 2 * PAD
    for place, part in enumerate(lines):
        middle = (EDGES[place] + EDGES[place + 1]) / 2
        y = at.y - (height - len(part) * LEADING) / 2 - LEADING + 2.5
        at.canvas.setFont("Tinos-Bold", SIZE)
        for text in part:
            at.canvas.drawCentredString(middle, y, text)
            y -= LEADING
    _box(at, height)


def _box(at: _Page, height: float, edges: list[float] = EDGES) -> None:
    at.canvas.grid(edges, [at.y, at.y - height])
    at.y -= height


def _draw(at: _Page, cells: list[list[str]], height: float) -> None:
    at.canvas.setFont("Tinos", SIZE)
    for place, lines in enumerate(cells):
        y = at.y - PAD - LEADING + 2.5
        for text in lines:
            _write(at.canvas, place, y, text)
            y -= LEADING
    _box(at, height)


def _write(canvas: Canvas, place: int, y: float, text: str) -> None:
    if place in NUMBERS:
        canvas.drawRightString(EDGES[place + 1] - PAD, y, text)
    elif place in CENTRED:
        canvas.drawCentredString((EDGES[place] + EDGES[place + 1]) / 2, y, text)
    else:
        canvas.drawString(EDGES[place] + PAD, y, text)


def _sum_row(at: _Page, label: str, sums: Sums) -> None:
    y = at.y - PAD - LEADING + 2.5
    at.canvas.setFont("Tinos-Bold", SIZE)
    at.canvas.drawRightString(EDGES[4] - PAD, y, label)
    _write(at.canvas, 4, y, _text(sums.money or None))
    _write(at.canvas, 5, y, _text(sums.goods or None))
    _box(at, _line(), [EDGES[0], *EDGES[4:7], EDGES[-1]])


def _end(at: _Page, *, last: bool) -> None:
    """The foot of a page: its own total, then the sum so far."""
    at.carried.add(at.page.money, at.page.goods)
    _sum_row(at, "Cộng trang", at.page)
    _sum_row(at, "Tổng cộng" if last else "Lũy kế mang sang", at.carried)
    at.page = Sums()
    if not last:
        at.canvas.showPage()


def _sign(at: _Page) -> None:
    canvas, texts = at.canvas, at.texts
    if at.y - SIGNING < BOTTOM:
        canvas.showPage()
        at.number += 1
        _centred(canvas, "Tinos", 11, HEIGHT - 10 * mm, str(at.number))
        at.y = TOP
    y = at.y - 16
    for label, amount in (
        ("Số tiền bằng chữ", at.carried.money),
        ("Hiện vật quy đổi bằng chữ", at.carried.goods),
    ):
        if amount:
            for line in simpleSplit(f"{label}: {texts.words(amount)}", "Tinos-Italic", 11, RIGHT - LEFT):
                canvas.setFont("Tinos-Italic", 11)
                canvas.drawString(LEFT, y, line)
                y -= 14
    y -= 10
    for place, (role, key) in enumerate(SIGNERS):
        middle = LEFT + (RIGHT - LEFT) * (2 * place + 1) / 6
        canvas.setFont("Tinos-Bold", 11)
        canvas.drawCentredString(middle, y, role)
        canvas.drawCentredString(middle, y - 30 * mm, getattr(texts, key))
        canvas.setFont("Tinos-Italic", 10)
        canvas.drawCentredString(
            middle, y - 13, "(Ký, họ tên, đóng dấu)" if key == "signer" else "(Ký, họ tên)"
        )
    canvas.showPage()
