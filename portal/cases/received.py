"""What households received in single cases, for the page of a household."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.cases.following import PAGE
from portal.cases.models import SupportCase
from portal.cases.queries import movements_of, papers_of
from portal.goods.rules import format_quantity
from portal.households.received import LINES, Line
from portal.kit.db import db


def lines_of_cases(household_ids: Sequence[int]) -> list[Line]:
    """A line for every document in force of these households' cases."""
    rows = select(SupportCase).where(SupportCase.household_id.in_(household_ids))
    cases = {
        one.id: one
        for one in db.session.scalars(
            rows.options(joinedload(SupportCase.field), joinedload(SupportCase.unit))
        )
    }
    if not cases:
        return []
    found = papers_of(list(cases))
    moved: dict[int, list[str]] = {}
    goods = [one.number for papers in found.values() for one in papers if one.cash is None]
    for one in movements_of(goods) if goods else ():
        told = f"{format_quantity(-one.quantity)} {one.item.measure} {one.item.name}"
        moved.setdefault(one.posting_number, []).append(told)
    return [
        Line(
            day=paper.day,
            source=f"Quỹ, {cases[case_id].unit.name}",
            what=": ".join(
                [
                    cases[case_id].field.name,
                    *([", ".join(moved[paper.number])] if paper.number in moved else []),
                ]
            ),
            cash=paper.cash,
            goods=paper.worth,
            in_books=True,
            address=PAGE.format(case_id),
        )
        for case_id, papers in found.items()
        for paper in papers
    ]


LINES.append(lines_of_cases)
