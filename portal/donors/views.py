"""Donors on screen: list, one donor, duplicates, merges."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("donors", __name__, url_prefix="/quan-ly/nha-hao-tam")
