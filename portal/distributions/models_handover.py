"""Hand-over: printed sheets, their scans, the settling of what was handed out, and the verification afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.advances.models import Settlement
from portal.distributions.models import Distribution, DistributionRow
from portal.files.models import Picture
from portal.goods.models import Store
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.people.models import User


class HandoverAnswer(db.Model):
    """What somebody told of a row at the hand-over, once per `key`: a resend finds it. Never changed; the last one holds.

    `outcome` None takes the answer before it back. The row itself carries what holds; its event tells people.
    """

    __tablename__ = "distribution_answer"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"), index=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("distribution_row.id"), index=True)
    key: Mapped[str] = mapped_column(Text(80), unique=True)  # made by the page that asked
    outcome: Mapped[str | None] = mapped_column(Text(10))
    outcome_on: Mapped[date | None]
    proxy_name: Mapped[str | None] = mapped_column(Text(200))
    proxy_relation: Mapped[str | None] = mapped_column(Text(100))
    note: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    row: Mapped[DistributionRow] = relationship()
    by: Mapped[User | None] = relationship()


class Sheet(Audited, db.Model):
    """One page of the danh sách ký nhận, as printed: rows `first`–`last` of the list. `code` stands in its QR.

    Pages printed before (of another edition) stay: a signed old page still finds its list.
    """

    __tablename__ = "distribution_sheet"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"))
    edition: Mapped[int]  # 1, 2, … a new one whenever the rows on the pages change
    page: Mapped[int]  # 1, 2, …
    pages: Mapped[int]
    first: Mapped[int]  # ordinal of its first row
    last: Mapped[int]
    code: Mapped[str] = mapped_column(Text(20), unique=True)
    printed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    distribution: Mapped[Distribution] = relationship()

    __table_args__ = (db.UniqueConstraint("distribution_id", "edition", "page"),)


class SheetScan(Audited, db.Model):
    """A scan or photo of a signed page. `sheet_id` None = its QR was not read: a person files it by hand."""

    __tablename__ = "distribution_scan"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(
        ForeignKey("distribution.id"), index=True
    )  # where it was uploaded
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("distribution_sheet.id"), index=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"), index=True)  # of one page
    origin: Mapped[str] = mapped_column(Text(300))  # name of the uploaded file, and its page
    problem: Mapped[str | None] = mapped_column(Text(300))  # why it was not filed by itself
    by_hand: Mapped[bool] = mapped_column(default=False)
    dropped: Mapped[str | None] = mapped_column(
        Text(300)
    )  # why it does not count: blank, a copy, another list
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    distribution: Mapped[Distribution] = relationship()
    sheet: Mapped[Sheet | None] = relationship()
    picture: Mapped[Picture] = relationship()


class HandoverSettlement(Audited, db.Model):
    """What an officer gives an account of, once or in parts: its rows, the money's settlement, the goods' documents."""

    __tablename__ = "distribution_settlement"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"), index=True)
    settlement_id: Mapped[int | None] = mapped_column(ForeignKey("advance_settlement.id"), unique=True)
    settled_on: Mapped[date]
    papers: Mapped[str] = mapped_column(Text(300), default="")  # what it rests on: signed sheets
    state: Mapped[str] = mapped_column(Text(10), default="asked")  # asked, approved, refused, reversed
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(Text(500))

    distribution: Mapped[Distribution] = relationship()
    settlement: Mapped[Settlement | None] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    rows: Mapped[list[SettledRow]] = relationship(back_populates="settlement", order_by="SettledRow.id")


class SettledRow(db.Model):
    """A row of the list in a settlement, with the outcome it was settled by."""

    __tablename__ = "distribution_settled_row"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("distribution_settlement.id"))
    row_id: Mapped[int] = mapped_column(ForeignKey("distribution_row.id"), index=True)
    outcome: Mapped[str] = mapped_column(Text(10))
    amount: Mapped[int | None] = mapped_column(
        Money
    )  # đồng that the officer took along for it; None = no money

    settlement: Mapped[HandoverSettlement] = relationship(back_populates="rows")
    row: Mapped[DistributionRow] = relationship()

    __table_args__ = (db.UniqueConstraint("settlement_id", "row_id"),)


class SettledGoods(Audited, db.Model):
    """A store document that a settlement has made: goods given, put aside for the absent, back in the store."""

    __tablename__ = "distribution_settled_goods"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    settlement_id: Mapped[int] = mapped_column(ForeignKey("distribution_settlement.id"), index=True)


class KeptPortion(Audited, db.Model):
    """Goods of a household that was absent, kept by name in a store of what is put aside, until given or returned."""

    __tablename__ = "distribution_kept"
    audit_personal = {"taken_by", "relation", "reason"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("distribution_row.id"), index=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("distribution_settlement.id"), index=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))  # where it lies
    since: Mapped[date]
    void: Mapped[bool] = mapped_column(default=False)  # its settlement was reversed
    ended: Mapped[str | None] = mapped_column(Text(10))  # given, returned
    ended_on: Mapped[date | None]
    taken_by: Mapped[str | None] = mapped_column(Text(200))  # who took it, when not the household itself
    relation: Mapped[str | None] = mapped_column(Text(100))
    reason: Mapped[str | None] = mapped_column(Text(500))  # why it went back
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    end_number: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.number"), unique=True)

    row: Mapped[DistributionRow] = relationship()
    store: Mapped[Store] = relationship()
    by: Mapped[User | None] = relationship()


class VerificationDraw(Audited, db.Model):
    """Whom to ask afterwards: `size` rows drawn by `seed` out of those that were handed something (None = all)."""

    __tablename__ = "distribution_draw"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"), index=True)
    size: Mapped[int | None]
    seed: Mapped[int | None] = mapped_column(BigInteger)  # so that the draw can be repeated
    among: Mapped[int]  # how many there were to draw from
    drawn_at: Mapped[datetime] = mapped_column(Moment, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    distribution: Mapped[Distribution] = relationship()
    by: Mapped[User | None] = relationship()


class NameConsent(Audited, db.Model):
    """A household of the list agrees that its name is shown: who said so, when, on which paper."""

    __tablename__ = "distribution_consent"
    audit_personal = {"given_by", "paper"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("distribution_row.id"), index=True)
    given_by: Mapped[str] = mapped_column(Text(200))
    given_on: Mapped[date]
    paper: Mapped[str] = mapped_column(Text(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    withdrawn: Mapped[str | None] = mapped_column(Text(300))  # why it does not hold any more

    row: Mapped[DistributionRow] = relationship()
    by: Mapped[User | None] = relationship()


class Verification(Audited, db.Model):
    """Hậu kiểm: somebody goes to a household of the list (all, or a random sample) and asks what it received."""

    __tablename__ = "distribution_verification"
    audit_personal = {"note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("distribution_row.id"), unique=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("distribution_draw.id"), index=True)
    verified_on: Mapped[date | None]
    verdict: Mapped[str | None] = mapped_column(Text(12))  # rules.VERDICTS: right, less, nothing, not_met
    note: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    row: Mapped[DistributionRow] = relationship()
    draw: Mapped[VerificationDraw] = relationship()
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
