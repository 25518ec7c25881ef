"""Goods: catalogue, stores, movements, stock at any date."""
