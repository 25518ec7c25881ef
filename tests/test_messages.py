"""Every sentence of the portal is Vietnamese: those in the code, in the templates and scripts, and those seen by trying."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter

from portal import errors
from portal.kit.access import ROLES
from portal.ledger.models import Posting
from tests.cast import grant, make_account, make_campaign, make_donation, make_user, sign_in
from tests.reading import FOREIGN, LETTERS, errors_at, unpleasant

PORTAL = Path(__file__).resolve().parent.parent / "portal"
SOURCES = sorted(path for path in PORTAL.rglob("*.py"))
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
SCRIPTS = sorted((PORTAL / "static" / "js").glob("*.js"))
SPEAKING = {"Refused", "refuse", "unclear", "Busy", "BadSetting", "StopValidation", "flash", "ClickException"}
FILLED = re.compile(r"\{\w*\}|%\(\w+\)s")
GAP = "…"  # stands for what is filled in
SEEN = ("title", "aria-label", "alt", "placeholder", "content")
WORDS = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")


def name_of(path: Path) -> str:
    return str(path.relative_to(PORTAL))


def text_of(node: ast.AST | None, known: dict[str, str]) -> str | None:
    """A text out of the code, with gaps for what is filled in; None for what only the running program knows."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part, known) or GAP for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return (text_of(node.left, known) or GAP) + (text_of(node.right, known) or GAP)
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        return known.get(node.attr)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        text = text_of(node.func.value, known)
        return None if text is None else re.sub(r"\{\w*\}", GAP, text)
    return None


def named_texts(path: Path) -> dict[str, str]:
    """Texts that a module gives a name."""
    found: dict[str, str] = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            text = text_of(node.value, {})
            if text is not None:
                found[node.targets[0].id] = text
    return found


EVERYWHERE = {
    name: text
    for path in SOURCES
    for name, text in named_texts(path).items()
    if path.parent.name != "sample"  # what the sample names is not borrowed by others
}


def spoken(path: Path) -> Iterator[tuple[int, str]]:
    """(line, sentence) of what a module says to people; sentences of `required=` and of limits as well."""
    known = EVERYWHERE | named_texts(path)
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        said = list(node.args[:1]) if called in SPEAKING else []
        said += [
            word.value for word in node.keywords if word.arg in ("required", "error_message", "nothing_yet")
        ]
        for argument in said:
            both = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
            for one in both:
                text = text_of(one, known)
                if text is not None and re.search(r"\w", text):
                    yield node.lineno, text


