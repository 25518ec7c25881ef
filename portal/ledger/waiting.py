"""What waits for a person, told by each room and read in one statement for the start page.

    @waits("cash.handover", told)
    def handovers(user):
        return ask(CashHandover.id, CashHandover.amount).where(…)

`told` words the one row that comes of it, if there is anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, String, cast, func, literal, select, union_all

from portal.kit.db import db
from portal.ledger.work import Work
from portal.people.models import User


@dataclass(frozen=True)
class Waiting:
    """How many, what they come to (đồng, 0 without), the first one, and its name when it is the only one."""

    count: int
    amount: int
    first: int
    name: str


Asker = Callable[[User], Select[Any] | None]
Teller = Callable[[Waiting], Work]
_askers: dict[str, tuple[Asker, Teller]] = {}


def waits(key: str, told: Teller) -> Callable[[Asker], Asker]:
    """Mark a function user → `ask(…)` with its conditions; None when nothing can wait for this person."""

    def mark(asker: Asker) -> Asker:
        _askers[key] = asker, told
        return asker

    return mark


def one_or_list(
    group: int,
    name: str,
    badge: str,
    kind: str,
    verb: str,
    pages: tuple[str, str, str],
    args: dict[str, Any],
) -> Teller:
    """Words a row that leads to the one record that waits, else to their list with `args`.

    `pages`: the page of one, its argument, the list.
    """
    one, argument, many = pages

    def told(waiting: Waiting) -> Work:
        only = waiting.count == 1
        return Work(
            group,
            waiting.count,
            name,
            waiting.name if only else "",
            badge,
            kind,
            verb,
            one if only else many,
            {argument: waiting.first} if only else args,
        )

    return told


def ask(number: Any, amount: Any = None, name: Any = None) -> Select[Any]:
    """The columns of one question: count, sum, first id, a name. Add FROM and WHERE."""
    summed = func.coalesce(func.sum(amount), 0) if amount is not None else literal(0)
    named = func.min(name) if name is not None else literal("")
    columns: list[Any] = [
        func.count(number).label("n"),
        cast(summed, BigInteger).label("amount"),
        cast(func.coalesce(func.min(number), 0), BigInteger).label("first"),
        cast(func.coalesce(named, ""), String).label("name"),
    ]
    return select(*columns)


def waiting_work(user: User) -> list[Work]:
    """Everything that waits for a person, worded. One statement, whatever the number of rooms."""
    asked = []
    for key, (asker, _) in _askers.items():
        question = asker(user)
        if question is not None:
            asked.append(question.add_columns(literal(key).label("key")))
    if not asked:
        return []
    found = db.session.execute(union_all(*asked))
    return [
        _askers[row.key][1](Waiting(row.n, int(row.amount), row.first, row.name)) for row in found if row.n
    ]
