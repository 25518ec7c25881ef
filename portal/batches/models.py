"""A batch (đợt nhập): the envelopes of an evening, typed as drafts, posted together by a second person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.goods.models import Store
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import BankAccount, Fund
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
    form: Mapped[str] = mapped_column(Text(10), default="cash", server_default="cash")  # as `day`
    columns: Mapped[list[Any]] = mapped_column(JSON, default=list)  # shown beside the usual ones (keys)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # who has the cash; None = the box
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))  # of its transfers
    store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"))  # None = only written down
    counted_by: Mapped[str | None] = mapped_column(Text(200))  # who counted the envelope, as its slip says
    control_count: Mapped[int | None]
    control_sum: Mapped[int | None] = mapped_column(Money)  # đồng
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    handed_in_at: Mapped[datetime | None] = mapped_column(
        Moment
    )  # typing is over; waits for the second person
    handed_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # sent back to be mended
    returned_reason: Mapped[str | None] = mapped_column(Text(500))
    posted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    posted_at: Mapped[datetime | None] = mapped_column(Moment)
    first_posting: Mapped[int | None] = mapped_column(BigKey)
    last_posting: Mapped[int | None] = mapped_column(BigKey)
    discarded_at: Mapped[datetime | None] = mapped_column(Moment)  # not posted, and not going to be
    discarded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    discard_reason: Mapped[str | None] = mapped_column(Text(500))

    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    holder: Mapped[User | None] = relationship(foreign_keys=[holder_id])
    by: Mapped[User] = relationship(foreign_keys=[by_id])
    handed_in_by: Mapped[User | None] = relationship(foreign_keys=[handed_in_by_id])
    returned_by: Mapped[User | None] = relationship(foreign_keys=[returned_by_id])
    posted_by: Mapped[User | None] = relationship(foreign_keys=[posted_by_id])
    discarded_by: Mapped[User | None] = relationship(foreign_keys=[discarded_by_id])
    bank_account: Mapped[BankAccount | None] = relationship()
    store: Mapped[Store | None] = relationship()


class GiftDraft(db.Model):
    """One line as it was typed, right or wrong. Only drafts can be deleted; a posted one knows its document.

    `form`, `amount`, `day`, `name_key` and `faults` are what the cells were read as when the line was saved.
    """

    __tablename__ = "gift_draft"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("gift_batch.id"), index=True)
    key: Mapped[str] = mapped_column(Text(60))  # given by the page: the same line sent twice is one line
    place: Mapped[int] = mapped_column(BigInteger)  # order of the lines; gaps are fine
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)  # column key → what was typed
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"))  # taken from the suggestions
    version: Mapped[int] = mapped_column(default=1)  # who saves an older one sees the difference
    typed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime] = mapped_column(Moment, default=now)
    form: Mapped[str | None] = mapped_column(Text(10))
    amount: Mapped[int | None] = mapped_column(Money)  # đồng
    day: Mapped[date | None]
    name_key: Mapped[str | None] = mapped_column(Text(200))  # folded name, for twins; None = not known
    faults: Mapped[int] = mapped_column(default=0, server_default="0")  # cells that cannot be read
    kept_twin: Mapped[bool] = mapped_column(default=False, server_default="0")  # "Đúng, giữ cả hai"
    posting_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"))

    batch: Mapped[GiftBatch] = relationship()
    typed_by: Mapped[User] = relationship()

    __table_args__ = (db.UniqueConstraint("batch_id", "key"),)


class DraftEdit(db.Model):
    """What a line held before somebody saved over it: for undo, and to show who changed which cell.

    Version 0 = the line did not exist before. `act` binds the lines of one paste. Draft 0 = the batch's head.
    """

    __tablename__ = "gift_draft_edit"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    draft_id: Mapped[int] = mapped_column(BigKey, index=True)  # the draft itself may have been deleted
    batch_id: Mapped[int] = mapped_column(ForeignKey("gift_batch.id"), index=True)
    version: Mapped[int]
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    place: Mapped[int] = mapped_column(BigInteger)
    donor_id: Mapped[int | None] = mapped_column(BigKey)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    deleted: Mapped[bool] = mapped_column(default=False)
    undone: Mapped[bool] = mapped_column(default=False)
    act: Mapped[str] = mapped_column(Text(60))
    label: Mapped[str | None] = mapped_column(Text(100))
