"""Lines of a batch: saved once, never over somebody else's work, taken back, pasted without writing over anything."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.batches import actions, lines, queries
from portal.batches.lines import Conflict, Typed
from portal.batches.models import DraftEdit, GiftDraft
from portal.batches.pasted import Pasted
from portal.batches.twins import twins_of
from portal.donors.actions import record_donor
from portal.kit.db import db
from portal.kit.errors import Refused
from tests.batches.evening import add_line, fill, make_batch
from tests.cast import make_campaign, make_donation


@pytest.fixture
def batch(cast, db_session):
    return make_batch(unit=cast.commune, by=cast.officer, campaign=make_campaign(unit=cast.commune))


def names(batch) -> list[str]:
    return [draft.cells.get("donor", "") for draft in queries.drafts_of(batch.id)]


def save(batch, draft, by, version=None, **cells):
    typed = Typed({**draft.cells, **cells}, "x", draft.id, version or draft.version, draft.donor_id)
    return lines.save_line(batch, typed, by=by, act="sua")


def test_a_wrong_line_is_a_draft_too(batch, officer) -> None:
    draft = add_line(batch, officer, amount="2.50", note="đếm lại")
    assert draft.faults == 1 and draft.cells["amount"] == "2.50" and draft.amount is None
    assert queries.totals_of(batch).faults == 1
    save(batch, draft, officer, amount="250k")
    assert (draft.faults, draft.amount, draft.cells["amount"]) == (0, 250_000, "250.000")


def test_the_same_line_sent_twice_is_one_line(batch, officer) -> None:
    typed = Typed({"donor": "A", "amount": "5k"}, key="dong-moi")
    first = lines.save_line(batch, typed, by=officer, act="a")
    again = lines.save_line(batch, typed, by=officer, act="b")
    assert first is again and first.version == 1
    more = Typed({"donor": "A", "amount": "6k"}, key="dong-moi")  # the answer was lost, then more was typed
    assert lines.save_line(batch, more, by=officer, act="c").amount == 6_000
    assert len(queries.drafts_of(batch.id)) == 1


def test_an_update_sent_twice_is_one_change(batch, officer) -> None:
    draft = add_line(batch, officer)
    save(batch, draft, officer, version=1, amount="7k")
    save(batch, draft, officer, version=1, amount="7k")
    assert draft.version == 2


def test_blank_lines_are_no_lines(batch, officer) -> None:
    assert lines.save_line(batch, Typed({"donor": " "}, "trong"), by=officer, act="a") is None
    draft = add_line(batch, officer)
    assert save(batch, draft, officer, donor="", amount="") is None
    assert not queries.drafts_of(batch.id)


def test_the_second_of_two_people_is_asked_cell_by_cell(batch, officer, accountant) -> None:
    draft = add_line(batch, officer, address="ấp 1")
    save(batch, draft, officer, amount="600k")
    with pytest.raises(Conflict) as conflict:
        save(batch, draft, accountant, version=1, amount="500.000", address="ấp 2")
    assert conflict.value.base == {"donor": "Nguyễn Văn An", "amount": "500.000", "address": "ấp 1"}
    assert conflict.value.mine["address"] == "ấp 2" and draft.cells["amount"] == "600.000"
    stale = Typed(conflict.value.base, "x", draft.id, 1)
    assert lines.save_line(batch, stale, by=accountant, act="b").amount == 600_000, (
        "nothing was changed there"
    )
    with pytest.raises(Conflict):
        lines.delete_line(batch, draft.id, 1, by=accountant, act="c")


def test_a_line_deleted_elsewhere_comes_back_only_when_it_was_changed(batch, officer, accountant) -> None:
    draft = add_line(batch, officer)
    cells, number = dict(draft.cells), draft.id
    lines.delete_line(batch, number, 1, by=officer, act="xoa")
    lines.delete_line(batch, number, 1, by=officer, act="xoa")  # a second click
    shown = Typed(cells, "x", number, 1)
    assert lines.save_line(batch, shown, by=accountant, act="b") is None
    changed = Typed({**cells, "note": "thêm"}, "x", number, 1)
    assert lines.save_line(batch, changed, by=accountant, act="c").cells["note"] == "thêm"


def test_undo_takes_back_one_act_after_the_other(batch, officer) -> None:
    draft = add_line(batch, officer, donor="Đầu")
    number = draft.id
    save(batch, draft, officer, donor="Giữa")
    lines.paste(batch, Pasted([{"donor": "B1"}, {"donor": "B2"}], [], True), at=None, by=officer, act="dan")
    lines.delete_line(batch, number, 2, by=officer, act="xoa")
    assert names(batch) == ["B1", "B2"]
    seen = []
    for _ in range(4):
        lines.undo(batch, by=officer)
        seen.append(names(batch))
    assert seen == [["Giữa", "B1", "B2"], ["Giữa"], ["Đầu"], []]
    with pytest.raises(Refused, match="Không còn việc nào"):
        lines.undo(batch, by=officer)


def test_undo_stops_where_somebody_else_has_worked_on(batch, officer, accountant) -> None:
    draft = add_line(batch, officer)
    save(batch, draft, accountant, amount="9k")
    with pytest.raises(Refused, match="người khác"):
        lines.undo(batch, by=officer)
    lines.undo(batch, by=accountant)
    assert draft.amount == 500_000


def test_a_paste_never_writes_over_what_stands_there(batch, officer) -> None:
    first, second = add_line(batch, officer, donor="A"), add_line(batch, officer, donor="B")
    rows = [{"donor": "C"}, {"donor": "D"}, {"donor": "E"}]
    lines.paste(batch, Pasted(rows, [], False), at=first.id, by=officer, act="dan")
    assert names(batch) == ["A", "C", "D", "E", "B"]
    again = lines.paste(batch, Pasted(rows, [], False), at=first.id, by=officer, act="dan")
    assert len(again) == 3 and names(batch) == ["A", "C", "D", "E", "B"], "a resend pastes once"
    notes = [{"note": "một"}, {"note": "hai"}]
    filled = lines.paste(batch, Pasted(notes, [], False), at=first.id, by=officer, act="ghi-chu")
    assert [draft.cells["note"] for draft in filled] == ["một", "hai"] and filled[0].id == first.id
    assert len(names(batch)) == 5 and second.cells["donor"] == "B"
    lines.undo(batch, by=officer)
    assert "note" not in first.cells


def test_a_line_put_between_two(batch, officer) -> None:
    add_line(batch, officer, donor="A")
    last = add_line(batch, officer, donor="B")
    for name in ("x", "y"):
        typed = Typed({"donor": name}, key=f"giua-{name}", before=last.id)
        lines.save_line(batch, typed, by=officer, act=name)
    assert names(batch) == ["A", "x", "y", "B"] and queries.place_in_order(last) == 4


def test_twins_are_told_once_and_answered(batch, officer, cast) -> None:
    make_donation(campaign=batch.campaign, by=officer, donor_name="LÂM THỊ ÁNH", amount=200_000)
    book, first = add_line(batch, officer, donor="Lâm Thị Ánh", amount="200k"), add_line(batch, officer)
    twin, other = add_line(batch, officer, donor="Nguyễn văn An"), add_line(batch, officer, day="3/11")
    add_line(batch, officer, donor="Không rõ tên")
    add_line(batch, officer, donor="Không rõ tên")
    told = twins_of(batch)
    assert set(told) == {book.id, twin.id} and "dòng 2" in told[twin.id] and "đã ghi sổ" in told[book.id]
    lines.keep_twin(batch, twin.id)
    assert set(twins_of(batch)) == {book.id} and twin.id in twins_of(batch, answered=True)
    save(batch, other, officer, day="2/11")
    assert set(twins_of(batch)) == {book.id, other.id}
    save(batch, twin, officer, amount="400k")
    save(batch, twin, officer, amount="500k")
    assert twin.id in twins_of(batch), "another content asks again"
    assert first.kept_twin is False


def test_a_donor_of_the_suggestions_stays_while_the_name_is_theirs(batch, officer, outsider, cast) -> None:
    known = record_donor(unit=cast.commune, kind="person", name="Nguyễn Thị Hoa", by=officer)
    typed = Typed({"donor": "nguyễn thị hoa", "amount": "5k"}, "a", donor_id=known.id)
    draft = lines.save_line(batch, typed, by=officer, act="a")
    assert draft.donor_id == known.id
    save(batch, draft, officer, donor="Nguyễn Thị Huệ")
    assert draft.donor_id is None
    foreign = record_donor(unit=cast.other_commune, kind="person", name="Lý Văn Xa", by=outsider)
    other = Typed({"donor": "Lý Văn Xa", "amount": "5k"}, "b", donor_id=foreign.id)
    assert lines.save_line(batch, other, by=officer, act="b").donor_id is None, "not a donor this person sees"


def test_a_new_day_of_the_batch_is_read_into_its_lines(batch, officer) -> None:
    own, usual = add_line(batch, officer, day="5/11"), add_line(batch, officer)
    actions.change_batch(batch, {"day": own.day}, by=officer)
    assert usual.day == own.day and DraftEdit.draft_id.type is not None
    heads = select(func.count()).select_from(DraftEdit).where(DraftEdit.draft_id == 0)
    assert db.session.scalar(heads) == 1


def test_two_thousand_lines_are_enough(batch, officer) -> None:
    fill(batch, officer, 1_999)
    add_line(batch, officer)
    with pytest.raises(Refused, match="nhiều nhất"):
        add_line(batch, officer, donor="Người thứ hai nghìn lẻ một")
    assert db.session.scalar(select(func.count()).select_from(GiftDraft)) == 2_000
