"""The certificate of a statement as people read it: each control beside what was read, and the days without lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.statements.controls import Controls, Printed
from portal.statements.tally import Tally

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Check:
    """One line of the certificate. `printed` None = nothing to compare with; `ok` None = not compared."""

    what: str
    printed: int | None
    ours: int | None
    ok: bool | None
    where: str = ""


@dataclass(frozen=True)
class Gap:
    """Days without a line, both inclusive; `proved`: the balances show that nothing moved in them."""

    first: date
    last: date
    proved: bool


def closing_of(tally: Tally, controls: Controls) -> int | None:
    """The balance after the newest line, as the lines tell."""
    if controls.opening:
        return controls.opening.amount + tally.credit_sum - tally.debit_sum
    return tally.ending


def checks(tally: Tally, controls: Controls, where: Callable[[int], str], *, read: bool) -> list[Check]:
    """Each control beside what was read; `where(row)` names the balance of a row, `read`: every cell was read."""

    def check(what: str, printed: Printed | None, ours: int | None) -> Check:
        same = printed.amount == ours if printed and ours is not None and read else None
        return Check(
            what, printed.amount if printed else None, ours, same, printed.address if printed else ""
        )

    broken = tally.first_break
    balances = Check(
        "Số dòng có số dư",
        tally.balances,
        tally.balances if broken is None else None,
        broken is None if tally.balances > 1 else None,
        where(broken.row) if broken else "",
    )
    counted = [("Số dòng ghi có", controls.credit_rows, tally.credit_count)]
    counted.append(("Số dòng ghi nợ", controls.debit_rows, tally.debit_count))
    return [
        check("Số dòng", controls.rows, tally.rows),
        *(check(*line) for line in counted if line[1]),
        check("Tổng ghi có (đ)", controls.credit_total, tally.credit_sum),
        check("Tổng ghi nợ (đ)", controls.debit_total, tally.debit_sum),
        check("Số dư đầu kỳ (đ)", controls.opening, tally.printed_opening),
        check("Số dư cuối kỳ (đ)", controls.closing, closing_of(tally, controls)),
        *([balances] if tally.balances else []),
    ]


def gaps(tally: Tally, controls: Controls, *, proved: bool) -> Iterator[Gap]:
    """Days without a line between the first and the last, and within the printed period."""
    if not tally.days:
        return
    days = sorted(tally.days)
    ends_tied = proved and bool((controls.opening and controls.closing) or controls.credit_total)
    if controls.first_day is not None and controls.first_day < days[0]:
        yield Gap(controls.first_day, days[0] - DAY, ends_tied)
    for before, after in zip(days, days[1:], strict=False):
        if after - before > DAY:
            yield Gap(before + DAY, after - DAY, proved)
    if controls.last_day is not None and controls.last_day > days[-1]:
        yield Gap(days[-1] + DAY, controls.last_day, ends_tied)
