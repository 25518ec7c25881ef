"""Waiting for the one writer: a file lock that is fair, bounded in time, and never eats all server threads."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from portal.kit.errors import Busy

MAX_WAIT_SECONDS = 5.0
MAX_WAITING = 4  # of the server's eight threads: the others go on answering readers

BUSY_TEXT = "Sổ đang có người ghi, chưa tới lượt. Những gì đã gõ vẫn còn; bấm ghi lại sau vài giây."


class WriteLock:
    """One lock file for all processes of an installation; each waiting thread has its own descriptor.

    SQLite's own busy handler sleeps and retries, which starves unlucky writers; the kernel wakes flock waiters at once.
    """

    def __init__(self, path: Path, max_wait: float = MAX_WAIT_SECONDS, max_waiting: int = MAX_WAITING):
        self.path = path
        self.max_wait = max_wait
        self._places = threading.BoundedSemaphore(max_waiting)

    def acquire(self, max_wait: float | None = None) -> int:
        """Take the lock and return its descriptor. Raises Busy after `max_wait` seconds or when too many wait."""
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if _try_lock(fd):
            return fd
        if not self._places.acquire(blocking=False):
            os.close(fd)
            raise Busy(BUSY_TEXT)
        try:
            return _wait_for_lock(fd, self.max_wait if max_wait is None else max_wait)
        finally:
            self._places.release()

    @staticmethod
    def release(fd: int) -> None:
        """Give the lock back; closing the descriptor frees it."""
        os.close(fd)


def _try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for_lock(fd: int, seconds: float) -> int:
    """Block in the kernel's queue on a helper thread, so that the wait can end: flock itself knows no timeout."""
    turn = _Turn(fd)
    threading.Thread(target=turn.queue, daemon=True, name="write-lock").start()
    if turn.granted.wait(seconds) or not turn.give_up():
        return fd
    raise Busy(BUSY_TEXT)


class _Turn:
    def __init__(self, fd: int):
        self.fd = fd
        self.granted = threading.Event()
        self._abandoned = False
        self._mutex = threading.Lock()

    def queue(self) -> None:
        fcntl.flock(self.fd, fcntl.LOCK_EX)
        with self._mutex:
            if self._abandoned:
                os.close(self.fd)
            else:
                self.granted.set()

    def give_up(self) -> bool:
        """True when the waiter leaves; False when the turn came in the same instant."""
        with self._mutex:
            self._abandoned = not self.granted.is_set()
            return self._abandoned
