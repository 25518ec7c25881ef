"""Which state of the schema a database has, and which one this version of the portal needs."""

from __future__ import annotations

from collections.abc import Callable

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, inspect, text

from portal.kit.database import migrations_folder
from portal.kit.errors import Refused
from portal.kit.protect import trigger_names

NEWER = "Dữ liệu do một phiên bản mới hơn của cổng ghi. Cài phiên bản mới hơn rồi chạy lại."
OLD = "Cơ sở dữ liệu chưa theo kịp phiên bản này của cổng. Chạy: portal migrate"

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def newest_revision() -> str:
    """The state this version of the portal needs."""
    head = ScriptDirectory(str(migrations_folder())).get_current_head()
    assert head is not None
    return head


def revision_of(connection: Connection) -> str | None:
    """The state of a database; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: Connection) -> bool:
    """Whether the database is as this version needs it."""
    return revision_of(connection) == newest_revision()


def check_known(connection: Connection) -> None:
    """Raises Refused when the database was written by a newer version."""
    revision = revision_of(connection)
    known = {script.revision for script in ScriptDirectory(str(migrations_folder())).walk_revisions()}
    if revision is not None and revision not in known:
        raise Refused(NEWER)


def upgrade(app: Flask, *, check: Callable[[Connection], None] | None = None) -> None:
    """Bring the database of `app` to the newest state; `check` may raise inside the same transaction."""
    with app.app_context():
        config = app.extensions["migrate"].migrate.get_config(str(migrations_folder()))
        config.attributes["check"] = check
        command.upgrade(config, "head")


def missing_triggers(connection: Connection) -> list[str]:
    """Names of the triggers that protect posted rows and are gone (a rebuilt table loses them silently)."""
    dialect = connection.dialect.name
    present = set(connection.execute(text(TRIGGERS[dialect])).scalars())
    return sorted(trigger_names(dialect) - present)


def measure(connection: Connection) -> dict[str, tuple[int, int]]:
    """Per table its number of rows and, where it has amounts, their sum in đồng."""
    sizes = {}
    inspector = inspect(connection)
    for table in inspector.get_table_names():
        if table.startswith(("donation_index", "donor_index", "alembic_version")):
            continue
        has_amount = any(column["name"] == "amount" for column in inspector.get_columns(table))
        total = "COALESCE(SUM(amount), 0)" if has_amount else "0"
        count, amount = connection.execute(text(f'SELECT COUNT(*), {total} FROM "{table}"')).one()  # noqa: S608
        sizes[table] = (int(count), int(amount))
    return sizes
