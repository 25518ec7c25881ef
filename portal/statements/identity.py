"""What makes a line, and a file, the same again.

Neither (date, amount, text) nor the bank's reference is unique: one bank reused 7.530 document numbers in
one file, another file holds 9.424 identical rows, all real. So the key is the n-th occurrence of them all.
"""

import datetime as dt
import hashlib
from pathlib import Path

KEY_BYTES = 16
SEPARATOR = "\x1f"  # nfc() and fold() leave no control character in a text: fields cannot run together


def sha256_of(path: str | Path) -> str:
    """The SHA-256 of a file as 64 hexadecimal digits, read in pieces."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def occurrence_key(
    account_code: str,
    day: dt.date,
    reference: str | None,
    amount_signed: int | None,
    folded_text: str,
    n: int,
) -> bytes:
    """The key of the n-th (from 1) identical line of an account: 16 bytes. Amounts in đồng, money out
    negative, None = unknown.
    """
    return _numbered(_base(account_code, day, reference, amount_signed, folded_text), n)


class Occurrences:
    """Counts identical lines within one reading, remembering 16 bytes and a number for each different one."""

    def __init__(self, account_code: str):
        self.account_code = account_code
        self._counts: dict[bytes, int] = {}

    def key(self, day: dt.date, reference: str | None, amount_signed: int | None, folded_text: str) -> bytes:
        """The key of the next such line."""
        base = _base(self.account_code, day, reference, amount_signed, folded_text)
        n = self._counts.get(base, 0) + 1
        self._counts[base] = n
        return _numbered(base, n)


def _base(
    account_code: str, day: dt.date, reference: str | None, amount_signed: int | None, folded_text: str
) -> bytes:
    amount = "" if amount_signed is None else str(amount_signed)
    fields = SEPARATOR.join((account_code, day.isoformat(), reference or "", amount, folded_text))
    return hashlib.blake2b(fields.encode(), digest_size=KEY_BYTES).digest()


def _numbered(base: bytes, n: int) -> bytes:
    return hashlib.blake2b(base + n.to_bytes(8, "big"), digest_size=KEY_BYTES).digest()
