"""Albums: pictures of a record of another room. A room to the right registers its kind of record here.

    register(Subject("distribution", "Đợt trao quà", load=distribution_or_404, …))

`load` carries the unit scope, `is_public` says whether the record stands on a public page at all: a picture is shown
to everybody only while one of its records is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from werkzeug.exceptions import NotFound

from portal.files.models import Picture, PictureLink
from portal.kit.db import db
from portal.people.models import User
from portal.units.models import Unit


class Loader(Protocol):
    """A room's own loader: a record of the person's units; raises NotFound."""

    def __call__(self, subject_id: int, /, *, for_user: User) -> Any:
        """The record."""
        ...


@dataclass(frozen=True)
class Subject:
    """A kind of record that has an album. `endpoint` with `argument` is its page; `roles`: key → name, in order."""

    kind: str
    name: str
    load: Loader
    unit: Callable[[Any], Unit]
    title: Callable[[Any], str]
    may_write: Callable[[User, Any], bool]
    is_public: Callable[[int], bool]
    endpoint: str
    argument: str
    roles: Mapping[str, str] = field(default_factory=dict)


SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Let a kind of record have albums."""
    SUBJECTS[subject.kind] = subject


class Shown(NamedTuple):
    """A picture of an album and its part there, in words ("" without)."""

    picture: Picture
    role: str


class Album(NamedTuple):
    """The pictures of a record as `files/_album.html` draws them; `may_add`: the person may bring more."""

    kind: str
    subject_id: int
    shown: list[Shown]
    may_add: bool

    @property
    def public(self) -> int:
        """How many of them everybody sees."""
        return sum(one.picture.public_sha is not None for one in self.shown)


class Home(NamedTuple):
    """A record that a picture belongs to, as one person sees it."""

    link: PictureLink
    subject: Subject
    record: Any
    may_write: bool

    @property
    def role(self) -> str:
        """The picture's part there, in words."""
        return self.subject.roles.get(self.link.role, "")


def subject_or_404(kind: str, subject_id: int, *, for_user: User) -> tuple[Subject, Any]:
    """A registered kind and a record of it that the person sees. Raises NotFound."""
    subject = SUBJECTS.get(kind)
    if subject is None:
        raise NotFound
    return subject, subject.load(subject_id, for_user=for_user)


def pictures_of(kind: str, subject_id: int) -> list[Shown]:
    """The album of a record that the caller has loaded: by part, then by day; withdrawn ones are left out."""
    roles = SUBJECTS[kind].roles
    order = {role: place for place, role in enumerate(roles)}
    found = list(db.session.scalars(_links(kind, subject_id).where(Picture.withdrawn.is_(None))))
    found.sort(
        key=lambda link: (order.get(link.role, len(order)), link.picture.taken_on or date.max, link.id)
    )
    return [Shown(link.picture, roles.get(link.role, "")) for link in found]


def album_of(kind: str, subject_id: int, record: Any, *, for_user: User) -> Album:
    """The album of a record that the caller has loaded for this person. One statement."""
    may_add = SUBJECTS[kind].may_write(for_user, record)
    return Album(kind, subject_id, pictures_of(kind, subject_id), may_add)


def public_pictures(kind: str, subject_id: int) -> Sequence[Picture]:
    """What everybody may see of a record, none while the record itself is not public."""
    subject = SUBJECTS[kind]
    if not subject.is_public(subject_id):
        return []
    wanted = _links(kind, subject_id).where(Picture.withdrawn.is_(None), Picture.public_sha.is_not(None))
    return [link.picture for link in db.session.scalars(wanted.order_by(PictureLink.id))]


def _links(kind: str, subject_id: int) -> Any:
    wanted = select(PictureLink).join(PictureLink.picture).options(contains_eager(PictureLink.picture))
    return wanted.where(PictureLink.kind == kind, PictureLink.subject_id == subject_id).order_by(
        PictureLink.id
    )


def homes_of(picture: Picture, *, for_user: User) -> list[Home]:
    """The records of a picture that the person sees."""
    found = []
    for link in db.session.scalars(select(PictureLink).where(PictureLink.picture_id == picture.id)):
        subject = SUBJECTS.get(link.kind)
        if subject is None:
            continue
        try:
            record = subject.load(link.subject_id, for_user=for_user)
        except NotFound:
            continue
        found.append(Home(link, subject, record, subject.may_write(for_user, record)))
    return found


def public_picture_or_404(sha256: str) -> Picture:
    """The picture whose public copy bears this name, while one of its records is public. Raises NotFound."""
    wanted = select(Picture).where(Picture.public_sha == sha256, Picture.withdrawn.is_(None))
    picture = db.session.scalar(wanted)
    if picture is None or not is_home_public(picture):
        raise NotFound
    return picture


def is_home_public(picture: Picture) -> bool:
    """Whether some record of the picture stands on a public page."""
    links = db.session.scalars(select(PictureLink).where(PictureLink.picture_id == picture.id))
    return any(link.kind in SUBJECTS and SUBJECTS[link.kind].is_public(link.subject_id) for link in links)
