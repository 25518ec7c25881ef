"""The households of a list: added by criteria or by code, moved, taken off, excluded. Flushes; the caller commits.

Whoever adds households holds the lock of the books, so that two requests never put one household twice into a round.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, insert, literal, select

from portal.distributions import queries_rows as found
from portal.distributions import rules
from portal.distributions.events import note
from portal.distributions.models import Distribution, DistributionEvent, DistributionRow, Portion
from portal.households.models_registry import Household
from portal.households.queries_registry import unit_text
from portal.households.rules_registry import code_of
from portal.kit.db import BigKey, db, now
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.numbers import take_posting_lock
from portal.people.models import User
from portal.units.queries import subtree

NAMED = 3  # so many examples stand in a refusal


class Added(NamedTuple):
    """What became of the households that were asked for."""

    added: int
    here: int  # stand on this list already
    elsewhere: int  # stand on another list of the round
    excluded: int


def take(distribution: Distribution, *wanted: str) -> None:
    """Lock the books and read the list as it is now. Raises Refused when it is in none of the `wanted` states."""
    take_posting_lock()
    db.session.refresh(distribution, with_for_update={"of": Distribution})
    if wanted:
        rules.check_state(distribution.state, *wanted)


def add_by_criteria(
    distribution: Distribution,
    households: Select[Any],
    *,
    portion: Portion,
    by: User | None,
    excluded: Collection[int] = (),
    criteria: dict[str, Any] | None = None,
) -> Added:
    """Put the households of a select (of `Household.id`) onto a draft, in a fixed number of statements at any size.

    Left out: who is merged or withdrawn, lives outside the list's unit, stands here or on another list of the round,
    is `excluded`. Raises Refused when the list is no draft, or grows too long.
    """
    take(distribution, rules.DRAFT)
    asked = _living(distribution).where(Household.id.in_(households))
    left_out = list(excluded)
    if left_out:
        one = select(found.root_of(Household)).where(Household.id.in_(left_out))
        asked = asked.where(Household.id.not_in(one))
    here = found.roots_on(*found.of_this_list(distribution))
    there = found.roots_on(*found.of_other_lists(distribution))
    fresh = asked.where(Household.id.not_in(here), Household.id.not_in(there))
    rows = fresh.with_only_columns(
        literal(distribution.id, BigKey), Household.id, literal(portion.id, BigKey)
    )
    columns = ["distribution_id", "household_id", "portion_id"]
    table: Any = DistributionRow.__table__
    before = found.count_rows(distribution)
    db.session.execute(table.insert().from_select(columns, rows))
    added = found.count_rows(distribution) - before  # SQLite counts no rows behind a WITH
    matched = _count(_living(distribution).where(Household.id.in_(households)))
    known = other = 0
    if matched > added:
        known = _count(asked.where(Household.id.in_(here))) - added
        other = _count(asked.where(Household.id.in_(there), Household.id.not_in(here)))
    result = Added(added, known, other, max(0, matched - added - known - other))
    distribution.criteria = criteria
    _grown(distribution, by, f"Thêm {format_amount(added)} hộ theo tiêu chí, suất “{portion.name}”")
    return result


def _living(distribution: Distribution) -> Select[Any]:
    """Ids of the households of the list's unit with all below."""
    return select(Household.id).where(
        Household.unit_id.in_(subtree(distribution.unit_id)),
        Household.merged_into_id.is_(None),
        Household.withdrawn.is_(False),
    )


