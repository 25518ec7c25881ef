"""Putting pictures into albums and taking them out. Flushes; the caller commits."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from portal.files.actions import Ready, keep_picture
from portal.files.album import SUBJECTS, Subject
from portal.files.models import Picture, PictureLink
from portal.files.pictures import PHOTO
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.people.models import User

NO_ROLE = "Chưa chọn ảnh chụp lúc nào. Chọn một mục."


def add_to_album(
    subject: Subject,
    record: Any,
    made: Ready,
    *,
    by: User,
    role: str = "",
    caption: str = "",
    taken_on: date | None = None,
) -> Picture:
    """A new photo of a record; the same bytes brought once more are the photo that is there already.

    Raises Refused (fields role, taken_on).
    """
    known = _known(subject.kind, record.id, made.sha256)
    if known is not None:
        return known
    picture = keep_picture(subject.unit(record), PHOTO, made, by=by, caption=caption, taken_on=taken_on)
    attach(picture, subject.kind, record.id, role=role, by=by)
    return picture


def attach(picture: Picture, kind: str, subject_id: int, *, role: str = "", by: User | None) -> PictureLink:
    """The picture belongs to this record as well; a second time changes its part only. Raises Refused (role)."""
    roles = SUBJECTS[kind].roles
    if roles and role not in roles:
        raise Refused(NO_ROLE, "role")
    here = (
        PictureLink.picture_id == picture.id,
        PictureLink.kind == kind,
        PictureLink.subject_id == subject_id,
    )
    link = db.session.scalar(select(PictureLink).where(*here))
    if link is None:
        link = PictureLink(
            picture_id=picture.id, kind=kind, subject_id=subject_id, by_id=by.id if by else None
        )
        db.session.add(link)
    link.role = role
    db.session.flush()
    return link


def _known(kind: str, subject_id: int, sha256: str) -> Picture | None:
    return db.session.scalar(
        select(Picture)
        .join(PictureLink, PictureLink.picture_id == Picture.id)
        .where(
            PictureLink.kind == kind,
            PictureLink.subject_id == subject_id,
            Picture.file_sha == sha256,
            Picture.withdrawn.is_(None),
        )
    )
