"""Pictures are kept, looked at, shown to everybody as a copy with covers burnt in, and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import Config
from portal.files import actions
from portal.files.models import Picture, StoredFile
from portal.files.pictures import SCAN
from portal.kit.audit import AuditEntry, AuditValue
from portal.kit.days import today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.storage import Storage, read, storage_of
from tests.cast import Cast
from tests.files.photos import photo

MIDDLE = [[0.25, 0.25, 0.5, 0.5]]


@pytest.fixture
def storage(config: Config) -> Storage:
    return storage_of(config)


@pytest.fixture
def picture(db_session: Session, cast: Cast, storage: Storage) -> Picture:
    made = actions.ready(photo(), storage)
    return actions.keep_picture(cast.commune, "photo", made, by=cast.officer, caption="Trao quà")


def show(picture: Picture, storage: Storage, by: Cast, boxes: list[list[float]] = MIDDLE) -> list[str]:
    actions.look(picture, people_shown=False, consent=None, boxes=boxes)
    return actions.publish(picture, actions.made_public(picture, storage), by=by.chair)


def test_a_kept_picture_is_seen_by_nobody_outside(picture: Picture, storage: Storage, cast: Cast) -> None:
    assert picture.public_sha is None and picture.people_shown is None
    assert (picture.width, picture.height, picture.taken_on) == (800, 600, date(2026, 11, 20))
    assert picture.unit_id == cast.commune.id and picture.by_id == cast.officer.id
    assert b"GPS" not in read(storage, picture.file_sha)


def test_the_same_picture_twice_is_one_file(
    db_session: Session, cast: Cast, storage: Storage, picture: Picture
) -> None:
    made = actions.ready(photo(), storage)
    second = actions.keep_picture(cast.commune, "photo", made, by=cast.officer)
    assert second.file_sha == picture.file_sha and second.id != picture.id
    assert db_session.scalar(select(func.count()).select_from(StoredFile)) == 1
    assert len(list(storage.names())) == 1


def test_the_day_that_is_typed_wins(db_session: Session, cast: Cast, storage: Storage) -> None:
    made = actions.ready(photo(), storage, what=SCAN)
    kept = actions.keep_picture(cast.commune, SCAN, made, by=None, taken_on=date(2026, 11, 1))
    assert kept.taken_on == date(2026, 11, 1)
    with pytest.raises(Refused, match="tương lai"):
        actions.keep_picture(
            cast.commune, SCAN, made, by=None, taken_on=today_in_vietnam() + timedelta(days=1)
        )


def test_nothing_is_public_that_nobody_has_looked_at(picture: Picture, storage: Storage) -> None:
    with pytest.raises(Refused, match="Chưa ai xem"):
        actions.made_public(picture, storage)
    with pytest.raises(Refused, match="Chưa trả lời") as refused:
        actions.look(picture, people_shown=None, consent=None, boxes=[])
    assert refused.value.field == "people_shown"


@pytest.mark.parametrize("consent", [None, "", "   "])
def test_faces_need_consent(picture: Picture, storage: Storage, consent: str | None) -> None:
    actions.look(picture, people_shown=True, consent=consent, boxes=[])
    with pytest.raises(Refused, match="chưa ghi ai đồng ý") as refused:
        actions.made_public(picture, storage)
    assert refused.value.field == "consent" and picture.public_sha is None


def test_a_scan_is_shown_only_with_something_covered(
    db_session: Session, cast: Cast, storage: Storage
) -> None:
    made = actions.ready(photo(), storage, what=SCAN)
    scan = actions.keep_picture(cast.commune, SCAN, made, by=cast.officer)
    actions.look(scan, people_shown=False, consent=None, boxes=[])
    with pytest.raises(Refused, match="Che các chỗ đó trước"):
        actions.made_public(scan, storage)
    actions.look(scan, people_shown=False, consent=None, boxes=MIDDLE)
    actions.publish(scan, actions.made_public(scan, storage), by=cast.chair)
    assert scan.public_sha


def test_covers_are_burnt_into_a_file_of_its_own(
    picture: Picture, storage: Storage, cast: Cast, db_session: Session
) -> None:
    assert show(picture, storage, cast) == []
    assert picture.public_sha not in (None, picture.file_sha)
    copy = Image.open(BytesIO(read(storage, str(picture.public_sha))))
    assert copy.size == (800, 600) and not dict(copy.getexif())
    for place in ((205, 155), (400, 300), (595, 445)):
        assert max(copy.getpixel(place)) < 60  # type: ignore[type-var,arg-type]
    assert copy.getpixel((100, 300))[0] > 120  # type: ignore[index]
    first = Image.open(BytesIO(read(storage, picture.file_sha)))
    assert max(first.getpixel((300, 300))) > 120  # type: ignore[type-var,arg-type]
    assert picture.published_by_id == cast.chair.id
    assert db_session.get(StoredFile, picture.public_sha) is not None


def test_each_copy_has_an_address_that_nobody_can_work_out(
    picture: Picture, storage: Storage, cast: Cast
) -> None:
    show(picture, storage, cast, boxes=[])
    first = picture.public_sha
    show(picture, storage, cast, boxes=[])
    assert picture.public_sha != first


def test_what_is_taken_down_is_gone_with_its_bytes(
    picture: Picture, storage: Storage, cast: Cast, db_session: Session
) -> None:
    show(picture, storage, cast)
    name = str(picture.public_sha)
    free = actions.unpublish(picture)
    assert free == [name] and picture.public_sha is None and picture.published_at is None
    assert storage.size(name) is not None, "before the commit the bytes are still needed"
    actions.sweep(free, storage)
    assert storage.size(name) is None and db_session.get(StoredFile, name) is None
    assert storage.size(picture.file_sha) is not None


def test_a_withdrawn_picture_is_shown_to_nobody_and_not_lost(
    picture: Picture, storage: Storage, cast: Cast
) -> None:
    show(picture, storage, cast)
    actions.sweep(actions.withdraw(picture, reason="Gia đình không muốn"), storage)
    assert picture.public_sha is None and picture.withdrawn == "Gia đình không muốn"
    assert list(storage.names()) == [picture.file_sha]
    for again in (
        lambda: actions.look(picture, people_shown=False, consent=None, boxes=[]),
        lambda: actions.made_public(picture, storage),
        lambda: actions.describe(picture, caption="", taken_on=None),
    ):
        with pytest.raises(Refused, match="đã rút"):
            again()


def test_looking_again_takes_the_old_copy_down(picture: Picture, storage: Storage, cast: Cast) -> None:
    show(picture, storage, cast)
    name = picture.public_sha
    assert actions.look(picture, people_shown=True, consent="Ông Ba, 20/11/2026", boxes=[]) == [name]
    assert picture.public_sha is None and picture.redactions == []


def test_a_copy_of_what_was_changed_since_is_not_shown(
    picture: Picture, storage: Storage, cast: Cast
) -> None:
    actions.look(picture, people_shown=False, consent=None, boxes=[])
    made = actions.made_public(picture, storage)
    actions.look(picture, people_shown=False, consent=None, boxes=MIDDLE)
    with pytest.raises(Refused, match="Người khác vừa sửa"):
        actions.publish(picture, made, by=cast.chair)


def test_a_missing_original_is_said(picture: Picture, storage: Storage) -> None:
    actions.look(picture, people_shown=False, consent=None, boxes=[])
    storage.drop(picture.file_sha)
    with pytest.raises(Refused, match="không còn trong kho"):
        actions.made_public(picture, storage)


def test_the_audit_keeps_who_showed_it_and_hides_the_words(
    picture: Picture, storage: Storage, cast: Cast, db_session: Session
) -> None:
    actions.look(picture, people_shown=True, consent="Bà Tư ký giấy ngày 20/11/2026", boxes=[])
    entry = db_session.scalars(
        select(AuditEntry).where(AuditEntry.entity == "picture", AuditEntry.action == "update")
    ).all()
    assert entry and "Bà Tư" not in str([one.changes for one in entry])
    assert db_session.scalar(select(AuditValue).where(AuditValue.field == "consent")) is not None
