"""What the views of this room share: who may do what, PDF answers, the public address of a gift."""

from __future__ import annotations

from pathlib import Path

from flask import Response, send_file, url_for
from flask_login import current_user

from portal.donations import queries as donations
from portal.donations.models import Donation
from portal.frame import shows_sample
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER
from portal.kit.db import db

READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
PRINTERS = (RECORDER, ACCOUNTANT, APPROVER)
WRITERS = (RECORDER, ACCOUNTANT)


def holds(*roles: str) -> bool:
    """Whether the person has one of the roles anywhere."""
    return any(grant.role in roles for grant in current_user.grants)


def gift_prefix() -> str:
    """The public address of a gift without its code."""
    return url_for("public.gift", code="x", _external=True).removesuffix("x")


def sample() -> bool:
    """Whether the papers must say that all is invented."""
    return shows_sample()


def head_or_404(code: str) -> Donation:
    """The first part of the gift of a code, if the person may read its unit; otherwise 404."""
    gift = donations.donation_or_404(code, for_user=current_user)
    return gift if gift.part_of is None else db.session.get_one(Donation, gift.part_of)


def file_answer(path: Path, name: str, mimetype: str, *, attached: bool = False) -> Response:
    """A file that was made in the background."""
    db.session.rollback()
    return send_file(path, mimetype=mimetype, as_attachment=attached, download_name=name)
