"""Documents of the store, each one a posting. Flushes; the caller commits. Refused says what to do.

What other rooms call stands here: `write_movements` and `write_all` (movements.py), the catalogue (catalogue.py),
the documents (papers.py, kits.py) and counts (counts.py).
"""

from __future__ import annotations

from portal.goods.movements import write_all, write_movements

__all__ = ["write_all", "write_movements"]
