"""The emulation movement on screen: rewards. The pages stand beside (views_*)."""

from __future__ import annotations

from flask import Blueprint

from portal.kit.access import ACCOUNTANT, APPROVER, AUDITOR, RECORDER

bp = Blueprint("emulation", __name__, url_prefix="/quan-ly/thi-dua")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR)
WRITERS = (RECORDER, ACCOUNTANT)

from portal.emulation import (  # noqa: E402, F401  (their routes join `bp`)
    albums,
    views_criteria,
    views_evidence,
    views_initiatives,
    views_movements,
    views_ranking,
    views_registrations,
    views_sheet,
)
