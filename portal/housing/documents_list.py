"""The list of houses as a landscape paper: what the filters of the address choose, with its sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.campaigns.queries import campaigns_of
from portal.households import queries_registry as registry
from portal.households.papers import Head, head_of
from portal.households.queries_registry import unit_text
from portal.housing import queries, rules
from portal.housing.lists import gap_of, listed, projects_list, told_state
from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.people.models import User
from portal.people.queries import units_for
from portal.units.models import Unit
from portal.units.queries import UnitTexts, top_unit, unit_texts


@dataclass(frozen=True)
class ListPaper:
    """Rows as they are printed; `sums` under the four columns of money."""

    head: Head
    day: str
    rows: Sequence[Sequence[str]]
    sums: Sequence[str]


def list_paper(user: User, args: Mapping[str, str]) -> ListPaper:
    """What the list of this address shows, all rows of it, in its order; houses of one unit bear its head."""
    today = today_in_vietnam()
    spec = projects_list(
        today,
        [(one.id, one.name) for one in queries.programmes(ended=True)],
        [(one.id, one.name) for one in queries.kinds(ended=True)],
        registry.seen_places(user),
        campaigns_of(units_for(user, *queries.READERS)),
        lambda row: "",
    )
    rows: list[list[str]] = []
    sums: list[int | None] = [None] * 4
    units: dict[int, Unit] = {}
    wanted = spec.chosen(listed(queries.projects_for(user)), args, {"all": "1"})
    for number, row in enumerate(db.session.execute(wanted), start=1):
        one = row.HouseProject
        amounts = [one.estimate, row.paid, row.outside, gap_of(row)]
        sums = [_add(total, amount) for total, amount in zip(sums, amounts, strict=True)]
        units[one.unit_id] = one.unit
        rows.append(
            [
                str(number),
                rules.code_of(one.id),
                one.head,
                unit_text(one.household.unit),
                one.kind.name,
                one.programme.name,
                told_state(one, today),
                format_day(one.finish_by) if one.finish_by else "",
                *(format_amount(int(amount)) if amount is not None else "" for amount in amounts),
            ]
        )
    owner = next(iter(units.values())) if len(units) == 1 else top_unit()
    texts = unit_texts(owner, today) if owner else UnitTexts()
    told = ["" if total is None else format_amount(total) for total in sums]
    return ListPaper(head_of(texts, long_day(today)), format_day(today), rows, told)


def _add(total: int | None, amount: int | None) -> int | None:
    """What is known, added; None while nothing is."""
    return total if amount is None else (total or 0) + int(amount)
