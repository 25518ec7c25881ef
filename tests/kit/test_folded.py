"""Folding a text inside the database gives what folding it in Python gives, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, null, select

from portal.kit.folded import folded, has_words
from portal.kit.vietnamese import key_of

TEXTS = (
    "Nguyễn Thị Hồng Nhung",
    "ĐỖ ĐÌNH ĐỨC, ấp Phú Lợi – số 12/3",
    "Huỳnh Ỷ Quý Ữ Ỡ Ẫ",
    "Công ty TNHH “Gạch ngói” Hòa Thuận",
    "100% 'x' \\ _",
    "",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_in_the_database(db_session, text: str) -> None:
    assert db_session.scalar(select(folded(literal(text)))).strip("_") == key_of(text)


def test_missing_stays_missing(db_session) -> None:
    assert db_session.scalar(select(folded(null()))) is None


@pytest.mark.parametrize(
    ("query", "found"),
    [("nhung nguyen", True), ("HỒNG", True), ("hong lan", False), ("%", False), ("", False)],
)
def test_words_in_any_order(db_session, query: str, found: bool) -> None:
    condition = has_words(literal(TEXTS[0]), query)
    assert bool(db_session.scalar(select(literal(1)).where(condition))) is found
