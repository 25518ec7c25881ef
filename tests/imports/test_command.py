"""`portal import`: exit codes, JSON, wrong rows as a file; the cases come in twice and add nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from portal.cli import main
from portal.donations.search import indexed_up_to
from portal.imports.annotating import FAULTS
from portal.imports.kinds import KINDS
from portal.kit import tables
from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.units.models import Unit

UNITS = "Mã đơn vị,Tên đơn vị,Cấp\nTPH,Xã Tân Phú Hòa,xã\n"
GIFTS = "Ngày,Mã đơn vị,Người ủng hộ,Hình thức,Số tiền,Cách hiển thị\n"
GIFTS += "02/11/2026,TPH,Nguyễn Văn An,tiền mặt,500.000,họ tên\n"
CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture
def portal(app, tmp_path):
    """Run `portal import` on a text; returns (exit code, what was printed)."""

    def run(kind, text, *options):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        done = CliRunner().invoke(main, ["import", kind, str(file), *options], obj=app)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def test_accepted_is_0_and_tells_what_it_did(portal):
    code, output = portal("units", UNITS)
    assert (code, output) == (0, "Đọc 1 dòng: ghi mới 1, sửa 0, đã có 0.\n")


def test_json_has_the_promised_keys(portal):
    portal("units", UNITS)
    code, output = portal("donations", GIFTS, "--json")
    answer = json.loads(output)
    assert code == 0
    wanted = {"rows": 1, "new": 1, "changed": 0, "duplicates": 0, "errors": 0, "sum": 500_000, "messages": []}
    assert wanted.items() <= answer.items()


def test_refused_is_1_with_cells_and_writes_nothing(app, portal, tmp_path):
    out = tmp_path / "sai.xlsx"
    code, output = portal("units", UNITS + ",Xã Không Mã,xã\n", "--json", "--errors", str(out))
    answer = json.loads(output)
    assert (code, answer["errors"], answer["new"]) == (1, 1, 0)
    assert answer["messages"][0]["cell"] == "dòng 3, cột “Mã đơn vị”"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Unit)) == 0
    rows = tables.rows_with_headers(tables.read_table(out, filename="sai.xlsx"), KINDS["units"].columns)
    assert [values["Tên đơn vị"] for _, values in rows] == ["Xã Tân Phú Hòa", "Xã Không Mã"]
    assert rows.unknown == (FAULTS,)


def test_dry_run_writes_nothing(app, portal):
    code, output = portal("units", UNITS, "--dry-run")
    assert code == 0 and "sẽ ghi mới 1" in output and "chưa ghi gì" in output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Unit)) == 0


def test_gifts_are_searchable_afterwards(app, portal):
    portal("units", UNITS)
    portal("donations", GIFTS)
    with app.app_context():
        assert indexed_up_to() == db.session.scalar(select(func.max(Entry.number)))


@pytest.mark.parametrize("kind", ["rewards", "khong-co"])
def test_other_kinds_are_refused_in_a_sentence(portal, kind):
    code, output = portal(kind, UNITS)
    assert code == 1 and "Các bảng nạp được: units" in output


def test_missing_file_is_refused_in_a_sentence(app):
    done = CliRunner().invoke(main, ["import", "units", "/khong/co/tep.csv", "--json"], obj=app)
    assert done.exit_code == 1
    assert "Không có tệp" in json.loads(done.output)["messages"][0]["message"]


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_cases_come_in_twice(app, portal, case):
    """Tables of three real reports, in the order in which an office brings them."""
    seen = []
    for _ in range(2):
        for kind in KINDS:
            file = CASES / case / f"{kind}.csv"
            if file.is_file():
                code, output = portal(kind, file.read_text(), "--json")
                assert code == 0, output
                answer = json.loads(output)
                seen.append((answer["rows"], answer["new"], answer["duplicates"]))
    half = len(seen) // 2
    assert half >= 3
    assert all(rows == new for rows, new, _ in seen[:half])
    assert all((new, rows) == (0, duplicates) for rows, new, duplicates in seen[half:])
