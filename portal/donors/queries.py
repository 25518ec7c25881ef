"""Reading donors: within a person's units, who is the same as whom, who is meant by what somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload
from werkzeug.exceptions import NotFound

from portal.donors import rules, search
from portal.donors.models import DirectAid, Donor, DonorKind, DonorMerge
from portal.kit.access import ACCOUNTANT, RECORDER
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.people.models import User
from portal.people.queries import has_everywhere, readable_units, units_for
from portal.units.models import Unit
from portal.units.queries import keeps_books

WRITERS = (RECORDER, ACCOUNTANT)
MANY_UNITS = 8
COUNT_OF_UNITS = select(func.count()).select_from(Unit.__table__)
SUGGESTED = 8
LOOKED_AT = 40
"""Hits that are ranked for a list of suggestions."""
MOST_TWINS = 5
SAME_NAMES = 60
"""Donors with all the words of a name that are compared with it."""
_KINDS = "donor_kinds"


@dataclass(frozen=True)
class Seen:
    """The ids of the units a person sees, read once for several questions; None = every unit."""

    units: frozenset[int] | None

    def shows(self, unit_id: int) -> bool:
        """Whether donors of the unit may be shown."""
        return self.units is None or unit_id in self.units


@dataclass(frozen=True)
class Suggestion:
    """A donor as a list of suggestions names one: never with a phone. Amount in đồng; last_* None = not known."""

    id: int
    name: str
    kind: str
    address: str | None = None
    hint: str | None = None  # why it is here: the same phone, the same tax code, an earlier name
    last_on: date | None = None
    last_amount: int | None = None
    is_twin: bool = False  # likely the very one that is being typed
    unit_id: int | None = None


def kinds() -> dict[str, rules.Kind]:
    """Every kind of donor by its key, in order of place; read once a session."""
    known = db.session().info.get(_KINDS)
    if known is None:
        rows = db.session.scalars(select(DonorKind).order_by(DonorKind.position, DonorKind.name)).all()
        known = {
            row.key: rules.Kind(row.key, row.name, row.personal, row.position, row.valid_from, row.valid_to)
            for row in rows
        }
        db.session().info[_KINDS] = known
    return known


def forget_kinds() -> None:
    """After a change of the kinds."""
    db.session().info.pop(_KINDS, None)


def kinds_now() -> list[tuple[str, str]]:
    """(key, name) of the kinds that new donors may have today, as choices of a form."""
    today = today_in_vietnam()
    return [(kind.key, kind.name) for kind in kinds().values() if kind.is_valid(today)]


def kind_name(key: str | None) -> str | None:
    """The kind in words; None when there is none."""
    found = kinds().get(key or "")
    return found.name if found else None


def is_personal(kind: str | None) -> bool:
    """Whether names of this kind are people's; also when the kind is not known."""
    found = kinds().get(kind or "")
    return found.personal if found else True


def donors_for(user: User) -> Select[tuple[Donor]]:
    """Donors of the units that a person may read: those that stand for themselves, without withdrawn ones."""
    return select(Donor).where(
        Donor.unit_id.in_(readable_units(user)), Donor.merged_into_id.is_(None), Donor.withdrawn.is_(False)
    )


def donor_or_404(donor_id: int, *, for_user: User) -> Donor:
    """A donor of the person's units, merged or not. Raises NotFound for others and withdrawn ones."""
    wanted = select(Donor).where(
        Donor.id == donor_id, Donor.unit_id.in_(readable_units(for_user)), Donor.withdrawn.is_(False)
    )
    found = db.session.scalar(wanted.options(joinedload(Donor.unit), joinedload(Donor.introduced_by)))
    if found is None:
        raise NotFound
    return found


def merge_or_404(merge_id: int, *, for_user: User) -> DonorMerge:
    """A merge whose remaining donor the person may read. Raises NotFound."""
    found = db.session.get(DonorMerge, merge_id)
    if found is None:
        raise NotFound
    donor_or_404(found.kept_id, for_user=for_user)
    return found


