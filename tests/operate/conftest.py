"""A small set of books to keep: two gifts with receipts, one of them reversed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from portal.config import Config
from portal.donations.models import Donation
from portal.kit.db import db
from portal.ledger.actions import reverse
from portal.operate import verify
from portal.operate.engines import plain_engine
from tests.cast import Cast, make_campaign, make_donation


@dataclass(frozen=True)
class Books:
    """What lies in them; `kept` and `reversed_` are ids of gifts."""

    kept: int
    number: int
    config: Config

    def problem(self) -> str | None:
        """What `portal verify` says."""
        with plain_engine(self.config.database_url) as engine, engine.connect() as connection:
            return verify.first_problem(connection)

    def bypass(self, *statements: str) -> None:
        """Do what the database refuses: without its guards, as somebody with the file could."""
        with plain_engine(self.config.database_url) as engine, engine.begin() as connection:
            guards = _take_guards_away(connection)
            for statement in statements:
                connection.execute(text(statement))
            _put_guards_back(connection, guards)

    def value(self, sql: str) -> Any:
        """One value, read from outside."""
        with plain_engine(self.config.database_url) as engine, engine.connect() as connection:
            return connection.execute(text(sql)).scalar()


@pytest.fixture
def books(db_session: Session, cast: Cast, config: Config) -> Books:
    campaign = make_campaign(unit=cast.commune)
    kept = make_donation(campaign=campaign, by=cast.officer, amount=500_000)
    wrong = make_donation(campaign=campaign, by=cast.officer, amount=90_000, donor_name=None)
    reverse(wrong.posting, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    found = Books(kept.id, kept.posting_number, config)
    assert db_session.get(Donation, kept.id) is not None
    db_session.commit()
    db.engine.dispose()  # restore wants nobody connected
    return found


def _take_guards_away(connection: Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return []
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in found:
        connection.execute(text(f"DROP TRIGGER {name}"))
    return [sql for _, sql in found]


def _put_guards_back(connection: Connection, guards: list[str]) -> None:
    for sql in guards:
        connection.exec_driver_sql(sql)
