"""A private PostgreSQL for one test run: own folder, own socket, no port, gone afterwards.

It is started by the first test that needs it, shared among the xdist workers, and stopped by the process that
started the run. The server refuses to run as root, so root starts it as the user `postgres`.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

MISSING = (
    "PostgreSQL is not installed: run scripts/bootstrap test, or test SQLite alone with --engine sqlite."
)
# Losing this database at a power cut harms nobody.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}

ROOM_NEEDED = 4 * 1024**3


def memory_folder() -> str | None:
    """A folder in memory with room to spare: copying databases there costs a fraction of the time."""
    folder = "/dev/shm"  # noqa: S108
    if not os.access(folder, os.W_OK) or shutil.disk_usage(folder).free < ROOM_NEEDED:
        return None
    return folder


class Cluster:
    """One server, reached over the socket in `folder`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.data = folder / "data"

    @classmethod
    def reserve(cls) -> Cluster:
        """Reserve a folder that the server's user may enter; starts nothing. (Socket paths must be short.)"""
        folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir=memory_folder() or "/tmp"))  # noqa: S108
        if os.geteuid() == 0 and (user := _server_user()):
            os.chown(folder, user.pw_uid, user.pw_gid)
        return cls(folder)

    def url(self, name: str) -> str:
        """The DATABASE_URL of the database `name`."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def connect(self) -> psycopg.Connection:
        """A connection outside transactions, for CREATE DATABASE."""
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def create(self, name: str, template: str = "template0") -> None:
        """Make a database as a copy of another that nobody is connected to."""
        with self.connect() as connection:
            # Copying files is three times as fast as the default of version 15 (measured: 30 ms, 90 ms).
            how = " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{how}')  # type: ignore[call-overload]

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is still connected."""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload]

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One worker at a time."""
        with (self.folder / "turn.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def start(self) -> None:
        """Start the server unless another worker has."""
        with self.turn():
            if (self.data / "postmaster.pid").exists():
                return
            _run(
                "initdb",
                "-D",
                self.data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
            )
            options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in SETTINGS.items())
            options += f" -c unix_socket_directories={self.folder}"
            _run(
                "pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start"
            )

    def stop(self) -> None:
        """Stop the server, if it was started, and remove the folder."""
        if (self.data / "postmaster.pid").exists():
            _run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def binary(name: str) -> str:
    """A program of the newest installed PostgreSQL. Raises RuntimeError with what to install."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise RuntimeError(MISSING)
    return found


def _server_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


def _run(program: str, *arguments: object) -> None:
    command = [binary(program), *map(str, arguments)]
    user = None
    if os.geteuid() == 0:
        user = _server_user()
        if user is None:
            raise RuntimeError(MISSING)
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if program == "initdb" else subprocess.DEVNULL,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        cwd="/",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed ({done.returncode}): {(done.stdout or b'').decode()[-2000:]}")
