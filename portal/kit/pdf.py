"""The one door to WeasyPrint: a rendered paper in, PDF bytes out. Nothing comes from outside this package.

Never call it inside a write transaction: a page takes about 0,1 s of one core.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Response, current_app

from portal.kit.db import db

STATIC = Path(__file__).resolve().parent.parent / "static"
_LINK = re.compile(r'<link rel="stylesheet" href="/static/([^"?]+)[^"]*">')
_FONT = re.compile(r'url\("([^"]+\.woff2)"\)')
_one_at_a_time = threading.Lock()  # Pango's font map is not made for two threads


def static_path(url: str) -> Path | None:
    """The file under static/ that a file:///static/… address means, or None."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/static/"):
        return None
    path = (STATIC / unquote(parts.path.removeprefix("/static/"))).resolve()
    return path if path.is_relative_to(STATIC) and path.is_file() else None


def html_to_pdf(html: str) -> bytes:
    """Print a whole HTML document (see layouts/document.html); its fonts are embedded.

    Raises weasy.NotLocal when it refers to anything but files under /static/ and data: addresses.
    """
    from portal.kit import weasy  # 26 MB, which only a process that prints shall hold

    with _one_at_a_time:
        return weasy.write(html)


def pdf_answer(html: str, name: str) -> Response:
    """A paper as PDF, to be seen in the browser as `name`.pdf. Ends the transaction: printing takes a while."""
    db.session.rollback()
    response = Response(html_to_pdf(html), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def cached_pdf(html: str) -> bytes:
    """`html_to_pdf`, kept in the installation's folder `papers` under the hash of all that it depends on."""
    folder = Path(current_app.instance_path) / "papers"
    path = folder / f"{_fingerprint(html)}.pdf"
    if path.exists():
        return path.read_bytes()
    printed = html_to_pdf(html)
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{path.stem}.{os.getpid()}-{threading.get_ident()}"
    beside.write_bytes(printed)
    beside.replace(path)  # readers see a whole file or none
    return printed


def _fingerprint(html: str) -> str:
    sheets = [(STATIC / name).read_bytes() for name in _LINK.findall(html)]
    parts = [version("weasyprint").encode(), *sheets, html.encode()]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def render_paper(template: str, **values: Any) -> str:
    """A paper's HTML from its template, with or without a request (commands and jobs print too).

    Only `values` reach the template; `site` is None unless given.
    """
    found = current_app.jinja_env.get_template(template)
    return found.render(**{"site": None, "asset": static_address, **values})


def static_address(filename: str) -> str:
    """The address of a file under static/, the same in every context."""
    return f"/static/{filename}"


def standalone(html: str) -> str:
    """The same paper as one file that needs nothing beside it: style sheet and fonts inside."""
    return _LINK.sub(lambda match: f"<style>\n{_sheet(match[1])}</style>", html)


@cache
def _sheet(filename: str) -> str:
    path = STATIC / filename

    def embed(match: re.Match[str]) -> str:
        font = (path.parent / match[1]).resolve().read_bytes()
        return f'url("data:font/woff2;base64,{base64.b64encode(font).decode()}")'

    return _FONT.sub(embed, path.read_text(encoding="utf-8"))
