"""A batch (đợt nhập): the envelopes of an evening, typed as drafts, posted together by a second person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import Fund
from portal.people.models import User
from portal.units.models import Unit


class GiftBatch(Audited, db.Model):
    """Lines of one evening. `control_count` and `control_sum` come from the envelope (phiếu kiểm)."""

    __tablename__ = "gift_batch"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    title: Mapped[str] = mapped_column(Text(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    day: Mapped[date]  # of the lines that say no other
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # who has the cash; None = the box
    control_count: Mapped[int | None]
    control_sum: Mapped[int | None] = mapped_column(Money)  # đồng
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    handed_in_at: Mapped[datetime | None] = mapped_column(
        Moment
    )  # typing is over; waits for the second person
    posted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    posted_at: Mapped[datetime | None] = mapped_column(Moment)
    first_posting: Mapped[int | None] = mapped_column(BigKey)
    last_posting: Mapped[int | None] = mapped_column(BigKey)

    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])
    by: Mapped[User] = relationship(foreign_keys=[by_id])
    posted_by: Mapped[User | None] = relationship(foreign_keys=[posted_by_id])


class GiftDraft(db.Model):
    """One line as it was typed, right or wrong. Only drafts can be deleted; a posted one knows its document."""

    __tablename__ = "gift_draft"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("gift_batch.id"), index=True)
    place: Mapped[int]  # order of the lines; gaps are fine
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)  # column key → what was typed
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"))  # taken from the suggestions
    version: Mapped[int] = mapped_column(default=1)  # who saves an older one sees the difference
    typed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime] = mapped_column(Moment, default=now)
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"))

    batch: Mapped[GiftBatch] = relationship()
    typed_by: Mapped[User] = relationship()


class DraftEdit(db.Model):
    """What a line held before somebody saved over it: for undo, and to show who changed which cell."""

    __tablename__ = "gift_draft_edit"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    draft_id: Mapped[int] = mapped_column(BigKey, index=True)  # the draft itself may have been deleted
    batch_id: Mapped[int] = mapped_column(ForeignKey("gift_batch.id"), index=True)
    version: Mapped[int]
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    place: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    deleted: Mapped[bool] = mapped_column(default=False)
    label: Mapped[str | None] = mapped_column(Text(100))
