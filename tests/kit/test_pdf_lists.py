"""Lists in PDF: boxes or headings say what a cell is; what cannot be told apart is never guessed."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from portal.kit.errors import Refused
from portal.kit.tables import Glued, PrintedList, read_table
from portal.kit.tables import pdf as pdf_door

HEAD = ["Day", "Text", "Money"]
LEFT, STEP = (40, 120, 400), 14


def is_header(cells) -> bool:
    return [cell.strip() for cell in cells if cell] == HEAD


def begins(header, cells) -> bool:
    return bool(cells) and re.fullmatch(r"\d\d/\d\d", cells[0]) is not None


def stands_alone(header, cells) -> bool:
    return len(cells) > 2 and any(map(str.isdigit, cells[2]))


LIST = PrintedList(is_header, begins, stands_alone)


def drawn(pages: list[list[tuple]], *, size: int = 9) -> bytes:
    """Pages of (x, y from the top, text); a rule is (x0, y0, x1, y1)."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    for page in pages:
        canvas.setFont("Helvetica", size)
        for mark in page:
            if len(mark) == 4:
                canvas.line(mark[0], 800 - mark[1], mark[2], 800 - mark[3])
            else:
                canvas.drawString(mark[0], 800 - mark[1], mark[2])
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def printed(*rows: tuple[str, ...], top: float = 100, step: float = STEP * 1.6) -> list[tuple]:
    """Rows of texts at the three columns, each far enough below the last."""
    return [
        (x, top + number * step, text)
        for number, row in enumerate(rows)
        for x, text in zip(LEFT, row, strict=False)
        if text
    ]


def read(content: bytes) -> list[list]:
    table = read_table(content, filename="a.pdf", printed=LIST)
    return [cells for _, cells in table.sheets[0].rows()]


def test_a_row_goes_on_over_lines_and_pages() -> None:
    first = [*printed(HEAD, ("01/09", "ung ho", "50")), (LEFT[1], 100 + STEP * 1.6 + 11, "nguoi ngheo")]
    second = [*printed(HEAD), (LEFT[1], 111, "va tre em"), *printed(("02/09", "khac", "70"), top=140)]
    assert read(drawn([first, second])) == [
        HEAD,
        ["01/09", "ung ho\nnguoi ngheo\nva tre em", "50"],
        ["02/09", "khac", "70"],
    ]


def test_what_numbers_the_pages_is_left_out_and_a_donor_who_writes_the_same_is_kept() -> None:
    pages = [
        [*printed(HEAD, ("01/09", "Page 3", "50"), ("02/09", "Page 4", "60")), (300, 780, f"Page {n}")]
        for n in (1, 2, 3)
    ]
    rows = read(drawn(pages))
    assert len(rows) == 7 and {row[1] for row in rows[1:]} == {"Page 3", "Page 4"}


def test_words_across_two_columns_are_glued_in_both() -> None:
    row = read(
        drawn([printed(HEAD, ("01/09", "x", "50"), ("02/09", "060129014***300.000 " + "w" * 55, ""))])
    )[2]
    assert row[0] == "02/09" and [type(cell) for cell in row[1:]] == [Glued, Glued] and row[1] == row[2]


def test_columns_that_nearly_touch_are_parted_where_both_keep_to_their_edges() -> None:
    """Amounts end at one edge, references begin at the next: the gap is hardly wider than a space."""
    width = {"7": 5.0, ",": 2.5}  # of Helvetica, 9 points

    def amount(text: str) -> tuple[float, str]:
        return 300 - sum(width[letter] for letter in text), text

    amounts = ("77,777", "7,777,777", "777", "777,777,777")
    rows = [[(40, "Day"), (272.5, "Money"), (303.5, "Text")]]
    rows += [[(40, f"0{n}/09"), amount(text), (303.5, f"FT{n} ung ho")] for n, text in enumerate(amounts, 1)]
    rows += [[(40, "09/09"), amount("7,777")], [(40, "10/09"), (303.5, "khac")]]
    marks = [(x, 100 + 24 * n, text) for n, row in enumerate(rows) for x, text in row]
    head = ["Day", "Money", "Text"]
    only = PrintedList(lambda cells: list(cells) == head, begins, lambda header, cells: False)
    table = read_table(drawn([marks]), filename="a.pdf", printed=only)
    found = [cells for _, cells in table.sheets[0].rows()][1:]
    assert [row[1] for row in found] == [*amounts, "7,777", ""]
    assert [row[2] for row in found] == ["FT1 ung ho", "FT2 ung ho", "FT3 ung ho", "FT4 ung ho", "", "khac"]
    assert not any(isinstance(cell, Glued) for row in found for cell in row)


