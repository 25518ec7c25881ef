"""The database itself refuses to change, delete, replace or truncate what is posted, on both engines."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.donations.models import ForeignAmount, Reclassification, TakenBack
from portal.emulation.models_scoring import Ranking, RankRow
from portal.goods.models import Item, StockMovement, Store
from portal.households.models_private import HouseholdAccess
from portal.kit.db import is_sqlite
from portal.kit.protect import PROTECTED, REFUSAL
from portal.receipts.models import Receipt
from portal.statements.models import Statement, StatementLine
from portal.statements.models_settling import LineSettlement
from tests.cast import make_account, make_campaign, make_donation
from tests.emulation.builders import make_award, make_nomination
from tests.emulation.movements import enter, make_round
from tests.households.builders import make_household

STATEMENTS = (
    "UPDATE ledger_transfer SET amount = amount + 1",
    "UPDATE ledger_transfer SET debit_id = credit_id",
    "UPDATE ledger_posting SET document_on = '2024-01-01'",
    "UPDATE ledger_posting SET reason = 'khác'",
    "UPDATE entry SET by_name = 'Người khác'",
    "UPDATE donation SET amount = 1",
    "UPDATE donation SET donated_on = '2024-01-01'",
    "UPDATE donation SET posting_number = posting_number + 1",
    "UPDATE audit_entry SET by_name = 'Người khác'",
    "DELETE FROM ledger_transfer",
    "DELETE FROM ledger_posting",
    "DELETE FROM entry",
    "DELETE FROM donation",
    "DELETE FROM audit_entry",
)
REPLACEMENTS = (
    "INSERT OR REPLACE INTO ledger_transfer "
    "SELECT posting_number, ordinal, credit_id, debit_id, booked_on, 1 FROM ledger_transfer",
    "REPLACE INTO entry SELECT number, what, by_id, 'Người khác', recorded_at FROM entry",
)


@pytest.fixture
def gift(db_session, cast):
    """One posted gift."""
    campaign = make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=None)
    gift = make_donation(campaign=campaign, by=cast.officer, day=date(2024, 3, 1), amount=500_000)
    db_session.commit()
    return gift


def refused(session, statement: str) -> None:
    with pytest.raises(DBAPIError) as error:
        session.execute(text(statement))
    assert REFUSAL in str(error.value.orig)
    session.rollback()


@pytest.mark.parametrize("statement", STATEMENTS)
def test_posted_rows_stay(db_session, gift, statement: str) -> None:
    refused(db_session, statement)
    assert db_session.scalar(text("SELECT sum(amount) FROM ledger_transfer")) == 500_000
    assert db_session.scalar(text("SELECT count(*) FROM donation")) == 1


@pytest.mark.parametrize("statement", REPLACEMENTS)
def test_replace_is_not_a_way_around(db_session, gift, statement: str, engine: str) -> None:
    if engine != "sqlite":
        statement = statement.replace("INSERT OR REPLACE", "INSERT").replace("REPLACE", "INSERT")
        key = "number" if " entry " in statement else "posting_number, ordinal"
        changed = "by_name = excluded.by_name" if " entry " in statement else "amount = excluded.amount"
        statement += f" ON CONFLICT ({key}) DO UPDATE SET {changed}"
    refused(db_session, statement)
    assert db_session.scalar(text("SELECT sum(amount) FROM ledger_transfer")) == 500_000


@pytest.fixture
def every_table(db_session, cast, gift) -> None:
    """A row in each protected table that the gift alone does not fill."""
    posting, unit, fund = gift.posting_number, gift.unit_id, gift.posting.fund_id
    item = Item(code="GAO", name="Gạo", folded="gao", measure="kg")
    store = Store(code="KHO", name="Kho", unit_id=unit, fund_id=fund)
    db_session.add_all([item, store])
    db_session.flush()
    goods = {"store_id": store.id, "item_id": item.id, "booked_on": gift.donated_on, "quantity": 1_000}
    rate = {"currency": "USD", "minor": 100, "rate": 253_000_000, "rate_source": "NHNN"}
    number = {"unit_id": unit, "fund_id": fund, "series": "BL", "series_year": 2026, "series_no": 1}
    db_session.add_all(
        [
            StockMovement(posting_number=posting, ordinal=1, **goods),
            ForeignAmount(donation_id=gift.id, rate_on=gift.donated_on, **rate),
            Reclassification(posting_number=posting, ordinal=1, donation_id=gift.id),
            Receipt(donation_id=gift.id, issued_on=gift.donated_on, **number),
            TakenBack(donation_id=gift.id, posting_number=posting),
        ]
    )
    account = make_account(unit=gift.unit, code="TK1")
    statement = Statement(bank_account_id=account.id, file_name="tep.csv", file_sha256="0" * 64)
    db_session.add(statement)
    db_session.flush()
    line = {"statement_id": statement.id, "day": gift.donated_on, "text": "ung ho"}
    db_session.add(StatementLine(ordinal=1, bank_account_id=account.id, **line))
    db_session.flush()
    household = make_household(unit=gift.unit)
    seen = {"household_id": household.id, "unit_id": unit, "what": "page", "purpose": "lập hồ sơ"}
    db_session.add(HouseholdAccess(**seen, by_id=cast.officer.id, by_name="Ghi"))
    entry = enter(make_round(gift.unit), gift.unit)
    ranking = Ranking(
        round_id=entry.round_id, published_on=gift.donated_on, by_name="Ghi", most=1, since=posting
    )
    db_session.add(ranking)
    db_session.flush()
    rank = {"ranking_id": ranking.id, "entry_id": entry.id, "unit_id": unit, "unit_name": gift.unit.name}
    db_session.add(RankRow(**rank, points=1, bonus=0, place=1))
    place = {"line_posting": posting, "line_ordinal": 1, "statement_id": statement.id, "statement_ordinal": 1}
    db_session.add(LineSettlement(posting_number=posting, ordinal=1, kind="own", **place))
    make_award(cast=cast, nominations=[make_nomination(cast=cast)])
    db_session.commit()


@pytest.mark.parametrize("table", sorted(PROTECTED))
def test_truncate_is_refused(db_session, every_table, table: str) -> None:
    if is_sqlite():  # SQLite has no TRUNCATE; its bare DELETE does not go around the trigger either
        refused(db_session, f"DELETE FROM {table}")
    else:
        refused(db_session, f"TRUNCATE {table} CASCADE")


def test_what_is_shown_of_a_gift_may_change(db_session, gift) -> None:
    gift.shown_as = "initials"
    gift.note = "Người ủng hộ gọi lại"
    db_session.commit()
    assert db_session.scalar(text("SELECT shown_as FROM donation")) == "initials"
