"""What a figure is asked of: a unit with all below, a period, perhaps a campaign, perhaps as of a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select

from portal.campaigns.models import Campaign
from portal.kit.days import Period
from portal.units.models import Unit
from portal.units.queries import subtree


@dataclass(frozen=True)
class Scope:
    """Days are inclusive. `as_of` None = with everything recorded by now. Raises Refused when end < start."""

    unit: Unit
    start: date
    end: date
    campaign: Campaign | None = None
    as_of: int | None = None

    def __post_init__(self) -> None:
        Period(self.start, self.end)

    @property
    def period(self) -> Period:
        """The days as a period, for its name."""
        return Period(self.start, self.end)

    def units(self) -> Select[tuple[int]]:
        """Ids of the unit with all below, to be used in `IN`."""
        return subtree(self.unit.id)
