"""Statements: every line with its address, nothing guessed, and a proof of completeness that can fail."""

import datetime as dt
import io

import pytest
import xlsxwriter

from portal.kit.days import VIETNAM
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold
from portal.statements.reading import (
    BROKEN,
    NOT_PROVABLE,
    PROVED,
    Occurrences,
    occurrence_key,
    read_statement,
    sha256_of,
)
from tests.kit.old_xls import old_xls
from tests.statements.bank_files import FORMS, Options, headings, statement_rows
from tests.statements.samples import ACCOUNT, write_vcb_csv, write_vcb_xlsx

HEADER = headings("vietcombank")
HEADINGS = {
    "day" if what.startswith("day") else what: heading for what, heading in FORMS["vietcombank"].columns
}
OPENING = ["Số dư đầu kỳ/ Opening", "", "1.000.000"]


def reading_of(rows: list[list[str]], *, delimiter: str = ";"):
    """A reading, and its lines, of rows given as cells."""
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    reading = read_statement(out.getvalue().encode(), filename="saoke.csv")
    return reading, list(reading)


def line(
    number: int, debit: str = "", credit: str = "", balance: str = "", day: str = "03/08/2026\n5254 - 1"
) -> list:
    return [str(number), day, debit, credit, balance, "ung ho"]


def read_back(path):
    reading = read_statement(path, filename=path.name)
    return reading, list(reading)


def assert_matches(reading, lines, expected):
    proof = reading.certificate
    assert reading.errors == [] and reading.account_number == ACCOUNT
    assert (proof.state, proof.rows, len(lines)) == (PROVED, expected.rows, expected.rows)
    assert (proof.credit_count, proof.credit_sum) == (expected.credit_count, expected.credit_sum)
    assert (proof.debit_count, proof.debit_sum) == (expected.debit_count, expected.debit_sum)
    assert proof.closing == expected.closing and proof.first_break is None and proof.reasons
    assert [row.ordinal for row in lines] == list(range(1, expected.rows + 1))
    assert sum(row.amount_signed for row in lines) == expected.closing - expected.opening


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"mark": ","},
        {"mark": ",", "decimals": ".00", "balance": "row"},
        {"decimals": ",00", "empty_first_column": True},
        {"form": "vietcombank-value-day", "empty_first_column": True, "balance": "none"},
    ],
)
@pytest.mark.parametrize("write", [write_vcb_csv, write_vcb_xlsx])
def test_the_account_statement_is_read_whole(tmp_path, write, options):
    path = tmp_path / ("saoke.csv" if write is write_vcb_csv else "saoke.xlsx")
    expected = write(path, rows=700, seed=3, **options)
    reading, lines = read_back(path)
    assert reading.layout == "vietcombank"
    assert_matches(reading, lines, expected)
    assert expected.debit_count and expected.identical


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_forms(tmp_path, encoding, delimiter):
    expected = write_vcb_csv(tmp_path / "a.csv", rows=120, encoding=encoding, delimiter=delimiter, mark=",")
    assert_matches(*read_back(tmp_path / "a.csv"), expected)


def test_old_xls(tmp_path):
    options = Options(rows=30)
    (tmp_path / "a.xls").write_bytes(old_xls(list(statement_rows(options))))
    assert_matches(*read_back(tmp_path / "a.xls"), options.expected)


def test_a_line_in_detail(tmp_path):
    write_vcb_xlsx(tmp_path / "a.xlsx", rows=20)
    reading, lines = read_back(tmp_path / "a.xlsx")
    first, outgoing = lines[0], next(row for row in lines if row.debit)
    assert first.day == dt.date(2026, 8, 3) and first.posted_at is None
    assert first.reference.count(" - ") == 1 and first.row_number == reading.header_row + 1
    assert first.address == f"trang Sheet1, dòng {first.row_number}"
    assert first.credit > 0 and first.debit is None and first.amount_signed == first.credit
    assert "HO TRO" in outgoing.text and outgoing.credit is None and outgoing.amount_signed == -outgoing.debit
    assert any("Ung ho & chia se" in row.text for row in lines)


def test_credit_is_money_in():
    _, (row,) = reading_of([HEADER, line(1, credit="500.000")])
    assert (row.credit, row.debit, row.amount_signed) == (500_000, None, 500_000)


def test_columns_may_stand_in_another_order():
    swapped = [[row[i] for i in (5, 4, 3, 2, 1, 0)] for row in (HEADER, line(1, "", "500.000", "1.500.000"))]
    _, (row,) = reading_of(swapped)
    assert (row.credit, row.balance, row.reference, row.text) == (500_000, 1_500_000, "5254 - 1", "ung ho")


