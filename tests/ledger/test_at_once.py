"""Many people at once, on both engines: no gap in the numbers, one answer to a request."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.donations.models import Donation
from portal.kit.db import db, writing
from portal.kit.errors import Busy, Refused
from portal.ledger import actions
from portal.ledger.models import DayTotal, Fund, Posting, ReversalRequest
from portal.people.models import User
from portal.units.models import Unit
from tests.cast import make_campaign, make_donation, make_fund

DAY = date(2024, 3, 1)
THREADS, EACH = 8, 6


def in_threads(app: Flask, count: int, work: Any) -> list[Any]:
    """`work(n)` in so many threads at once, each in an application context of its own, begun together."""
    start = threading.Barrier(count, timeout=20)

    def run(number: int) -> Any:
        with app.app_context():
            start.wait()
            return work(number)

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(Context().run, run, n) for n in range(count)]]


def test_eight_threads_leave_no_gap(app: Flask, db_session, cast) -> None:
    unit_id, fund_id, by_id = cast.commune.id, make_fund().id, cast.officer.id
    db_session.commit()

    def record(_thread: int) -> int:
        done = 0
        while done < EACH:
            try:
                with writing():
                    _record(unit_id, fund_id, by_id)
                done += 1
            except Busy:  # too many wait: a person presses again
                continue
        return done

    assert in_threads(app, THREADS, record) == [EACH] * THREADS
    total = THREADS * EACH
    postings = db_session.scalars(select(Posting).order_by(Posting.number)).all()
    first = postings[0].number
    assert [found.number for found in postings] == list(range(first, first + total))
    assert [found.series_no for found in postings] == list(range(1, total + 1))
    start = DAY.year * 10_000 + DAY.month * 100 + DAY.day
    ids = db_session.scalars(select(Donation.id).order_by(Donation.id)).all()
    assert ids == [start * 10**7 + n for n in range(1, total + 1)]
    (cash,) = db_session.scalars(select(DayTotal.debit).where(DayTotal.debit > 0))
    assert cash == total * 1_000


def _record(unit_id: int, fund_id: int, by_id: int) -> None:
    from portal.donations.actions import record_donation

    record_donation(
        unit=db.session.get_one(Unit, unit_id),
        fund=db.session.get_one(Fund, fund_id),
        campaign=None,
        form="cash",
        amount=1_000,
        day=DAY,
        donor_name=None,
        by=db.session.get_one(User, by_id),
    )
    db.session.commit()


def test_of_two_answers_at_once_one_counts(app: Flask, db_session, cast) -> None:
    campaign = make_campaign(unit=cast.commune, starts_on=DAY, ends_on=None)
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY)
    asked = actions.request_reversal(gift.posting, reason="Ghi nhầm", by=cast.officer)
    request_id, number = asked.id, gift.posting_number
    people = [cast.chair.id, cast.accountant.id]
    db_session.commit()

    def answer(person: int) -> str:
        with writing():
            request = db.session.get_one(ReversalRequest, request_id)
            by = db.session.get_one(User, people[person])
            try:
                actions.decide_reversal(request, approve=True, answer="", by=by)
            except Refused as refused:
                return refused.text
            db.session.commit()
            return "done"

    answers = in_threads(app, 2, answer)
    assert sorted(answers) == ["done", "Đề nghị này đã được trả lời. Tải lại trang để xem kết quả."]
    assert len(db_session.scalars(select(Posting).where(Posting.reverses == number)).all()) == 1
