"""Receipts on screen: printing, paper books, letters and minutes for donors."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("receipts", __name__, url_prefix="/quan-ly/bien-lai")
