"""Run as a process of its own: a PDF's path as argument → one JSON line for each page on standard output.

A page is its words with their boxes, and its straight rules. PDFium is a large program fed with a stranger's
file, so it gets a ceiling of memory and time here, where its end harms nobody; one page at a time is held.
Imports nothing of the portal.
"""

import ctypes
import json
import resource
import sys

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MEMORY = 1 << 30
SECONDS = 1_800
SPACE = 0.16  # of the letters' height: a wider gap parts two words
THIN = 1.6  # points: a filled box as thin as this is a rule
LONG = 4.0  # points: shorter strokes are no rules


class Word:
    """Letters that touch each other; `y` counts from the top of the page."""

    __slots__ = ("bottom", "text", "top", "x0", "x1")

    def __init__(self, text: str, x0: float, x1: float, top: float, bottom: float):
        self.text, self.x0, self.x1, self.top, self.bottom = text, x0, x1, top, bottom

    def takes(self, text: str, x0: float, x1: float, top: float, bottom: float) -> bool:
        """Add a letter that follows closely on the same line."""
        height = max(self.bottom - self.top, bottom - top)
        same_line = top < self.bottom - 0.3 * height and bottom > self.top + 0.3 * height
        if not same_line or not -0.5 * height < x0 - self.x1 < SPACE * height:
            return False
        self.text += text
        self.x1, self.top, self.bottom = max(self.x1, x1), min(self.top, top), max(self.bottom, bottom)
        return True


def words_of(page: pdfium.PdfPage, height: float) -> list[Word]:
    """The words in the order of the file."""
    textpage = page.get_textpage()
    loose = raw.FS_RECTF()
    words: list[Word] = []
    begins = True
    for index in range(raw.FPDFText_CountChars(textpage)):
        letter = chr(raw.FPDFText_GetUnicode(textpage, index))
        if letter.isspace() or letter in "\0\ufffe\uffff":
            begins = True
            continue
        if not raw.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(loose)):
            continue
        box = (loose.left, loose.right, height - loose.top, height - loose.bottom)
        if begins or not words[-1].takes(letter, *box):
            words.append(Word(letter, *box))
        begins = False
    textpage.close()
    return words


def rules_of(page: pdfium.PdfPage, height: float) -> tuple[list, list]:
    """(upright rules as [x, y0, y1], level ones as [y, x0, x1]), y from the top."""
    upright, level = [], []
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        for x0, y0, x1, y1 in _strokes(path):
            y0, y1 = height - y0, height - y1
            if abs(x1 - x0) <= THIN and abs(y1 - y0) >= LONG:
                upright.append([round((x0 + x1) / 2, 1), round(min(y0, y1), 1), round(max(y0, y1), 1)])
            elif abs(y1 - y0) <= THIN and abs(x1 - x0) >= LONG:
                level.append([round((y0 + y1) / 2, 1), round(min(x0, x1), 1), round(max(x0, x1), 1)])
    return upright, level


def _strokes(path: pdfium.PdfObject) -> list[tuple[float, float, float, float]]:
    """Its straight pieces on the page; a thin filled box is one piece."""
    left, bottom, right, top = path.get_bounds()
    if right - left <= THIN or top - bottom <= THIN:
        return [(left, bottom, right, top)]
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not stroke.value:
        return []
    points = [_point(path, index) for index in range(raw.FPDFPath_CountSegments(path))]
    pieces = []
    begun = points[0][1:3] if points else (0.0, 0.0)
    for (_, x0, y0, _), (kind, x1, y1, closes) in zip(points, points[1:], strict=False):
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begun = (x1, y1)
        elif kind == raw.FPDF_SEGMENT_LINETO:
            pieces.append((x0, y0, x1, y1))
        if closes:
            pieces.append((x1, y1, *begun))
    return pieces


def _point(path: pdfium.PdfObject, index: int) -> tuple[int, float, float, bool]:
    segment = raw.FPDFPath_GetPathSegment(path, index)
    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
    on_page = path.get_matrix().on_point(x.value, y.value)
    return raw.FPDFPathSegment_GetType(segment), *on_page, bool(raw.FPDFPathSegment_GetClose(segment))


def page_line(page: pdfium.PdfPage) -> str:
    """One page as JSON."""
    height = page.get_height()
    words = words_of(page, height)
    upright, level = rules_of(page, height) if words else ([], [])
    boxes = [[round(w.x0, 1), round(w.x1, 1), round(w.top, 1), round(w.bottom, 1), w.text] for w in words]
    drawn = bool(boxes) or next(iter(page.get_objects(max_depth=2)), None) is not None
    return json.dumps({"words": boxes, "upright": upright, "level": level, "empty": not drawn})


def main() -> None:
    """Write {"pages": n} (or {"error": kind}), then a line for each page."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        document = pdfium.PdfDocument(sys.argv[1])
    except pdfium.PdfiumError as error:
        kind = "password" if "password" in str(error).lower() else "damaged"
        print(json.dumps({"error": kind}), flush=True)
        return
    print(json.dumps({"pages": len(document)}), flush=True)
    for index in range(len(document)):
        page = document[index]
        print(page_line(page), flush=True)
        page.close()


if __name__ == "__main__":
    main()
