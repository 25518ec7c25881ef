"""How a statement meets the books that are there already."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import delete, func, select

from portal.donations.models import Donation
from portal.jobs.steps import step
from portal.kit.audit import AuditEntry
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger.actions import account_for, close_period, post
from portal.ledger.models import Account, Posting, Transfer
from portal.ledger.queries import account_balance
from portal.ledger.rules import Line
from portal.operate.verify import first_problem
from portal.statements import actions, importing, posting, rules
from portal.statements.actions import import_file
from portal.statements.classes import FEE, OUT, UNCLEAR
from portal.statements.models import Statement, StatementLine
from tests.cast import make_account, make_campaign, make_donation
from tests.statements.builders import make_rule
from tests.statements.samples import ACCOUNT, OPENING, write_vcb_csv

FIRST = dt.date(2026, 8, 3)


@pytest.fixture
def account(commune, db_session, monkeypatch):
    """The commune's account; the text index has its own test."""
    monkeypatch.setattr(actions, "follow_books", lambda: 0)
    made = make_account(unit=commune, code="TK1", number=ACCOUNT)
    db_session.commit()
    return made


@pytest.fixture
def campaign(commune, db_session):
    made = make_campaign(unit=commune, code="D1", starts_on=dt.date(2026, 8, 1), ends_on=dt.date(2026, 9, 30))
    db_session.commit()
    return made


@pytest.fixture
def bring(tmp_path, account, campaign):
    """A function that writes a statement and imports it."""

    def write_and_import(**options):
        expected = write_vcb_csv(tmp_path / "saoke.csv", **options)
        db.session.commit()
        return import_file(tmp_path / "saoke.csv", account_code="TK1", campaign_code="D1"), expected

    return write_and_import


def bank_balance(day: dt.date | None = None) -> int:
    return account_balance(db.session.scalars(select(Account.id).where(Account.kind == "bank")).one(), day)


def test_numbers_of_the_day_go_on_where_other_gifts_ended(bring, campaign, accountant, db_session) -> None:
    cash = [make_donation(campaign=campaign, day=FIRST, by=accountant).id for _ in range(3)]
    _, expected = bring(rows=90, days=3)
    ids = db_session.scalars(
        select(Donation.id).where(Donation.donated_on == FIRST).order_by(Donation.id)
    ).all()
    assert ids[:3] == cash and ids == list(range(ids[0], ids[0] + len(ids)))
    after = make_donation(campaign=campaign, day=FIRST, by=accountant)
    assert after.id == ids[-1] + 1
    assert db_session.scalar(select(func.count(Donation.id))) == expected.credit_count + 4


def test_the_line_is_the_transfer_is_the_gift(bring, db_session) -> None:
    outcome, _ = bring(rows=60)
    number = db_session.get_one(Statement, outcome.statement_id).posting_number
    transfers = dict(
        db_session.execute(
            select(Transfer.ordinal, Transfer.amount).where(Transfer.posting_number == number)
        ).all()
    )
    assert list(transfers) == list(range(1, 61))
    for gift in db_session.scalars(select(Donation)):
        assert gift.posting_number == number and transfers[gift.ordinal] == gift.amount


def test_one_audit_entry_for_the_whole_batch(bring, accountant, db_session) -> None:
    outcome, expected = bring(rows=80)
    note = db_session.scalars(select(AuditEntry).where(AuditEntry.action == "import")).one()
    assert note.entity == "statement" and note.entity_id == str(outcome.statement_id)
    assert note.changes["rows"] == 80 and note.changes["gifts_sum"] == expected.credit_sum
    assert len(note.changes["file_sha256"]) == 64 and note.changes["first_day"] == "2026-08-03"
    of_gifts = select(func.count(AuditEntry.id)).where(AuditEntry.entity == "donation")
    assert db_session.scalar(of_gifts) == 0


def test_the_opening_balance_is_posted_once_and_only_into_an_empty_account(
    bring, account, db_session
) -> None:
    bring(rows=40, days=4)
    bring(rows=40, days=4, seed=2, start=dt.date(2026, 8, 10))
    kinds = [posting.kind for posting in db_session.scalars(select(Posting).order_by(Posting.number))]
    assert kinds == ["opening", "statement", "statement"]
    assert bank_balance(FIRST - dt.timedelta(days=1)) == 0 and bank_balance(FIRST) > OPENING


