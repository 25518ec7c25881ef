"""What a transfer or a gift names is there and stays there: by foreign keys, or by one question a statement."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from flask import Flask
from flask_migrate import check
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.donations.models import Donation
from portal.donors.actions import record_donor
from portal.kit.db import db, is_sqlite, writing
from portal.kit.references import REFERENCES, check_by_statement
from tests.cast import Cast, make_campaign, make_donation

ORPHANS = [
    f"{table}.{column}" for table, columns in REFERENCES.items() for column in columns
]  # fmt: skip


@pytest.fixture
def gift(db_session: Session, cast: Cast) -> Donation:
    """A posted gift of a campaign, with a donor."""
    campaign = make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=None)
    gift = make_donation(campaign=campaign, by=cast.officer, day=date(2024, 3, 1), amount=500_000)
    db_session.commit()
    return gift


def copied(table: str, **changes: object) -> str:
    """INSERT … SELECT of the first row with other values (SQL) in some columns."""
    columns = [column.name for column in db.metadata.tables[table].columns]
    values = ", ".join(str(changes.get(column, column)) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} LIMIT 1"


@pytest.mark.parametrize("place", ORPHANS)
def test_nothing_names_what_is_not_there(db_session: Session, gift: Donation, place: str) -> None:
    table, _, column = place.partition(".")
    new = (
        {"ordinal": "ordinal + 7"}
        if table == "ledger_transfer"
        else {"id": "id + 7", "ordinal": "ordinal + 7"}
    )
    with pytest.raises(IntegrityError):
        db_session.execute(text(copied(table, **new, **{column: "999999"})))
    db_session.rollback()
    db_session.execute(text(copied(table, **new)))  # the same row that names what is there comes in
    db_session.rollback()


def test_a_gift_is_not_moved_to_a_campaign_that_is_not_there(db_session: Session, gift: Donation) -> None:
    with pytest.raises(IntegrityError):
        db_session.execute(text("UPDATE donation SET campaign_id = 999999"))
    db_session.rollback()


@pytest.mark.parametrize("table", ["campaign", "unit", "ledger_account"])
def test_what_is_named_neither_goes_nor_changes_its_key(
    db_session: Session, gift: Donation, cast: Cast, table: str
) -> None:
    row = {"campaign": gift.campaign_id, "unit": gift.unit_id}.get(table) or db_session.scalar(
        text("SELECT min(credit_id) FROM ledger_transfer")
    )
    for change in (
        f"DELETE FROM {table} WHERE id = {row}",
        f"UPDATE {table} SET id = 999999 WHERE id = {row}",
    ):
        with pytest.raises(IntegrityError):
            db_session.execute(text(change))
        db_session.rollback()


def test_a_donor_goes_only_before_any_gift(db_session: Session, gift: Donation, cast: Cast) -> None:
    donor = record_donor(unit=cast.commune, kind="person", name="Nguyễn Văn Tư", by=cast.officer)
    db_session.commit()
    db_session.execute(text(f"UPDATE donation SET donor_id = {donor.id}"))
    with pytest.raises(IntegrityError):
        db_session.execute(text(f"DELETE FROM donor WHERE id = {donor.id}"))
    db_session.rollback()


def test_a_campaign_cannot_go_while_a_gift_of_it_is_being_written(
    app: Flask, db_session: Session, gift: Donation, cast: Cast
) -> None:
    """The writer's transaction holds the campaign: whoever deletes it waits, and is then refused."""
    if is_sqlite():
        pytest.skip("one writer at a time")
    other = make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=None, code="DOT-2")
    db_session.commit()
    number, told = other.id, []
    db_session.rollback()

    def delete() -> None:
        with app.app_context(), writing():
            try:
                db.session.execute(text("DELETE FROM campaign WHERE id = :id"), {"id": number})
                db.session.commit()
                told.append("gone")
            except IntegrityError:
                told.append("refused")

    with writing():
        db.session.execute(text(copied("donation", id="id + 9", ordinal="ordinal + 9", campaign_id=number)))
        thread = threading.Thread(target=delete)
        thread.start()
        thread.join(0.3)
        assert told == []
        db.session.commit()
    thread.join(20)
    assert told == ["refused"]


def test_the_migrations_and_the_models_agree(app: Flask) -> None:
    with app.app_context():
        check()


def test_the_triggers_have_the_keys_of_the_models() -> None:
    for table, columns in REFERENCES.items():
        found = {
            key.parent.name: (key.column.table.name, key.column.name)
            for key in db.metadata.tables[table].foreign_keys
        }
        assert found == columns
    spoken: list[str] = []
    check_by_statement(spoken.append)
    assert sum(statement.startswith("ALTER TABLE") for statement in spoken) == 8
