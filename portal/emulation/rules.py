"""Pure rules of the emulation movement's good models (mô hình hay)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.kit.days import Period
from portal.kit.errors import Refused

IDENTITY = ("unit_id", "name_key")


@dataclass(frozen=True)
class InitiativeRow:
    """One initiative as it is brought in; blank dates = always; ABSENT = the column is not there."""

    unit_id: int
    name: str
    form: Any = ""
    starts_on: Any = None
    ends_on: Any = None
    note: Any = None


def check_initiative(values: dict[str, Any]) -> None:
    """An initiative has a name, and its days are in order. Raises Refused."""
    if not values["name_key"]:
        raise Refused("Chưa có tên mô hình. Ghi tên mô hình hoặc công trình.", "name")
    if values["starts_on"] and values["ends_on"]:
        Period(values["starts_on"], values["ends_on"])
