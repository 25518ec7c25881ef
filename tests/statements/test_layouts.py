"""Every layout in every kind of file: no line lost, none invented, every amount on its side."""

import datetime as dt

import pytest

from portal.kit.errors import Refused
from portal.kit.vietnamese import fold
from portal.statements.headers import MAPPED, fingerprint
from portal.statements.preview import preview
from portal.statements.reading import (
    BROKEN,
    NOT_PROVABLE,
    PROVED,
    Occurrences,
    Paper,
    UnknownHeader,
    read_statement,
)
from tests.statements.bank_files import FORMS, KINDS, Options, headings, statement_rows, write_file

CHAINED = [key for key, form in FORMS.items() if form.balance == "row"]
PDFS = ("pdf-ruled", "pdf-plain")


def read(path, kind="csv", **options):
    """Write a statement, read it back: (reading, its lines, the truth)."""
    file = path / f"saoke.{kind.partition('-')[0]}"
    truth = write_file(file, kind, keep=True, **{"rows": 50, "days": 3, **options})
    reading = read_statement(file, filename=file.name)
    return reading, list(reading), truth


def letters(text):
    """A text without its spaces: a PDF may break a line inside a word."""
    return "".join(text.split())


def assert_whole(reading, lines, truth):
    proof = reading.certificate
    assert reading.errors == []
    assert (proof.rows, proof.unknown_count) == (truth.rows, truth.unknown)
    assert (proof.credit_count, proof.credit_sum) == (truth.credit_count, truth.credit_sum)
    assert (proof.debit_count, proof.debit_sum) == (truth.debit_count, truth.debit_sum)
    found = [(line.day, line.amount_signed, letters(line.text)) for line in lines]
    assert found == [(day, amount, letters(text)) for day, amount, text in truth.lines]
    assert [line.ordinal for line in lines] == list(range(1, truth.rows + 1))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_every_layout_is_read_whole_from_every_kind_of_file(tmp_path, form, kind):
    reading, lines, truth = read(tmp_path, kind, form=form)
    assert_whole(reading, lines, truth)
    assert reading.layout == FORMS[form].layout
    assert truth.credit_count > 40 and truth.debit_count + truth.unknown == 2
    wanted = NOT_PROVABLE if truth.unknown or FORMS[form].balance != "row" else PROVED
    assert reading.certificate.state == (PROVED if form == "vietcombank" else wanted)


@pytest.mark.parametrize("form", FORMS)
def test_columns_may_stand_anywhere_and_the_first_may_be_empty(tmp_path, form):
    assert_whole(*read(tmp_path, form=form, empty_first_column=True))


@pytest.mark.parametrize("form", FORMS)
def test_a_list_may_begin_with_its_newest_line(tmp_path, form):
    reading, lines, truth = read(tmp_path, form=form, newest_first=True)
    proof = reading.certificate
    assert proof.newest_first and reading.errors == [] and len(lines) == truth.rows
    assert (proof.credit_sum, proof.debit_sum) == (truth.credit_sum, truth.debit_sum)
    assert [line.day for line in lines] == [day for day, _, _ in reversed(truth.lines)]
    if FORMS[form].balance == "row":
        assert (proof.state, proof.opening, proof.closing) == (PROVED, truth.opening, truth.closing)


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("form", CHAINED)
def test_a_lost_line_breaks_the_running_balance_in_both_directions(tmp_path, form, newest_first):
    reading, lines, truth = read(tmp_path, form=form, break_at=20, newest_first=newest_first, days=1)
    proof = reading.certificate
    assert len(lines) == truth.rows - 1 and proof.state == BROKEN
    follows = lines[truth.rows - 20 if newest_first else 19]  # the line printed below the lost one
    assert proof.first_break.address.startswith(f"{follows.address}, cột")
    assert ("từ mới đến cũ" in proof.first_break.sentence) == newest_first
    assert f"{abs(truth.lines[19][1]):,}".replace(",", ".") in proof.first_break.sentence


