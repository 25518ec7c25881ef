"""What the desk accepts for a line, as it was proposed or typed. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.campaigns.models import Campaign
from portal.donors.models import Donor
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.models import BankAccount, Posting
from portal.people.models import User
from portal.pledges.models import Pledge
from portal.pledges.queries import terms_of
from portal.statements import meeting, settling
from portal.statements.candidates import PledgeBook, Proposal, papers_for, pledges_for, waiting_amounts
from portal.statements.models_settling import DeskSetting, TransitMatch
from portal.statements.open_lines import OpenLine
from portal.statements.settling import GiftPart
from portal.statements.suggesting import VERY
from portal.statements.transit import Key

CLOSE = 5  # two proposals so near to each other are no certainty


@dataclass(frozen=True)
class Done:
    """What was done, so that it can be undone: documents, or joints without one."""

    postings: tuple[Posting, ...] = ()
    matches: tuple[TransitMatch, ...] = ()


def accept_pledges(line: OpenLine, shares: Sequence[tuple[Pledge, int]], *, by: User) -> Done:
    """A credit keeps pledges, so much (đồng) of each; what is left over is a gift like the last. Raises Refused."""
    if not shares:
        raise Refused("Chưa chọn đăng ký nào để khớp. Chọn một gợi ý, hoặc ghi khoản mới.", "share")
    parts: list[GiftPart] = []
    left = line.left
    for pledge, amount in shares:
        campaign = terms_of(pledge).campaign
        take = min(amount, left)
        left -= take
        parts = _with_share(parts, pledge, campaign, take)
    if left:
        last = parts[-1]
        parts[-1] = GiftPart(last.amount + left, last.campaign, last.pledges)
    return Done((settling.settle_as_gift(line, [part for part in parts if part.amount], by=by),))


def _with_share(
    parts: list[GiftPart], pledge: Pledge, campaign: Campaign | None, amount: int
) -> list[GiftPart]:
    """Pledges of one campaign are kept by one gift: one transfer, one code to find it by."""
    for place, part in enumerate(parts):
        if part.campaign is campaign:
            joined = GiftPart(part.amount + amount, campaign, (*part.pledges, pledge))
            return [*parts[:place], joined, *parts[place + 1 :]]
    return [*parts, GiftPart(amount, campaign, (pledge,))]


def accept_papers(line: OpenLine, keys: Sequence[Key], *, by: User) -> Done:
    """A line meets papers, or lines of other own accounts. Raises Refused."""
    met = meeting.meet(line, keys, by=by)
    return Done((met.posting,)) if met.posting is not None else Done((), met.matches)


def accept_gift(
    line: OpenLine,
    *,
    campaign: Campaign | None,
    donor: Donor | None,
    name: str | None,
    kind: str | None,
    shown_as: str | None,
    note: str | None,
    by: User,
) -> Done:
    """A credit is a gift that nobody has promised. Raises Refused."""
    part = GiftPart(
        line.left,
        campaign,
        donor=donor,
        donor_name=name or None,
        donor_kind=kind if name else None,
        shown_as=shown_as,
        note=note or None,
    )
    return Done((settling.settle_as_gift(line, [part], by=by),))


def accept_kind(line: OpenLine, kind: str, *, by: User) -> Done:
    """A line is no gift: a fee, interest, own money or returned money. Raises Refused."""
    if kind in ("own", "refund"):
        return Done((settling.bring_to_transit(line, kind, by=by),))
    return Done((settling.settle_as(line, kind, by=by),))


class Sure:
    """Tells, of many lines of an account, which proposal is as certain as the unit asks."""

    def __init__(self, account: BankAccount):
        self.account = account
        self.least = level_for(account.unit_id, account.fund_id)
        self._book, self._amounts = PledgeBook(account), waiting_amounts(account)

    def of(self, line: OpenLine) -> Proposal | None:
        """The first proposal, if it is certain enough and nothing of another kind is as good."""
        found = pledges_for(line, self._book)
        if line.left in self._amounts:
            found = sorted([*found, *papers_for(line)], key=lambda one: -one.confidence)
        if line.account.id != self.account.id or not found or found[0].confidence < self.least:
            return None
        return None if len(found) > 1 and found[0].confidence - found[1].confidence < CLOSE else found[0]


def level_for(unit_id: int, fund_id: int) -> int:
    """From which certainty a unit accepts together."""
    setting = db.session.get(DeskSetting, (unit_id, fund_id))
    return setting.least if setting is not None else VERY


def set_level(unit_id: int, fund_id: int, least: int) -> None:
    """A unit says from which certainty it accepts together."""
    setting = db.session.get(DeskSetting, (unit_id, fund_id)) or DeskSetting(unit_id=unit_id, fund_id=fund_id)
    setting.least = least
    db.session.add(setting)
    db.session.flush()
