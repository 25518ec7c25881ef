"""Receipts: numbers beside the document's own, printing that survives a paper jam, paper books."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.donations.models import Donation
from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class Receipt(db.Model):
    """A number taken for a gift whose document has none of this series: a bank gift on request, the goods of a
    mixed gift. It follows the same gap-free series as the documents; the database refuses to change it.
    """

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    series: Mapped[str] = mapped_column(Text(10))
    series_year: Mapped[int]
    series_no: Mapped[int]
    issued_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    donation: Mapped[Donation] = relationship()

    __table_args__ = (
        db.UniqueConstraint("unit_id", "fund_id", "series", "series_year", "series_no"),
        db.UniqueConstraint("donation_id", "series"),
    )

    @property
    def paper_number(self) -> str:
        """As on the paper, "PT-0413/2026"."""
        return f"{self.series}-{self.series_no:04d}/{self.series_year}"


class PrintRun(Audited, db.Model):
    """A stack of receipts sent to the printer; `printed` tells how far it came before a jam."""

    __tablename__ = "print_run"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(Text(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    printed: Mapped[int] = mapped_column(default=0)  # the last place known to be on paper
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))  # the work that makes a large one

    by: Mapped[User] = relationship()
    lines: Mapped[list[PrintLine]] = relationship(back_populates="run", order_by="PrintLine.place")


class PrintLine(db.Model):
    """One receipt of a run. `copy` was decided when the run was made: an earlier print makes it BẢN SAO."""

    __tablename__ = "print_line"

    run_id: Mapped[int] = mapped_column(ForeignKey("print_run.id"), primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, …
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    paper: Mapped[str] = mapped_column(Text(20))  # which paper of the gift: receipts.rules.PAPERS
    copy: Mapped[bool]

    run: Mapped[PrintRun] = relationship(back_populates="lines")
    donation: Mapped[Donation] = relationship()


class ReceiptBook(Audited, db.Model):
    """A book of numbered paper receipts given to somebody who collects without a computer."""

    __tablename__ = "receipt_book"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    series: Mapped[str] = mapped_column(Text(20))  # ký hiệu
    first_no: Mapped[int]
    last_no: Mapped[int]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    holder_name: Mapped[str] = mapped_column(Text(200))
    issued_on: Mapped[date]
    returned_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text(500))

    unit: Mapped[Unit] = relationship()
    stubs: Mapped[list[ReceiptStub]] = relationship(back_populates="book", order_by="ReceiptStub.number")

    __table_args__ = (db.CheckConstraint("first_no > 0 AND last_no >= first_no", name="range"),)


class ReceiptStub(Audited, db.Model):
    """One stub of a book that is accounted for: used by a gift, or void with a reason; the rest is missing."""

    __tablename__ = "receipt_stub"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("receipt_book.id"))
    number: Mapped[int]
    donation_id: Mapped[int | None] = mapped_column(ForeignKey("donation.id"), index=True)
    void_reason: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    book: Mapped[ReceiptBook] = relationship(back_populates="stubs")
    donation: Mapped[Donation | None] = relationship()

    __table_args__ = (db.UniqueConstraint("book_id", "number"),)


class SponsorPurpose(Audited, db.Model):
    """A purpose box of the minutes that confirm a sponsorship (Biên bản xác nhận tài trợ): a closed list, as data."""

    __tablename__ = "sponsor_purpose"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(Text(300))
    basis: Mapped[str] = mapped_column(Text(300), default="")
    place: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]


class DonorPaper(Audited, db.Model):
    """A letter, an honour or minutes made for a gift: kept, so that the same text can be printed again."""

    __tablename__ = "donor_paper"
    audit_personal = {"addressee", "representative"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    what: Mapped[str] = mapped_column(Text(20))  # receipts.rules.PAPERS: thanks, honour, minutes
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    number: Mapped[str | None] = mapped_column(Text(60))  # as the office writes it
    made_on: Mapped[date]
    addressee: Mapped[str] = mapped_column(Text(200))
    address: Mapped[str | None] = mapped_column(Text(300))
    representative: Mapped[str | None] = mapped_column(Text(200))
    position: Mapped[str | None] = mapped_column(Text(200))
    tax_code: Mapped[str | None] = mapped_column(Text(20))
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("sponsor_purpose.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)

    donation: Mapped[Donation] = relationship()
    purpose: Mapped[SponsorPurpose | None] = relationship()

    __table_args__ = (Index("ix_donor_paper_what", "what", "made_on"),)
