"""The index of donors: found by the beginning of a name, phone, tax code or address, in any order of words.

Every donor has its row, merged ones as well: a question asks the index and is answered with whom they are
merged into, so that a merge and its undo leave the index alone. Both dialects stand side by side here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, TextClause, text

from portal.donors.models import Donor
from portal.donors.rules import index_words
from portal.kit.db import db, is_sqlite

MOST_UNITS = 400
"""Units that are asked for inside the index; a person who sees more sees nearly everything anyway."""
COLUMNS = (
    "d.id, d.name, d.kind, d.address, d.unit_id, d.folded, d.phone_digits, d.tax_code, g.name AS found_as"
)
ROOT = "donor d ON d.id = COALESCE(g.merged_into_id, g.id) AND NOT d.withdrawn"
BY_WORDS = {
    True: text(
        f"SELECT {COLUMNS} FROM (SELECT rowid AS id FROM donor_index WHERE donor_index MATCH :wanted "  # noqa: S608
        f"ORDER BY rowid DESC LIMIT :limit) AS hit JOIN donor g ON g.id = hit.id JOIN {ROOT} ORDER BY g.id DESC"
    ),
    False: text(
        f"SELECT {COLUMNS} FROM (SELECT donor_id AS id FROM donor_index WHERE words @@ CAST(:wanted AS tsquery) "  # noqa: S608
        f"ORDER BY donor_id DESC LIMIT :limit) AS hit JOIN donor g ON g.id = hit.id JOIN {ROOT} ORDER BY g.id DESC"
    ),
}


def by_words() -> TextClause:
    """The statement of a question, with the places `wanted` (see `question`) and `limit`; newest donors first."""
    return BY_WORDS[is_sqlite()]


def question(words: Sequence[str], units: Iterable[int] | None, *, begun: bool, address: bool = False) -> str:
    """All words must be there, the last only begun when `begun`; in the name, or with `address` in either.

    `units` limits the answer (None = every unit).
    """
    last = len(words) - 1
    terms = [_term(word, begun and place == last, address) for place, word in enumerate(words)]
    if units is not None:
        here = _either(_quoted(f"u_{unit}", False) for unit in units)
        terms.append(f"({here})")
    return (" AND " if is_sqlite() else " & ").join(terms)


def find(wanted: str, limit: int) -> Sequence[Row[Any]]:
    """The donors of a `question`, newest first; one donor may come under several names."""
    return db.session.execute(by_words(), {"wanted": wanted, "limit": limit}).all()


def index_donors(donors: Iterable[Donor]) -> None:
    """Write or renew the rows of these donors."""
    put_in([_values(donor) for donor in donors])


def put_in(rows: Sequence[dict[str, Any]]) -> None:
    """The same for many: rows with id, name, address, phone_digits, tax_code, unit_id. Two statements."""
    if not rows:
        return
    values = [{"id": row["id"], "words": index_words(row)} for row in rows]
    if is_sqlite():
        values = [{**value, "words": " ".join(value["words"])} for value in values]
        db.session.execute(text("DELETE FROM donor_index WHERE rowid = :id"), values)
        db.session.execute(text("INSERT INTO donor_index (rowid, words) VALUES (:id, :words)"), values)
        return
    db.session.execute(
        text(
            "INSERT INTO donor_index (donor_id, words) VALUES (:id, array_to_tsvector(CAST(:words AS text[]))) "
            "ON CONFLICT (donor_id) DO UPDATE SET words = EXCLUDED.words"
        ),
        values,
    )


def take_out(donor_ids: Iterable[int]) -> None:
    """Forget these donors: withdrawn, or erased."""
    key = "rowid" if is_sqlite() else "donor_id"
    values = [{"id": number} for number in donor_ids]
    if values:
        db.session.execute(text(f"DELETE FROM donor_index WHERE {key} = :id"), values)  # noqa: S608


def _term(word: str, begun: bool, address: bool) -> str:
    ways = [word, f"a_{word}"] if address else [word]
    if begun and word.endswith("i"):  # "ly" is kept as "li", but may be the beginning of "lyn"
        ways += [f"{way[:-1]}y" for way in ways]
    return f"({_either(_quoted(way, begun) for way in ways)})"


def _either(terms: Iterable[str]) -> str:
    return (" OR " if is_sqlite() else " | ").join(terms)


def _quoted(word: str, begun: bool) -> str:
    if is_sqlite():
        return f'"{word}"*' if begun else f'"{word}"'
    return f"'{word}':*" if begun else f"'{word}'"


def _values(donor: Donor) -> dict[str, Any]:
    names = ("id", "name", "address", "phone_digits", "tax_code", "unit_id")
    return {name: getattr(donor, name) for name in names}
