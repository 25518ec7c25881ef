"""Long ruled tables as PDF, drawn row by row: the same paper for ten rows and for a million.

Every page ends with its own total and the sum carried to the next; the last one adds the words and the signatures.
A canvas keeps no tree of the document, so memory grows with the bytes of the file alone. reportlab is large: import
this file only where such a paper is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from portal.kit.carried_frame import (
    BOTTOM,
    HEIGHT,
    LEADING,
    LEFT,
    MIDDLE,
    MOST_LINES,
    NUMBER,
    PAD,
    RIGHT,
    SIZE,
    TEXT,
    TOP,
    WIDTH,
    Column,
    Labels,
    Pen,
    Sheet,
    Signer,
    centred,
    draw_head,
    draw_signatures,
    register_fonts,
)

__all__ = [
    "MIDDLE",
    "NUMBER",
    "TEXT",
    "Column",
    "Labels",
    "Sheet",
    "Signer",
    "register_fonts",
    "write_carried",
]


def write_carried(
    rows: Iterable[Sequence[Any]],
    sheet: Sheet,
    out: Path | Any,
    *,
    told: Callable[[int], None] = lambda rows: None,
) -> list[int]:
    """Draw the table; a row has a text, a number (đồng) or None per column. `told` hears the rows of every page.

    `out` is a path or an open binary file. Returns the sums of the added columns.
    """
    register_fonts()
    canvas = Canvas(str(out) if isinstance(out, Path) else out, pagesize=(WIDTH, HEIGHT), lang="vi")
    canvas.setPageCompression(1)
    canvas.setTitle(sheet.title.capitalize())
    summed = [place for place, column in enumerate(sheet.columns) if column.summed]
    at = Pen(canvas, sheet, _edges(sheet), [0] * len(summed), [0] * len(summed), summed=summed)
    _begin(at)
    for row in rows:
        cells = [_fit(at, _text(cell), place) for place, cell in enumerate(row)]
        height = max(len(lines) for lines in cells) * LEADING + 2 * PAD
        if at.y - height < BOTTOM + _foot_lines(sheet) * _line():
            _end(at, last=False)
            told(at.rows)
            _begin(at)
        _draw(at, cells, height)
        for index, place in enumerate(at.summed):
            at.page[index] += row[place] or 0
        at.rows += 1
    _end(at, last=True)
    draw_signatures(at)
    canvas.save()
    return at.carried


def _foot_lines(sheet: Sheet) -> int:
    return 3 if sheet.labels.closing else 2


def _line() -> float:
    return LEADING + 2 * PAD


def _edges(sheet: Sheet) -> list[float]:
    edges, whole = [LEFT], sum(column.share for column in sheet.columns)
    for column in sheet.columns:
        edges.append(edges[-1] + (RIGHT - LEFT) * column.share / whole)
    return edges


def _text(cell: Any) -> str:
    if isinstance(cell, int):
        return f"{cell:,}".replace(",", ".").replace("-", "−")
    return cell or ""


def _fit(at: Pen, text: str, place: int) -> list[str]:
    width = at.edges[place + 1] - at.edges[place] - 2 * PAD
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


def _begin(at: Pen) -> None:
    at.number += 1
    at.y = TOP
    canvas = at.canvas
    canvas.setLineWidth(0.5)
    if at.sheet.is_sample:
        centred(canvas, "Tinos-Italic", 9, HEIGHT - 6 * mm, "Dữ liệu minh họa")
    if at.number == 1:
        draw_head(at)
    else:
        centred(canvas, "Tinos", 11, HEIGHT - 10 * mm, str(at.number))
    _heads(at)
    if at.number > 1:
        _sum_row(at, at.sheet.labels.brought, at.carried)
    elif at.sheet.labels.opening:
        _sum_row(at, at.sheet.labels.opening, None)


def _heads(at: Pen) -> None:
    edges = at.edges
    lines = [
        simpleSplit(column.head, "Tinos-Bold", SIZE, edges[place + 1] - edges[place] - 2 * PAD)
        for place, column in enumerate(at.sheet.columns)
    ]
    height = max(len(part) for part in lines) * LEADING + 2 * PAD
    for place, part in enumerate(lines):
        middle = (edges[place] + edges[place + 1]) / 2
        y = at.y - (height - len(part) * LEADING) / 2 - LEADING + 2.5
        at.canvas.setFont("Tinos-Bold", SIZE)
        for text in part:
            at.canvas.drawCentredString(middle, y, text)
            y -= LEADING
    _box(at, height, edges)


def _box(at: Pen, height: float, edges: Sequence[float]) -> None:
    at.canvas.grid(list(edges), [at.y, at.y - height])
    at.y -= height


def _draw(at: Pen, cells: list[list[str]], height: float) -> None:
    at.canvas.setFont("Tinos", SIZE)
    for place, lines in enumerate(cells):
        y = at.y - PAD - LEADING + 2.5
        for text in lines:
            _write(at, place, y, text)
            y -= LEADING
    _box(at, height, at.edges)


def _write(at: Pen, place: int, y: float, text: str) -> None:
    kind, edges = at.sheet.columns[place].kind, at.edges
    if kind == NUMBER:
        at.canvas.drawRightString(edges[place + 1] - PAD, y, text)
    elif kind == MIDDLE:
        at.canvas.drawCentredString((edges[place] + edges[place + 1]) / 2, y, text)
    else:
        at.canvas.drawString(edges[place] + PAD, y, text)


def _sum_row(
    at: Pen, label: str, sums: Sequence[int] | None, *, left: bool = True, left_is: int | None = None
) -> None:
    """A row of sums; None = none of them, only what is left. The cells before and behind the sums are one."""
    y = at.y - PAD - LEADING + 2.5
    at.canvas.setFont("Tinos-Bold", SIZE)
    first, last = at.summed[0], at.summed[-1]
    at.canvas.drawRightString(at.edges[first] - PAD, y, label)
    for index, place in enumerate(at.summed):
        if sums is not None:
            _write(at, place, y, _text(sums[index] or None))
    for place, column in enumerate(at.sheet.columns):
        if column.running:
            last = max(last, place)
            if left:
                _write(at, place, y, _text(_left(at, sums) if left_is is None else left_is))
    _box(at, _line(), sorted({at.edges[0], *at.edges[first : last + 2], at.edges[-1]}))


def _left(at: Pen, sums: Sequence[int] | None) -> int:
    """What the running column says after these sums: the first comes in, the second goes out."""
    return at.sheet.opening + (sums[0] - sums[1] if sums is not None and len(sums) > 1 else 0)


def _end(at: Pen, *, last: bool) -> None:
    """The foot of a page: its own total, then the sum so far."""
    at.carried = [before + own for before, own in zip(at.carried, at.page, strict=True)]
    labels = at.sheet.labels
    _sum_row(at, labels.page, at.page, left=False)
    _sum_row(at, labels.total if last else labels.carried, at.carried, left=not (last and labels.closing))
    if last and labels.closing:
        _sum_row(at, labels.closing, None, left_is=_left(at, at.carried))
    at.page = [0] * len(at.page)
    if not last:
        at.canvas.showPage()
