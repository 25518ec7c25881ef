"""Danh sách ký nhận: every row on the page that its sheet says, also with long names; codes; ID cards under a purpose."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from portal.distributions.actions_sheets import is_code, sheets_for_print
from portal.distributions.documents_sheets import pages_to_print, paper_of, render_sheets
from portal.distributions.layout_sheets import BODY, FOOT, MOST_LINES, fitted, lines_of, pages_of
from portal.distributions.models_handover import Sheet
from portal.distributions.queries_handover import phone_rows
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import html_to_pdf
from tests.distributions.released import make_released
from tests.printed import text_of_pdf
from tests.qr_reading import read_pdf

LONG = "Nguyễn Hoàng Phương Trường Thiện Khánh Dương Quỳnh Hương Giang Thủy Tiên Bích Phượng"


@given(st.lists(st.floats(9.2, 41.7), min_size=1, max_size=200))
def test_every_row_stands_on_one_page_and_every_page_has_one(heights) -> None:
    counts = pages_of(heights)
    assert sum(counts) == len(heights) and min(counts) > 0
    assert sum(heights[len(heights) - counts[-1] :]) + FOOT <= BODY


@given(st.text(alphabet="Wnăôệ .", max_size=400), st.integers(0, 9))
def test_a_text_never_takes_more_lines_than_a_row_may_have(text, column) -> None:
    assert lines_of(fitted(text, column), column) <= MOST_LINES


def printed(made, maker="Lê Thị Toán", cccd=None):
    rows = phone_rows(made.distribution, None)
    sheets = sheets_for_print(made.distribution, rows)
    pages = pages_to_print(made.distribution, rows, sheets, cccd or {})
    html = render_sheets(paper_of(made.distribution, rows, maker), pages, sample=False)
    return sheets, html_to_pdf(html)


@pytest.mark.parametrize("name", ["Võ Thị Mẫu", LONG, "W" * 150, "Trần " + "Ngọc" * 30])
def test_nothing_runs_over_to_another_page(cast, engine, name) -> None:
    names = [f"{number:03d} {name}" for number in range(1, 41)]
    made = make_released(cast, names=names)
    sheets, pdf = printed(made)
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert len(pages) == len(sheets) == sheets[0].pages and len(sheets) > 2
    for sheet, text in zip(sheets, pages, strict=True):
        own = {f"{number:03d}" for number in range(sheet.first, sheet.last + 1)}
        flat = "".join(text.split())
        assert all(number in flat for number in own), sheet.page
        assert f"Trang{sheet.page}/{sheet.pages}" in flat
    assert read_pdf(pdf) == [sheet.code for sheet in sheets] and all(is_code(sheet.code) for sheet in sheets)


def test_the_paper_says_money_goods_and_who_signs(cast) -> None:
    made = make_released(cast)
    made.rows[1].amount = None
    db.session.flush()
    _, pdf = printed(made)
    text = text_of_pdf(pdf)
    for words in (
        "DANH SÁCH KÝ NHẬN",
        "Cộng 5 hộ",
        "2.000.000",
        "Hai triệu đồng",
        "10 kg",
        "hiện vật",
        "NGƯỜI LẬP",
        "BAN THƯỜNG TRỰC",
        "/QĐ-T",
        "Lê Thị Toán",
    ):
        assert words.lower() in text.lower(), words
    assert "None" not in text and "0 đồng" not in text.replace("000 đồng", "")


def test_the_same_rows_keep_their_edition_others_get_a_new_one(cast) -> None:
    made = make_released(cast)
    rows = phone_rows(made.distribution, None)
    first = sheets_for_print(made.distribution, rows)
    assert sheets_for_print(made.distribution, rows) == first
    made.rows[4].refused = "Đã chuyển đi"
    db.session.flush()
    again = sheets_for_print(made.distribution, phone_rows(made.distribution, None))
    assert {sheet.edition for sheet in again} == {2} and again[-1].last == 4
    assert db.session.query(Sheet).count() == len(first) + len(again)
    made.distribution.state = "locked"
    db.session.flush()
    with pytest.raises(Refused, match="đã duyệt"):
        sheets_for_print(made.distribution, rows)
