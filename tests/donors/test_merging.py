"""Two donors were one: merging, parting again in any order, what a merge fills and what an undo leaves."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import select

from portal.donors.actions import change_donor, merge, record_donor, undo_merge, withdraw_donors
from portal.donors.models import Donor, DonorMerge
from portal.donors.queries import family, merges_of, suggest, twins
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.kit.errors import Refused
from tests.cast import Cast, make_user


def donor_of(cast: Cast, name: str, **values: Any) -> Donor:
    """A donor of the commune."""
    unit = values.pop("unit", cast.commune)
    return record_donor(unit=unit, name=name, kind="person", by=None, **values)


def members(donor: Donor) -> set[str]:
    """The names that are this donor."""
    return set(db.session.scalars(select(Donor.name).where(Donor.id.in_(family(donor.id)))))


@pytest.fixture
def four(cast: Cast) -> list[Donor]:
    """A, B, C, D."""
    return [donor_of(cast, name) for name in "ABCD"]


def test_what_pointed_to_the_gone_one_is_found_through_the_family(cast: Cast, four: list[Donor]) -> None:
    a, b, *_ = four
    merge(a, b, cast.officer)
    assert members(a) == members(b) == {"A", "B"}
    assert b.merged_into_id == a.id and a.merged_into_id is None


def test_a_chain_ends_at_the_last_one_and_can_be_undone_from_the_end(cast: Cast, four: list[Donor]) -> None:
    a, b, c, _ = four
    first = merge(a, b, cast.officer)
    second = merge(c, a, cast.accountant)
    assert {a.merged_into_id, b.merged_into_id} == {c.id}
    assert members(b) == {"A", "B", "C"} and [made.id for made in merges_of(c.id)] == [second.id, first.id]
    undo_merge(second, cast.officer)
    assert members(c) == {"C"} and members(a) == {"A", "B"}
    undo_merge(first, cast.officer)
    assert members(a) == {"A"} and members(b) == {"B"} and merges_of(a.id) == []


def test_an_earlier_merge_is_undone_under_a_later_one(cast: Cast, four: list[Donor]) -> None:
    a, b, c, d = four
    first = merge(a, b, cast.officer)
    merge(c, a, cast.officer)
    undo_merge(first, cast.officer)
    assert members(b) == {"B"} and members(c) == {"A", "C"}
    merge(d, b, cast.officer)
    assert members(d) == {"B", "D"} and members(a) == {"A", "C"}


def test_a_branch_goes_with_the_one_that_carries_it(cast: Cast, four: list[Donor]) -> None:
    a, b, c, d = four
    merge(b, c, cast.officer)
    second = merge(a, b, cast.officer)
    merge(a, d, cast.officer)
    undo_merge(second, cast.officer)
    assert members(b) == members(c) == {"B", "C"} and members(a) == members(d) == {"A", "D"}


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_merges_and_undos_leaves_what_the_standing_merges_say(cast: Cast, seed: int) -> None:
    """Against the plain model: groups joined by the merges that were not undone."""
    chance = random.Random(seed)
    donors = [donor_of(cast, f"N{number}", address=f"ấp {number}") for number in range(7)]
    made: list[DonorMerge] = []
    for _ in range(16):
        standing = [one for one in donors if one.merged_into_id is None]
        if made and (chance.random() < 0.4 or len(standing) < 2):
            undo_merge(made.pop(chance.randrange(len(made))), cast.officer)
        else:
            kept, gone = chance.sample(standing, 2)
            made.append(merge(kept, gone, cast.officer))
        groups = {one.id: {one.id} for one in donors}
        for edge in made:
            joined = groups[edge.kept_id] | groups[edge.gone_id]
            groups.update(dict.fromkeys(joined, joined))
        for one in donors:
            assert set(db.session.scalars(family(one.id))) == groups[one.id]
            assert one.address == f"ấp {donors.index(one)}"


def test_empty_fields_are_filled_and_emptied_again(cast: Cast) -> None:
    a = donor_of(cast, "A", address="Ấp 1")
    b = donor_of(cast, "B", phone="+84 912 345 678", address="Ấp 2", tax_code="0101234567", note="hay về Tết")
    made = merge(a, b, cast.officer)
    assert (a.phone, a.phone_digits, a.address, a.tax_code) == (
        "+84 912 345 678",
        "0912345678",
        "Ấp 1",
        "0101234567",
    )
    change_donor(a, {"note": "gọi buổi tối"}, cast.officer)
    undo_merge(made, cast.officer)
    assert (a.phone, a.phone_digits, a.tax_code, a.note) == (None, None, None, "gọi buổi tối")
    assert b.phone_digits == "0912345678"


def test_what_a_later_merge_has_passed_on_is_taken_back_as_well(cast: Cast) -> None:
    a, c = donor_of(cast, "A"), donor_of(cast, "C")
    b = donor_of(cast, "B", phone="0912345678")
    first = merge(a, b, cast.officer)
    second = merge(c, a, cast.officer)
    assert c.phone == "0912345678"
    undo_merge(first, cast.officer)
    assert (a.phone, c.phone, c.phone_digits) == (None, None, None)
    undo_merge(second, cast.officer)
    assert c.phone is None and a.phone is None


def test_a_merged_one_is_suggested_as_whom_it_was_merged_into(cast: Cast) -> None:
    a = donor_of(cast, "Công ty Hoa Sen")
    b = donor_of(cast, "Cơ sở Bông Súng", phone="0912345678")
    made = merge(a, b, cast.officer)
    found = suggest(cast.officer, "bong sung")
    assert [(item.id, item.hint) for item in found] == [(a.id, "trước ghi là “Cơ sở Bông Súng”")]
    assert [item.id for item in twins(cast.officer, name="Co so Bong Sung")] == [a.id]
    assert [item.id for item in suggest(cast.officer, "0912345678")] == [a.id]
    undo_merge(made, cast.officer)
    assert [item.id for item in suggest(cast.officer, "bong sung")] == [b.id]
    assert [item.id for item in suggest(cast.officer, "0912345678")] == [b.id]


def test_merging_is_refused_with_what_to_do(cast: Cast, four: list[Donor]) -> None:
    a, b, c, d = four
    merge(a, b, cast.officer)
    withdraw_donors([d])
    for kept, gone in ((a, a), (c, b), (b, c), (c, d)):
        with pytest.raises(Refused):
            merge(kept, gone, cast.officer)
    with pytest.raises(Refused):
        change_donor(b, {"name": "B mới"}, cast.officer)


def test_only_those_who_record_in_both_units_merge_and_part(cast: Cast, four: list[Donor]) -> None:
    a, b, *_ = four
    far = donor_of(cast, "Xa", unit=cast.other_commune)
    both = make_user(name="Ngô Thị Tỉnh", role="accountant", unit=cast.province)
    for person in (cast.officer, cast.outsider, cast.chair, cast.auditor):
        with pytest.raises(Refused):
            merge(a, far, person)
    made = merge(a, far, both)
    with pytest.raises(Refused):
        undo_merge(made, cast.officer)
    inside = merge(a, b, cast.officer)
    with pytest.raises(Refused):
        undo_merge(inside, cast.chair)
    undo_merge(made, both)


def test_an_undo_is_not_undone_and_a_withdrawn_one_does_not_come_back(cast: Cast, four: list[Donor]) -> None:
    a, b, c, _ = four
    made = merge(a, b, cast.officer)
    undo_merge(made, cast.officer)
    with pytest.raises(Refused) as twice:
        undo_merge(made, cast.officer)
    assert "đã được tách" in twice.value.text
    again = merge(a, c, cast.officer)
    withdraw_donors([c])
    with pytest.raises(Refused) as gone:
        undo_merge(again, cast.officer)
    assert "thu hồi" in gone.value.text


def test_merges_leave_their_trace_in_the_audit(cast: Cast, four: list[Donor]) -> None:
    a, b, *_ = four
    undo_merge(merge(a, b, cast.officer), cast.officer)
    kept = db.session.scalars(
        select(AuditEntry).where(AuditEntry.entity == "donor", AuditEntry.entity_id == str(b.id))
    ).all()
    moves = [entry.changes["merged_into_id"] for entry in kept if "merged_into_id" in entry.changes]
    assert [None, a.id] in moves and [a.id, None] in moves
