"""Spending on screen: what its pages share. Decisions and vouchers have files of their own."""

from __future__ import annotations

from flask import Blueprint

from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER

bp = Blueprint("spending", __name__, url_prefix="/quan-ly/chi")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT)