@pytest.mark.parametrize(
    ("form", "kind"),
    [(form, kind) for form in FORMS for kind in ("csv", "xlsx")]
    + [(form, kind) for form in ("bidv-2024", "agribank", "vietcombank") for kind in PDFS],
)
def test_a_glued_amount_is_an_error_with_its_address(tmp_path, form, kind):
    reading, lines, truth = read(tmp_path, kind, form=form, glued_at=20)
    (error,) = reading.errors
    assert len(lines) == truth.rows - 1 and reading.certificate.state == BROKEN
    place = "trang " if kind in PDFS else "dòng "
    assert error.address.startswith("trang Sheet1, dòng " if kind == "xlsx" else place)
    assert "cột “" in error.address and "001" not in error.address


@pytest.mark.parametrize(
    "form", ["vietinbank", "vietinbank-2024", "bidv-2024", "bidv-2024-later", "converted-long"]
)
def test_the_hour_is_kept_where_the_bank_prints_it(tmp_path, form):
    _, lines, _ = read(tmp_path, form=form, days=1)
    assert {line.posted_at.utcoffset() for line in lines} == {dt.timedelta(hours=7)}
    assert len({line.posted_at.hour for line in lines}) == 24
    assert [line.posted_at.date() for line in lines] == [line.day for line in lines]


def test_the_other_side_is_handed_over_where_it_has_columns(tmp_path):
    for form in ("vietinbank", "vietinbank-2024", "mb", "techcombank"):
        _, lines, _ = read(tmp_path, form=form)
        gifts = [line for line in lines if line.credit]
        assert all(line.counterparty.isupper() and line.counterparty_account[:2] == "09" for line in gifts)
        assert not any("–" in line.counterparty for line in gifts)
    _, lines, _ = read(tmp_path, form="bidv-2024-later")
    assert {line.counterparty_account[:6] for line in lines if line.credit} == {"xxxxxx"}


def test_both_numbers_of_a_converted_list_are_kept(tmp_path):
    _, lines, _ = read(tmp_path, form="converted-long")
    assert all(" - " in line.reference and " FT26" in line.reference for line in lines)
    _, lines, _ = read(tmp_path, form="agribank")
    assert {bool(line.reference) for line in lines} == {True, False}


def test_printed_counts_and_sums_above_the_list_are_compared(tmp_path):
    proof = read(tmp_path, form="vietinbank")[0].certificate
    assert {check.what for check in proof.checks if check.ok} >= {"Số dòng ghi có", "Tổng ghi nợ (đ)"}
    rows = list(statement_rows(Options(rows=50, form="vietinbank")))
    place = next(n for n, row in enumerate(rows) if row[0].startswith("Tổng số giao dịch ghi có"))
    rows[place][2] += 1
    text = "\n".join("\t".join(str(cell).replace("\n", " ").replace('"', "") for cell in row) for row in rows)
    reading = read_statement(text.encode(), filename="a.csv")
    list(reading)
    assert reading.certificate.state == BROKEN
    assert reading.certificate.first_break.sentence.startswith("Số dòng ghi có in trên sao kê là 49")


def test_bidv_may_print_only_one_of_its_two_days(tmp_path):
    head = ["STT", "Ngày GD/Ngày HL", "Số tham chiếu", "Mô tả", "Ghi nợ", "Ghi có", "Số dư"]
    line = ["1", "03/09/2024\n04/09/2024", "FT1", "ung ho", "", "5.000", "5.000"]
    text = "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in (head, line))
    (row,) = list(read_statement(text.encode(), filename="a.csv"))
    assert (row.day, row.credit, row.reference) == (dt.date(2024, 9, 3), 5_000, "FT1")


