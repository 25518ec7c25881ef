"""Which donors of a table are known: by code, else tax code, else phone and name, else name and address in the unit.

Everything is looked up in few statements and written set-based. A phone that two different names share stays two
donors: nobody's contact is written over silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from portal.donors import search
from portal.donors.actions import change_donor
from portal.donors.models import Donor
from portal.donors.rules import same_name
from portal.imports.context import Context
from portal.imports.kind import Counts, Located
from portal.imports.modes import rows_in_words
from portal.imports.outcome import Problems
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold

CHUNK = 500  # values in one IN list
PERSON = "person"
INDEXED = (Donor.id, Donor.name, Donor.address, Donor.phone_digits, Donor.tax_code, Donor.unit_id)
DERIVED = {"folded", "sort_key", "phone_digits"}
NAMES = (
    "unit_id",
    *(column.name for column in Donor.__table__.columns if column.name not in ("id", "unit_id")),
)


@dataclass(frozen=True)
class DonorRow:
    """One donor as a table brings it: only what is written, with what is derived from it."""

    unit_id: int
    code: int | None
    fields: tuple[tuple[str, Any], ...]

    @property
    def values(self) -> dict[str, Any]:
        """By column."""
        return dict(self.fields)


@dataclass
class SortedDonors:
    """Rows by what is known of them."""

    new: list[DonorRow] = field(default_factory=list)
    changed: list[tuple[int, Donor, dict[str, Any]]] = field(
        default_factory=list
    )  # row number, donor, values
    duplicates: int = 0

    @property
    def counts(self) -> Counts:
        """In rows."""
        return Counts(len(self.new), len(self.changed), self.duplicates)


class _Known:
    """The donors that rows may mean, by everything they are known by."""

    def __init__(self, rows: Iterable[DonorRow]):
        rows = list(rows)
        self.by_id: dict[int, Donor] = {}
        self.by_tax: dict[tuple[int, str], Donor] = {}
        self.by_phone: dict[tuple[int, str], list[Donor]] = defaultdict(list)
        self.by_name: dict[tuple[int, str], list[Donor]] = defaultdict(list)
        values = [row.values for row in rows]
        self._load(Donor.id, (row.code for row in rows), withdrawn=True)
        self._load(Donor.tax_code, (value.get("tax_code") for value in values))
        self._load(Donor.phone_digits, (value.get("phone_digits") for value in values))
        self._load(Donor.folded, (value["folded"] for value in values))
        self._load(Donor.id, (donor.merged_into_id for donor in list(self.by_id.values())))

    def _load(self, column: Any, wanted: Iterable[Any], *, withdrawn: bool = False) -> None:
        keys = sorted({key for key in wanted if key is not None})
        for start in range(0, len(keys), CHUNK):
            rows = select(Donor).where(column.in_(keys[start : start + CHUNK])).order_by(Donor.id)
            for donor in db.session.scalars(rows if withdrawn else rows.where(~Donor.withdrawn)):
                self.add(donor)

    def add(self, donor: Any) -> None:
        """Remember a donor (or a row of the table that will become one)."""
        if donor.id in self.by_id:
            return
        self.by_id[donor.id] = donor
        if donor.withdrawn:
            return
        if donor.tax_code:
            self.by_tax.setdefault((donor.unit_id, donor.tax_code), donor)
        if donor.phone_digits:
            self.by_phone[donor.unit_id, donor.phone_digits].append(donor)
        self.by_name[donor.unit_id, donor.folded].append(donor)

    def find(self, row: DonorRow) -> Donor | None:
        """The donor that a row without a code means."""
        values = row.values
        tax_code, phone = values.get("tax_code"), values.get("phone_digits")
        if tax_code and (known := self.by_tax.get((row.unit_id, tax_code))):
            return known
        same = [
            one
            for one in self.by_phone.get((row.unit_id, phone or ""), ())
            if same_name(one.name, values["name"])
        ]
        if phone and same:
            return min(same, key=lambda one: (one.folded != values["folded"], one.id))
        address = fold(values.get("address"))
        for one in self.by_name.get((row.unit_id, values["folded"]), ()):
            if fold(one.address) == address and _fits(one, tax_code, phone, address):
                return one
        return None

    def root(self, donor: Donor) -> Donor:
        """Whom a merged donor became."""
        return self.by_id[donor.merged_into_id] if donor.merged_into_id else donor


def _fits(one: Donor, tax_code: str | None, phone: str | None, address: str) -> bool:
    """Name and address agree: still another one when both have a number and the numbers differ."""
    if tax_code and one.tax_code:
        return False
    if phone and one.phone_digits:
        return False
    return bool(address) or not (tax_code or phone or one.tax_code or one.phone_digits)


def known_numbers(located: Sequence[Located], _context: Context) -> set[int]:
    """Numbers of the rows whose donor exists."""
    known = _Known(item.row for item in located)
    return {
        item.number
        for item in located
        if (item.row.code in known.by_id if item.row.code else known.find(item.row) is not None)
    }


def sort_rows(located: Sequence[Located], context: Context, problems: Problems) -> SortedDonors:
    """Which rows are new, which change a donor, which say nothing new; faults are told at their cells."""
    known, result = _Known(item.row for item in located), SortedDonors()
    brought: dict[int, Located] = {}  # by donor
    fresh, twins, doubled = _Fresh(), [], []
    for item in located:
        row = item.row
        if row.code is not None:
            donor = _coded(item, known, context, problems)
            if donor is None:
                continue
        else:
            donor = known.find(row)
        if donor is None:
            if fresh.knows(item, problems):
                result.duplicates += 1
                doubled.append(item.number)
                continue
            result.new.append(row)
            if known.by_name.get((row.unit_id, row.values["folded"])):
                twins.append(item.number)
            continue
        _sort_known(item, donor, known, brought, result, problems)
    if doubled:
        context.notes.append(
            f"Trùng người với dòng trước trong tệp, chỉ ghi một lần: {rows_in_words(doubled)}."
        )
    if twins:
        context.notes.append(
            f"Dòng mới trùng tên với người đã có trong sổ: {rows_in_words(twins)}. "
            "Xem lại số điện thoại, địa chỉ để khỏi ghi một người hai lần."
        )
    return result


class _Fresh:
    """New donors of the table itself: one that stands twice is written once."""

    def __init__(self) -> None:
        self._first: dict[tuple, Located] = {}

    def knows(self, item: Located, problems: Problems) -> bool:
        """Whether an earlier row is the same donor; with other facts that is a fault."""
        values = item.row.values
        if values.get("tax_code"):
            key: tuple = ("tax", values["tax_code"])
        elif values.get("phone_digits"):
            key = ("phone", values["phone_digits"], " ".join(sorted(values["folded"].split())))
        else:
            key = ("name", values["folded"], fold(values.get("address")))
        earlier = self._first.setdefault((item.row.unit_id, *key), item)
        if earlier is item:
            return False
        if earlier.row != item.row:
            text = f"Dòng này là cùng người với dòng {earlier.number} mà nội dung khác. Giữ lại một dòng."
            problems.add(item.number, "Tên", text)
        return True


def _coded(item: Located, known: _Known, context: Context, problems: Problems) -> Donor | None:
    donor = known.by_id.get(item.row.code)
    if donor is None or not context.may_write(donor.unit_id):
        text = "Không có nhà hảo tâm mang mã này trong phạm vi được giao. Sửa mã, hoặc để trống để ghi mới."
        problems.add(item.number, "Mã", text)
        return None
    return donor


def _sort_known(
    item: Located,
    donor: Donor,
    known: _Known,
    brought: dict[int, Located],
    result: SortedDonors,
    problems: Problems,
) -> None:
    root = known.root(donor)
    earlier = brought.setdefault(root.id, item)
    if earlier is not item:
        if earlier.row != item.row:
            text = f"Dòng này là cùng người với dòng {earlier.number} mà nội dung khác. Giữ lại một dòng."
            problems.add(item.number, "Tên", text)
        result.duplicates += 1
        return
    wanted = item.row.values
    if item.row.code is not None:
        wanted["unit_id"] = item.row.unit_id
    if root is not donor:  # merged into another: its former name and contacts say nothing new
        wanted = {}
    different = {
        name: value for name, value in wanted.items() if name not in DERIVED and getattr(root, name) != value
    }
    if root.withdrawn or different:
        result.changed.append((item.number, root, different))
    else:
        result.duplicates += 1


def insert_new(rows: Sequence[DonorRow], context: Context) -> None:
    """Write new donors past the session: the run and its audit entry stand for all of them."""
    if not rows:
        return
    moment = now()
    values = [
        {
            **dict.fromkeys(NAMES),
            "kind": PERSON,
            **row.values,
            "unit_id": row.unit_id,
            "withdrawn": False,
            "recorded_at": moment,
        }
        for row in rows
    ]
    made = insert(Donor).returning(*INDEXED)
    written = [row._asdict() for row in db.session.execute(made, values)]
    search.put_in(written)
    if context.trace is not None:
        context.trace.add(Donor, (row["id"] for row in written))


def change_known(
    changed: Sequence[tuple[int, Donor, dict[str, Any]]],
    context: Context,
    problems: Problems,
    column_of: Mapping[str, str],
) -> None:
    """Bring known donors up to their rows, one by one: the audit keeps what stood there before."""
    for number, donor, values in changed:
        try:
            donor.withdrawn = False
            change_donor(donor, values, context.by)
        except Refused as refused:
            problems.add(number, column_of.get(refused.field or ""), refused.text)
