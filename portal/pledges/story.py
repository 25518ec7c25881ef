"""The life of one pledge: every version, match, release and letter, in the order of the entries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.kit.db import db
from portal.kit.numbers import Entry
from portal.pledges.models import Fulfilment, PledgeTerms, Reminder


@dataclass(frozen=True)
class Change:
    """One entry in the life of a pledge: the terms it brought (after `before`), or a match, or its release."""

    entry: Entry
    terms: PledgeTerms | None = None
    before: PledgeTerms | None = None
    match: Fulfilment | None = None
    released: bool = False


def history_of(pledge_id: int) -> list[Change]:
    """Everything that happened to a pledge, in the order of the entries. Three statements."""
    terms = db.session.scalars(
        select(PledgeTerms)
        .where(PledgeTerms.pledge_id == pledge_id)
        .order_by(PledgeTerms.id)
        .options(selectinload(PledgeTerms.instalments))
    ).all()
    matches = db.session.scalars(
        select(Fulfilment).where(Fulfilment.pledge_id == pledge_id).order_by(Fulfilment.id)
    ).all()
    numbers = {row.since for row in (*terms, *matches)} | {row.until for row in matches if row.until}
    entries = {
        entry.number: entry for entry in db.session.scalars(select(Entry).where(Entry.number.in_(numbers)))
    }
    found = [
        Change(entries[row.since], terms=row, before=terms[place - 1] if place else None)
        for place, row in enumerate(terms)
    ]
    found += [Change(entries[row.since], match=row) for row in matches]
    found += [Change(entries[row.until], match=row, released=True) for row in matches if row.until]
    return sorted(found, key=lambda change: change.entry.number)


def reminders_of(pledge_id: int) -> list[Reminder]:
    """The letters sent for a pledge, the newest first."""
    rows = select(Reminder).where(Reminder.pledge_id == pledge_id).order_by(Reminder.id.desc())
    return list(db.session.scalars(rows))