def aid_or_404(aid_id: int, *, for_user: User) -> DirectAid:
    """What was handed over directly in the person's units, not withdrawn. Raises NotFound."""
    wanted = select(DirectAid).where(
        DirectAid.id == aid_id,
        DirectAid.unit_id.in_(readable_units(for_user)),
        DirectAid.withdrawn.is_(False),
    )
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def family(donor_id: int) -> Select[Any]:
    """Ids of all rows that are this donor, to be used in `IN`: itself, what was merged into it, whom it was merged into."""
    asked, one = aliased(Donor), aliased(Donor)
    root = select(func.coalesce(asked.merged_into_id, asked.id)).where(asked.id == donor_id)
    head = root.scalar_subquery()
    return select(one.id).where(or_(one.id == head, one.merged_into_id == head))


def direct_aid_of(donor_id: int, user: User) -> list[DirectAid]:
    """What a donor handed over directly, in the person's units, newest first."""
    wanted = select(DirectAid).where(
        DirectAid.donor_id.in_(family(donor_id)),
        DirectAid.withdrawn.is_(False),
        DirectAid.unit_id.in_(readable_units(user)),
    )
    wanted = wanted.options(joinedload(DirectAid.unit))
    return list(db.session.scalars(wanted.order_by(DirectAid.given_on.desc(), DirectAid.id.desc())))


def merges_of(donor_id: int) -> list[DonorMerge]:
    """The merges by which others became this donor and that are not undone, newest first."""
    wanted = select(DonorMerge).where(
        DonorMerge.gone_id.in_(family(donor_id)), DonorMerge.undone_at.is_(None)
    )
    loaded = (joinedload(DonorMerge.gone), joinedload(DonorMerge.kept), joinedload(DonorMerge.by))
    return list(db.session.scalars(wanted.options(*loaded).order_by(DonorMerge.id.desc())))


def seen_by(user: User) -> Seen:
    """Which units' donors the person sees."""
    if any(grant.unit_id is None for grant in user.grants):
        return Seen(None)
    units = frozenset(db.session.scalars(readable_units(user)))
    if len(units) > MANY_UNITS and len(units) == db.session.scalar(COUNT_OF_UNITS):
        return Seen(None)  # whoever sees the top sees everything: no need to name a hundred units
    return Seen(units)


def suggest(user: User, text: str, limit: int = SUGGESTED, *, seen: Seen | None = None) -> list[Suggestion]:
    """Donors whose name, phone, tax code or address begin as typed, in any order of words; likely twins first.

    At most three statements whatever the number of donors. Last gifts are added by donors.documents, since gifts lie
    to the right of this room.
    """
    words = rules.query_words(text)
    if not words:
        return []
    seen = seen or seen_by(user)
    found = _ranked(_find(words, seen, LOOKED_AT), seen, text)
    if len(found) < limit and not rules.typed_digits(text):
        more = _ranked(_find(words, seen, LOOKED_AT, address=True), seen, text)
        found += [other for other in more if other.id not in {one.id for one in found}]
    return found[:limit]


def twins(
    user: User,
    *,
    name: str | None,
    phone: str | None = None,
    tax_code: str | None = None,
    but: int | None = None,
) -> list[Suggestion]:
    """Donors of the person's units that are likely the same: by tax code, phone or all words of the name.

    Whatever way they are written. `but` leaves out one donor and what is merged into it. Three statements at most.
    """
    seen = seen_by(user)
    digits, code = rules.phone_digits(phone), rules.loose_tax_code(tax_code)
    rows = list(_same_numbers(digits, code)) if digits or code else []
    words = rules.name_words(name)[: rules.MAX_WORDS]
    if words:
        rows += [
            row for row in _find(words, seen, SAME_NAMES, begun=False) if rules.same_name(row.found_as, name)
        ]
    found: dict[int, Suggestion] = {}
    for row in rows:
        if seen.shows(row.unit_id) and row.id != but and row.id not in found:
            found[row.id] = _suggestion(row, _why(row, digits, code), True)
    return list(found.values())[:MOST_TWINS]


