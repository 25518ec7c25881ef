"""The public text index of gifts: finds a name in any word order, without accents, among millions.

The tokens of a text are all sets of one to four adjacent words (kit.vietnamese.search_tokens), so a query of
up to four words is one token, on both engines: SQLite holds them in a contentless FTS5 table, PostgreSQL in
an array under GIN. Only what the public may see is indexed, and `donation_words` keeps it: the index can be
cleaned only with the same words. Every person of a group gift is a line of its own, so that the family name
of one and the given name of the next are never neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, literal_column, select, text, tuple_
from sqlalchemy.orm import joinedload, selectinload

from portal.donations.finding import Found, Wanted, every, search, unpublished
from portal.donations.members import members_of, public_lines
from portal.donations.models import Donation, DonationWords, SearchWatermark
from portal.donations.shown import public_text
from portal.kit.db import db, is_sqlite
from portal.kit.numbers import last_number
from portal.kit.vietnamese import fold, query_tokens, search_tokens
from portal.ledger.models import Account, BankAccount, Transfer

__all__ = [
    "Found",
    "Piece",
    "Wanted",
    "catch_up",
    "follow_publication",
    "every",
    "index_posting",
    "indexed_up_to",
    "matches",
    "publication_waits",
    "read_piece",
    "reindex",
    "search",
    "write_piece",
]

BATCH = 5_000

# Rooms above add what else a gift is found by: ids of gifts → one public line for each that has any.
OTHER_LINES: list[Callable[[Sequence[int]], dict[int, str]]] = []


class Words(NamedTuple):
    """What the index holds of one gift."""

    donation_id: int
    amount: int  # đồng
    words: str
    tokens: list[str]


def index_posting(first: int, last: int | None = None) -> int:
    """Index the gifts of a small posting (or of all up to `last`) in its own transaction; returns rows.

    What is indexed stays.
    """
    mine = Donation.posting_number.between(first, last or first)
    return _index(
        db.session.scalars(select(Donation).where(mine).options(joinedload(Donation.posting))).all()
    )


@dataclass(frozen=True)
class Piece:
    """Gifts read and folded before any lock is taken; `mark` and `reached` are (posting number, ordinal)."""

    mark: tuple[int, int]
    reached: tuple[int, int]
    rows: list[Words]


def read_piece(limit: int = BATCH) -> Piece | None:
    """The next gifts behind the watermark, at most `limit`, ready to be written; None when it is up to date.

    Reads only: folding thousands of texts takes longer than anybody should wait for the books.
    """
    newest = last_number()
    mark = _mark()
    if mark == (newest, 0):
        return None
    rows = (
        select(Donation)
        .where(tuple_(Donation.posting_number, Donation.ordinal) > tuple_(mark[0] + 1, mark[1]))
        .where(~select(DonationWords).where(DonationWords.donation_id == Donation.id).exists())
        .options(selectinload(Donation.posting))
        .order_by(Donation.posting_number, Donation.ordinal)
        .limit(limit)
    )
    found = db.session.scalars(rows).all()
    complete = len(found) < limit
    reached = (newest, 0) if complete else (found[-1].posting_number - 1, found[-1].ordinal)
    return Piece(mark, reached, _words_of(found))


def write_piece(piece: Piece) -> int:
    """Write what `read_piece` has read, unless another follower was faster; flushes, the caller commits."""
    mark = db.session.scalars(select(SearchWatermark).with_for_update()).one()
    db.session.refresh(mark)
    if (mark.posting_number, mark.ordinal) != piece.mark:
        return len(piece.rows)
    _write(piece.rows)
    mark.posting_number, mark.ordinal = piece.reached
    db.session.flush()
    return len(piece.rows)


def catch_up(limit: int = BATCH) -> int:
    """Read and write one piece in the caller's transaction; returns its gifts (0 = up to date)."""
    piece = read_piece(limit)
    return write_piece(piece) if piece else 0


def reindex(donation: Donation) -> None:
    """Follow a change of what the public may see of a gift."""
    known = db.session.get(DonationWords, donation.id)
    if known is not None:
        _take_out(donation.id, known.words)
        db.session.delete(known)
        db.session.flush()
    _index([donation])


