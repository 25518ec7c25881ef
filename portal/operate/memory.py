"""What a process does with its memory once it is built."""

from __future__ import annotations

import gc


def stop_watching_memory() -> None:
    """Keep the garbage collector off what lives as long as the process: code, tables, templates.

    Going through it again and again took a third of the time of a statement's import (bench/import_statement).
    """
    gc.collect()
    gc.freeze()
