"""What of the pictures waits for a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from portal.files.models import Picture
from portal.files.pictures import PHOTO
from portal.files.queries import LOOKERS
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import WEEK, Work
from portal.people.models import User
from portal.people.queries import units_for

UNSEEN = "chua"


def _told(waiting: Waiting) -> Work:
    only = waiting.count == 1
    return Work(
        WEEK,
        waiting.count,
        "Ảnh chưa ai xem có mặt người được giúp hay không",
        waiting.name if only else "Chưa xem thì không công khai được",
        "Chờ xem",
        "neutral",
        "Xem ảnh",
        "files.look" if only else "files.index",
        {"picture_id": waiting.first} if only else {"xem": UNSEEN},
    )


@waits("files.look", _told)
def unseen(user: User) -> Select[Any]:
    """Photos that nobody has looked at. Scans do not wait: they are papers, and seldom meant for everybody."""
    mine = Picture.unit_id.in_(units_for(user, *LOOKERS))
    return ask(Picture.id, name=Picture.caption).where(
        mine, Picture.what == PHOTO, Picture.people_shown.is_(None), Picture.withdrawn.is_(None)
    )
