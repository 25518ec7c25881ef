"""What a figure is and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

DONG, HOUSEHOLDS, PERCENT = "đồng", "hộ", "%"


@dataclass(frozen=True)
class Definition:
    """One figure, or a family of them with a part of the key in <…>."""

    key: str
    label: str
    unit: str
    sentence: str

    def filled(self, key: str, label: str, unit: str | None = None) -> Definition:
        """A member of the family."""
        return Definition(key, label, unit or self.unit, self.sentence)


@dataclass(frozen=True)
class FigureValue:
    """A figure's answer. `value` None = missing. A percent has its two parts; money may have a qualifier."""

    key: str
    label: str
    unit: str
    definition: str
    value: int | Decimal | None
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None
    qualifier: str | None = None
    note: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For `portal figures --json` and /tong-hop.json; a rate keeps its parts."""
        answer: dict[str, Any] = {
            "value": plain(self.value),
            "label": self.label,
            "unit": self.unit,
            "definition": self.definition,
        }
        if self.unit == PERCENT:
            answer["numerator"], answer["denominator"] = plain(self.numerator), plain(self.denominator)
        if self.qualifier:
            answer["qualifier"] = self.qualifier
        if self.note:
            answer["note"] = self.note
        return answer


def answered(definition: Definition, value: int | Decimal | None, **more: Any) -> FigureValue:
    """The answer of a definition."""
    return FigureValue(definition.key, definition.label, definition.unit, definition.sentence, value, **more)


def plain(value: int | Decimal | None) -> int | float | None:
    """A JSON number: whole numbers stay whole (only rates and measures have decimals; no đồng does)."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
