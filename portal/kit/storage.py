"""Files that belong to the installation, named by the SHA-256 of their bytes and never changed.

Five calls: keep, open, size, drop, names. Nothing in them assumes a local path, so a bucket can stand behind
them as well; `FolderStorage` keeps them in the instance folder, `kit.storage_remote` wherever fsspec reaches.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from flask import Flask, current_app

from portal.config import Config

FOLDER = "files"
EXTENSION = "portal_storage"
NAME = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


class Storage(Protocol):
    """What the portal asks of the place where its files lie. `name` is always a SHA-256 in hexadecimal."""

    def keep(self, data: bytes) -> str:
        """Put bytes there and return their name; known bytes are not written again. Whole or not at all."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """The bytes, to be read and closed. Raises FileNotFoundError."""
        ...

    def size(self, name: str) -> int | None:
        """How many bytes lie there under this name; None = nothing."""
        ...

    def drop(self, name: str) -> None:
        """Forget a file; nothing happens when it is not there."""
        ...

    def names(self) -> Iterator[str]:
        """Every file that lies there, in no order."""
        ...


def checked(name: str) -> str:
    """A name that is one. Raises ValueError: it must never come from an address unseen."""
    if not NAME.fullmatch(name):
        raise ValueError("a file is named by a SHA-256")
    return name


class FolderStorage:
    """Files in a folder, `ab/abcdef…`, readable by the portal's own account only."""

    def __init__(self, folder: Path):
        self.folder = folder

    def keep(self, data: bytes) -> str:
        """Written beside its place, synced, then moved there: a power cut leaves the whole file or none."""
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name)
        if self.size(name) == len(data):
            return name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return name

    def open(self, name: str) -> IO[bytes]:
        """The file itself."""
        return self._path(name).open("rb")

    def size(self, name: str) -> int | None:
        """From the folder, without reading."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def drop(self, name: str) -> None:
        """Gone from the folder."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """What lies in the folder; half-written and foreign files are no names."""
        for path in self.folder.glob("??/*"):
            if NAME.fullmatch(path.name):
                yield path.name

    def _path(self, name: str) -> Path:
        return self.folder / checked(name)[:2] / name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_sound(storage: Storage, name: str) -> bool:
    """Whether the file is there and its bytes are those that gave it its name."""
    try:
        with storage.open(name) as file:
            digest = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == name


def read(storage: Storage, name: str) -> bytes:
    """All bytes of a file. Raises FileNotFoundError."""
    with storage.open(name) as file:
        return file.read()


def storage_of(config: Config) -> Storage:
    """The storage of an installation: the folder `files` of its instance, or what PORTAL_FILES names."""
    if config.files_url:
        from portal.kit.storage_remote import RemoteStorage  # fsspec is there only where it is wanted

        return RemoteStorage(config.files_url)
    return FolderStorage(config.instance / FOLDER)


def register_storage(app: Flask) -> None:
    """Open the storage at start, so that a wrong setting is said then and not to who brings a photo."""
    app.extensions[EXTENSION] = storage_of(app.config["PORTAL"])


def present_storage() -> Storage:
    """The storage of the present application."""
    found: Storage = current_app.extensions[EXTENSION]
    return found
