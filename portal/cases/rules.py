"""Pure rules of single cases: how far one has come, what may be done next, what its papers must say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.kit.days import format_day, parse_day
from portal.kit.errors import Refused
from portal.kit.money import format_amount, format_dong, parse_amount, parse_count
from portal.kit.vietnamese import nfc

REQUESTED, SURVEYED, DRAFTED, DECIDED = "requested", "surveyed", "drafted", "decided"
GIVEN, DONE, REFUSED, WITHDRAWN = "given", "done", "refused", "withdrawn"
STATES = {
    REQUESTED: "Mới đề nghị",
    SURVEYED: "Đã khảo sát",
    DRAFTED: "Đang trình quyết định",
    DECIDED: "Đã quyết định, chưa chi đủ",
    GIVEN: "Đã chi, chờ biên bản",
    DONE: "Đã bàn giao",
    REFUSED: "Không hỗ trợ",
    WITHDRAWN: "Đã rút đề nghị",
}
BADGES: dict[str, str | None] = {
    REQUESTED: "warn", SURVEYED: "warn", DRAFTED: "neutral", DECIDED: "warn", GIVEN: "warn", DONE: None,
    REFUSED: "neutral", WITHDRAWN: "neutral",
}  # fmt: skip
OPEN = (REQUESTED, SURVEYED, DRAFTED, DECIDED, GIVEN)
STEPS = (
    ("Đề nghị", REQUESTED),
    ("Khảo sát", SURVEYED),
    ("Quyết định", DECIDED),
    ("Chi, xuất kho", GIVEN),
    ("Bàn giao", DONE),
)

DISASTER, ILLNESS, LIVELIHOOD, PUPIL = "disaster", "illness", "livelihood", "pupil"
FORMS = {
    DISASTER: "Phiếu khảo sát hộ bị thiên tai, hỏa hoạn",
    ILLNESS: "Phiếu khảo sát trường hợp bệnh tật, qua đời",
    LIVELIHOOD: "Phiếu khảo sát hỗ trợ sinh kế",
    PUPIL: "Phiếu khảo sát học sinh khó khăn",
}
KINDS = {
    "text": "Một dòng chữ",
    "long": "Nhiều dòng chữ",
    "amount": "Số tiền",
    "count": "Số đếm",
    "day": "Ngày",
    "choice": "Chọn một ô",
}
ENOUGH, NOT_ENOUGH = "enough", "not_enough"
CONCLUSIONS = {ENOUGH: "Đủ điều kiện hỗ trợ", NOT_ENOUGH: "Chưa đủ điều kiện hỗ trợ"}

PREPARED, SIGNED, VOID = "prepared", "signed", "void"
HANDOVERS = {PREPARED: "Chờ ký", SIGNED: "Đã ký", VOID: "Không còn hiệu lực"}
DRAFT, ISSUED = "draft", "issued"  # of a decision


@dataclass(frozen=True)
class Made:
    """A decision of a case: its state, đồng and thousandths of goods decided and given on it."""

    state: str
    money: int = 0
    paid: int = 0
    goods: int = 0
    issued: int = 0

    @property
    def is_open(self) -> bool:
        """Whether something decided has not been given yet."""
        return self.state == ISSUED and (self.paid < self.money or self.issued < self.goods)


@dataclass(frozen=True)
class Facts:
    """What a case's state follows from. `papers`: documents that gave something; `covered`: handed over, signed."""

    ended: str | None = None
    surveyed: bool = False
    decisions: Sequence[Made] = ()
    papers: frozenset[int] = frozenset()
    covered: frozenset[int] = frozenset()


def state_of(facts: Facts) -> str:
    """How far a case has come."""
    if facts.ended:
        return facts.ended
    if any(made.state == DRAFT for made in facts.decisions):
        return DRAFTED
    if any(made.is_open for made in facts.decisions):
        return DECIDED
    if facts.papers:
        return DONE if facts.papers <= facts.covered else GIVEN
    return SURVEYED if facts.surveyed else REQUESTED


def check_may(state: str, wanted: Iterable[str], what: str) -> None:
    """Only what is a legal next step. Raises Refused."""
    if state not in wanted:
        raise Refused(
            f"Trường hợp này “{STATES[state]}” nên không {what} được. Tải lại trang để xem việc còn lại."
        )


def check_proposal(
    conclusion: str | None, amount: int | None, goods: str | None, norm: int | None, over_norm: str | None
) -> None:
    """What a survey proposes: something when it says yes; above the norm (đồng) only with a reason. Raises Refused."""
    if conclusion not in CONCLUSIONS:
        raise Refused("Chưa chọn kết luận. Chọn đủ hoặc chưa đủ điều kiện.", "conclusion")
    if conclusion == ENOUGH and amount is None and not goods:
        raise Refused("Kết luận đủ thì đề xuất tiền hoặc hiện vật. Ghi ít nhất một.", "amount")
    if amount is not None and amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Gõ số đồng, hoặc để trống khi chỉ hỗ trợ hiện vật.", "amount")
    check_norm(amount, norm, over_norm)


