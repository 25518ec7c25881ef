"""The Vietcombank account statement of `bank_files`, as most tests of imports want it."""

from __future__ import annotations

from pathlib import Path

from tests.statements.bank_files import ACCOUNT, OPENING, Options, Truth
from tests.statements.bank_files.files import write_csv, write_xlsx

__all__ = ["ACCOUNT", "OPENING", "Expected", "write_vcb_csv", "write_vcb_xlsx"]

Expected = Truth


def write_vcb_csv(path: str | Path, *, encoding: str = "utf-8-sig", delimiter: str = ",", **options) -> Truth:
    """As CSV; the options are those of `Options`. A million rows take some seconds."""
    chosen = Options(**options)
    write_csv(Path(path), chosen, encoding=encoding, delimiter=delimiter)
    return chosen.expected


def write_vcb_xlsx(path: str | Path, **options) -> Truth:
    """The same as XLSX; amounts are texts, as the bank writes them."""
    chosen = Options(**options)
    write_xlsx(Path(path), chosen)
    return chosen.expected
