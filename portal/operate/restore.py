"""Put a backup back: stage it beside the live database, check everything, and only then swap.

What is replaced is kept: as a file in instance/backups, or as a database `<name>_replaced_<time>`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from portal.config import Config
from portal.kit.db import now
from portal.kit.errors import Refused
from portal.kit.storage import storage_of
from portal.operate import files, kept_files, postgres, schema
from portal.operate.engines import application, closed, plain_engine
from portal.operate.migrate import swap_in
from portal.operate.verify import first_problem

SQLITE_START = b"SQLite format 3\x00"
DUMP_START = b"PGDMP"


def restore(config: Config, source: Path, *, without_files: bool = False) -> str | None:
    """Replace the books by the backup `source`; returns where the replaced ones lie (None: there were none).

    Photos and scans that the backup names come back with it; those that lie in the portal stay. `without_files`
    goes on where some are lost. Call under `instance_lock.alone`. Raises Refused, with everything as it was, when the
    file is damaged, belongs to the other engine or a newer version, or does not pass `verify`.
    """
    _check_file(config, source)
    if config.sqlite_path is not None:
        return _restore_sqlite(config, config.sqlite_path, source, without_files)
    return _restore_postgresql(config, source, without_files)


def _check_file(config: Config, source: Path) -> None:
    if not source.is_file():
        raise Refused(f"Không thấy tệp “{source}”. Kiểm tra lại đường dẫn.")
    with source.open("rb") as file:
        start = file.read(16)
    wanted, other = (SQLITE_START, DUMP_START) if config.is_sqlite else (DUMP_START, SQLITE_START)
    if start.startswith(other):
        raise Refused(
            f"Tệp “{source.name}” là bản sao lưu của loại cơ sở dữ liệu khác. "
            "Đặt DATABASE_URL cho đúng loại, hoặc chọn tệp khác."
        )
    if not start.startswith(wanted):
        raise Refused(files.BROKEN.format(name=source.name, reason="không phải bản sao lưu của cổng này"))
    _check_sum(source)


def _check_sum(source: Path) -> None:
    beside = files.sum_file(source)
    if beside.exists() and beside.read_text().split()[:1] != [files.sha256_of(source)]:
        raise Refused(files.BROKEN.format(name=source.name, reason=f"không khớp với “{beside.name}”"))


def _restore_sqlite(config: Config, live: Path, source: Path, without_files: bool) -> str | None:
    ready = live.with_name(live.name + ".restore")
    try:
        files.check_sqlite(source, name=source.name)
        files.copy_sqlite(source, ready)
        _make_current(replace(config, database_url=f"sqlite:///{ready}"), source, without_files)
        files.settle_sqlite(ready)
        kept = None
        if live.exists():
            kept = files.backups_folder(config.instance) / f"replaced-{files.stamp(now())}.sqlite3"
            files.copy_sqlite(live, kept)
        swap_in(ready, live)
    finally:
        ready.unlink(missing_ok=True)
    return str(kept) if kept else None


def _restore_postgresql(config: Config, source: Path, without_files: bool) -> str | None:
    live = config.database_url
    ready, kept = (
        postgres.sibling(live, "_restore"),
        postgres.sibling(live, f"_replaced_{now():%Y%m%d%H%M%S}"),
    )
    postgres.create_empty(ready)
    try:
        _load_dump(ready, source)
        _make_current(replace(config, database_url=ready), source, without_files)
        postgres.swap(live, ready, kept)
    except BaseException:
        postgres.drop(ready)
        raise
    return kept.rpartition("/")[2].partition("?")[0]


def _load_dump(url: str, source: Path) -> None:
    try:
        postgres.run_program(
            "pg_restore",
            url,
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            str(source),
        )
    except Refused as refused:
        reason = "không nạp lại được toàn bộ"
        raise Refused(f"{files.BROKEN.format(name=source.name, reason=reason)} ({refused.text})") from None


def _make_current(staged: Config, source: Path, without_files: bool) -> None:
    """Upgrade the staged database where it is older, let `verify` have its say, bring its files back."""
    with plain_engine(staged.database_url) as engine:
        with engine.connect() as connection:
            if schema.revision_of(connection) is None:
                raise Refused(files.BROKEN.format(name=source.name, reason="không có sổ của cổng này"))
            schema.check_known(connection)
            current = schema.is_current(connection)
        if not current:
            with closed(application(staged)) as app:
                schema.upgrade(app)
        with engine.connect() as connection:
            missing = schema.missing_triggers(connection)
            problem = first_problem(connection)
            _judge(source, missing, problem)
            kept_files.bring_back(connection, storage_of(staged), source, without=without_files)


def _judge(source: Path, missing: list[str], problem: str | None) -> None:
    if missing:
        reason = f"thiếu {len(missing)} lớp bảo vệ bút toán đã ghi"
        raise Refused(files.BROKEN.format(name=source.name, reason=reason))
    if problem is not None:
        raise Refused(
            files.BROKEN.format(name=source.name, reason=f"số liệu không khớp ({problem.rstrip('.')})")
        )
