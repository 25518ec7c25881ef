"""The bank's own references of gifts that came by a statement: shown on a gift's page, and found by the public search.

A gift of a statement stands under the number of its line; one that was recognised later knows its line by the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from portal.donations import search
from portal.donations.models import Donation
from portal.kit.db import db
from portal.kit.masking import mask_reference
from portal.ledger.models import BankAccount
from portal.statements.models import Statement, StatementLine
from portal.statements.models_settling import LineSettlement

AT_ONCE = 500  # ids in one statement


def public_references(donation_ids: Sequence[int]) -> dict[int, str]:
    """What the bank printed as reference or document number of each gift, as everybody may read it.

    Nothing of accounts whose statements are not published.
    """
    found: dict[int, str] = {}
    for start in range(0, len(donation_ids), AT_ONCE):
        ids = donation_ids[start : start + AT_ONCE]
        both = [_published(rows, ids) for rows in (_of_statements(), _of_settled_lines())]
        rows = db.session.execute(both[0].union_all(both[1]))
        found.update({gift: mask_reference(reference) for gift, reference in rows})
    return found


def _published(rows: Select[*tuple[Any, ...]], ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    rows = rows.join(BankAccount, BankAccount.id == StatementLine.bank_account_id)
    return rows.where(Donation.id.in_(ids), BankAccount.published, StatementLine.reference.is_not(None))


def _of_statements() -> Select[*tuple[Any, ...]]:
    """Gifts that their statement has brought."""
    line = (StatementLine.statement_id == Statement.id) & (StatementLine.ordinal == Donation.ordinal)
    rows = select(Donation.id, StatementLine.reference).select_from(Donation)
    return rows.join(Statement, Statement.posting_number == Donation.posting_number).join(StatementLine, line)


def _of_settled_lines() -> Select[*tuple[Any, ...]]:
    """Gifts whose line waited in suspense first."""
    line = (StatementLine.statement_id == LineSettlement.statement_id) & (
        StatementLine.ordinal == LineSettlement.statement_ordinal
    )
    rows = select(Donation.id, StatementLine.reference).select_from(Donation)
    settled = LineSettlement.posting_number == Donation.posting_number
    return rows.join(LineSettlement, settled).join(StatementLine, line)


search.OTHER_LINES.append(public_references)
