"""Back up while the portal runs: one file with its check sum beside it, and the folder of photos and scans."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.config import Config
from portal.kit.db import now
from portal.kit.errors import Refused
from portal.kit.storage import storage_of
from portal.operate import files, kept_files, postgres
from portal.operate.engines import plain_engine

REMEMBERED = "last_backup.json"


@dataclass(frozen=True)
class Backup:
    """A finished backup; `size` in bytes; `lost`: photos and scans that the books name and that are not sound."""

    path: Path
    size: int
    sha256: str
    lost: list[str]


def back_up(config: Config, target: Path, *, with_files: bool = True) -> Backup:
    """Write a consistent backup of the database to `target` (replaced only once the new one is whole).

    SQLite gives a SQLite file, PostgreSQL a dump in its custom format. Photos and scans are copied beside it
    before (they may be taken down meanwhile) and after (new ones may have come). Raises Refused.
    """
    target = target.absolute()
    if not target.parent.is_dir():
        raise Refused(f"Không có thư mục “{target.parent}”. Tạo thư mục đó trước, hoặc chọn nơi khác.")
    if config.sqlite_path is not None and target == config.sqlite_path.absolute():
        raise Refused("Đây chính là tệp sổ đang dùng. Chọn một tên tệp khác cho bản sao lưu.")
    unfinished = target.with_name(target.name + ".part")
    try:
        if with_files:
            _copy_files(config, target)
        _write(config, unfinished)
        digest = files.sha256_of(unfinished)
        files.sum_file(target).unlink(missing_ok=True)
        files.put_in_place(unfinished, target)
    except PermissionError:
        raise Refused(f"Không được ghi vào “{target.parent}”. Chọn nơi khác, hoặc xin quyền ghi.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    files.sum_file(target).write_text(f"{digest}  {target.name}\n")
    lost = _copy_files(config, target) if with_files else []
    return Backup(target, target.stat().st_size, digest, lost)


def _copy_files(config: Config, target: Path) -> list[str]:
    if config.sqlite_path is not None and not config.sqlite_path.exists():
        return []
    with plain_engine(config.database_url) as engine, engine.connect() as connection:
        return kept_files.copy_out(connection, storage_of(config), kept_files.beside(target))


def _write(config: Config, path: Path) -> None:
    if config.sqlite_path is None:
        path.touch(mode=0o600)
        postgres.run_program(
            "pg_dump",
            config.database_url,
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--file={path}",
        )
        return
    if not config.sqlite_path.exists():
        raise Refused("Chưa có sổ nào để sao lưu. Chạy: portal migrate")
    files.copy_sqlite(config.sqlite_path, path)
    files.check_sqlite(path, name=path.name.removesuffix(".part"))


def remember(config: Config, backup: Backup) -> None:
    """Note for `portal check` that a backup was made just now."""
    text = json.dumps({"at": now().isoformat(), "file": str(backup.path), "size": backup.size})
    (config.instance / REMEMBERED).write_text(text)


def last_backup(config: Config) -> tuple[datetime, Path] | None:
    """When the last backup was made and where it lies, or None."""
    path = config.instance / REMEMBERED
    if not path.exists():
        return None
    kept = json.loads(path.read_text())
    return datetime.fromisoformat(kept["at"]), Path(kept["file"])
