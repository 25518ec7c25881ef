"""Pure rules of the hand-over: what may be told of a household, what the list still lacks, who is asked afterwards."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portal.distributions.rules import ABSENT, OUTCOMES, PROXY, RECEIVED, REFUSED, RELEASED, RETURNED, STATES
from portal.kit.errors import Refused

BACK = (REFUSED, RETURNED)
"""Outcomes by which the portion goes back to where it came from."""
NO_PAPERS, NOT_SIGNED = "Chưa xem giấy tờ", "Chưa ký danh sách giấy"
RELATIONS = ("Vợ", "Chồng", "Con", "Cha mẹ", "Anh chị em", "Hàng xóm", "Trưởng thôn, ấp")

RIGHT, LESS, NOTHING, NOT_MET = "right", "less", "nothing", "not_met"
VERDICTS = {
    RIGHT: "Nhận đúng, đủ",
    LESS: "Nhận thiếu hoặc khác",
    NOTHING: "Không nhận được",
    NOT_MET: "Không gặp được hộ",
}
LARGEST_SEED = 999_999

ASKED, APPROVED, TURNED_DOWN, REVERSED = "asked", "approved", "refused", "reversed"
SETTLED_STATES = {
    ASKED: "Chờ duyệt",
    APPROVED: "Đã duyệt",
    TURNED_DOWN: "Không duyệt",
    REVERSED: "Đã đảo",
}
GIVEN, WENT_BACK = "given", "returned"
KEPT_ENDS = {GIVEN: "Đã trao sau", WENT_BACK: "Đã trả về kho"}


class Told(NamedTuple):
    """What is told of a household. `outcome` None = nothing (taken back)."""

    outcome: str | None
    on: date | None = None
    proxy_name: str | None = None
    proxy_relation: str | None = None
    note: str | None = None

    @property
    def words(self) -> str:
        """ "Nhận thay: Lê Thị Bé (con)"."""
        if self.outcome is None:
            return "Chưa ghi"
        name = OUTCOMES[self.outcome]
        if self.outcome == PROXY:
            name = f"{name}: {self.proxy_name} ({self.proxy_relation})"
        return f"{name}. {self.note}" if self.note else name


def check_told(told: Told, *, first_day: date | None, today: date) -> Told:
    """The same, tidied. A proxy has a name and a relation, who refuses or returns a reason. Raises Refused."""
    if told.outcome is None:
        return Told(None)
    if told.outcome not in OUTCOMES:
        raise Refused(
            "Chưa chọn kết quả. Chọn đã trao, nhận thay, vắng mặt, không nhận hoặc trả lại.", "outcome"
        )
    on = told.on or today
    if on > today:
        raise Refused("Ngày trao chưa tới. Ghi ngày đã trao.", "outcome_on")
    if first_day is not None and on < first_day:
        raise Refused(f"Ngày trao trước ngày xuất quà {first_day:%d/%m/%Y}. Sửa lại ngày.", "outcome_on")
    name, relation, note = (_tidy(text) for text in (told.proxy_name, told.proxy_relation, told.note))
    if told.outcome != PROXY:
        name = relation = None
    elif not name:
        raise Refused("Chưa ghi ai nhận thay. Chọn người trong hộ hoặc gõ họ tên.", "proxy_name")
    elif not relation:
        raise Refused("Chưa ghi quan hệ với hộ. Chọn hoặc gõ, ví dụ: con, vợ, hàng xóm.", "proxy_relation")
    if told.outcome in BACK and not note:
        raise Refused("Chưa ghi vì sao. Ghi ngắn, ví dụ: xin nhường hộ khác.", "note")
    return Told(told.outcome, on, name, relation, note)


def _tidy(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def check_under_way(state: str) -> None:
    """What happened is told while the list is being handed out. Raises Refused."""
    if state == RELEASED:
        return
    if state == "closed":
        raise Refused("Đợt này đã khóa. Mở lại đợt (có lý do) rồi mới sửa kết quả trao.")
    raise Refused(
        f"Đợt này đang ở bước “{STATES.get(state, state)}”, chưa xuất quà nên chưa ghi được kết quả trao."
    )


def share_of(outcome: str, amount: int) -> dict[str, int]:
    """Where the money of a row goes by its outcome: the columns of an advance's settlement, đồng."""
    column = "paid" if outcome in (RECEIVED, PROXY) else "absent" if outcome == ABSENT else "returned"
    return {column: amount}


class Span(NamedTuple):
    """A page of the sheets: rows `first`–`last`, by ordinal."""

    page: int
    first: int
    last: int


def missing_pages(
    pages: Iterable[Span], covered: Sequence[tuple[int, int]], ordinals: Iterable[int]
) -> list[int]:
    """Pages with a row that no filed scan shows. `covered`: spans of the scans that count."""
    wanted = set(ordinals)
    seen = {number for first, last in covered for number in range(first, last + 1)}
    open_rows = wanted - seen
    return [page.page for page in pages if any(page.first <= number <= page.last for number in open_rows)]


def draw(rows: Sequence[int], *, size: int | None, seed: int | None) -> list[int]:
    """Who is asked: all (`size` None), or so many by chance; the same seed draws the same. Raises Refused."""
    if size is None:
        return list(rows)
    if not 0 < size <= len(rows):
        raise Refused(
            f"Chọn được từ 1 đến {len(rows)} hộ. Sửa lại số hộ hậu kiểm."
            if rows
            else "Chưa có hộ nào đã nhận mà chưa hậu kiểm. Ghi kết quả trao trước.",
            "size",
        )
    if seed is None or not 0 <= seed <= LARGEST_SEED:
        raise Refused(f"Số rút thăm từ 0 đến {LARGEST_SEED:,}.".replace(",", "."), "seed")
    return sorted(random.Random(seed).sample(sorted(rows), size))  # noqa: S311  to be repeated, not a secret


class Side(NamedTuple):
    """One comparison before the list is closed: what the list says, what papers or books say, both in numbers."""

    name: str
    wanted: int
    found: int
    unit: str  # hộ, đồng, or a measure
    advice: str
    field: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.wanted == self.found


def check_closing(sides: Sequence[Side], words: Mapping[str, str]) -> None:
    """Raises Refused with the first thing that does not agree; `words` tells it by name."""
    for side in sides:
        if not side.agrees:
            raise Refused(f"Chưa khóa được đợt. {words[side.name]} {side.advice}")
