"""Whose process works on a job, and whether it is still there."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from portal.kit.db import now

STALE = timedelta(minutes=3)  # without a sign of life; the longest posting stays far below


def signature() -> str:
    """This process: host, number, and start (numbers of processes are used again)."""
    return f"{socket.gethostname()} {os.getpid()} {_started(os.getpid())}"


def is_dead(worker: str | None, alive_at: datetime | None) -> bool:
    """Whether the process behind `worker` is gone: known for our own host, for others by its long silence."""
    if worker:
        host, number, started = worker.split(" ")
        if host == socket.gethostname() and _started(int(number)) != started:
            return True
    return alive_at is None or now() - alive_at > STALE


def _started(number: int) -> str:
    """Clock ticks between the machine's start and the process's ("-" when there is no such process)."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return "-"
    return stat.rpartition(")")[2].split()[19]
