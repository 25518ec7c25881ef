"""The three cases as people bring them: import the tables, ask for the figures, print the bulletin."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from portal.cli import main

CASES = Path(__file__).parent / "cases"
ORDER = ("units", "reviews", "results", "initiatives")


def run(app: Flask, *arguments: str) -> str:
    """One command of the command line, in this portal; must succeed."""
    done = CliRunner().invoke(main, [str(part) for part in arguments], obj=app, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(params=sorted(case.name for case in CASES.iterdir() if case.is_dir()))
def case(request: pytest.FixtureRequest) -> Path:
    return CASES / request.param


@pytest.fixture
def expected(case: Path) -> dict[str, Any]:
    return json.loads((case / "expected.json").read_text(encoding="utf-8"))


def bring(app: Flask, case: Path) -> list[dict[str, Any]]:
    """Import every table of a case, in order."""
    tables = [case / f"{kind}.csv" for kind in ORDER]
    return [json.loads(run(app, "import", path.stem, path, "--json")) for path in tables if path.exists()]


def test_case(app: Flask, case: Path, expected: dict[str, Any], tmp_path: Path) -> None:
    first = bring(app, case)
    assert all(table["new"] == table["rows"] and not table["errors"] for table in first)
    again = bring(app, case)
    assert all(table["duplicates"] == table["rows"] and not table["new"] for table in again)
    run(app, "verify")

    scope = ["--unit", expected["unit"], "--from", expected["from"], "--to", expected["to"]]
    figures = json.loads(run(app, "figures", *scope, "--json"))
    assert {key: figures[key]["value"] for key in expected["figures"]} == expected["figures"]
    assert [key for key in expected.get("null", ()) if figures[key]["value"] is not None] == []

    out = tmp_path / "ban-tin.pdf"
    run(app, "bulletin", *scope, "--out", out)
    phrases = [*expected["bulletin_text"], *expected.get("percent", {}).values()]
    for mode in ([], ["-layout"]):
        text = subprocess.run(
            ["pdftotext", *mode, out, "-"], check=True, capture_output=True, text=True
        ).stdout
        assert [phrase for phrase in phrases if phrase not in text] == []
        assert "None" not in text
    assert embedded_fonts(out) == {"yes"}


def embedded_fonts(path: Path) -> set[str]:
    """The column "emb" of pdffonts."""
    listed = subprocess.run(
        ["pdffonts", path], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    start = listed[0].index("emb")
    return {line[start : start + 3].strip() for line in listed[2:]}
