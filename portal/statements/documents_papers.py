"""Documents that meet statement lines, as people name them, with where each is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.books.narration import Told, tell
from portal.books.queries import Row
from portal.kit.db import db
from portal.ledger.models import Posting, Transfer
from portal.ledger.rules import DOCUMENTS
from portal.statements.transit import Key


@dataclass(frozen=True)
class Paper:
    """A document of which a transfer waits or has met: its number, its words and page, its day, đồng."""

    key: Key
    name: str
    told: Told
    day: date
    amount: int


def papers_of(keys: Sequence[Key]) -> dict[Key, Paper]:
    """The papers of these transfers, by key; a handful of statements whatever their number."""
    numbers = {number for number, _ in keys}
    rows = select(Transfer).where(Transfer.posting_number.in_(numbers))
    by_number: dict[int, set[int]] = {}
    for number, ordinal in keys:
        by_number.setdefault(number, set()).add(ordinal)
    rows = rows.where(Transfer.ordinal.in_({ordinal for _, ordinal in keys}))
    moves = [
        move
        for move in db.session.scalars(rows.options(joinedload(Transfer.posting).joinedload(Posting.entry)))
        if move.ordinal in by_number[move.posting_number]
    ]
    return {
        (move.posting_number, move.ordinal): Paper(
            (move.posting_number, move.ordinal),
            name_of(move.posting),
            told,
            move.posting.document_on,
            move.amount,
        )
        for move, told in zip(moves, tell([_row(move) for move in moves]), strict=True)
    }


def name_of(posting: Posting) -> str:
    """The number on the paper, else the kind of document and its number in the books."""
    return posting.paper_number or f"{DOCUMENTS[posting.kind]} số {posting.number}"


def _row(move: Transfer) -> Row:
    posting = move.posting
    return Row(
        number=posting.number,
        ordinal=move.ordinal,
        booked_on=move.booked_on,
        document_on=posting.document_on,
        kind=posting.kind,
        paper_number=posting.paper_number,
        reason=posting.reason,
        by_name=posting.entry.by_name,
        other_kind="",
        came_in=move.amount,
        went_out=0,
    )
