"""What is told at a hand-over: once per key, never over what somebody else has told, undone step by step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.distributions.actions_handover import Conflict, tell, tell_rest, undo
from portal.distributions.models import DistributionEvent
from portal.distributions.models_handover import HandoverAnswer
from portal.distributions.queries_handover import answers_since, counts_of, hamlets_of
from portal.distributions.rules_handover import Told
from portal.kit.db import db
from portal.kit.errors import Refused
from tests.distributions.released import DAY, make_released


@pytest.fixture
def made(cast):
    return make_released(cast)


def say(made, place, told, *, key, seen=0, by):
    row = made.rows[place]
    return tell(made.distribution, row, told, key=key, seen=seen, by=by)


def test_the_same_key_is_the_same_answer(made, officer) -> None:
    first = say(made, 0, Told("received"), key="k1", by=officer)
    again = say(made, 0, Told("absent"), key="k1", by=officer)
    assert again.id == first.id and made.rows[0].outcome == "received"
    assert db.session.query(HandoverAnswer).count() == 1
    with pytest.raises(Refused, match="hộ khác"):
        say(made, 1, Told("received"), key="k1", by=officer)


def test_what_another_phone_told_is_not_written_over_unseen(made, officer, accountant) -> None:
    theirs = say(made, 0, Told("absent"), key="a", by=officer)
    with pytest.raises(Conflict) as met:
        say(made, 0, Told("received"), key="b", by=accountant)
    assert met.value.answer is not None and met.value.answer.id == theirs.id
    assert made.rows[0].outcome == "absent"
    mine = say(made, 0, Told("received"), key="b", seen=theirs.id, by=accountant)
    assert made.rows[0].outcome == "received" and mine.id > theirs.id
    agreed = say(made, 0, Told("received"), key="c", seen=theirs.id, by=officer)
    assert agreed.id == mine.id  # both said the same
    assert [one.outcome for one in answers_since(made.distribution, theirs.id)] == ["received"]


def test_answers_are_undone_step_by_step(made, officer) -> None:
    first = say(made, 0, Told("absent"), key="1", by=officer)
    second = say(made, 0, Told("received"), key="2", seen=first.id, by=officer)
    third = undo(made.distribution, made.rows[0], key="3", seen=second.id, by=officer)
    assert made.rows[0].outcome == "absent" and third.outcome == "absent"
    assert undo(made.distribution, made.rows[0], key="3", seen=second.id, by=officer).id == third.id
    with pytest.raises(Conflict):
        undo(made.distribution, made.rows[0], key="4", seen=second.id, by=officer)
    with pytest.raises(Refused, match="hoàn tác"):
        undo(made.distribution, made.rows[1], key="5", seen=0, by=officer)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Told("proxy"), "proxy_name"),
        (Told("proxy", proxy_name="Lê Thị Bé"), "proxy_relation"),
        (Told("refused"), "note"),
        (Told("returned", note="  "), "note"),
        (Told("lost"), "outcome"),
        (Told("received", DAY - timedelta(days=1)), "outcome_on"),
        (Told("received", date(2099, 1, 1)), "outcome_on"),
    ],
)
def test_what_is_missing_is_asked_for_at_its_field(made, officer, told, field) -> None:
    with pytest.raises(Refused) as refused:
        say(made, 0, told, key="x", by=officer)
    assert refused.value.field == field and made.rows[0].outcome is None


def test_the_rest_has_received_at_once(made, officer) -> None:
    say(made, 0, Told("absent"), key="0", by=officer)
    assert [(hamlet.rows, hamlet.open) for hamlet in hamlets_of(made.distribution)] == [(3, 2), (2, 2)]
    assert tell_rest(made.distribution, on=DAY, hamlet="Ấp Bàu Sen", key="r", by=officer) == 2
    assert tell_rest(made.distribution, on=DAY, hamlet="Ấp Bàu Sen", key="r", by=officer) == 0
    assert tell_rest(made.distribution, on=DAY, key="s", by=officer) == 2
    counts = counts_of(made.distribution)
    assert (counts.by_outcome, counts.open, counts.handed) == ({"received": 4, "absent": 1}, 0, 4)
    told = DistributionEvent.what.in_(("received", "absent"))
    assert db.session.query(DistributionEvent).filter(told).count() == 3


def test_only_a_list_under_way_is_told_of(made, officer) -> None:
    known = say(made, 1, Told("received"), key="1", by=officer)
    made.rows[2].refused = "Đã có nhà"
    with pytest.raises(Refused, match="không được duyệt"):
        say(made, 2, Told("received"), key="2", by=officer)
    made.distribution.state = "closed"
    with pytest.raises(Refused, match="đã khóa"):
        say(made, 0, Told("received"), key="3", by=officer)
    assert say(made, 1, Told("received"), key="1", by=officer).id == known.id  # a late resend
    made.distribution.state = "draft"
    with pytest.raises(Refused, match="chưa xuất quà"):
        tell_rest(made.distribution, on=DAY, key="4", by=officer)
