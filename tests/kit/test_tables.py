"""Tables people bring: whatever the file is, it is read right or refused with a useful sentence."""

import datetime as dt
import io
import random
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.errors import Refused
from portal.kit.tables import (
    ABSENT,
    ColumnSpec,
    address,
    csv_chunks,
    read_table,
    rows_with_headers,
    workbook,
    write_csv,
    write_xlsx,
)
from portal.kit.vietnamese import nfc
from tests.kit.old_xls import compound_file, old_xls

UNITS = [
    ColumnSpec("Mã đơn vị", ("Mã",), required=True),
    ColumnSpec("Tên đơn vị", required=True),
    ColumnSpec("Cấp"),
]
PEOPLE = "Mã đơn vị,Tên đơn vị,Cấp\nQ11,Quận 11,quận\nP1,Phường Phú Thọ,phường\n"


def read_all(content: bytes, filename: str = "don-vi.csv", specs=UNITS) -> list:
    return list(rows_with_headers(read_table(content, filename=filename), specs))


def refusal(content, filename: str = "don-vi.xlsx", specs=UNITS) -> str:
    with pytest.raises(Refused) as caught:
        list(rows_with_headers(read_table(content, filename=filename), specs))
    return caught.value.text


def xlsx(rows, *, name: str = "Sheet1", more: dict | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for title, lines in {name: rows, **(more or {})}.items():
            sheet = book.add_worksheet(title)
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    sheet.write(row, column, value)
    return out.getvalue()


def repacked(content: bytes, part: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_every_encoding_and_delimiter(encoding, delimiter):
    rows = read_all(PEOPLE.replace(",", delimiter).encode(encoding))
    assert rows == [
        (2, {"Mã đơn vị": "Q11", "Tên đơn vị": "Quận 11", "Cấp": "quận"}),
        (3, {"Mã đơn vị": "P1", "Tên đơn vị": "Phường Phú Thọ", "Cấp": "phường"}),
    ]


def test_windows_1258_stores_tones_apart_and_is_composed():
    content = "Ma~ đơn vi\u0323,Tên đơn vi\u0323,Câ\u0301p\nQ11,Quâ\u0323n 11,quâ\u0323n\n".replace(
        "~", "\u0303"
    )
    assert read_all(content.encode("cp1258"))[0][1] == {
        "Mã đơn vị": "Q11",
        "Tên đơn vị": "Quận 11",
        "Cấp": "quận",
    }


def test_semicolon_wins_over_commas_inside_amounts():
    specs = [ColumnSpec("Ngày"), ColumnSpec("Số tiền", required=True)]
    rows = read_all("Ngày;Số tiền\n01/02/2026;1,000,000\n02/02/2026;2,500,000\n".encode(), specs=specs)
    assert [row["Số tiền"] for _, row in rows] == ["1,000,000", "2,500,000"]


def test_quoted_line_breaks_do_not_move_the_row_numbers():
    rows = read_all('Mã,Tên đơn vị\nA,"Xã\nMột"\n\nB,Xã Hai\n'.encode())
    assert [(number, row["Tên đơn vị"]) for number, row in rows] == [(2, "Xã Một"), (4, "Xã Hai")]


def test_a_stray_quote_cannot_swallow_rows():
    text = refusal('Mã,Tên đơn vị\nA,"Xã Một\nB,Xã Hai\nC,Xã "Ba\n'.encode(), "don-vi.csv")
    assert "dấu ngoặc kép" in text and "dòng 2" in text


def test_csv_streams_without_reading_ahead(tmp_path):
    path = tmp_path / "lon.csv"
    path.write_text("Mã,Tên đơn vị\n" + "A,Xã\n" * 200_000 + 'B,"hỏng\n', encoding="utf-8")
    rows = iter(rows_with_headers(read_table(path, filename="lon.csv"), UNITS))
    assert next(rows)[1]["Mã đơn vị"] == "A"
    with pytest.raises(Refused):
        list(rows)


def test_xlsx_values_and_addresses():
    content = xlsx([[], [None, "Mã đơn vị", "Tên đơn vị", "Cấp"], [None, 11, "  Quận\u00a011 ", None]])
    found = rows_with_headers(read_table(content, filename="a.xlsx"), UNITS)
    assert list(found) == [(3, {"Mã đơn vị": 11, "Tên đơn vị": "Quận 11", "Cấp": None})]
    assert found.address(3, "Tên đơn vị") == "trang Sheet1, dòng 3, cột “Tên đơn vị”"
    sheet = read_table(content, filename="a.xlsx").sheets[0]
    assert list(sheet.rows())[2][1][1:3] == [11, "  Quận\u00a011 "]
    assert sheet.address(3, 1) == "trang Sheet1, dòng 3, cột B"
    assert address("", 12, "Số tiền") == "dòng 12, cột “Số tiền”" and address("", 1, 27) == "dòng 1, cột AB"


def test_old_xls_is_read():
    rows = read_all(old_xls([["Mã đơn vị", "Tên đơn vị"], ["Q11", "Quận 11"], ["P", 5]]), "cu.xls")
    assert rows == [
        (2, {"Mã đơn vị": "Q11", "Tên đơn vị": "Quận 11", "Cấp": ABSENT}),
        (3, {"Mã đơn vị": "P", "Tên đơn vị": 5, "Cấp": ABSENT}),
    ]


def test_the_content_decides_not_the_name():
    assert len(read_all(PEOPLE.encode(), "don-vi.xlsx")) == 2
    assert len(read_all(xlsx([["Mã", "Tên đơn vị"], ["A", "Xã"]]), "don-vi.csv")) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0..",
        b"MZ\x90",
        bytes(range(256)) * 20,
        b"chi la mot dong chu",
    ],
)
def test_what_is_no_table_is_refused(content):
    assert "không phải là bảng tính" in refusal(content)


