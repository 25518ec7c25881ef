"""Files of an installation: durable writes, check sums, SQLite files as a whole."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from portal.kit.errors import Refused

BROKEN = "Tệp “{name}” đã hỏng: {reason}. Dùng một bản sao lưu khác."

STILL_CONNECTED = "Còn kết nối khác tới cơ sở dữ liệu. Đóng các chương trình đang mở nó rồi chạy lại."


def stamp(moment: datetime) -> str:
    """A moment as part of a file name, UTC, sortable."""
    return moment.strftime("%Y%m%dT%H%M%SZ")


def backups_folder(instance: Path) -> Path:
    """Where upgrade and restore put what they replace; only the owner may look inside."""
    folder = instance / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def sha256_of(path: Path) -> str:
    """The check sum of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sum_file(path: Path) -> Path:
    """The check sum lies beside its file, as `sha256sum -c` reads it."""
    return path.with_name(path.name + ".sha256")


def put_in_place(ready: Path, target: Path) -> None:
    """Give a finished file its name, so that a power cut leaves the old one or the new one."""
    _sync(ready)
    ready.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def copy_sqlite(source: Path, target: Path) -> None:
    """Consistent copy of a SQLite file, whoever writes to it meanwhile (online backup): one file, no WAL."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")


def settle_sqlite(path: Path) -> None:
    """Bring everything into the main file, without a WAL. Raises Refused while others are connected."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            raise Refused(STILL_CONNECTED) from None
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def check_sqlite(path: Path, *, name: str) -> None:
    """Raises Refused, speaking of `name`, when the file is damaged or rows point nowhere."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            answer = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if answer != "ok":
                raise Refused(BROKEN.format(name=name, reason="các trang dữ liệu không khớp nhau"))
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
            if orphan:
                raise Refused(BROKEN.format(name=name, reason=f"bảng {orphan[0]} trỏ tới dòng không có"))
    except sqlite3.DatabaseError:
        raise Refused(BROKEN.format(name=name, reason="không đọc được")) from None