def check_norm(amount: int | None, norm: int | None, reason: str | None) -> None:
    """More than the norm (đồng, None = there is none) needs a reason. Raises Refused (over_norm)."""
    if amount is not None and norm is not None and amount > norm and not nfc(reason):
        raise Refused(
            f"{format_dong(amount)} cao hơn mức hỗ trợ {format_dong(norm)}. Giảm số tiền, hoặc ghi lý do vượt mức.",
            "over_norm",
        )


def read_answer(
    kind: str, label: str, typed: str | None, choices: Sequence[str], field: str, today: date
) -> str | None:
    """An answer as it is kept; None when nothing was said. Raises Refused."""
    lines = [nfc(line) for line in (typed or "").splitlines()]
    text = "\n".join(lines).strip() if kind == "long" else nfc(typed)
    if not text:
        return None
    if len(text) > 2000:
        raise Refused(f"“{label}” dài quá 2.000 ký tự. Viết ngắn lại.", field)
    if kind == "amount":
        return str(parse_amount(text, field=field))
    if kind == "count":
        return str(parse_count(text, field=field))
    if kind == "day":
        return parse_day(text, today=today, field=field).isoformat()
    if kind == "choice" and text not in choices:
        raise Refused(f"“{text[:40]}” không có trong các ô của “{label}”. Chọn một ô.", field)
    return text


def show_answer(kind: str, value: str | None) -> str | None:
    """A kept answer as people read it: "12.000.000 đồng", "05/11/2026"."""
    if value is None:
        return None
    if kind == "amount":
        return f"{format_amount(int(value))} đồng"
    if kind == "count":
        return format_amount(int(value))
    return format_day(date.fromisoformat(value)) if kind == "day" else value


def typed_answer(kind: str, value: str | None) -> str:
    """A kept answer as it stands in its field."""
    shown = show_answer(kind, value) or ""
    return shown.removesuffix(" đồng") if kind == "amount" else shown


def months_of(text: str | None, field: str = "visits") -> list[int]:
    """ "3, 6, 12" → [3, 6, 12]: months after the hand-over. Raises Refused."""
    found = []
    for part in re.split(r"[,;\s]+", nfc(text)):
        if not part:
            continue
        if not part.isdecimal() or not 1 <= int(part) <= 60:
            raise Refused(f"“{part[:10]}” không phải số tháng từ 1 đến 60. Gõ như 3, 6, 12.", field)
        found.append(int(part))
    return sorted(set(found))


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


FATES = {
    "alive": "Còn nuôi, còn dùng",
    "grown": "Đã lớn, đã sinh sản",
    "sold": "Đã bán",
    "lost": "Chết, mất, hỏng",
    "passed_on": "Đã chuyển cho hộ khác",
}
GONE = ("sold", "lost", "passed_on")


def check_counts(
    name: str, given: int, told: Mapping[str, int | None], before: Mapping[str, int], field: str
) -> dict[str, int]:
    """What became of `given` pieces: the five counts add up, and what was gone before has not come back.

    A blank among filled ones is 0. Raises Refused.
    """
    if all(told.get(fate) is None for fate in FATES):
        raise Refused(f"{name}: chưa ghi số nào. Ghi {format_amount(given)} đang ở đâu.", field)
    counts = {fate: told.get(fate) or 0 for fate in FATES}
    if min(counts.values()) < 0:
        raise Refused(f"{name}: số đếm không thể âm. Sửa lại.", field)
    total = sum(counts.values())
    if total != given:
        side = f"còn thiếu {given - total}" if total < given else f"thừa {total - given}"
        raise Refused(f"{name}: cộng được {total}, đã trao {given}, {side}. Sửa cho đủ.", field)
    for fate in GONE:
        if counts[fate] < before.get(fate, 0):
            raise Refused(
                f"{name}: lần trước “{FATES[fate].lower()}” là {before[fate]}, lần này ít hơn. "
                "Sửa số lần này, hoặc bỏ lần thăm trước nếu lần đó ghi sai.",
                field,
            )
    return counts


def steps_of(state: str, before: str = REQUESTED) -> list[dict[str, Any]]:
    """The step line: done, now, next; an ended case stops where it was (`before`)."""
    here = before if state in (REFUSED, WITHDRAWN) else state
    reached = {REQUESTED: 1, SURVEYED: 2, DRAFTED: 2, DECIDED: 3, GIVEN: 4, DONE: 5}[here]
    return [
        {
            "label": label,
            "state": "done" if place < reached else "now" if place == reached else "next",
        }
        for place, (label, _) in enumerate(STEPS)
    ]
