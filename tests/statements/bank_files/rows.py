"""Transfers as the rows of a statement: every cell a text (or a number), every mess a switch."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.statements.bank_files.around import ABOVE, BELOW
from tests.statements.bank_files.forms import FORMS, Form
from tests.statements.bank_files.options import Cells, Options
from tests.statements.bank_files.transfers import Transfer


def headings(form: str) -> Cells:
    """The header row of a form."""
    return [heading for _, heading in FORMS[form].columns]


def statement_rows(options: Options) -> Iterator[Cells]:
    """All rows of the statement, padded to the same width."""
    form, left = options.how, options.left
    width = len(left) + len(form.columns)
    before = ABOVE[form.above](options)
    for row in before:
        yield _padded(left + row, width)
    yield left + headings(options.form)
    if options.newest_first:
        kept = list(_lines(options))
        yield from _closing_row(options)
        yield from _renumbered(kept[::-1], form, len(left))
        yield from [*_opening_row(options), *_total_row(options)]
    else:
        yield from _opening_row(options)
        yield from _lines(options)
        yield from _total_row(options)
        yield from _closing_row(options)
    for row in BELOW[form.below](options):
        yield _padded(left + row, width)


def _renumbered(rows: list[Cells], form: Form, shift: int) -> Iterator[Cells]:
    place = next((n + shift for n, (what, _) in enumerate(form.columns) if what == "ordinal"), None)
    for number, cells in enumerate(rows, 1):
        if place is not None:
            cells[place] = str(number)
        yield cells


def _padded(cells: Cells, width: int) -> Cells:
    return cells + [""] * (width - len(cells))


def _lines(options: Options) -> Iterator[Cells]:
    form, expected, left = options.how, options.expected, options.left
    writers = [CELLS[what] for what, _ in form.columns]
    balances = options.chosen("balance")
    before: Transfer | None = None
    waiting: Transfer | None = None
    for following in _and_none(options.stream()):
        transfer, waiting = waiting, following
        if transfer is None:
            continue
        known = transfer.amount > 0 or not form.only_credits
        if before is not None and before[1:] == transfer._replace(number=before.number)[1:]:
            expected.identical += 1
        before = transfer
        expected.count(transfer, known=known, keep=options.keep)
        for charge in options.parted(transfer):
            expected.count(charge, known=True, keep=options.keep)
        if transfer.number == options.break_at:
            continue
        ends_day = following is None or following.day != transfer.day
        shows = balances == "row" or (balances == "day" and ends_day)
        at = _Line(options, transfer, expected.closing if shows else None)
        yield left + [writer(at) for writer in writers]


def _and_none(stream: Iterator[Transfer]) -> Iterator[Transfer | None]:
    yield from stream
    yield None


@dataclass(slots=True)
class _Line:
    """What the cells of one line are written from."""

    options: Options
    transfer: Transfer
    balance: int | None

    def charge(self, place: int) -> object:
        """The cell of the fee (0) or of the tax (1): banks print no sign."""
        return self.options.money(abs(self.options.charges_of(self.transfer)[place]) or None)

    def amount(self, side: int) -> object:
        """The cell of money in (side 1) or out (−1)."""
        number, amount = self.transfer.number, self.transfer.amount * side
        if amount <= 0:
            empty = self.options.how.only_credits or number % 7 == 0
            return ("0" if number % 2 else "") if empty else ""
        if number == self.options.blank_at:
            return "0"
        printed = self.options.money(amount)
        if number == self.options.glued_at:
            return f"{printed},00{random.Random(number).randrange(10**9, 10**10)}"
        return printed


def _day(line: _Line) -> str:
    return DAYS[line.options.how.day](line.transfer)


def _dmy(transfer: Transfer) -> str:
    return f"{transfer.day:%d/%m/%Y}"


def _clock(transfer: Transfer) -> str:
    return f"{transfer.hours:02d}:{transfer.minutes:02d}:{transfer.seconds:02d}"


def _loose(transfer: Transfer) -> str:
    """ "19/9/2024 9:24:52": no zero before a number of one digit."""
    day = transfer.day
    clock = f"{transfer.hours}:{transfer.minutes:02d}:{transfer.seconds:02d}"
    return f"{day.day}/{day.month}/{day.year} {clock}"


DAYS: dict[str, Callable[[Transfer], str]] = {
    "dmy": _dmy,
    "iso": lambda transfer: transfer.day.isoformat(),
    "dmy-time": lambda transfer: f"{transfer.day:%d-%m-%Y} {_clock(transfer)}",
    "dmy/line/time": lambda transfer: f"{_dmy(transfer)}\n{_clock(transfer)}",
    "dmy time": lambda transfer: f"{_dmy(transfer)} {_clock(transfer)}",
    "loose": _loose,
}
CELLS: dict[str, Callable[[_Line], object]] = {
    "": lambda line: "",
    "fee": lambda line: line.charge(0),
    "tax": lambda line: line.charge(1),
    "ordinal": lambda line: str(line.transfer.number),
    "page": lambda line: str(line.transfer.number // 40 + 1),
    "day": _day,
    "value_day": lambda line: _dmy(line.transfer),
    "time": lambda line: _clock(line.transfer),
    "day_document": lambda line: f"{_dmy(line.transfer)}\n{line.transfer.document}",
    "document": lambda line: line.transfer.document,
    "reference": lambda line: line.transfer.reference,
    "some_reference": lambda line: line.transfer.reference if line.transfer.number % 3 else "",
    "debit": lambda line: line.amount(-1),
    "credit": lambda line: line.amount(1),
    "balance": lambda line: line.options.money(line.balance),
    "text": lambda line: line.transfer.text,
    "name": lambda line: line.transfer.name,
    "account": lambda line: line.transfer.account,
    "name_account": lambda line: " – ".join(filter(None, (line.transfer.name, line.transfer.account))),
    "masked": lambda line: f"xxxxxx{line.transfer.account[-4:]}" if line.transfer.account else "",
    "bank": lambda line: "NH TMCP MINH HOA" if line.transfer.account else "",
}


def _opening_row(options: Options) -> Iterator[Cells]:
    if options.how.below == "bidv" and not options.without_opening:
        yield _labelled(options, "DƯ ĐẦU", {"balance": options.expected.opening})


def _total_row(options: Options) -> Iterator[Cells]:
    form, expected = options.how, options.expected
    if form.below != "none" and not options.without_totals:
        label = {"bidv": "Cộng phát sinh", "mb": "Tổng cộng/ Total"}.get(form.below, "Tổng số")
        yield _labelled(options, label, {"debit": expected.debit_sum, "credit": expected.credit_sum})


def _closing_row(options: Options) -> Iterator[Cells]:
    if options.how.below == "bidv" and not options.without_totals:
        yield _labelled(options, "DƯ CUỐI", {"balance": options.expected.closing})


def _labelled(options: Options, label: str, amounts: dict[str, int]) -> Cells:
    cells = [options.money(amounts.get(what)) for what, _ in options.how.columns]
    place = next(n for n, (what, _) in enumerate(options.how.columns) if what in ("ordinal", "text", "day"))
    cells[place] = label
    return options.left + cells
