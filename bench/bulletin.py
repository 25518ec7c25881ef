"""A bulletin's PDF against a fixed HTML of the same length printed by bare WeasyPrint, in the same run.

    python -m bench.bulletin [PAGES …]        default: 1 5 10 20

Ours: figures read from the database, composed, rendered, printed with the paper's fonts; nothing cached.
Reference: a page of text and a table in plain HTML, repeated to the same number of pages, given to
weasyprint.HTML(…).write_pdf(). Least processor time of some rounds (the machine has other work), both warm, in turns.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from pypdf import PdfReader
from weasyprint import HTML

from bench.report import print_table, seconds, verdict
from portal import create_app
from portal.bulletins.documents import compose, render_html
from portal.config import Config
from portal.emulation.actions import record_initiatives
from portal.emulation.rules import InitiativeRow
from portal.figures.scope import Scope
from portal.households.actions import record_reviews
from portal.households.rules import ReviewRow
from portal.kit.db import db, writing
from portal.kit.numbers import Entry, next_entry
from portal.kit.pdf import html_to_pdf
from portal.programmes.actions import record_results
from portal.programmes.rules import KINDS, ResultRow
from portal.units.models import Unit

ROWS = 9  # of the reference table; with the text they fill a page
LIMIT, LIMIT_PAGES = 1.5, 5
ROUNDS = 7
YEAR = (date(2025, 1, 1), date(2025, 12, 31))

SENTENCE = (
    "Trong kỳ, Mặt trận các cấp cùng các tổ chức thành viên vận động nhân dân giúp nhau giảm nghèo bền vững, "
    "chăm lo hộ khó khăn, hỗ trợ nhà ở và trao sinh kế cho từng hộ. "
)
CELLS = "".join(
    f"<td>{text}</td>" for text in ("Vay vốn giải quyết việc làm", "1.257 hộ", "60.807.000.000", "98,5%")
)
TABLE = (
    "<table><thead><tr><th>STT</th><th>Nội dung</th><th>Kết quả</th><th>Số tiền</th><th>Đạt</th></tr></thead>"
    + "".join(f"<tr><td>{number}</td>{CELLS}</tr>" for number in range(1, ROWS + 1))
    + "</table>"
)
PAGE = f"<section><h2>Kết quả</h2>{f'<p>{SENTENCE * 3}</p>' * 3}{TABLE}</section>"
REFERENCE = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"><style>'
    "@page { size: A4; margin: 20mm 18mm 20mm 30mm } body { font: 13pt/1.25 serif } p { text-align: justify }"
    "section { break-after: page } table { width: 100%; border-collapse: collapse; font-size: 12pt }"
    "td, th { border: .75pt solid #000; padding: 2.5pt 4pt }"
    "</style></head><body>{body}</body></html>"
)


def reference_of(pages: int) -> str:
    """The fixed HTML, `pages` pages long."""
    return REFERENCE.replace("{body}", PAGE * pages)


def fill(unit: Unit, size: int) -> None:
    """Invented reviews, results and models: the more, the longer the bulletin."""

    def entry() -> Entry:
        return next_entry("đo", None, "đo")

    if not size:
        return
    parts = ["", *(f"Ấp {number}" for number in range(1, 3 * size))]
    record_reviews(
        [
            ReviewRow(unit.id, "Quốc gia 2022-2025", *YEAR, "Hộ nghèo", part, 128, 3, 17, 114, 6465, 6482)
            for part in parts
        ],
        entry=entry,
    )
    kinds = [kind for kind in KINDS if kind != "qua"]
    results = []
    for number in range(13 * size):
        kind = kinds[number % len(kinds)]
        results.append(
            ResultRow(
                unit.id,
                *YEAR,
                f"Chương trình hỗ trợ số {number}",
                kind,
                "",
                Decimal(206),
                Decimal(208),
                "lao động",
                245,
                None,
                9_968_000_000 + number,
                "gần",
            )  # fmt: skip
        )
    record_results(results, entry=entry)
    names = [InitiativeRow(unit.id, f"Tổ giúp nhau làm kinh tế số {number}") for number in range(6 * size)]
    record_initiatives(names, entry=entry)


def pages_of(pdf: bytes) -> int:
    """How long a PDF is."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


def ours(unit: Unit) -> bytes:
    """The bulletin, from the books to the PDF."""
    return html_to_pdf(render_html(compose(Scope(unit, *YEAR))))


def unit_with(pages: int) -> Unit:
    """A unit whose bulletin is `pages` long, or the first longer one."""
    size = 0 if pages == 1 else 1 + pages // 6
    while True:
        unit = Unit(code=f"DO{pages}-{size}", name="Xã Đo Lường", level="xã")
        db.session.add(unit)
        db.session.flush()
        fill(unit, size)
        db.session.commit()
        if pages_of(ours(unit)) >= pages or pages == 1:
            return unit
        size += 1


def line_of(pages: int) -> list[str]:
    """One line of the table."""
    unit = unit_with(pages)
    length = pages_of(ours(unit))
    plain = reference_of(length)
    assert pages_of(HTML(string=plain).write_pdf()) == length
    mine, theirs = [], []
    for _ in range(ROUNDS):
        begin = time.process_time()
        HTML(string=plain).write_pdf()
        middle = time.process_time()
        ours(unit)
        theirs.append(middle - begin)
        mine.append(time.process_time() - middle)
    took, base = min(mine), min(theirs)
    ratio = took / base
    judged = f"≤ {LIMIT} {verdict(ratio, LIMIT)}" if length == LIMIT_PAGES else ""
    return [str(length), seconds(took), seconds(base), f"{ratio:.2f}", judged]


def prepared(folder: Path) -> Flask:
    """A new migrated portal."""
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    app = create_app(Config(instance=folder, database_url=url, secret_key="đo", testing=True))  # noqa: S106
    with app.app_context(), writing():
        upgrade()
    return app


def main(sizes: list[int]) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        app = prepared(Path(folder))
        with app.app_context(), writing():
            rows = [line_of(pages) for pages in sizes]
            db.session.remove()
    heads = ["pages", "bulletin", "bare WeasyPrint", "ratio", "limit"]
    print_table("A bulletin's PDF against plain HTML of the same length", heads, rows)


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [1, 5, 10, 20])
