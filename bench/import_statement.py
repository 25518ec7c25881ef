"""Statement import against a bare load of the same rows into the same tables and indexes, in the same run.

    python -m bench.import_statement [ENGINE …] [ROWS …]        default: sqlite postgresql 10000 100000

Reference: the rows of all tables, ready in memory, written in one transaction into a database of the same shape
(indexes, triggers, foreign keys; PostgreSQL as the tests run it): by sqlite3.executemany, on PostgreSQL by COPY. The
import reads, proves, classifies by ten rules and posts besides. Each import runs in a process of its own, so that its
highest memory is its own; a second one runs while another process saves gifts, and tells how long these waited.
Verdicts are by the wall, up to 100.000 rows by the middle one of three runs, for noisy machines; the shortest and the
longest of their locks stand beside it, and the portal's own processor time. A million rows take some minutes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import fields
from pathlib import Path
from statistics import median

from bench.import_parts import Measured
from bench.report import percent, print_table, seconds, verdict
from tests.postgres import Cluster
from tests.statements.samples import write_vcb_csv

LEAST_SPEED, MOST_MEMORY, MOST_WAIT = 0.35, 250, 1.0
LONGEST_LOCK = {100_000: 1.0, 1_000_000: 10.0}
TURNS, SHORT = 3, 100_000
ENGINES = ("sqlite", "postgresql")
CHILD = "import bench.import_parts as parts, sys; parts.{act}(*sys.argv[1:])"


def child(act: str, *arguments: object) -> Measured:
    """What an act of `import_parts` prints, done in a new process."""
    command = [sys.executable, "-c", CHILD.format(act=act), *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def once(folder: Path, name: str, path: Path, cluster: Cluster | None) -> tuple[Measured, Measured, Measured]:
    """(import, bare load, saves meanwhile) of one file, each in a new database."""
    urls = []
    for use in ("own", "bare", "busy", "warm"):
        if cluster is not None:
            cluster.create(f"{use}_{name}")
        urls.append(cluster.url(f"{use}_{name}") if cluster else f"sqlite:///{folder / use}_{name}.sqlite3")
    own, bare, busy, warm = urls
    # First the one whose lock is not looked at: a new server has yet to touch its memory.
    waits = child("bring_while_others_save", folder, busy, path)
    ours = child("bring", folder, own, path, warm)
    return ours, child("load_bare", folder, own, bare), waits


def middle(told: list[Measured]) -> Measured:
    """Of each number its middle one; of memory the highest."""
    names = [field.name for field in fields(Measured)]
    middles = {name: median(getattr(one, name) for one in told) for name in names}
    return Measured(**{**middles, "memory": max(one.memory for one in told)})


def measure(folder: Path, engine: str, rows: int, cluster: Cluster | None) -> list[object]:
    """One line of the table."""
    path = folder / f"{rows}.csv"
    if not path.exists():
        write_vcb_csv(path, rows=rows)
    turns = TURNS if rows <= SHORT else 1
    runs = [once(folder, f"{rows}_{turn}", path, cluster) for turn in range(turns)]
    ours, alone, waits = (middle(list(told)) for told in zip(*runs, strict=True))
    locks = [own.longest for own, *_ in runs]
    limit = LONGEST_LOCK[min((size for size in LONGEST_LOCK if size >= rows), default=1_000_000)]
    return [
        f"{engine} {rows:,}".replace(",", "."),
        seconds(alone.seconds),
        seconds(ours.seconds),
        percent(alone.seconds, ours.seconds),
        verdict(alone.seconds / ours.seconds, LEAST_SPEED, at_least=True),
        f"{ours.memory} MB",
        verdict(ours.memory, MOST_MEMORY),
        seconds(ours.longest),
        f"{min(locks):.2f}–{max(locks):.2f}",
        verdict(ours.longest, limit),
        seconds(ours.longest_cpu),
        f"{waits.saves:.0f}",
        seconds(waits.p95),
        verdict(waits.p95, MOST_WAIT),
        seconds(ours.index),
        f"{1e6 * ours.seconds / rows:.0f} µs",
    ]


HEADS = [
    "rows",
    "bare load",
    "import",
    "speed",
    "≥ 35%",
    "memory",
    "≤ 250 MB",
    "longest lock",
    "of the runs",
    "≤ 1 s, 10 s",
    "by processor",
    "saves meanwhile",
    "p95",
    "< 1 s",
    "text index after",
    "per row",
]


def main() -> None:
    """Print the tables."""
    engines = [text for text in sys.argv[1:] if text in ENGINES] or list(ENGINES)
    sizes = [int(text) for text in sys.argv[1:] if text not in ENGINES] or [10_000, 100_000]
    for engine in engines:
        cluster = Cluster.reserve() if engine == "postgresql" else None
        try:
            if cluster is not None:
                cluster.start()
            with tempfile.TemporaryDirectory() as folder:
                lines = [measure(Path(folder), engine, rows, cluster) for rows in sizes]
        finally:
            if cluster is not None:
                cluster.stop()
        print_table(f"Statement import ({engine})", HEADS, lines)


if __name__ == "__main__":
    main()
