"""The rooms of the house that have a door: every blueprint, in the order of docs/architecture.md."""

from importlib import import_module

from flask import Flask

ROOMS = (
    "people",
    "campaigns",
    "ledger",
    "files",
    "cash",
    "goods",
    "donors",
    "pledges",
    "donations",
    "receipts",
    "batches",
    "spending",
    "advances",
    "allocations",
    "statements",
    "books",
    "households",
    "distributions",
    "cases",
    "emulation",
    "bulletins",
    "imports",
    "jobs",
    "public",
)


def register_features(app: Flask) -> None:
    """Register `bp` of every room's views."""
    for room in ROOMS:
        app.register_blueprint(import_module(f"portal.{room}.views").bp)
