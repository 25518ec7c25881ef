"""Donors and pledges of a table: who is known, what changes, what is told; set-based whatever the number."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.donors.models import Donor
from portal.donors.queries import suggest
from portal.pledges.models import Instalment, Pledge, PledgeTerms
from tests.cast import make_campaign, make_unit
from tests.imports.helpers import bring, counts, table, told

DONORS = "Tên,Loại,Mã đơn vị,Điện thoại,Địa chỉ,Mã số thuế,Số thành viên,Đơn vị giới thiệu"
AN = "Nguyễn Văn An,cá nhân,TPH,0912 345 678,Xóm 1,,,"
FIRM = "Công ty TNHH Một,doanh nghiệp,TPH,,Xóm 2,0101234567,12,AL"
PLEDGES = "Ngày,Mã đơn vị,Mã đợt,Người đăng ký,Loại,Hình thức,Nội dung,Số tiền,Hạn,Số đăng ký"
MONEY = "02/11/2026,TPH,,Nguyễn Văn An,cá nhân,,,5tr,15/12/2026: 2tr; 15/01/2027: 3tr,"
HOUSE = "02/11/2026,TPH,,Công ty Một,doanh nghiệp,nhà,01 căn nhà,80tr,,"


def names(db_session):
    rows = select(Donor.name, Donor.phone, Donor.address).where(~Donor.withdrawn).order_by(Donor.id)
    return [tuple(row) for row in db_session.execute(rows)]


def test_donors_twice(cast, accountant, db_session):
    content = table(DONORS, AN, FIRM)
    assert counts(bring("donors", content, by=accountant, dry_run=True)) == (2, 2, 0, 0)
    assert counts(bring("donors", content, by=accountant)) == (2, 2, 0, 0)
    assert counts(bring("donors", content, by=accountant)) == (2, 0, 0, 2)
    donor = db_session.scalar(select(Donor).where(Donor.tax_code == "0101234567"))
    assert (donor.kind, donor.members, donor.introduced_by_id) == ("company", 12, cast.other_commune.id)
    assert [one.name for one in suggest(accountant, "nguyen an")] == ["Nguyễn Văn An"]


def test_known_by_tax_code_phone_and_place(cast, accountant, db_session):
    bring("donors", table(DONORS, AN, FIRM, "Lê Bình,,TPH,,Xóm 9,,,"), by=accountant)
    again = table(
        DONORS,
        "Ông Nguyễn Văn An,cá nhân,TPH,+84912345678,Xóm 5,,,",
        "Công ty Một đổi tên,doanh nghiệp,TPH,,,0101234567,,",
        "lê bình,,TPH,0987654321,xóm 9,,,",
    )
    assert counts(bring("donors", again, by=accountant)) == (3, 0, 3, 0)
    assert names(db_session) == [
        ("Ông Nguyễn Văn An", "+84912345678", "Xóm 5"),
        ("Công ty Một đổi tên", None, "Xóm 2"),
        ("lê bình", "0987654321", "xóm 9"),
    ]


def test_a_shared_phone_never_writes_over_another_name(cast, accountant, db_session):
    bring("donors", table(DONORS, AN), by=accountant)
    wife = "Trần Thị Hoa,cá nhân,TPH,0912345678,Xóm 1,,,"
    assert counts(bring("donors", table(DONORS, wife), by=accountant)) == (1, 1, 0, 0)
    assert counts(bring("donors", table(DONORS, wife, AN), by=accountant)) == (2, 0, 0, 2)
    assert [name for name, *_ in names(db_session)] == ["Nguyễn Văn An", "Trần Thị Hoa"]


def test_an_empty_cell_erases_no_contact(cast, accountant, db_session):
    bring("donors", table(DONORS, AN), by=accountant)
    bare = "Nguyễn Văn An,,TPH,,Xóm 1,,,"
    assert counts(bring("donors", table(DONORS, bare), by=accountant)) == (1, 0, 0, 1)
    assert names(db_session)[0] == ("Nguyễn Văn An", "0912 345 678", "Xóm 1")


def test_twins_and_doubles_are_told(cast, accountant):
    bring("donors", table(DONORS, AN), by=accountant)
    other = "Nguyễn Văn An,cá nhân,TPH,0987654321,Xóm 7,,,"
    outcome = bring("donors", table(DONORS, other, other), by=accountant, dry_run=True)
    assert counts(outcome) == (2, 1, 0, 1)
    assert [note.split(":")[0] for note in outcome.notes] == [
        "Trùng người với dòng trước trong tệp, chỉ ghi một lần",
        "Dòng mới trùng tên với người đã có trong sổ",
    ]
    outcome = bring("donors", table(DONORS, other, other.replace("Xóm 7", "Xóm 8")), by=accountant)
    assert "cùng người với dòng 2" in told(outcome)["dòng 3, cột “Tên”"]


def test_faults_of_donors_at_their_cells(cast, accountant, outsider, db_session):
    rows = [
        ",cá nhân,TPH,,,,,",
        "An,bạn bè,TPH,,,,,",
        "An,,TPH,123,,,,",
        "An,,TPH,,,12345,,",
        "An,,TPH,,,,không,",
        "An,,AL,,,,,",
        "An,,KHONG,,,,,",
        "An,,TPH,,,,,KHONG",
    ]
    columns = ["Tên", "Loại", "Điện thoại", "Mã số thuế", "Số thành viên", "Mã đơn vị", "Mã đơn vị"]
    outcome = bring("donors", table(DONORS, *rows), by=accountant)
    assert list(told(outcome)) == [
        f"dòng {line}, cột “{column}”" for line, column in enumerate([*columns, "Đơn vị giới thiệu"], 2)
    ]
    bring("donors", table(DONORS, AN), by=accountant)
    code = f"NHT{db_session.scalar(select(Donor.id)):06d}"
    outcome = bring("donors", table("Mã,Tên,Mã đơn vị", f"{code},Kẻ khác,AL", "NHT999999,Ma,AL"), by=outsider)
    assert set(told(outcome)) == {"dòng 2, cột “Mã”", "dòng 3, cột “Mã”"}


def test_the_only_unit_stands_in(cast, accountant, db_session):
    assert bring("donors", table("Tên", "Nguyễn Văn An"), by=accountant).new == 1
    assert db_session.scalar(select(Donor.unit_id)) == cast.commune.id
    assert set(told(bring("donors", table("Tên", "Nguyễn Văn An")))) == {"dòng 2, cột “Mã đơn vị”"}


@pytest.mark.parametrize("kind", ["donors", "pledges"])
def test_many_in_few_statements(kind, cast, accountant, statements):
    def sent(rows):
        if kind == "donors":
            lines = [f"Người {place},cá nhân,TPH,09{place:08d},Xóm {place},,," for place in rows]
            content = table(DONORS, *lines)
        else:
            content = table(PLEDGES, *(MONEY.replace("Văn An", f"Văn {place}") for place in rows))
        with statements() as found:
            assert bring(kind, content, by=accountant).new == len(rows)
        return len(found)

    few, many = sent(range(10)), sent(range(1_000, 2_500))
    assert many <= few + 60  # pieces of 500 to 1.000 rows, not a statement each


def test_pledges_twice_and_changed(cast, accountant, db_session):
    content = table(PLEDGES, MONEY, MONEY, HOUSE)
    outcome = bring("pledges", content, by=accountant, dry_run=True)
    assert (counts(outcome), outcome.sum) == ((3, 3, 0, 0), 90_000_000)
    assert counts(bring("pledges", content, by=accountant)) == (3, 3, 0, 0)
    assert counts(bring("pledges", content, by=accountant)) == (3, 0, 0, 3)
    assert [pledge.paper_number for pledge in db_session.scalars(select(Pledge).order_by(Pledge.id))] == [
        "ĐK-0001/2026",
        "ĐK-0002/2026",
        "ĐK-0003/2026",
    ]
    assert db_session.scalar(select(func.count()).select_from(Instalment)) == 4
    changed = MONEY.replace("5tr", "6tr").replace("3tr,", "4tr,ĐK-0001/2026")
    assert counts(bring("pledges", table(PLEDGES, changed), by=accountant)) == (1, 0, 1, 0)
    assert counts(bring("pledges", table(PLEDGES, changed), by=accountant)) == (1, 0, 0, 1)
    versions = db_session.scalars(select(PledgeTerms).order_by(PledgeTerms.id)).all()
    assert [(row.amount, row.until is None) for row in versions] == [
        (5_000_000, False),
        (5_000_000, True),
        (80_000_000, True),
        (6_000_000, True),
    ]
    short = table("Số đăng ký,Ngày,Mã đơn vị,Người đăng ký", "ĐK-0003/2026,02/11/2026,TPH,Công ty Một")
    assert counts(bring("pledges", short, by=accountant)) == (1, 0, 0, 1)


def test_a_pledge_belongs_to_its_campaigns_unit(cast, accountant, db_session):
    make_campaign(unit=cast.commune, code="D26")
    row = MONEY.replace("TPH,,", ",D26,")
    assert bring("pledges", table(PLEDGES, row), by=accountant).accepted
    assert db_session.scalar(select(PledgeTerms.campaign_id)) is not None


def test_faults_of_pledges_at_their_cells(cast, accountant, outsider, db_session):
    make_campaign(unit=cast.other_commune, code="XA")
    make_unit(code="CU", name="Xã Cũ", parent=cast.commune, valid_to=date(2025, 6, 30))
    rows = [
        (MONEY.replace("02/11/2026", "02/11/2126"), "Ngày"),
        (MONEY.replace("5tr", ""), "Số tiền"),
        (MONEY.replace("5tr", "9tr"), "Hạn"),
        (MONEY.replace("15/12/2026", "15/12/2025"), "Hạn"),
        (MONEY.replace("Nguyễn Văn An", ""), "Người đăng ký"),
        (HOUSE.replace("01 căn nhà", ""), "Nội dung"),
        (HOUSE.replace("nhà,01", "vàng,01"), "Hình thức"),
        (MONEY.replace("TPH", "AL"), "Mã đơn vị"),
        (MONEY.replace("TPH,", "TPH,XA"), "Mã đợt"),
        (MONEY.replace("TPH", "CU"), "Mã đơn vị"),
        (MONEY + "ĐK-0099/2026", "Số đăng ký"),
        (MONEY + "abc", "Số đăng ký"),
    ]
    told_cells = []
    for row, _ in rows:
        outcome = bring("pledges", table(PLEDGES, row), by=accountant)
        told_cells.append(list(told(outcome)))
    assert told_cells == [[f"dòng 2, cột “{column}”"] for _, column in rows]
