"""Files that background work has made for people: kept in the installation's folder `made` for some days.

A file bears the name of the record that it belongs to; whoever may read the record gets the file, nobody else.
"""

from __future__ import annotations

import time
from pathlib import Path

from flask import current_app

KEPT_SECONDS = 3 * 24 * 3600


def made_file(name: str) -> Path:
    """Where the file of this name is, or will be."""
    return Path(current_app.instance_path) / "made" / name


def room_for(name: str) -> Path:
    """The same, with its folder made, old files cleared away; to be written beside it and then moved there."""
    path = made_file(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    limit = time.time() - KEPT_SECONDS
    for old in path.parent.iterdir():
        if old.is_file() and old.stat().st_mtime < limit:
            old.unlink(missing_ok=True)
    return path


def remove(name: str) -> None:
    """The file is not needed any more."""
    made_file(name).unlink(missing_ok=True)
