"""QR pictures as SVG inside a page or paper: classes and attributes only, with the quiet zone that cameras need."""

from __future__ import annotations

import segno
from flask import Flask
from markupsafe import Markup

QUIET = 4  # modules of white around it (ISO/IEC 18004)


def qr_svg(payload: str, label: str) -> Markup:
    """The picture of a text; `label` says to those who cannot see it what scanning does."""
    drawn = segno.make(payload, error="m", micro=False).svg_inline(
        border=QUIET, svgclass="qr-picture", lineclass="qr-ink", omitsize=True, dark="#000", light="#fff"
    )
    return Markup('<span class="qr" role="img" aria-label="{}">{}</span>').format(label, Markup(drawn))


def register_qr(app: Flask) -> None:
    """Offer the picture to every template, on screen and paper."""
    app.jinja_env.globals["qr_svg"] = qr_svg
