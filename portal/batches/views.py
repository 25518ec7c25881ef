"""Batches on screen: the grid of an evening, from typing to posting."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("batches", __name__, url_prefix="/quan-ly/dot-nhap")
