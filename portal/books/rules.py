"""Pure rules of books: which there are, their columns on paper, what is left after each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

CASH, BANK, DETAIL = "cash", "bank", "detail"
TITLES = {CASH: "Sổ quỹ tiền mặt", BANK: "Sổ tiền gửi", DETAIL: "Sổ chi tiết theo đợt, mục đích"}
FORM_KEYS = {CASH: "cash_book", BANK: "bank_book", DETAIL: "detail_book"}  # of units.paper_form
SIDES = {
    CASH: ("Thu", "Chi", "Tồn"),
    BANK: ("Gửi vào", "Rút ra", "Còn lại"),
    DETAIL: ("Thu", "Chi", "Còn lại"),
}


class Sums(NamedTuple):
    """What came in and went out, đồng."""

    came_in: int = 0
    went_out: int = 0

    @property
    def net(self) -> int:
        """What these sums add to a balance."""
        return self.came_in - self.went_out


def running(opening: int, moves: Iterable[tuple[int, int]]) -> Iterator[int]:
    """What is left after each (came in, went out), đồng."""
    left = opening
    for came_in, went_out in moves:
        left += came_in - went_out
        yield left
