"""Documents in transit as people know them: name, number, who, and their page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.cash.models import CashDeposit
from portal.donations.desk import BACK
from portal.donations.models import Donation, Refund
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.ledger.rules import DOCUMENTS
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.spending.models_others import OtherEntry
from portal.spending.rules_others import CAUSES

NAMES = 30  # of a list that one order pays


@dataclass(frozen=True)
class Known:
    """One document. `endpoint` and `values` lead to its page, None = it has none."""

    title: str
    detail: str
    number: str
    names: tuple[str, ...] = ()
    endpoint: str | None = None
    values: dict[str, Any] = field(default_factory=dict)


def known(numbers: Iterable[int]) -> dict[int, Known]:
    """What is known of documents, by posting number; six statements whatever their number."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    postings = {
        one.number: one for one in db.session.scalars(select(Posting).where(Posting.number.in_(wanted)))
    }
    found = {number: _plain(posting) for number, posting in postings.items()}
    for look in (_gifts, _vouchers, _refunds, _deposits, _others):
        found |= look(postings)
    return found


def _plain(posting: Posting) -> Known:
    number = posting.paper_number or f"số {posting.number}"
    return Known(f"{DOCUMENTS[posting.kind]} {number}", posting.reason or "", number)


def _gifts(postings: dict[int, Posting]) -> dict[int, Known]:
    rows = select(Donation).where(Donation.posting_number.in_(postings), Donation.part_of.is_(None))
    return {
        gift.posting_number: Known(
            f"Khoản ủng hộ: {gift.donor_name or 'không rõ tên'}",
            " · ".join(filter(None, (postings[gift.posting_number].paper_number or gift.code, gift.note))),
            postings[gift.posting_number].paper_number or gift.code,
            (gift.donor_name,) if gift.donor_name else (),
            "donations.show",
            {"code": gift.code},
        )
        for gift in db.session.scalars(rows)
    }


def _vouchers(postings: dict[int, Posting]) -> dict[int, Known]:
    rows = (
        select(Voucher)
        .where(Voucher.posting_number.in_(postings))
        .options(
            selectinload(Voucher.rows).joinedload(VoucherRow.decision_row).load_only(DecisionRow.receiver)
        )
    )
    return {one.posting_number: _voucher(one) for one in db.session.scalars(rows) if one.posting_number}


def _voucher(voucher: Voucher) -> Known:
    posting, rows = voucher.posting, [row for row in voucher.rows if row.refused is None]
    number = (posting.paper_number if posting else None) or f"số {voucher.posting_number}"
    listed = [row.decision_row.receiver for row in rows[:NAMES] if row.decision_row.receiver]
    names = dict.fromkeys([*([voucher.receiver] if voucher.receiver else []), *listed])
    return Known(
        f"Ủy nhiệm chi {number}",
        voucher.content,
        number,
        tuple(names),
        "spending.voucher",
        {"voucher_id": voucher.id},
    )


def _refunds(postings: dict[int, Posting]) -> dict[int, Known]:
    rows = select(Refund).where(Refund.posting_number.in_(postings))
    return {
        one.posting_number: Known(
            f"Hoàn trả: {one.receiver}",
            one.reason,
            postings[one.posting_number].paper_number or f"số {one.posting_number}",
            (one.receiver,),
            "donations.show_request",
            {"request_id": one.id, "what": BACK},
        )
        for one in db.session.scalars(rows)
        if one.posting_number
    }


def _deposits(postings: dict[int, Posting]) -> dict[int, Known]:
    rows = select(CashDeposit).where(CashDeposit.posting_number.in_(postings))
    return {
        one.posting_number: Known(
            f"Nộp tiền mặt {postings[one.posting_number].paper_number}",
            postings[one.posting_number].reason or "",
            postings[one.posting_number].paper_number or "",
            (),
            "cash.deposit",
            {"number": one.posting_number},
        )
        for one in db.session.scalars(rows)
    }


def _others(postings: dict[int, Posting]) -> dict[int, Known]:
    rows = select(OtherEntry).where(OtherEntry.posting_number.in_(postings))
    return {
        one.posting_number: Known(
            CAUSES[one.cause],
            one.reason,
            postings[one.posting_number].paper_number or f"số {one.posting_number}",
            (),
            "spending.other_entry",
            {"entry_id": one.id},
        )
        for one in db.session.scalars(rows)
        if one.posting_number
    }
