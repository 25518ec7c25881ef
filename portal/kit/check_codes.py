"""Verification codes of certificates: as strong against wrong characters as transfer codes, and never taken for one.

They begin with a digit (transfer codes with a letter), about 12 million of them, and are drawn at random: from one
code nobody works out the next.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from portal.kit.transfer_codes import is_sound, make_beginning, tidy

FIRST = "34679"


def new_check_code(*, is_taken: Callable[[str], bool]) -> str:
    """A code that nobody has yet."""
    return make_beginning(FIRST, secrets.token_hex(16), is_taken=is_taken)


def read_check_code(typed: str) -> str | None:
    """A code as a person types it, with spaces, hyphens or small letters; None when it is none."""
    code = tidy(typed)
    return code if is_sound(code) and code[0] in FIRST else None


def shown_code(code: str) -> str:
    """As it is printed, in two groups: "4K7M-C3XD"."""
    return f"{code[:4]}-{code[4:]}"
