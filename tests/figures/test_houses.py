"""Figures of houses: by the day of the hand-over, fund and outside apart, brought totals only where nothing finer is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.figures.registry import compute, rows
from portal.figures.scope import Scope
from portal.housing import actions, queries, queries_money, received, rules
from portal.housing.actions_handover import drop_handover
from portal.housing.models_closing import HousePast
from portal.kit.db import db
from portal.kit.numbers import last_number
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from tests.cast import Cast
from tests.housing.builders import MILLION, finished, handed_over, kind_of, programme_of
from tests.imports.helpers import bring, table
from tests.single_cases.builders import give_money

assert received
START, END = date(2026, 1, 1), date(2026, 12, 31)
KEYS = (
    "houses.built",
    "houses.repaired",
    "houses.under_way",
    "houses.cost",
    "houses.cost.fund",
    "houses.cost.outside",
)
RESULTS = (
    "Mã đơn vị,Từ ngày,Đến ngày,Chương trình,Loại,Nguồn,Chỉ tiêu,Thực hiện,Đơn vị tính,Số hộ,Số người,Số tiền"
)


def values(cast: Cast, **more: Any) -> list[Any]:
    """The six figures of the commune in 2026."""
    found = compute(Scope(cast.commune, more.pop("start", START), END, **more), KEYS)
    return [found[key].value for key in KEYS]


def past(cast: Cast, **told: Any) -> None:
    """A house of the past, or a total."""
    base = {
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2026, 3, 1),
        "head_name": "Lê Cũ",
        "head_key": "le cu",
    }
    told = {
        "unit_id": cast.commune.id,
        "programme_id": programme_of().id,
        "kind_id": kind_of().id,
        **base,
        **told,
    }
    db.session.add(HousePast(**told))
    db.session.commit()


def test_nothing_known_is_missing(cast: Cast) -> None:
    assert values(cast) == [None] * 6


def test_one_by_one(cast: Cast) -> None:
    campaign = give_money(cast=cast, amount=200 * MILLION)
    project = handed_over(cast=cast, campaign=campaign)
    db.session.commit()
    assert values(cast) == [1, None, 0, 100 * MILLION, 60 * MILLION, 40 * MILLION]
    assert values(cast, start=date(2026, 11, 11)) == [None, None, 0, None, None, None]
    assert values(cast, campaign=campaign)[0] == 1
    before = last_number()
    payment = queries_money.cost_of(project).payments[0]
    posting = db.session.get_one(Posting, payment.number)
    reverse(posting, reason="Chi nhầm", by=cast.accountant, second=cast.chair)
    db.session.commit()
    assert values(cast) == [1, None, 0, 40 * MILLION, 0, 40 * MILLION]
    assert values(cast, as_of=before)[3:] == [100 * MILLION, 60 * MILLION, 40 * MILLION]
    (row,) = rows(Scope(cast.commune, START, END), "houses.built")
    assert row["house"] == rules.code_of(project.id) and "Nguyễn" not in str(row)


def test_under_way_and_back(cast: Cast) -> None:
    project = finished(cast=cast, campaign=give_money(cast=cast, amount=200 * MILLION))
    db.session.commit()
    assert values(cast) == [None, None, 1, None, None, None]
    actions.stop(project, reason="Hết tiền", by=cast.officer)
    db.session.commit()
    assert values(cast)[2] == 0
    actions.resume(project, reason="Có tiền", by=cast.officer)
    db.session.commit()
    assert values(cast)[2] == 1


def test_minutes_that_fall_take_the_house_out(cast: Cast) -> None:
    project = handed_over(cast=cast, campaign=give_money(cast=cast, amount=200 * MILLION))
    handover = next(one for one in queries.handovers_of(project) if one.what == rules.HOUSE)
    drop_handover(handover, reason="Sai", by=cast.officer)
    db.session.commit()
    assert values(cast)[:3] == [None, None, 1]


def test_brought_totals_count_only_where_nothing_finer_is(cast: Cast) -> None:
    content = table(
        RESULTS,
        "TPH,01/01/2026,31/12/2026,Nhà Đại đoàn kết,xây nhà,Quỹ,10,8,căn,8,,400000000",
        "TPH,01/01/2026,31/12/2026,Sửa nhà dột,sửa nhà,Quỹ,5,3,căn,3,,30000000",
    )
    bring("results", content, by=cast.accountant)
    db.session.commit()
    assert values(cast) == [8, 3, None, 430 * MILLION, None, None]
    past(cast, cost=50 * MILLION, cost_fund=30 * MILLION, cost_outside=20 * MILLION)
    found = compute(Scope(cast.commune, START, END), KEYS)
    assert [found[key].value for key in KEYS] == [1, 3, None, 80 * MILLION, 30 * MILLION, 20 * MILLION]
    assert "8 (chênh lệch 7), không cộng vào" in (found["houses.built"].note or "")
    assert found["houses.repaired"].note is None
    # the province sees the same: its report covers the commune
    above = compute(Scope(cast.province, START, END), KEYS)
    assert above["houses.built"].value == 1


def test_totals_of_houses_win_over_results(cast: Cast) -> None:
    content = table(RESULTS, "TPH,01/01/2026,31/12/2026,Nhà Đại đoàn kết,xây nhà,Quỹ,10,8,căn,8,,400000000")
    bring("results", content, by=cast.accountant)
    total = {"head_name": "", "head_key": "", "starts_on": START, "ends_on": date(2026, 6, 30), "count": 5}
    past(cast, **total, cost=None, cost_fund=100 * MILLION, cost_outside=90 * MILLION)
    assert values(cast) == [5, None, None, 190 * MILLION, 100 * MILLION, 90 * MILLION]


@pytest.mark.parametrize("count", [1, 6])
def test_the_number_of_statements_does_not_grow(cast: Cast, count: int) -> None:
    from tests.sql import heard

    for number in range(count):
        past(cast, head_name=f"Lê {number}", head_key=f"le {number}")
    with heard() as statements:
        compute(Scope(cast.commune, START, END), KEYS)
    assert len(statements) < 30
