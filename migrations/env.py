"""Runs the one chain of migrations on SQLite and PostgreSQL, in a writing transaction of the application's engine."""

from alembic import context
from flask import current_app

from portal import models  # noqa: F401  (fills the metadata)
from portal.kit.db import Base, set_writing
from portal.kit.references import is_checked_so


def include_object(thing, name, kind, reflected, compare_to):
    """Not Alembic's business: the text indexes of SQLite (virtual tables), references checked by triggers."""
    if kind == "foreign_key_constraint" and not reflected:
        dialect = current_app.extensions["migrate"].db.engine.dialect.name
        return not is_checked_so(thing.table.name, dialect)
    return not (kind == "table" and reflected and name.startswith(("donation_index", "donor_index")))


def run():
    engine = current_app.extensions["migrate"].db.engine
    set_writing(True)
    try:
        with engine.connect() as connection:
            sqlite = engine.dialect.name == "sqlite"
            if sqlite:  # a batch rebuild with foreign keys on deletes children without a word
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=sqlite,
                compare_type=True,
                include_object=include_object,
            )
            with context.begin_transaction():
                context.run_migrations()
                check = context.config.attributes.get("check")
                if check:  # what `portal migrate` compares before it commits
                    check(connection)
            connection.commit()
            if sqlite:
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
    finally:
        set_writing(False)


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database only.")
run()
