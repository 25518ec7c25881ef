"""Rectangles lie on the picture; faces need consent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.rules import MOST_BOXES, Box, boxes_of, check_shown, checked_boxes, dots_of
from portal.kit.errors import Refused

sides = st.floats(min_value=0.01, max_value=1)
places = st.floats(min_value=0, max_value=0.98)


@given(places, places, sides, sides, st.integers(1, 6000), st.integers(1, 6000))
def test_what_is_covered_is_never_less_than_what_was_drawn(
    left: float, top: float, width: float, height: float, across: int, down: int
) -> None:
    (box,) = checked_boxes([(left, top, width, height)])
    x0, y0, x1, y1 = dots_of(box, across, down)
    assert 0 <= x0 <= x1 < across and 0 <= y0 <= y1 < down
    assert x0 <= box.left * across and y0 <= box.top * down
    assert x1 + 1 >= min(across, (box.left + box.width) * across) - 0.001 * across
    assert y1 + 1 >= min(down, (box.top + box.height) * down) - 0.001 * down


@pytest.mark.parametrize(
    "box", [(0.5, 0.5, 0, 0.1), (1.2, 0, 0.5, 0.5), (-0.5, 0, 0.4, 0.5), (0, 0, 0.5, -1)]
)
def test_a_rectangle_beside_the_picture_is_refused(box: tuple[float, ...]) -> None:
    with pytest.raises(Refused, match="ngoài ảnh") as refused:
        checked_boxes([box])
    assert refused.value.field == "boxes"


def test_a_rectangle_over_the_edge_is_cut() -> None:
    assert checked_boxes([(-0.1, 0.9, 0.3, 0.5)]) == [Box(0.0, 0.9, 0.2, 0.1)]


def test_rectangles_are_bounded_in_number() -> None:
    with pytest.raises(Refused, match="Gộp các ô"):
        checked_boxes([(0, 0, 0.1, 0.1)] * (MOST_BOXES + 1))


def test_kept_rectangles_come_back() -> None:
    assert boxes_of(None) == []
    assert boxes_of([[0.1, 0.2, 0.3, 0.4]]) == [Box(0.1, 0.2, 0.3, 0.4)]


def test_who_may_be_shown() -> None:
    check_shown(False, None)
    check_shown(True, "Bà Tư, 20/11/2026")
    for people, consent in ((None, "x"), (True, None), (True, " ")):
        with pytest.raises(Refused):
            check_shown(people, consent)
