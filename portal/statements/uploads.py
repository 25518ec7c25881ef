"""Files that people send: kept under a random name beside the database, readable by the portal only."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import IO

FOLDER = "uploads"


def keep(stream: IO[bytes], filename: str, instance: Path) -> Path:
    """Write a sent file under instance/uploads; of its own name only the ending stays. Returns the path."""
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ending = Path(filename).suffix.lower()[:5]
    path = folder / f"{secrets.token_hex(16)}{ending if ending[1:].isalnum() else ''}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        shutil.copyfileobj(stream, out)
    return path
