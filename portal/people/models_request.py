"""What one person asks and another answers: the columns that `ledger.asking.take_answer` writes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.kit.db import Moment, Text, now
from portal.people.models import User


class Request:
    """Who asked and when; who answered, when and how. `approved` None = nobody has answered."""

    requested_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    requested_at: Mapped[datetime] = mapped_column(Moment, default=now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    approved: Mapped[bool | None]
    answer: Mapped[str | None] = mapped_column(Text(1000))

    @declared_attr
    def requested_by(cls) -> Mapped[User]:  # noqa: N805
        """Who asked."""
        return relationship(foreign_keys=[cls.requested_by_id])  # type: ignore[list-item]

    @declared_attr
    def decided_by(cls) -> Mapped[User | None]:  # noqa: N805
        """Who answered."""
        return relationship(foreign_keys=[cls.decided_by_id])  # type: ignore[list-item]
