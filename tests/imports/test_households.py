"""Tables of households: brought, brought again, changed, taken back; our export is a valid import."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from portal.households.models_private import HouseholdAccess, HouseholdPrivate
from portal.households.models_registry import Household, HouseholdNeed, HouseholdStatus
from portal.households.queries_page import members_of, years_of
from portal.imports.actions import ask_undo, undo
from portal.imports.models import ImportRun
from portal.imports.outcome import Outcome
from portal.kit import access
from portal.kit.db import db
from tests.cast import Cast, make_unit, make_user, sign_in
from tests.households.builders import HOME, make_hamlet, make_household
from tests.imports.helpers import bring, counts, table, told

HEAD = "Chủ hộ,Năm sinh,Mã đơn vị,Điện thoại,Thành viên,Năm,Nhóm hộ,Chỉ số thiếu hụt,Thu nhập,Nhu cầu"
FIRST = (
    'Nguyễn Văn Sáu,1968,AP1,0912345678,"Trần Thị Bé, vợ, nữ, 1970; Tý, con",2025,'
    + "Hộ nghèo,Việc làm; Dinh dưỡng,1.400.000,Nhà ở"
)
SECOND = "Lê Thị Bảy,,TPH,,,2025,cận nghèo,không,,"
PRIVATE = "Chủ hộ,Mã đơn vị,Số căn cước,Dân tộc"


@pytest.fixture
def hamlet(cast: Cast):  # type: ignore[no-untyped-def]
    """AP1 of the commune."""
    found = make_unit(code="AP1", name="Ấp Phú Lợi", level="ấp", parent=cast.commune)
    db.session.commit()
    return found


def at(outcome: Outcome, row: int, column: str = "Số căn cước") -> str:
    """What is told at a cell."""
    return told(outcome)[f"dòng {row}, cột “{column}”"]


def one(name: str) -> Household:
    """The household of a head."""
    return db.session.scalars(select(Household).where(Household.name == name)).one()


def test_a_table_is_brought_and_brought_again(cast: Cast, hamlet) -> None:  # type: ignore[no-untyped-def]
    first = bring("households", table(HEAD, FIRST, SECOND), by=cast.officer)
    assert counts(first) == (2, 2, 0, 0), told(first)
    held, other = one("Nguyễn Văn Sáu"), one("Lê Thị Bảy")
    assert (held.unit_id, other.unit_id) == (hamlet.id, cast.commune.id)
    assert [(member.name, member.relation) for member in members_of(held.id)] == [
        ("Trần Thị Bé", "vợ"),
        ("Tý", "con"),
    ]
    year = years_of(held.id)[0]
    assert (year.year, year.groups, year.lacks, year.income) == (
        2025,
        ["Hộ nghèo"],
        ["Việc làm", "Dinh dưỡng"],
        1_400_000,
    )
    assert years_of(other.id)[0].lacks == []
    assert counts(bring("households", table(HEAD, FIRST, SECOND), by=cast.officer)) == (2, 0, 0, 2)


def test_a_known_household_is_changed_with_its_old_values_and_all_goes_back(
    cast: Cast, hamlet, client: FlaskClient
) -> None:  # type: ignore[no-untyped-def]
    bring("households", table(HEAD, FIRST), by=cast.officer)
    held = one("Nguyễn Văn Sáu")
    moved = (
        f"Mã hộ,{HEAD}",
        f"HO{held.id},Nguyễn Văn Sáu,1968,AP1,0987111222,Tý,2025,Hộ cận nghèo,không,,Nhà ở; Khám, chữa bệnh".replace(
            "Nhà ở; Khám, chữa bệnh", '"Nhà ở; Khám, chữa bệnh"'
        ),
    )
    outcome = bring("households", table(*moved), by=cast.officer)
    assert counts(outcome) == (1, 0, 1, 0), told(outcome)
    page = sign_in(client, cast.officer).get(f"{HOME}{held.id}").text
    assert "0912345678 → 0987111222" in page and "Hộ nghèo → Hộ cận nghèo" in page
    year = years_of(held.id)[0]
    assert (year.groups, year.lacks, year.income) == (["Hộ cận nghèo"], [], 1_400_000)
    run = db.session.get_one(ImportRun, outcome.run_id)
    ask_undo(run, reason="nhầm tệp", by=cast.officer)
    undo(run, by=cast.chair)
    db.session.commit()
    db.session.expire_all()
    year = years_of(held.id)[0]
    assert held.phone == "0912345678" and (year.groups, year.lacks) == (
        ["Hộ nghèo"],
        ["Việc làm", "Dinh dưỡng"],
    )
    assert [member.name for member in members_of(held.id)] == ["Trần Thị Bé", "Tý"]
    assert db.session.scalar(select(func.count()).where(~HouseholdNeed.withdrawn)) == 1
    assert "0987111222" not in client.get(f"{HOME}{held.id}").text


def test_new_ones_go_back_unless_something_rests_on_them(cast: Cast, hamlet, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    outcome = bring("households", table(PRIVATE, "Lê Văn Một,AP1,001201012345,Kinh"), by=cast.officer)
    assert counts(outcome)[1] == 1, told(outcome)
    held = one("Lê Văn Một")
    run = db.session.get_one(ImportRun, outcome.run_id)
    ask_undo(run, reason="nhầm tệp", by=cast.officer)
    undo(run, by=cast.chair)
    db.session.commit()
    assert sign_in(client, cast.officer).get(f"{HOME}{held.id}").status_code == 404
    again = bring("households", table(PRIVATE, "Lê Văn Một,AP1,001201012345,Kinh"), by=cast.officer)
    assert counts(again)[1] == 1, told(again)
    aid = {"given_on": "03/11/2026", "source": "Chùa", "cash": "500k"}
    newest = db.session.scalar(select(func.max(Household.id)))
    assert client.post(f"{HOME}{newest}/da-nhan", data=aid).status_code == 303
    run = db.session.get_one(ImportRun, again.run_id)
    with pytest.raises(Exception, match="nguồn khác"):
        ask_undo(run, reason="nhầm tệp", by=cast.officer)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (",1968,AP1,,,,,,,", "Chủ hộ", "Chưa có chủ hộ"),
        ("Sáu,68,AP1,,,,,,,", "Năm sinh", "bốn chữ số"),
        ("Sáu,1968,AL,,,,,,,", "Mã đơn vị", "phạm vi"),
        ("Sáu,1968,KHONG,,,,,,,", "Mã đơn vị", "KHONG"),
        ("Sáu,1968,AP1,12,,,,,,", "Điện thoại", "chữ số"),
        ('Sáu,1968,AP1,,", vợ",,,,,', "Thành viên", "chưa có tên"),
        ("Sáu,1968,AP1,,,1900,Hộ nghèo,,,", "Năm", "1990"),
        ("Sáu,1968,AP1,,,2025,Hộ lạ,,,", "Nhóm hộ", "danh mục"),
        ("Sáu,1968,AP1,,,2025,Hộ nghèo; Hộ cận nghèo,,,", "Nhóm hộ", "không thể vừa"),
        ("Sáu,1968,AP1,,,2025,,Thiếu gạo,,", "Chỉ số thiếu hụt", "danh mục"),
        ("Sáu,1968,AP1,,,2025,,,abc,", "Thu nhập", "abc"),
        ("Sáu,1968,AP1,,,2025,,,,Máy bay", "Nhu cầu", "danh mục"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(cast: Cast, hamlet, row: str, column: str, words: str) -> None:  # type: ignore[no-untyped-def]
    outcome = bring("households", table(HEAD, row), by=cast.officer)
    assert words in at(outcome, 2, column), told(outcome)
    assert db.session.scalar(select(func.count()).select_from(Household)) == 0


def test_a_helper_of_one_hamlet_and_a_stranger_bring_nothing(cast: Cast, hamlet) -> None:  # type: ignore[no-untyped-def]
    make_household(unit=hamlet, name="Lê Văn Một")
    held = one("Lê Văn Một")
    helper = make_user(role=access.RECORDER, unit=hamlet)
    assert "phụ trách" in at(bring("households", table(HEAD, FIRST), by=helper), 2, "Mã đơn vị")
    theft = table("Mã hộ,Chủ hộ,Mã đơn vị", f"HO{held.id},Lê Văn Một,AL")
    assert "mã này" in at(bring("households", theft, by=cast.outsider), 2, "Mã hộ")


def test_sensitive_columns(cast: Cast, hamlet) -> None:  # type: ignore[no-untyped-def]
    """They are added, never written over; a number stands once, and whose it is gets told within the person's units."""
    rows = ("Lê Văn Một,AP1,001201012345,Kinh", "Lê Văn Hai,AP1,001201012345,")
    twice = bring("households", table(PRIVATE, *rows), by=cast.officer)
    assert "dòng 2" in at(twice, 3) and "001201012345" not in at(twice, 3)
    assert counts(bring("households", table(PRIVATE, rows[0]), by=cast.officer))[1] == 1
    assert "Lê Văn Một" in at(bring("households", table(PRIVATE, rows[1]), by=cast.officer), 2)
    far = bring("households", table(PRIVATE, "Trần Xa,AL,001201012345,"), by=cast.outsider)
    assert "Lê Văn Một" not in at(far, 2) and "ngoài phạm vi" in at(far, 2)
    other = bring("households", table(PRIVATE, "Lê Văn Một,AP1,001201012346,"), by=cast.officer)
    assert "khác với điều đã ghi" in at(other, 2)
    held = db.session.scalars(select(HouseholdPrivate)).one()
    assert (held.cccd, held.ethnicity) == ("001201012345", "Kinh")


