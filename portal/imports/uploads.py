"""A brought file between "check" and "write": kept under a secret name, for its own person, for two days."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEPT_SECONDS = 2 * 24 * 3600
NAME = re.compile(r"^[0-9a-f]{32}$")


@dataclass(frozen=True)
class Upload:
    """One kept file and what is known of it (`facts`: kind, filename, by, mode, sha256, outcome, done, jobs)."""

    folder: Path
    name: str
    facts: dict[str, Any]

    @property
    def path(self) -> Path:
        """The brought file itself."""
        return self.folder / f"{self.name}.file"

    @property
    def annotated(self) -> Path:
        """The same file with what to mend in it, when there is something."""
        return self.folder / f"{self.name}.xlsx"

    @property
    def job_id(self) -> int | None:
        """The background work on it that was asked for last, if any."""
        return self.facts.get("write_job") or self.facts.get("check_job")

    def content(self) -> bytes | None:
        """The file as it was checked; None when it is gone or no longer the same."""
        if not self.path.is_file():
            return None
        content = self.path.read_bytes()
        return content if hashlib.sha256(content).hexdigest() == self.facts["sha256"] else None

    def note(self, **facts: Any) -> None:
        """Add what became known."""
        self.facts.update(facts)
        (self.folder / f"{self.name}.json").write_text(json.dumps(self.facts, ensure_ascii=False))

    def finish(self, **facts: Any) -> None:
        """The table is in the books: the file is no longer needed. What was noted first stays."""
        if not self.facts["done"]:
            self.note(done=True, **facts)
        self.path.unlink(missing_ok=True)


def keep(folder: Path, content: bytes, **facts: Any) -> Upload:
    """Keep a file; old ones are cleared away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear(folder)
    upload = Upload(folder, secrets.token_hex(16), {"sha256": hashlib.sha256(content).hexdigest(), **facts})
    upload.path.touch(mode=0o600)
    upload.path.write_bytes(content)
    upload.note(done=False)
    return upload


def find(folder: Path, name: str, *, kind: str, by: int) -> Upload | None:
    """The upload of this name, kind and person, or None."""
    path = folder / f"{name}.json"
    if not NAME.match(name) or not path.is_file():
        return None
    facts = json.loads(path.read_text())
    return Upload(folder, name, facts) if (facts["kind"], facts["by"]) == (kind, by) else None


def _clear(folder: Path) -> None:
    limit = time.time() - KEPT_SECONDS
    for path in folder.glob("*.*"):
        if NAME.match(path.stem) and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
