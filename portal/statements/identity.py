"""What makes a line, and a file, the same again.

Neither (date, amount, text) nor the bank's reference is unique: one bank reused 7.530 document numbers in
one file, another file holds 9.424 identical rows, all real. So the key is the n-th occurrence of them all.
"""

import datetime as dt
import hashlib
from pathlib import Path

KEY_BYTES = 16
OPEN_DAYS = 2
MOST_RETURNS = 200  # a list in no order of days: packing would cost more than it saves
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
    """Counts identical lines within one reading. Identical lines share their day, and lists run by days.

    So only the counts of a few days are held as a dictionary (about 150 bytes a line); those of earlier days are
    packed (16 bytes a line) and unpacked again should such a day come back.
    """

    def __init__(self, account_code: str):
        self.account_code = account_code
        self._open: dict[dt.date, dict[bytes, int]] = {}
        self._packed: dict[dt.date, tuple[bytes, dict[bytes, int]]] = {}
        self._returns = 0

    def key(self, day: dt.date, reference: str | None, amount_signed: int | None, folded_text: str) -> bytes:
        """The key of the next such line."""
        base = _base(self.account_code, day, reference, amount_signed, folded_text)
        counts = self._open.get(day)
        if counts is None:
            counts = self._counts_of(day)
        n = counts.get(base, 0) + 1
        counts[base] = n
        return _numbered(base, n)

    def _counts_of(self, day: dt.date) -> dict[bytes, int]:
        """The counts of a day that is not held open; the day held longest gives way to it."""
        counts: dict[bytes, int] = {}
        if day in self._packed:
            self._returns += 1
            singles, repeated = self._packed.pop(day)
            keys = (singles[at : at + KEY_BYTES] for at in range(0, len(singles), KEY_BYTES))
            counts = {**dict.fromkeys(keys, 1), **repeated}
        if len(self._open) >= OPEN_DAYS and self._returns < MOST_RETURNS:
            oldest = next(iter(self._open))
            self._packed[oldest] = _pack(self._open.pop(oldest))
        self._open[day] = counts
        return counts


def _pack(counts: dict[bytes, int]) -> tuple[bytes, dict[bytes, int]]:
    """(keys counted once, one after the other; the others with their counts)."""
    return b"".join(key for key, n in counts.items() if n == 1), {k: n for k, n in counts.items() if n > 1}


def _base(
    account_code: str, day: dt.date, reference: str | None, amount_signed: int | None, folded_text: str
) -> bytes:
    amount = "" if amount_signed is None else str(amount_signed)
    fields = SEPARATOR.join((account_code, day.isoformat(), reference or "", amount, folded_text))
    return hashlib.blake2b(fields.encode(), digest_size=KEY_BYTES).digest()


def _numbered(base: bytes, n: int) -> bytes:
    return hashlib.blake2b(base + n.to_bytes(8, "big"), digest_size=KEY_BYTES).digest()
