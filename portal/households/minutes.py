"""Minutes of a hand-over, of single cases and of houses: what a reversed document does to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.kit.db import db
from portal.ledger.models import Posting

SIGNED, VOID = "signed", "void"


def void_minutes(minutes: Any, papers: Any, posting: Posting) -> str:
    """Signed `minutes` (a model, with the model of its `papers`) that hand over a reversed document hold no longer.

    Returns the name of the document.
    """
    name = posting.paper_number or f"số {posting.number}"
    rows = select(minutes).join(papers, papers.handover_id == minutes.id)
    signed = papers.posting_number == posting.number, minutes.state == SIGNED
    for one in db.session.scalars(rows.where(*signed)):
        one.state, one.void_reason = VOID, f"Chứng từ {name} đã đảo."
    return name
