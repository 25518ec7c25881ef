"""A statement as PDF with a text layer, row by row: in ruled boxes as BIDV prints, or without any line.

Cells wrap over lines, and rows over pages; the header stands on every page, the page's number below.
"""

from collections.abc import Iterator
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from portal.kit.carried import register_fonts
from tests.statements.bank_files.options import Options
from tests.statements.bank_files.rows import headings, statement_rows

FONT, SIZE, LEADING, PADDING = "Tinos", 8, 9.5, 3
WIDTH, HEIGHT = landscape(A4)
LEFT, TOP, BOTTOM = 24, HEIGHT - 28, 34
RIGHT_ALIGNED = ("debit", "credit", "balance")
SHARE = {"ordinal": 3, "page": 3, "": 1, "nothing": 3, "text": 22, "debit": 7, "credit": 8, "balance": 9, "time": 6,
         "name": 9, "name_account": 12, "bank": 9}  # fmt: skip


def write_pdf(path: Path, options: Options, *, ruled: bool) -> None:
    """Draw the statement; cells of a ruled one are centred in their height unless the row is split."""
    register_fonts()
    paper = _Paper(Canvas(str(path), pagesize=(WIDTH, HEIGHT), pageCompression=1), options, ruled)
    head = options.left + headings(options.form)
    above = True
    for cells in statement_rows(options):
        if cells == head:
            above = False
            paper.header()
        elif above or any(
            str(cell).startswith(("Số dư", "Ghi chú", "Người lập", "Ngày in")) for cell in cells
        ):
            paper.note(cells)
        else:
            paper.row(cells)
    paper.end()


def _is_label(cell: str) -> bool:
    return cell in ("DƯ ĐẦU", "DƯ CUỐI", "Cộng phát sinh", "Tổng số", "Tổng cộng/ Total")


class _Paper:
    """Where the pen is."""

    def __init__(self, canvas: Canvas, options: Options, ruled: bool):
        self.canvas, self.options, self.ruled = canvas, options, ruled
        self.padding = PADDING if ruled else 3 * PADDING  # left and right together
        self.kinds = ["" for _ in options.left] + [what for what, _ in options.how.columns]
        shares = [SHARE.get(what, 8) for what in self.kinds]
        unit = (WIDTH - 2 * LEFT) / sum(shares)
        self.edges = [LEFT]
        for share in shares:
            self.edges.append(self.edges[-1] + share * unit)
        self.page, self.y = 1, TOP
        self.begun = False
        canvas.setFont(FONT, SIZE)

    def note(self, cells: list) -> None:
        """A row outside the list, as free text."""
        texts = [str(cell) for cell in cells if cell != ""]
        if texts:
            self._room(LEADING, split=False)
            self.canvas.drawString(LEFT, self.y - SIZE, "   ".join(texts))
        self.y -= LEADING + PADDING

    def header(self) -> None:
        """The headings, here and on every page that follows."""
        self.begun = True
        self._draw(self._wrapped(self.options.left + headings(self.options.form)), whole=True)

    def row(self, cells: list) -> None:
        """A row of the list; what does not fit goes on on the next page."""
        rest = self._wrapped([cell if isinstance(cell, str) else f"{cell:,}" for cell in cells])
        whole = True
        while any(rest):
            lines = int((self.y - BOTTOM - PADDING) // LEADING)
            if lines < 1:
                self._new_page()
                continue
            height = max(map(len, rest))
            whole = whole and height <= lines
            self._draw([column[:lines] for column in rest], whole=whole)
            rest = [column[lines:] for column in rest]

    def end(self) -> None:
        """Finish the file."""
        self._footer()
        self.canvas.save()

    def _wrapped(self, cells: list[str]) -> list[list[str]]:
        widths = [
            right - left - self.padding for left, right in zip(self.edges, self.edges[1:], strict=False)
        ]
        return [
            [str(cell)] if self._stays_whole(cell, kind, cells) else _wrap(str(cell), width)
            for cell, kind, width in zip(cells, self.kinds, widths, strict=True)
        ]

    def _stays_whole(self, cell: str, kind: str, cells: list[str]) -> bool:
        """Amounts are never wrapped (a glued one runs into its neighbour), nor labels of totals."""
        return (kind in RIGHT_ALIGNED and cell[:1].isdigit()) or _is_label(cell)

    def _draw(self, columns: list[list[str]], *, whole: bool) -> None:
        height = max(map(len, columns)) * LEADING + PADDING
        for place, lines in enumerate(columns):
            spare = max(map(len, columns)) - len(lines)
            down = spare * LEADING / 2 if self.ruled and whole else 0
            for number, text in enumerate(lines):
                self._text(place, text, self.y - down - number * LEADING - SIZE)
        if self.ruled:
            for edge in self._drawn(columns):
                self.canvas.line(edge, self.y, edge, self.y - height)
            for y in (self.y, self.y - height):
                self.canvas.line(self.edges[0], y, self.edges[-1], y)
        self.y -= height if self.ruled else height + 2

    def _drawn(self, columns: list[list[str]]) -> list[float]:
        """The upright rules of a row: the label of a total stands in one box with the empty cells behind it."""
        label = next((n for n, lines in enumerate(columns) if lines and _is_label(lines[0])), None)
        if label is None:
            return self.edges
        filled = next((n for n in range(label + 1, len(columns)) if columns[n]), len(columns))
        return self.edges[: label + 1] + self.edges[filled:]

    def _text(self, place: int, text: str, y: float) -> None:
        left, right = self.edges[place] + self.padding / 2, self.edges[place + 1] - self.padding / 2
        if self.kinds[place] in RIGHT_ALIGNED and stringWidth(text, FONT, SIZE) <= right - left:
            self.canvas.drawRightString(right, y, text)
        else:
            self.canvas.drawString(left, y, text)

    def _room(self, height: float, *, split: bool) -> None:
        if self.y - height < BOTTOM:
            self._new_page()

    def _new_page(self) -> None:
        self._footer()
        self.canvas.showPage()
        self.canvas.setFont(FONT, SIZE)
        self.page, self.y = self.page + 1, TOP
        if self.begun:
            self.header()

    def _footer(self) -> None:
        self.canvas.drawRightString(WIDTH - LEFT, 14, f"Trang {self.page}")


def _wrap(text: str, width: float) -> list[str]:
    """Lines of a cell: broken at spaces, and inside a word that is too long for a line."""
    return [line for part in text.split("\n") for line in _lines(part, width)] if text else []


def _lines(text: str, width: float) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if stringWidth(f"{line} {word}".strip(), FONT, SIZE) <= width:
            line = f"{line} {word}".strip()
            continue
        if line:
            yield line
        while stringWidth(word, FONT, SIZE) > width:
            fits = next(n for n in range(len(word), 0, -1) if stringWidth(word[:n], FONT, SIZE) <= width)
            yield word[:fits]
            word = word[fits:]
        line = word
    if line:
        yield line
