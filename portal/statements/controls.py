"""What a statement is compared with: the sums and balances that the bank printed, or a person typed from paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from portal.kit.days import format_day
from portal.kit.money import format_amount

ON_PAPER = "số nhập từ bản giấy"


@dataclass(frozen=True)
class Problem:
    """A place in the file and a sentence for the person who brought it."""

    address: str
    sentence: str


@dataclass(frozen=True)
class Printed:
    """An amount in đồng (or a count) that the bank printed about the whole statement, and where."""

    amount: int
    address: str

    @property
    def said(self) -> str:
        """Where it comes from, in a sentence."""
        return "nhập từ bản giấy" if self.address == ON_PAPER else "in trên sao kê"


@dataclass
class Controls:
    """What is printed above and below the list; None = not printed."""

    opening: Printed | None = None
    closing: Printed | None = None
    debit_total: Printed | None = None
    credit_total: Printed | None = None
    rows: Printed | None = None
    credit_rows: Printed | None = None
    debit_rows: Printed | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def period_text(self) -> str:
        """The printed period in words."""
        first = f"từ ngày {format_day(self.first_day)}" if self.first_day else ""
        last = f"đến ngày {format_day(self.last_day)}" if self.last_day else ""
        return " ".join(filter(None, (first, last)))

    def with_paper(self, paper: Paper) -> Controls:
        """What was typed from paper stands where nothing is printed."""
        typed = {
            name: Printed(amount, ON_PAPER)
            for name, amount in paper.by_control()
            if amount is not None and getattr(self, name) is None
        }
        return replace(self, **typed)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Paper:
    """Control totals typed in from the paper, đồng; None = not typed."""

    rows: int | None = None
    credit_sum: int | None = None
    debit_sum: int | None = None
    opening: int | None = None
    closing: int | None = None

    def by_control(self) -> Iterator[tuple[str, int | None]]:
        """(name of the control, amount)."""
        yield from (
            ("rows", self.rows),
            ("credit_total", self.credit_sum),
            ("debit_total", self.debit_sum),
            ("opening", self.opening),
            ("closing", self.closing),
        )

    @property
    def is_enough(self) -> bool:
        """Whether it could prove a list to which nothing is printed."""
        counted = self.rows is not None and self.credit_sum is not None
        sums = self.credit_sum is not None and self.debit_sum is not None
        return counted or sums or (self.opening is not None and self.closing is not None)

    def disagreements(self, controls: Controls) -> Iterator[Problem]:
        """What was typed and is printed otherwise."""
        for name, amount in self.by_control():
            printed = getattr(controls, name)
            if amount is not None and printed is not None and printed.amount != amount:
                yield Problem(
                    printed.address,
                    f"Ở đây sao kê in {format_amount(printed.amount)}, còn số nhập từ bản giấy là "
                    f"{format_amount(amount)}. Hãy xem lại bản giấy và nhập lại.",
                )
