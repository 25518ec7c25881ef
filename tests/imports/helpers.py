"""Tables for the tests of imports: made of rows, brought the way a command brings them."""

from __future__ import annotations

from typing import Any

from portal.imports.engine import Order, carry_out, rehearse
from portal.imports.kinds import KINDS
from portal.imports.loading import load
from portal.imports.outcome import Outcome
from portal.kit.db import db
from portal.people.models import User


def table(header: str, *rows: str) -> bytes:
    """A CSV file; cells with commas are quoted by the caller."""
    return "\n".join((header, *rows)).encode()


def bring(
    kind: str,
    content: bytes,
    *,
    by: User | None = None,
    dry_run: bool = False,
    filename: str = "bang.csv",
    **codes: Any,
) -> Outcome:
    """Bring a table inside the test's own transaction; what is refused is taken back."""
    loaded = load(content, KINDS[kind].columns, filename=filename)
    order = Order(KINDS[kind], by, **codes)
    if dry_run:
        db.session.commit()
        return rehearse(loaded, order)
    db.session.commit()
    outcome = carry_out(loaded, order)
    if outcome.accepted:
        db.session.commit()
    else:
        db.session.rollback()
    return outcome


def told(outcome: Outcome) -> dict[str, str]:
    """Messages by cell."""
    return {message.cell: message.message for message in outcome.messages}


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """(rows, new, changed, duplicates)."""
    return outcome.rows, outcome.new, outcome.changed, outcome.duplicates
