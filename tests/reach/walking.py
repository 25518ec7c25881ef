"""Walking through the addresses of the application: which there are, how one is filled, what an answer says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import product
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from portal.kit.access import PUBLIC, SIGNED_IN, mark_of
from tests.printed import text_of_pdf
from tests.reach.world import GUARDED, NOT_OF_A_UNIT, World

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
FIELD = re.compile(r'<(?:input|select|textarea)[^>]*\sname="([\w-]+)"')
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Door:
    """One method of one address; `own` are the arguments that name records (not words of the address itself)."""

    rule: Rule
    method: str
    own: tuple[str, ...]
    choices: dict[str, tuple[str, ...]]

    @property
    def endpoint(self) -> str:
        """The view behind it."""
        return self.rule.endpoint

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} ({self.endpoint})"


def doors(app: Flask) -> Iterator[Door]:
    """Every method of every address, without the ones that Flask adds by itself."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        found = {name: rule._converters[name] for name in rule.arguments if name in rule._converters}
        choices = {
            name: tuple(sorted(converter.items))
            for name, converter in found.items()
            if isinstance(converter, AnyConverter)
        }
        own = tuple(sorted(set(found) - set(choices)))
        for method in METHODS:
            if method in (rule.methods or ()):
                yield Door(rule, method, own, choices)


def is_guarded(door: Door) -> bool:
    """Whether the room behind the door keeps families."""
    return door.endpoint.partition(".")[0] in GUARDED and door.endpoint not in NOT_OF_A_UNIT


def missing(door: Door, world: World) -> list[str]:
    """Arguments of which nobody has said which record they name."""
    return [name for name in door.own if world.value(door.endpoint, name) is None]


def addresses(app: Flask, door: Door, *worlds: World) -> Iterator[str]:
    """Its address for each word that it knows. With two worlds: all mixtures that name a record of the first."""
    names = list(door.choices)
    for words in product(*(door.choices[name] for name in names)):
        fixed = dict(zip(names, words, strict=True))
        for mixture in product(worlds, repeat=len(door.own)):
            own = {
                name: world.value(door.endpoint, name) for name, world in zip(door.own, mixture, strict=True)
            }
            if (
                door.own
                and own == {name: worlds[-1].value(door.endpoint, name) for name in door.own}
                and len(worlds) > 1
            ):
                continue  # nothing of ours in it, such as the same year
            with app.test_request_context():
                yield app.url_for(door.endpoint, _method=door.method, **fixed, **own)


def may_enter(app: Flask, door: Door, role: str) -> bool:
    """Whether the mark of the view lets this role in at all."""
    mark = mark_of(app, door.endpoint)
    return mark is not None and bool({role, SIGNED_IN} & set(mark.roles))


def is_public(app: Flask, door: Door) -> bool:
    """Whether everybody may ask."""
    mark = mark_of(app, door.endpoint)
    return mark is not None and PUBLIC in mark.roles


def ask(client: FlaskClient, method: str, address: str) -> Any:
    """Send it, without a redirect being followed."""
    return client.open(address, method=method)


def said(answer: Any) -> str:
    """What a person reads of an answer: a page's text and fields, a table's cells, a paper's words."""
    if answer.mimetype == "application/pdf":
        return text_of_pdf(answer.data)
    if answer.data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as workbook:
            parts = [workbook.read(name).decode() for name in workbook.namelist() if name.endswith(".xml")]
        return unescape(" ".join(parts))
    if answer.mimetype.startswith("image/"):
        return ""
    return unescape(answer.get_data(as_text=True))


def fields_of(page: str) -> list[str]:
    """Names of the fields on a page, as they would stand in the address or the body."""
    return sorted(set(FIELD.findall(page)) - {"csrf_token", "form_key"})
