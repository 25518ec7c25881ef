"""The bank's own references of gifts that came by a statement: shown on a gift's page, and found by the public search.

A gift stands under the number of its line, so that both are found by document and ordinal.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.donations import search
from portal.donations.models import Donation
from portal.kit.db import db
from portal.kit.masking import mask_reference
from portal.ledger.models import BankAccount
from portal.statements.models import Statement, StatementLine

AT_ONCE = 500  # ids in one statement


def public_references(donation_ids: Sequence[int]) -> dict[int, str]:
    """What the bank printed as reference or document number of each gift, as everybody may read it.

    Nothing of accounts whose statements are not published.
    """
    found: dict[int, str] = {}
    for start in range(0, len(donation_ids), AT_ONCE):
        rows = (
            select(Donation.id, StatementLine.reference)
            .join(Statement, Statement.posting_number == Donation.posting_number)
            .join(BankAccount, BankAccount.id == Statement.bank_account_id)
            .join(
                StatementLine,
                (StatementLine.statement_id == Statement.id) & (StatementLine.ordinal == Donation.ordinal),
            )
            .where(
                Donation.id.in_(donation_ids[start : start + AT_ONCE]),
                BankAccount.published,
                StatementLine.reference.is_not(None),
            )
        )
        found.update({gift: mask_reference(reference) for gift, reference in db.session.execute(rows)})
    return found


search.OTHER_LINES.append(public_references)
