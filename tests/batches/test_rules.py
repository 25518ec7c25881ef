"""How a line is read, what a clipboard holds, when totals agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.batches import columns as cols
from portal.batches.pasted import cells_of, read_pasted
from portal.batches.rules import MOST_LINES, Goods, Ground, Totals, read_line
from portal.kit.errors import Refused
from tests.reading import unpleasant

KINDS = [("person", "Cá nhân"), ("household", "Hộ gia đình"), ("company", "Doanh nghiệp"), ("group", "Nhóm")]
GROUND = Ground(
    day=date(2026, 11, 2),
    form="cash",
    today=date(2026, 11, 23),
    campaign_ends=date(2026, 11, 18),
    kinds=cols.kind_words(KINDS),
    kind_names=dict(KINDS),
    items={"gao te": Goods(7, "kg", {"bao": 25_000}), "nuoc mam": Goods(8, "chai", {}, 30_000)},
)


def read(**typed: str):
    return read_line({"donor": "Lâm Thị Ánh", "amount": "1", **typed}, GROUND)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("500k", 500_000),
        ("1tr5", 1_500_000),
        ("1,5tr", 1_500_000),
        ("500.000", 500_000),
        ("500,000", 500_000),
        ("500 000 đ", 500_000),
        ("500.000,00", 500_000),
        ("đ 500.000", 500_000),
        ("1 500 000₫", 1_500_000),
        ("2 triệu", 2_000_000),
    ],
)
def test_amounts_as_people_write_them(typed, amount) -> None:
    line = read(amount=typed)
    assert line.values["amount"] == amount and not line.errors
    assert line.cells["amount"].replace(".", "") == str(amount)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("21/11", date(2026, 11, 21)),
        ("21/12", date(2026, 12, 21)),
        ("2/11/2026", date(2026, 11, 2)),
        ("02-11-2026", date(2026, 11, 2)),
        ("2.11.2026", date(2026, 11, 2)),
        ("2026-11-02", date(2026, 11, 2)),
        ("2026-11-02 00:00:00", date(2026, 11, 2)),
        ("ngày 02 tháng 11 năm 2026", date(2026, 11, 2)),
        ("2 tháng 11", date(2026, 11, 2)),
    ],
)
def test_days_as_people_write_them(typed, day) -> None:
    line = read(day=typed)
    if day > GROUND.today:
        assert "chưa tới" in line.errors["day"]
    else:
        assert line.values["day"] == day and line.cells["day"] == f"{day:%d/%m/%Y}"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"amount": "2.50"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"amount": "-"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"donor": ""}, "donor"),
        ({"day": "31/02/2026"}, "day"),
        ({"day": "2/11/26"}, "day"),
        ({"form": "vàng"}, "form"),
        ({"kind": "abc"}, "kind"),
        ({"shown_as": "xyz"}, "shown_as"),
        ({"form": "hv"}, "goods"),
        ({"form": "tm", "goods": "gạo"}, "goods"),
        ({"goods": "Gạo tẻ", "measure": "kg"}, "quantity"),
        ({"goods": "Gạo tẻ", "quantity": "2", "measure": "lít"}, "measure"),
        ({"note": "x" * 1001}, "note"),
    ],
)
def test_what_cannot_be_read_stays_with_its_sentence(typed, wrong) -> None:
    line = read(**typed)
    assert set(line.errors) == {wrong} and not unpleasant(line.errors[wrong])
    assert line.cells.get(wrong, "") in (typed.get(wrong, ""), "")


def test_short_words_are_enough_and_nothing_is_guessed() -> None:
    line = read(kind="hộ", form="ck", shown_as="h")
    assert (line.values["kind"], line.values["form"], line.values["shown_as"]) == (
        "household",
        "bank",
        "name",
    )
    assert line.cells["form"] == "Chuyển khoản" and line.cells["shown_as"] == "Họ tên"
    assert read().values["shown_as"] is None, "nobody was asked: nothing is ticked"
    assert cols.choose("", cols.FORM_WORDS) is None


def test_nobody_is_a_name_of_its_own() -> None:
    line = read(donor="khong ro ten")
    assert line.values["donor"] is None and line.name_key is None and line.cells["donor"] == "Không rõ tên"


def test_goods_with_and_without_a_value() -> None:
    line = read(amount="", goods="Mì gói", quantity="5", measure="thùng")
    assert (line.values["form"], line.values["amount"]) == ("goods", 0) and not line.errors
    stored = read(amount="1tr", goods="gạo TẺ", quantity="2", measure="bao")
    assert (stored.values["item_id"], stored.values["quantity"]) == (7, 50_000)
    assert read(goods="Gạo tẻ", quantity="2,5").values["quantity"] == 2_500


def test_goods_of_the_catalogue_come_at_their_last_price() -> None:
    priced = replace(GROUND, items={"gao te": Goods(7, "kg", {"bao": 25_000}, 18_000)})
    typed = {"donor": "Lâm Thị Ánh", "goods": "gạo tẻ", "quantity": "2", "measure": "bao"}
    line = read_line(typed, priced)
    assert line.values["amount"] == 900_000 and "amount" not in line.cells and not line.errors
    assert "900.000 đ" in line.remarks["amount"] and not unpleasant(line.remarks["amount"])
    assert read_line(typed | {"quantity": "3"}, priced).values["amount"] == 1_350_000
    for said, amount in (("1tr", 1_000_000), ("—", 0)):
        line = read_line(typed | {"amount": said}, priced)
        assert line.values["amount"] == amount and not line.remarks
        assert read_line(line.cells, priced).values["amount"] == amount
    assert not read_line(typed, GROUND).remarks, "no price is known"


def test_goods_that_keep_lots_have_no_column_here() -> None:
    lots = replace(GROUND, items={"gao te": Goods(7, "kg", {}, None, True)})
    line = read_line({"donor": "Lâm Thị Ánh", "goods": "gạo tẻ", "quantity": "2"}, lots)
    assert set(line.errors) == {"goods"} and "hạn dùng" in line.errors["goods"]


def test_a_gift_after_the_committed_end_is_flagged_not_refused() -> None:
    line = read(day="20/11/2026")
    assert not line.errors and "sau hạn" in line.remarks["day"]


@given(st.dictionaries(st.sampled_from(list(cols.BY_KEY)), st.text(max_size=40)))
def test_any_line_is_read_and_reads_the_same_again(typed) -> None:
    """Nothing that can be typed breaks a line; what was tidied reads as the same values."""
    line = read_line(typed, GROUND)
    again = read_line(line.cells, GROUND)
    assert again.cells == line.cells and again.errors == line.errors
    assert again.values == line.values


def test_a_clipboard_of_excel() -> None:
    text = (
        "DANH SÁCH ỦNG HỘ\r\n"
        "STT\tHọ và tên\tĐịa chỉ\tSố tiền (đồng)\tGhi chú lạ\r\n"
        '1\tTrần "Tư" Be\t"ấp 1\nxã Bàu Sen"\t"500,000"\t\r\n'
        '2\t"Quán ""Út"""\t\t1tr5\tx\r\n'
        "\t\t\t\t\r\n"
        "\tTổng cộng\t\t2.000.000\t\r\n"
    )
    pasted = read_pasted(text, ["donor"])
    assert pasted.headed and pasted.rows == [
        {"donor": 'Trần "Tư" Be', "address": "ấp 1 xã Bàu Sen", "amount": "500,000"},
        {"donor": 'Quán "Út"', "amount": "1tr5"},
    ]
    assert pasted.left_out == ["Bỏ qua dòng tổng cộng.", "Không dùng cột “Ghi chú lạ”."]


