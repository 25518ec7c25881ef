"""Keeping and showing pictures. Flushes; the caller commits.

Work on dots and files is done before the write transaction: `ready` and `made_public` touch no table. Bytes
that a change leaves without a row are dropped after the commit (`sweep`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, exists, or_, select, text

from portal.files.copies import public_copy
from portal.files.models import Picture, StoredFile
from portal.files.pictures import PHOTO, SCAN, CleanPicture, clean
from portal.files.rules import GONE, NOT_SAID, boxes_of, check_shown, checked_boxes
from portal.kit.days import today_in_vietnam
from portal.kit.db import Moment, db, now
from portal.kit.errors import Refused
from portal.kit.seen import lock_row
from portal.kit.storage import Storage, read
from portal.people.models import User
from portal.units.models import Unit

_KEEP = text(
    "INSERT INTO stored_file (sha256, kind, size, kept_at) VALUES (:sha256, :kind, :size, :at)"
    " ON CONFLICT (sha256) DO NOTHING"
).bindparams(bindparam("at", type_=Moment()))

CHANGED = "Người khác vừa sửa ảnh này. Xem lại bản xem trước rồi công khai lần nữa."
NOT_KEPT = "Tệp của ảnh này không còn trong kho của cổng. Người quản trị kiểm tra kho. Chạy: portal verify"


@dataclass(frozen=True)
class Ready:
    """A clean picture whose bytes lie in the store already; no row knows of it yet."""

    sha256: str
    size: int
    kind: str
    width: int
    height: int
    taken_on: date | None = None


def ready(data: bytes, storage: Storage, *, name: str = "ảnh", what: str = PHOTO) -> Ready:
    """Clean brought bytes and put them into the store. Call before the write transaction. Raises Refused."""
    return ready_of(clean(data, name=name, what=what), storage)


def ready_of(picture: CleanPicture, storage: Storage) -> Ready:
    """The same of a picture that is clean already, such as a page of `pages_of`."""
    name = storage.keep(picture.data)
    return Ready(name, len(picture.data), picture.kind, picture.width, picture.height, picture.taken_on)


def keep_picture(
    unit: Unit,
    what: str,
    made: Ready,
    *,
    by: User | None,
    caption: str = "",
    taken_on: date | None = None,
) -> Picture:
    """A picture of a unit, which nobody outside sees. Without `taken_on` the camera's own day holds.

    Raises Refused (field taken_on) for a day in the future.
    """
    if what not in (PHOTO, SCAN):
        raise ValueError(what)
    day = _checked_day(taken_on) or made.taken_on
    keep_row(made.sha256, made.kind, made.size)
    picture = Picture(
        unit_id=unit.id,
        what=what,
        file_sha=made.sha256,
        width=made.width,
        height=made.height,
        caption=caption,
        taken_on=day,
        by_id=by.id if by else None,
    )
    db.session.add(picture)
    db.session.flush()
    return picture


def describe(picture: Picture, *, caption: str, taken_on: date | None) -> None:
    """Change what is said about a picture. Raises Refused (field taken_on)."""
    _check_there(picture)
    picture.caption, picture.taken_on = caption, _checked_day(taken_on)
    db.session.flush()


def look(
    picture: Picture, *, people_shown: bool | None, consent: str | None, boxes: Iterable[Sequence[float]]
) -> list[str]:
    """Somebody has looked: whether faces of beneficiaries can be recognised, under whose consent, what to cover.

    A public copy made before is taken down, since it may show otherwise. Returns names of files to `sweep`.
    Faces without consent may be noted, only not published. Raises Refused (fields people_shown, boxes).
    """
    if people_shown is None:
        raise Refused(NOT_SAID, "people_shown")
    lock_row(picture)
    _check_there(picture)
    picture.people_shown, picture.consent = people_shown, consent
    picture.redactions = [list(box) for box in checked_boxes(boxes)]
    return unpublish(picture)


@dataclass(frozen=True)
class MadePublic:
    """A public copy in the store, and the original and rectangles that it was made from."""

    ready: Ready
    file_sha: str
    redactions: list[list[float]]


def original(picture: Picture, storage: Storage) -> bytes:
    """The bytes of a picture. Raises Refused when they are missing."""
    try:
        return read(storage, picture.file_sha)
    except FileNotFoundError:
        raise Refused(NOT_KEPT) from None


def preview(picture: Picture, storage: Storage) -> CleanPicture:
    """The copy as everybody would see it. Raises Refused."""
    return public_copy(original(picture, storage), boxes_of(picture.redactions))


def made_public(picture: Picture, storage: Storage) -> MadePublic:
    """Make the copy with the rectangles burnt in and put it into the store. Call before the write transaction.

    Raises Refused when nobody has looked, when consent is missing, and for a damaged original.
    """
    check_public(picture)
    redactions = [list(box) for box in boxes_of(picture.redactions)]
    return MadePublic(ready_of(preview(picture, storage), storage), picture.file_sha, redactions)


def publish(picture: Picture, made: MadePublic, *, by: User) -> list[str]:
    """Show the copy to everybody. Returns names of files to `sweep`: those of the copy before.

    Raises Refused when the picture was changed since the copy was made.
    """
    lock_row(picture)
    check_public(picture)
    present = [list(box) for box in boxes_of(picture.redactions)]
    if (picture.file_sha, present) != (made.file_sha, made.redactions):
        raise Refused(CHANGED)
    before = unpublish(picture)
    keep_row(made.ready.sha256, made.ready.kind, made.ready.size)
    picture.public_sha = made.ready.sha256
    picture.published_by_id, picture.published_at = by.id, now()
    db.session.flush()
    return before


def unpublish(picture: Picture) -> list[str]:
    """Nobody outside sees it any more. Returns names of files to `sweep` after the commit."""
    name, picture.public_sha = picture.public_sha, None
    picture.published_by_id = picture.published_at = None
    db.session.flush()
    return _without_row([name]) if name else []


def withdraw(picture: Picture, *, reason: str) -> list[str]:
    """Nobody sees it any more, within or without; the original stays in the store. Returns names to `sweep`."""
    _check_there(picture)
    picture.withdrawn = reason
    return unpublish(picture)


def sweep(names: Iterable[str], storage: Storage) -> None:
    """Drop bytes that no row needs. Call after the commit: a rolled back change needs them still."""
    for name in names:
        storage.drop(name)


def check_public(picture: Picture) -> None:
    """Whether the picture may be shown to everybody. Raises Refused: nobody looked, consent or covers missing."""
    _check_there(picture)
    boxes = boxes_of(picture.redactions)
    check_shown(picture.people_shown, picture.consent, is_scan=picture.what == SCAN, boxes=boxes)


def _check_there(picture: Picture) -> None:
    if picture.withdrawn:
        raise Refused(GONE)


def _checked_day(day: date | None) -> date | None:
    if day is not None and day > today_in_vietnam():
        raise Refused("Ngày chụp ở tương lai. Sửa lại ngày, hoặc để trống.", "taken_on")
    return day


def keep_row(sha256: str, kind: str, size: int) -> None:
    """Note that the store holds a file; two people may keep the same bytes at once."""
    db.session.execute(_KEEP, {"sha256": sha256, "kind": kind, "size": size, "at": now()})


def _without_row(names: Sequence[str]) -> list[str]:
    """Take the rows of files away that no picture names; returns those."""
    free = []
    for name in names:
        named = exists().where(or_(Picture.file_sha == name, Picture.public_sha == name))
        row = db.session.scalar(select(StoredFile).where(StoredFile.sha256 == name, ~named))
        if row is not None:
            db.session.delete(row)
            free.append(name)
    db.session.flush()
    return free
