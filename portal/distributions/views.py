"""Distributions on screen: the lists. Hand-over, sheets and scans stand beside (views_*)."""

from __future__ import annotations

from flask import Blueprint

from portal.distributions import actions_decide as _follows_decisions  # noqa: F401
from portal.distributions import actions_release as _follows_vouchers  # noqa: F401
from portal.distributions import album  # noqa: F401  (its photos have albums)

bp = Blueprint("distributions", __name__, url_prefix="/quan-ly/trao-qua")


from portal.distributions import (  # noqa: E402, F401  (their pages)
    views_handover,
    views_kept,
    views_phone,
    views_scans,
    views_settle,
    views_verify,
)
