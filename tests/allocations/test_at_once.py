"""Several people confirm the same money at once, on both engines; how many statements the pages take."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import event, func, select

from portal.allocations.actions import confirm
from portal.allocations.models import Allocation, AllocationReceipt
from portal.kit.db import db, writing
from portal.kit.errors import Busy, Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.operate.verify import first_problem
from portal.people.models import User
from tests.allocations.builders import give, make_allocation
from tests.cast import make_fund, sign_in
from tests.ledger.test_at_once import in_threads
from tests.spending.builders import DAY

THREADS, PART = 5, 300_000


def _sent(cast, amount: int = 1_000_000) -> Allocation:
    give(unit=cast.commune, campaign=None, amount=amount, fund=make_fund())
    return make_allocation(
        unit=cast.commune, to_unit=cast.other_commune, rows=[(None, amount)], maker=cast.accountant,
        approver=cast.chair,
    )  # fmt: skip


def _tried(app: Flask, act) -> list[str]:
    """`act` in several threads at once: "done", or what was said."""

    def one(thread: int) -> str:
        while True:
            try:
                with writing():
                    act(thread)
                    db.session.commit()
                    return "done"
            except Busy:  # too many wait: a person presses again
                continue
            except Refused as refused:
                return refused.text

    return in_threads(app, THREADS, one)


def test_exactly_what_is_on_the_way_is_confirmed(app: Flask, db_session, cast) -> None:
    sent, receiver = _sent(cast).voucher_id, cast.outsider.id
    db_session.commit()

    def act(_thread: int) -> None:
        found, by = db.session.get_one(Allocation, sent), db.session.get_one(User, receiver)
        confirm(found, amount=PART, received_on=DAY, by=by)

    answers = _tried(app, act)
    assert answers.count("done") == 3
    assert all("Chỉ còn 100.000 đồng đang chuyển" in said for said in answers if said != "done")
    db_session.expire_all()
    assert db_session.get_one(Allocation, sent).left == 100_000

    receipt = db_session.scalars(select(AllocationReceipt).order_by(AllocationReceipt.id).limit(1)).one()
    numbers, people = (receipt.out_number, receipt.in_number), (cast.accountant.id, cast.chair.id)
    db_session.commit()

    def undo(thread: int) -> None:
        maker, second = (db.session.get_one(User, one) for one in people)
        posting = db.session.get_one(Posting, numbers[thread % 2])
        reverse(posting, reason="Nhầm", by=maker, second=second)

    answers = _tried(app, undo)
    assert answers.count("done") == 1 and all("đã được đảo" in said for said in answers if said != "done")
    mirrors = select(func.count()).select_from(Posting).where(Posting.reverses.in_(numbers))
    assert db_session.scalar(mirrors) == 2
    assert first_problem(db_session.connection()) is None


def test_the_list_does_not_ask_more_for_more_rows(app: Flask, db_session, client, cast) -> None:
    def statements() -> int:
        seen: list[str] = []
        listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        assert client.get("/quan-ly/phan-bo/").status_code == 200
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    _sent(cast)
    sign_in(client, cast.outsider)
    few = statements()
    for _ in range(4):
        _sent(cast, 1_000)
    assert statements() == few <= 12
    assert db_session.scalar(select(func.min(Allocation.sent_on))) == date(2026, 11, 10)