def test_a_lost_line_breaks_the_proof_at_the_first_balance_that_does_not_tie(tmp_path):
    write_vcb_csv(tmp_path / "a.csv", rows=300, days=10, break_at=100, balance="row")
    reading, lines = read_back(tmp_path / "a.csv")
    proof = reading.certificate
    assert len(lines) == 299 and proof.state == BROKEN
    row = reading.header_row + 100  # the line after the lost one now stands in its place
    assert proof.first_break.address == f"dòng {row}, cột “{HEADINGS['balance']}”"
    assert "chênh lệch" in proof.first_break.sentence and proof.first_break.sentence in proof.reasons


def test_without_running_balances_the_total_row_finds_the_lost_line(tmp_path):
    write_vcb_csv(tmp_path / "a.csv", rows=300, break_at=100, balance="none")
    proof_of = read_back(tmp_path / "a.csv")[0].certificate
    assert proof_of.state == BROKEN and proof_of.first_break.sentence.startswith(
        "Tổng ghi có in trên sao kê là"
    )


@pytest.mark.parametrize(
    "foot", [["Số dư cuối kỳ/ Closing: 1.300.001"], ["DƯ CUỐI", "", "", "", "1.300.001"]]
)
def test_a_closing_balance_that_does_not_tie(foot):
    reading, _ = reading_of([OPENING, HEADER, line(1, credit="500.000"), line(2, debit="200.000"), foot])
    proof = reading.certificate
    assert (proof.state, proof.opening, proof.closing) == (BROKEN, 1_000_000, 1_300_001)
    assert "chênh lệch 1 đồng" in proof.reasons[0] and proof.first_break.address.startswith("dòng 5, cột")


def test_opening_and_closing_alone_prove():
    rows = [
        OPENING,
        HEADER,
        line(1, credit="500.000"),
        line(2, debit="200.000"),
        ["DƯ CUỐI", "", "", "", "1.300.000"],
    ]
    assert reading_of(rows)[0].certificate.state == PROVED


def test_printed_sums_alone_prove():
    rows = [
        HEADER,
        line(1, credit="500.000"),
        line(2, debit="200.000"),
        ["Tổng cộng", "", "200.000", "500.000", "", ""],
    ]
    assert reading_of(rows)[0].certificate.state == PROVED
    rows[-1][2] = "200.001"
    assert reading_of(rows)[0].certificate.state == BROKEN


def test_the_total_row_may_name_itself_in_any_column():
    rows = [
        HEADER,
        line(1, credit="500.000"),
        ["", "", "0", "500.000", "", "Cộng phát sinh"],
        ["Total number of credits", "", "", "1"],
    ]
    assert reading_of(rows)[0].certificate.state == PROVED


def test_numbers_and_days_as_a_spreadsheet_keeps_them(tmp_path):
    day = dt.datetime(2026, 8, 3, 9, 30, tzinfo=VIETNAM).replace(tzinfo=None)
    rows = [
        ["Số dư đầu kỳ/ Opening", 1_000_000],
        HEADER,
        [1, day, None, 500_000, 1_500_000, 12],
        ["Số dư cuối kỳ", 1_500_000],
    ]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"default_date_format": "dd/mm/yyyy hh:mm"}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    reading, (row,) = read_back(tmp_path / "a.xlsx")
    assert (row.credit, row.balance, row.text, row.posted_at.hour) == (500_000, 1_500_000, "12", 9)
    assert row.day == dt.date(2026, 8, 3) and reading.certificate.state == PROVED


def test_one_printed_sum_proves_only_one_side():
    rows = [HEADER, line(1, credit="500.000"), ["Total", "", "", "500.000", "", ""]]
    assert reading_of(rows)[0].certificate.state == NOT_PROVABLE


def test_without_totals_it_is_not_provable_and_says_so(tmp_path):
    write_vcb_csv(tmp_path / "a.csv", rows=100, without_totals=True)
    proof = read_back(tmp_path / "a.csv")[0].certificate
    assert proof.state == NOT_PROVABLE and proof.closing is None and proof.first_break is None
    assert any("không đối chiếu được" in reason for reason in proof.reasons)


def test_without_totals_a_running_balance_still_breaks(tmp_path):
    write_vcb_csv(tmp_path / "a.csv", rows=100, without_totals=True, without_opening=True, break_at=50)
    assert read_back(tmp_path / "a.csv")[0].certificate.state == BROKEN


