"""The life of one pledge in sentences: every version, match, release and letter, in the order of the entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.campaigns.models import Campaign
from portal.campaigns.rules import REGULAR
from portal.donors.queries import kind_name
from portal.kit.days import format_day, format_moment
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.kit.numbers import Entry
from portal.people.models import User
from portal.pledges.models import Fulfilment, PledgeTerms, Reminder
from portal.pledges.rules import KINDS, SHOWN_AS, Due, write_dues

LABELS = {
    "donor_name": "Người đăng ký",
    "donor_kind": "Loại",
    "phone": "Điện thoại",
    "address": "Địa chỉ",
    "kind": "Hình thức",
    "amount": "Số tiền",
    "content": "Nội dung",
    "quantity": "Số lượng",
    "measure": "Đơn vị tính",
    "pledged_on": "Ngày đăng ký",
    "dues": "Hạn chuyển",
    "campaign_id": "Đợt vận động",
    "shown_as": "Hiển thị",
    "note": "Ghi chú",
}


@dataclass(frozen=True)
class Event:
    """One line of the story; `number` is its entry, so that lines can be put in order."""

    number: int
    when: str
    text: str
    note: str | None = None


def as_text(name: str, value: Any, campaigns: Mapping[int, str] | None = None) -> str:
    """A value of a version as people read it."""
    if name == "campaign_id":
        return (campaigns or {}).get(value, "đợt khác") if value else REGULAR
    if value in (None, "", []):
        return "để trống"
    readers = {
        "amount": lambda: f"{format_amount(value)} đ",
        "pledged_on": lambda: format_day(value),
        "kind": lambda: KINDS[value],
        "shown_as": lambda: SHOWN_AS[value],
        "donor_kind": lambda: kind_name(value) or value,
    }
    return readers[name]() if name in readers else str(value)


def _dues(terms: PledgeTerms) -> str:
    return write_dues([Due(part.due_on, part.amount) for part in terms.instalments], amount=terms.amount)


def differences(before: PledgeTerms, after: PledgeTerms) -> list[tuple[str, str, str]]:
    """(field in words, before, after) of all that people typed differently."""
    campaigns = _campaign_names({before.campaign_id, after.campaign_id})
    found = []
    for name, label in LABELS.items():
        old, new = (_dues(terms) if name == "dues" else getattr(terms, name) for terms in (before, after))
        if old != new:
            found.append((label, as_text(name, old, campaigns), as_text(name, new, campaigns)))
    return found


def _campaign_names(ids: set[int | None]) -> dict[int, str]:
    wanted = {one for one in ids if one}
    if len(wanted) < 1 or len(ids) == 1:
        return {}
    return {row.id: row.name for row in db.session.scalars(select(Campaign).where(Campaign.id.in_(wanted)))}


def story_of(pledge_id: int) -> list[Event]:
    """Everything that happened to a pledge, the newest first. Four statements, one more for changed campaigns."""
    terms = list(
        db.session.scalars(
            select(PledgeTerms)
            .where(PledgeTerms.pledge_id == pledge_id)
            .order_by(PledgeTerms.id)
            .options(selectinload(PledgeTerms.instalments))
        )
    )
    mine = select(Fulfilment).where(Fulfilment.pledge_id == pledge_id).order_by(Fulfilment.id)
    matches = list(db.session.scalars(mine.options(joinedload(Fulfilment.posting))))
    numbers = {row.since for row in (*terms, *matches)} | {row.until for row in matches if row.until}
    rows = db.session.scalars(select(Entry).where(Entry.number.in_(numbers)))
    entries = {entry.number: entry for entry in rows}
    events = [
        _of_version(entries[row.since], terms[place - 1] if place else None, row)
        for place, row in enumerate(terms)
    ]
    for row in matches:
        events.append(_of_match(entries[row.since], row))
        if row.until:
            events.append(_of_release(entries[row.until], row))
    return sorted(events, key=lambda event: event.number, reverse=True)


def _event(entry: Entry, text: str, note: str | None = None) -> Event:
    return Event(entry.number, format_moment(entry.recorded_at), f"{entry.by_name} {text}", note)


def _of_version(entry: Entry, before: PledgeTerms | None, after: PledgeTerms) -> Event:
    if before is None:
        return _event(entry, "ghi đăng ký" + (", đọc tại hội trường" if after.announced else ""))
    if after.cancelled_on and not before.cancelled_on:
        return _event(entry, "hủy đăng ký", f"Lý do: {after.cancel_reason}")
    if before.cancelled_on and not after.cancelled_on:
        return _event(entry, "bỏ hủy, đăng ký có hiệu lực trở lại")
    if after.met_on != before.met_on:
        if after.met_on:
            return _event(entry, f"ghi đã thực hiện ngày {format_day(after.met_on)}", after.met_note)
        return _event(entry, "bỏ ghi đã thực hiện")
    if after.announced != before.announced:
        return _event(entry, "đưa lên bảng của buổi lễ" if after.announced else "rút khỏi bảng của buổi lễ")
    changed = "; ".join(f"{label}: {old} → {new}" for label, old, new in differences(before, after))
    return _event(entry, "sửa đăng ký", changed or None)


def _gift(match: Fulfilment) -> str:
    return match.posting.paper_number or f"chứng từ số {match.posting_number}"


def _of_match(entry: Entry, match: Fulfilment) -> Event:
    return _event(entry, f"ghép {format_amount(match.amount)} đ của khoản {_gift(match)}")


def _of_release(entry: Entry, match: Fulfilment) -> Event:
    why = {"reversal": "đảo", "refund": "hoàn trả"}.get(entry.what)
    if why:
        return _event(entry, f"{why} khoản {_gift(match)}, {format_amount(match.amount)} đ không còn tính")
    return _event(entry, f"gỡ ghép {format_amount(match.amount)} đ của khoản {_gift(match)}")


def letters_of(pledge_id: int) -> list[tuple[Reminder, str]]:
    """Letters sent for a pledge with the name of who sent them, the newest first."""
    rows = select(Reminder, User.name).join(User, User.id == Reminder.by_id)
    rows = rows.where(Reminder.pledge_id == pledge_id).order_by(Reminder.id.desc())
    return [(reminder, name) for reminder, name in db.session.execute(rows)]
