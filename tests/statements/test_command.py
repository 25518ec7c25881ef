"""`portal import statement`: sums typed in from the paper prove a list that prints nothing to tie to."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from portal.cli import main
from tests.cast import make_account, make_campaign
from tests.statements.bank_files import ACCOUNT, write_file


@pytest.fixture
def bring(app, commune, db_session, tmp_path):
    """Run the command on a list of 2024; returns (exit code, its answer, the truth)."""
    make_account(unit=commune, code="TK1", number=ACCOUNT)
    make_campaign(unit=commune, code="D1")
    db_session.commit()
    file = tmp_path / "saoke.csv"
    truth = write_file(file, "csv", form="vietcombank-2024", rows=40)

    def run(*options: str):
        words = ["import", "statement", str(file), "--account", "TK1", "--json", *options]
        done = CliRunner().invoke(main, words, obj=app)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.output), truth

    return run


def test_sums_from_the_paper_prove_a_list(bring):
    assert bring("--dry-run")[1]["complete"] is None
    rows, credits = "40", f"{bring('--dry-run')[2].credit_sum:,}".replace(",", ".")
    code, answer, _ = bring("--rows", rows, "--credits", credits)
    assert (code, answer["complete"], answer["new"]) == (0, True, 40)
    assert answer["certificate"]["paper"]["rows"] == 40


def test_sums_from_the_paper_that_differ_break_it(bring):
    for extra in ((), ("--dry-run",)):
        code, answer, truth = bring("--rows", "41", "--credits", "1000", *extra)
        assert (code, answer["complete"]) == (1, False)
        assert answer["messages"][0]["cell"] == "số nhập từ bản giấy"
    code, answer, truth = bring("--opening", "0", "--closing", str(truth.credit_sum), "--dry-run")
    assert (code, answer["state"]) == (0, "not_provable")  # two of its lines print no amount


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rows", "40"], "Chưa đủ số để đối chiếu"),
        (["--credits", "năm triệu", "--rows", "1"], "--credits: "),
        (["--rows", "-1"], "--rows: Số lượng không được âm"),
    ],
)
def test_what_proves_nothing_is_refused_with_the_way_on(bring, options, said):
    code, answer, _ = bring(*options)
    assert code == 1 and said in answer["messages"][0]["message"]


def test_other_tables_have_no_paper_to_compare(app, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("Mã đơn vị\n")
    words = ["import", "units", str(file), "--rows", "1", "--credits", "2"]
    done = CliRunner().invoke(main, words, obj=app)
    assert done.exit_code == 1 and "chỉ dùng cho sao kê" in done.output
