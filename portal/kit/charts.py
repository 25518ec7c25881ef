"""Bars as SVG: classes for the screen, presentation attributes for paper, no style attribute, no script.

Square ends, no legend; a number always stands beside its bar. Widths are computed here in whole units, so
that the same drawing comes out on a page and in a PDF.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask import Flask
from markupsafe import Markup

INK = "#1c2430"
DATA = "#3b5470"
TRACK = "#e8e5de"
PAPER_GREY = "#444444"
FULL = 1000  # width of a screen bar in user units; stretched by the page


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart. `value` is a whole number ≥ 0 in the chart's unit; `text` is printed at its end."""

    label: str
    value: int
    text: str = ""
    note: str = ""
    url: str | None = None


def width_of(value: int, top: int, full: int = FULL) -> int:
    """Width of `value` where `top` takes `full`; anything above zero is seen: at least 2 wide."""
    if value <= 0 or top <= 0:
        return 0
    return max(2, min(full, round(Fraction(value * full, top))))


def _screen_svg(size: int, label: str | None, *shapes: Markup) -> Markup:
    name = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="bar bar-{}" viewBox="0 0 {} {}" width="100%" height="{}" preserveAspectRatio="none" {}>'
        "{}</svg>"
    ).format(size, FULL, size, size, name, Markup("").join(shapes))


def _rect(css: str, width: int, height: int, fill: str) -> Markup:
    return Markup('<rect class="{}" x="0" y="0" width="{}" height="{}" fill="{}"></rect>').format(
        css, width, height, fill
    )


def progress_bar(value: int, target: int | None, size: int = 12, label: str | None = None) -> Markup:
    """How far `value` has come towards `target`: a track, the bar, and a tick at 100% when it ran over."""
    if not target:
        return _screen_svg(size, label, _rect("bar-track", FULL, size, TRACK))
    scale = max(value, target)
    shapes = [_rect("bar-track", width_of(target, scale), size, TRACK)]
    shapes.append(_rect("bar-value", width_of(value, scale), size, DATA))
    if value > target:
        shapes.append(
            Markup('<rect class="bar-tick" x="{}" y="0" width="3" height="{}" fill="#ffffff"></rect>').format(
                width_of(target, scale), size
            )
        )
    return _screen_svg(size, label, *shapes)


def unit_bar(value: int, target: int | None, top: Fraction | int = 1, size: int = 12) -> Markup:
    """One of many units against its own target; `top` is the largest value / target of them all, at least 1.

    All rows share one scale, so that the tick at 100% stands in one line. Without a target nothing is drawn.
    """
    if not target:
        return Markup("")
    scale = max(Fraction(top), Fraction(1))
    full = round(FULL / scale)
    share = min(FULL, round(full * Fraction(value, target)))
    tick = Markup('<rect class="bar-tick" x="{}" y="0" width="4" height="{}" fill="{}"></rect>').format(
        min(full, FULL - 4), size, "#ffffff" if value > target else INK
    )
    return _screen_svg(
        size, None, _rect("bar-track", full, size, TRACK), _rect("bar-value", max(share, 0), size, DATA), tick
    )


def plain_bar(value: int, top: int, size: int = 12) -> Markup:
    """One bar of a composition: no track."""
    return _screen_svg(size, None, _rect("bar-value", width_of(value, top), size, DATA))


def _printed_row(row: Bar, number: int, top: int, label_width: int, bar_width: int) -> Markup:
    y = number * 24 + 6
    width = width_of(row.value, top, bar_width)
    text = Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
        label_width - 8, y + 11, row.label
    )
    rect = Markup('<rect class="bar-print" x="{}" y="{}" width="{}" height="14" fill="{}"></rect>').format(
        label_width, y, width, PAPER_GREY
    )
    end = Markup('<text x="{}" y="{}">{}</text>').format(
        label_width + width + 7, y + 11, row.text or row.value
    )
    return text + rect + end


def draw_bars(
    rows: list[Bar], title: str, unit: str = "đồng", width: int = 640, label_width: int | None = None
) -> Markup:
    """A whole bar chart with names and numbers, for paper and screen: one grey, value at the bar's end."""
    top = max((row.value for row in rows), default=0)
    if label_width is None:  # letters of both faces are at most 7 units wide on average
        label_width = min(300, 16 + 7 * max((len(row.label) for row in rows), default=0))
    height = len(rows) * 24 + 8
    drawn = [
        _printed_row(row, index, top, label_width, width - label_width - 90) for index, row in enumerate(rows)
    ]
    axis = Markup('<line x1="{0}" y1="0" x2="{0}" y2="{1}" stroke="#000000" stroke-width="1"></line>').format(
        label_width, height
    )
    name = f"{title} ({unit}): " + "; ".join(f"{row.label} {row.text or row.value}" for row in rows)
    return Markup(
        '<svg class="chart-drawing" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" '
        'width="{0}" height="{1}" role="img" aria-label="{2}" font-size="15" '
        'font-family="Tinos, Times New Roman, serif">{3}{4}</svg>'
    ).format(width, height, name, Markup("").join(drawn), axis)


def register_charts(app: Flask) -> None:
    """Make the drawings available to the macros of templates/ui/figures.html."""
    app.jinja_env.globals.update(
        progress_bar=progress_bar, plain_bar=plain_bar, unit_bar=unit_bar, draw_bars=draw_bars
    )
