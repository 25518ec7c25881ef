"""What every app of a run would work out anew, and the rounds of the garbage collector: half of the tests' time.

Nothing kept here belongs to an app or a database: each is a pure function of what it is kept under.
"""

from __future__ import annotations

import gc
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_compiled_sql: dict[type, LRUCache[Any, Any]] = {}
_builders: dict[Any, Any] = {}
_parsed: dict[str, tuple[list[Any], list[Any], dict[str, Any]]] = {}
_compile_builder = Rule._compile_builder
_parse_rule = Rule._parse_rule


def share() -> None:
    """Let the apps of this process share their addresses and their SQL; before the first of them is built.

    SQL is kept under the dialect, of which each engine has its own; those of a kind speak the same.
    """
    Rule._compile_builder = _compile_once  # type: ignore[method-assign]
    Rule._parse_rule = _parse_once  # type: ignore[method-assign]
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]


def share_compiled_sql(engine: Engine) -> None:
    """Give the engine what engines of its kind have compiled before."""
    engine._compiled_cache = _compiled_sql.setdefault(type(engine.dialect), LRUCache(5_000))


def calm_the_collector() -> None:
    """Leave alone what is imported by now, and look for garbage less often: walking it took a third of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _compile_once(rule: Rule, append_unknown: bool = True) -> Any:
    """What turns values into the rule's address.

    The same parts, defaults and kinds of values give the same function; it holds nothing of the app.
    """
    kinds = tuple(sorted((name, type(kind).__name__) for name, kind in rule._converters.items()))
    key = (tuple(rule._trace), tuple(sorted((rule.defaults or {}).items())), kinds, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def _parse_once(rule: Rule, text: str) -> list[Any]:
    """The parts of an address that requests are matched with; the rule learns its values on the way."""
    if text not in _parsed:
        before = len(rule._trace)
        parts = list(_parse_rule(rule, text))
        _parsed[text] = (parts, rule._trace[before:], dict(rule._converters))
        return parts
    parts, trace, converters = _parsed[text]
    rule._trace.extend(trace)
    rule._converters.update(converters)
    rule.arguments.update(converters)
    return parts