@pytest.mark.parametrize("nothing", ["", "0", "0.00", "-"])
def test_a_balance_row_with_a_day_is_no_line(nothing):
    rows = [headings("agribank"), ["03/09/2024", "Số dư đầu kỳ", nothing, nothing, "1,000,000", ""]]
    rows += [["04/09/2024", "Số dư đầu kỳ nha minh ung ho", "", "50,000", "1,050,000", "R1"]]
    text = "\n".join(";".join(row) for row in rows)
    reading = read_statement(text.encode(), filename="a.csv")
    (line,) = list(reading)
    assert line.credit == 50_000 and reading.certificate.opening == 1_000_000
    assert not reading.certificate.newest_first and reading.certificate.state == PROVED


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_an_opening_balance_that_does_not_tie_is_never_explained_away_by_the_other_order(rows):
    lines = [[f"0{n}/09/2024", "a", "", "10", f"{1_000 + 10 * n:,}", ""] for n in range(1, rows + 1)]
    for order in (lines, lines[::-1]):
        text = "\n".join(";".join(row) for row in [["Số dư đầu kỳ: 999"], headings("agribank"), *order])
        reading = read_statement(text.encode(), filename="a.csv")
        assert len(list(reading)) == rows and reading.certificate.state == BROKEN


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls", *PDFS])
def test_a_persons_word_goes_before_a_known_layout(tmp_path, kind):
    _, _, truth = read(tmp_path, kind, form="agribank")
    file = next(tmp_path.iterdir())
    shown = preview(file, filename=file.name, mappings={})
    guesses = {column.guess: column.place for column in shown.columns if column.guess}
    assert guesses == {"day": 0, "text": 1, "debit": 2, "credit": 3, "balance": 4, "reference": 5}
    assert shown.columns[1].samples[0].startswith("MBVCB.")
    turned = {**guesses, "debit": guesses["credit"], "credit": guesses["debit"]}
    reading = read_statement(file, filename=file.name, mappings={fingerprint(shown.cells): turned})
    assert sum(line.debit or 0 for line in reading) == truth.credit_sum and reading.layout == MAPPED
    assert reading.certificate.state == BROKEN


@pytest.mark.parametrize("form", FORMS)
def test_a_list_saved_as_another_kind_of_file_has_the_same_keys(tmp_path, form):
    def keys(kind):
        seen = Occurrences("A")
        return [
            seen.key(line.day, line.reference, line.amount_signed, fold(line.text))
            for line in read(tmp_path, kind, form=form)[1]
        ]

    first = keys("csv")
    assert len(set(first)) == 50
    for kind in ("csv-1258", "csv-semicolon", "csv-utf16", "xlsx", "xlsx-days", "xls"):
        assert keys(kind) == first, kind


@pytest.mark.parametrize("newest_first", [False, True])
def test_sums_from_the_paper_are_compared_with_every_balance(tmp_path, newest_first):
    _, _, truth = read(tmp_path, form="agribank", newest_first=newest_first)
    for paper, state in (
        (Paper(opening=truth.opening, closing=truth.closing), PROVED),
        (Paper(opening=truth.opening + 5, closing=truth.closing + 5), BROKEN),
        (Paper(rows=truth.rows - 1, credit_sum=truth.credit_sum), BROKEN),
    ):
        reading = read_statement(tmp_path / "saoke.csv", filename="a.csv", paper=paper)
        list(reading)
        assert reading.certificate.state == state
        assert state == PROVED or reading.certificate.first_break.address == "số nhập từ bản giấy"


def test_an_unknown_header_can_be_told_from_a_file_that_is_no_table(tmp_path):
    with pytest.raises(UnknownHeader, match="chỉ rõ từng cột"):
        read_statement("Hôm,Tiền,Chữ\n1,2,3\n".encode(), filename="a.csv")
    with pytest.raises(Refused) as refused:
        read_statement(b"\x89PNG\r\n\x1a\n0000", filename="a.csv")
    assert not isinstance(refused.value, UnknownHeader)
