"""Several people want the last goods at once, on both engines; and how many statements a page or a slip takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from portal.goods.actions import issue, write_all
from portal.goods.models import StockBalance, StockDocument, Store
from portal.goods.rules import Movement, SlipRow
from portal.kit.db import db, writing
from portal.kit.errors import Busy, Refused
from portal.people.models import User
from tests.cast import sign_in
from tests.goods.builders import DAY, bring, make_item, make_store
from tests.ledger.test_at_once import in_threads

THREADS, WANTED, THERE = 6, 3, 10


def test_of_the_last_ten_parcels_exactly_what_fits_leaves(app: Flask, db_session, cast) -> None:
    store, item = make_store(unit=cast.commune), make_item(name="Suất quà", measure="suất")
    bring(store=store, item=item, quantity=THERE, value=1_000_000, by=cast.officer)
    ids = store.id, item.id, cast.officer.id
    db_session.commit()

    def take(_thread: int) -> str:
        store_id, item_id, by_id = ids
        while True:
            try:
                with writing():
                    store, by = db.session.get_one(Store, store_id), db.session.get_one(User, by_id)
                    issue(store=store, rows=[SlipRow(item_id, WANTED * 1_000)], day=DAY, by=by)
                    db.session.commit()
                    return "done"
            except Busy:  # too many wait: a person presses again
                continue
            except Refused as refused:
                return refused.text

    answers = in_threads(app, THREADS, take)
    assert answers.count("done") == THERE // WANTED
    refused = {answer for answer in answers if answer != "done"}
    assert len(refused) == 1 and "chỉ còn 1 suất Suất quà, không đủ 3 suất" in refused.pop()
    left = db_session.execute(select(StockBalance.quantity, StockBalance.value)).one()
    assert left == (1_000, 100_000)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run inside."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_number_of_statements_does_not_follow_the_rows(db_session, cast) -> None:
    store = make_store(unit=cast.commune)
    items = [make_item(name=f"Hàng số {n}") for n in range(40)]
    postings = [bring(store=store, item=item, quantity=9, value=9_000, by=cast.officer) for item in items]
    empty = [bring(store=store, item=items[0], quantity=1, by=cast.officer) for _ in range(2)]
    db_session.commit()

    def write(count: int, posting: Any) -> int:
        rows = [
            (posting, Movement(100 + n, store.id, item.id, None, -1_000, -1_000))
            for n, item in enumerate(items[:count])
        ]
        with counted() as statements:
            write_all(rows)
        return len(statements)

    assert write(2, empty[0]) == write(40, empty[1]) <= 8
    assert len(postings) == 40
    db_session.rollback()


@pytest.mark.parametrize(
    "path", ["/", "/phieu/", "/nhap-xuat", "/danh-muc/", "/cac-kho/", "/kiem-ke/", "/han-dung"]
)
def test_lists_read_the_same_number_of_statements(client, db_session, cast, path: str) -> None:
    store = make_store(unit=cast.commune)
    milk = make_item(name="Sữa", measure="hộp", keeps_lots=True)
    bring(store=store, item=milk, quantity=1, by=cast.officer, lot_code="A", expires_on=DAY)
    sign_in(client, cast.officer)

    def statements() -> int:
        client.get(f"/quan-ly/kho{path}")
        with counted() as found:
            assert client.get(f"/quan-ly/kho{path}").status_code == 200
        return len(found)

    few = statements()
    for n in range(12):
        other = make_store(unit=cast.commune, code=f"KHO-{n}", name=f"Kho {n}")
        bring(
            store=other, item=milk, quantity=1, value=500, by=cast.officer, lot_code=f"L{n}", expires_on=DAY
        )
        make_item(name=f"Hàng {n}")
    db_session.commit()
    assert statements() == few
    assert db_session.scalar(select(func.count()).select_from(StockDocument)) == 13
