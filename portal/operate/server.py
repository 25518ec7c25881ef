"""Serving: waitress with eight threads, the worker of background work beside it, and an orderly end."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flask import Flask
from waitress.server import create_server

from portal.config import Config
from portal.jobs.worker import run_forever
from portal.kit.errors import Refused

THREADS = 8
PATIENCE_SECONDS = 30  # for the piece of work in hand, when asked to stop


def serve(app: Flask) -> None:
    """Serve `app` until SIGTERM or Ctrl-C; what is being answered is answered to its end. Raises Refused."""
    config: Config = app.config["PORTAL"]
    try:
        server = create_server(
            app,
            host=config.host,
            port=config.port,
            threads=THREADS,
            ident=None,
            # whose X-Forwarded-* count is decided in one place, by the number of proxies in the settings
            clear_untrusted_proxy_headers=config.proxy_hops == 0,
        )
    except OSError as error:
        raise Refused(
            f"Không mở được cổng mạng {config.host}:{config.port} ({error.strerror or 'đang bận'}). "
            "Dừng chương trình đang dùng nó, hoặc đặt PORTAL_PORT khác."
        ) from None
    except socket.gaierror:
        raise Refused(f"Không có địa chỉ “{config.host}” trên máy này. Sửa PORTAL_HOST.") from None
    with _stop_on_signal(), _embedded_worker(app, config):
        server.run()
    server.close()


def work(app: Flask) -> None:
    """Carry out background work until SIGTERM or Ctrl-C, without a web server."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_forever(app, stop)


@contextmanager
def _stop_on_signal() -> Iterator[None]:
    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)  # waitress finishes its running requests on this

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _embedded_worker(app: Flask, config: Config) -> Iterator[None]:
    if config.jobs != "embedded":
        yield
        return
    stop = threading.Event()
    thread = threading.Thread(target=run_forever, args=(app, stop), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
