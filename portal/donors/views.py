"""Donors on screen: list, one donor, duplicates, merges."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.donors import queries
from portal.donors.documents import with_last_gifts
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.vietnamese import nfc
from portal.kit.web import page

bp = Blueprint("donors", __name__, url_prefix="/quan-ly/nha-hao-tam")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
WRITERS = queries.WRITERS
MAX_TYPED = 200


@bp.post("/goi-y")
@allow(*READERS, writes=False)
def suggestions() -> Response:
    """Who may be meant by what is being typed: a list for the picker. POST, because names never stand in addresses."""
    text, phone, tax_code = (
        nfc(request.form.get(name, "")[:MAX_TYPED]) for name in ("text", "phone", "tax_code")
    )
    found = queries.suggest(current_user, text) if text else []
    if phone or tax_code:
        same = queries.twins(current_user, name=None, phone=phone, tax_code=tax_code)
        known = {item.id for item in same}
        found = [*same, *(item for item in found if item.id not in known)][: queries.SUGGESTED]
    return page(
        "donors/suggestions.html",
        found=with_last_gifts(found, current_user),
        kinds=queries.kinds(),
        typed=text,
    )
