"""Distributions on screen: the lists. Hand-over, sheets and scans stand beside (views_*)."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("distributions", __name__, url_prefix="/quan-ly/trao-qua")
