"""How every table of `make bench` is printed: each line a ratio against a reference of the same run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Stopwatch:
    """Seconds between the beginning and the end of a `measured()` block: by the wall, and of the processor."""

    seconds: float = 0.0
    cpu: float = 0.0


@contextmanager
def measured() -> Iterator[Stopwatch]:
    """Measure a block; on a busy machine only its processor time can be compared."""
    watch, begin, cpu = Stopwatch(), time.perf_counter(), time.process_time()
    yield watch
    watch.seconds, watch.cpu = time.perf_counter() - begin, time.process_time() - cpu


def print_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table in plain text: the first column left, the others right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(heads), *cells]) for i in range(len(heads))]
    print(f"\n{title}")
    for line in [list(heads), ["-" * width for width in widths], *cells]:
        first, *others = zip(line, widths, strict=True)
        print("  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip())


def verdict(value: float, limit: float, *, at_least: bool = False) -> str:
    """ "ok" or "MISSED", for the last column of a line that has a limit."""
    return "ok" if (value >= limit if at_least else value <= limit) else "MISSED"


def percent(part: float, whole: float) -> str:
    """`part` of `whole`, "53%"."""
    return f"{100 * part / whole:.0f}%"


def seconds(value: float) -> str:
    """ "0.54 s"."""
    return f"{value:.2f} s"
