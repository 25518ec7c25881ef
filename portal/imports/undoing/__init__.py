"""Undoing a whole import: its documents are reversed, its versions end, its catalogue rows go back.

First everything that stands in the way is looked for (`obstacles`, sentences for people); only when there is nothing
is the import undone, in the caller's transaction. Numbers stay in the books: what was said is answered, not erased.
"""

from __future__ import annotations

from portal.imports.models import ImportRun
from portal.imports.undoing import catalogues, documents, versions
from portal.people.models import User


def obstacles(run: ImportRun) -> list[str]:
    """What keeps an import from being undone, as sentences; empty when nothing does."""
    return [*documents.obstacles(run), *versions.obstacles(run), *catalogues.obstacles(run)]


def carry_out(run: ImportRun, *, asked_by: User, second: User) -> None:
    """Undo an import that has no obstacles. Flushes; raises Refused when the database says no after all."""
    documents.reverse_all(run, by=asked_by, second=second)
    versions.take_back(run, by=asked_by)
    catalogues.restore(run)
    catalogues.withdraw(run)
