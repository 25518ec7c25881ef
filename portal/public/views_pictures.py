"""Published copies of pictures: the only pictures that everybody sees. Part of the views."""

from __future__ import annotations

import re

from flask import Response, abort

from portal.files.album import public_picture_or_404
from portal.files.copies import small
from portal.files.pictures import JPEG
from portal.kit.access import PUBLIC, allow
from portal.kit.db import db
from portal.kit.storage import NAME, present_storage, read
from portal.public.views import bp

SMALL = 480  # dots of the longer side
KEPT = 24 * 3600  # seconds: the bytes of an address never change, but a picture may be taken back


@bp.get("/anh/<name>.jpg")
@allow(PUBLIC)
def picture(name: str) -> Response:
    """A published copy, under the SHA-256 of its bytes, which contain a random word. 404 for everything else."""
    return _answer(name, _published(name))


@bp.get("/anh/nho/<name>.jpg")
@allow(PUBLIC)
def small_picture(name: str) -> Response:
    """The same, small enough for a page that shows many."""
    return _answer(f"{name}-{SMALL}", small(_published(name), SMALL))


def _published(name: str) -> bytes:
    """The bytes of a published copy. Raises NotFound."""
    if not re.fullmatch(NAME, name):
        abort(404)
    public_picture_or_404(name)
    db.session.rollback()
    try:
        return read(present_storage(), name)
    except FileNotFoundError:
        abort(404)


def _answer(mark: str, data: bytes) -> Response:
    response = Response(data, mimetype=JPEG)
    response.headers["Cache-Control"] = f"public, max-age={KEPT}, immutable"
    response.set_etag(mark)
    return response