def may_write(user: User, unit_id: int) -> bool:
    """Whether the person records gifts in the unit, and so keeps its donors."""
    if has_everywhere(user, *WRITERS):
        return True
    here = units_for(user, *WRITERS).subquery()
    return db.session.scalar(select(here.c.id).where(here.c.id == unit_id)) is not None


def units_to_write(user: User) -> list[Unit]:
    """The present units in which the person may record donors, by name."""
    mine = select(Unit).where(Unit.id.in_(units_for(user, *WRITERS)), keeps_books())
    return list(db.session.scalars(mine.order_by(Unit.parent_id.is_not(None), Unit.name)))


def _find(
    words: Sequence[str], seen: Seen, limit: int, *, begun: bool = True, address: bool = False
) -> Sequence[Row[Any]]:
    if seen.units is not None and not seen.units:
        return []
    asked = sorted(seen.units) if seen.units is not None and len(seen.units) <= search.MOST_UNITS else None
    return search.find(search.question(words, asked, begun=begun, address=address), limit)


def _same_numbers(digits: str | None, code: str | None) -> Sequence[Any]:
    """Donors with this phone or tax code, merged ones by whom they are merged into."""
    one, root = aliased(Donor, name="g"), aliased(Donor, name="d")
    same = []
    if digits:
        same.append(one.phone_digits == digits)
    if code:
        same.append(one.tax_code == code)
    columns = (root.id, root.name, root.kind, root.address, root.unit_id, root.folded)
    wanted = (
        select(*columns, one.phone_digits, one.tax_code, one.name.label("found_as"))
        .join(root, root.id == func.coalesce(one.merged_into_id, one.id))
        .where(or_(*same), root.withdrawn.is_(False))
        .order_by(one.id.desc())
        .limit(SAME_NAMES)
    )
    return db.session.execute(wanted).all()


def _ranked(rows: Sequence[Row[Any]], seen: Seen, text: str) -> list[Suggestion]:
    """Once each, only of the person's units: the very name or number first, then what begins as typed, then the newest."""
    typed, digits, words = fold(text), rules.typed_digits(text), sorted(rules.name_words(text))
    shown: dict[int, tuple[bool, bool, Row[Any]]] = {}
    for row in rows:
        if not seen.shows(row.unit_id):
            continue
        if digits:
            meant = digits in (row.phone_digits, (row.tax_code or "").replace("-", ""))
        else:
            near = row.found_as != row.name or rules.may_be_same(set(words), row.folded)
            meant = near and sorted(rules.name_words(row.found_as)) == words
        rank = (not meant, not row.folded.startswith(typed), row)
        if row.id not in shown or rank[:2] < shown[row.id][:2]:  # one donor may be found by several names
            shown[row.id] = rank
    found = []
    for other, _, row in sorted(shown.values(), key=lambda item: item[:2]):
        code = row.tax_code if digits and digits == (row.tax_code or "").replace("-", "") else None
        found.append(_suggestion(row, _why(row, digits, code), not other))
    return found


def _why(row: Row[Any], digits: str | None, code: str | None) -> str | None:
    """What a person should know beside the name."""
    if code and row.tax_code == code:
        return "trùng mã số thuế"
    if digits and row.phone_digits == digits:
        return "trùng số điện thoại"
    return f"trước ghi là “{row.found_as}”" if row.found_as != row.name else None


def _suggestion(row: Row[Any], hint: str | None, twin: bool) -> Suggestion:
    return Suggestion(row.id, row.name, row.kind, row.address, hint, is_twin=twin, unit_id=row.unit_id)
