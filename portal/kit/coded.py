"""Records that people name in the text of a transfer: each gets its code when it is made and keeps it for ever."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from sqlalchemy import Connection, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.kit.db import Text, db
from portal.kit.transfer_codes import LENGTH, make_code

AT_ONCE = 1_000  # codes asked for in one statement


class HasTransferCode:
    """`transfer_code`: one of `kit.transfer_codes`, of the model's `transfer_kind`; the database keeps it unique.

    Rows that are inserted many at a time bring theirs along: `new_codes`.
    """

    transfer_kind: ClassVar[str]

    @declared_attr
    def transfer_code(cls) -> Mapped[str]:  # noqa: N805
        """Drawn when the record is inserted."""
        return mapped_column(Text(LENGTH), unique=True, default=_one_for(cls))


def _one_for(model: Any) -> Callable[[Any], str]:
    def draw(context: Any) -> str:
        return _draw(model, 1, context.connection)[0]

    return draw


def new_codes(model: type[HasTransferCode], count: int) -> list[str]:
    """So many codes that no record of the model bears yet."""
    return _draw(model, count, db.session.connection())


def _draw(model: Any, count: int, connection: Connection) -> list[str]:
    column = model.__table__.c.transfer_code
    drawn: set[str] = set()
    while (missing := count - len(drawn)) > 0:
        some = {
            make_code(model.transfer_kind, secrets.token_hex(16), is_taken=drawn.__contains__)
            for _ in range(min(missing, AT_ONCE))
        }
        drawn |= some - set(connection.scalars(select(column).where(column.in_(some))))
    return list(drawn)
