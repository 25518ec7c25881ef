"""The list of the people behind a group gift, as it is stapled to the receipt ("theo danh sách kèm theo")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.donations.members import group_of
from portal.donations.models import Donation, GroupMember
from portal.kit.days import format_day
from portal.kit.pdf import render_paper
from portal.receipts import queries, wording
from portal.receipts.rules import RECEIPT
from portal.units.queries import unit_texts


@dataclass(frozen=True)
class Annex:
    """What the list says. `worth` and `left` are đồng; a `number` of "" is a dotted line."""

    issuer: Sequence[str]
    committee: str
    number: str
    payer: str
    day: str
    reason: str
    members: Sequence[GroupMember]
    left_people: int
    left: int
    people: int
    worth: int
    words: str


def annex_of(gift: Donation) -> Annex | None:
    """The list of a gift's first part; None when the gift has one giver."""
    group = group_of(gift)
    if group is None:
        return None
    texts = unit_texts(gift.unit, gift.donated_on)
    receipt = next((paper for paper in queries.papers_of(gift) if paper.paper == RECEIPT), None)
    return Annex(
        issuer=texts.issuing_lines,
        committee=texts.committee,
        number=receipt.number if receipt else gift.paper_number or "",
        payer=gift.donor_name or "",
        day=format_day(gift.donated_on),
        reason=wording.reason_of(gift),
        members=group.members,
        left_people=group.left_people,
        left=group.left,
        people=group.people,
        worth=group.worth,
        words=wording.words(group.worth, texts),
    )


def render(annex: Annex, *, sample: bool) -> str:
    """The HTML of the list."""
    return render_paper("documents/group_list.html", annex=annex, sample=sample)
