"""docs/figures.md says what the code says."""

from __future__ import annotations

from pathlib import Path

from portal.figures.registry import as_markdown, catalogue

PAGE = Path(__file__).parents[2] / "docs" / "figures.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), "run: portal describe-figures > docs/figures.md"


def test_every_definition_is_one_full_sentence_and_every_key_once() -> None:
    listed = catalogue()
    assert len({definition.key for definition in listed}) == len(listed)
    for definition in listed:
        assert definition.label and definition.unit, definition
        assert definition.sentence.endswith(".") and "|" not in definition.sentence, definition
