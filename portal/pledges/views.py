"""Pledges on screen: list, one pledge, reminders, the ceremony board."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("pledges", __name__, url_prefix="/quan-ly/dang-ky")
