"""Keeps the house as docs/architecture.md draws it: arrows, gates, commits, templates, docstrings.

The order of the rooms below is the one place where it is written for the machine.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from portal.kit.access import mark_of
from portal.kit.audit import Audited
from portal.kit.db import db

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"
ROOMS = (
    "kit",
    "units",
    "people",
    "jobs",
    "campaigns",
    "ledger",
    "files",
    "cash",
    "goods",
    "donors",
    "pledges",
    "donations",
    "receipts",
    "batches",
    "spending",
    "advances",
    "allocations",
    "statements",
    "books",
    "households",
    "distributions",
    "cases",
    "housing",
    "programmes",
    "emulation",
    "figures",
    "bulletins",
    "imports",
    "succession",
    "public",
)
OUTSIDE = ("commands", "operate", "sample")  # around the rooms: these may import any, no room imports them
ENTRANCES = (
    "__init__",
    "cli",
    "config",
    "errors",
    "features",
    "frame",
    "models",
)  # files directly in portal/
SETTINGS = "config"  # the one file outside that every room may read

FLASK = {
    "flask",
    "flask_login",
    "flask_wtf",
    "flask_limiter",
    "flask_sqlalchemy",
    "htmx_flask",
    "jinja2_fragments",
}
READERS = ("views", "documents")  # see everything to the right as well, since nothing imports them

SOURCES = sorted(PORTAL.rglob("*.py"))
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
STATIC = [
    path
    for path in sorted((PORTAL / "static").rglob("*"))
    if path.suffix in {".css", ".js", ".svg"} and "vendor" not in path.parts
]


def name_of(path: Path) -> str:
    """A path as people say it."""
    return str(path.relative_to(ROOT))


def room_of(path: Path) -> str:
    """The room (or outside folder, or entrance) that a source belongs to."""
    return path.relative_to(PORTAL).parts[0].removesuffix(".py")


def stem_of(path: Path) -> str:
    """`views`, `actions` …; `views_users.py` and the files of a folder `views/` count as views."""
    inner = path.relative_to(PORTAL).parts[1:]
    return (inner[0] if inner else path.name).removesuffix(".py").partition("_")[0]


@cache
def tree_of(path: Path) -> ast.Module:
    """Each file is parsed once; nobody changes the tree."""
    return ast.parse(path.read_text(), str(path))


def imports_of(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """(dotted module, line) of every import, with the names taken from a package as modules of their own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            yield node.module or "", node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def at_import(tree: ast.Module) -> ast.Module:
    """Without what stands under `if TYPE_CHECKING`, which never runs."""

    class Run(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:  # noqa: N802
            if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
                return node.orelse
            return node

    return Run().visit(tree)


@cache
def run_tree_of(path: Path) -> ast.Module:
    """`at_import` of a file."""
    return at_import(ast.parse(path.read_text(), str(path)))


def every(paths: list[Path]) -> Callable[[Callable[[Path], list[str]]], Callable[[], None]]:
    """Make one test of a check that gives what is wrong in one file: all files, all faults in one answer."""

    def mark(check: Callable[[Path], list[str]]) -> Callable[[], None]:
        def test() -> None:
            wrong = [f"{name_of(path)}: {fault}" for path in paths for fault in check(path)]
            assert not wrong, "\n".join(wrong)

        test.__name__ = test.__qualname__ = check.__name__
        test.__doc__ = check.__doc__
        return test

    return mark


def own_imports(path: Path) -> Iterator[tuple[list[str], int]]:
    """(parts after `portal.`, line) of every import of the portal itself."""
    for module, line in imports_of(run_tree_of(path)):
        if module.startswith("portal."):
            yield module.split(".")[1:], line


def test_every_folder_is_a_known_room() -> None:
    known = {*ROOMS, *OUTSIDE, "templates", "static", "migrations", "__pycache__"}
    assert {path.name for path in PORTAL.iterdir() if path.is_dir()} <= known
    assert {path.stem for path in PORTAL.glob("*.py")} <= set(ENTRANCES)


@every(SOURCES)
def test_arrows_run_to_the_left(path: Path) -> list[str]:
    room = room_of(path)
    if room in OUTSIDE or (room in ENTRANCES and room != SETTINGS):
        return []
    wrong = []
    for (target, *_), line in own_imports(path):
        if target in (room, SETTINGS) or (target == "frame" and stem_of(path) == "views"):
            continue
        if target not in ROOMS:
            wrong.append(f"line {line}: {target} is outside the rooms")
        elif room in ROOMS and ROOMS.index(target) > ROOMS.index(room) and stem_of(path) not in READERS:
            wrong.append(f"line {line}: {target} lies to the right of {room}")
    return wrong


@every(SOURCES)
def test_nothing_imports_views(path: Path) -> list[str]:
    if path == PORTAL / "features.py":
        return []
    own = room_of(path)
    return [
        f"line {line}: {'.'.join(parts)}"
        for parts, line in own_imports(path)
        if len(parts) > 1
        and parts[1].partition("_")[0] == "views"
        and not (parts[0] == own and stem_of(path) == "views")
        and path != PORTAL / own / "__init__.py"
    ]


@every([p for p in SOURCES if room_of(p) in ROOMS[1:]])
def test_files_of_a_room_import_what_their_name_allows(path: Path) -> list[str]:
    """Rules know no table, queries write nothing, models know models only."""
    stem = stem_of(path)
    forbidden = {
        "models": {"rules", "queries", "actions", "forms"},
        "rules": {"models", "queries", "actions", "forms"},
        "queries": {"actions", "forms"},
        "actions": {"forms"},
    }.get(stem, set())
    return [
        f"line {line}: {'.'.join(parts)}"
        for parts, line in own_imports(path)
        if parts[0] in ROOMS[1:] and len(parts) > 1 and parts[1] in forbidden
    ]


@every(SOURCES)
def test_flask_stays_in_views_forms_kit_and_the_entrances(path: Path) -> list[str]:
    room, stem = room_of(path), stem_of(path)
    if room == "kit" or room in OUTSIDE or room in ENTRANCES or stem in ("views", "forms", "access"):
        return []
    allowed = {"jobs": {"worker"}, "people": {"models"}}.get(
        room, set()
    )  # the worker's app, the session's user
    wrong = [
        f"line {line}: {module}"
        for module, line in imports_of(run_tree_of(path))
        if module.partition(".")[0] in FLASK
    ]
    return [] if stem in allowed else wrong


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls of a method of this name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
            yield node


MAY_COMMIT = {
    "portal/kit/db.py": "the connection's own commit, which frees the write lock",
}


@every(SOURCES)
def test_only_views_commands_and_jobs_commit(path: Path) -> list[str]:
    room = room_of(path)
    if (
        stem_of(path) == "views"
        or room in (*OUTSIDE, "jobs", "imports", "cli")
        or name_of(path) in MAY_COMMIT
    ):
        return []
    lines = [call.lineno for call in calls(tree_of(path), "commit")]
    return [f"commit() in line {line}" for line in lines]


def test_every_exception_to_the_commit_rule_is_still_needed() -> None:
    for name in MAY_COMMIT:
        assert list(calls(tree_of(ROOT / name), "commit")), f"{name} commits no more: take it off the list"


@cache
def audited_models() -> set[str]:
    import portal.models  # noqa: F401

    return {
        mapper.class_.__name__ for mapper in db.Model.registry.mappers if issubclass(mapper.class_, Audited)
    }


def core_calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """update(Model), delete(Model), and query.update() / query.delete() on one."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("update", "delete")
        ):
            target = node.args[0] if node.args else None
            name = target.id if isinstance(target, ast.Name) else ast.dump(target) if target else ""
            yield name, node


@every([p for p in SOURCES if room_of(p) != "imports"])
def test_no_bulk_change_of_audited_tables(path: Path) -> list[str]:
    audited = audited_models()
    tree = tree_of(path)
    wrong = [f"line {call.lineno}: {name}" for name, call in core_calls(tree) if name in audited]
    tables = "|".join(sorted(table_names(audited)))
    said = re.compile(rf'\b(?:UPDATE|DELETE\s+FROM)\s+"?(?:{tables})\b')
    wrong += [
        f"line {node.lineno}: {node.value.strip()[:60]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and said.search(node.value)
    ]
    return wrong


def table_names(models: set[str]) -> set[str]:
    return {
        mapper.local_table.name for mapper in db.Model.registry.mappers if mapper.class_.__name__ in models
    }


def test_every_route_has_an_access_mark(app: Flask) -> None:
    unmarked = sorted(
        {rule.endpoint for rule in app.url_map.iter_rules() if mark_of(app, rule.endpoint) is None}
    )
    assert not unmarked


MERGED = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)


@every([*SOURCES, *TEMPLATES, *STATIC])
def test_no_file_holds_both_sides_of_a_merge(path: Path) -> list[str]:
    text = path.read_text()
    return [f"line {text.count(chr(10), 0, mark.start()) + 1}: {mark[0]}" for mark in MERGED.finditer(text)]


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes of a module, and methods of its classes, that others may call."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    inner
                    for inner in node.body
                    if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_")
                )


@every(SOURCES)
def test_public_functions_say_what_they_do(path: Path) -> list[str]:
    tree = tree_of(path)
    assert ast.get_docstring(tree) or not path.read_text().strip(), "the file says not what it holds"
    return [
        f"line {node.lineno}: {node.name}" for node in public_functions(tree) if not ast.get_docstring(node)
    ]


IN_TEMPLATES = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "an inline style": re.compile(r"<style\b|\bstyle\s*=\s*[\"']", re.I),
    "an inline handler": re.compile(r"\shx-on\b|\son[a-z]+\s*=\s*[\"']", re.I),
    "|safe": re.compile(r"\|\s*safe\b"),
    "autoescape off": re.compile(r"autoescape\s+false", re.I),
}
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")
HOST = re.compile(r"(?:https?:)?//(?:[a-z0-9-]+\.)+[a-z]{2,}[^\s\"'<>)]*", re.I)


@pytest.mark.parametrize("what", IN_TEMPLATES)
def test_templates_are_free_of(what: str) -> None:
    wrong = [
        f"{name_of(path)}:{text.count(chr(10), 0, found.start()) + 1}"
        for path in TEMPLATES
        for text in [path.read_text()]
        for found in IN_TEMPLATES[what].finditer(text)
    ]
    assert not wrong, f"{what} in {wrong}"


def test_nothing_points_to_an_outside_host() -> None:
    wrong = [
        f"{name_of(path)}: {found.group()}"
        for path in [*TEMPLATES, *STATIC]
        for found in HOST.finditer(path.read_text())
        if not found.group().startswith(NAMESPACES)
    ]
    assert not wrong, wrong
