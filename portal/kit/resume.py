"""Keeping what was typed when a form cannot be carried out now: as hidden fields of a page to send again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, render_template
from htmx_flask import request
from jinja2_fragments.flask import render_block

from portal.kit import security

KEPT, KEPT_TARGET, KEPT_FILE = "giu:", "giu-toi", "giu-tep"


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: where to, its fields in order, and what cannot be kept."""

    target: str
    fields: Sequence[tuple[str, str]]
    files: Sequence[str] = ()

    def as_sent(self) -> list[tuple[str, str]]:
        """The fields under their own names, to be sent again."""
        return list(self.fields)

    def as_kept(self) -> list[tuple[str, str]]:
        """The fields under names that do not disturb the form that carries them (sign-in)."""
        kept = [(KEPT + name, value) for name, value in self.fields]
        return [(KEPT_TARGET, self.target), *kept, *((KEPT_FILE, name) for name in self.files)]


def typed_now() -> Typed:
    """What the present request sent, without its token and without passwords."""
    files = [file.filename for file in request.files.values() if file.filename]
    return Typed(request.full_path.rstrip("?"), _worth_keeping(request.form.items(multi=True)), files)


def typed_before() -> Typed | None:
    """What an earlier request sent and the present form carries along; None when it carries nothing."""
    target = request.form.get(KEPT_TARGET)
    if not security.is_local(target):
        return None
    pairs = request.form.items(multi=True)
    fields = [(name.removeprefix(KEPT), value) for name, value in pairs if name.startswith(KEPT)]
    return Typed(target or "/", _worth_keeping(fields), request.form.getlist(KEPT_FILE))


def _worth_keeping(pairs) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return [(name, value) for name, value in pairs if name != "csrf_token" and "password" not in name]


def answer(template: str, *, status: int, **values: object) -> Response:
    """A page of its own in place of the one asked for; htmx gets its content in place of the old content."""
    if not request.htmx:
        return make_response(render_template(template, **values), status)
    response = make_response(render_block(template, "content", **values), status)
    response.headers["HX-Retarget"] = "#content"
    response.headers["HX-Reswap"] = "innerHTML show:top"
    response.headers["HX-Push-Url"] = "false"
    return response
