"""Which papers in transit a statement line may be, ranked, with the reasons in words: for a person to decide. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from portal.donors.rules import name_words
from portal.kit.money import format_dong
from portal.kit.vietnamese import fold
from portal.pledges.suggesting import MOST, MOST_UNNAMED, Reason, Suggestion

VERY, LIKELY, LEAST = 75, 50, 25
LEVELS = {VERY: "Rất có thể", LIKELY: "Có thể", LEAST: "Ít có thể"}
LEVEL_BADGES = {VERY: "ok", LIKELY: "neutral", LEAST: "neutral"}
MOST_TOGETHER, MOST_LOOKED_AT, SHOWN = 4, 12, 6
SAME_DAYS, NEAR_DAYS, FAR_DAYS = 1, 5, 30


@dataclass(frozen=True)
class Paper:
    """A document, or the line of another own account, that waits on the other side of transit; đồng."""

    key: tuple[int, int]
    day: date
    left: int
    names: tuple[str, ...] = ()  # who gives or gets it
    marks: tuple[str, ...] = ()  # its number, the number of the other account
    pieces: tuple[int, ...] = ()  # what it pays to each of a list, đồng


def level_of(confidence: int) -> int:
    """VERY, LIKELY or LEAST: certainty is told in words."""
    return next((level for level in LEVELS if confidence >= level), LEAST)


def suggest_papers(day: date, left: int, text: str, papers: Sequence[Paper]) -> list[Suggestion]:
    """Single papers, and several of near days that add up to a line of `left` đồng; the likeliest first.

    `shares` are (None, key of the paper, đồng).
    """
    padded = f" {fold(text)} "
    found = [_single(day, left, padded, paper) for paper in papers]
    near = [paper for paper in papers if abs((paper.day - day).days) <= NEAR_DAYS and paper.left < left]
    found += _together(day, left, padded, near[:MOST_LOOKED_AT])
    kept = sorted((one for one in found if one.confidence >= LEAST), key=lambda one: -one.confidence)
    return _doubted(kept)[:SHOWN]


def _single(day: date, left: int, padded: str, paper: Paper) -> Suggestion:
    reasons = [*_amount(left, paper), *_days(day, paper), *_named(padded, paper)]
    return _made([(None, paper.key, min(left, paper.left))], reasons)


def _together(day: date, left: int, padded: str, papers: Sequence[Paper]) -> Iterable[Suggestion]:
    for size in range(2, MOST_TOGETHER + 1):
        for some in combinations(papers, size):
            if sum(paper.left for paper in some) == left:
                said = Reason(f"{size} chứng từ cộng lại đúng số tiền của dòng", True, 35)
                reasons = [said, *_days(day, some[0]), *_named(padded, some[0])]
                yield _made([(None, paper.key, paper.left) for paper in some], reasons)


def _amount(left: int, paper: Paper) -> list[Reason]:
    if paper.left == left:
        return [Reason("đúng số tiền", True, 45)]
    if left in paper.pieces:
        return [Reason("đúng số tiền của một dòng trong danh sách", True, 35)]
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


def _made(shares: list[tuple[object, object, int]], reasons: Iterable[Reason]) -> Suggestion:
    ordered = tuple(sorted(reasons, key=lambda reason: reason.weight, reverse=True))
    most = MOST if any(reason.names for reason in ordered) else MOST_UNNAMED + 30
    return Suggestion(tuple(shares), max(0, min(sum(reason.weight for reason in ordered), most)), ordered)


def _doubted(kept: list[Suggestion]) -> list[Suggestion]:
    """Where others are as likely as the first, all of them say so and count less."""
    alike = [one for one in kept if kept[0].confidence - one.confidence < 5] if kept else []
    if len(alike) < 2:
        return kept
    doubt = Reason(f"còn {len(alike) - 1} chứng từ khác cũng giống như vậy", False, -20)
    marked = [_made(list(one.shares), [*one.reasons, doubt]) if one in alike else one for one in kept]
    return sorted(marked, key=lambda one: -one.confidence)
