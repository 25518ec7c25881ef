"""The budget beside what was spent, as its paper and its file print it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.kit.days import long_day, today_in_vietnam
from portal.kit.money import format_amount, format_percent
from portal.spending.queries_budget import Line
from portal.units.models import Unit
from portal.units.queries import unit_texts


@dataclass(frozen=True)
class BudgetPaper:
    """One page: head, rows of texts, the total, who signs."""

    issuer: list[str]
    committee: str
    place_date: str
    subject: str
    rows: list[list[str]]
    total: list[str]
    accountant: str
    head: str


def share_of(line: Line) -> str:
    """Spent in percent of planned, "92,5%"; "" without a plan."""
    return format_percent(line.spent, line.planned) if line.planned else ""


def remark_of(line: Line) -> str:
    """What is to be said of a line."""
    if line.is_over:
        return "Vượt dự toán"
    return "Ngoài dự toán" if line.is_unplanned else ""


def cells_of(line: Line) -> list[Any]:
    """A row of the file: numbers as numbers, missing ones empty."""
    left = None if line.planned is None else line.left
    return [line.name, line.planned, line.spent, left, share_of(line) or None, remark_of(line) or None]


def paper_of(unit: Unit, name: str, lines: Sequence[Line], total: Line) -> BudgetPaper:
    """The paper as of today."""
    today = today_in_vietnam()
    texts = unit_texts(unit, today)
    return BudgetPaper(
        issuer=texts.issuing_lines,
        committee=texts.committee,
        place_date=", ".join(part for part in (texts.place, long_day(today)) if part),
        subject=f"{unit.name}: {name}",
        rows=[_texts(line) for line in lines if line.planned is not None or line.spent],
        total=_texts(total),
        accountant=texts.accountant,
        head=texts.head,
    )


def _texts(line: Line) -> list[str]:
    planned = "" if line.planned is None else format_amount(line.planned)
    left = "" if line.planned is None else format_amount(line.left)
    return [line.name, planned, format_amount(line.spent), left, share_of(line), remark_of(line)]