def test_our_export_is_a_valid_import(cast: Cast, hamlet, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    bring("households", table(HEAD, FIRST, SECOND), by=cast.officer)
    sign_in(client, cast.officer)
    for address in ("?xuat=xlsx", "?xuat=csv"):
        file = client.get(f"{HOME}{address}").data
        outcome = bring("households", file if address.endswith("csv") else _as_csv(file), by=cast.officer)
        assert counts(outcome) == (2, 0, 0, 2), told(outcome)
    client.post(f"{HOME}{one('Lê Thị Bảy').id}/thong-tin-rieng/ghi/0", data={"nguoi0-cccd": "001201012345"})
    whole = client.post(f"{HOME}tep-thong-tin-rieng", data={"purpose": "nộp danh sách bảo hiểm"}).data
    text = _as_csv(whole)
    assert (
        b"001201012345" in text and db.session.scalar(select(func.count()).select_from(HouseholdAccess)) == 2
    )
    assert counts(bring("households", text, by=cast.officer)) == (2, 0, 0, 2)
    changed = text.replace("Hộ nghèo".encode(), "Hộ cận nghèo".encode(), 1)
    assert counts(bring("households", changed, by=cast.officer)) == (2, 0, 1, 1)
    assert db.session.scalar(select(func.count()).where(~HouseholdStatus.withdrawn)) == 2


def _as_csv(file: bytes) -> bytes:
    """The same table as CSV."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    out = io.StringIO()
    csv.writer(out).writerows(
        [int(cell) if isinstance(cell, float) else cell for cell in row] for row in rows
    )
    return out.getvalue().encode()


def test_a_template_offers_what_may_be_chosen(cast: Cast, hamlet, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    make_hamlet(cast)
    answer = sign_in(client, cast.officer).get("/quan-ly/nhap-bang/ho-dan/mau.xlsx")
    assert answer.status_code == 200 and answer.data[:2] == b"PK"
