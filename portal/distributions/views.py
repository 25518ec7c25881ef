"""Distributions on screen: the lists. Hand-over, sheets and scans stand beside (views_*)."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("distributions", __name__, url_prefix="/quan-ly/trao-qua")


from portal.distributions import (  # noqa: E402, F401  (their pages)
    views_handover,
    views_phone,
)
