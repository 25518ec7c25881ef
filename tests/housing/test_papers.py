"""The papers of a house, blank and filled, compared by their words with kept snapshots; where the pen writes, dots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.housing import documents, queries, rules
from portal.kit.pdf import html_to_pdf, render_paper
from tests.cast import Cast
from tests.housing.builders import MILLION, handed_over
from tests.printed import text_of_pdf
from tests.single_cases.builders import give_money

KEPT = Path(__file__).parent / "papers"
TEMPLATES = {
    "survey": "house_survey",
    "check": "house_check",
    "money": "house_minutes",
    "house": "house_minutes",
}


def words(template: str, paper: Any) -> str:
    """The text of a paper, one line of words after the other, without the width of dotted lines."""
    html = render_paper(f"documents/{TEMPLATES[template]}.html", paper=paper, sample=False)
    lines = (" ".join(line.split()) for line in text_of_pdf(html_to_pdf(html)).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def compare(name: str, text: str) -> None:
    """With the kept snapshot; whoever changes a paper looks at it and writes the snapshot anew."""
    assert text == (KEPT / f"{name}.txt").read_text(encoding="utf-8"), name


@pytest.mark.parametrize("name", ["survey", "check", "money", "house"])
def test_blank_papers(app: Flask, db_session: Any, name: str) -> None:
    with app.test_request_context():
        paper: Any = {
            "survey": documents.survey_paper,
            "check": documents.check_paper,
            "money": lambda: documents.minutes_paper(rules.MONEY),
            "house": lambda: documents.minutes_paper(rules.HOUSE),
        }[name]()
        text = words(name, paper)
        assert "None" not in text and "0 đồng" not in text
        compare(f"blank_{name}", text)


def test_filled_papers(app: Flask, cast: Cast) -> None:
    project = handed_over(cast=cast, campaign=give_money(cast=cast, amount=100 * MILLION))
    by_what = {one.what: one for one in queries.handovers_of(project)}
    with app.test_request_context():
        survey = words("survey", documents.survey_paper(project, queries.survey_of(project)))
        for number in range(1, 21):
            assert f"{number}. " in survey, number  # its twenty items
        compare("survey", survey)
        compare("check", words("check", documents.check_paper(queries.checks_of(project)[0])))
        compare("money", words("money", documents.minutes_paper(rules.MONEY, by_what[rules.MONEY])))
        compare("house", words("house", documents.minutes_paper(rules.HOUSE, by_what[rules.HOUSE])))
