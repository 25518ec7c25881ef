"""The portal for a test: whoever asks for `app` runs on SQLite and on PostgreSQL, each time in a new portal.

The schema is migrated once per run and engine; a test gets a copy (a file, or CREATE DATABASE … TEMPLATE) in the one
place where the portal of this process stands, so that the app need not be built anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import create_app
from portal.config import Config
from portal.kit.audit import COMMAND_LINE, acting
from portal.kit.db import db, writing
from portal.kit.security import limiter
from tests.cast import (  # noqa: F401  (fixtures)
    accountant,
    administrator,
    auditor,
    cast,
    chair,
    commune,
    make_cast,
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
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the portal of each test stands, one after the other."""
    return tmp_path_factory.mktemp("portal") / "instance"


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Migrated SQLite files: empty (False), and with the cast (True)."""
    made = {}
    for peopled in (False, True):
        folder = tmp_path_factory.mktemp("template")
        made[peopled] = folder / "portal.sqlite3"
        if peopled:
            shutil.copyfile(made[False], made[True])
        _prepare(configure(folder, f"sqlite:///{made[peopled]}"), peopled)
    return made


@pytest.fixture(scope="session")
def sqlite_template(sqlite_templates: dict[bool, Path]) -> Path:
    """A migrated, empty SQLite file."""
    return sqlite_templates[False]


@pytest.fixture(scope="session")
def postgresql_templates(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, str]:
    """Migrated PostgreSQL databases to copy from, as above; the first worker makes them for all."""
    made = {False: TEMPLATE, True: TEMPLATE + "_cast"}
    with cluster.turn(), cluster.connect() as connection:
        for peopled, name in made.items():
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if known is None:
                cluster.create(f"{name}_new", TEMPLATE if peopled else "template0")
                _prepare(configure(tmp_path_factory.mktemp("template"), cluster.url(f"{name}_new")), peopled)
                connection.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
    return made


def _prepare(config: Config, peopled: bool) -> None:
    """Migrate an empty database, or let the cast into a migrated one."""
    app = create_app(config)
    with app.app_context():
        if peopled:
            with acting(None, COMMAND_LINE), writing():
                make_cast()
        else:
            upgrade()
    close(app)


@pytest.fixture
def database_url(engine: str, instance: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A new migrated database for one test, with the cast where the test asks for it; its instance is empty."""
    peopled = "cast" in request.fixturenames
    shutil.rmtree(instance, ignore_errors=True)
    instance.mkdir()
    if engine == "sqlite":
        path = instance / "portal.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_templates")[peopled], path)
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    cluster.drop(name)
    cluster.create(name, request.getfixturevalue("postgresql_templates")[peopled])
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def config(database_url: str, instance: Path) -> Config:
    """Settings of the portal under test; vary with `dataclasses.replace`."""
    return configure(instance, database_url)


@pytest.fixture(scope="session")
def built() -> dict[Config, tuple[Flask, Engine]]:
    """The apps of this process with their engines: building one takes as long as a short test."""
    return {}


@pytest.fixture
def app(config: Config, built: dict[Config, tuple[Flask, Engine]]) -> Iterator[Flask]:
    """A new, empty, migrated portal; a test that gives it views of its own builds one of its own (`build`)."""
    if config not in built:
        new = build(config)
        with new.app_context():
            built[config] = new, db.engine
    app, engine = built[config]
    settings = dict(app.config)
    with app.app_context():
        db.engines[None] = engine.execution_options()  # who listens to it hears this test alone
        limiter.reset()
    yield app
    close(app)
    app.config.clear()
    app.config.update(settings)


@pytest.fixture
def db_session(app: Flask) -> Iterator[Session]:
    """The test's own session: writing, as "dòng lệnh", in an app context; rolled back at the end."""
    with app.app_context(), acting(None, COMMAND_LINE), writing():
        yield db.session  # type: ignore[misc]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is signed in as nobody (see `tests.cast.sign_in`)."""
    return app.test_client()
