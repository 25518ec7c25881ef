"""What a transfer was about, in words, with where its document is shown; for rows of the books, read in bulk.

For staff only: the words name people. Public pages have words of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.advances.models import Settlement
from portal.allocations.models import AllocationReceipt
from portal.books.queries import Row
from portal.cash.models import CashDeposit
from portal.donations.models import Donation, Refund
from portal.donations.rules import code_of
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.ledger.rules import DOCUMENTS
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.spending.models_others import OtherEntry
from portal.spending.rules import DOCUMENT_OF
from portal.statements.models import Statement, StatementLine
from portal.statements.models_settling import LineSettlement

UNKNOWN = "Không rõ tên"
Page = tuple[str, dict[str, Any]]  # endpoint and its arguments


@dataclass(frozen=True)
class Told:
    """The words of a row, and the page of its document: `endpoint` ("" = none) with `args`."""

    text: str
    endpoint: str = ""
    args: dict[str, Any] = field(default_factory=dict)


def tell(rows: Sequence[Row]) -> list[Told]:
    """One `Told` per row, in the same order; a handful of statements whatever their number."""
    by_kind: dict[str, set[int]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, set()).add(row.number)
    known: dict[tuple[int, int], Told] = {}
    known |= _gifts(by_kind.get("donation", ()))
    known |= _lines([row for row in rows if row.kind == "statement"])
    known |= _vouchers(set().union(*(by_kind.get(kind, ()) for kind in DOCUMENT_OF.values())))
    known |= _settlements([row for row in rows if row.kind == "advance"])
    reversed_ones, pages = _reversed(by_kind.get("reversal", ())), _pages(by_kind)
    return [known.get((row.number, row.ordinal)) or _plain(row, reversed_ones, pages) for row in rows]


def _plain(row: Row, reversed_ones: dict[int, str], pages: dict[int, Page]) -> Told:
    name = DOCUMENTS[row.kind]
    if row.number in reversed_ones:
        return Told(f"Đảo {reversed_ones[row.number]}: {row.reason or ''}".rstrip(": "))
    return Told(f"{name}: {row.reason}" if row.reason else name, *pages.get(row.number, ("", {})))


def _pages(by_kind: dict[str, set[int]]) -> dict[int, Page]:
    """Where documents are shown that need no words of their own; one statement for each kind that occurs."""
    pages: dict[int, Page] = {}

    def asked(kind: str, *columns: Any, endpoint: str, name: str) -> None:
        if by_kind.get(kind):
            for number, value in db.session.execute(select(*columns).where(columns[0].in_(by_kind[kind]))):
                pages[number] = endpoint, {name: value}

    asked("other", OtherEntry.posting_number, OtherEntry.id, endpoint="spending.other_entry", name="entry_id")
    asked("refund", Refund.posting_number, Refund.donation_id, endpoint="donations.show", name="code")
    asked(
        "internal",
        CashDeposit.posting_number,
        CashDeposit.posting_number,
        endpoint="cash.deposit",
        name="number",
    )
    for number in (AllocationReceipt.in_number, AllocationReceipt.out_number):
        asked(
            "allocation", number, AllocationReceipt.voucher_id, endpoint="allocations.show", name="voucher_id"
        )
    for _, args in pages.values():
        if "code" in args:
            args["code"] = code_of(args["code"])
    return pages | _settled(by_kind.get("settlement", ()))


def _settled(numbers: Iterable[int]) -> dict[int, Page]:
    """A settlement is shown on the page of its line."""
    settled = LineSettlement
    rows = select(settled.posting_number, settled.statement_id, settled.statement_ordinal).where(
        settled.posting_number.in_(set(numbers))
    )
    found = db.session.execute(rows).all() if numbers else []
    return {
        number: ("statements.line", {"statement_id": statement_id, "ordinal": ordinal})
        for number, statement_id, ordinal in found
    }


def _gifts(numbers: Iterable[int]) -> dict[tuple[int, int], Told]:
    rows = select(Donation).where(Donation.posting_number.in_(set(numbers)))
    return {
        (gift.posting_number, gift.ordinal): Told(
            f"Ủng hộ: {gift.donor_name or UNKNOWN}"
            + (f", {gift.campaign.name}" if gift.campaign else "")
            + (f" ({gift.text})" if gift.text and not gift.donor_name else ""),
            "donations.show",
            {"code": gift.code},
        )
        for gift in db.session.scalars(rows.options(joinedload(Donation.campaign)))
    }


def _lines(rows: Sequence[Row]) -> dict[tuple[int, int], Told]:
    """The bank's own words; a statement may have a million lines, so only those asked for are read."""
    wanted: dict[int, list[int]] = {}
    for row in rows:
        wanted.setdefault(row.number, []).append(row.ordinal)
    lines = select(Statement.id, Statement.posting_number, StatementLine.ordinal, StatementLine.text).join(
        StatementLine, StatementLine.statement_id == Statement.id
    )
    told: dict[tuple[int, int], Told] = {}
    for number, ordinals in wanted.items():
        own = lines.where(Statement.posting_number == number, StatementLine.ordinal.in_(ordinals))
        for found in db.session.execute(own):
            url = {"statement_id": found.id, "ordinal": found.ordinal}
            told[number, found.ordinal] = Told(found.text, "statements.line", url)
    return told


def _vouchers(numbers: Iterable[int]) -> dict[tuple[int, int], Told]:
    rows = (
        select(Voucher, DecisionRow.receiver)
        .join(VoucherRow, VoucherRow.voucher_id == Voucher.id)
        .join(DecisionRow, DecisionRow.id == VoucherRow.decision_row_id)
        .where(Voucher.posting_number.in_(set(numbers)), VoucherRow.refused.is_(None))
        .order_by(VoucherRow.voucher_id, VoucherRow.ordinal)
    )
    told: dict[tuple[int, int], Told] = {}
    place: dict[int, int] = {}
    for voucher, receiver in db.session.execute(rows):
        assert voucher.posting_number is not None
        place[voucher.id] = place.get(voucher.id, 0) + 1  # the live rows are the transfers, in their order
        told[voucher.posting_number, place[voucher.id]] = Told(
            f"{voucher.content}: {receiver}", "spending.voucher", {"voucher_id": voucher.id}
        )
    return told


def _settlements(rows: Sequence[Row]) -> dict[tuple[int, int], Told]:
    """Settled advances, with the page of the advance."""
    found = select(Settlement.posting_number, Settlement.voucher_id).where(
        Settlement.posting_number.in_({row.number for row in rows})
    )
    advances = {row.posting_number: row.voucher_id for row in db.session.execute(found)}
    return {
        (row.number, row.ordinal): Told(
            row.reason or DOCUMENTS[row.kind], "advances.show", {"voucher_id": advances[row.number]}
        )
        for row in rows
        if row.number in advances
    }


def _reversed(numbers: Iterable[int]) -> dict[int, str]:
    """ "phiếu thu PT-0012/2026" by the number of the reversal."""
    mirror = select(Posting.number, Posting.reverses).where(Posting.number.in_(set(numbers)))
    pairs = {row.reverses: row.number for row in db.session.execute(mirror)}
    found = db.session.scalars(select(Posting).where(Posting.number.in_(pairs)))
    return {
        pairs[one.number]: one.paper_number or f"{DOCUMENTS[one.kind].lower()} số {one.number}"
        for one in found
    }
