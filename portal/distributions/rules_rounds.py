"""Pure rules of rounds (đợt trao): what lists of one round share, and when two names of rounds are nearly alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from portal.kit.days import format_day
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold

_VERBS = frozenset(fold(word) for word in ("tặng", "trao", "phát", "cấp", "gửi", "biếu", "hỗ trợ"))
_SMALL = frozenset(
    fold(word) for word in ("cho", "các", "của", "đến", "tới", "và", "đợt", "nhân", "dịp", "năm")
)
_FILLING = frozenset(word for text in _VERBS | _SMALL for word in text.split())
"""Words that do not tell one round from another: "Trao quà Tết" and "Tặng quà dịp Tết" are one matter."""

TURN_OF_YEAR = timedelta(days=60)
"""Gifts of one Tết go out on both sides of the first of January."""


class Round(NamedTuple):
    """A round as it is offered: `list_id` is its first list, which stands for it."""

    list_id: int
    key: str
    name: str
    fund_id: int
    campaign_id: int | None
    campaign: str | None
    since: date  # the first of its lists' days
    lists: int

    @property
    def label(self) -> str:
        """ "Tặng quà Tết 2027 · Tháng cao điểm 2026 · từ 12/11/2026, 2 danh sách"."""
        of = self.campaign or "nguồn chung"
        return f"{self.name} · {of} · từ {format_day(self.since)}, {self.lists} danh sách"


def round_key(fund_id: int, campaign_id: int | None, name: str, day: date) -> str:
    """What lists of one round have in common, over all units: fund, campaign, its name, year of its first list.

    A household stands on one of them only. Case, accents, spaces and punctuation of the name make no difference.
    """
    return f"{fund_id}-{campaign_id or 0}-{day.year}-{fold(name)}"[:400]


def is_near(one: str, other: str) -> bool:
    """Whether two names may mean one round: the same words in any order, or all words of one within the other.

    Words that fill ("tặng", "các") do not count; names with different numbers ("Đợt 1", "Đợt 2") are different.
    """
    mine, theirs = _words(one), _words(other)
    numbers = [{word for word in words if word.isdecimal()} for words in (mine, theirs)]
    if numbers[0] and numbers[1] and numbers[0] != numbers[1]:
        return False
    return mine <= theirs or theirs <= mine


def _words(name: str) -> set[str]:
    words = set(fold(name).split())
    telling = words - _FILLING
    # "Đợt 1" has no word of its own: its number alone would lie within every name that bears it.
    return telling if any(not word.isdecimal() for word in telling) else words


def is_about(one: Round, day: date) -> bool:
    """Whether a list of that day may mean this round: one of its year, or of the weeks around the new year."""
    return one.since.year == day.year or abs(one.since - day) <= TURN_OF_YEAR


def check_new(name: str, rounds: Iterable[Round], reason: str | None) -> None:
    """A new round that is named nearly like one of these needs a reason. Raises Refused (field round_reason)."""
    near = next((one for one in rounds if is_near(name, one.name)), None)
    if near is not None and not (reason or "").strip():
        raise Refused(
            f"Đợt “{near.name}” đã có, tên gần giống “{name}”. Chọn đợt đó ở ô “Đợt trao”, "
            "hoặc ghi rõ vì sao đây là đợt khác.",
            "round_reason",
        )


def check_joins(chosen: Round, fund_id: int, campaign_id: int | None) -> None:
    """A list joins a round of its own fund and campaign. Raises Refused (field round_id)."""
    if (chosen.fund_id, chosen.campaign_id) == (fund_id, campaign_id):
        return
    if chosen.fund_id != fund_id:
        raise Refused(f"Đợt “{chosen.name}” thuộc quỹ khác. Chọn đợt của quỹ này, hoặc đợt mới.", "round_id")
    theirs = f"đợt vận động “{chosen.campaign}”" if chosen.campaign else "nguồn chung của quỹ"
    raise Refused(
        f"Đợt “{chosen.name}” dùng {theirs}. Chọn đúng đợt vận động đó ở ô “Đợt vận động”, hoặc chọn đợt khác.",
        "round_id",
    )
