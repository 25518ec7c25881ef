"""The portal for a test: whoever asks for `app` runs on SQLite and on PostgreSQL, each time in a new portal.

The schema is migrated once per run and engine; a test gets a copy (a file, or CREATE DATABASE … TEMPLATE).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from portal import create_app
from portal.config import Config
from portal.kit.audit import COMMAND_LINE, acting
from portal.kit.db import db, writing
from tests.cast import (  # noqa: F401  (fixtures)
    accountant,
    administrator,
    auditor,
    cast,
    chair,
    commune,
    officer,
    outsider,
    recorder,
)
from tests.postgres import Cluster, memory_folder
from tests.shared_work import calm_the_collector, share, share_compiled_sql

settings.register_profile("portal", deadline=None)  # a busy machine is no mistake of the code
settings.load_profile("portal")

ENGINES = ("sqlite", "postgresql")
TEMPLATE = "template_portal"
ROOT = Path(__file__).resolve().parent.parent
_cluster = pytest.StashKey[Cluster]()
_compiled = TemporaryDirectory(prefix="portal-templates-")
_templates = FileSystemBytecodeCache(_compiled.name)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=(*ENGINES, "both"), default="both", help="database of the tests")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen_by_test = any("engine" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "engine" in metafunc.fixturenames and not chosen_by_test:
        chosen = metafunc.config.getoption("--engine")
        metafunc.parametrize("engine", ENGINES if chosen == "both" else (chosen,), indirect=True)


def pytest_configure(config: pytest.Config) -> None:
    share()
    if folder := memory_folder():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)
    worker = getattr(config, "workerinput", None)
    config.stash[_cluster] = Cluster(Path(worker["postgres"])) if worker else Cluster.reserve()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["postgres"] = str(node.config.stash[_cluster].folder)


def pytest_collection_finish() -> None:
    calm_the_collector()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_cluster].stop()


class PortalClient(FlaskClient):
    """Each request stands alone, as in a server: nothing of the test's own session or actor leaks into it.

    What the test has built is committed first, otherwise the request would wait for the test's write lock.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send the request outside the test's contexts; the answer is read to its end inside."""
        if has_app_context() and db.session.registry.has():
            db.session.commit()
        kwargs["buffered"] = True
        return Context().run(super().open, *args, **kwargs)


def configure(instance: Path, url: str) -> Config:
    """Settings of a portal under test."""
    instance.mkdir(parents=True, exist_ok=True)
    return Config(instance=instance, database_url=url, secret_key="test", testing=True)  # noqa: S106


def build(config: Config) -> Flask:
    """The application as it is served; forms need no CSRF token (its own test turns that on)."""
    app = create_app(config)
    app.testing = True
    app.jinja_env.bytecode_cache = _templates  # every test has its own app; compiling took half of their time
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = PortalClient
    with app.app_context():
        share_compiled_sql(db.engine)
    return app


def close(app: Flask) -> None:
    """Give the connections back, so that files can be copied and databases dropped."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """Which engine the test runs on."""
    return request.param


@pytest.fixture(scope="session")
def cluster(pytestconfig: pytest.Config) -> Cluster:
    """The private PostgreSQL, running."""
    found = pytestconfig.stash[_cluster]
    found.start()
    return found


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "portal.sqlite3"
    _migrate(configure(folder, f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated, empty PostgreSQL database to copy from; the first worker makes it for all."""
    with cluster.turn(), cluster.connect() as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone()
        if known is None:
            cluster.create(TEMPLATE + "_new")
            _migrate(configure(tmp_path_factory.mktemp("template"), cluster.url(TEMPLATE + "_new")))
            connection.execute(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}")
    return TEMPLATE


def _migrate(config: Config) -> None:
    app = create_app(config)
    with app.app_context():
        upgrade()
    close(app)


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A new migrated database for one test."""
    if engine == "sqlite":
        path = tmp_path / "instance" / "portal.sqlite3"
        path.parent.mkdir()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"test_{uuid4().hex}"
    cluster.create(name, request.getfixturevalue("postgresql_template"))
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    """Settings of the portal under test; vary with `dataclasses.replace`."""
    return configure(tmp_path / "instance", database_url)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """A new, empty, migrated portal."""
    built = build(config)
    yield built
    close(built)


@pytest.fixture
def db_session(app: Flask) -> Iterator[Session]:
    """The test's own session: writing, as "dòng lệnh", in an app context; rolled back at the end."""
    with app.app_context(), acting(None, COMMAND_LINE), writing():
        yield db.session  # type: ignore[misc]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is signed in as nobody (see `tests.cast.sign_in`)."""
    return app.test_client()
