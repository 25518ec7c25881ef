"""Which papers in transit a statement line may be, ranked, with the reasons in words: for a person to decide. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from portal.donors.rules import name_words
from portal.kit.money import format_dong
from portal.kit.vietnamese import fold
from portal.pledges.suggesting import MOST, MOST_UNNAMED, Reason

VERY, LIKELY, LEAST = 75, 50, 25
LEVELS = {VERY: "Rất có thể", LIKELY: "Có thể", LEAST: "Ít có thể"}
LEVEL_BADGES = {VERY: "ok", LIKELY: "neutral", LEAST: "neutral"}
MOST_TOGETHER, MOST_LOOKED_AT, SHOWN = 4, 12, 6
SAME_DAYS, NEAR_DAYS, FAR_DAYS = 1, 5, 30


Key = tuple[int, int]


@dataclass(frozen=True)
class Paper:
    """A document, or the line of another own account, that waits on the other side of transit.

    `parts`: its transfers with what is left of each, đồng; a voucher has one for each of those whom it pays.
    """

    parts: tuple[tuple[Key, int], ...]
    day: date
    names: tuple[str, ...] = ()  # who gives or gets it
    marks: tuple[str, ...] = ()  # its number, the number of the other account

    @property
    def left(self) -> int:
        """What is left of the whole of it, đồng."""
        return sum(left for _, left in self.parts)

    def taken(self, amount: int) -> tuple[tuple[Key, int], ...]:
        """The transfers, the first ones first, that `amount` đồng reach."""
        taken = []
        for key, left in self.parts:
            if amount > 0:
                taken.append((key, min(left, amount)))
                amount -= left
        return tuple(taken)


@dataclass(frozen=True)
class Match:
    """Papers that a line may meet: so much (đồng) of each; confidence 0–100; reasons by weight."""

    papers: tuple[tuple[Paper, int], ...]
    confidence: int
    reasons: tuple[Reason, ...]

    @property
    def amount(self) -> int:
        """What meets, đồng."""
        return sum(amount for _, amount in self.papers)


def level_of(confidence: int) -> int:
    """VERY, LIKELY or LEAST: certainty is told in words."""
    return next((level for level in LEVELS if confidence >= level), LEAST)


def suggest_papers(day: date, left: int, text: str, papers: Sequence[Paper]) -> list[Match]:
    """What a line of `left` đồng may be: one paper, one payment of a list, or several papers of near days that add
    up to it. The likeliest first.
    """
    padded = f" {fold(text)} "
    found = [_single(day, left, padded, paper) for paper in papers]
    found += [
        _single(day, left, padded, one, listed=True) for paper in papers for one in _payments(paper, left)
    ]
    near = [paper for paper in papers if abs((paper.day - day).days) <= NEAR_DAYS and paper.left < left]
    found += _together(day, left, padded, near[:MOST_LOOKED_AT])
    kept = sorted((one for one in found if one.confidence >= LEAST), key=lambda one: -one.confidence)
    return _doubted(kept)[:SHOWN]


def _payments(paper: Paper, left: int) -> list[Paper]:
    """The first payment of a list that is exactly the line's amount: the bank may carry out a list one by one."""
    fitting = [part for part in paper.parts if part[1] == left] if len(paper.parts) > 1 else []
    return [Paper((part,), paper.day, paper.names, paper.marks) for part in fitting[:1]]


def _single(day: date, left: int, padded: str, paper: Paper, *, listed: bool = False) -> Match:
    said = [Reason("đúng số tiền của một dòng trong danh sách", True, 35)] if listed else _amount(left, paper)
    reasons = [*said, *_days(day, paper), *_named(padded, paper)]
    return _made(((paper, min(left, paper.left)),), reasons)


def _together(day: date, left: int, padded: str, papers: Sequence[Paper]) -> Iterable[Match]:
    for size in range(2, MOST_TOGETHER + 1):
        for some in combinations(papers, size):
            if sum(paper.left for paper in some) == left:
                said = Reason(f"{size} chứng từ cộng lại đúng số tiền của dòng", True, 35)
                reasons = [said, *_days(day, some[0]), *_named(padded, some[0])]
                yield _made(tuple((paper, paper.left) for paper in some), reasons)


def _amount(left: int, paper: Paper) -> list[Reason]:
    if paper.left == left:
        return [Reason("đúng số tiền", True, 45)]
    if left < paper.left:
        return [Reason(f"ít hơn chứng từ {format_dong(paper.left - left)}", False, -10)]
    return [Reason(f"nhiều hơn chứng từ {format_dong(left - paper.left)}", False, -15)]


def _days(day: date, paper: Paper) -> list[Reason]:
    away = abs((paper.day - day).days)
    if away == 0:
        return [Reason("cùng ngày", True, 25)]
    if away <= SAME_DAYS:
        return [Reason("liền ngày", True, 20)]
    if away <= NEAR_DAYS:
        return [Reason(f"cách {away} ngày", True, 10)]
    return [Reason(f"cách {away} ngày", False, -10 if away <= FAR_DAYS else -25)]


def _named(padded: str, paper: Paper) -> list[Reason]:
    """A number or a name that stands in the bank's text."""
    reasons = []
    if any(f" {folded} " in padded for mark in paper.marks if len(folded := fold(mark)) > 3):
        reasons.append(Reason("nội dung nhắc số chứng từ hoặc số tài khoản", True, 30, names=True))
    for name in paper.names:
        words = " ".join(name_words(name))
        if len(words.split()) > 1 and f" {words} " in padded:
            reasons.append(Reason(f"nội dung có tên {name}", True, 25, names=True))
            break
    return reasons


def _made(papers: tuple[tuple[Paper, int], ...], reasons: Iterable[Reason]) -> Match:
    ordered = tuple(sorted(reasons, key=lambda reason: reason.weight, reverse=True))
    most = MOST if any(reason.names for reason in ordered) else MOST_UNNAMED + 30
    return Match(papers, max(0, min(sum(reason.weight for reason in ordered), most)), ordered)


def _doubted(kept: list[Match]) -> list[Match]:
    """Where others are as likely as the first, all of them say so and count less."""
    alike = [one for one in kept if kept[0].confidence - one.confidence < 5] if kept else []
    if len(alike) < 2:
        return kept
    doubt = Reason(f"còn {len(alike) - 1} chứng từ khác cũng giống như vậy", False, -20)
    marked = [_made(one.papers, [*one.reasons, doubt]) if one in alike else one for one in kept]
    return sorted(marked, key=lambda one: -one.confidence)
