"""Which pledges a transfer may keep, ranked, with the reasons in words: for a person to decide, never for the books.

What is sure (a transfer code) is no matter of these rules: `kit.transfer_codes.sure_code`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TypeVar

from portal.donors.rules import name_words, same_name
from portal.kit.days import format_day
from portal.kit.money import format_amount
from portal.kit.vietnamese import fold
from portal.pledges.rules import Due

MOST_TOGETHER = 4  # parts of one sum: more would fit any amount by chance
MOST_LOOKED_AT = 10  # of one giver
LEAST = 25  # a suggestion below is none
SURE_DAYS, NEAR_DAYS = 7, 30
MOST = 95  # only a code is certain
MOST_UNNAMED = 45  # an amount alone is no evidence: round sums are everybody's

T = TypeVar("T")
_NUMBER = re.compile(r"\bd\s?k\s*0*(\d{1,9})\s+(\d{4})\b")


@dataclass(frozen=True)
class Line:
    """A transfer that came: `amount` đồng; `sender` as the bank's text tells it, None = not known."""

    key: object
    day: date
    amount: int
    text: str
    sender: str | None = None
    campaign_id: int | None = None


@dataclass(frozen=True)
class Candidate:
    """A pledge of money with something to come: `left` đồng, `parts` what is left of its instalments."""

    key: object
    number: int
    year: int
    donor: object | None  # the donor's key; None = known by name only
    donor_name: str
    pledged_on: date
    left: int
    parts: Sequence[Due] = ()
    campaign_id: int | None = None


@dataclass(frozen=True)
class Reason:
    """Why, in words: `speaks` for it (True), against it (False), or only to be known (None).

    `names`: it tells whose transfer this is.
    """

    text: str
    speaks: bool | None
    weight: int
    names: bool = False


@dataclass(frozen=True)
class Suggestion:
    """Lines and pledges that may belong together: đồng per (line, pledge), confidence 0–100, reasons by weight."""

    shares: tuple[tuple[object, object, int], ...]
    confidence: int
    reasons: tuple[Reason, ...]


def suggest_pledges(line: Line, candidates: Sequence[Candidate], *, limit: int = 5) -> list[Suggestion]:
    """What one transfer may keep: single pledges, and several of one giver that add up to it. The likeliest first."""
    found = [_single(line, one) for one in candidates]
    found += [made for same in _by_giver(candidates) for made in _several_pledges(line, same)]
    return _ranked(found, limit)


def suggest_lines(pledge: Candidate, lines: Sequence[Line], *, limit: int = 3) -> list[Suggestion]:
    """Several transfers that may keep one pledge together: of the giver's name, adding up to what is left."""
    own = [line for line in lines if line.amount < pledge.left and _name(line, pledge).weight > 0]
    own = sorted(own, key=lambda line: line.day)[:MOST_LOOKED_AT]
    found = []
    for some in _adding_up(own, [line.amount for line in own], pledge.left):
        said = f"{len(some)} lần chuyển cộng lại đúng số tiền còn lại {_dong(pledge.left)}"
        reasons = [Reason(said, True, 35), min((_name(line, pledge) for line in some), key=_weight)]
        reasons += _days(some[-1], [pledge]) + _campaign(some[0], pledge)
        shares = tuple((line.key, pledge.key, line.amount) for line in some)
        found.append(_made(shares, reasons))
    return _ranked(found, limit)


def _single(line: Line, one: Candidate) -> Suggestion:
    reasons = [
        _name(line, one),
        *_number(line, one),
        *_amount(line, one),
        *_days(line, [one]),
        *_campaign(line, one),
    ]
    return _made(((line.key, one.key, min(line.amount, one.left)),), reasons)


def _several_pledges(line: Line, same: Sequence[Candidate]) -> list[Suggestion]:
    """Pledges of one giver whose rests add up to the amount."""
    name = _name(line, same[0])
    if name.weight <= 0:
        return []
    found = []
    for some in _adding_up(same, [one.left for one in same], line.amount):
        said = f"cộng đúng số tiền còn lại của {len(some)} đăng ký cùng người"
        reasons = [Reason(said, True, 35), name, *_days(line, some), *_campaign(line, some[0])]
        found.append(_made(tuple((line.key, one.key, one.left) for one in some), reasons))
    return found


def _by_giver(candidates: Iterable[Candidate]) -> list[list[Candidate]]:
    groups: dict[object, list[Candidate]] = defaultdict(list)
    for one in candidates:
        groups[one.donor if one.donor is not None else tuple(name_words(one.donor_name))].append(one)
    return [some[:MOST_LOOKED_AT] for some in groups.values() if len(some) > 1]


