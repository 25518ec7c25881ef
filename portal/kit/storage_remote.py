"""Files behind fsspec (a bucket, another server), for an installation that one machine does not hold.

The package and that of the place (`s3fs`, `gcsfs`, …) are installed by whoever sets PORTAL_FILES.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import IO, Any

from portal.config import BadSetting
from portal.kit.storage import NAME, checked

NEEDED = "PORTAL_FILES cần gói fsspec của Python. Cài gói đó, hoặc bỏ PORTAL_FILES rồi khởi động lại."
UNKNOWN = "PORTAL_FILES không mở được: {reason}. Sửa lại địa chỉ, hoặc cài gói còn thiếu, rồi khởi động lại."


class RemoteStorage:
    """Files below an address that fsspec knows, such as `s3://bucket/portal`."""

    def __init__(self, url: str):
        if find_spec("fsspec") is None:
            raise BadSetting(NEEDED)
        try:
            found: tuple[Any, str] = import_module("fsspec.core").url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise BadSetting(UNKNOWN.format(reason=error)) from None
        self.there, self.root = found[0], found[1].rstrip("/")

    def keep(self, data: bytes) -> str:
        """Written under another name, then moved: nobody finds half a file under its own."""
        name = hashlib.sha256(data).hexdigest()
        if self.size(name) == len(data):
            return name
        path = self._path(name)
        beside = f"{path.rpartition('/')[0]}/.{secrets.token_hex(8)}"
        self.there.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.there.pipe_file(beside, data)
        self.there.mv(beside, path)
        return name

    def open(self, name: str) -> IO[bytes]:
        """A stream from over there."""
        return self.there.open(self._path(name), "rb")

    def size(self, name: str) -> int | None:
        """As the place tells it, without reading."""
        try:
            return int(self.there.info(self._path(name))["size"])
        except FileNotFoundError:
            return None

    def drop(self, name: str) -> None:
        """Gone over there."""
        try:
            self.there.rm_file(self._path(name))
        except FileNotFoundError:
            return

    def names(self) -> Iterator[str]:
        """What lies there."""
        for path in self.there.find(self.root):
            name = str(path).rpartition("/")[2]
            if NAME.fullmatch(name):
                yield name

    def _path(self, name: str) -> str:
        return f"{self.root}/{checked(name)[:2]}/{name}"