def follow_publication(limit: int = 1_000) -> int:
    """Follow a bank account whose statements are now published, or no longer, by `limit` of its gifts.

    Returns how many accounts were worked on (0 = nothing waits). Flushes; the caller commits, so that no
    transaction is long; `reindex_after` remembers how far it is.
    """
    account = db.session.scalar(
        select(BankAccount).where(BankAccount.reindex_after.is_not(None)).limit(1).with_for_update()
    )
    if account is None:
        return 0
    mine = Transfer.debit.has(Account.bank_account_id == account.id)
    rows = select(Donation).join(
        Transfer,
        (Transfer.posting_number == Donation.posting_number) & (Transfer.ordinal == Donation.ordinal),
    )
    rows = rows.where(mine, Donation.id > account.reindex_after).order_by(Donation.id).limit(limit)
    found = db.session.scalars(rows).all()
    for donation in found:
        reindex(donation)
    account.reindex_after = found[-1].id if len(found) == limit else None
    db.session.flush()
    return 1


def publication_waits() -> bool:
    """Whether an account's gifts still have to be found anew."""
    return (
        db.session.scalar(select(BankAccount.id).where(BankAccount.reindex_after.is_not(None)).limit(1))
        is not None
    )


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


def _mark() -> tuple[int, int]:
    """Every posting up to the number is indexed, and of the next one the gifts up to the ordinal."""
    row = db.session.execute(select(SearchWatermark.posting_number, SearchWatermark.ordinal)).one()
    return row[0], row[1]


def _index(donations: Iterable[Donation]) -> int:
    return _write(_words_of(list(donations)))


def _words_of(donations: Sequence[Donation]) -> list[Words]:
    ids = [donation.id for donation in donations]
    hidden, people = unpublished(ids), members_of(ids)
    others = [lines_of(ids) for lines_of in OTHER_LINES]
    found = []
    for donation in donations:
        lines = [public_text(donation, published=donation.id not in hidden)]
        lines += public_lines(people.get(donation.id, ()))
        lines += [other[donation.id] for other in others if donation.id in other]
        words = "\n".join(fold(line) for line in lines)
        found.append(Words(donation.id, donation.amount, words, _tokens(words)))
    return found


def _tokens(words: str) -> list[str]:
    """The tokens of every line, once each."""
    lines = words.split("\n")
    if len(lines) == 1:  # nearly all gifts
        return search_tokens(words)
    return list(dict.fromkeys(token for line in lines for token in search_tokens(line)))


def _write(rows: Sequence[Words]) -> int:
    """Write what is not there yet; what is indexed stays."""
    known: set[int] = set()
    for start in range(0, len(rows), 500):
        ids = [row.donation_id for row in rows[start : start + 500]]
        known.update(
            db.session.scalars(select(DonationWords.donation_id).where(DonationWords.donation_id.in_(ids)))
        )
    fresh = [row for row in rows if row.donation_id not in known]
    if fresh:
        names = ("donation_id", "amount", "words")
        texts = [{name: getattr(row, name) for name in names} for row in fresh]
        db.session.execute(DonationWords.__table__.insert(), texts)
        _put_in(fresh)
    return len(fresh)


def _put_in(rows: Sequence[Words]) -> None:
    if is_sqlite():
        statement = "INSERT INTO donation_index (rowid, tokens) VALUES (:id, :tokens)"
        values = [{"id": row.donation_id, "tokens": " ".join(row.tokens)} for row in rows]
    else:
        statement = "INSERT INTO donation_index (donation_id, tokens) VALUES (:id, CAST(:tokens AS text[]))"
        values = [{"id": row.donation_id, "tokens": row.tokens} for row in rows]
    db.session.execute(text(statement), values)


def _take_out(donation_id: int, words: str) -> None:
    if is_sqlite():
        statement = (
            "INSERT INTO donation_index (donation_index, rowid, tokens) VALUES ('delete', :id, :tokens)"
        )
        db.session.execute(text(statement), {"id": donation_id, "tokens": " ".join(_tokens(words))})
    else:
        db.session.execute(text("DELETE FROM donation_index WHERE donation_id = :id"), {"id": donation_id})
