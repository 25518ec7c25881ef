"""Distributions on screen: the lists. Hand-over, sheets and scans stand beside (views_*)."""

from __future__ import annotations

from flask import Blueprint

from portal.distributions import album  # noqa: F401  (its photos have albums)

bp = Blueprint("distributions", __name__, url_prefix="/quan-ly/trao-qua")