@pytest.mark.parametrize("write", [write_vcb_csv, write_vcb_xlsx])
def test_a_glued_amount_is_an_addressed_error(tmp_path, write):
    path = tmp_path / "saoke.any"
    write(path, rows=100, glued_at=60)
    reading, lines = read_back(path)
    (error,) = reading.errors
    assert error.address.endswith(f"dòng {reading.header_row + 60}, cột “{HEADINGS['credit']}”")
    assert "không đọc được" in error.sentence and len(lines) == 99
    assert reading.certificate.state == BROKEN and reading.certificate.first_break == error


@pytest.mark.parametrize(
    "amount",
    [
        "200.000,001261122666",
        "060129014***300.000",
        "1.234,5",
        "abc",
        "-5.000",
        "5tr",
        "10000000000000000",
        "1.2345",
    ],
)
def test_amounts_are_never_guessed(amount):
    reading, lines = reading_of([HEADER, line(1, credit=amount)])
    assert lines == [] and [error.address for error in reading.errors] == [
        f"dòng 2, cột “{HEADINGS['credit']}”"
    ]


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        ("200.000", 200_000),
        ("25,000.00", 25_000),
        ("300.000,00", 300_000),
        ("1 000", 1_000),
        ("1\u00a0000", 1_000),
    ],
)
def test_amounts_as_banks_print_them(amount, value):
    assert reading_of([HEADER, line(1, credit=amount)])[1][0].credit == value


@pytest.mark.parametrize("day", ["31/02/2026\n1", "03/08/20265254 - 1", "hôm qua", "", "03/08/2026 25:00:00"])
def test_a_line_without_a_readable_day_is_an_error(day):
    reading, lines = reading_of([HEADER, line(1, credit="1.000"), line(2, credit="2.000", day=day)])
    assert len(lines) == 1
    assert [error.address for error in reading.errors] == [
        f"dòng 3, cột “{' '.join(HEADINGS['day'].split())}”"
    ]


def test_both_sides_of_a_line():
    reading, lines = reading_of([HEADER, line(1, "1.000", "2.000")])
    assert lines == [] and "vừa ghi nợ vừa ghi có" in reading.errors[0].sentence
    assert reading_of([HEADER, line(1, "0", "2.000")])[1][0].debit is None


@pytest.mark.parametrize("blank", ["", "0"])
def test_a_line_without_amount_is_a_line_of_unknown_amount(blank):
    rows = [
        OPENING,
        HEADER,
        line(1, credit="1.000"),
        line(2, blank, blank),
        ["DƯ CUỐI", "", "", "", "999.000"],
    ]
    reading, lines = reading_of(rows)
    assert [row.amount_signed for row in lines] == [1_000, None] and reading.errors == []
    proof = reading.certificate
    assert (proof.state, proof.unknown_count) == (NOT_PROVABLE, 1)
    assert any("1 dòng chi không in số tiền" in reason for reason in proof.reasons)


def test_the_total_row_ends_the_list_and_notes_are_no_lines():
    rows = [
        HEADER,
        line(1, credit="1.000"),
        ["Tổng số", "", "0", "1.000", "", ""],
        ["DƯ CUỐI", "", "", "", "5.000"],
    ]
    rows += [["Ghi chú: tổng cộng 5 trang"], ["Ngày in", "04/08/2026 10:00:00"]]
    reading, lines = reading_of(rows)
    assert len(lines) == 1 and reading.errors == [] and reading.closing == 5_000
    assert reading.certificate.state == PROVED


def test_lines_after_the_total_row_are_not_dropped_silently():
    rows = [HEADER, line(1, credit="1.000"), ["Tổng cộng", "", "", "1.000", "", ""], line(2, credit="2.000")]
    reading, _ = reading_of(rows)
    assert reading.errors[0].address == "dòng 4" and "Sau dòng tổng cộng" in reading.errors[0].sentence


def test_a_text_between_the_lines_is_an_error_a_repeated_header_is_not():
    rows = [HEADER, line(1, credit="1.000"), HEADER, [], line(2, credit="2.000")]
    assert reading_of(rows)[0].errors == [] and len(reading_of(rows)[1]) == 2
    rows[3] = ["", "", "", "", "", "phần chữ bị tách dòng"]
    assert [error.address for error in reading_of(rows)[0].errors] == ["dòng 4"]


def test_a_donor_who_writes_total_is_kept():
    rows = [HEADER, [*line(1, credit="1.000")[:5], "Tổng cộng cả lớp, Taylor Swift, Page 3"]]
    assert reading_of(rows)[1][0].text.startswith("Tổng cộng")


