"""Settings of one installation: read once from the environment, checked at start, then never changed."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path


class BadSetting(SystemExit):
    """A setting that the portal cannot start with; the text says which one and what is expected."""

    def __init__(self, text: str):
        print(text, file=sys.stderr)
        super().__init__(2)


@dataclass(frozen=True)
class Config:
    """What an installation owns and where it listens."""

    instance: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    jobs: str = "embedded"
    redis_url: str | None = None
    files_url: str | None = None
    testing: bool = False

    @property
    def is_sqlite(self) -> bool:
        """True when the installation keeps its books in one SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None on PostgreSQL."""
        return Path(self.database_url.removeprefix("sqlite:///")) if self.is_sqlite else None

    @classmethod
    def from_environment(cls) -> Config:
        """Read PORTAL_* and DATABASE_URL. Raises BadSetting with a clear sentence."""
        instance = Path(os.environ.get("PORTAL_INSTANCE") or "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        return cls(
            instance=instance,
            database_url=_database_url(instance),
            secret_key=os.environ.get("PORTAL_SECRET_KEY") or _kept_secret(instance),
            host=os.environ.get("PORTAL_HOST") or "127.0.0.1",
            port=_whole_number("PORTAL_PORT", 8000, 1, 65535),
            trusted_hosts=tuple(
                h for h in os.environ.get("PORTAL_TRUSTED_HOSTS", "").split(",") if h.strip()
            ),
            proxy_hops=_whole_number("PORTAL_PROXY_HOPS", 0, 0, 5),
            jobs=_one_of("PORTAL_JOBS", ("embedded", "worker"), "embedded"),
            redis_url=os.environ.get("REDIS_URL") or None,
            files_url=os.environ.get("PORTAL_FILES") or None,
        )


def _database_url(instance: Path) -> str:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'portal.sqlite3'}"
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise BadSetting(
        "DATABASE_URL phải bắt đầu bằng sqlite:/// hoặc postgresql://. Sửa lại rồi khởi động lại."
    )


def _whole_number(name: str, default: int, least: int, most: int) -> int:
    text = os.environ.get(name)
    if not text:
        return default
    if not text.isdigit() or not least <= int(text) <= most:
        raise BadSetting(f"{name} phải là số nguyên từ {least} đến {most}; đang là “{text}”.")
    return int(text)


def _one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    text = os.environ.get(name) or default
    if text not in choices:
        raise BadSetting(f"{name} phải là một trong: {', '.join(choices)}; đang là “{text}”.")
    return text


def _kept_secret(instance: Path) -> str:
    """The installation's own key, made once and readable by its owner only."""
    path = instance / "secret_key"
    if not path.exists():
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(fd, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()