def test_a_clipboard_without_headings_goes_into_the_columns_from_the_cell_on() -> None:
    rows = read_pasted("1\tA\tx\t5k\n2\tB\t\t6k", ["donor", "address", "amount"]).rows
    assert rows == [{"donor": "A", "address": "x", "amount": "5k"}, {"donor": "B", "amount": "6k"}]
    assert read_pasted("5k\n6k", ["amount", "note"]).rows == [{"amount": "5k"}, {"amount": "6k"}]
    assert read_pasted("1\n2", ["amount"]).rows == [{"amount": "1"}, {"amount": "2"}]
    assert read_pasted("A\tx", ["donor", "address"]).rows == [{"donor": "A", "address": "x"}]


@pytest.mark.parametrize("text", ["", "\n\n", "\t\t\n", "Tổng cộng\t5", "a\tb\tc", "a\n" * (MOST_LINES + 1)])
def test_a_clipboard_that_cannot_be_used(text) -> None:
    with pytest.raises(Refused) as refused:
        read_pasted(text, ["donor", "amount"])
    assert not unpleasant(refused.value.text)


@given(st.text(alphabet='ab"\t\n\r 1', max_size=60))
def test_any_clipboard_is_cut_into_cells(text) -> None:
    for row in cells_of(text):
        assert any(row) and not any("\t" in cell or "\n" in cell for cell in row)


@pytest.mark.parametrize(
    ("totals", "ready", "word"),
    [
        (Totals(0, 0, 0, 0, 0), False, "chưa có dòng"),
        (Totals(2, 5, 1, 2, 5), False, "ô sai"),
        (Totals(2, 5, 0, None, 5), False, "phiếu kiểm"),
        (Totals(2, 5, 0, 3, 5), False, "chưa bằng nhau"),
        (Totals(2, 5, 0, 2, 6), False, "chưa bằng nhau"),
        (Totals(2, 5, 0, 2, 5), True, ""),
    ],
)
def test_when_totals_agree(totals, ready, word) -> None:
    assert totals.ready is ready
    assert (totals.obstacle() is None) is ready and word in (totals.obstacle() or "")
