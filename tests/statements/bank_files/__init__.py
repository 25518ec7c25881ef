"""Invented bank statements in every layout and kind of file, with the truth that a reading must find."""

from tests.statements.bank_files.files import KINDS, write_file
from tests.statements.bank_files.forms import ACCOUNT, FORMS, OPENING, Form
from tests.statements.bank_files.options import Options, Truth
from tests.statements.bank_files.rows import headings, statement_rows

__all__ = [
    "ACCOUNT", "FORMS", "KINDS", "OPENING", "Form", "Options", "Truth", "headings", "statement_rows",
    "write_file",
]  # fmt: skip
