"""The public text index of gifts: finds a name in any word order, without accents, among millions.

The tokens of a text are all sets of one to four adjacent words (kit.vietnamese.search_tokens), so a query of
up to four words is one token, on both engines: SQLite holds them in a contentless FTS5 table, PostgreSQL in
an array under GIN. Only what the public may see is indexed, and `donation_words` keeps it: the index can be
cleaned only with the same words.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, bindparam, literal_column, select, text
from sqlalchemy.orm import selectinload

from portal.donations.finding import Found, Wanted, every, search, unpublished
from portal.donations.models import Donation, DonationWords, SearchWatermark
from portal.donations.shown import public_text
from portal.kit.db import db, is_sqlite
from portal.kit.numbers import last_number
from portal.kit.vietnamese import fold, query_tokens, search_tokens
from portal.ledger.models import Account, Transfer

__all__ = [
    "Found",
    "Wanted",
    "catch_up",
    "every",
    "index_posting",
    "indexed_up_to",
    "matches",
    "reindex",
    "reindex_account",
    "search",
]

BATCH = 5_000


def index_posting(number: int) -> int:
    """Index the gifts of one small posting in its own transaction; what is indexed stays. Returns rows."""
    return _index(db.session.scalars(select(Donation).where(Donation.posting_number == number)).all())


def catch_up(limit: int = BATCH) -> int:
    """Index the next gifts behind the watermark, at most `limit`; returns how many (0 = up to date).

    Flushes; the caller commits, so that no transaction is long.
    """
    mark = db.session.scalars(select(SearchWatermark).with_for_update()).one()
    newest = last_number()
    waiting = select(Donation).where(Donation.posting_number > mark.posting_number)
    missing = ~select(DonationWords).where(DonationWords.donation_id == Donation.id).exists()
    found = db.session.scalars(
        waiting.where(missing)
        .options(selectinload(Donation.posting))
        .order_by(Donation.posting_number, Donation.ordinal)
        .limit(limit)
    ).all()
    _index(found)
    if len(found) < limit:
        mark.posting_number = newest
    else:  # the last posting may continue: stay just before it
        mark.posting_number = max(mark.posting_number, found[-1].posting_number - 1)
    db.session.flush()
    db.session.expunge_all()
    return len(found)


def reindex(donation: Donation) -> None:
    """Follow a change of what the public may see of a gift."""
    known = db.session.get(DonationWords, donation.id)
    if known is not None:
        _take_out(donation.id, known.words)
        db.session.delete(known)
        db.session.flush()
    _index([donation])


def reindex_account(bank_account_id: int, *, limit: int = BATCH, after: int = 0) -> int | None:
    """Follow a bank account whose statements are now published, or no longer.

    Looks at `limit` of its gifts above id `after` and returns the id to go on after, None at the end.
    Flushes; the caller commits, so that no transaction is long.
    """
    mine = Transfer.debit.has(Account.bank_account_id == bank_account_id)
    rows = select(Donation).join(
        Transfer,
        (Transfer.posting_number == Donation.posting_number) & (Transfer.ordinal == Donation.ordinal),
    )
    found = db.session.scalars(rows.where(mine, Donation.id > after).order_by(Donation.id).limit(limit)).all()
    for donation in found:
        reindex(donation)
    return found[-1].id if len(found) == limit else None


def indexed_up_to() -> int:
    """The posting number up to which the index has followed the books."""
    return db.session.scalar(select(SearchWatermark.posting_number)) or 0


def matches(query: str) -> ColumnElement[bool] | None:
    """Condition on Donation: its public text holds the words of the query together; None for no words."""
    tokens = query_tokens(query)
    if not tokens:
        return None
    if is_sqlite():
        wanted = " AND ".join(f'"{token}"' for token in tokens)
        found = text("SELECT rowid FROM donation_index WHERE donation_index MATCH :wanted").bindparams(
            bindparam("wanted", wanted)
        )
        return Donation.id.in_(found.columns(literal_column("rowid")))
    found = text("SELECT donation_id FROM donation_index WHERE tokens @> CAST(:tokens AS text[]) OFFSET 0")
    return Donation.id.in_(
        found.bindparams(bindparam("tokens", tokens)).columns(literal_column("donation_id"))
    )


def _index(donations: Iterable[Donation]) -> int:
    donations = list(donations)
    ids = [donation.id for donation in donations]
    hidden = unpublished(ids)
    rows = [
        (donation.id, fold(public_text(donation, published=donation.id not in hidden)))
        for donation in donations
    ]
    known: set[int] = set()
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        known.update(
            db.session.scalars(select(DonationWords.donation_id).where(DonationWords.donation_id.in_(part)))
        )
    fresh = [(donation_id, words) for donation_id, words in rows if donation_id not in known]
    if not fresh:
        return 0
    db.session.execute(
        DonationWords.__table__.insert(), [{"donation_id": number, "words": words} for number, words in fresh]
    )
    _put_in(fresh)
    return len(fresh)


def _put_in(rows: list[tuple[int, str]]) -> None:
    if is_sqlite():
        statement = "INSERT INTO donation_index (rowid, tokens) VALUES (:id, :tokens)"
        values = [{"id": number, "tokens": " ".join(search_tokens(words))} for number, words in rows]
    else:
        statement = "INSERT INTO donation_index (donation_id, tokens) VALUES (:id, CAST(:tokens AS text[]))"
        values = [{"id": number, "tokens": search_tokens(words)} for number, words in rows]
    db.session.execute(text(statement), values)


def _take_out(donation_id: int, words: str) -> None:
    if is_sqlite():
        statement = (
            "INSERT INTO donation_index (donation_index, rowid, tokens) VALUES ('delete', :id, :tokens)"
        )
        db.session.execute(text(statement), {"id": donation_id, "tokens": " ".join(search_tokens(words))})
    else:
        db.session.execute(text("DELETE FROM donation_index WHERE donation_id = :id"), {"id": donation_id})
