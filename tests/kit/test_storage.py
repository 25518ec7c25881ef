"""Five calls keep files by their SHA-256, in a folder or wherever fsspec reaches."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from portal import create_app
from portal.config import BadSetting, Config
from portal.kit.storage import FolderStorage, Storage, is_sound, read, storage_of

DATA = b"mot tam anh"
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(params=["folder", "remote"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """The one and the other: nobody who uses them may tell."""
    if request.param == "folder":
        yield FolderStorage(tmp_path / "files")
        return
    pytest.importorskip("fsspec")
    from portal.kit.storage_remote import RemoteStorage

    yield RemoteStorage(f"memory://bucket/{uuid4().hex}")


def test_bytes_come_back_under_their_sum(storage: Storage) -> None:
    assert storage.keep(DATA) == NAME
    assert storage.size(NAME) == len(DATA)
    assert read(storage, NAME) == DATA
    assert list(storage.names()) == [NAME]
    assert is_sound(storage, NAME)


def test_known_bytes_are_kept_once(storage: Storage) -> None:
    assert storage.keep(DATA) == storage.keep(DATA)
    storage.keep(b"khac")
    assert len(list(storage.names())) == 2


def test_what_is_not_there(storage: Storage) -> None:
    assert list(storage.names()) == []
    assert storage.size(NAME) is None
    assert not is_sound(storage, NAME)
    with pytest.raises(FileNotFoundError):
        storage.open(NAME)
    storage.drop(NAME)


def test_a_dropped_file_is_gone(storage: Storage) -> None:
    storage.keep(DATA)
    storage.drop(NAME)
    assert storage.size(NAME) is None and list(storage.names()) == []


@pytest.mark.parametrize("name", ["", "../secret_key", "a" * 63, "A" * 64, f"{'a' * 64}\n", f"/{'a' * 63}"])
def test_a_name_that_is_none_reaches_nothing(storage: Storage, name: str) -> None:
    for call in (storage.open, storage.size, storage.drop):
        with pytest.raises(ValueError, match="SHA-256"):
            call(name)


def test_a_power_cut_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = FolderStorage(tmp_path / "files")

    def cut(_handle: int) -> None:
        raise OSError("power")

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(OSError, match="power"):
        storage.keep(DATA)
    assert list(storage.names()) == [] and storage.size(NAME) is None
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_files_are_for_their_owner(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "files")
    storage.keep(DATA)
    path = tmp_path / "files" / NAME[:2] / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_shorter_file_is_written_again(tmp_path: Path) -> None:
    """What a full disk or a careless hand cut off is made whole by the next one who brings it."""
    storage = FolderStorage(tmp_path / "files")
    storage.keep(DATA)
    (tmp_path / "files" / NAME[:2] / NAME).write_bytes(DATA[:3])
    assert not is_sound(storage, NAME)
    storage.keep(DATA)
    assert is_sound(storage, NAME)


def test_the_setting_names_the_place(tmp_path: Path) -> None:
    config = Config(instance=tmp_path, database_url="sqlite:///x", secret_key="test")  # noqa: S106
    assert isinstance(storage_of(config), FolderStorage)
    pytest.importorskip("fsspec")
    from portal.kit.storage_remote import RemoteStorage

    assert isinstance(storage_of(replace(config, files_url="memory://there")), RemoteStorage)
    with pytest.raises(BadSetting):
        create_app(replace(config, files_url="khongco://there"))
