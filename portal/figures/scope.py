"""What a figure is asked of: a unit with all below, a period, perhaps a campaign, perhaps as of a number."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select

from portal.campaigns.models import Campaign
from portal.kit.days import Period
from portal.units.models import Unit
from portal.units.queries import subtree

T = TypeVar("T")


@dataclass(frozen=True)
class Scope:
    """Days are inclusive. `as_of` None = with everything recorded by now. Raises Refused when end < start."""

    unit: Unit
    start: date
    end: date
    campaign: Campaign | None = None
    as_of: int | None = None
    known: dict[Hashable, Any] | None = field(default=None, compare=False, repr=False)  # see `remembering`

    def __post_init__(self) -> None:
        Period(self.start, self.end)

    @property
    def period(self) -> Period:
        """The days as a period, for its name."""
        return Period(self.start, self.end)

    def units(self) -> Select[tuple[int]]:
        """Ids of the unit with all below, to be used in `IN`."""
        return subtree(self.unit.id)

    def remembering(self) -> Scope:
        """The same for one computation of many figures: what several of them read is read once."""
        return replace(self, known={})

    def once(self, what: Hashable, read: Callable[[], T]) -> T:
        """`read()`, within one computation only the first time; outside one always afresh."""
        if self.known is None:
            return read()
        if what not in self.known:
            self.known[what] = read()
        found: T = self.known[what]
        return found