def _adding_up(things: Sequence[T], amounts: Sequence[int], total: int) -> list[list[T]]:
    """Every choice of 2 to MOST_TOGETHER things whose amounts are the total; the fewest together first."""
    return [
        [things[place] for place in places]
        for size in range(2, MOST_TOGETHER + 1)
        for places in combinations(range(len(things)), size)
        if sum(amounts[place] for place in places) == total
    ]


def _name(line: Line, one: Candidate) -> Reason:
    """What the name says; without a known sender, what stands in the text."""
    if line.sender:
        if same_name(line.sender, one.donor_name):
            return Reason("tên người chuyển trùng", True, 40, names=True)
        theirs, ours = set(name_words(line.sender)), set(name_words(one.donor_name))
        if len(theirs) > 1 and len(ours) > 1 and (theirs < ours or ours < theirs):
            return Reason(f"tên người chuyển gần giống: {line.sender}", True, 25, names=True)
    words = " ".join(name_words(one.donor_name))
    if len(words.split()) > 1 and f" {words} " in f" {' '.join(name_words(line.text))} ":
        return Reason("nội dung có tên người đăng ký", True, 30, names=True)
    if line.sender:
        return Reason(f"tên người chuyển khác: {line.sender}", False, -15)
    return Reason("không rõ tên người chuyển", None, 0)


def _number(line: Line, one: Candidate) -> list[Reason]:
    """The number of the pledge in the text, "DK 12/2026", written by hand: likely, but without a check digit."""
    said = {(int(found[1]), int(found[2])) for found in _NUMBER.finditer(fold(line.text))}
    if (one.number, one.year) in said:
        return [Reason(f"nội dung nhắc số ĐK-{one.number:04d}/{one.year}", True, 35, names=True)]
    return []


def _amount(line: Line, one: Candidate) -> list[Reason]:
    if line.amount == one.left:
        return [Reason("đúng số tiền còn lại", True, 35)]
    come = 0
    for count, part in enumerate(sorted(one.parts, key=lambda part: part.due_on), 1):
        come += part.amount
        if line.amount == part.amount:
            return [Reason(f"đúng số tiền của đợt {_short(part.due_on)}", True, 30)]
        if line.amount == come:
            return [Reason(f"đúng số tiền của {count} đợt đầu còn lại", True, 30)]
    if line.amount < one.left:
        return [Reason(f"ít hơn số còn lại {_dong(one.left)}", None, 5)]
    return [Reason(f"nhiều hơn số còn lại {_dong(one.left)}", False, -10)]


def _days(line: Line, some: Sequence[Candidate]) -> list[Reason]:
    """How the day lies to the days that were agreed; the one that is nearest speaks."""
    if line.day < min(one.pledged_on for one in some):
        return [Reason("chuyển trước ngày đăng ký", False, -30)]
    dues = [part.due_on for one in some for part in one.parts]
    if not dues:
        return []
    nearest = min(dues, key=lambda due: abs((due - line.day).days))
    away = abs((nearest - line.day).days)
    if away <= NEAR_DAYS:
        return [Reason(f"gần hạn {_short(nearest)}", True, 15 if away <= SURE_DAYS else 8)]
    return [Reason(f"xa hạn {format_day(nearest)}", None, 0)]


def _campaign(line: Line, one: Candidate) -> list[Reason]:
    if line.campaign_id is None or one.campaign_id is None:
        return []
    if line.campaign_id == one.campaign_id:
        return [Reason("cùng đợt vận động", True, 5)]
    return [Reason("khác đợt vận động", False, -10)]


def _made(shares: tuple[tuple[object, object, int], ...], reasons: Iterable[Reason]) -> Suggestion:
    ordered = tuple(sorted(reasons, key=_weight, reverse=True))
    total = sum(reason.weight for reason in ordered)
    most = MOST if any(reason.names for reason in ordered) else MOST_UNNAMED
    return Suggestion(shares, max(0, min(total, most)), ordered)


def _ranked(found: Iterable[Suggestion], limit: int) -> list[Suggestion]:
    """The likeliest first; where others are as likely as the first, all of them say so and count less."""
    kept = sorted((one for one in found if one.confidence >= LEAST), key=lambda one: -one.confidence)
    alike = [one for one in kept if kept[0].confidence - one.confidence < 5] if kept else []
    if len(alike) > 1:
        doubt = Reason(f"còn {len(alike) - 1} cách ghép khác cũng giống như vậy", False, -15)
        kept = [_made(one.shares, [*one.reasons, doubt]) if one in alike else one for one in kept]
        kept.sort(key=lambda one: -one.confidence)
    return kept[:limit]


def _weight(reason: Reason) -> int:
    return reason.weight


def _short(day: date) -> str:
    return f"{day:%d/%m}"


def _dong(amount: int) -> str:
    return f"{format_amount(amount)} đ"
