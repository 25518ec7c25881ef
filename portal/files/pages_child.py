"""Run as a process of its own: a PDF's path and bounds as arguments → its pages as dots on standard output.

First a JSON line {"pages": n} (or {"error": kind}); for each page a JSON line with width, height, stride and
length, then the dots, red, green, blue. PDFium is a large program fed with a stranger's file, so it gets a
ceiling of memory and time here, where its end harms nobody; one page at a time is held. Imports nothing of the portal.
"""

import json
import resource
import sys

import pypdfium2 as pdfium

MEMORY = 1 << 30
SECONDS = 600


def tell(**values: object) -> None:
    """One line for who reads."""
    sys.stdout.buffer.write(json.dumps(values).encode() + b"\n")
    sys.stdout.buffer.flush()


def draw(page: pdfium.PdfPage, dots: int, long_side: int) -> None:
    """A page at `dots` an inch, its longer side no longer than `long_side`."""
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        tell(width=0)
        return
    scale = min(dots / 72, long_side / max(width, height))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, may_draw_forms=False)
    tell(width=bitmap.width, height=bitmap.height, stride=bitmap.stride, length=len(bitmap.buffer))
    sys.stdout.buffer.write(bitmap.buffer)
    sys.stdout.buffer.flush()
    bitmap.close()


def main() -> None:
    """Every page in turn, until nobody reads on."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    path, dots, long_side, most = sys.argv[1], *map(int, sys.argv[2:5])
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        tell(error="password" if "password" in str(error).lower() else "damaged")
        return
    tell(pages=len(document))
    if len(document) > most:
        return
    for index in range(len(document)):
        page = document[index]
        draw(page, dots, long_side)
        page.close()


if __name__ == "__main__":
    main()
