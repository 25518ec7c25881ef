"""What a person makes of a line that waits: a gift, a fee, interest, or a meeting with its paper; done and undone alone.

A credit in suspense is first brought into transit; there it meets what it is: a gift that this document records, what
the bank took or gave, a paper that was typed before, the debit of another own account. Flushes; the caller commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.donations import search
from portal.donations.models import Donation, Reclassification
from portal.donations.posting import next_donation_ids
from portal.donations.queries import live_refunds
from portal.donations.rows import received_fields
from portal.donations.rules import BANK
from portal.donors.models import Donor
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.models import Account, Posting
from portal.ledger.queries import is_reversed, reversal_of
from portal.ledger.rules import Line
from portal.people.models import User
from portal.pledges import matching
from portal.pledges.models import Pledge
from portal.pledges.queries import left_of, terms_of
from portal.receipts.models import Receipt, ReceiptStub
from portal.statements import rules_settling as rules
from portal.statements import transit
from portal.statements.classes import DONATION, IN
from portal.statements.models_settling import LineSettlement, TransitMatch
from portal.statements.open_lines import SUSPENSE, OpenLine, line_at
from portal.statements.transit import SETTLEMENT, Key

AGAIN = "Dòng này đã được xử lý trong lúc trang đang mở. Tải lại trang để xem dòng tiếp theo."


@dataclass(frozen=True)
class GiftPart:
    """So much of a line (đồng) is a gift for a campaign (None = "chung"); it keeps `pledges`, the first ones first."""

    amount: int
    campaign: Campaign | None
    pledges: tuple[Pledge, ...] = ()
    donor: Donor | None = None
    donor_name: str | None = None
    donor_kind: str | None = None
    note: str | None = None
    shown_as: str | None = None


@dataclass
class Draft:
    """One settlement as it is put together; places count from 1 as transfers do."""

    line: OpenLine
    place: Account
    transfers: list[Line] = field(default_factory=list)
    gifts: dict[int, GiftPart] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)  # places whose transfer meets the line
    kind: str = DONATION


def settle_as_gift(line: OpenLine, parts: Sequence[GiftPart], *, by: User | None) -> Posting:
    """A credit is a gift, or several that add up to it; each keeps its pledge as far as that is open. Raises Refused."""
    line = again(line)
    rules.check_parts([part.amount for part in parts], line.left, direction=line.direction)
    draft = begin(line, DONATION)
    for part in parts:
        rules.check_fund(part.campaign, line.account)
        campaign_id = part.campaign.id if part.campaign else None
        source = ledger.account_for(
            **vars(received_fields(line.account.unit_id, line.account.fund_id, campaign_id, BANK))
        )
        draft.gifts[_answer(draft, Line(source, draft.place, part.amount))] = part
    posting = write(draft, by=by)
    _record_gifts(draft, posting, by=by)
    search.index_posting(posting.number)
    return posting


def settle_as(line: OpenLine, kind: str, *, by: User | None) -> Posting:
    """A line is a fee or interest of the bank (`classes.FEE`, `INTEREST`). Raises Refused."""
    line = again(line)
    rules.check_kind(kind, line.direction)
    draft = begin(line, kind)
    other = ledger.account_for(
        unit_id=line.account.unit_id, fund_id=line.account.fund_id, kind="other", purpose=kind
    )
    into = (
        Line(other, draft.place, line.left) if line.direction == IN else Line(draft.place, other, line.left)
    )
    _answer(draft, into)
    return write(draft, by=by)


def bring_to_transit(line: OpenLine, kind: str, *, by: User | None) -> Posting:
    """A credit in suspense is no gift: own money on its way, or money that came back; its paper is still to be found."""
    line = again(line)
    rules.check_transit_kind(kind)
    if line.place != SUSPENSE:
        raise Refused("Dòng này đã chờ chứng từ rồi. Chọn chứng từ để khớp.")
    return write(begin(line, kind), by=by)


def keep_pledge(pledge: Pledge, number: int, ordinal: int, amount: int, *, by: User | None) -> bool:
    """A gift keeps a pledge as far as both reach; False when the pledge takes nothing more. Raises Refused for two funds."""
    left = left_of(pledge)
    take = min(amount, matching.left_of_gift(number, ordinal) or 0, left if left is not None else amount)
    if take <= 0:
        return False
    matching.fulfil(pledge, posting_number=number, ordinal=ordinal, amount=take, by=by)
    return True


def take_giver(gift: Donation, pledge: Pledge) -> None:
    """A gift that keeps a pledge is its giver's, unless somebody is named for it already."""
    if gift.donor_id is not None or gift.donor_name is not None:
        return
    terms = terms_of(pledge)
    gift.donor_id, gift.donor_name, gift.donor_kind = terms.donor_id, terms.donor_name, terms.donor_kind
    gift.shown_as, gift.address = terms.shown_as, terms.address
    db.session.flush()


def again(line: OpenLine) -> OpenLine:
    """The line as it is now, under the lock. Raises Refused when somebody was faster."""
    take_posting_lock()
    fresh = line_at(line.key)
    if fresh is None or fresh.place != line.place:
        raise Refused(AGAIN)
    return fresh


