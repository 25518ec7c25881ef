"""Add only, update only, both: what is written, what is left out, and that it is told."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from portal.cli import main
from portal.donors.models import Donor
from portal.emulation.models import Initiative
from portal.units.models import Unit
from tests.cast import make_campaign
from tests.imports.helpers import bring, counts, table

UNITS = "Mã đơn vị,Tên đơn vị,Cấp,Mã đơn vị cấp trên"
INITIATIVES = "Mã đơn vị,Tên mô hình,Hình thức"
CAMPAIGNS = "Mã đợt,Tên đợt,Mã đơn vị,Từ ngày"
DONORS = "Tên,Mã đơn vị,Điện thoại,Địa chỉ"
PLEDGES = "Số đăng ký,Ngày,Mã đơn vị,Người đăng ký,Số tiền"
ACCOUNTS = "Mã tài khoản,Mã đơn vị,Ngân hàng,Số tài khoản"
RESULTS = "Mã đơn vị,Từ ngày,Đến ngày,Chương trình,Thực hiện"
REVIEWS = "Mã đơn vị,Chuẩn nghèo,Từ ngày,Đến ngày,Nhóm hộ,Đầu kỳ"
GOODS = "Mã hàng,Tên hàng,Đơn vị tính,Giá"
# kind, header, what is there first, the same with other facts, a new one
CASES = {
    "units": (UNITS, "N1,Ấp Một,ấp,TPH", "N1,Ấp Một đổi tên,ấp,TPH", "N2,Ấp Hai,ấp,TPH"),
    "accounts": (ACCOUNTS, "K1,TPH,Vietcombank,111", "K1,TPH,Agribank,111", "K2,TPH,BIDV,222"),
    "campaigns": (CAMPAIGNS, "A,Đợt A,TPH,01/10/2026", "A,Đợt B,TPH,01/10/2026", "C,Đợt C,TPH,01/10/2026"),
    "donors": (DONORS, "An,TPH,0912345678,Xóm 1", "An,TPH,0912345678,Xóm 2", "Bình,TPH,,Xóm 3"),
    "goods": (GOODS, "MI,Mì gói,gói,4000", "MI,Mì gói,gói,5000", "GAO,Gạo,kg,"),
    "pledges": (
        PLEDGES,
        ",02/11/2026,TPH,An,5tr",
        "ĐK-0001/2026,02/11/2026,TPH,An,6tr",
        ",02/11/2026,TPH,Bình,1tr",
    ),
    "reviews": (
        REVIEWS,
        "TPH,QG,01/01/2026,31/12/2026,Hộ nghèo,10",
        "TPH,QG,01/01/2026,31/12/2026,Hộ nghèo,11",
        "TPH,QG,01/01/2026,31/12/2026,Hộ cận nghèo,5",
    ),
    "results": (
        RESULTS,
        "TPH,01/01/2026,31/03/2026,Vay vốn,10",
        "TPH,01/01/2026,31/03/2026,Vay vốn,12",
        "TPH,01/01/2026,31/03/2026,Dạy nghề,3",
    ),
    "initiatives": (INITIATIVES, "TPH,Vườn,mô hình", "TPH,Vườn,công trình", "TPH,Ao,mô hình"),
}


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("kind", CASES)
def test_modes(kind, dry_run, cast, db_session):
    header, first, other, fresh = CASES[kind]
    assert counts(bring(kind, table(header, first))) == (1, 1, 0, 0)
    both = table(header, other, fresh)
    assert counts(bring(kind, both, dry_run=True)) == (2, 1, 1, 0)
    add = bring(kind, both, mode="add", dry_run=dry_run)
    assert counts(add) == (2, 1, 0, 1) and add.skipped == 1
    assert "1 dòng đã có trong sổ với nội dung khác (dòng 2)" in add.notes[0]
    if dry_run:
        update = bring(kind, both, mode="update", dry_run=True)
        assert counts(update) == (2, 0, 1, 0) and update.skipped == 1
        assert "1 dòng chưa có trong sổ (dòng 3)" in update.notes[0]


def test_update_only_writes_no_new_row_and_add_only_keeps_the_books(cast, db_session):
    header, first, other, fresh = CASES["initiatives"]
    bring("initiatives", table(header, first))
    bring("initiatives", table(header, other, fresh), mode="add")
    present = select(Initiative.name, Initiative.form).where(Initiative.as_of(None)).order_by(Initiative.name)
    assert [tuple(row) for row in db_session.execute(present)] == [("Ao", "mô hình"), ("Vườn", "mô hình")]
    bring("initiatives", table(header, other, "TPH,Chuồng,mô hình"), mode="update")
    assert [tuple(row) for row in db_session.execute(present)] == [("Ao", "mô hình"), ("Vườn", "công trình")]


def test_same_rows_are_duplicates_in_every_mode(cast, db_session):
    header, first, _, _ = CASES["donors"]
    bring("donors", table(header, first))
    for mode in ("add", "update", "both"):
        outcome = bring("donors", table(header, first), mode=mode)
        assert counts(outcome) == (1, 0, 0, 1) and outcome.notes == []
    assert len(db_session.scalars(select(Donor)).all()) == 1


def test_the_command_takes_a_mode(app, db_session, cast, tmp_path):
    db_session.commit()
    file = tmp_path / "bang.csv"
    file.write_text(f"{UNITS}\nTPH,Xã Tên Khác,xã,TH\nN1,Ấp Một,ấp,TPH\n")

    def run(*options):
        return CliRunner().invoke(main, ["import", "units", str(file), *options], obj=app)

    assert run("--mode", "sao-cung-duoc").exit_code == 1
    done = run("--mode", "update")
    assert done.exit_code == 0 and "1 dòng chưa có trong sổ (dòng 3)" in done.output
    db_session.rollback()
    assert sorted(db_session.scalars(select(Unit.code))) == ["AL", "TH", "TPH"]
    db_session.rollback()
    assert run("--mode", "add", "--json").exit_code == 0
    db_session.rollback()
    assert db_session.scalar(select(Unit.name).where(Unit.code == "TPH")) == "Xã Tên Khác"


def test_gifts_are_only_added(app, db_session, cast, tmp_path):
    make_campaign(unit=cast.commune, code="D26")
    db_session.commit()
    file = tmp_path / "bang.csv"
    file.write_text("Ngày,Mã đợt,Hình thức,Số tiền\n02/11/2026,D26,tiền mặt,5000\n")
    done = CliRunner().invoke(main, ["import", "donations", str(file), "--mode", "update"], obj=app)
    assert done.exit_code == 1 and "chỉ thêm mới" in done.output
    done = CliRunner().invoke(main, ["import", "donations", str(file), "--mode", "add"], obj=app)
    assert done.exit_code == 0
