"""Reading programme results."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from portal.programmes.models import ProgrammeResult
from portal.units.queries import subtree


def results_in(unit_id: int, *, as_of: int | None = None) -> Select[Any]:
    """The versions true as of an entry number, of a unit with all below."""
    units = ProgrammeResult.unit_id.in_(subtree(unit_id))
    return select(ProgrammeResult).where(units, ProgrammeResult.as_of(as_of))