def test_other_archives_and_damaged_files_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "không phải là bảng tính Excel" in refusal(out.getvalue())
    good = xlsx([["Mã", "Tên đơn vị"], ["A", "Xã"]])
    assert "bị hỏng" in refusal(good[: len(good) // 2])
    assert "bị hỏng" in refusal(compound_file("Workbook", b"\x01\x02\x03" * 2000))


@pytest.mark.parametrize(
    "page", [b"<html><table><tr><td>1</td></tr></table>", b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>']
)
def test_web_pages_named_xls_are_refused_with_advice(page):
    assert "lưu lại theo định dạng .xlsx" in refusal(page, "saoke.xls")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", xlsx([])])
def test_empty_files(content):
    assert "Tệp “don-vi.xlsx”" in refusal(content)
    assert "trống" in refusal(content) or "không có dòng dữ liệu" in refusal(content)


@pytest.mark.parametrize("declaration", [b'<!DOCTYPE a [<!ENTITY b "c">]>', b"<!DOCTYPE a>"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"])
def test_xlsx_with_a_doctype_is_refused(part, declaration):
    good = xlsx([["Mã", "Tên đơn vị"], ["A", "Xã"]])
    assert "DOCTYPE" in refusal(repacked(good, part, lambda xml: xml.replace(b"?>", b"?>" + declaration, 1)))


def test_xlsx_in_utf_16_could_hide_a_doctype_and_is_refused():
    good = xlsx([["Mã", "Tên đơn vị"], ["A", "Xã"]])
    hidden = repacked(good, "xl/sharedStrings.xml", lambda xml: xml.decode().encode("utf-16"))
    assert "DOCTYPE" in refusal(hidden)


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    good = xlsx([["Mã", "Tên đơn vị"], ["A", "Xã"]])
    bomb = repacked(good, "xl/sharedStrings.xml", lambda xml: xml + b" " * (40 << 20))
    assert "giải nén lớn bất thường" in refusal(bomb)


def test_a_zip_bomb_that_lies_about_its_size_is_refused():
    bomb = repacked(xlsx([["Mã", "Tên đơn vị"]]), "xl/sharedStrings.xml", lambda xml: xml + b" " * (40 << 20))
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        real = archive.getinfo("xl/sharedStrings.xml").file_size
    lied = bomb.replace(struct.pack("<I", real), struct.pack("<I", 1000))
    assert lied != bomb and "giải nén lớn bất thường" in refusal(lied)


def test_a_cell_far_away_cannot_ask_for_all_memory():
    good = xlsx([["Mã", "Tên đơn vị"], ["A", "Xã"]])
    far = repacked(good, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="B2"', b'r="XFD250000"'))
    assert "quá nhiều cột" in refusal(far)


def test_too_many_rows_in_xlsx_advise_csv(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_WORKBOOK_ROWS", 50)
    rows = [["Mã", "Tên đơn vị"]] + [["A", "Xã"]] * 49
    assert len(read_all(xlsx(rows))) == 49
    assert "lưu thành CSV" in refusal(xlsx([*rows, ["A", "Xã"]]))


def test_password_protected_files_are_named_as_such():
    assert "mật khẩu" in refusal(compound_file("EncryptedPackage", b"x" * 5000))
    assert "mật khẩu" in refusal(old_xls([["a"]], password=True), "cu.xls")


def test_a_formula_in_error_is_not_an_empty_cell():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Mã", "Tên đơn vị"])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    assert "ô B2" in refusal(out.getvalue())


def test_headers_in_any_order_without_accents_and_by_synonym():
    found = rows_with_headers(
        read_table("CẤP;ma;TEN DON VI;lạ\nxã;A;Xã Một;?\n".encode(), filename="a.csv"), UNITS
    )
    assert list(found) == [(2, {"Mã đơn vị": "A", "Tên đơn vị": "Xã Một", "Cấp": "xã"})]
    assert found.columns == ("Mã đơn vị", "Tên đơn vị", "Cấp") and found.unknown == ("lạ",)


def test_missing_required_and_doubled_columns():
    assert "thiếu cột bắt buộc: “Tên đơn vị”" in refusal("Mã đơn vị,Cấp\nA,xã\n".encode())
    doubled = refusal("Mã,Tên đơn vị,Mã đơn vị\nA,Xã,B\n".encode())
    assert "cột “Mã đơn vị” có hai lần (cột A và C)" in doubled
    assert "(cột A và B)" in refusal("Mã,Mã đơn vị,Tên đơn vị\nA,B,Xã\n".encode())
    assert "Không tìm thấy dòng tiêu đề" in refusal(b"x,y\n1,2\n")


def test_an_absent_column_is_not_an_empty_cell():
    (_, row), (_, short) = read_all("Mã,Tên đơn vị\nA,\nB\n".encode())
    assert row["Cấp"] is ABSENT and row["Tên đơn vị"] is None and short["Tên đơn vị"] is None
    assert not ABSENT


def test_cells_beyond_the_header_mean_shifted_columns():
    assert "Dòng 2 có nhiều ô hơn dòng tiêu đề" in refusal("Mã,Tên đơn vị\nA,Xã Một, huyện Hai\n".encode())


def test_two_sheets_with_the_same_table_are_refused_and_a_note_sheet_is_not():
    rows = [["Mã", "Tên đơn vị"], ["A", "Xã"]]
    assert "nhiều trang" in refusal(xlsx(rows, more={"Trang 2": rows}))
    assert len(read_all(xlsx([["Hướng dẫn"]], more={"Dữ liệu": rows}))) == 1


texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
cells = st.one_of(texts, texts.map(lambda text: "=" + text), texts.map(lambda text: "'@" + text), st.none())
SPECS = [ColumnSpec("Tên", required=True), ColumnSpec("Ghi chú"), ColumnSpec("Số tiền")]


@given(st.lists(st.tuples(texts, cells, st.integers(0, 10**15)), max_size=20))
def test_csv_round_trip(rows):
    out = io.BytesIO()
    write_csv(["Tên", "Ghi chú", "Số tiền"], rows, out)
    read = [tuple(row.values()) for _, row in read_all(out.getvalue(), specs=SPECS)]
    assert read == [(nfc(a) or None, nfc(b) or None, str(n)) for a, b, n in rows]


def test_xlsx_round_trip_and_nothing_is_a_formula(tmp_path):
    rows = [
        ("=HYPERLINK(1)", "+84", 1_234_567, dt.date(2026, 2, 28)),
        ("@x", "http://vi.du/", 9_968_000_000, None),
        ("Nguyễn\nA", None, 0, dt.date(1999, 1, 1)),
    ]
    path = tmp_path / "ra.xlsx"
    headers = ["Tên", "Ghi chú", "Số tiền", "Ngày"]
    write_xlsx(
        headers, rows, path, title="Danh sách ủng hộ", amount_columns=["Số tiền"], day_columns=["Ngày"]
    )
    found = rows_with_headers(
        read_table(path, filename="ra.xlsx"), [*SPECS, ColumnSpec("Ngày", required=True)]
    )
    assert found.header_row == 3
    expected = [list(row) for row in rows]
    expected[2][0] = "Nguyễn A"
    assert [list(row.values()) for _, row in found] == expected
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and b'state="frozen"' in sheet and b"hyperlink" not in sheet
        assert b'formatCode="#,##0"' in archive.read("xl/styles.xml") or b'numFmtId="3"' in archive.read(
            "xl/styles.xml"
        )


def test_only_dangerous_texts_get_an_apostrophe():
    rows = [
        ["=1+1"],
        ["-5"],
        ["+84901234567"],
        ["-x"],
        ["@a"],
        ["thường"],
        ["\tx"],
        [-5],
        [dt.date(2026, 1, 2)],
    ]
    lines = b"".join(csv_chunks(["Tên"], rows)).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["'=1+1", "-5", "+84901234567", "'-x", "'@a", "thường", "'\tx", "-5", "02/01/2026"]


def test_amounts_beyond_excels_exact_numbers_stay_exact(tmp_path):
    out = io.BytesIO()
    write_xlsx(["Tên", "Số tiền"], [["A", 2**53 + 1]], out, amount_columns=["Số tiền"])
    assert read_all(out.getvalue(), specs=SPECS)[0][1]["Số tiền"] == str(2**53 + 1)


def test_an_old_file_that_claims_far_cells_is_refused_without_taking_all_memory():
    far = old_xls([["Mã", "Tên đơn vị"], ["A", "Xã"]])
    place = struct.pack("<HHH", 1, 1, 0)
    assert far.count(place) == 1
    assert "bị hỏng" in refusal(far.replace(place, struct.pack("<HHH", 65535, 60000, 0)), "cu.xls")


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_is_read_or_refused_never_a_crash(seed):
    chance = random.Random(seed)
    rows = [["Mã", "Tên đơn vị"], ["A", "Xã"]]
    for good in (xlsx(rows), old_xls(rows), PEOPLE.encode()):
        content = bytearray(good)
        for _ in range(chance.randrange(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            list(rows_with_headers(read_table(bytes(content), filename="hong"), UNITS))
        except Refused as refusal:
            assert refusal.text


def test_crc_damage_is_refused():
    good = bytearray(xlsx([["Mã", "Tên đơn vị"], ["A", "Xã"]]))
    with zipfile.ZipFile(io.BytesIO(bytes(good))) as archive:
        crc = struct.pack("<I", archive.getinfo("xl/worksheets/sheet1.xml").CRC)
    assert zlib.crc32(b"") == 0 and crc in good
    assert "bị hỏng" in refusal(bytes(good).replace(crc, b"\1\2\3\4"))


def test_a_text_without_an_end_of_line_is_never_held_in_memory(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + b"x" * (9 << 20))
    with pytest.raises(Refused, match="không phải là bảng tính"):
        read_table(tmp_path / "a.csv", filename="a.csv")


def test_a_text_of_more_than_a_gigabyte_is_refused_unread(tmp_path):
    with (tmp_path / "a.csv").open("wb") as stream:
        stream.truncate((1 << 30) + 1)
        stream.seek(0)
        stream.write(b"a,b\n")
    with pytest.raises(Refused, match="lớn hơn 1 GB"):
        read_table(tmp_path / "a.csv", filename="a.csv")
