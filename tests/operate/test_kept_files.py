"""Photos and scans travel with a backup, come back with it, and `verify` and `check` see a missing or altered one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.files import actions
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.storage import FolderStorage, Storage, is_sound, storage_of
from portal.operate import attention, kept_files
from portal.operate.backup import back_up
from portal.operate.engines import plain_engine
from portal.operate.restore import restore
from tests.cast import Cast
from tests.files.photos import photo
from tests.operate.conftest import Books


@pytest.fixture
def storage(books: Books) -> Storage:
    return storage_of(books.config)


@pytest.fixture
def kept(books: Books, storage: Storage, cast: Cast, db_session: Session) -> str:
    """A photo of the books; nobody is connected afterwards."""
    picture = actions.keep_picture(cast.commune, "photo", actions.ready(photo(), storage), by=None)
    name = picture.file_sha
    db_session.commit()
    db_session.close()
    db.engine.dispose()
    return name


def spoil(books: Books, name: str) -> None:
    """Other bytes, as many."""
    path = books.config.instance / "files" / name[:2] / name
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)


def said(books: Books) -> list[str]:
    with plain_engine(books.config.database_url) as engine, engine.connect() as connection:
        return list(kept_files.unsound(connection, storage_of(books.config)))


def remark(books: Books) -> attention.Remark:
    with plain_engine(books.config.database_url) as engine, engine.connect() as connection:
        return attention._files(books.config, connection)


def test_files_come_back_with_a_backup(books: Books, storage: Storage, kept: str, tmp_path: Path) -> None:
    made = back_up(books.config, tmp_path / "b")
    assert made.lost == [] and FolderStorage(tmp_path / "portal-files").size(kept) == storage.size(kept)
    shutil.rmtree(books.config.instance / "files")
    restore(books.config, made.path)
    assert is_sound(storage, kept) and said(books) == []


def test_a_second_backup_adds_only_what_is_new(books: Books, kept: str, tmp_path: Path) -> None:
    back_up(books.config, tmp_path / "b")
    path = tmp_path / "portal-files" / kept[:2] / kept
    before = path.stat().st_mtime_ns
    back_up(books.config, tmp_path / "c")
    assert path.stat().st_mtime_ns == before


def test_an_altered_file_is_made_whole(books: Books, storage: Storage, kept: str, tmp_path: Path) -> None:
    made = back_up(books.config, tmp_path / "b")
    spoil(books, kept)
    assert "đã bị thay đổi" in said(books)[0]
    restore(books.config, made.path)
    assert is_sound(storage, kept)


def test_a_backup_whose_files_are_lost_is_refused_until_somebody_says_so(
    books: Books, storage: Storage, kept: str, tmp_path: Path
) -> None:
    made = back_up(books.config, tmp_path / "b")
    storage.drop(kept)
    shutil.rmtree(tmp_path / "portal-files")
    with pytest.raises(Refused, match="--without-files"):
        restore(books.config, made.path)
    restore(books.config, made.path, without_files=True)
    assert "Thiếu tệp" in said(books)[0]


def test_a_backup_says_what_it_could_not_copy(
    books: Books, storage: Storage, kept: str, tmp_path: Path
) -> None:
    spoil(books, kept)
    assert back_up(books.config, tmp_path / "b").lost == [kept]
    assert not list(FolderStorage(tmp_path / "portal-files").names())
    storage.drop(kept)
    assert back_up(books.config, tmp_path / "c").lost == [kept]


def test_check_sees_a_missing_file(books: Books, storage: Storage, kept: str) -> None:
    assert remark(books).fine and said(books) == []
    storage.drop(kept)
    assert not remark(books).fine and "Thiếu 1 tệp" in remark(books).text
    assert "Thiếu tệp" in said(books)[0] and "ảnh số" in said(books)[0]


def test_books_older_than_the_files_name_none(tmp_path: Path) -> None:
    with plain_engine(f"sqlite:///{tmp_path / 'old'}") as engine, engine.connect() as connection:
        assert kept_files.needed(connection) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "people_shown = NULL",
        "people_shown = TRUE, consent = ' '",
        "withdrawn = 'x'",
        "public_sha = file_sha",
        "published_by_id = NULL",
    ],
)
def test_verify_sees_a_picture_that_must_not_be_public(
    books: Books, storage: Storage, cast: Cast, wrong: str
) -> None:
    picture = actions.keep_picture(cast.commune, "photo", actions.ready(photo(), storage), by=None)
    actions.look(picture, people_shown=False, consent=None, boxes=[])
    actions.publish(picture, actions.made_public(picture, storage), by=cast.chair)
    number = picture.id
    db.session.commit()
    db.session.close()
    assert books.problem() is None
    books.bypass(f"UPDATE picture SET {wrong} WHERE id = {number}")  # noqa: S608
    assert f"Ảnh số {number}" in (books.problem() or "")


def test_a_store_elsewhere_is_backed_up_as_well(books: Books, tmp_path: Path, kept: str) -> None:
    pytest.importorskip("fsspec")
    there = replace(books.config, files_url="memory://books")
    far = storage_of(there)
    near = storage_of(books.config)
    with near.open(kept) as file:
        far.keep(file.read())
    assert back_up(there, tmp_path / "b").lost == []
    far.drop(kept)
    restore(there, tmp_path / "b")
    assert is_sound(far, kept)
