"""`portal run` as a process: it says where it listens, answers, holds the lock, and ends in order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.config import Config
from tests.conftest import ROOT

START = [sys.executable, "-m", "portal.cli"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installation:
    """An installation as an operator has it: a folder, a database, a port, commands."""

    def __init__(self, config: Config):
        self.port = free_port()
        self.environment = {
            **os.environ,
            "PORTAL_INSTANCE": str(config.instance),
            "DATABASE_URL": config.database_url,
            "PORTAL_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        self.output = config.instance / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def portal(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [*START, *words]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def start(self, *command: str) -> None:
        """Start a server and wait until it answers or has ended."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command or [*START, "run"],
                env=self.environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
            )
        until = time.monotonic() + 120
        while self.process.poll() is None and time.monotonic() < until:
            if self.status("/healthz") == 200:
                return
            time.sleep(0.1)

    def status(self, path: str) -> int | None:
        """What the server answers; None when it does not."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:  # noqa: S310
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return None

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Ask the server to stop; its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(30)

    def said(self) -> str:
        """What the server printed."""
        return self.output.read_text()


@pytest.fixture
def installation(config: Config) -> Iterator[Installation]:
    made = Installation(config)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def test_a_server_answers_keeps_the_lock_and_ends_in_order(installation: Installation) -> None:
    installation.start()
    assert installation.status("/healthz") == 200, installation.said()
    refused = installation.portal("migrate")
    assert refused.returncode == 1 and "Dừng dịch vụ" in refused.stderr
    assert installation.portal("backup", str(installation.output.with_name("b"))).returncode == 0
    assert installation.stop() == 0
    said = installation.said()
    assert f"http://127.0.0.1:{installation.port}" in said and said.endswith("Đã dừng.\n")
    assert said.count("/thiet-lap/") == 1 and "Traceback" not in said
    assert installation.portal("migrate").returncode == 0


on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # the engine makes no difference


@on_sqlite
def test_wsgi_py_is_portal_run_and_ctrl_c_stops_it(installation: Installation) -> None:
    installation.start(sys.executable, str(ROOT / "wsgi.py"))
    assert installation.status("/healthz") == 200, installation.said()
    assert installation.stop(signal.SIGINT) == 0
    assert installation.said().endswith("Đã dừng.\n")


@on_sqlite
def test_a_taken_port_is_said_in_one_sentence(installation: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", installation.port))
        other.listen()
        result = installation.portal("run")
    assert result.returncode == 1
    assert result.stderr.strip().endswith("hoặc đặt PORTAL_PORT khác.") and "Traceback" not in result.stderr


@on_sqlite
def test_a_worker_stops_when_asked(installation: Installation, tmp_path: Path) -> None:
    installation.environment["PORTAL_JOBS"] = "worker"
    with installation.output.open("wb") as output:
        installation.process = subprocess.Popen(
            [*START, "worker"], env=installation.environment, cwd=ROOT, stdout=output, stderr=output
        )
    until = time.monotonic() + 120
    while "Đang chờ việc" not in installation.said() and time.monotonic() < until:
        time.sleep(0.1)
    assert installation.stop() == 0, installation.said()
    assert installation.said().endswith("Đã dừng.\n")
