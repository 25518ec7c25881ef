"""The components of templates/ui/ as one Jinja global, `ui`.

A global is seen also when one block of a page is rendered alone; an import at the top of a template is not.
Every macro file is listed in MACRO_FILES; a macro's name must be unique over all of them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for

from portal.kit.charts import register_charts
from portal.kit.days import day_of_week, day_or_time, format_day, format_moment
from portal.kit.patterns import register_patterns
from portal.kit.qr import register_qr
from portal.kit.vietnamese import capital_first

MACRO_FILES = (
    "ui/basics.html",
    "ui/page.html",
    "ui/listing.html",
    "ui/forms.html",
    "ui/figures.html",
    "ui/records.html",
    "ui/work.html",
    "ui/donors.html",
    "ui/paying.html",
    "ui/coverage.html",
)


class Components:
    """`ui.<macro>` looks the macro up in the files of MACRO_FILES."""

    def __init__(self, app: Flask):
        self._environment = app.jinja_env
        self._home: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._home:
            self._home = self._read_names()
        if name not in self._home:
            raise AttributeError(f"templates/ui has no macro named {name!r}")
        return getattr(self._module(self._home[name]), name)

    def _module(self, file: str) -> Any:
        return self._environment.get_template(file).module

    def _read_names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for file in MACRO_FILES:
            for name in vars(self._module(file)):
                if name.startswith("_"):
                    continue
                if name in found:
                    raise ValueError(f"macro {name!r} is both in {found[name]} and in {file}")
                found[name] = file
        return found


def number(value: int | None) -> str:
    """A whole number with dots for thousands and a real minus; None → "—"."""
    if value is None:
        return "—"
    text = f"{abs(value):,}".replace(",", ".")
    return f"−{text}" if value < 0 else text


def percent(part: int, whole: int | None) -> str:
    """`part` of `whole` in per cent with one decimal at most ("71,4%", "9%"); "—" when there is no whole."""
    if not whole:
        return "—"
    tenths = (part * 2000 + whole) // (2 * whole)  # half up, in whole numbers
    units, rest = divmod(abs(tenths), 10)
    sign = "−" if tenths < 0 else ""
    return f"{sign}{units},{rest}%" if rest else f"{sign}{units}%"


@cache
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def register_ui(app: Flask) -> None:
    """Give the templates of `app`: `ui`, `asset(file)`, drawings, the filters `number` and `percent_of`."""
    folder = Path(app.static_folder or "")

    def asset(filename: str) -> str:
        """Address of a file under static/; it changes with the content, so that it may be cached for long."""
        path = folder / filename
        if app.debug:
            return url_for("static", filename=filename)
        return url_for("static", filename=filename, v=_fingerprint(str(path)))

    register_charts(app)
    register_patterns(app)
    register_qr(app)
    app.jinja_env.globals["ui"] = Components(app)
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.filters["number"] = number
    app.jinja_env.filters["percent_of"] = percent
    app.jinja_env.filters["day"] = format_day
    app.jinja_env.filters["weekday"] = day_of_week
    app.jinja_env.filters["first_capital"] = capital_first
    app.jinja_env.filters["moment"] = format_moment
    app.jinja_env.filters["day_or_time"] = day_or_time
