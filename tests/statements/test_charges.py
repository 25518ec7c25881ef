"""Fees, interest and taxes in columns of their own: what moved the account is a line, and only that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.statements.charges import moved_by
from portal.statements.reading import BROKEN, PROVED, read_statement
from tests.statements.bank_files import headings
from tests.statements.test_layouts import assert_whole, read

HEAD = headings("techcombank")
PLACES = {name: HEAD.index(name) for name in HEAD}
amounts = st.integers(0, 10**9)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls", "pdf-ruled"])
@pytest.mark.parametrize("charges", ["besides", "within"])
def test_what_moved_the_account_becomes_a_line_and_nothing_else(tmp_path, kind, charges):
    reading, lines, truth = read(tmp_path, kind, form="techcombank", charges=charges, rows=60)
    assert_whole(reading, lines, truth)
    assert reading.certificate.state == PROVED and truth.rows == (72 if charges == "besides" else 60)
    own = [line for line in lines if line.place]
    assert {line.place for line in own} == ({"Phí/Lãi", "Thuế"} if charges == "besides" else set())
    assert all("cột “" in line.address for line in own) and not any(line.counterparty for line in own)
    assert {line.credit for line in own if line.credit} <= {5_000}


@pytest.mark.parametrize("rows", [9, 60])
@pytest.mark.parametrize("charges", ["besides", "within"])
def test_it_is_the_same_with_the_newest_line_first(tmp_path, charges, rows):
    reading, lines, truth = read(tmp_path, form="techcombank", charges=charges, newest_first=True, rows=rows)
    proof = reading.certificate
    assert reading.errors == [] and proof.state == PROVED and proof.newest_first
    assert sorted(line.amount_signed for line in lines) == sorted(amount for _, amount, _ in truth.lines)
    assert (proof.opening, proof.closing) == (truth.opening, truth.closing)
    assert [line.ordinal for line in lines] == list(range(1, truth.rows + 1))


def test_a_lost_line_still_breaks_the_balance(tmp_path):
    reading, _, _ = read(tmp_path, form="techcombank", charges="besides", rows=60, break_at=30)
    assert reading.certificate.state == BROKEN


def statement(*lines, above="Số dư đầu kỳ: 1,000,000"):
    """(debit, credit, fee, tax, balance) of each line, oldest first."""
    rows = [[above], HEAD]
    for number, (debit, credit, fee, tax, balance) in enumerate(lines, 1):
        cells = [""] * len(HEAD)
        cells[1], cells[2], cells[6] = f"2026-08-0{number}", f"FT{number}", "chuyen tien"
        cells[7:12] = [debit, credit, fee, tax, balance]
        rows.append(cells)
    text = "\n".join(";".join(row) for row in rows)
    reading = read_statement(text.encode(), filename="a.csv")
    return reading, list(reading)


def test_an_interest_alone_on_its_row_is_the_line():
    reading, lines = statement(("", "50,000", "", "", "1,050,000"), ("", "", "700", "", "1,050,700"))
    assert [(line.credit, line.place) for line in lines] == [(50_000, ""), (700, "Phí/Lãi")]
    assert reading.certificate.state == PROVED and reading.certificate.unknown_count == 0


def test_a_fee_that_holds_its_tax_is_taken_once():
    reading, lines = statement(("100,000", "", "11,000", "1,000", "889,000"))
    assert [line.debit for line in lines] == [100_000, 11_000]
    assert lines[1].text == "Phí/Lãi: chuyen tien" and lines[1].reference == "FT1"
    assert reading.certificate.state == PROVED


@pytest.mark.parametrize(
    "line",
    [
        ("100,000", "", "11,000", "1,100", "880,000"),  # neither within nor besides
        ("100,000", "", "11,000", "", ""),  # no balance printed
        ("100,000", "", "1,000", "1,000", "899,000"),  # fee or tax: both would do
    ],
)
def test_where_the_balances_do_not_tell_it_is_an_error_with_its_address(line):
    reading, lines = statement(("", "0", "", "", "1,000,000"), line)
    (error,) = reading.errors
    assert error.address == "dòng 4, cột “Phí/Lãi”" and "số dư không cho biết" in error.sentence
    assert len(lines) == 1 and reading.certificate.state == BROKEN


def test_without_an_opening_balance_the_first_line_cannot_tell():
    reading, _ = statement(("100,000", "", "11,000", "", "889,000"), above="Sao ke")
    assert reading.error_count == 1


def test_a_total_row_without_the_charges_ties():
    reading, _ = statement(("", "50,000", "2,000", "", "1,048,000"), ("10,000", "", "", "", "1,038,000"))
    rows = [["Số dư đầu kỳ: 1,000,000"], HEAD, *_printed(reading)]
    total = [""] * len(HEAD)
    total[0], total[7], total[8], total[9] = "Tổng cộng", "10,000", "50,000", "2,000"
    text = "\n".join(";".join(row) for row in [*rows, total])
    reading = read_statement(text.encode(), filename="a.csv")
    list(reading)
    proof = reading.certificate
    assert (proof.state, proof.debit_sum) == (PROVED, 12_000)
    (check,) = [check for check in proof.checks if check.what == "Tổng ghi nợ (đ)"]
    assert check.ok and check.where.endswith("cộng với các cột phí, lãi, thuế")


def _printed(reading):
    return [list(cells) for number, cells in reading._sheet.rows() if number > reading.header_row]


@given(amounts, amounts, st.sampled_from([0, 1, -1]), st.sampled_from([0, 1]))
def test_an_answer_always_adds_up_and_is_the_only_one(fee, tax, fee_moves, tax_moves):
    rest = fee_moves * fee - tax_moves * tax
    answer = moved_by(fee, tax, rest)
    others = {(f, t) for f in (0, fee, -fee) for t in (0, -tax) if f + t == rest}
    assert answer == (others.pop() if len(others) == 1 else None)
    assert moved_by(fee, tax, None) is None and moved_by(fee, tax, fee + tax + 1) is None
