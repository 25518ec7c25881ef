"""Which book an address asks for: its filters as they are drawn, and the book that comes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.books import queries
from portal.books.queries import SHARED, Book
from portal.books.rules import BANK, CASH, DETAIL
from portal.kit.days import today_in_vietnam
from portal.kit.filters import DayFilter, Filter, FilterSpec, SelectFilter
from portal.ledger.models import Fund
from portal.people.models import User
from portal.spending.queries import purposes
from portal.units.models import Unit

ALL, BOX = "tat_ca", "ket"
KINDS_HELD = {CASH: ("cash",), DETAIL: ("received", "spent", "moved", "other", "opening", "refunded")}


@dataclass(frozen=True)
class Asked:
    """`book` None = there is none yet, or a filter cannot be read (then `status` is 422). Days are inclusive."""

    kind: str
    filters: list[Filter]
    book: Book | None
    start: date
    end: date
    page: int
    args: dict[str, str]

    @property
    def status(self) -> int:
        """The HTTP status of the page."""
        return 422 if any(item.error for item in self.filters) else 200


class _Reader:
    """Reads filters one after the other: what the next one offers depends on the last."""

    def __init__(self, args: Mapping[str, str]):
        self.args = args
        self.filters: list[Filter] = []

    def value(self, spec: FilterSpec, default: Any) -> Any:
        """What the address says, or `default` when it is silent or cannot be read; the filter shows it."""
        drawn, found = spec.read(self.args)
        value = default if found is None else found[0]
        shown = drawn.value or (f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value))
        choices = [choice for choice in drawn.choices if choice[0] != ""]
        self.filters.append(
            Filter(drawn.name, drawn.label, drawn.kind, shown, choices, drawn.active, drawn.error)
        )
        return value


def _kept(value: Any) -> Any:
    return (value,)  # a condition that is no SQL: the value itself, also when it is 0


def read(kind: str, user: User, args: Mapping[str, str]) -> Asked:
    """The book of an address, within the units that a person may read."""
    reader, today = _Reader(args), today_in_vietnam()
    book = {CASH: _cash, BANK: _bank, DETAIL: _detail}[kind](reader, user)
    start = reader.value(DayFilter("tu", "Từ ngày", _kept), date(today.year, 1, 1))
    end = reader.value(DayFilter("den", "Đến ngày", _kept), today)
    if end < start:
        last = reader.filters[-1]
        text = f"Ngày cuối trước ngày đầu {start:%d/%m/%Y}. Sửa một trong hai ngày."
        reader.filters[-1] = Filter(last.name, last.label, last.kind, last.value, (), last.active, text)
    wrong = any(item.error for item in reader.filters)
    typed = args.get("trang", "")
    page = int(typed) if typed.isdecimal() and 0 < len(typed) < 9 else 1
    kept = {item.name: args[item.name] for item in reader.filters if args.get(item.name)}
    return Asked(kind, reader.filters, None if wrong else book, start, end, max(page, 1), kept)


def _place(reader: _Reader, user: User, kind: str) -> tuple[Unit, Fund] | None:
    """The unit and fund; the first one that keeps such accounts when nothing is asked."""
    places = queries.places_for(user, *KINDS_HELD[kind])
    several = len({fund.id for _, fund in places}) > 1
    names = {
        f"{unit.id}-{fund.id}": f"{unit.name}, {fund.name}" if several else unit.name for unit, fund in places
    }
    first = next(iter(names), "")
    chosen = reader.value(SelectFilter("noi", "Đơn vị", _kept, choices=list(names.items())), first)
    return next(((unit, fund) for unit, fund in places if f"{unit.id}-{fund.id}" == chosen), None)


def _cash(reader: _Reader, user: User) -> Book | None:
    place = _place(reader, user, CASH)
    holders = queries.holders_of(place[0].id, place[1].id) if place else []
    choices: Sequence[tuple[Any, str]] = [
        (ALL, "Tất cả nơi giữ"),
        (BOX, "Két của đơn vị"),
        *((holder.id, f"{holder.name} giữ") for holder in holders),
    ]
    held = reader.value(SelectFilter("giu", "Nơi giữ tiền", _kept, choices=choices), ALL)
    if place is None:
        return None
    return Book(CASH, *place, holder_id=held if held not in (ALL, BOX) else None, box=held == BOX)


def _bank(reader: _Reader, user: User) -> Book | None:
    accounts = {account.id: account for account in queries.bank_accounts_for(user)}
    choices = [(one.id, f"{one.code}, {one.bank} {one.number}") for one in accounts.values()]
    first = next(iter(accounts), 0)
    chosen = accounts.get(reader.value(SelectFilter("tai_khoan", "Tài khoản", _kept, choices=choices), first))
    return Book(BANK, chosen.unit, chosen.fund, account=chosen) if chosen else None


def _detail(reader: _Reader, user: User) -> Book | None:
    place = _place(reader, user, DETAIL)
    campaigns = queries.campaigns_of(place[0].id, place[1].id) if place else []
    choices = [(SHARED, "Chung, ngoài các đợt"), *((one.id, one.name) for one in campaigns)]
    first = campaigns[0].id if campaigns else SHARED
    campaign_id = reader.value(SelectFilter("dot", "Đợt vận động", _kept, choices=choices), first)
    spent: list[tuple[Any, str]] = [(ALL, "Mọi khoản thu, chi")]
    if place is not None:
        names = {one.key: one.name for one in purposes()}
        used = queries.purposes_of(Book(DETAIL, *place, campaign_id=campaign_id))
        spent += [(key, f"Chi: {names.get(key, key)}") for key in used]
    purpose = reader.value(SelectFilter("muc_dich", "Mục đích", _kept, choices=spent), ALL)
    if place is None:
        return None
    return Book(DETAIL, *place, campaign_id=campaign_id, purpose="" if purpose == ALL else purpose)
