"""Pieces of a bulletin: paragraphs, tables, lists and bars as plain values that can be frozen.

A missing value is DOTS: every rendering draws it as a dotted line for the pen, never as zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.figures.programmes import Programme
from portal.figures.reviews import Group
from portal.figures.scope import Scope
from portal.figures.values import FigureValue
from portal.kit.money import format_amount, pad_count
from portal.units.queries import UnitTexts

DOTS = "………"
Block = dict[str, Any]
Cell = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """Everything a bulletin is made of, read once."""

    scope: Scope
    texts: UnitTexts
    figures: dict[str, FigureValue]
    groups: list[Group]
    programmes: list[Programme]
    initiatives: list[tuple[str, str]]  # (name, form)
    campaigns: list[tuple[str, str, dict[str, FigureValue]]]  # (name, days, figures)

    def value(self, key: str) -> Any:
        """The value of a figure, None when missing or unknown."""
        figure = self.figures.get(key)
        return figure.value if figure else None


def text(words: str, italic: str = "") -> Block:
    """A paragraph, perhaps with italic words at its end."""
    return {"kind": "text", "text": words, "italic": italic}


def note(words: str) -> Block:
    """A remark under a table."""
    return {"kind": "note", "text": words}


def items(lines: Iterable[str]) -> Block:
    """A list with dashes."""
    return {"kind": "list", "items": list(lines)}


def cell(shown: str | None, value: Any = None) -> Cell:
    """A cell: what is printed (None = dotted line) and the plain number behind it, if there is one."""
    return {"text": DOTS if shown is None else shown, "value": value}


def count(number: int | None) -> str:
    """A count in a sentence; DOTS when missing."""
    return DOTS if number is None else pad_count(number)


def amount(number: int | None, qualifier: str | None = None) -> str | None:
    """An amount as printed in a table, "gần 9.968.000.000"; None when missing."""
    if number is None:
        return None
    return f"{qualifier} {format_amount(number)}" if qualifier else format_amount(number)
