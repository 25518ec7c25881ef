"""The largest pictures that are taken, and those that are not, leave room for others: the process itself is asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portal.files.pictures import MOST_PIXELS, MOST_PIXELS_WHOLE
from tests.conftest import ROOT
from tests.files.photos import bomb

MEGABYTES = {
    "jpeg-12000x9000": 260,  # 108 million dots, as the largest phones take; whole they would be 324 MB
    "progressive-7000x5500": 330,
    "png-7000x5500": 330,
    "pdf-9900x7000": 120,  # a scanned page of 69 million dots, drawn elsewhere
}


def run(*words: str) -> str:
    command = [sys.executable, "-m", "tests.files.heavy", *words]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def grown(path: Path) -> tuple[int, int, str]:
    """(megabytes added in the process, megabytes of its child, what came out)."""
    before, after, child, *rest = run("clean", str(path)).split(maxsplit=3)
    return int(after) - int(before), int(child), rest[0]


@pytest.mark.parametrize("what", MEGABYTES)
def test_a_large_picture_takes_bounded_memory(what: str, tmp_path: Path) -> None:
    path = tmp_path / "lon"
    run("make", what, str(path))
    added, child, came_out = grown(path)
    assert added <= MEGABYTES[what] and child <= 400, (added, child)
    assert came_out.strip() == "3300"


def test_a_bomb_takes_none(tmp_path: Path) -> None:
    path = tmp_path / "bom"
    path.write_bytes(bomb())
    added, _, came_out = grown(path)
    assert added <= 15 and "triệu điểm ảnh" in came_out


def test_the_sizes_that_are_measured_are_the_largest() -> None:
    assert MOST_PIXELS * 0.85 < 12_000 * 9_000 and MOST_PIXELS_WHOLE * 0.9 < 7_000 * 5_500
