"""Movements, years, criteria, registrations on a real database."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter
from sqlalchemy import select

from portal.emulation import actions_criteria
from portal.emulation import actions_movements as actions
from portal.emulation import actions_registrations as registrations
from portal.emulation import queries_movements as queries
from portal.emulation.actions_scoring import hand_on
from portal.emulation.models_movements import Movement, MovementCriterion, MovementEntry
from portal.imports.models import ImportRun
from portal.imports.undoing.catalogues import obstacles, withdraw
from portal.kit.db import db
from portal.kit.errors import Refused
from tests.cast import Cast, make_user
from tests.emulation.movements import PROMISE, YEAR, enter, give, make_round, seeded
from tests.households.builders import make_hamlet, make_household
from tests.imports.helpers import bring, counts, table, told

HEADER = "Mã kỳ,Mã tiêu chí,Phần,Tiêu chí,Điểm chuẩn,Điểm thưởng,Hạn,Minh chứng"
ROWS = (
    "VNN-2026,1.1,I. Tuyên truyền,Có kế hoạch vận động,10,,,không",
    'VNN-2026,1.2,I. Tuyên truyền,Vượt chỉ tiêu,"12,5",2,30/11/2026,có',
)


def refused(act, field: str | None = None) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.field == field
    return caught.value.text


def test_the_movement_of_the_country_bears_both_names(cast: Cast) -> None:
    movement = seeded()
    assert movement.name == "Vì người nghèo – Không để ai bị bỏ lại phía sau"
    assert movement.other_names == ["Cả nước chung tay vì người nghèo – Không để ai bị bỏ lại phía sau"]
    text = refused(
        lambda: actions.add_movement(
            cast.commune,
            {
                "name": "Cả nước chung tay Vì người nghèo – không để ai bị bỏ lại phía sau",
                "starts_on": date(2026, 1, 1),
            },
        ),
        "name",
    )
    assert "đã là tên của phong trào" in text


def test_a_new_year_begins_with_the_criteria_of_another(cast: Cast) -> None:
    one = make_round(cast.province)
    actions_criteria.change_criterion(
        one,
        one.criteria[0],
        {**_values(one.criteria[0]), "due_on": date(2026, 11, 30), "needs_evidence": True},
    )
    values = {**YEAR, "code": "VNN-2027", "starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
    other = actions.add_round(seeded(), cast.province, values, like=one)
    assert [(c.code, c.points, c.bonus, c.part) for c in other.criteria] == [
        (c.code, c.points, c.bonus, c.part) for c in one.criteria
    ]
    assert other.criteria[0].due_on == date(2027, 11, 30)
    assert [k.name for k in other.classes] == ["Xuất sắc", "Tốt", "Hoàn thành"]
    assert refused(lambda: actions.add_round(seeded(), cast.province, values), "code")


def _values(criterion: MovementCriterion) -> dict[str, object]:
    names = ("code", "part", "text", "points", "bonus", "due_on", "needs_evidence")
    return {name: getattr(criterion, name) for name in names}


def test_clusters_and_classes_refuse_doubles_and_what_is_used(cast: Cast) -> None:
    one = make_round(cast.province)
    assert "Đã có cụm" in refused(lambda: actions.add_cluster(one, {"name": "cụm 1"}), "name")
    assert "Đã có mức" in refused(lambda: actions.add_class(one, {"name": "TỐT", "least": 1}), "name")
    assert "cũng bắt đầu" in refused(lambda: actions.add_class(one, {"name": "Khá", "least": 4000}), "least")
    enter(one, cast.commune, cluster_id=one.clusters[0].id)
    assert "còn 1 đơn vị" in refused(lambda: actions.drop_cluster(one, one.clusters[0]))
    actions.drop_cluster(one, one.clusters[1])
    assert [cluster.name for cluster in one.clusters] == ["Cụm 1"]


def test_criteria_stand_once_a_sheet_was_handed_on(cast: Cast) -> None:
    one = make_round(cast.province)
    entry = enter(one, cast.commune)
    give(entry, cast.officer, 1000, 2000, 0)
    first = one.criteria[0]
    assert "đang được chấm 10" in refused(
        lambda: actions_criteria.change_criterion(one, first, {**_values(first), "points": 900}), "points"
    )
    db.session.expire(first)
    assert "đã có điểm" in refused(lambda: actions_criteria.drop_criterion(one, first))
    hand_on(entry, by=cast.officer)
    assert refused(lambda: actions_criteria.add_criterion(one, {**_values(first), "code": "9"}))
    assert refused(
        lambda: actions_criteria.change_criterion(one, first, {**_values(first), "points": 1500}), "points"
    )
    db.session.expire(first)
    actions_criteria.change_criterion(one, first, {**_values(first), "text": "Kế hoạch rõ việc, rõ người"})
    assert first.points == 1000


def test_criteria_come_from_a_table_and_twice_adds_nothing(cast: Cast) -> None:
    one = actions.add_round(seeded(), cast.commune, YEAR)
    content = table(HEADER, *ROWS)
    assert counts(bring("criteria", content, by=cast.accountant)) == (2, 2, 0, 0)
    assert counts(bring("criteria", content, by=cast.accountant)) == (2, 0, 0, 2)
    found = db.session.scalars(select(MovementCriterion).order_by(MovementCriterion.position)).all()
    assert [(c.code, c.points, c.bonus, c.due_on, c.needs_evidence) for c in found] == [
        ("1.1", 1000, 0, None, False),
        ("1.2", 1250, 200, date(2026, 11, 30), True),
    ]
    changed = table(HEADER, ROWS[0].replace(",10,", ",15,"), ROWS[1])
    assert counts(bring("criteria", changed, by=cast.accountant)) == (2, 0, 1, 1)
    db.session.refresh(found[0])
    assert found[0].points == 1500
    assert one.id == found[0].round_id


def test_criteria_come_from_excel_with_its_own_numbers_and_days(cast: Cast) -> None:
    actions.add_round(seeded(), cast.commune, YEAR)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, day = book.add_worksheet("Tiêu chí"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, ["VNN-2026", "1.2", "I. Tuyên truyền", "Vượt chỉ tiêu", 12.5, 2])
        sheet.write_datetime(1, 6, date(2026, 11, 30), day)
        sheet.write(1, 7, "có")
    outcome = bring("criteria", out.getvalue(), by=cast.accountant, filename="tieu-chi.xlsx")
    assert counts(outcome) == (1, 1, 0, 0), told(outcome)
    (one,) = db.session.scalars(select(MovementCriterion))
    assert (one.code, one.points, one.bonus, one.due_on) == ("1.2", 1250, 200, date(2026, 11, 30))


def test_a_table_tells_each_wrong_cell(cast: Cast) -> None:
    actions.add_round(seeded(), cast.commune, YEAR)
    rows = (
        "KHAC,1.1,,Một,10,,,",
        "VNN-2026,a b,,Một,10,,,",
        'VNN-2026,1.2,,Một,"1,234",,,',
        "VNN-2026,1.3,,Một,5,9,,",
        "VNN-2026,1.4,,,5,,,",
        "VNN-2026,1.5,,Một,5,,31/12/2030,",
        "VNN-2026,1.6,,Một,5,,,có thể",
    )
    first = told(bring("criteria", table(HEADER, *rows), by=cast.accountant))
    assert {cell.split("“")[1].rstrip("”") for cell in first} == {
        "Mã kỳ",
        "Mã tiêu chí",
        "Điểm chuẩn",
        "Minh chứng",
    }
    second = told(bring("criteria", table(HEADER, *rows[3:6]), by=cast.accountant))
    assert {cell.split("“")[1].rstrip("”") for cell in second} == {"Điểm thưởng", "Tiêu chí", "Hạn"}
    assert db.session.scalar(select(MovementCriterion.id)) is None


def test_a_table_for_another_units_year_is_refused(cast: Cast) -> None:
    actions.add_round(seeded(), cast.province, YEAR)
    outcome = bring("criteria", table(HEADER, ROWS[0]), by=cast.accountant)
    assert "Tỉnh Tân Hòa tổ chức" in next(iter(told(outcome).values()))


def test_registrations_of_units_households_and_people(cast: Cast) -> None:
    one = make_round(cast.province, register_by=date(2026, 3, 31))
    hamlet = make_hamlet(cast)
    household = make_household(unit=hamlet)
    unit = enter(one, cast.commune)
    assert unit.at == "self"
    assert "đã đăng ký" in refused(lambda: enter(one, cast.commune), "unit_id")
    promise = {**PROMISE, "person_name": "Trần Thị Bé", "person_position": "Chi hội trưởng"}
    house = registrations.register_household(one, household, promise, by=cast.officer)
    assert house.unit_id == hamlet.id
    assert house.at is None
    assert refused(lambda: registrations.register_household(one, household, promise, by=None), "household")
    person = registrations.register_person(one, hamlet, promise, by=cast.officer)
    assert refused(lambda: registrations.register_person(one, hamlet, promise, by=None), "person_name")
    late = {**PROMISE, "registered_on": date(2026, 4, 1)}
    assert "quá hạn đăng ký" in refused(
        lambda: registrations.register_unit(one, cast.other_commune, late, by=None), "registered_on"
    )
    blank = {**PROMISE, "commitment": " \n "}
    assert refused(lambda: registrations.register_unit(one, cast.other_commune, blank, by=None), "commitment")
    registrations.withdraw_entry(person, reason="Chuyển nơi khác.")
    again = registrations.register_person(one, hamlet, promise, by=cast.officer)
    assert again.id != person.id
    assert db.session.scalars(select(MovementEntry)).all() == [unit, house, person, again]


def test_kept_not_kept_and_nobody_has_looked_are_three_things(cast: Cast) -> None:
    one = make_round(cast.province)
    entry = registrations.register_household(one, make_household(unit=make_hamlet(cast)), PROMISE, by=None)
    assert entry.achieved is None
    assert refused(
        lambda: registrations.judge_entry(entry, achieved=False, note=" ", by=cast.officer), "note"
    )
    registrations.judge_entry(entry, achieved=False, note="Chưa sửa xong nhà.", by=cast.officer)
    assert (entry.achieved, entry.achieved_by_id) == (False, cast.officer.id)
    registrations.judge_entry(entry, achieved=None, note=None, by=cast.officer)
    assert (entry.achieved, entry.achieved_by_id, entry.achieved_on) == (None, None, None)
    with pytest.raises(Refused, match="phiếu"):
        registrations.judge_entry(enter(one, cast.commune), achieved=True, note=None, by=cast.officer)


def test_without_a_role_there_is_nothing(cast: Cast) -> None:
    one = make_round(cast.province)
    entry = enter(one, cast.commune)
    nobody = make_user(name="Không vai trò")
    for asked in (
        queries.movements_for(nobody),
        queries.rounds_for(nobody),
        queries.entries_for(nobody),
    ):
        assert db.session.scalars(asked).all() == []
    for user in (cast.administrator, cast.outsider):
        assert db.session.scalars(queries.entries_for(user)).all() == []
    assert db.session.scalars(queries.entries_for(cast.auditor)).all() == [entry]
    assert db.session.scalars(queries.rounds_for(cast.outsider)).all() == [one]
    assert db.session.scalars(select(Movement).where(Movement.unit_id.is_(None))).all() == [seeded()]


def test_an_import_of_criteria_is_undone_unless_sheets_speak_of_them(cast: Cast) -> None:
    one = actions.add_round(seeded(), cast.commune, YEAR)
    bring("criteria", table(HEADER, *ROWS), by=cast.accountant)
    run = db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()
    assert run is not None
    entry = enter(one, make_hamlet(cast))
    line = registrations.line_of(entry, one.criteria[0].id)
    assert any("phiếu chấm điểm" in text for text in obstacles(run))
    db.session.delete(line)
    db.session.flush()
    assert obstacles(run) == []
    withdraw(run)
    assert db.session.scalars(select(MovementCriterion)).all() == []
