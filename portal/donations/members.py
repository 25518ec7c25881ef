"""Reading the people behind group gifts: who is named, what is left unnamed, who may be shown to the public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from werkzeug.exceptions import NotFound

from portal.donations.member_rows import member_of_code
from portal.donations.models import Donation, GroupMember
from portal.donations.rules import GOODS
from portal.donations.shown import ANONYMOUS, shown_name
from portal.kit.db import db
from portal.kit.vietnamese import query_tokens, search_tokens

AT_ONCE = 500  # ids in one statement


@dataclass(frozen=True)
class Group:
    """A group gift. `worth` đồng: its money, or its goods at value; 0 = goods without a value."""

    members: list[GroupMember]
    people: int
    worth: int

    @property
    def listed(self) -> int:
        """What the named people gave together, đồng."""
        return sum(member.amount or 0 for member in self.members)

    @property
    def left(self) -> int:
        """What nobody is named for, đồng ("chưa kê tên"); never below zero."""
        return max(0, self.worth - self.listed)

    @property
    def left_people(self) -> int:
        """How many people are not named."""
        return self.people - len(self.members)

    @property
    def has_amounts(self) -> bool:
        """Whether anybody's own amount is known."""
        return any(member.amount for member in self.members)


def people_of(people: int | None, listed: int) -> int:
    """How many givers a gift counts as: as many as were said, or as are named if these are more."""
    return max(people or 0, listed)


def is_named() -> ColumnElement[bool]:
    """Condition: the name has not been struck."""
    return GroupMember.struck.is_(False)


def members_of(ids: Iterable[int]) -> dict[int, list[GroupMember]]:
    """The people named for each of the gifts, in the order of the list; nobody who was struck."""
    wanted = list(ids)
    found: dict[int, list[GroupMember]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = select(GroupMember).where(
            GroupMember.donation_id.in_(wanted[start : start + AT_ONCE]), is_named()
        )
        for member in db.session.scalars(rows.order_by(GroupMember.donation_id, GroupMember.number)):
            found.setdefault(member.donation_id, []).append(member)
    return found


def parts_of(first: Donation) -> list[Donation]:
    """All parts of a gift, the first one first."""
    rows = select(Donation).where(Donation.part_of == first.id).order_by(Donation.ordinal)
    return [first, *db.session.scalars(rows)]


def worth_of(parts: Sequence[Donation]) -> int:
    """The money of a gift's parts, đồng; of a gift of goods alone their value."""
    money = sum(part.amount for part in parts if part.form != GOODS)
    return money or sum(part.amount for part in parts)


def group_of(first: Donation, parts: Sequence[Donation] | None = None) -> Group | None:
    """The group behind a gift; None when it has one giver."""
    members = members_of([first.id]).get(first.id, [])
    if not members and not first.people:
        return None
    worth = worth_of(parts if parts is not None else parts_of(first))
    return Group(members, people_of(first.people, len(members)), worth)


def all_members(first: Donation) -> Select[GroupMember]:
    """Everybody who was ever named for a gift, struck ones included, for the list on screen."""
    return select(GroupMember).where(GroupMember.donation_id == first.id)


def member_or_404(first: Donation, number: int) -> GroupMember:
    """One person of a gift's list; otherwise 404."""
    found = db.session.scalar(all_members(first).where(GroupMember.number == number))
    if found is None:
        raise NotFound
    return found


def named_by_code(code: str) -> GroupMember | None:
    """The person of a public code "20261102-417-12"; None for no such code and for a struck name."""
    known = member_of_code(code)
    if known is None:
        return None
    gift, number = known
    rows = select(GroupMember).where(
        GroupMember.donation_id == gift, GroupMember.number == number, is_named()
    )
    return db.session.scalar(rows)


def last_number_of(first: Donation) -> int:
    """The highest number given in a gift's list, struck ones included."""
    rows = select(func.max(GroupMember.number)).where(GroupMember.donation_id == first.id)
    return db.session.scalar(rows) or 0


def public_name(member: GroupMember) -> str:
    """A person of a group as public pages may name them: who was not asked is not named."""
    return shown_name(member.name, None, member.shown_as)


def public_lines(members: Iterable[GroupMember]) -> list[str]:
    """What the public search may find of them, a line each; nothing of those who are not named."""
    names = (public_name(member) for member in members)
    return [name for name in names if name != ANONYMOUS]


def matching(members: Iterable[GroupMember], words: str) -> list[GroupMember]:
    """Those whose public name holds some of the words that were searched for."""
    wanted = set(query_tokens(words))
    return [
        member
        for member in members
        if public_name(member) != ANONYMOUS and wanted & set(search_tokens(public_name(member)))
    ]
