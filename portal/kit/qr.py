"""QR pictures as SVG inside a page or paper: classes and attributes only, with the quiet zone that cameras need."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import Flask, Response
from markupsafe import Markup

QUIET = 4  # modules of white around it (ISO/IEC 18004)
DOTS = 12  # pixels of a module in a picture to be kept: about 700 pixels in all


def qr_svg(payload: str, label: str) -> Markup:
    """The picture of a text; `label` says to those who cannot see it what scanning does."""
    drawn = _code(payload).svg_inline(
        border=QUIET, svgclass="qr-picture", lineclass="qr-ink", omitsize=True, dark="#000", light="#fff"
    )
    return Markup('<span class="qr-code" role="img" aria-label="{}">{}</span>').format(label, Markup(drawn))


def png_answer(payload: str, name: str) -> Response:
    """The picture as a file, for who keeps it among their photos and opens it from there in a bank's application."""
    file = BytesIO()
    _code(payload).save(file, kind="png", scale=DOTS, border=QUIET)
    response = Response(file.getvalue(), mimetype="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="ma-qr-{name}.png"'
    return response


def _code(payload: str) -> segno.QRCode:
    return segno.make(payload, error="m", micro=False)


def register_qr(app: Flask) -> None:
    """Offer the picture to every template, on screen and paper."""
    app.jinja_env.globals["qr_svg"] = qr_svg
