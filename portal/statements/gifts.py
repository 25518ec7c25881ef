"""Gifts that came by statement and keep no pledge yet, although one may be meant: found, joined. Flushes only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

from portal.donations.models import Donation, DonationWords
from portal.donations.queries import is_reversed
from portal.donations.search import reindex
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.models import BankAccount, Posting
from portal.people.models import User
from portal.pledges.models import Fulfilment, Pledge
from portal.pledges.suggesting import Line, Suggestion, suggest_pledges
from portal.statements.candidates import PledgeBook
from portal.statements.senders import sender_of
from portal.statements.settling import keep_pledge, take_giver
from portal.statements.suggesting import LIKELY
from portal.statements.transit import SETTLEMENT, STATEMENT

AMOUNTS, NEWEST = 500, 500


@dataclass(frozen=True)
class Unkept:
    """A gift with the first pledge that it may keep."""

    gift: Donation
    sender: str | None
    pledge: Pledge
    donor_name: str
    suggestion: Suggestion


def unkept(account: BankAccount, book: PledgeBook, least: int = LIKELY) -> list[Unkept]:
    """Gifts of an account's unit and fund with the amount of an open pledge, the newest first. One statement."""
    if not book.candidates:
        return []
    amounts = sorted({part for one in book.candidates.values() for part in _amounts(one)})[:AMOUNTS]
    since = min(one.pledged_on for one in book.candidates.values())
    kept = exists().where(
        Fulfilment.posting_number == Donation.posting_number,
        Fulfilment.ordinal == Donation.ordinal,
        Fulfilment.until.is_(None),
    )
    rows = (
        select(Donation)
        .join(Donation.posting)
        .join(DonationWords, DonationWords.donation_id == Donation.id)
        .where(
            Posting.kind.in_((STATEMENT, SETTLEMENT)),
            Donation.unit_id == account.unit_id,
            Posting.fund_id == account.fund_id,
            DonationWords.amount.in_(amounts),
            Donation.donated_on >= since,
            ~is_reversed(),
            ~kept,
        )
    )
    gifts = db.session.scalars(rows.order_by(Donation.id.desc()).limit(NEWEST))
    found = [_best(gift, book) for gift in gifts]
    return [one for one in found if one is not None and one.suggestion.confidence >= least]


def _amounts(one) -> list[int]:  # type: ignore[no-untyped-def]
    return [one.left, *(part.amount for part in one.parts)]


def _best(gift: Donation, book: PledgeBook) -> Unkept | None:
    sender = gift.donor_name or sender_of(gift.text or "").name
    line = Line(gift.id, gift.donated_on, gift.amount, gift.text or "", sender, gift.campaign_id)
    suggested = suggest_pledges(line, book.near(line))
    single = next((one for one in suggested if len(one.shares) == 1), None)
    if single is None:
        return None
    terms = book.terms[single.shares[0][1]]  # type: ignore[index]
    return Unkept(gift, sender, terms.pledge, terms.donor_name, single)


def keep(gift: Donation, pledge: Pledge, *, by: User) -> None:
    """The gift keeps the pledge, as far as both reach; its giver is the pledge's. Raises Refused."""
    take_posting_lock()
    if not keep_pledge(pledge, gift.posting_number, gift.ordinal, gift.amount, by=by):
        raise Refused("Đăng ký này đã đủ, hoặc khoản đã ghép hết. Tải lại trang để xem.")
    take_giver(gift, pledge)
    reindex(gift)
