"""Passwords are kept as argon2id hashes; a check costs the same whether or not there is such a person."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's smallest recommended setting: 19 MiB, so that eight threads at once do not exhaust an office PC.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    """The hash to keep. Takes some 30 ms: call it outside write transactions."""
    return _hasher.hash(_composed(password))


def check_password(kept: str | None, password: str) -> bool:
    """Whether the password is the one of this hash. Without a hash: the same work, and no."""
    try:
        right = _hasher.verify(kept or _nobody, _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def _composed(password: str) -> str:
    """Keyboards write "ế" in one, two or three characters; all of them are the same password."""
    return unicodedata.normalize("NFC", password)