def texts_in(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every text of a module that has a Vietnamese letter in it, without docstrings."""
    tree = ast.parse(path.read_text())
    quiet = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet:
            text = FILLED.sub(GAP, node.value)
            if LETTERS.search(text):
                yield node.lineno, text


def test_there_is_something_to_judge() -> None:
    assert sum(1 for path in SOURCES for _ in spoken(path)) > 150
    assert len(EVERYWHERE) > 50 and len(TEMPLATES) > 30 and len(SCRIPTS) > 4


def test_what_the_code_says_is_a_vietnamese_sentence() -> None:
    wrong = [
        f"{name_of(path)}:{line}: {why}"
        for path in SOURCES
        for line, text in spoken(path)
        if (why := unpleasant(text))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_foreign_word_in_a_vietnamese_text() -> None:
    wrong = [
        f"{name_of(path)}:{line}: {found[0]!r} in {text!r}"
        for path in SOURCES
        if name_of(path) not in NOT_SHOWN
        for line, text in texts_in(path)
        if (found := FOREIGN.search(text))
    ]
    assert not wrong, "\n".join(wrong)


# these hold headings as banks write them in their files
NOT_SHOWN = {"statements/layouts.py", "statements/notes.py", "sample/gifts.py"}


def test_error_pages_are_vietnamese() -> None:
    wrong = [
        why for title, text in errors.PAGES.values() if (why := unpleasant(text) or FOREIGN.search(title))
    ]
    assert not wrong


class _Shown(HTMLParser):
    """Texts that a page shows or reads out, with their lines."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[tuple[int, str]] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in ("script", "style", "svg")
        if tag == "meta":
            return
        for name, value in attrs:
            if name in SEEN and value:
                self.texts.append((self.getpos()[0], value))

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("script", "style", "svg")

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._code:
            self.texts.append((self.getpos()[0], " ".join(data.split())))


def shown_in(html: str) -> list[tuple[int, str]]:
    reader = _Shown()
    reader.feed(html)
    return reader.texts


def foreign_in(text: str) -> str:
    """A foreign word, or three words in a row that have no Vietnamese letter among them; "" for neither."""
    if found := FOREIGN.search(text):
        return found[0]
    runs = [run for run in WORDS.findall(text) if len(run.split()) >= 4 and not LETTERS.search(run)]
    return runs[0] if runs else ""


STATEMENTS = re.compile(r"\{[%{].*?[%}]\}", re.DOTALL)
LITERAL = re.compile(r"\"([^\"]*)\"")


def template_texts(path: Path) -> Iterator[tuple[int, str]]:
    """What a template shows: its own text, and the texts that it hands to macros."""
    source = re.sub(r"\{#.*?#\}", lambda note: "\n" * note[0].count("\n"), path.read_text(), flags=re.DOTALL)
    for statement in STATEMENTS.finditer(source):
        line = source.count("\n", 0, statement.start()) + 1
        for text in LITERAL.findall(statement[0]):
            if LETTERS.search(text):
                yield line, text
    yield from shown_in(STATEMENTS.sub(lambda found: "\n" * found[0].count("\n"), source))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_speaks_vietnamese(path) -> None:
    wrong = [
        f"line {line}: {word!r} in {text!r}"
        for line, text in template_texts(path)
        if (word := foreign_in(text))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_speaks_vietnamese(path) -> None:
    said = [text for text in re.findall(r"[\"`]([^\"`\n]+)[\"`]", path.read_text()) if LETTERS.search(text)]
    assert not [text for text in said if FOREIGN.search(text)]
    assert not re.search(r"\b(alert|confirm|prompt)\(", path.read_text()), (
        "the browser would speak its own language"
    )


@pytest.fixture
def everybody(client, cast, db_session):
    """Somebody with all roles everywhere, in a portal with one gift, signed in."""
    campaign = make_campaign(unit=cast.commune, code="D1")
    make_account(unit=cast.commune, code="TK1")
    user = make_user(name="Đủ Vai Trò", email="du@vidu.vn")
    for role in ROLES:
        grant(user=user, role=role)
    make_donation(campaign=campaign, by=user, shown_as="name")
    db_session.commit()
    return sign_in(client, user)


def value_for(converter: BaseConverter, name: str, code: str) -> object:
    """What may stand at this place of an address."""
    if isinstance(converter, AnyConverter):
        return next(
            (text for text in ("json", "pdf", "tat") if text in converter.items), min(converter.items)
        )
    return 1 if "id" in name or isinstance(converter, IntegerConverter) else code


def addresses(app, method: str) -> list[str]:
    """Every address that takes a method, with known or invented records in it."""
    from portal.donations.models import Donation
    from portal.kit.db import db

    gift = db.session.scalars(select(Donation)).one().code
    posting = db.session.scalars(select(Posting)).one()
    assert posting.number
    found = set()
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for code in (gift, "D1", "don-vi", "khong-co"):
            values = {
                name: value_for(rule._converters[name], name, code)
                for name in rule.arguments
                if name not in (rule.defaults or {})
            }
            with app.test_request_context():
                found.add(app.url_map.bind("localhost").build(rule.endpoint, values, method=method))
    return sorted(found)


@pytest.mark.parametrize("junk", [{}, {"amount": "abc", "day": "31/02/2026", "unit_id": "x", "role": "?"}])
def test_every_form_answers_junk_in_vietnamese(everybody, app, junk) -> None:
    wrong = []
    for address in addresses(app, "POST"):
        if address.endswith(("/dang-xuat", "/tat")):
            continue
        answer = everybody.post(address, data=junk)
        assert answer.status_code < 500, address
        if answer.status_code < 400:
            continue
        sentences = [text for text in errors_at(answer.text).values() if unpleasant(text)]
        said = [(0, answer.json["error"])] if answer.is_json else shown_in(answer.text)
        words = [f"{word!r} in {text!r}" for _, text in said if (word := foreign_in(text))]
        wrong += [f"{address}: {text}" for text in (*sentences, *words)]
    assert not wrong, "\n".join(wrong)


def test_every_page_is_vietnamese(everybody, app) -> None:
    wrong = []
    for address in addresses(app, "GET"):
        answer = everybody.get(address)
        assert answer.status_code < 500, address
        if answer.mimetype == "text/html" and answer.status_code not in range(300, 400):
            texts = shown_in(answer.text)
            wrong += [f"{address}: {word!r} in {text!r}" for _, text in texts if (word := foreign_in(text))]
    assert not wrong, "\n".join(wrong)
