"""PostgreSQL: the references of the two large tables of the books are checked once a statement, not once a row.

A foreign key asks row by row; on a statement of 100.000 lines these questions are two thirds of the time for which
everybody waits for the lock of numbers. Here a trigger asks once for all rows that came, takes the same lock on the rows
they name (FOR KEY SHARE) and raises the same error; who deletes or renumbers a row that is named is refused as well.
SQLite keeps its foreign keys, which cost it little. `portal check` counts these triggers like those of `kit.protect`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

# table → column → (table, key) that it names
REFERENCES: dict[str, dict[str, tuple[str, str]]] = {
    "ledger_transfer": {
        "posting_number": ("ledger_posting", "number"),
        "credit_id": ("ledger_account", "id"),
        "debit_id": ("ledger_account", "id"),
    },
    "donation": {
        "posting_number": ("ledger_posting", "number"),
        "part_of": ("donation", "id"),
        "unit_id": ("unit", "id"),
        "campaign_id": ("campaign", "id"),
        "donor_id": ("donor", "id"),
    },
}
COMES = ("insert", "update")


def reference_triggers() -> set[str]:
    """Names of the triggers that must exist on PostgreSQL."""
    coming = {f"refer_{table}_{event}" for table in REFERENCES for event in COMES}
    return coming | {f"keep_{parent}_of_{table}" for table, parent in _parents()}


def is_checked_so(table: str, dialect: str) -> bool:
    """Whether this table has no foreign keys of its own on this engine."""
    return dialect == "postgresql" and table in REFERENCES


def check_by_statement(execute: Callable[[str], object]) -> None:
    """Take the foreign keys away and put the triggers in their place (PostgreSQL, once, by a migration)."""
    for table, columns in REFERENCES.items():
        for column in columns:
            execute(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_{column}")
        execute(_coming(table))
        for event in COMES:
            execute(
                f"CREATE TRIGGER refer_{table}_{event} AFTER {event.upper()} ON {table} "
                f"REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION refer_{table}()"
            )
    for table, parent in _parents():
        execute(_leaving(table, parent))
        execute(
            f"CREATE TRIGGER keep_{parent}_of_{table} AFTER DELETE OR UPDATE OF {_key(table, parent)} ON {parent} "
            f"FOR EACH ROW EXECUTE FUNCTION keep_{parent}_of_{table}()"
        )


def _parents() -> Iterator[tuple[str, str]]:
    seen = {(table, parent) for table, columns in REFERENCES.items() for parent, _ in columns.values()}
    return iter(sorted(seen))


def _key(table: str, parent: str) -> str:
    return next(key for name, key in REFERENCES[table].values() if name == parent)


def _coming(table: str) -> str:
    """The distinct keys of each column are all there, and stay there until the transaction has ended.

    The rows are read once: of a statement few combinations are different, whatever its length.
    """
    columns = REFERENCES[table]
    gathered = ", ".join(
        f"array_agg(DISTINCT {column}) FILTER (WHERE {column} IS NOT NULL)" for column in columns
    )
    checks = "".join(
        f"""
        IF of_{column} IS NOT NULL THEN
            PERFORM 1 FROM {parent} WHERE {key} = ANY(of_{column}) FOR KEY SHARE;
            GET DIAGNOSTICS found = ROW_COUNT;
            IF found <> cardinality(of_{column}) THEN
                RAISE EXCEPTION '{table}.{column} names a row of {parent} that is not there'
                    USING ERRCODE = 'foreign_key_violation';
            END IF;
        END IF;"""
        for column, (parent, key) in columns.items()
    )
    return (
        f"CREATE FUNCTION refer_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"DECLARE found bigint; {' '.join(f'of_{column} bigint[];' for column in columns)} BEGIN "
        f"WITH told AS MATERIALIZED (SELECT DISTINCT {', '.join(columns)} FROM came) "
        f"SELECT {gathered} INTO {', '.join(f'of_{column}' for column in columns)} FROM told; "
        f"{checks} RETURN NULL; END $$"
    )


def _leaving(table: str, parent: str) -> str:
    """A row that is named neither goes nor takes another key."""
    columns = [column for column, (name, _) in REFERENCES[table].items() if name == parent]
    key = _key(table, parent)
    used = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {column} = OLD.{key})" for column in columns)
    return (
        f"CREATE FUNCTION keep_{parent}_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF NEW.{key} = OLD.{key} THEN RETURN NULL; END IF; END IF; "
        f"IF {used} THEN RAISE EXCEPTION '{parent} is named by {table}' USING ERRCODE = 'foreign_key_violation'; "
        f"END IF; RETURN NULL; END $$"
    )
