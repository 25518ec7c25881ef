"""Albums for tests: a record with photos, without any room to the right."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.files import actions, album
from portal.files.actions_album import add_to_album
from portal.files.models import Picture
from portal.households.queries_registry import household_or_404
from portal.households.queries_registry import may_write as may_write_household
from portal.kit.db import db
from portal.kit.storage import present_storage
from tests.cast import Cast
from tests.files.photos import photo
from tests.households.builders import make_household

HOME = "/quan-ly/anh/"
KIND = "test"
ROLES = {"before": "Trước", "after": "Sau"}


@pytest.fixture
def public_records(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[int]]:
    """Households stand in for a kind of record with an album; those of the set are public."""
    shown: set[int] = set()
    subject = album.Subject(
        kind=KIND,
        name="Hộ",
        load=household_or_404,
        unit=lambda household: household.unit,
        title=lambda household: household.name,
        may_write=lambda user, household: may_write_household(user, household.unit),
        is_public=lambda number: number in shown,
        endpoint="households.show",
        argument="household_id",
        roles=ROLES,
    )
    monkeypatch.setitem(album.SUBJECTS, KIND, subject)
    yield shown


def make_photo(cast: Cast, *, role: str = "before", caption: str = "Sửa nhà", **options: Any) -> Picture:
    """A photo in the album of a household of the commune."""
    household = make_household(unit=cast.commune)
    made = actions.ready(photo(**options), present_storage())
    subject = album.SUBJECTS[KIND]
    picture = add_to_album(subject, household, made, by=cast.officer, role=role, caption=caption)
    db.session.commit()
    return picture


def files(*data: bytes, name: str = "anh.jpg") -> list[tuple[BytesIO, str]]:
    """What a form with a field for several files sends."""
    return [(BytesIO(one), name) for one in data]


def send(client: FlaskClient, household_id: int, *data: bytes, **told: Any) -> Any:
    """Bring photos to the album of a household."""
    values = {"role": "before", **told, "files": files(*data)}
    return client.post(f"{HOME}them/{KIND}/{household_id}", data=values)
