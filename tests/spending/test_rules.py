"""Pure: the cells of a list as people write them, the texts of papers, when a counted difference can be booked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.errors import Refused
from portal.kit.pasted import read_pasted
from portal.spending import columns, rows, rules_others, texts
from portal.spending.rows import Ground

GROUND = Ground(
    purposes={"gifts": "Trao quà, trợ cấp khó khăn", "housing": "Xây, sửa nhà"},
    levels={"central": "Trung ương", "province": "Tỉnh"},
    campaigns={7: ("XUAN2027", "Xuân sum vầy 2027")},
    purpose="gifts",
    campaign_id=7,
)


def read(**cells: str) -> rows.Row:
    return rows.read_rows([{"receiver": "Hộ bà Mẫu", "amount": "500.000", **cells}], GROUND)[0]


def test_a_row_means_what_people_write() -> None:
    row = read(amount="1,5tr", purpose="xay", campaign="xuân sum vầy 2027", level="TW", households="02")
    assert not row.errors
    (kept,) = rows.fields_of([row])
    assert (kept.amount, kept.purpose, kept.campaign_id, kept.level) == (1_500_000, "housing", 7, "central")
    assert kept.households == 2 and row.cells["amount"] == "1.500.000" and row.cells["campaign"] == "XUAN2027"
    blank = rows.fields_of([read()])[0]
    assert (blank.purpose, blank.campaign_id, blank.households) == ("gifts", 7, None)
    assert rows.fields_of([read(campaign="chung")])[0].campaign_id is None


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("receiver", "", "Chưa có người nhận"),
        ("amount", "", "Chưa có số tiền"),
        ("amount", "năm trăm", "năm trăm"),
        ("amount", "2.50", "chưa rõ"),
        ("purpose", "du lịch", "không có trong danh mục"),
        ("campaign", "TET", "không có trong danh mục"),
        ("level", "huyện", "không có trong danh mục"),
        ("households", "-1", "không được âm"),
        ("content", "x" * 501, "Đang dài 501 ký tự"),
    ],
)
def test_a_bad_cell_says_so_and_keeps_what_was_typed(column, text, said) -> None:
    row = read(**{column: text})
    assert list(row.errors) == [column] and said in row.errors[column]
    assert row.cells.get(column, "") == text
    assert rows.faults_of([row]) == [(1, columns.BY_KEY[column].label, row.errors[column])]


def test_blank_rows_are_no_rows_and_a_missing_purpose_is_asked_for() -> None:
    read_ = rows.read_rows([{}, {"receiver": "  "}], GROUND)
    assert all(row.is_blank for row in read_) and rows.fields_of(read_) == []
    (row,) = rows.read_rows([{"receiver": "Hộ A", "amount": "1tr"}], Ground({}, {}, {}))
    assert "Chọn mục đích chung" in row.errors["purpose"]


@given(st.dictionaries(st.sampled_from([column.key for column in columns.COLUMNS]), st.text(max_size=80)))
def test_no_cell_breaks_the_reading(cells) -> None:
    (row,) = rows.read_rows([cells], GROUND)
    assert row.is_blank or row.errors or rows.fields_of([row])[0].amount > 0


def test_a_pasted_list_with_its_headings() -> None:
    lines = ("STT\tHọ và tên chủ hộ\tẤp\tMức hỗ trợ", "1\tHộ ông Mẫu\tấp 3\t500.000", "2\tHộ bà Mẫu\t\t1tr")
    text = "\n".join((*lines, "\tTổng cộng\t\t1.500.000"))
    pasted = read_pasted(text, [column.key for column in columns.COLUMNS], columns.PASTE)
    assert pasted.left_out == ["Bỏ qua dòng tổng cộng."] and len(pasted.rows) == 2
    assert pasted.rows[0] == {"receiver": "Hộ ông Mẫu", "address": "ấp 3", "amount": "500.000"}


def test_cells_of_a_file_are_read_like_typed_ones() -> None:
    assert rows.text_of(500000, "amount") == "500.000" and rows.text_of(500000.0, "amount") == "500.000"
    assert rows.text_of(3.0, "households") == "3" and rows.text_of(None, "address") == ""
    assert read(amount=rows.text_of(1.5, "amount")).errors["amount"]


@pytest.mark.parametrize(
    ("total", "goods", "said"),
    [
        ("3.500.000", False, "tổng số tiền là 3.500.000 đồng (bằng chữ)"),
        ("3.500.000", True, "tổng số tiền là 3.500.000 đồng (bằng chữ) và hiện vật"),
        (texts.BLANK, True, "hiện vật"),
        (texts.BLANK, False, "tổng số tiền là …… đồng (bằng chữ)"),
    ],
)
def test_a_decision_says_whether_it_gives_money_or_goods(total, goods, said) -> None:
    assert texts.support_in_words(total, "bằng chữ", goods=goods) == said


def test_texts_end_as_papers_do() -> None:
    assert texts.grounds_of("Căn cứ Luật A;\nCăn cứ Quy chế B") == ["Căn cứ Luật A;", "Căn cứ Quy chế B."]
    assert texts.articles_of("Hỗ trợ\nĐiều 2: Chi\nThi hành.") == [
        ("Điều 1.", "Hỗ trợ."),
        ("Điều 2:", "Chi."),
        ("Điều 3.", "Thi hành./."),
    ]
    assert texts.recipients_of("- Như Điều 3;\nLưu: VT.") == ["- Như Điều 3;", "- Lưu: VT."]
    assert texts.paragraphs_of("Kính gửi: Ban Thường trực\nĐề nghị") == (
        "Kính gửi: Ban Thường trực",
        ["Đề nghị./."],
    )
    assert texts.filled("[tổng số tiền] đồng, [lạ]", {"tổng số tiền": "5"}) == "5 đồng, [lạ]"


def test_an_entry_knows_its_way_and_its_paper() -> None:
    assert rules_others.way_of("interest", None) and not rules_others.way_of("fee", "gain")
    assert not rules_others.way_of("exchange", "loss")
    for cause, way in (("exchange", None), ("count", "gain"), ("", None)):
        with pytest.raises(Refused):
            rules_others.way_of(cause, way)
    assert rules_others.series_of("count", gain=True) == "PT"
    assert rules_others.series_of("count", gain=False) == "PC"
    assert rules_others.series_of("fee", gain=False) == "PKT"
    with pytest.raises(Refused, match="Chưa ghi tỷ giá"):
        rules_others.check_text("exchange", "Đánh giá lại", " ")


def test_only_the_newest_count_of_untouched_books_is_booked() -> None:
    day = date(2026, 11, 10)
    rules_others.check_count(newer=None, late=0, counted_on=day)
    with pytest.raises(Refused, match="kiểm lại ngày 12/11/2026"):
        rules_others.check_count(newer=date(2026, 11, 12), late=0, counted_on=day)
    with pytest.raises(Refused, match="ghi thêm 2 chứng từ"):
        rules_others.check_count(newer=None, late=2, counted_on=day)
    with pytest.raises(Refused, match="khớp với sổ"):
        rules_others.difference_of(5, 5)
    assert rules_others.difference_of(3, 5) == (2, False)
