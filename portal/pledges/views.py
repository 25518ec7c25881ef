"""Pledges on screen: list, one pledge, reminders, the ceremony board."""

from __future__ import annotations

from flask import Blueprint

from portal.donations import pledged  # noqa: F401  (tells what gifts are worth)

bp = Blueprint("pledges", __name__, url_prefix="/quan-ly/dang-ky")
