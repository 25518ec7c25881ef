"""Goods on screen: stock, catalogue, stores, documents of the store."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("goods", __name__, url_prefix="/quan-ly/kho")
