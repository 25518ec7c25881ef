"""Units come in any order, follow each other in time, and never stand above themselves."""

from datetime import date

from sqlalchemy import select

from portal.kit.audit import AuditEntry
from portal.kit.days import EARLIEST
from portal.units.models import Unit, UnitSuccession
from portal.units.queries import unit_at
from tests.cast import make_unit, make_user
from tests.imports.helpers import bring, counts, table, told

HEADER = "Mã đơn vị,Tên đơn vị,Cấp,Mã đơn vị cấp trên,Hiệu lực từ,Hiệu lực đến,Thay thế cho"
MERGER = table(
    HEADER,
    "C,Xã Mới,xã,P,01/07/2025,,A; B",
    "A,Xã Cũ Một,xã,P,,30/06/2025,",
    "B,Xã Cũ Hai,xã,P,,30/06/2025,",
    "P,Tỉnh Tân Hòa,tỉnh,,,,",
)


def test_any_order_with_successions(db_session):
    assert counts(bring("units", MERGER)) == (4, 4, 0, 0)
    new = unit_at("C", date(2026, 1, 1))
    assert new.parent.code == "P"
    assert unit_at("A", date(2026, 1, 1)).valid_to == date(2025, 6, 30)
    pairs = db_session.execute(select(UnitSuccession.successor_id, UnitSuccession.on)).all()
    assert pairs == [(new.id, date(2025, 7, 1))] * 2


def test_twice_adds_nothing_and_leaves_one_note(db_session):
    bring("units", MERGER)
    assert counts(bring("units", MERGER)) == (4, 0, 0, 4)
    notes = db_session.scalars(select(AuditEntry).where(AuditEntry.action == "import")).all()
    assert [(note.entity, note.changes["new"]) for note in notes] == [("units", 4)]
    assert len(notes[0].changes["sha256"]) == 64


def test_blank_days_mean_always(db_session):
    bring("units", table(HEADER, "Q,Quận Một,quận,,,,"))
    unit = db_session.scalar(select(Unit).where(Unit.code == "Q"))
    assert (unit.valid_from, unit.valid_to) == (EARLIEST, None)


def test_absent_column_leaves_the_field_alone_and_blank_cell_takes_it_away(db_session):
    make_unit(code="Q", name="Quận Một", level="quận", valid_to=date(2025, 6, 30))
    assert counts(bring("units", table("Mã đơn vị,Tên đơn vị", "Q,Quận Một (cũ)"))) == (1, 0, 1, 0)
    unit = unit_at("Q", date(2025, 1, 1))
    assert (unit.name, unit.level, unit.valid_to) == ("Quận Một (cũ)", "quận", date(2025, 6, 30))
    bring("units", table("Mã đơn vị,Hiệu lực đến", "Q,"))
    assert unit_at("Q", date(2025, 1, 1)).valid_to is None


def test_code_used_again_for_another_area(db_session):
    outcome = bring(
        "units",
        table(HEADER, "X,Xã Trước,xã,,,30/06/2025,", "X,Xã Sau,xã,,01/07/2025,,X"),
    )
    assert counts(outcome) == (2, 2, 0, 0)
    assert unit_at("X", date(2025, 6, 30)).name == "Xã Trước"
    assert unit_at("X", date(2025, 7, 1)).name == "Xã Sau"
    assert db_session.scalar(select(UnitSuccession.on)) == date(2025, 7, 1)


def test_faults_have_their_cells_and_nothing_is_written(db_session):
    outcome = bring(
        "units",
        table(
            HEADER,
            "A,Xã A,xã,B,,,",
            "B,Xã B,xã,A,,,",
            "C,Xã C,xã,KHONGCO,,,",
            "D,Xã D,xã,,01/07/2025,01/01/2020,",
            "E,,xã,,,,",
            "F,Xã F,xã,,,,A",
            "G,Xã G,xã,,,,",
            "G,Xã G khác,xã,,01/07/2025,,",
            "H,Xã H,xã,H,,,",
        ),
    )
    assert set(told(outcome)) == {
        "dòng 2, cột “Mã đơn vị cấp trên”",
        "dòng 3, cột “Mã đơn vị cấp trên”",
        "dòng 4, cột “Mã đơn vị cấp trên”",
        "dòng 5, cột “Hiệu lực đến”",
        "dòng 6, cột “Tên đơn vị”",
        "dòng 7, cột “Hiệu lực từ”",
        "dòng 9, cột “Hiệu lực từ”",
        "dòng 10, cột “Mã đơn vị cấp trên”",
    }
    assert db_session.scalars(select(Unit)).all() == []


def test_dry_run_writes_nothing(db_session):
    outcome = bring("units", MERGER, dry_run=True)
    assert counts(outcome) == (4, 4, 0, 0)
    assert db_session.scalars(select(Unit)).all() == []


def test_administrator_of_a_commune_lists_below_it_only(cast, db_session):
    admin = make_user(role="administrator", unit=cast.commune, email="qtx@vidu.vn")
    own = table(HEADER, "TPH1,Khu phố 1,khu phố,TPH,,,", "TPH2,Khu phố 2,khu phố,TPH1,,,")
    assert bring("units", own, by=admin).accepted
    foreign = table(HEADER, "AL,Xã An Lạc mới,xã,TH,,,", "MOI,Tỉnh khác,tỉnh,,,,")
    assert set(told(bring("units", foreign, by=admin))) == {
        "dòng 2, cột “Mã đơn vị”",
        "dòng 3, cột “Mã đơn vị”",
    }
