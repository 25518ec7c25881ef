"""/thu-chi as a template, a JSON answer or a file needs it: the equation with its drawing, and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from portal.figures.values import FigureValue
from portal.kit.days import format_day
from portal.kit.money import format_amount
from portal.public.money import Wanted
from portal.public.money_words import Line

HEADS = ("Ngày", "Chứng từ", "Nội dung", "Căn cứ", "Thu (đ)", "Chi (đ)")
KEYS = (
    "balance.opening",
    "received.total",
    "received.count",
    "received.goods",
    "refunded.total",
    "other.total",
    "allocated.in",
    "allocated.out",
    "spent.total",
    "spent.goods",
    "spent.count",
    "spent.decisions",
    "balance.untracked_change",
    "balance.untracked",
    "balance.closing",
    "balance.transit",
    "balance.suspense",
)
TERMS = (  # sign, label, note, figure, +1 or −1 on the balance; a line of 0 is left out, except money in and out
    ("+", "Thu", "", "received.total", 1),
    ("−", "Hoàn", "trả lại người ủng hộ", "refunded.total", -1),
    ("+", "Khác", "lãi tiền gửi trừ phí ngân hàng và chênh lệch", "other.total", 1),
    ("+", "Nhận phân bổ", "từ đơn vị khác của Mặt trận", "allocated.in", 1),
    ("−", "Phân bổ", "cho đơn vị khác của Mặt trận", "allocated.out", -1),
    ("−", "Chi", "", "spent.total", -1),
    ("−", "Tăng tiền chưa rõ tài khoản", "đã báo nhận, chưa rõ nơi giữ", "balance.untracked_change", -1),
)
ROUND_STEPS = (1, 2, 5)
TICKS = 4  # lines over the drawing, at the most


@dataclass(frozen=True)
class Step:
    """One line of the equation: sign, label, what it rests on, đồng, and its bar from `start` to `end` (đồng)."""

    sign: str
    label: str
    note: str
    amount: int
    start: int
    end: int
    whole: bool = False  # a balance: its bar begins at 0


@dataclass(frozen=True)
class Shown:
    """A row of the list with what is left behind it; None where rows are left out."""

    line: Line
    left: int | None


def steps_of(figures: Mapping[str, FigureValue], start: date, end: date) -> list[Step]:
    """Opening + received − refunded + other + allocated in − out − spent (− untracked) = closing."""

    def amount(key: str) -> int:
        return int(figures[key].value or 0)

    notes = {
        "received.total": f"{format_amount(amount('received.count'))} khoản ủng hộ, hiện vật tính riêng",
        "spent.total": _spent_note(amount("spent.count"), amount("spent.decisions")),
    }
    level = amount("balance.opening")
    first = f"hết ngày {format_day(start - timedelta(days=1))}"
    steps = [Step("", "Số dư đầu kỳ", first, level, 0, level, whole=True)]
    for sign, label, note, key, turn in TERMS:
        value = amount(key)
        if value or key in notes:
            steps.append(Step(sign, label, notes.get(key, note), value, level, level + turn * value))
            level += turn * value
    closing = amount("balance.closing")
    return [
        *steps,
        Step("=", "Số dư cuối kỳ", f"hết ngày {format_day(end)}", closing, 0, closing, whole=True),
    ]


def _spent_note(payments: int, decisions: int) -> str:
    if not payments:
        return "chưa có phiếu chi nào"
    return f"{format_amount(payments)} lần, theo {format_amount(decisions)} văn bản"


def ties(steps: list[Step]) -> bool:
    """Whether the terms add up to the closing balance (they do unless the books are damaged)."""
    return steps[-2].end == steps[-1].amount


@dataclass(frozen=True)
class Scale:
    """The drawing's width in đồng, from `low` (0 or below) to `high`, and its round lines."""

    low: int
    high: int
    ticks: list[tuple[int, str]]

    def at(self, amount: int) -> str:
        """Where an amount stands, as SVG wants it: "43.25%"."""
        share = Fraction(amount - self.low, self.high - self.low or 1)
        return f"{float(round(share * 100, 2)):g}%"


