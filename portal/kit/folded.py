"""Comparing a column without accents inside the database, where no index of words exists.

Staff look for names within their unit this way. `folded(column)` is SQL on PostgreSQL and a function of ours
on SQLite; both give `vietnamese.key_of` of the text.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import ColumnElement, Engine, String, and_, event, false
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from portal.kit.vietnamese import key_of

MAX_WORDS = 12
_LATIN = [chr(code) for start, end in ((0xC0, 0x250), (0x1E00, 0x1F00)) for code in range(start, end)]
_PLAIN = {letter: key_of(letter) for letter in _LATIN if len(key_of(letter)) == 1}


class folded(FunctionElement[str]):  # noqa: N801  (reads as an SQL function)
    """ASCII, lower case, no accents, "_" for everything else. Missing stays missing."""

    type = String()
    inherit_cache = True


@compiles(folded, "sqlite")
def _sqlite(element: Any, compiler: Any, **kwargs: Any) -> str:
    return f"fold_key({compiler.process(element.clauses, **kwargs)})"


@compiles(folded, "postgresql")
def _postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    text = compiler.process(element.clauses, **kwargs)
    letters, plain = "".join(_PLAIN), "".join(_PLAIN.values())
    return f"regexp_replace(lower(translate({text}, '{letters}', '{plain}')), '[^a-z0-9]+', '_', 'g')"


@event.listens_for(Engine, "connect")
def _teach_sqlite(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("fold_key", 1, _key_or_none, deterministic=True)


def _key_or_none(text: str | None) -> str | None:
    return None if text is None else key_of(text)


def has_words(text: Any, query: str) -> ColumnElement[bool]:
    """Condition: the text holds every word of the query, in any order, accents or not; no word, no row."""
    words = [word for word in key_of(query).split("_") if word][:MAX_WORDS]
    column = folded(text)
    return and_(*(column.contains(word, autoescape=True) for word in words)) if words else false()
