"""The pages of the sign-off sheet get their codes when they are printed first. Flushes; the caller commits."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from portal.distributions.documents_sheets import paginated
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import Sheet
from portal.distributions.queries_scans import newest_edition
from portal.distributions.rules import APPROVED, CLOSED, RELEASED
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.seen import lock_row

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none like another, for who types it
PREFIX, LENGTH = "KN-", 12


def sheets_for_print(distribution: Distribution, rows: Sequence[DistributionRow]) -> list[Sheet]:
    """The pages of the edition in force; a new edition when the rows on the pages are others. Raises Refused."""
    if distribution.state not in (APPROVED, RELEASED, CLOSED):
        raise Refused("Danh sách ký nhận in được khi đợt đã duyệt. Duyệt đợt trước.")
    if not rows:
        raise Refused("Đợt này không có hộ nào được duyệt nên không có gì để in.")
    lock_row(distribution)
    spans = [(page[0].ordinal or 0, page[-1].ordinal or 0) for page in paginated(distribution, rows)]
    known = newest_edition(distribution.id)
    if [(sheet.first, sheet.last) for sheet in known] == spans:
        return known
    edition = known[0].edition + 1 if known else 1
    made = [
        Sheet(
            distribution_id=distribution.id,
            edition=edition,
            page=page,
            pages=len(spans),
            first=first,
            last=last,
            code=_code(),
        )
        for page, (first, last) in enumerate(spans, start=1)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def _code() -> str:
    """Told by nobody's name: 12 letters by chance (about 59 bits), so that a page cannot be guessed."""
    return PREFIX + "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def is_code(text: str) -> bool:
    """Whether a text found in a QR may be that of a page."""
    rest = text.removeprefix(PREFIX)
    return text.startswith(PREFIX) and len(rest) == LENGTH and all(letter in LETTERS for letter in rest)
