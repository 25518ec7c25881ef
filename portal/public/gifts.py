"""Gifts as rows of public lists: what everybody may see of them, in plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.donations import finding, members
from portal.donations.finding import Wanted
from portal.donations.models import Donation, GroupMember
from portal.donations.rules import BANK, FORMS, GOODS, code_of
from portal.donations.shown import UNKNOWN, giver, goods_text, shown_text
from portal.kit.db import db


@dataclass(frozen=True)
class Person:
    """One of the people behind a group gift. `name` is "Nhà hảo tâm" for who was not asked; amount in đồng."""

    code: str
    name: str
    amount: int | None


@dataclass(frozen=True)
class Gift:
    """A row of a list: a gift, or one part of it. `amount` in đồng; goods at their value, 0 = without one."""

    code: str
    day: date
    amount: int
    text: str
    name: str
    form: str
    campaign: Campaign | None
    unit_id: int
    first: str = ""  # the code of the gift that it is a part of
    also: str = ""  # what else came with it: "20 thùng mì"
    people: list[Person] = field(default_factory=list)  # those of a group whom the search has met

    @property
    def is_unvalued(self) -> bool:
        """Goods that have no value in đồng."""
        return self.form == GOODS and not self.amount

    @property
    def form_name(self) -> str:
        """ "Tiền mặt"."""
        return FORMS[self.form]


def newest_gifts(limit: int, campaign: Campaign | None = None) -> list[Gift]:
    """The newest gifts, of one campaign or of all: one row each, whatever it is made of."""
    firsts = finding.newest(Wanted(campaign_id=campaign.id if campaign else None), limit)
    parts: dict[int, list[Donation]] = {row.id: [row] for row in firsts}
    others = select(Donation).where(Donation.part_of.in_(parts)).order_by(Donation.id)
    for other in db.session.scalars(others) if parts else ():
        parts[other.part_of or 0].append(other)
    hidden = finding.unpublished(list(parts))
    return [whole_gift(parts[row.id], row.id not in hidden) for row in firsts]


def whole_gift(parts: Sequence[Donation], published: bool) -> Gift:
    """A gift as one row: its money, or its goods at value; what else came is told in words."""
    first = parts[0]
    money = [part for part in parts if part.form != GOODS]
    also = [goods_text(part) or "hiện vật" for part in parts if part.form == GOODS] if money else []
    form = (money or parts)[0].form
    return _row(first, published, members.worth_of(parts), form, also="; ".join(also))


def gifts_of(donations: Sequence[Donation], words: str = "") -> list[Gift]:
    """Rows of a search, parts each in their own; with `words` the people of groups whom these words meet."""
    hidden = finding.unpublished([row.id for row in donations])
    named = members.members_of([row.id for row in donations]) if words.strip() else {}
    return [
        _row(row, row.id not in hidden, row.amount, row.form, people=_met(named.get(row.id, ()), words))
        for row in donations
    ]


def _met(named: Iterable[GroupMember], words: str) -> list[Person]:
    typed = words.strip()
    own = [member for member in named if member.code == typed]
    return [shown_person(member) for member in own or members.matching(named, words)]


def _row(row: Donation, published: bool, amount: int, form: str, **more: Any) -> Gift:
    name, text = giver(row), shown_text(row, published=published)
    if name == UNKNOWN and row.form == BANK:
        name = f"{UNKNOWN} (chuyển khoản)"
    first = code_of(row.part_of) if row.part_of else row.code
    return Gift(
        row.code, row.donated_on, amount, text, name, form, row.campaign, row.unit_id, first=first, **more
    )


def shown_person(member: GroupMember) -> Person:
    """One of the people of a group as they want to be shown."""
    return Person(member.code, members.public_name(member), member.amount)
