"""Published copies of pictures: the only pictures that everybody sees. Part of the views."""

from __future__ import annotations

import re

from flask import Response, abort

from portal.files.album import public_picture_or_404
from portal.files.pictures import JPEG
from portal.kit.access import PUBLIC, allow
from portal.kit.db import db
from portal.kit.storage import NAME, present_storage, read
from portal.public.views import bp

KEPT = 24 * 3600  # seconds: the bytes of an address never change, but a picture may be taken back


@bp.get("/anh/<name>.jpg")
@allow(PUBLIC)
def picture(name: str) -> Response:
    """A published copy, under the SHA-256 of its bytes, which contain a random word. 404 for everything else."""
    if not re.fullmatch(NAME, name):
        abort(404)
    public_picture_or_404(name)
    db.session.rollback()
    try:
        response = Response(read(present_storage(), name), mimetype=JPEG)
    except FileNotFoundError:
        abort(404)
    response.headers["Cache-Control"] = f"public, max-age={KEPT}, immutable"
    response.set_etag(name)
    return response
