"""The switches of an invented statement, and the truth that is filled in while its rows are written."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.kit.vietnamese import nfc
from tests.statements.bank_files.forms import FORMS, OPENING, Form
from tests.statements.bank_files.transfers import Transfer, transfers

Cells = list
ACCOUNTS = re.compile(r"(?<=tu )\d{9,}|(?<=toi )\d{9,}")
LONG_NUMBERS = re.compile(r"\d{9,}")
SHORTER = 210  # where a later issue cuts what an earlier one printed to 255


@dataclass
class Truth:
    """What a correct reading must find; filled while the rows are written. Amounts in đồng."""

    opening: int = OPENING
    rows: int = 0
    credit_count: int = 0
    credit_sum: int = 0
    debit_count: int = 0
    debit_sum: int = 0
    unknown: int = 0
    identical: int = 0
    moved: int = 0
    lines: list[tuple[dt.date, int | None, str]] = field(default_factory=list)  # only with `keep`

    @property
    def closing(self) -> int:
        """The balance after the last line; also lines whose amount is not printed have moved it."""
        return self.opening + self.moved

    def count(self, transfer: Transfer, *, known: bool, keep: bool) -> None:
        """Take one line."""
        self.rows += 1
        self.moved += transfer.amount
        if not known:
            self.unknown += 1
        elif transfer.amount > 0:
            self.credit_count += 1
            self.credit_sum += transfer.amount
        else:
            self.debit_count += 1
            self.debit_sum -= transfer.amount
        if keep:
            text = nfc(html.unescape(transfer.text))
            self.lines.append((transfer.day, transfer.amount if known else None, text))


@dataclass
class Options:
    """Switches of a statement; `break_at`, `glued_at`, `blank_at` count lines from 1 (0 = nowhere).

    None means: as the form prints it.
    """

    rows: int
    form: str = "vietcombank"
    seed: int = 1
    days: int = 30
    start: dt.date = dt.date(2026, 8, 3)
    skip_days: tuple[int, ...] = ()  # days (from 0) in which nothing moves
    mark: str | None = None  # between thousands
    decimals: str | None = None  # ",00" or ".00"
    balance: str | None = None  # "day" = on a day's last row, "row" = on every row, "none" = never
    break_at: int = 0  # this line is left out; balances and totals still know it
    glued_at: int = 0  # its amount is glued to its neighbour, as from a PDF
    blank_at: int = 0  # this line prints no amount
    without_totals: bool = False  # no total row, no closing balance
    without_opening: bool = False
    without_period: bool = False
    empty_first_column: bool = False
    newest_first: bool = False
    charges: str = ""  # "besides": columns of fee and tax move the account; "within": the amount holds them
    only_days: tuple[int, int] | None = None  # days (from 0) that this issue covers, both inclusive
    retold: bool = False  # a later issue of the same transfers: accounts masked, tails cut
    keep: bool = False  # remember every line in `expected.lines`
    expected: Truth = field(default_factory=Truth)

    @property
    def how(self) -> Form:
        """The form."""
        return FORMS[self.form]

    @property
    def left(self) -> Cells:
        """The empty first column, where there is one."""
        return [""] if self.empty_first_column else []

    def chosen(self, name: str) -> str:
        """A switch, else what the form does."""
        value = getattr(self, name)
        return getattr(self.how, name) if value is None else value

    def money(self, amount: int | None) -> object:
        """An amount as this statement prints it."""
        if amount is None:
            return ""
        if self.how.numbers:
            return amount
        return f"{amount:,}".replace(",", self.chosen("mark")) + self.chosen("decimals")

    def charges_of(self, transfer: Transfer) -> tuple[int, int]:
        """Fee (out), or interest (in), and tax, as they move the account: printed on a few lines only."""
        if not self.charges or transfer.number % 9:
            return 0, 0
        return (5_000, -500) if transfer.number % 27 == 0 else (-11_000, -1_100)

    def parted(self, transfer: Transfer) -> Iterator[Transfer]:
        """What the charges of a line are when they move the account: lines of their own."""
        for name, amount in zip(("Phí/Lãi", "Thuế"), self.charges_of(transfer), strict=True):
            if amount and self.charges == "besides":
                yield transfer._replace(amount=amount, text=f"{name}: {transfer.text}")

    def stream(self) -> Iterator[Transfer]:
        """Its transfers, from the first; may be called again."""
        found = transfers(
            self.rows, seed=self.seed, start=self.start, days=self.days, skip_days=self.skip_days
        )
        if self.only_days is not None:
            first, last = (self.start + dt.timedelta(days=n) for n in self.only_days)
            found = (transfer for transfer in found if first <= transfer.day <= last)
        return (told_again(transfer) for transfer in found) if self.retold else found

    @property
    def last_day(self) -> dt.date:
        """The last day that the statement covers."""
        return self.start + dt.timedelta(days=self.days + len(self.skip_days) - 1)


def told_again(transfer: Transfer) -> Transfer:
    """The same transfer as a later issue prints it: accounts masked (in every fifth every long number), tail cut."""
    numbers = ACCOUNTS if transfer.number % 5 else LONG_NUMBERS
    text = numbers.sub(lambda found: "x" * (len(found[0]) - 4) + found[0][-4:], transfer.text)
    return transfer._replace(text=text[:SHORTER])