def test_an_account_with_an_opening_of_its_own_gets_no_second_one(bring, account, db_session) -> None:
    owner = {"unit_id": account.unit_id, "fund_id": account.fund_id}
    bank = account_for(**owner, kind="bank", bank_account_id=account.id)
    source = account_for(**owner, kind="opening")
    day = FIRST - dt.timedelta(days=10)
    post(
        "opening",
        unit=account.unit,
        fund=account.fund,
        document_on=day,
        by=None,
        lines=[Line(source, bank, OPENING)],
    )
    outcome, expected = bring(rows=40)
    assert outcome.accepted and not any("Chưa khớp" in note for note in outcome.notes)
    assert bank_balance() == expected.closing


def test_a_unit_that_has_ended_takes_no_statement_after_its_end(bring, commune, db_session) -> None:
    commune.valid_to = dt.date(2026, 8, 5)
    outcome, _ = bring(rows=40)
    assert not outcome.accepted and "đã kết thúc" in outcome.messages[0]["message"]
    assert db_session.scalar(select(Posting)) is None


def test_a_line_of_tomorrow_is_refused(bring, db_session) -> None:
    outcome, _ = bring(rows=10, days=2, start=today_in_vietnam())
    assert not outcome.accepted and "chưa tới" in outcome.messages[0]["message"]
    assert db_session.scalar(select(Posting)) is None


def test_running_totals_handed_over_are_those_of_the_transfers(bring, account, chair, db_session) -> None:
    """The sums are made while the file is read: several classes, days before and after the last closed one."""
    make_rule(account=account, kind=FEE, direction=OUT, words="phi")
    make_rule(account=account, kind=UNCLEAR, least=1_000_000)
    close_period(account.unit, account.fund, FIRST + dt.timedelta(days=2), by=chair)
    outcome, _ = bring(rows=400, days=6)
    assert outcome.accepted and len(outcome.classes) == 3
    assert len(set(db_session.scalars(select(Transfer.booked_on)))) > 2
    assert first_problem(db_session.connection()) is None


def test_lines_that_are_gone_before_they_are_posted_stop_everything(bring, monkeypatch, db_session) -> None:
    judged = importing.outcome_of

    def lose_a_line(*arguments):
        outcome = judged(*arguments)
        with step():
            db.session.execute(delete(StatementLine).where(StatementLine.ordinal == 7))
        return outcome

    monkeypatch.setattr(importing, "outcome_of", lose_a_line)
    outcome, _ = bring(rows=40)
    assert not outcome.accepted and "không còn đủ" in outcome.messages[0]["message"]
    assert db_session.scalar(select(Posting)) is None and db_session.scalar(select(StatementLine)) is None


def test_runs_of_gifts_interrupted_by_known_lines_are_numbered_without_gaps(
    bring, db_session, tmp_path, monkeypatch
) -> None:
    """Every other line is known: the longest list of runs there can be, here in several pieces."""
    monkeypatch.setattr(posting, "PIECE", 7)
    every_other = [
        line
        for number, line in enumerate(_rows(tmp_path, rows=60, days=2, without_totals=True, balance="none"))
        if number < 12 or number % 2
    ]
    half = tmp_path / "half.csv"
    half.write_text("".join(every_other), "utf-8-sig")
    assert import_file(half, account_code="TK1", campaign_code="D1").accepted
    outcome, expected = bring(rows=60, days=2, without_totals=True, balance="none")
    assert outcome.new and outcome.duplicates and outcome.new + outcome.duplicates == 60
    for day in db_session.scalars(select(Donation.donated_on).distinct()).all():
        turns = [
            number % 10**7
            for number in db_session.scalars(select(Donation.id).where(Donation.donated_on == day))
        ]
        assert sorted(turns) == list(range(1, len(turns) + 1))
    assert db_session.scalar(select(func.sum(Donation.amount))) == expected.credit_sum


def _rows(tmp_path, **options) -> list[str]:
    """The records of a sample; a cell may hold a line break."""
    write_vcb_csv(tmp_path / "all.csv", **options)
    records, text = [], ""
    for line in (tmp_path / "all.csv").read_text("utf-8-sig").splitlines(keepends=True):
        text += line
        if text.count('"') % 2 == 0:
            records.append(text)
            text = ""
    return records


def test_sentences_about_the_books_and_the_campaign() -> None:
    assert rules.opening_gap(5, 5, FIRST) is None
    assert "chênh lệch 3 đồng" in (rules.opening_gap(5, 8, FIRST) or "")
    assert rules.outside_campaign(0, 0, FIRST, None) is None
    assert "từ 03/08/2026)" in (rules.outside_campaign(2, 100, FIRST, None) or "")
    assert rules.check_number("0011999000123", "11999000123") is None
    assert rules.check_number(None, "1") is None
    assert "0123" in (rules.check_number("0011999000123", "999") or "")
