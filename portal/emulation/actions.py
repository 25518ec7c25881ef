"""Writing initiatives as versions; the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

from portal.emulation.models import Initiative
from portal.emulation.rules import IDENTITY, InitiativeRow, check_initiative
from portal.kit.numbers import Entry
from portal.kit.versions import Recorded, record_versions
from portal.kit.vietnamese import key_of, nfc


def record_initiatives(rows: Iterable[InitiativeRow], *, entry: Entry | Callable[[], Entry]) -> Recorded:
    """Write initiatives that are new or changed; returns (new, changed, duplicates). Raises Refused.

    Identity: unit and name (accents and case aside). `entry`: the batch's number or a function taking it.
    """
    brought = [{**asdict(row), "name": nfc(row.name), "name_key": key_of(row.name)} for row in rows]
    return record_versions(Initiative, brought, identity=IDENTITY, entry=entry, check=_check)


def _check(values: dict) -> None:
    values["form"] = values["form"] or ""
    check_initiative(values)
