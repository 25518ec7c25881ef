"""PostgreSQL seen from outside: its dump programs, sibling databases, swapping one for the other."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from portal.kit.errors import Refused
from portal.operate.files import STILL_CONNECTED

NO_PROGRAM = "Máy chưa có chương trình {name} của PostgreSQL. Cài gói postgresql-client rồi chạy lại."
FAILED = "{name} không làm được: {reason}. Xem lại DATABASE_URL và quyền của tài khoản, rồi chạy lại."
NOT_ALLOWED = (
    "Tài khoản cơ sở dữ liệu chưa được tạo hoặc đổi tên cơ sở dữ liệu, nên chưa kiểm tra được bản sao lưu "
    "trước khi thay. Nhờ người quản trị PostgreSQL cấp quyền CREATEDB rồi chạy lại."
)


def run_program(name: str, url: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore on the database of `url`. Raises Refused with its first complaint."""
    place = _connection_values(make_url(url))
    secret = {"PGPASSWORD": place.pop("password")} if "password" in place else {}  # never in the process list
    conninfo = psycopg.conninfo.make_conninfo(**place)
    done = subprocess.run(
        [_program(name), "--no-password", f"--dbname={conninfo}", *arguments],
        env={**os.environ, **secret, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        complaint = done.stderr.strip().splitlines() or ["không rõ lý do"]
        raise Refused(FAILED.format(name=name, reason=complaint[0]))


def _program(name: str) -> str:
    """The newest installed one: a dump program must not be older than its server."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise Refused(NO_PROGRAM.format(name=name))
    return found


def _connection_values(url: URL) -> dict[str, Any]:
    named = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
    }
    return {key: value for key, value in {**named, **url.query}.items() if value is not None}


def sibling(url: str, suffix: str) -> str:
    """The URL of a database beside that of `url`, on the same server (names end at 63 bytes)."""
    parsed = make_url(url)
    name = (parsed.database or "")[: 63 - len(suffix)] + suffix
    return parsed.set(database=name).render_as_string(hide_password=False)


def create_empty(url: str) -> None:
    """Make the database of `url` anew and empty. Raises Refused without the right to."""
    name = sql.Identifier(make_url(url).database or "")
    with _maintenance(url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))


def drop(url: str) -> None:
    """Throw the database of `url` away."""
    with _maintenance(url) as connection:
        name = sql.Identifier(make_url(url).database or "")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))


def swap(live: str, ready: str, kept: str) -> None:
    """Let the database of `ready` take the name of `live`, which is kept under the name of `kept`."""
    names = [sql.Identifier(make_url(url).database or "") for url in (live, ready, kept)]
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with _maintenance(live) as connection:
        connection.execute(rename.format(names[0], names[2]))
        try:
            connection.execute(rename.format(names[1], names[0]))
        except psycopg.Error:
            connection.execute(rename.format(names[2], names[0]))
            raise


@contextmanager
def _maintenance(url: str) -> Iterator[psycopg.Connection[Any]]:
    place = {**_connection_values(make_url(url)), "dbname": "postgres"}
    try:
        with psycopg.connect(**place, autocommit=True) as connection:
            yield connection
    except psycopg.errors.InsufficientPrivilege:
        raise Refused(NOT_ALLOWED) from None
    except psycopg.errors.ObjectInUse:
        raise Refused(STILL_CONNECTED) from None
