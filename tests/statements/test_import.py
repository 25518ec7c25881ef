"""A statement from file to books: what it adds, what it refuses, and that nothing half done ever stays."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.donations.models import Donation
from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.models import Job
from portal.kit.db import db
from portal.ledger.models import Account, DayTotal, MonthTotal, Posting, Transfer
from portal.ledger.queries import account_balance
from portal.statements import actions, importing, staging
from portal.statements.actions import import_file
from portal.statements.models import Statement, StatementLine
from tests.cast import make_account, make_campaign
from tests.statements.samples import ACCOUNT, OPENING, Expected, write_vcb_csv, write_vcb_xlsx

AUGUST = {"starts_on": dt.date(2026, 8, 1), "ends_on": dt.date(2026, 9, 30)}


@pytest.fixture(autouse=True)
def without_index(request, monkeypatch):
    """The text index follows in its own test; it empties the session that the other tests look at."""
    if "index" not in request.node.name:
        monkeypatch.setattr(actions, "follow_books", lambda: 0)


@pytest.fixture
def account(commune):
    return make_account(unit=commune, code="TK1", number=ACCOUNT)


@pytest.fixture
def campaign(commune):
    return make_campaign(unit=commune, code="D1", **AUGUST)


@pytest.fixture
def sample(tmp_path, account, campaign, db_session):
    """A function that writes a statement; account and campaign exist."""
    db_session.commit()

    def write(name: str = "saoke.csv", **options) -> tuple[Path, Expected]:
        path = tmp_path / name
        return path, write_vcb_csv(path, **options)

    return write


def bring(path: Path, **options):
    return import_file(path, **{"account_code": "TK1", "campaign_code": "D1", **options})


def count(what) -> int:
    return db.session.scalar(select(func.count()).select_from(what)) or 0


def balance(kind: str) -> int:
    return sum(
        account_balance(key) for key in db.session.scalars(select(Account.id).where(Account.kind == kind))
    )


def assert_nothing_written() -> None:
    assert [count(table) for table in (Posting, Transfer, Donation, StatementLine, DayTotal)] == [0] * 5


def test_every_line_posts_and_the_books_have_the_banks_balance(sample, db_session: Session, commune) -> None:
    path, expected = sample(rows=600)
    outcome = bring(path)
    assert outcome.accepted and outcome.complete is True and outcome.errors == 0
    assert (outcome.rows, outcome.new, outcome.duplicates) == (600, 600, 0)
    assert (outcome.credit_count, outcome.credit_sum) == (expected.credit_count, expected.credit_sum)
    assert (outcome.debit_count, outcome.debit_sum) == (expected.debit_count, expected.debit_sum)
    assert (outcome.opening, outcome.closing, outcome.sum) == (OPENING, expected.closing, expected.credit_sum)
    assert balance("bank") == expected.closing
    assert balance("transit") == expected.debit_sum
    assert -balance("received") == expected.credit_sum and -balance("opening") == OPENING
    assert [posting.kind for posting in db_session.scalars(select(Posting).order_by(Posting.number))] == [
        "opening",
        "statement",
    ]


def test_gifts_carry_the_banks_words_and_numbers_without_gaps(
    sample, db_session: Session, commune, campaign
) -> None:
    path, expected = sample(rows=600, days=5)
    bring(path)
    gifts = db_session.scalars(select(Donation).order_by(Donation.id)).all()
    assert len(gifts) == expected.credit_count and sum(gift.amount for gift in gifts) == expected.credit_sum
    for day in {gift.donated_on for gift in gifts}:
        turns = [gift.id % 10**7 for gift in gifts if gift.donated_on == day]
        assert turns == list(range(1, len(turns) + 1))
        assert {gift.id // 10**7 for gift in gifts if gift.donated_on == day} == {int(f"{day:%Y%m%d}")}
    for gift in gifts:
        assert (gift.form, gift.unit_id, gift.campaign_id, gift.donor_name) == (
            "bank",
            commune.id,
            campaign.id,
            None,
        )
    pairs = (
        select(func.count())
        .select_from(Donation)
        .join(
            StatementLine,
            (StatementLine.ordinal == Donation.ordinal)
            & (StatementLine.text == Donation.text)
            & (StatementLine.day == Donation.donated_on)
            & (StatementLine.credit == Donation.amount),
        )
    )
    assert db_session.scalar(pairs) == expected.credit_count


def test_totals_are_the_sums_of_the_transfers(sample, db_session: Session) -> None:
    bring(sample(rows=400)[0])
    for kept, day in ((DayTotal, DayTotal.day), (MonthTotal, MonthTotal.month)):
        assert db_session.scalar(select(func.sum(kept.debit))) == db_session.scalar(
            select(func.sum(Transfer.amount))
        )
        assert db_session.scalar(select(func.sum(kept.credit))) == db_session.scalar(
            select(func.sum(Transfer.amount))
        )
        assert count(kept) > 2 and db_session.scalar(select(func.min(day))) is not None


def test_the_same_file_twice_adds_nothing(sample, db_session: Session) -> None:
    path, expected = sample(rows=300)
    bring(path)
    before = [count(table) for table in (Posting, Transfer, Donation, StatementLine)]
    again = bring(path)
    assert again.accepted and (again.new, again.duplicates, again.errors) == (0, 300, 0)
    assert len(again.repeated) == staging.SHOWN_REPEATS and again.repeated[0]["cell"].startswith("dòng ")
    assert [count(table) for table in (Posting, Transfer, Donation, StatementLine)] == before
    assert balance("bank") == expected.closing


def test_an_overlapping_statement_in_another_layout_adds_only_its_new_rows(
    sample, db_session: Session
) -> None:
    first, _ = sample("a.csv", rows=200, days=10)
    everything, expected = sample("b.csv", rows=200, days=10, mark=",", decimals=".00", balance="row")
    lines = first.read_text("utf-8-sig").splitlines(keepends=True)
    half = first.with_name("half.csv")
    half.write_text("".join(line for line in _first_days(lines, 6)), "utf-8-sig")
    begun = bring(half)
    assert begun.accepted and begun.complete is None and begun.new < 200
    outcome = bring(everything)
    assert (outcome.new, outcome.duplicates) == (200 - begun.new, begun.new)
    assert balance("bank") == expected.closing and count(Donation) == expected.credit_count
    assert not any("Chưa khớp với sổ" in note for note in outcome.notes)


def _first_days(lines: list[str], days: int) -> list[str]:
    """The rows above the list and those of the first days, without the totals below."""
    last = f"{dt.date(2026, 8, 3) + dt.timedelta(days=days):%d/%m/%Y}"
    cut = next(index for index, line in enumerate(lines) if f'"{last}' in line)
    return lines[:cut]


def test_without_a_campaign_credits_wait_in_suspense(sample, db_session: Session) -> None:
    path, expected = sample(rows=100)
    outcome = bring(path, campaign_code=None)
    assert outcome.accepted and count(Donation) == 0
    assert -balance("suspense") == expected.credit_sum and balance("bank") == expected.closing


def test_an_xlsx_is_read_as_a_csv_is(sample, tmp_path, db_session: Session) -> None:
    sample(rows=1)
    path = tmp_path / "saoke.xlsx"
    expected = write_vcb_xlsx(path, rows=250)
    assert bring(path).accepted and balance("bank") == expected.closing


def test_a_broken_statement_is_refused_with_its_first_wrong_row(sample, db_session: Session) -> None:
    path, _ = sample(rows=300, break_at=120, balance="row")
    outcome = bring(path)
    assert not outcome.accepted and outcome.complete is False and outcome.new == 0
    assert "dòng " in outcome.messages[0]["cell"] and "chênh lệch" in outcome.messages[0]["message"]
    assert_nothing_written()
    statement = db_session.scalars(select(Statement)).one()
    assert (statement.state, statement.completeness, statement.posting_number) == ("failed", "broken", None)
    assert statement.job.state == "failed" and "chênh lệch" in statement.job.message
    good, _ = sample("good.csv", rows=300)
    assert bring(good).new == 300  # the undone lines have left the key space


def test_a_glued_amount_is_an_error_with_its_address(sample, db_session: Session) -> None:
    path, _ = sample(rows=50, glued_at=20)
    outcome = bring(path)
    assert not outcome.accepted and not outcome.can_override
    assert "cột" in outcome.messages[0]["cell"]
    assert_nothing_written()


def test_a_statement_that_prints_nothing_to_tie_to_is_taken_and_says_so(sample, db_session: Session) -> None:
    path, expected = sample(rows=80, without_totals=True, without_opening=True, balance="none")
    outcome = bring(path)
    assert outcome.accepted and outcome.complete is None and outcome.opening is None
    statement = db_session.scalars(select(Statement)).one()
    assert statement.completeness == "not_provable" and any("không" in reason for reason in statement.reasons)
    assert balance("bank") == expected.credit_sum - expected.debit_sum


def test_a_line_of_unknown_amount_stays_visible_and_moves_nothing(sample, db_session: Session) -> None:
    blank = 7 + 211  # an outgoing line of the sample
    path, expected = sample(rows=300, blank_at=blank, without_totals=True, balance="none")
    outcome = bring(path)
    assert outcome.accepted and outcome.unknown_count == 1
    line = db_session.get_one(StatementLine, (outcome.statement_id, blank))
    assert line.credit is None and line.debit is None
    assert db_session.scalar(select(Transfer).where(Transfer.ordinal == blank)) is None


def test_a_later_statement_that_does_not_meet_the_books_says_so(sample, db_session: Session) -> None:
    bring(sample("a.csv", rows=100, days=10)[0])
    later, _ = sample("b.csv", rows=100, seed=9, start=dt.date(2026, 9, 10), days=5)
    outcome = bring(later)
    assert outcome.accepted and any("Chưa khớp với sổ" in note for note in outcome.notes)


def test_gifts_after_the_campaigns_end_are_flagged_not_dropped(sample, db_session: Session, campaign) -> None:
    campaign.ends_on = dt.date(2026, 8, 10)
    db_session.commit()
    path, expected = sample(rows=300)
    outcome = bring(path)
    assert outcome.accepted and count(Donation) == expected.credit_count
    assert any("ngoài thời gian của đợt" in note for note in outcome.notes)


def test_lines_of_a_closed_period_are_booked_on_the_first_open_day(
    sample, db_session: Session, account, chair
) -> None:
    from portal.ledger.actions import close_period

    close_period(account.unit, account.fund, dt.date(2026, 8, 15), by=chair)
    db_session.commit()
    path, expected = sample(rows=300)
    assert bring(path).accepted
    booked = db_session.scalars(select(Transfer.booked_on).distinct()).all()
    assert min(booked) == dt.date(2026, 8, 16) and balance("bank") == expected.closing


def test_a_dry_run_writes_nothing_at_all(sample, db_session: Session) -> None:
    path, expected = sample(rows=120)
    heard: list[int] = []
    outcome = bring(path, dry_run=True, progress=lambda done, total: heard.append(done))
    assert outcome.accepted and outcome.new == 120 and outcome.credit_sum == expected.credit_sum
    assert heard == [120] and outcome.statement_id is None
    assert_nothing_written()
    assert count(Job) == count(Statement) == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"account_code": "KHONG"}, "Chưa có tài khoản mang mã “KHONG”"),
        ({"account_code": None}, "Chưa có mã tài khoản"),
        ({"campaign_code": "KHONG"}, "Chưa có đợt vận động mang mã “KHONG”"),
    ],
)
def test_unknown_codes_are_refused(sample, db_session: Session, options, sentence) -> None:
    outcome = bring(sample(rows=5)[0], **options)
    assert not outcome.accepted and sentence in outcome.messages[0]["message"]
    assert_nothing_written()


def test_a_campaign_of_another_fund_or_a_unit_far_away_is_refused(sample, db_session: Session, cast) -> None:
    from portal.ledger.queries import fund_by

    make_campaign(unit=cast.commune, code="D2", fund=fund_by("CUUTRO"))
    make_campaign(unit=cast.other_commune, code="D3")
    make_campaign(unit=cast.province, code="D4", **AUGUST)
    db_session.commit()
    path, _ = sample(rows=5)
    assert "quỹ khác" in bring(path, campaign_code="D2").messages[0]["message"]
    assert "không cùng tuyến" in bring(path, campaign_code="D3").messages[0]["message"]
    assert bring(path, campaign_code="D4").accepted


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("anh.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100),
        ("trang.xls", b"<!DOCTYPE html><html><table></table></html>"),
        ("trong.csv", b""),
        ("khac.csv", "Mã,Tên\n1,An\n".encode()),
    ],
)
def test_what_is_no_statement_is_refused_in_words(
    sample, tmp_path, db_session: Session, name, content
) -> None:
    sample(rows=1)
    path = tmp_path / name
    path.write_bytes(content)
    outcome = bring(path)
    assert not outcome.accepted and outcome.messages[0]["message"].endswith(".")
    assert_nothing_written()
    assert db_session.scalars(select(Job)).one().state == "failed"


def test_one_staging_per_account_at_a_time(sample, db_session: Session, account) -> None:
    gone = {"path": "/khong/con.csv"}
    job = jobs.open_job(actions.IMPORT, "Nạp sao kê khác", unit_id=account.unit_id, by=None, params=gone)
    jobs.begin(job)
    other = Statement(bank_account_id=account.id, job_id=job.id, file_name="x.csv", file_sha256="0" * 64)
    db_session.add(other)
    db_session.commit()
    outcome = bring(sample(rows=5)[0])
    assert not outcome.accepted and "đang có một sao kê khác" in outcome.messages[0]["message"]
    job.params = {**job.params, "worker": "elsewhere 1 1"}
    job.alive_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    db_session.commit()
    assert bring(sample(rows=5)[0]).accepted  # a dead one is buried first
    db_session.expire_all()
    assert other.state == "failed" and job.state == "failed"


def test_cancelling_removes_what_was_staged(sample, db_session: Session, monkeypatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 40)

    def cancel(done: int, _total: int | None) -> None:
        if done == 80:
            job = db_session.scalars(select(Job)).one()
            jobs.request_cancel(job)

    outcome = bring(sample(rows=200)[0], progress=cancel)
    assert not outcome.accepted and "Đã dừng" in outcome.messages[0]["message"]
    assert_nothing_written()
    assert db_session.scalars(select(Statement.state)).one() == "cancelled"
    assert db_session.scalars(select(Job.state)).one() == "cancelled"


def test_an_unforeseen_error_leaves_nothing_behind(sample, db_session: Session, monkeypatch, caplog) -> None:
    def burst(*_args, **_options) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(importing, "post_statement", burst)
    outcome = bring(sample(rows=50)[0])
    assert outcome.messages[0]["message"] == worker.UNEXPECTED and "ZeroDivisionError" in caplog.text
    assert_nothing_written()


def test_the_text_index_follows(sample, db_session: Session) -> None:
    from portal.donations.search import matches

    path, expected = sample(rows=50)
    assert bring(path).accepted
    found = db_session.scalars(select(Donation.id).where(matches("ung ho"))).all()
    assert 10 < len(found) <= expected.credit_count


def test_ten_thousand_lines_end_to_end(sample, db_session: Session) -> None:
    path, expected = sample(rows=10_000)
    outcome = bring(path)
    assert outcome.accepted and outcome.new == 10_000 and balance("bank") == expected.closing
    assert db_session.scalars(select(Statement.state)).one() == "posted"
    assert count(Donation) == expected.credit_count
    assert bring(path).duplicates == 10_000
