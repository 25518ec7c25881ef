"""What stands around a long ruled table: its sheet and columns, the head of the first page, the signatures."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from fontTools.ttLib import TTFont as Font
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from portal.kit.pdf import STATIC

FACES = {"Tinos": "400-normal", "Tinos-Bold": "700-normal", "Tinos-Italic": "400-italic"}
WIDTH, HEIGHT = landscape(A4)
LEFT, RIGHT, TOP, BOTTOM = 20 * mm, WIDTH - 15 * mm, HEIGHT - 15 * mm, 13 * mm
SIZE, LEADING, PAD = 9.5, 11, 2.5
SIGNING = 52 * mm  # words and signatures stay together
MOST_LINES = 6  # of a cell; a longer text is cut with an ellipsis
TEXT, MIDDLE, NUMBER = "text", "middle", "number"


@dataclass(frozen=True)
class Column:
    """A column: its head, its share of the width in per cent, how it stands, and whether it is added up.

    `running` marks the column that shows what is left: opening + first added column − second.
    """

    head: str
    share: float
    kind: str = TEXT
    summed: bool = False
    running: bool = False


@dataclass(frozen=True)
class Signer:
    """Who signs: the role, what is to be done, the name ("" stays open for the pen)."""

    role: str
    note: str
    name: str


@dataclass(frozen=True)
class Labels:
    """What the sum rows say."""

    brought: str = "Lũy kế trang trước mang sang"
    page: str = "Cộng trang"
    carried: str = "Lũy kế mang sang"
    total: str = "Tổng cộng"
    opening: str = ""  # a first row with what there was, for papers with a running column
    closing: str = ""  # a last row with what is left


@dataclass(frozen=True)
class Sheet:
    """What stands around the rows. `words` gives lines under the table for the sums of the added columns."""

    columns: Sequence[Column]
    issuer: Sequence[str]
    committee: str
    title: str
    subtitle: str
    place_date: str
    signers: Sequence[Signer]
    is_sample: bool
    form: Sequence[str] = ()  # "Mẫu số S11-H" and its basis, instead of the state's name and motto
    opening: int = 0  # đồng, of the running column
    labels: Labels = Labels()
    words: Callable[[list[int]], Iterable[str]] = lambda sums: ()


@dataclass
class Pen:
    """Where the pen is."""

    canvas: Canvas
    sheet: Sheet
    edges: list[float]
    page: list[int]
    carried: list[int]
    number: int = 0
    y: float = 0
    rows: int = 0
    summed: list[int] = field(default_factory=list)  # places of the added columns


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


def centred(canvas: Canvas, font: str, size: float, y: float, text: str) -> None:
    """A line in the middle of the page."""
    canvas.setFont(font, size)
    canvas.drawCentredString((LEFT + RIGHT) / 2, y, text)


def draw_head(at: Pen) -> None:
    """Who issues the paper, the state's name or the book's form, the title."""
    canvas, sheet, middle = at.canvas, at.sheet, LEFT + 38 * mm
    y = at.y - 4
    for font, line in (*(("Tinos", line) for line in sheet.issuer), ("Tinos-Bold", sheet.committee)):
        canvas.setFont(font, 11)
        canvas.drawCentredString(max(middle, LEFT + pdfmetrics.stringWidth(line, font, 11) / 2), y, line)
        y -= 13.5
    right_end = _form(at) if sheet.form else _state(at)
    y = min(y, right_end) - 8
    centred(canvas, "Tinos-Bold", 14, y, sheet.title)
    for line in simpleSplit(sheet.subtitle, "Tinos-Italic", 11.5, RIGHT - LEFT - 40 * mm):
        y -= 15
        centred(canvas, "Tinos-Italic", 11.5, y, line)
    at.y = y - 9


def _state(at: Pen) -> float:
    """The state's name and motto with the place and date under them; gives the height below."""
    canvas, right = at.canvas, RIGHT - 55 * mm
    canvas.setFont("Tinos-Bold", 11)
    canvas.drawCentredString(right, at.y - 4, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    canvas.setFont("Tinos-Bold", 12)
    motto = "Độc lập - Tự do - Hạnh phúc"
    canvas.drawCentredString(right, at.y - 18, motto)
    half = pdfmetrics.stringWidth(motto, "Tinos-Bold", 12) / 2
    canvas.line(right - half, at.y - 21, right + half, at.y - 21)
    canvas.setFont("Tinos-Italic", 11)
    canvas.drawCentredString(right, at.y - 36, at.sheet.place_date)
    return at.y - 40


def _form(at: Pen) -> float:
    """The caption of a book ("Mẫu số S11-H") instead of the state's name; gives the height below."""
    y = at.y - 4
    for place, line in enumerate(at.sheet.form):
        at.canvas.setFont("Tinos-Bold" if place == 0 else "Tinos-Italic", 11 if place == 0 else 10)
        at.canvas.drawCentredString(RIGHT - 45 * mm, y, line)
        y -= 13
    return y


def draw_signatures(at: Pen) -> None:
    """The words and the signatures, together on one page."""
    canvas, sheet = at.canvas, at.sheet
    if at.y - SIGNING < BOTTOM:
        canvas.showPage()
        at.number += 1
        centred(canvas, "Tinos", 11, HEIGHT - 10 * mm, str(at.number))
        at.y = TOP
    y = at.y - 16
    for text in sheet.words(at.carried):
        for line in simpleSplit(text, "Tinos-Italic", 11, RIGHT - LEFT):
            canvas.setFont("Tinos-Italic", 11)
            canvas.drawString(LEFT, y, line)
            y -= 14
    if sheet.form:
        canvas.setFont("Tinos-Italic", 11)
        canvas.drawRightString(RIGHT - 10 * mm, y, sheet.place_date)
        y -= 14
    y -= 10
    parts = 2 * len(sheet.signers)
    for place, signer in enumerate(sheet.signers):
        middle = LEFT + (RIGHT - LEFT) * (2 * place + 1) / parts
        canvas.setFont("Tinos-Bold", 11)
        canvas.drawCentredString(middle, y, signer.role)
        canvas.drawCentredString(middle, y - 30 * mm, signer.name)
        canvas.setFont("Tinos-Italic", 10)
        canvas.drawCentredString(middle, y - 13, signer.note)
    canvas.showPage()
