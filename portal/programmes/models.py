"""Results of programmes that the fund does not pay for itself: insurance, loans, training, houses reported as totals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.db import BigKey, Money, Text, db
from portal.kit.numbers import Versioned
from portal.units.models import Unit


class ProgrammeResult(Versioned, db.Model):
    """What a unit reports of one programme and source in one period; None = not given."""

    __tablename__ = "programme_result"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    programme: Mapped[str] = mapped_column(Text(200))
    programme_key: Mapped[str] = mapped_column(Text(200))  # vietnamese.key_of(programme)
    kind: Mapped[str] = mapped_column(Text(40))  # programmes.rules.KINDS, key form: tin_dung, day_nghe, …
    source: Mapped[str] = mapped_column(Text(200), default="")
    target: Mapped[Decimal | None] = mapped_column(Numeric(18, 3))
    actual: Mapped[Decimal | None] = mapped_column(Numeric(18, 3))
    measure: Mapped[str | None] = mapped_column(Text(40))
    households: Mapped[int | None]
    people: Mapped[int | None]
    amount: Mapped[int | None] = mapped_column(Money)
    qualifier: Mapped[str | None] = mapped_column(Text(20))  # gần, trên, khoảng: belongs to the amount
    cumulative: Mapped[bool] = mapped_column(default=False)  # lũy kế: the latest counts, never summed
    note: Mapped[str | None] = mapped_column(Text(1000))

    unit: Mapped[Unit] = relationship()

    __table_args__ = (Index("ix_programme_result_unit", "unit_id", "starts_on"),)
