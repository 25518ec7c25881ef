"""Stored files (by SHA-256) and pictures: photos and scans with what was decided about showing them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.people.models import User
from portal.units.models import Unit


class StoredFile(db.Model):
    """A file of the instance's store: re-encoded pictures and brought papers. Never changed; its bytes name it."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(Text(64), primary_key=True)
    kind: Mapped[str] = mapped_column(Text(60))  # image/jpeg, image/png, application/pdf
    size: Mapped[int]  # bytes
    kept_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Picture(Audited, db.Model):
    """A photo or a scan of a unit. Nobody outside sees it unless `public_sha` is set: a copy of its own.

    `people_shown`: faces of beneficiaries are on it, so it needs `consent` (whose, when, on which paper).
    `redactions`: rectangles burnt into the public copy, as fractions of width and height.
    """

    __tablename__ = "picture"
    audit_personal = {"caption", "consent"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    what: Mapped[str] = mapped_column(Text(10))  # photo, scan
    file_sha: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    width: Mapped[int]
    height: Mapped[int]
    caption: Mapped[str] = mapped_column(Text(300), default="")
    taken_on: Mapped[date | None]
    people_shown: Mapped[bool | None]  # None = nobody has looked yet
    consent: Mapped[str | None] = mapped_column(Text(500))
    redactions: Mapped[list[Any] | None] = mapped_column(JSON)
    public_sha: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn: Mapped[str | None] = mapped_column(Text(300))  # why it is no longer shown to anybody
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    unit: Mapped[Unit] = relationship()
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])


class PictureLink(Audited, db.Model):
    """A picture belongs to a record of another room: `kind` names the room's subject (files.album), `role` its part.

    The pair is no foreign key, because rooms to the right own the tables; the room's loader finds the record.
    """

    __tablename__ = "picture_link"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"))
    kind: Mapped[str] = mapped_column(Text(30))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    role: Mapped[str] = mapped_column(Text(30), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    picture: Mapped[Picture] = relationship()

    __table_args__ = (
        db.UniqueConstraint("picture_id", "kind", "subject_id"),
        Index("ix_picture_link_subject", "kind", "subject_id"),
    )
