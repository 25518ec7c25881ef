"""Spending on screen: what its pages share. Decisions and vouchers have files of their own."""

from __future__ import annotations

from flask import Blueprint

from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER

bp = Blueprint("spending", __name__, url_prefix="/quan-ly/chi")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = (RECORDER, ACCOUNTANT)


from portal.spending import (  # noqa: E402, F401  (their pages belong to this blueprint)
    views_budget,
    views_catalogues,
    views_decisions,
    views_direct,
    views_drafts,
    views_new_voucher,
    views_others,
    views_rows,
    views_vouchers,
)
