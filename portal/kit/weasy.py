"""WeasyPrint itself, with the fetcher that gives it nothing from outside this package. Loaded by the first paper."""

from __future__ import annotations

import mimetypes
from functools import cache

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from portal.kit.pdf import static_path

BASE = "file:///"  # so that "/static/css/document.css" becomes a path that the fetcher knows


class NotLocal(FatalURLFetchingError):
    """A paper asked for something outside this package. Printing stops: a paper never lacks a part."""


class PackageFetcher(URLFetcher):
    """Gives files under static/ and data: addresses, nothing else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Raises NotLocal for every other address and for a missing file."""
        if url.startswith("data:"):
            return super().fetch(url, headers)
        path = static_path(url)
        if path is None:
            raise NotLocal(f"a paper may not load {url}")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


@cache
def _fonts() -> FontConfiguration:
    """The fonts of the papers, unpacked once and kept: doing it anew costs a quarter of a short paper."""
    return FontConfiguration()


def write(html: str) -> bytes:
    """PDF bytes of a whole HTML document; one at a time (see pdf.html_to_pdf). Raises NotLocal."""
    document = HTML(string=html, base_url=BASE, url_fetcher=PackageFetcher(allowed_protocols=("data",)))
    return document.write_pdf(font_config=_fonts())
