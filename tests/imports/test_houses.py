"""Houses of the past: one by one, as totals; twice adds nothing; undone as a whole; our own list is a valid table."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.households.received import lines_of
from portal.households.rules_registry import code_of
from portal.housing import received
from portal.housing.models_closing import HousePast
from portal.imports import actions, undoing
from portal.imports.models import ImportRun
from portal.kit.db import db
from portal.kit.errors import Refused
from tests.cast import Cast, sign_in
from tests.households.builders import make_hamlet, make_household
from tests.imports.helpers import bring, counts, table

assert received
HEAD = (
    "Mã đơn vị,Chương trình,Loại nhà,Mã hộ,Chủ hộ,Từ ngày,Ngày bàn giao,Số căn,Kinh phí,Từ Quỹ,"
    "Nguồn khác,Diện tích,Ghi chú"
)
ONE = 'TPH,Nhà Đại đoàn kết,Xây mới,,Lê Văn Cũ,,20/11/2020,,80000000,50000000,30000000,"45,5",Ấp cũ'
TOTAL = "TPH,nha tinh thuong,chong dot,,,01/01/2021,31/12/2021,12,,120000000,,,"


def rows() -> list[HousePast]:
    db.session.rollback()
    return list(db.session.scalars(select(HousePast).where(~HousePast.withdrawn).order_by(HousePast.id)))


def test_one_by_one_and_as_totals(cast: Cast) -> None:
    content = table(HEAD, ONE, ONE, TOTAL)  # two alike houses are two
    assert counts(bring("houses", content, by=cast.accountant)) == (3, 3, 0, 0)
    assert counts(bring("houses", content, by=cast.accountant)) == (3, 0, 0, 3)
    first, second, total = rows()
    assert (first.head_name, first.area, first.cost, first.ordinal, second.ordinal) == (
        "Lê Văn Cũ",
        4550,
        80_000_000,
        1,
        2,
    )
    assert (total.count, total.head_name, total.cost_fund, total.cost, total.cost_outside) == (
        12,
        "",
        120_000_000,
        None,
        None,
    )
    more = table(HEAD, ONE.replace("Ấp cũ", "Ấp mới"), TOTAL.replace(",12,", ",13,"))
    assert counts(bring("houses", more, by=cast.accountant)) == (2, 0, 2, 0)
    assert [one.note for one in rows()] == ["Ấp mới", "Ấp cũ", None] and rows()[2].count == 13


def test_faults_are_told_at_their_cells(cast: Cast) -> None:
    for row, column, word in (
        (ONE.replace("Nhà Đại đoàn kết", "Nhà lạ"), "Chương trình", "danh mục"),
        (ONE.replace("80000000", "90000000"), "Kinh phí", "khác kinh phí"),
        (ONE.replace("20/11/2020,,", "20/11/2020,2,"), "Số căn", "một căn"),
        (TOTAL.replace("01/01/2021", ""), "Từ ngày", "đầu kỳ"),
        (TOTAL.replace(",12,", ",,"), "Số căn", "chưa có số căn"),
        (ONE.replace("20/11/2020", "20/11/2099"), "Ngày bàn giao", "chưa tới"),
        (ONE.replace("TPH", "AL"), "Mã đơn vị", "phạm vi"),
        (ONE.replace(",,Lê", ",HO999999,Lê"), "Mã hộ", "Không có hộ"),
    ):
        outcome = bring("houses", table(HEAD, row), by=cast.accountant)
        assert outcome.errors and any(word in one["message"] for one in outcome.as_json()["messages"]), (
            column,
            row,
        )
    assert rows() == []


def test_undone_as_a_whole(cast: Cast) -> None:
    bring("houses", table(HEAD, ONE), by=cast.accountant)
    bring("houses", table(HEAD, ONE.replace("Ấp cũ", "Ấp mới"), TOTAL), by=cast.accountant)
    second = db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()
    assert second is not None and undoing.obstacles(second) == []
    undoing.carry_out(second, asked_by=cast.accountant, second=cast.chair)
    db.session.commit()
    assert [(one.head_name, one.note) for one in rows()] == [("Lê Văn Cũ", "Ấp cũ")]
    assert counts(bring("houses", table(HEAD, TOTAL), by=cast.accountant)) == (1, 1, 0, 0)


def runs() -> list[ImportRun]:
    db.session.rollback()
    return list(db.session.scalars(select(ImportRun).order_by(ImportRun.id)))


def test_houses_that_were_changed_since_stop_the_undoing(cast: Cast) -> None:
    bring("houses", table(HEAD, ONE, TOTAL), by=cast.accountant)
    bring("houses", table(HEAD, ONE.replace("Ấp cũ", "Ấp mới")), by=cast.accountant)
    bring("houses", table(HEAD, TOTAL.replace(",12,", ",13,")), by=cast.accountant)
    first, second, third = runs()
    assert undoing.obstacles(first) == [
        "Căn nhà của hộ “Lê Văn Cũ”, bàn giao 20/11/2020 đã được sửa sau lần nhập này",
        "Tổng số nhà từ 01/01/2021 đến 31/12/2021 đã được sửa sau lần nhập này",
    ]
    assert undoing.obstacles(second) == [] == undoing.obstacles(third)
    rows()[0].note = "Ấp mới hơn"  # put right by hand
    db.session.commit()
    assert undoing.obstacles(second) == [
        "Căn nhà của hộ “Lê Văn Cũ”, bàn giao 20/11/2020 đã được sửa sau lần nhập này"
    ]
    asked = {"reason": "Nạp nhầm", "by": cast.accountant}
    with pytest.raises(Refused, match="đã được sửa sau lần nhập này"):
        actions.ask_undo(first, **asked)


def test_what_is_as_the_import_left_it_may_be_undone(cast: Cast) -> None:
    bring("houses", table(HEAD, ONE, TOTAL), by=cast.accountant)
    bring("houses", table(HEAD, ONE.replace("Ấp cũ", "Ấp mới")), by=cast.accountant)
    first, second = runs()
    undoing.carry_out(second, asked_by=cast.accountant, second=cast.chair)
    db.session.commit()
    assert undoing.obstacles(first) == []  # the later import was undone: nothing is lost
    undoing.carry_out(first, asked_by=cast.accountant, second=cast.chair)
    db.session.commit()
    assert rows() == []


def test_a_household_has_its_past_house(cast: Cast) -> None:
    household = make_household(unit=make_hamlet(cast))
    db.session.commit()
    bring("houses", table(HEAD, ONE.replace(",,Lê", f",{code_of(household.id)},Lê")), by=cast.accountant)
    (line,) = lines_of([household.id])
    assert line.cash == 80_000_000 and not line.in_books and "Xây mới".lower() in line.what


def test_our_own_list_is_a_valid_table(cast: Cast, client: FlaskClient) -> None:
    bring("houses", table(HEAD, ONE, TOTAL), by=cast.accountant)
    sign_in(client, cast.accountant)
    content = client.get("/quan-ly/nha/truoc-day?xuat=csv").data
    outcome = bring("houses", content, by=cast.accountant)
    assert counts(outcome) == (2, 0, 0, 2), outcome.as_json()
