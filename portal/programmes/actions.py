"""Writing programme results as versions; the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

from portal.kit.numbers import Entry
from portal.kit.tables import ABSENT
from portal.kit.versions import Recorded, record_versions
from portal.kit.vietnamese import key_of, nfc
from portal.programmes.models import ProgrammeResult
from portal.programmes.rules import IDENTITY, ResultRow, check_result


def record_results(rows: Iterable[ResultRow], *, entry: Entry | Callable[[], Entry]) -> Recorded:
    """Write results that are new or changed; returns (new, changed, duplicates). Raises Refused.

    Identity: unit, period, programme (accents and case aside), source. `entry`: the batch's number or a
    function taking it.
    """
    brought = []
    for row in rows:
        values = asdict(row)
        values["programme"] = nfc(row.programme)
        values["programme_key"] = key_of(row.programme)
        values["source"] = "" if row.source is ABSENT else nfc(row.source)
        brought.append(values)
    return record_versions(ProgrammeResult, brought, identity=IDENTITY, entry=entry, check=_check)


def _check(values: dict) -> None:
    """A column that is not in the file leaves the plain case: kind "khác", within the period."""
    if values["kind"] is None:
        values["kind"] = "khac"
    values["cumulative"] = bool(values["cumulative"])
    check_result(values)
