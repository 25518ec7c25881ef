"""Connects the application to its database and knows where the migrations lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy.pool import QueuePool

from portal.config import Config
from portal.kit.db import LockedConnection, db, prepare_engine
from portal.kit.locks import WriteLock

PACKAGE = Path(__file__).resolve().parent.parent


def migrations_folder() -> Path:
    """Inside an installed wheel the migrations travel with the package; in a checkout they lie beside it."""
    inside = PACKAGE / "migrations"
    return inside if inside.is_dir() else PACKAGE.parent / "migrations"


def register_database(app: Flask) -> None:
    """Engine options, transaction rules, migrations."""
    config: Config = app.config["PORTAL"]
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(config)
    db.init_app(app)
    Migrate(app, db, directory=str(migrations_folder()))
    with app.app_context():
        prepare_engine(db.engine, WriteLock(config.instance / "write.lock"))


def _engine_options(config: Config) -> dict[str, Any]:
    if config.is_sqlite:
        arguments = {"factory": LockedConnection, "check_same_thread": False}
        return {"connect_args": arguments, "poolclass": QueuePool, "pool_size": 10, "max_overflow": 10}
    return {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}