def scale_of(steps: list[Step]) -> Scale:
    """Wide enough for every bar, with lines at round amounts."""
    points = [0, *(step.start for step in steps), *(step.end for step in steps)]
    low, high = min(points), max(points) or 1
    step = _round_step(high - low)
    ticks = [(value, _short(value)) for value in range(0, high + 1, step)]
    return Scale(low, high, ticks)


def _round_step(span: int) -> int:
    """A round amount (1, 2 or 5 with noughts) of which at most `TICKS` lie in the span."""
    unit = 1
    while True:
        for lead in ROUND_STEPS:
            if span <= TICKS * lead * unit:
                return lead * unit
        unit *= 10


def _short(amount: int) -> str:
    for unit, name in ((1_000_000_000, "tỷ"), (1_000_000, "triệu"), (1_000, "nghìn")):
        if amount >= unit:
            return f"{float(Fraction(amount, unit)):g}".replace(".", ",") + f" {name}"
    return str(amount)


def axis(scale: Scale) -> Markup:
    """The amounts over the drawing. Nothing lies beyond the right edge."""
    texts = Markup("").join(
        Markup('<text x="{}" y="14" text-anchor="{}">{}</text>').format(
            scale.at(value), "start" if value == 0 else "end" if scale.at(value) == "100%" else "middle", name
        )
        for value, name in scale.ticks
    )
    return Markup('<svg class="flow flow-axis" width="100%" height="18" aria-hidden="true">{}</svg>').format(
        texts
    )


def bar(steps: list[Step], place: int, scale: Scale) -> Markup:
    """The bar of one line, with the thin line that leads to the next one. For the eye only: the numbers stand beside."""
    step, zero = steps[place], scale.at(0)
    left, right = sorted((step.start, step.end))
    css = "flow-whole" if step.whole else "flow-in" if step.end >= step.start else "flow-out"
    shapes = [
        Markup('<line class="flow-grid" x1="{0}" x2="{0}" y1="0" y2="56"></line>').format(scale.at(value))
        for value, _ in scale.ticks
    ]
    shapes.append(Markup('<line class="flow-zero" x1="{0}" x2="{0}" y1="0" y2="56"></line>').format(zero))
    if place + 1 < len(steps):
        shapes.append(_join(scale.at(step.end), "28", "56"))
    if place:
        shapes.append(_join(scale.at(steps[place - 1].end), "0", "28"))
    if left != right:
        shapes.append(_block(css, left, right, scale))
    return Markup('<svg class="flow" width="100%" height="56" aria-hidden="true">{}</svg>').format(
        Markup("").join(shapes)
    )


def _block(css: str, left: int, right: int, scale: Scale) -> Markup:
    """At least a thin stroke, so that a small amount is seen."""
    width = max(float(scale.at(right)[:-1]) - float(scale.at(left)[:-1]), 0.3)
    return Markup('<rect class="{}" x="{}" y="20" width="{}%" height="16"></rect>').format(
        css, scale.at(left), f"{width:g}"
    )


def _join(x: str, top: str, bottom: str) -> Markup:
    return Markup('<line class="flow-join" x1="{0}" x2="{0}" y1="{1}" y2="{2}"></line>').format(
        x, top, bottom
    )


def shown(lines: Iterable[Line], wanted: Wanted, left: int) -> Iterator[Shown]:
    """Rows with the balance behind each, newest first; `left` is the balance behind the first one, đồng."""
    for line in lines:
        yield Shown(line, left if wanted.is_whole else None)
        left -= line.move.effect


def file_row(line: Line) -> list[Any]:
    """One row in the order of `HEADS`."""
    move = line.move
    return [move.place.day, line.number, line.text, line.basis, move.came_in, move.went_out]


def row_json(item: Shown) -> dict[str, Any]:
    """One row of the JSON answer; amounts in đồng."""
    line, move = item.line, item.line.move
    return {
        "date": move.place.day.isoformat(),
        "number": line.number,
        "kind": move.kind,
        "purpose": move.purpose if move.kind == "spent" else None,
        "text": line.text,
        "basis": line.basis,
        "households": line.households,
        "in": move.came_in,
        "out": move.went_out,
        "left": item.left,
        "gift": line.gift_code,
    }
