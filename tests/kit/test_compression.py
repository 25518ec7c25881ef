"""Answers are sent small where that gives nothing away."""

from __future__ import annotations

import gzip

import pytest

from tests.cast import sign_in

GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/", "/tra-cuu", "/static/css/portal.css"])
def test_public_pages_and_files_are_compressed_for_who_can_read_it(client, cast, path) -> None:
    plain, small = client.get(path), client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers and small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data and len(small.data) < len(plain.data)
    assert "Accept-Encoding" in small.headers["Vary"]


def test_pages_with_form_tokens_are_not(client, officer) -> None:
    """Their length would tell something about the token."""
    assert "Content-Encoding" not in client.get("/dang-nhap", headers=GZIP).headers
    assert "Content-Encoding" not in sign_in(client, officer).get("/quan-ly/", headers=GZIP).headers


def test_a_file_is_kept_as_long_as_its_address_names_its_content(client) -> None:
    named = client.get("/static/css/portal.css?v=abc").headers["Cache-Control"]
    assert "immutable" in named and "max-age=31536000" in named
    assert "immutable" not in client.get("/static/css/portal.css").headers.get("Cache-Control", "")


def test_an_unchanged_page_is_not_sent_again(client, cast) -> None:
    first = client.get("/", headers=GZIP)
    again = client.get("/", headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
