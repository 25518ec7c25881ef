"""A whole portal with sample data, served as in real life: `portal migrate`, `sample`, `run`."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-m", "portal.cli"]
START_SECONDS, STOP_SECONDS = 60, 40


class Portal:
    """An installation in `folder`, on a free port of this machine."""

    def __init__(self, folder: Path):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        settings = {"PORTAL_INSTANCE": str(folder), "PORTAL_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self.environment = {**kept, **settings}
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> str:
        """Run `portal <words>` to its end; returns what it said. CalledProcessError when it fails."""
        done = subprocess.run(
            [*COMMAND, *words],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said = done.stdout.decode()
        if done.returncode:
            raise RuntimeError(f"portal {' '.join(words)} ended with {done.returncode}:\n{said}")
        return said

    def start(self) -> None:
        """Serve until `stop`. RuntimeError when it does not answer in time."""
        with (self.folder / "output").open("wb") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "run"], env=self.environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
            )
        limit = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"the portal did not start:\n{(self.folder / 'output').read_text()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:  # noqa: S310
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        """End the server in order; kill it only when it does not go."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def number(self, sql: str, *values: object) -> int:
        """One number out of the books, read beside the running server."""
        with sqlite3.connect(f"file:{self.folder / 'portal.sqlite3'}?mode=ro", uri=True) as connection:
            return connection.execute(sql, values).fetchone()[0]

    def log(self) -> str:
        """What the server has written so far."""
        return (self.folder / "output").read_text()


def sample_portal(folder: Path) -> Portal:
    """A started portal with sample data; the caller stops it."""
    portal = Portal(folder)
    portal.command("migrate")
    portal.command("sample")
    portal.start()
    return portal
