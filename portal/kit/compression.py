"""Smaller answers: public pages and files of the portal are sent compressed; addresses of files may be kept.

Pages of signed-in people are sent as they are: they hold form tokens beside typed text, and the length of a
compressed answer could give a token away (BREACH). Their weight is mostly files, which are compressed.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

A_YEAR = 31_536_000  # seconds


def register_compression(app: Flask, *, private: tuple[str, ...]) -> None:
    """Compress text answers, except under the addresses `private`."""
    app.config.update(COMPRESS_REGISTER=False, COMPRESS_ALGORITHM=["br", "gzip"])
    app.config.update(COMPRESS_ALGORITHM_STREAMING=["br", "gzip"])
    compress = Compress(app)

    @app.after_request
    def smaller(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code in (200, 304):
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"  # `v` is its content
        secret = request.path.startswith(private) or request.method == "POST"
        return response if secret else compress.after_request(response)
