"""Reading a statement: XLSX against python-calamine alone, CSV against the csv module, memory of each.

    python -m bench.read_statement [ROWS …]        default: 10000 100000 300000

Reference: the same file opened and every cell looked at by the library alone. Ours also measures the archive,
finds the header, reads days and amounts, follows balances, certifies and folds each text for its key. Each
reading runs in a process of its own, so that its highest memory is its own.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

from bench.report import print_table, seconds, verdict
from portal.kit.vietnamese import fold
from portal.statements.reading import Occurrences, read_statement

MOST_TIMES, MOST_MEMORY = 5.0, 400
CHILD = "import bench.read_statement as bench, sys; bench.measure_here(*sys.argv[1:])"


def calamine_alone(path: str) -> Iterator[object]:
    """Every row as the library gives it."""
    yield from CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()


def csv_alone(path: str) -> Iterator[object]:
    """Every row as the csv module gives it."""
    with Path(path).open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.reader(stream)


def ours(path: str) -> Iterator[object]:
    """Every line, read, checked and folded to its key."""
    reading, seen = read_statement(path, filename=path), Occurrences("A")
    for row in reading:
        yield seen.key(row.day, row.reference, row.amount_signed, fold(row.text))
    if reading.certificate.state != "proved":
        raise SystemExit(f"the sample was not proved: {reading.certificate.reasons}")


READERS: dict[str, Callable[[str], Iterator[object]]] = {
    "calamine": calamine_alone,
    "csv": csv_alone,
    "ours": ours,
}


def measure_here(reader: str, path: str) -> None:
    """Print the processor seconds of one reading and this process's highest memory, MB."""
    before = time.process_time()
    for _ in READERS[reader](path):
        pass
    cpu = time.process_time() - before
    highest = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps([cpu, int(highest[1]) >> 10 if highest else 0]))


def measured(reader: str, path: Path) -> tuple[float, int]:
    """(processor seconds, MB) of one reading in a new process."""
    command = [sys.executable, "-c", CHILD, reader, str(path)]
    cpu, memory = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return cpu, memory


def line(folder: Path, kind: str, rows: int) -> list[object]:
    """One line of the table."""
    from tests.statements.bank_files import write_file  # not at the top: the readings need no such memory

    path = folder / f"{rows}.{kind}"
    write_file(path, kind, rows=rows, form="bidv")
    alone, least = measured("calamine" if kind == "xlsx" else "csv", path)
    own, most = measured("ours", path)
    times = own / alone
    judged = verdict(times, MOST_TIMES) if kind == "xlsx" else ""
    size = f"{rows:,}".replace(",", ".")
    facts = [
        f"{kind} {size}",
        seconds(alone),
        seconds(own),
        f"{times:.1f} ×",
        judged,
        f"{least} MB",
        f"{most} MB",
    ]
    return [*facts, verdict(most, MOST_MEMORY), f"{1e6 * own / rows:.0f} µs"]


def main() -> None:
    """Print the table."""
    sizes = [int(text) for text in sys.argv[1:]] or [10_000, 100_000, 300_000]
    heads = [
        "rows",
        "library alone",
        "ours",
        "times",
        "≤ 5 ×",
        "its memory",
        "our memory",
        "≤ 400 MB",
        "per row",
    ]
    with tempfile.TemporaryDirectory() as name:
        lines = [line(Path(name), kind, rows) for kind in ("xlsx", "csv") for rows in sizes]
    print_table("Reading a statement (processor time)", heads, lines)


if __name__ == "__main__":
    main()