def _count(rows: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _grown(distribution: Distribution, by: User | None, text: str) -> None:
    """Rows were added: who did it is the list's maker from now on."""
    if by is not None:
        distribution.prepared_by_id = by.id
    distribution.prepared_at = now()
    note(distribution, "rows", text, by)
    db.session.flush()


def add_households(
    distribution: Distribution, ids: Sequence[int], *, portion: Portion, by: User | None
) -> list[Household]:
    """Put these very households onto a draft, all or none. Raises Refused (field codes) naming the first that cannot.

    A row that was merged into another means the household that it is today.
    """
    take(distribution, rules.DRAFT)
    known = found.households_by_ids(ids)
    for asked in ids:
        if asked not in known:
            raise Refused(f"Không có hộ mang mã {code_of(asked)}. Kiểm tra lại mã trong sổ hộ.", "codes")
    wanted = {household.id: household for household in (known[asked] for asked in ids)}
    _check_inside(distribution, list(wanted.values()))
    here = set(db.session.scalars(found.roots_on(*found.of_this_list(distribution))))
    for household in wanted.values():
        if household.id in here:
            raise Refused(
                f"Hộ {household.name} ({code_of(household.id)}) đã có trong danh sách này. Bỏ mã đó ra.",
                "codes",
            )
    _check_elsewhere(distribution, list(wanted))
    values = [
        {"distribution_id": distribution.id, "household_id": key, "portion_id": portion.id} for key in wanted
    ]
    if values:
        db.session.execute(insert(DistributionRow), values)
    _grown(distribution, by, f"Thêm {format_amount(len(wanted))} hộ theo mã, suất “{portion.name}”")
    return list(wanted.values())


def _check_inside(distribution: Distribution, households: Sequence[Household]) -> None:
    inside = set(
        db.session.scalars(_living(distribution).where(Household.id.in_([one.id for one in households])))
    )
    for household in households:
        if household.id not in inside:
            raise Refused(
                f"Hộ {household.name} ({code_of(household.id)}) ở {unit_text(household.unit)}, ngoài "
                f"{distribution.unit.name}. Để nơi đó lập danh sách cho hộ này.",
                "codes",
            )


def _check_elsewhere(distribution: Distribution, roots: Collection[int] | Select[Any]) -> None:
    """Nobody stands on another list of the round. Raises Refused that names household and list."""
    others = found.elsewhere(distribution, roots, NAMED + 1)
    if not others:
        return
    named = "; ".join(
        f"hộ {one.name} ({code_of(one.household_id)}) đã có trong danh sách “{one.list_name}” của {one.unit}"
        for one in others[:NAMED]
    )
    more = " và những hộ khác" if len(others) > NAMED else ""
    raise Refused(
        f"Trong đợt này {named}{more}. Mỗi hộ chỉ nhận một lần mỗi đợt: bỏ hộ ra khỏi một trong hai danh sách.",
        "codes",
    )


def check_round(distribution: Distribution) -> None:
    """No household twice, on this list or on another of its round, also when two were found to be one meanwhile.

    Raises Refused that names them.
    """
    for households in found.twice(distribution, 1):
        names = " và ".join(f"{one.name} ({code_of(one.id)})" for one in households[:NAMED])
        raise Refused(f"Các hộ {names} nay là một hộ. Bỏ bớt, chỉ giữ một dòng.", "rows")
    mine = found.roots_on(*found.of_this_list(distribution))
    _check_elsewhere(distribution, mine)


def move_rows(
    distribution: Distribution, row_ids: Sequence[int], *, portion: Portion, by: User | None
) -> int:
    """Give these rows of a draft another portion; returns how many. Raises Refused."""
    take(distribution, rules.DRAFT)
    for row in _rows(distribution, row_ids):
        row.portion_id = portion.id
    count = len(row_ids)
    _grown(distribution, by, f"Chuyển {format_amount(count)} hộ sang suất “{portion.name}”")
    return count


def remove_rows(distribution: Distribution, row_ids: Sequence[int], *, by: User | None) -> int:
    """Take rows off a draft; returns how many. Raises Refused."""
    take(distribution, rules.DRAFT)
    rows = _rows(distribution, row_ids)
    if not rows:
        raise Refused("Chưa chọn hộ nào. Đánh dấu các hộ cần bỏ.", "rows")
    names = ", ".join(code_of(row.household_id) for row in rows[:10])
    drop_rows(distribution, [row.id for row in rows])
    more = f" và {len(rows) - 10} hộ nữa" if len(rows) > 10 else ""
    _grown(distribution, by, f"Bỏ {format_amount(len(rows))} hộ: {names}{more}")
    return len(rows)


def _rows(distribution: Distribution, row_ids: Sequence[int]) -> list[DistributionRow]:
    rows = select(DistributionRow).where(
        DistributionRow.distribution_id == distribution.id, DistributionRow.id.in_(list(row_ids))
    )
    return list(db.session.scalars(rows.order_by(DistributionRow.id)))


def drop_rows(distribution: Distribution, row_ids: Sequence[int] | Select[Any]) -> None:
    """Take rows off, by id; what was told of them stays in the list's story. Flushes."""
    for event in db.session.scalars(select(DistributionEvent).where(DistributionEvent.row_id.in_(row_ids))):
        event.row_id = None
    db.session.flush()
    mine = DistributionRow.distribution_id == distribution.id
    db.session.execute(delete(DistributionRow).where(mine, DistributionRow.id.in_(row_ids)))


class Excluded(NamedTuple):
    """What became of pasted codes: how many rows went, and a sentence for each code that names nobody here."""

    removed: int
    said: list[str]


def exclude(distribution: Distribution, text: str, *, by: User | None) -> Excluded:
    """Take the households with these codes off a draft; a merged code means the household that it is today.

    Codes that are none, or of nobody on the list, are told one by one and stop nothing. Raises Refused.
    """
    take(distribution, rules.DRAFT)
    pasted = rules.read_codes(text)
    if not pasted.ids and not pasted.unknown:
        raise Refused("Chưa dán mã hộ nào. Dán các mã như HO000123, mỗi dòng một mã.", "codes")
    said = [rules.unknown_code_text(word) for word in pasted.unknown]
    known = found.households_by_ids(pasted.ids)
    rows = found.rows_of_roots(distribution, [household.id for household in known.values()])
    gone: dict[int, None] = {}
    for asked in pasted.ids:
        household = known.get(asked)
        if household is None:
            said.append(f"Không có hộ mang mã {code_of(asked)}.")
        elif household.id not in rows:
            said.append(f"{code_of(asked)} không có trong danh sách này, không phải loại.")
        else:
            gone[rows[household.id]] = None
    if gone:
        drop_rows(distribution, list(gone))
        _grown(distribution, by, f"Loại {format_amount(len(gone))} hộ theo mã đã dán")
    return Excluded(len(gone), said)
