"""Group gifts: naming the people behind one bag or one transfer. Flushes; the caller commits.

Whatever a person may get wrong raises Refused. Every change is followed by the public index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from portal.donations import members, queries, search
from portal.donations.member_rows import MOST_MEMBERS, MemberRow, check_row
from portal.donations.models import Donation, GroupMember
from portal.kit.audit import acting
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_dong
from portal.kit.numbers import take_posting_lock
from portal.kit.vietnamese import capital_first, fold
from portal.people.models import User

MOST_PEOPLE = 1_000_000


def name_members(donation: Donation, rows: Sequence[MemberRow], by: User | None) -> list[GroupMember]:
    """Put people on a gift's list; each gets the next number, which is never used again.

    Amounts are đồng of the gift and together never more than it. Raises Refused (with a field of the row).
    """
    if not rows:
        raise Refused("Chưa có tên nào. Dán danh sách, hoặc gõ ít nhất một người.", "pasted")
    _lock(donation)
    named = _named(donation)
    _check_rows(rows, named)
    _check_sum(donation, [*named, *rows])
    last = members.last_number_of(donation)
    fresh = [
        GroupMember(donation_id=donation.id, number=last + place, **_values(row))
        for place, row in enumerate(rows, start=1)
    ]
    db.session.add_all(fresh)
    _follow(donation, by)
    return fresh


def change_member(member: GroupMember, row: MemberRow, by: User | None) -> GroupMember:
    """Write a person of the list anew; number and code stay. Raises Refused."""
    _lock(member.donation)
    _check_still_named(member)
    _told(lambda: check_row(row))
    others = [one for one in _named(member.donation) if one.id != member.id]
    _check_sum(member.donation, [*others, row])
    for name, value in _values(row).items():
        setattr(member, name, value)
    _follow(member.donation, by)
    return member


def strike_member(member: GroupMember, reason: str, by: User | None) -> GroupMember:
    """Take a name off the list for a reason; it stays in the books, its number is not used again. Raises Refused."""
    if not reason.strip():
        raise Refused("Chưa nêu lý do. Ghi một câu để người sau hiểu vì sao gạch tên này.", "reason")
    _lock(member.donation)
    _check_still_named(member)
    member.struck, member.strike_reason = True, reason.strip()
    _follow(member.donation, by)
    return member


def set_people(donation: Donation, people: int | None, by: User | None) -> None:
    """Say how many people gave together; None = not known. Raises Refused."""
    _lock(donation)
    if people is not None and not 0 < people <= MOST_PEOPLE:
        raise Refused(
            "Số người phải từ 1 đến 1.000.000. Gõ số người góp, hoặc để trống khi chưa biết.", "people"
        )
    donation.people = people
    _follow(donation, by)


def _lock(donation: Donation) -> None:
    """Two people must not name more than was given: one after the other, and with what is true now.

    The lock of the books, because a statement with named people is not undone.
    """
    take_posting_lock()
    if donation.part_of is not None:
        raise Refused("Danh sách người góp ghi ở phần đầu của khoản. Mở phần đầu rồi ghi.")
    db.session.execute(select(Donation.id).where(Donation.id == donation.id).with_for_update())
    db.session.refresh(donation, ["people"])
    if queries.ended_by(donation) is not None:
        raise Refused("Khoản này đã bị đảo nên không ghi danh sách nữa. Ghi ở khoản thay thế.")


def _named(donation: Donation) -> list[GroupMember]:
    return members.members_of([donation.id]).get(donation.id, [])


def _check_rows(rows: Sequence[MemberRow], named: Sequence[GroupMember]) -> None:
    if len(named) + len(rows) > MOST_MEMBERS:
        raise Refused(
            f"Danh sách nhiều nhất {MOST_MEMBERS} người, hiện đã kê {len(named)}. "
            "Bớt dòng; phần còn lại vẫn nằm trong “chưa kê tên”.",
            "pasted",
        )
    known = {_likeness(one) for one in named}
    for place, row in enumerate(rows, start=1):
        _told(lambda row=row: check_row(row), f"Người thứ {place}: ")  # type: ignore[misc]
        if _likeness(row) in known:
            raise Refused(
                f"“{row.name}” đã có trong danh sách với cùng địa chỉ và số tiền. "
                "Bỏ dòng trùng, hoặc ghi thêm địa chỉ để phân biệt.",
                "pasted",
            )


def _likeness(one: MemberRow | GroupMember) -> tuple[str, str, int | None]:
    return fold(one.name), fold(one.address), one.amount


def _told(check, before: str = "") -> None:  # type: ignore[no-untyped-def]
    """Run a check of one row and say its sentence as a whole one."""
    try:
        check()
    except Refused as refused:
        raise Refused(
            before + (refused.text if before else capital_first(refused.text)), refused.field
        ) from refused


def _check_sum(donation: Donation, people: Iterable[MemberRow | GroupMember]) -> None:
    listed = sum(one.amount or 0 for one in people)
    worth = members.worth_of(members.parts_of(donation))
    if listed > worth:
        raise Refused(
            f"Các số tiền đã kê cộng lại {format_dong(listed)}, nhiều hơn khoản này {format_dong(worth)}. "
            "Sửa số tiền của từng người, hoặc để trống.",
            "amount",
        )


def _check_still_named(member: GroupMember) -> None:
    db.session.refresh(member)
    if member.struck:
        raise Refused(f"“{member.name}” đã bị gạch khỏi danh sách. Kê lại như một người mới.")


def _values(row: MemberRow) -> dict[str, object]:
    return {
        "name": row.name.strip(),
        "address": row.address,
        "amount": row.amount,
        "shown_as": row.shown_as,
        "donor_id": row.donor_id,
        "note": row.note,
    }


def _follow(donation: Donation, by: User | None) -> None:
    """Write under the name of who did it, then let the public index follow."""
    if by is None:
        db.session.flush()
    else:
        with acting(by.id, by.name):
            db.session.flush()
    search.reindex(donation)
