"""One lock per installation: servers, workers and commands share it; upgrade and restore need it alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.kit.errors import Refused

IN_USE = (
    "Cổng đang chạy, hoặc một lệnh khác đang làm việc với sổ. "
    "Dừng dịch vụ (và các lệnh đang chạy) rồi chạy lại lệnh này."
)
CLOSED = "Cổng đang được nâng cấp hoặc khôi phục. Chờ việc đó xong rồi chạy lại."


@contextmanager
def shared(instance: Path) -> Iterator[None]:
    """Work with the books beside others. Raises Refused while somebody upgrades or restores."""
    with _held(instance, fcntl.LOCK_SH, CLOSED):
        yield


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """Have the installation to oneself. Raises Refused while a server, worker or command runs."""
    with _held(instance, fcntl.LOCK_EX, IN_USE):
        yield


@contextmanager
def _held(instance: Path, how: int, refusal: str) -> Iterator[None]:
    fd = os.open(instance / "instance.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(fd, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(refusal) from None
        yield
    finally:
        os.close(fd)
