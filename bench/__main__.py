"""All speed tables, one after the other: `python -m bench [ROWS …]`."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Each table in a process of its own, so that none profits from the other's warmth."""
    names = sorted(found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]))
    for name in names:
        if name not in ("report", "import_parts", "__main__"):
            subprocess.run([sys.executable, "-m", f"bench.{name}", *sys.argv[1:]], check=True)


if __name__ == "__main__":
    main()
