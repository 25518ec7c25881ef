"""Bring the schema up to date without ever leaving a half-changed database behind.

SQLite: upgrade a copy, compare, then swap it in. PostgreSQL: upgrade and compare inside one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from portal.config import Config
from portal.kit.db import now
from portal.kit.errors import Refused
from portal.kit.protect import PROTECTED
from portal.operate import files, schema
from portal.operate.backup import back_up
from portal.operate.engines import application, closed, plain_engine

LOST = (
    "Nâng cấp bị hủy: bảng {table} có {before} trước và {after} sau. "
    "Dữ liệu cũ vẫn nguyên. Gửi câu này cho người bảo trì."
)


def migrate(config: Config) -> Path | None:
    """Upgrade the database of `config`; returns the backup made before, None when there was nothing to keep.

    Call under `instance_lock.alone`. Raises Refused when rows or sums would change; nothing is changed then.
    """
    before = _present_state(config)
    if before is None:
        _upgrade(config, {})
        return None
    ending = "sqlite3" if config.is_sqlite else "dump"
    target = files.backups_folder(config.instance) / f"before-migrate-{files.stamp(now())}.{ending}"
    kept = back_up(config, target, with_files=False)  # no migration touches photos and scans
    _upgrade(config, before)
    return kept.path


def needs_migration(config: Config) -> bool:
    """Whether `migrate` would change anything."""
    if config.sqlite_path is not None and not config.sqlite_path.exists():
        return True
    with plain_engine(config.database_url) as engine, engine.connect() as connection:
        return not schema.is_current(connection)


def _present_state(config: Config) -> dict[str, tuple[int, int]] | None:
    """What the tables hold; None in an empty database. Raises Refused when it is newer than this version."""
    if config.sqlite_path is not None and not config.sqlite_path.exists():
        return None
    with plain_engine(config.database_url) as engine, engine.connect() as connection:
        schema.check_known(connection)
        return schema.measure(connection) or None


def _upgrade(config: Config, before: dict[str, tuple[int, int]]) -> None:
    def check(connection: Connection) -> None:
        compare(before, schema.measure(connection))

    if config.sqlite_path is None:
        with closed(application(config)) as app:
            schema.upgrade(app, check=check)
        return
    ready = config.sqlite_path.with_name(config.sqlite_path.name + ".next")
    try:
        if config.sqlite_path.exists():
            files.copy_sqlite(config.sqlite_path, ready)
        with closed(application(replace(config, database_url=f"sqlite:///{ready}"))) as app:
            schema.upgrade(app, check=check)
        files.settle_sqlite(ready)
        files.check_sqlite(ready, name=ready.name)
        swap_in(ready, config.sqlite_path)
    finally:
        ready.unlink(missing_ok=True)


def compare(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> None:
    """No table loses rows, and posted ones stay as many and sum up to the same. Raises Refused."""
    for table, (count, amount) in before.items():
        count_after, amount_after = after.get(table, (0, 0))
        lost = count_after < count
        if table in PROTECTED:
            lost = (count_after, amount_after) != (count, amount)
        if lost:
            raise Refused(
                LOST.format(
                    table=table,
                    before=f"{count} dòng, {amount} đồng",
                    after=f"{count_after} dòng, {amount_after} đồng",
                )
            )


def swap_in(ready: Path, live: Path) -> None:
    """Let a finished SQLite file take the place of the live one, whose WAL goes into it first."""
    if live.exists():
        files.settle_sqlite(live)
    files.put_in_place(ready, live)