def test_an_unquoted_comma_shifts_columns_and_is_reported():
    content = "\n".join(
        [",".join(f'"{cell}"' for cell in HEADER), '1,"03/08/2026\n1",,1,000,,ung ho']
    ).encode()
    reading = read_statement(content, filename="a.csv")
    assert list(reading) == [] and "nhiều ô hơn" in reading.errors[0].sentence


def test_errors_are_collected_up_to_200():
    reading, _ = reading_of([HEADER, *(line(number, credit="x") for number in range(250))])
    assert (len(reading.errors), reading.error_count) == (200, 250)


def test_other_layouts_that_need_no_code_of_their_own():
    rows = [["date", "money", "content"], ["01/09/2024", "50.000", "ung ho"]]
    reading, lines = reading_of(rows, delimiter=",")
    assert reading.layout == "converted" and lines[0].credit == 50_000
    rows = [
        ["STT", "NGÀY GIAO DỊCH", "SỐ TIỀN", "DIỄN GIẢI"],
        ["1", "01/09/2024", "300.000,00", "A"],
        ["2", "01/09/2024", "", "QD 1"],
    ]
    reading, lines = reading_of(rows)
    assert reading.layout == "vietcombank-2024" and [row.amount_signed for row in lines] == [
        300_000,
        None,
    ]
    rows = [["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"]]
    rows += [["2024-09-01 06:59:55", "FT1", "", "7.000", "B"]]
    reading, lines = reading_of(rows)
    assert (lines[0].reference, lines[0].credit) == ("FT1", 7_000)
    assert lines[0].posted_at == dt.datetime(2024, 9, 1, 6, 59, 55, tzinfo=VIETNAM)


def test_what_is_no_statement_is_refused():
    with pytest.raises(Refused, match="Không nhận ra sao kê"):
        read_statement("Mã,Tên\nA,B\n".encode(), filename="don-vi.csv")
    with pytest.raises(Refused, match="hai cột cùng loại"):
        reading_of([[*HEADER, "Credit"], line(1)])
    with pytest.raises(Refused, match="loại tiền “USD”"):
        reading_of([["Loại tiền/ Currency: USD"], HEADER, line(1, credit="1.000")])
    with pytest.raises(Refused, match="Không nhận ra sao kê"):
        read_statement("Mã,Tên\n".encode() * 90 + "\n".join(HEADER).encode(), filename="muon.csv")


def test_a_reading_is_used_once_and_certified_at_its_end(tmp_path):
    write_vcb_csv(tmp_path / "a.csv", rows=5)
    reading = read_statement(tmp_path / "a.csv", filename="a.csv")
    with pytest.raises(RuntimeError):
        _ = reading.certificate
    list(reading)
    with pytest.raises(RuntimeError):
        list(reading)


def test_occurrences_tell_identical_lines_apart_and_find_them_again(tmp_path):
    write_vcb_csv(tmp_path / "a.csv", rows=1_000)

    def keys(account: str) -> list[bytes]:
        seen = Occurrences(account)
        return [
            seen.key(row.day, row.reference, row.amount_signed, fold(row.text))
            for row in read_back(tmp_path / "a.csv")[1]
        ]

    first = keys("VCB1")
    assert len(set(first)) == 1_000 and all(len(key) == 16 for key in first)
    assert keys("VCB1") == first and not set(keys("VCB2")) & set(first)
    day = dt.date(2026, 8, 3)
    seen = Occurrences("A")
    assert [seen.key(day, "r", 5, "x") for _ in range(2)] == [
        occurrence_key("A", day, "r", 5, "x", n) for n in (1, 2)
    ]
    assert occurrence_key("A", day, "r", None, "x", 1) != occurrence_key("A", day, "r", 0, "x", 1)
    assert occurrence_key("A", day, "r", 5, "x", 1) != occurrence_key("A", day, "r", -5, "x", 1)


def test_occurrences_remember_days_that_come_back():
    """Days are packed away when others come; a list in no order gives the same keys as one held whole."""
    start = dt.date(2026, 8, 3)
    days = [start + dt.timedelta(days=n % 11) for n in range(2_000)]
    for order in (days, sorted(days), days[::-1]):
        seen, counts = Occurrences("A"), {}
        for number, day in enumerate(order):
            line = (day, "r", 5, f"x{number % 3}")
            counts[line] = counts.get(line, 0) + 1
            assert seen.key(*line) == occurrence_key("A", *line, counts[line])


def test_sha256_of(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_same_seed_writes_the_same_file(tmp_path):
    for name in ("a.csv", "b.csv"):
        write_vcb_csv(tmp_path / name, rows=50, seed=9)
    assert sha256_of(tmp_path / "a.csv") == sha256_of(tmp_path / "b.csv")
