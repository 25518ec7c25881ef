"""The audit: every change of an audited row leaves an entry in the same transaction; personal values can go."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.kit import audit
from portal.kit.audit import AuditEntry, AuditValue, acting, salted_hash
from portal.people.models import User
from portal.units.models import Unit
from tests.cast import make_unit, make_user


def entries(session: Session, entity: str = "user") -> list[AuditEntry]:
    session.flush()
    return list(
        session.scalars(select(AuditEntry).where(AuditEntry.entity == entity).order_by(AuditEntry.id))
    )


def test_insert_update_delete_each_leave_one_entry(db_session) -> None:
    with acting(None, "Người thử"):
        unit = make_unit(code="AL", name="Xã An Lạc")
        unit.name = "Phường An Lạc"
        db_session.flush()
        db_session.delete(unit)
        db_session.flush()
    made, changed, gone = entries(db_session, "unit")
    assert [one.action for one in (made, changed, gone)] == ["insert", "update", "delete"]
    assert {one.by_name for one in (made, changed, gone)} == {"Người thử"}
    assert {one.entity_id for one in (made, changed, gone)} == {str(unit.id)}
    assert made.changes["name"] == [None, "Xã An Lạc"] and made.changes["valid_from"][1] == "0001-01-01"
    assert changed.changes == {"name": ["Xã An Lạc", "Phường An Lạc"]}
    assert gone.changes["name"] == ["Phường An Lạc", None]


def test_a_rollback_takes_the_entry_along(db_session) -> None:
    make_unit()
    db_session.rollback()
    assert entries(db_session, "unit") == []


def test_saving_the_same_value_again_is_no_change(db_session) -> None:
    unit = make_unit(name="Xã An Lạc")
    db_session.commit()
    unit.name = "Xã An Lạc"
    assert len(entries(db_session, "unit")) == 1


def test_the_old_value_is_known_also_when_it_was_never_read(db_session) -> None:
    unit = make_unit(name="Xã An Lạc")
    db_session.commit()
    unit.name = "Xã Khác"
    assert entries(db_session, "unit")[-1].changes == {"name": ["Xã An Lạc", "Xã Khác"]}


def test_two_flushes_leave_two_entries(db_session) -> None:
    unit = make_unit(name="Xã A")
    for name in ("Xã B", "Xã C"):
        unit.name = name
        db_session.flush()
    names = [one.changes["name"] for one in entries(db_session, "unit")]
    assert names == [[None, "Xã A"], ["Xã A", "Xã B"], ["Xã B", "Xã C"]]


def test_personal_values_lie_apart_and_their_hashes_hold(db_session) -> None:
    user = make_user(name="Trần Thị Ghi", email="ghi@vidu.vn")
    user.name = "Trần Thị Sổ"
    made, changed = entries(db_session)
    assert "Trần" not in str(made.changes) and "vidu" not in str(made.changes)
    value = db_session.scalars(select(AuditValue).where(AuditValue.entry_id == changed.id)).one()
    assert (value.field, value.old, value.new) == ("name", "Trần Thị Ghi", "Trần Thị Sổ")
    hashes = [salted_hash(value.salt, value.old), salted_hash(value.salt, value.new)]
    assert changed.changes == {"name": hashes}


def test_erasing_personal_values_leaves_the_entries(db_session) -> None:
    make_user(name="Trần Thị Ghi")
    before = [(one.id, one.changes) for one in entries(db_session)]
    db_session.execute(delete(AuditValue))
    db_session.commit()
    assert [(one.id, one.changes) for one in entries(db_session)] == before


def test_hidden_fields_leave_no_value_anywhere(db_session) -> None:
    make_user(password="cau ho song giang")
    kept = str([one.changes for one in entries(db_session)])
    assert "argon2" not in kept and '"đã đổi"' not in kept and "đã đổi" in kept
    assert not db_session.scalars(select(AuditValue).where(AuditValue.field == "password_hash")).all()


def test_a_batch_is_noted_by_hand(db_session) -> None:
    unit = make_unit()
    audit.note("import", "donation", unit_id=unit.id, file="ab12", rows=10_000, total=5_000_000_000)
    (entry,) = entries(db_session, "donation")
    assert (entry.action, entry.unit_id) == ("import", unit.id)
    assert entry.changes == {"file": "ab12", "rows": 10_000, "total": 5_000_000_000}


def test_the_actor_comes_back_after_a_block(db_session) -> None:
    before = audit.actor()
    with pytest.raises(ValueError), acting(7, "Ai đó"):
        assert audit.actor() == (7, "Ai đó")
        raise ValueError
    assert audit.actor() == before


def test_tables_that_are_not_audited_stay_quiet(db_session) -> None:
    from portal.kit.numbers import next_entry

    next_entry("units", None, "dòng lệnh")
    assert entries(db_session, "entry") == []


def test_audited_rows_name_their_personal_fields(db_session) -> None:
    for model in (User, Unit):
        columns = set(model.__table__.columns.keys())
        assert model.audit_personal <= columns and model.audit_hidden <= columns
