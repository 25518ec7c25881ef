"""Fees, interest and taxes that a bank prints beside a line's amount, in columns of their own.

Whether such an amount has moved the account is told by the running balance alone: some banks repeat there what the
debit holds already, others take it off besides. So the balance before and behind the line decide; what moved becomes
a line of its own with its own address, and where the balances do not tell, the cell is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise

from portal.kit.money import format_dong
from portal.statements.lines import StatementRow

Read = tuple[int, StatementRow | None]  # number of the row, and its line; None: it could not be read

UNCLEAR = (
    "Dòng này in {what} ở cột riêng, nhưng số dư không cho biết khoản đó đã nằm trong số tiền của dòng hay được tính "
    "thêm. Hãy đối chiếu số dư của dòng này với dòng ngay trước nó trên sao kê gốc, sửa ô sai rồi nạp lại."
)


def moved_by(fee: int, tax: int, rest: int | None) -> tuple[int, int] | None:
    """What fee (or interest) and tax have done to the account, đồng: of each 0, or out, and of interest in.

    `rest`: how far the balance moved beyond the line's own amount. None = unknown, or more than one answer.
    """
    answers = {
        (moved, taken)
        for moved in {0, fee, -fee}
        for taken in {0, -tax}
        if rest is not None and moved + taken == rest
    }
    return answers.pop() if len(answers) == 1 else None


def is_newest_first(rows: Iterable[StatementRow]) -> bool:
    """Which way the balances run; where they do not tell, the days."""
    kept = list(rows)
    ups = sum(_effects(row, above.balance) is not None for above, row in pairwise(kept))
    downs = sum(_effects(above, row.balance) is not None for above, row in pairwise(kept))
    return downs > ups if ups != downs else bool(kept) and kept[0].day > kept[-1].day


def _effects(row: StatementRow, before: int | None) -> tuple[int, int] | None:
    if row.balance is None or before is None:
        return None
    return moved_by(*row.charges, row.balance - before - (row.amount_signed or 0))


class Charges:
    """Parts the lines of one list; `report` receives (row, sentence) where the balances do not tell.

    `newest_first` is asked once, when the first charge is met; `opening` is the balance before the oldest line.
    """

    def __init__(
        self,
        newest_first: Callable[[], bool],
        opening: Callable[[], int | None],
        report: Callable[[StatementRow, str], None],
    ):
        self._ask, self._opening, self._report = newest_first, opening, report
        self._newest_first: bool | None = None
        self.debits = self.credits = 0  # đồng that became lines of their own

    def part(self, rows: Iterable[Read]) -> Iterator[Read]:
        """The same rows; a line whose charges moved the account is followed by a line for each of them.

        The parts of one row stand in the order of the list, and their balances are reckoned from the printed one.
        """
        before: Read | None = None
        for above, below in pairwise(chain(rows, [None])):  # type: ignore[list-item]
            assert above is not None
            yield from self._parts(above, before, below)
            before = above

    def _parts(self, read: Read, above: Read | None, below: Read | None) -> Iterator[Read]:
        number, row = read
        if row is None or not any(row.charges):
            yield read
            return
        if self._newest_first is None:
            self._newest_first = self._ask()
        older = below if self._newest_first else above
        before = self._opening() if older is None else older[1].balance if older[1] else None
        effects = _effects(row, before)
        if effects is None:
            self._report(row, UNCLEAR.format(what=_named(row)))
            yield number, None
            return
        parts = self._lines(row, effects)
        yield from ((number, part) for part in (reversed(parts) if self._newest_first else parts))

    def _lines(self, row: StatementRow, effects: tuple[int, int]) -> list[StatementRow]:
        """Oldest first: the line without its charges, then each charge that moved."""
        assert row.balance is not None
        balance = row.balance - sum(effects)
        own = row.amount_signed is not None or not any(effects)
        parts = [row._replace(balance=balance)] if own else []
        for place, effect in zip(row.charge_places, effects, strict=True):
            if effect:
                balance += effect
                self.debits -= min(effect, 0)
                self.credits += max(effect, 0)
                parts.append(_charge(row, place, effect, balance))
        return parts


def _charge(row: StatementRow, place: str, effect: int, balance: int) -> StatementRow:
    """A charge as a line of the same day and reference; its text begins with the heading of its column."""
    return row._replace(
        credit=effect if effect > 0 else None,
        debit=-effect if effect < 0 else None,
        balance=balance,
        text=f"{place}: {row.text}" if row.text else place,
        counterparty="",
        counterparty_account="",
        place=place,
    )


def _named(row: StatementRow) -> str:
    told = [
        f"“{place}” {format_dong(amount)}"
        for place, amount in zip(row.charge_places, row.charges, strict=True)
        if amount
    ]
    return " và ".join(told)
