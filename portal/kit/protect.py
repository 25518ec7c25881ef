"""The database itself refuses to change or delete posted rows, on both engines.

Migrations call `protect()`; `portal check` counts the triggers, because a batch rebuild drops them without a word.
"""

from __future__ import annotations

from collections.abc import Callable

from portal.kit.references import reference_triggers

REFUSAL = "Bút toán đã ghi sổ không sửa, không xóa được"

# table → columns that may still change ((), = nothing)
PROTECTED: dict[str, tuple[str, ...]] = {
    "entry": (),
    "ledger_posting": (),
    "ledger_transfer": (),
    "audit_entry": (),
    "donation": (
        "campaign_id",
        "donor_id",
        "donor_name",
        "donor_pending",
        "people",
        "donor_kind",
        "address",
        "shown_as",
        "goods",
        "quantity",
        "measure",
        "paper_number",
        "text",
        "note",
    ),
    "foreign_amount": (),
    "reclassification": (),
    "gift_taken_back": (),
    "household_access": (),
    "line_settlement": ("until",),
    "movement_rank": (),
    "receipt": (),
    "reward": ("until", "shown_as", "consent", "words"),
    "stock_movement": (),
}


def trigger_names(dialect: str) -> set[str]:
    """Names of the triggers that must exist."""
    kinds = ("update", "delete") if dialect == "sqlite" else ("update", "delete", "truncate")
    protecting = {f"protect_{table}_{kind}" for table in PROTECTED for kind in kinds}
    return protecting if dialect == "sqlite" else protecting | reference_triggers()


def protect(execute: Callable[[str], object], dialect: str, columns: dict[str, list[str]]) -> None:
    """Create the triggers of the tables in `columns`, which gives every column of each."""
    if dialect != "sqlite":
        execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table, present in columns.items():
        free = PROTECTED[table]
        frozen = [column for column in present if column not in free]
        for statement in _statements(table, frozen, whole=not free, dialect=dialect):
            execute(statement)


def _statements(table: str, frozen: list[str], *, whole: bool, dialect: str) -> list[str]:
    of = "" if whole else " OF " + ", ".join(f'"{column}"' for column in frozen)
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        return [
            f"CREATE TRIGGER protect_{table}_update BEFORE UPDATE{of} ON {table} {refuse}",
            f"CREATE TRIGGER protect_{table}_delete BEFORE DELETE ON {table} {refuse}",
        ]
    call = "EXECUTE FUNCTION refuse_change()"
    return [
        f"CREATE TRIGGER protect_{table}_update BEFORE UPDATE{of} ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER protect_{table}_delete BEFORE DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER protect_{table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    ]