def grid(
    rows: list[tuple[str, ...]], *, top: float = 90, height: float = 30, gaps: bool = True
) -> list[tuple]:
    """The same in boxes."""
    edges, bottom = (35, 115, 390, 500), top + height * len(rows)
    marks: list[tuple] = [(x, top, x, bottom) for x in edges]
    marks += [(35, top + height * n, 500, top + height * n) for n in range(len(rows) + 1)]
    for number, row in enumerate(rows):
        for x, text in zip(LEFT, row, strict=False):
            for line, part in enumerate(text.split("\n")):
                marks.append((x, top + height * number + 12 + 11 * line, part))
    return marks


def test_boxes_say_what_a_cell_is_however_close_the_texts() -> None:
    rows = [tuple(HEAD), ("01/09", "mot\nhai", "50"), ("02/09", "w" * 38 + " w", "70")]
    assert read(drawn([grid(rows)])) == [list(row) for row in rows]


def test_a_word_across_a_rule_is_glued() -> None:
    rows = [tuple(HEAD), ("01/09", "w" * 45, ""), ("02/09", "khac", "70")]
    found = read(drawn([grid(rows)]))
    assert [type(cell) for cell in found[1]] == [str, Glued, Glued] and found[2] == ["02/09", "khac", "70"]


def test_a_list_in_boxes_that_goes_on_without_them_is_still_read_by_its_columns() -> None:
    rows = [tuple(HEAD), ("01/09", "mot", "50")]
    found = read(drawn([grid(rows), printed(("02/09", "khac", "70"), ("03/09", "nua", "80"))]))
    assert found == [HEAD, ["01/09", "mot", "50"], ["02/09", "khac", "70"], ["03/09", "nua", "80"]]


def test_what_stands_around_the_list_on_inner_pages_is_no_row() -> None:
    around = [(40, 40, "NGAN HANG MINH HOA"), (40, 700, "In tu he thong")]
    pages = [[*grid([tuple(HEAD), (f"0{n}/09", "mot", "50")]), *around] for n in (1, 2, 3)]
    rows = read(drawn(pages))
    assert rows[0] == ["NGAN HANG MINH HOA"] and rows[-1] == ["In tu he thong"]
    assert [row[0] for row in rows[2:-1]] == ["01/09", "02/09", "03/09"]


def test_an_address_names_page_and_row() -> None:
    table = read_table(drawn([printed(HEAD), printed(("01/09", "x", "5"))]), filename="a.pdf", printed=LIST)
    number = list(table.sheets[0].rows())[1][0]
    assert table.sheets[0].address(number, "Money") == "trang 2, dòng 1, cột “Money”"
    assert table.sheets[0].address(number, 1) == "trang 2, dòng 1, cột thứ 2"


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read(content)
    return refused.value.text


def test_scanned_pages_are_refused_wherever_they_stand() -> None:
    picture = [(50, 50, 50, 700), (50, 50, 500, 50)]
    assert "là ảnh quét, không có chữ để đọc (trang 1)" in refusal(drawn([picture]))
    assert "(trang 2)" in refusal(drawn([printed(HEAD, ("01/09", "x", "5")), picture]))
    assert "không có chữ nào" in refusal(drawn([[]]))
    assert len(read(drawn([printed(HEAD, ("01/09", "x", "5")), []]))) == 2  # an empty page says nothing


def test_locked_damaged_and_large_files_are_refused(monkeypatch) -> None:
    good = drawn([printed(HEAD, ("01/09", "x", "5"))])
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(good)))
    writer.encrypt("bi mat", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    assert "đặt mật khẩu" in refusal(locked.getvalue())
    assert "bị hỏng" in refusal(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    monkeypatch.setattr(pdf_door, "MAX_FILE", 100)
    assert "256 MB" in refusal(good)


def test_a_child_that_dies_leaves_no_half_read_list(monkeypatch, tmp_path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import json; print(json.dumps({'pages': 3}))\n")
    monkeypatch.setattr(pdf_door, "CHILD", child)
    assert "bị hỏng" in refusal(drawn([printed(HEAD)]))


def test_other_tables_take_no_pdf() -> None:
    with pytest.raises(Refused, match="không phải là bảng tính"):
        read_table(drawn([printed(HEAD)]), filename="a.pdf")
