"""The person's own file comes back with what to mend; mended in place it is taken in."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from portal.imports.annotating import FAULTS, annotate
from portal.imports.engine import Order, rehearse
from portal.imports.kinds import KINDS
from portal.imports.loading import load
from portal.kit import tables
from portal.kit.db import db
from tests.cast import make_campaign
from tests.imports.helpers import bring

HEADER = ["Ngày", "Mã đợt", "Người ủng hộ", "Hình thức", "Số tiền", "Cột riêng"]
ROWS = [
    [date(2026, 11, 2), "D26", "Nguyễn Văn An", "tiền mặt", 500_000, "=1+1"],
    [date(2126, 11, 2), "D99", "Lê Thị Bình", "tiền mặt", "abc", "giữ"],
    [date(2026, 11, 3), "D26", "", "séc", 1_000_000, 7],
]


@pytest.fixture
def campaign(cast, db_session):
    made = make_campaign(unit=cast.commune, code="D26")
    db_session.commit()
    return made


def workbook(rows, *, title="Sổ ủng hộ"):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        notes, sheet = book.add_worksheet("Ghi chép"), book.add_worksheet(title)
        notes.write_string(0, 0, "Trang riêng của tôi")
        sheet.write_string(0, 0, "Danh sách ủng hộ thôn 3")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate([HEADER, *rows], 2):
            for index, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, index, value, day)
                else:
                    sheet.write(number, index, value)
    return out.getvalue()


def annotated(content, name="bang.xlsx"):
    db.session.commit()
    kind = KINDS["donations"]
    loaded = load(content, kind.columns, filename=name)
    outcome = rehearse(loaded, Order(kind))
    assert not outcome.accepted
    out = io.BytesIO()
    annotate(loaded, outcome, kind, out)
    return out.getvalue(), outcome


def grid(content, sheet):
    table = tables.read_table(content, filename="x.xlsx")
    found = next(page for page in table.sheets if page.name == sheet)
    return dict(found.rows()), [page.name for page in table.sheets]


def test_same_sheets_rows_and_kinds_of_values(campaign):
    back, outcome = annotated(workbook(ROWS))
    rows, names = grid(back, "Sổ ủng hộ")
    assert names == ["Ghi chép", "Sổ ủng hộ"]
    assert rows[1][0] == "Danh sách ủng hộ thôn 3"
    assert rows[3][:6] == HEADER and rows[3][6] == FAULTS
    for number, row in enumerate(ROWS, 4):
        assert [cell or "" for cell in rows[number][:6]] == row
    assert rows[4][6] == ""
    assert "Ngày:" in rows[5][6] and "Mã đợt:" in rows[5][6] and "Số tiền:" in rows[5][6]
    assert rows[6][6].startswith("Hình thức:")
    assert outcome.errors == 4


def test_wrong_cells_are_coloured_and_carry_a_comment(campaign):
    back, _ = annotated(workbook(ROWS))
    with zipfile.ZipFile(io.BytesIO(back)) as archive:
        comments = archive.read("xl/comments1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert [place in comments for place in ('ref="A5"', 'ref="B5"', 'ref="E5"', 'ref="D6"')] == [True] * 4
    assert 'ref="A4"' not in comments
    assert "FFFFC7CE" in styles


def test_mended_and_brought_again(campaign, db_session):
    mended = [ROWS[0], [date(2026, 11, 2), "D26", "Lê Thị Bình", "tiền mặt", 200_000, "giữ"], ROWS[2][:3]]
    mended[2] += ["tiền mặt", 1_000_000, 7]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Sổ ủng hộ")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate([[*HEADER, FAULTS], *[[*row, "lỗi cũ"] for row in mended]]):
            for index, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, index, value, day)
                else:
                    sheet.write_string(number, index, value) if isinstance(
                        value, str
                    ) else sheet.write_number(number, index, value)
    outcome = bring("donations", out.getvalue())
    assert (outcome.accepted, outcome.new, outcome.sum) == (True, 3, 1_700_000)
    assert outcome.notes == ["Không dùng đến cột: “Cột riêng”. Nếu là cột cần nạp, sửa tên cột cho đúng."]


def test_an_annotated_file_is_annotated_anew(campaign):
    first, _ = annotated(workbook(ROWS))
    again, _ = annotated(first)
    rows, _ = grid(again, "Sổ ủng hộ")
    assert rows[3].count(FAULTS) == 1 and len(rows[3]) == 7
    assert rows[5][6].count("Số tiền:") == 1


def test_a_text_file_comes_back_as_a_workbook(campaign):
    text = "Ngày;Mã đợt;Hình thức;Số tiền\n02/11/2026;D26;tiền mặt;1.500\n31/02/2026;D26;tiền mặt;2.000\n"
    back, _ = annotated(text.encode(), "bang.csv")
    rows, _ = grid(back, "Danh sách")
    assert rows[2][:4] == ["02/11/2026", "D26", "tiền mặt", "1.500"]
    assert rows[3][0] == "31/02/2026" and rows[3][4].startswith("Ngày:")


def test_scope_is_told_at_the_cell(campaign, outsider, db_session):
    outcome = bring("donations", workbook([ROWS[0]]), by=outsider)
    assert outcome.of_row[4][0][0] == "Mã đợt"
