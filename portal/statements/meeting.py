"""A line meets its papers in transit, or the line of another own account; and parts from them again. Flushes only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.models import Account, Posting
from portal.ledger.rules import Line
from portal.people.models import User
from portal.statements import rules_settling as rules
from portal.statements import transit
from portal.statements.classes import OUT
from portal.statements.models_settling import TransitMatch
from portal.statements.open_lines import SUSPENSE, OpenLine, posting_of
from portal.statements.settling import Draft, again, begin, join, write
from portal.statements.transit import Key


@dataclass(frozen=True)
class Meeting:
    """What a meeting made: its document, if one was due, and the joints."""

    posting: Posting | None
    matches: tuple[TransitMatch, ...]


def meet(line: OpenLine, papers: Sequence[Key], *, by: User | None) -> Meeting:
    """A line meets papers in transit, the first ones first, as far as both reach.

    The papers may also be lines of another own account of the same unit and fund. Raises Refused.
    """
    line = again(line)
    if not papers:
        raise Refused("Chưa chọn chứng từ nào để khớp. Chọn ít nhất một chứng từ.", "paper")
    draft = begin(line, rules.kind_of_paper(posting_of(papers[0]).kind))
    left, met = line.left, []
    for key in papers:
        paper = transit.find(transit.OTHER[line.side], key)
        if paper is None or not paper.left:
            raise Refused("Chứng từ này không còn chờ sao kê. Tải lại trang và chọn chứng từ khác.", "paper")
        amount = rules.check_meeting(left, paper.left)
        left -= amount
        place = _carry(draft, paper, amount) if paper.account_id != draft.place.id else None
        met.append((paper, amount, place))
    return _join_all(draft, met, by=by)


def _carry(draft: Draft, paper: transit.Waiting, amount: int) -> int:
    """The other side lies at another own account: one transfer joins the two transits; returns its place."""
    other = db.session.get_one(Account, paper.account_id)
    rules.check_own(draft.place, other)
    draft.transfers.append(
        Line(other, draft.place, amount) if draft.line.side == OUT else Line(draft.place, other, amount)
    )
    return len(draft.transfers)


def _join_all(
    draft: Draft, met: Sequence[tuple[transit.Waiting, int, int | None]], *, by: User | None
) -> Meeting:
    line = draft.line
    posting = write(draft, by=by) if draft.transfers else None
    key = (posting.number, 1) if posting is not None and line.place == SUSPENSE else line.key
    joints = []
    for paper, amount, place in met:
        if place is None or posting is None:
            joints.append(join(draft.place.id, line.side, key, paper.key, amount, by=by))
            continue
        carried = (posting.number, place)
        joints.append(join(draft.place.id, line.side, key, carried, amount, by=by))
        joints.append(join(paper.account_id, paper.side, paper.key, carried, amount, by=by))
    return Meeting(posting, tuple(joints))


def part(match: TransitMatch, *, by: User) -> None:
    """A line and its paper were joined by mistake: both wait again. Raises Refused."""
    take_posting_lock()
    db.session.refresh(match, with_for_update={"of": TransitMatch})
    if match.ended_at is not None:
        raise Refused("Việc khớp này đã được gỡ rồi. Tải lại trang để xem.")
    match.ended_at, match.ended_by_id = now(), by.id
    db.session.flush()
