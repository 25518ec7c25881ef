"""Looking at a database from outside the running application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from portal.config import Config
from portal.kit.db import db


@contextmanager
def plain_engine(url: str) -> Iterator[Engine]:
    """An engine without the application's rules, for reading a database that may be old, staged or broken."""
    isolation = {} if url.startswith("sqlite") else {"isolation_level": "REPEATABLE READ"}
    engine = create_engine(url, poolclass=NullPool, **isolation)  # type: ignore[arg-type]
    try:
        yield engine
    finally:
        engine.dispose()


def application(config: Config) -> Flask:
    """The portal over another database than the present one, such as the copy that is being upgraded."""
    from portal import create_app  # the factory registers the commands' rooms, and these import this module

    return create_app(config)


@contextmanager
def closed(app: Flask) -> Iterator[Flask]:
    """Use `app`, then close its connections, so that its files can be moved."""
    try:
        yield app
    finally:
        close(app)


def close(app: Flask) -> None:
    """Close every connection of `app`."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