def begin(line: OpenLine, kind: str) -> Draft:
    """A settlement of a line: out of suspense, if it stands there, into transit of its account."""
    account = line.account
    owner = {"unit_id": account.unit_id, "fund_id": account.fund_id}
    place = ledger.account_for(**owner, kind="transit", bank_account_id=account.id)
    draft = Draft(line, place, kind=kind)
    if line.place == SUSPENSE:
        draft.transfers.append(Line(place, ledger.account_for(**owner, kind="suspense"), line.amount))
    return draft


def _answer(draft: Draft, transfer: Line) -> int:
    """Add what the line meets in this very document; returns its place."""
    draft.transfers.append(transfer)
    draft.answers.append(len(draft.transfers))
    return len(draft.transfers)


def write(draft: Draft, *, by: User | None) -> Posting:
    """Post what was put together, and join what answers the line."""
    line = draft.line
    posting = ledger.post(
        SETTLEMENT,
        unit=line.account.unit,
        fund=line.account.fund,
        document_on=line.day,
        lines=draft.transfers,
        reason=rules.reason_of(draft.kind, line.account.code, line.day),
        by=by,
    )
    key = line.key
    if line.place == SUSPENSE:
        key = (posting.number, 1)
        db.session.add(
            LineSettlement(
                posting_number=posting.number,
                ordinal=1,
                line_posting=line.key[0],
                line_ordinal=line.key[1],
                statement_id=line.line.statement_id,
                statement_ordinal=line.line.ordinal,
                kind=draft.kind,
            )
        )
    for place in draft.answers:
        amount = draft.transfers[place - 1].amount
        join(draft.place.id, line.side, key, (posting.number, place), amount, by=by)
    db.session.flush()
    return posting


def join(account_id: int, side: str, key: Key, other: Key, amount: int, *, by: User | None) -> TransitMatch:
    """`key` stands on `side` of transit, `other` on the opposite one."""
    came, went = (key, other) if side == IN else (other, key)
    match = TransitMatch(
        account_id=account_id,
        in_posting=came[0],
        in_ordinal=came[1],
        out_posting=went[0],
        out_ordinal=went[1],
        amount=amount,
        made_by_id=by.id if by else None,
    )
    db.session.add(match)
    db.session.flush()
    return match


def _record_gifts(draft: Draft, posting: Posting, *, by: User | None) -> None:
    line = draft.line
    first = next_donation_ids({line.day: len(draft.gifts)})[line.day]
    for number, (ordinal, part) in enumerate(draft.gifts.items()):
        gift = _gift(line, posting.number, ordinal, first + number, part)
        db.session.add(gift)
        db.session.flush()
        for pledge in part.pledges:
            keep_pledge(pledge, posting.number, ordinal, part.amount, by=by)
            take_giver(gift, pledge)


def _gift(line: OpenLine, number: int, ordinal: int, gift_id: int, part: GiftPart) -> Donation:
    donor = part.donor
    return Donation(
        id=gift_id,
        posting_number=number,
        ordinal=ordinal,
        unit_id=line.account.unit_id,
        campaign_id=part.campaign.id if part.campaign else None,
        donated_on=line.day,
        form=BANK,
        amount=part.amount,
        donor_id=donor.id if donor else None,
        donor_name=donor.name if donor else part.donor_name,
        donor_kind=donor.kind if donor else part.donor_kind,
        shown_as=part.shown_as,
        text=line.line.text,
        note=part.note,
    )


def undo(posting: Posting, *, by: User) -> Posting:
    """Put a line back where it waited: the settlement is reversed by whoever may settle. Raises Refused."""
    take_posting_lock()
    if posting.kind != SETTLEMENT or reversal_of(posting.number) is not None:
        raise Refused("Việc này đã được hoàn tác. Tải lại trang để xem dòng đang chờ.")
    check_untouched(
        db.session.scalars(select(Donation).where(Donation.posting_number == posting.number)).all()
    )
    return ledger.take_back(posting, reason="Hoàn tác việc xử lý dòng sao kê.", by=by)


def check_untouched(gifts: Sequence[Donation]) -> None:
    """What others have built on gifts is taken apart first. Raises Refused."""
    ids = [gift.id for gift in gifts]
    stubs = select(ReceiptStub.donation_id).where(ReceiptStub.donation_id.in_(ids))
    receipts = select(Receipt.donation_id).where(Receipt.donation_id.in_(ids))
    if db.session.scalar(receipts.limit(1)) or db.session.scalar(stubs.limit(1)):
        raise Refused(rules.BUILT_UPON.format(what="đã cấp biên nhận"))
    if db.session.scalar(live_refunds(ids).limit(1)) is not None:
        raise Refused(rules.BUILT_UPON.format(what="đã hoàn trả người ủng hộ"))
    moved = select(Reclassification.donation_id).where(
        Reclassification.donation_id.in_(ids), ~is_reversed(Reclassification.posting_number)
    )
    if db.session.scalar(moved.limit(1)) is not None:
        raise Refused(rules.BUILT_UPON.format(what="đã chuyển sang đợt khác"))
    if any(gift.people for gift in gifts):
        raise Refused(rules.BUILT_UPON.format(what="đã ghi danh sách người góp"))


@ledger.after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A reversed document meets nothing any more; a reversed settlement puts its line back."""
    by_id = mirror.by_id
    for match in transit.matches_with(posting.number):
        match.ended_at, match.ended_by_id = now(), by_id
    rows = select(LineSettlement).where(
        LineSettlement.posting_number == posting.number, LineSettlement.until.is_(None)
    )
    for settled in db.session.scalars(rows):
        settled.until = mirror.number
    db.session.flush()
