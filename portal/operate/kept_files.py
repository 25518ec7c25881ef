"""Photos and scans beside the books: which the books name, whether they are sound, copies in a backup and back.

A backup's files lie in the folder `portal-files` beside it, by SHA-256: backups in one folder share them, so that
each day adds only what is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from portal.kit.errors import Refused
from portal.kit.storage import FolderStorage, Storage, is_sound, read

BESIDE = "portal-files"
MISSING = (
    "Bản sao lưu cần {count} tệp ảnh hoặc bản quét không có trong “{folder}” và cũng không có trong cổng "
    "(tệp đầu tiên: {first}…). Chép thư mục đó về cạnh bản sao lưu rồi chạy lại; nếu đã mất hẳn, thêm --without-files."
)


def beside(backup: Path) -> FolderStorage:
    """Where the files of a backup lie."""
    return FolderStorage(backup.parent / BESIDE)


def needed(connection: Connection) -> list[tuple[str, int]]:
    """(SHA-256, bytes) of every file that the books name; [] in books older than the files."""
    if not inspect(connection).has_table("stored_file"):
        return []
    rows = connection.execute(text("SELECT sha256, size FROM stored_file ORDER BY kept_at, sha256"))
    return [(row.sha256, row.size) for row in rows]


def unsound(connection: Connection, storage: Storage) -> Iterator[str]:
    """Sentences about files that are missing or are not what they were. Reads every file."""
    for name, _ in needed(connection):
        if storage.size(name) is None:
            yield f"Thiếu tệp {name[:12]}… ({_of(connection, name)}). Khôi phục từ bản sao lưu gần nhất còn tệp này."
        elif not is_sound(storage, name):
            yield f"Tệp {name[:12]}… ({_of(connection, name)}) đã bị thay đổi. Khôi phục từ bản sao lưu gần nhất."


def missing(connection: Connection, storage: Storage) -> list[str]:
    """Names of files that are not there. One look at what lies there, which is one question also far away."""
    present = set(storage.names())
    return [name for name, _ in needed(connection) if name not in present]


def copy_out(connection: Connection, storage: Storage, target: Storage) -> list[str]:
    """Bring what the books name into `target`; what lies there already is left. Returns what was not sound."""
    lost = []
    for name, size in needed(connection):
        if target.size(name) == size:
            continue
        try:
            brought = target.keep(read(storage, name))
        except FileNotFoundError:
            lost.append(name)
            continue
        if brought != name:
            target.drop(brought)
            lost.append(name)
    return lost


def bring_back(connection: Connection, storage: Storage, backup: Path, *, without: bool) -> None:
    """Make sure that everything the books of a backup name lies in the store. Raises Refused, unless `without`."""
    source = beside(backup)
    wanting = [name for name, _ in needed(connection) if not is_sound(storage, name)]
    absent = [name for name in wanting if not is_sound(source, name)]
    if absent and not without:
        raise Refused(MISSING.format(count=len(absent), folder=source.folder, first=absent[0][:12]))
    for name in wanting:
        if name not in absent:
            storage.drop(name)  # an altered one would look like a known one
            storage.keep(read(source, name))


def _of(connection: Connection, name: str) -> str:
    """Whose file it is, by number: the words under a picture are not for a log."""
    wanted = text("SELECT MIN(id) FROM picture WHERE file_sha = :name OR public_sha = :name")
    number = connection.execute(wanted, {"name": name}).scalar()
    return f"ảnh số {number}" if number else "chưa gắn với ảnh nào"
