"""The papers of a house, blank and filled, compared by their words with kept snapshots; where the pen writes, dots."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.housing import documents, queries, rules
from portal.housing.documents_list import list_paper
from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.kit.pdf import render_paper
from tests.cast import Cast
from tests.households.builders import make_hamlet, make_household
from tests.housing.builders import MILLION, handed_over, make_project
from tests.printed import compare, words_of_paper
from tests.single_cases.builders import give_money

KEPT = Path(__file__).parent / "papers"
TEMPLATES = {
    "survey": "house_survey",
    "check": "house_check",
    "money": "house_minutes",
    "house": "house_minutes",
    "list": "house_list",
}


def words(template: str, paper: Any) -> str:
    """The words of a paper."""
    return words_of_paper(render_paper(f"documents/{TEMPLATES[template]}.html", paper=paper, sample=False))


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
        compare(KEPT / f"blank_{name}.txt", text)


def test_filled_papers(app: Flask, cast: Cast) -> None:
    project = handed_over(cast=cast, campaign=give_money(cast=cast, amount=100 * MILLION))
    by_what = {one.what: one for one in queries.handovers_of(project)}
    with app.test_request_context():
        survey = words("survey", documents.survey_paper(project, queries.survey_of(project)))
        for number in range(1, 21):
            assert f"{number}. " in survey, number  # its twenty items
        compare(KEPT / "survey.txt", survey)
        compare(KEPT / "check.txt", words("check", documents.check_paper(queries.checks_of(project)[0])))
        compare(
            KEPT / "money.txt", words("money", documents.minutes_paper(rules.MONEY, by_what[rules.MONEY]))
        )
        compare(
            KEPT / "house.txt", words("house", documents.minutes_paper(rules.HOUSE, by_what[rules.HOUSE]))
        )


def test_the_list_that_prints(app: Flask, cast: Cast) -> None:
    """What is not known is blank, not 0; houses of one commune stand under its head."""
    with app.test_request_context():
        household = make_household(unit=make_hamlet(cast, "Ấp Hai"), name="Lý Văn Bảy")
        make_project(cast=cast, household=household, estimate=None)
        today = today_in_vietnam()

        def printed() -> str:
            text = words("list", list_paper(cast.officer, {}))
            text = re.sub(r"NH\d{6}", "NH……", text)
            return text.replace(long_day(today), "[hôm nay]").replace(format_day(today), "[hôm nay]")

        compare(KEPT / "list_unknown.txt", printed())
        handed_over(cast=cast, campaign=give_money(cast=cast, amount=100 * MILLION))
        compare(KEPT / "list.txt", printed())
