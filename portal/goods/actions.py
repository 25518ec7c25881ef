"""What other rooms call of the goods room. Flushes; the caller commits. Refused says what to do.

The catalogue is written in catalogue.py, movements in movements.py, documents in slips.py, kits.py and counts.py.
Importing this module also makes goods answer reversals (reversal.py).
"""

from __future__ import annotations

from portal.goods import reversal as _answers_reversals  # noqa: F401
from portal.goods.catalogue import (
    change_item,
    change_store,
    lot_for,
    record_item,
    record_store,
    set_packs,
    set_parts,
)
from portal.goods.counts import Found, decide_count, request_count, withdraw_count
from portal.goods.kits import pack_kits, unpack_kits
from portal.goods.movements import write_all, write_movements
from portal.goods.slips import issue, receive, still_out, take_back, transfer

__all__ = [
    "Found",
    "change_item",
    "change_store",
    "decide_count",
    "issue",
    "lot_for",
    "pack_kits",
    "receive",
    "record_item",
    "record_store",
    "request_count",
    "set_packs",
    "set_parts",
    "still_out",
    "take_back",
    "transfer",
    "unpack_kits",
    "withdraw_count",
    "write_all",
    "write_movements",
]
