"""Cash on screen: who has how much, counts, hand-over slips, deposits."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("cash", __name__, url_prefix="/quan-ly/tien-mat")
