"""From nomination to certificate and back: council, decision by two people, frozen names, prizes, withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.emulation import actions_certificates as certificates
from portal.emulation import actions_nominations as nominations
from portal.emulation import actions_rewards_council as councils
from portal.emulation.actions_rewards import make_run
from portal.emulation.actions_shown import change_shown
from portal.emulation.models_certificates import Reward
from portal.emulation.models_nominations import Nomination
from portal.emulation.models_rewards import RewardCandidate
from portal.kit.check_codes import read_check_code
from portal.kit.db import db
from portal.kit.errors import Refused
from tests.emulation.builders import (
    COUNCIL,
    HEAD,
    YEAR,
    form_of,
    give,
    make_award,
    make_council,
    make_donor,
    make_nomination,
    make_rule,
    make_year,
)
from tests.emulation.movements import seeded
from tests.spending.builders import make_decision, make_row
from tests.sql import heard


def refused(field: str | None, act: Any, *args: Any, match: str = "[^ ]", **kwargs: Any) -> None:
    """The action says no, at this field, in words that fit."""
    with pytest.raises(Refused, match=match) as no:
        act(*args, **kwargs)
    assert no.value.field == field


def rewards() -> list[Reward]:
    return list(db.session.scalars(select(Reward).order_by(Reward.id)))


def test_candidates_become_nominations_with_their_evidence(cast) -> None:
    campaign, donor = make_year(unit=cast.commune), make_donor(unit=cast.commune, by=cast.officer)
    give(donor=donor, campaign=campaign, shown_as="initials")
    rule = make_rule(unit=cast.commune, by=cast.officer)
    run = make_run(rule, start=YEAR[0], end=YEAR[1], by=cast.officer)
    ids = list(db.session.scalars(select(RewardCandidate.id)))
    assert nominations.nominate_candidates(run, ids, by=cast.officer) == (1, [])
    one = db.session.scalars(select(Nomination)).one()
    assert one.achievement == "ủng hộ 60.000.000 đồng từ 01/01/2026 đến 20/11/2026"
    assert (one.subject, one.shown_as, one.donor_id) == ("person", "initials", donor.id) and one.consent
    assert nominations.nominate_candidates(run, ids, by=cast.officer) == (0, [])
    again = make_run(rule, start=YEAR[0], end=YEAR[1], by=cast.officer)
    ids = list(db.session.scalars(select(RewardCandidate.id).where(RewardCandidate.run_id == again.id)))
    assert nominations.nominate_candidates(again, ids, by=cast.officer) == (0, ["Lê Văn Tâm"])


def test_the_same_achievement_twice_needs_a_reason(cast) -> None:
    first = make_nomination(cast=cast)
    refused("twice", make_nomination, cast=cast, match="không khen hai lần")
    assert make_nomination(cast=cast, name="chi hội phụ nữ ấp giả", twice="Thêm công trình khác").twice
    make_nomination(cast=cast, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    make_nomination(cast=cast, subject="company", name="Chi hội Phụ nữ Ấp Giả")
    first.movement = "Phong trào A"
    make_nomination(
        cast=cast,
        movement="Phong trào B",
        starts_on=date(2026, 2, 1),
        name="Chi hội Phụ nữ Ấp Giả",
        twice="x",
    )
    nominations.drop_nomination(first, reason="Ghi nhầm")
    assert first.state == "dropped"
    with pytest.raises(Refused):
        nominations.take_up(first)


def test_an_alias_is_the_same_movement(cast) -> None:
    movement = seeded()
    make_nomination(cast=cast, movement=movement.name)
    alias = movement.other_names[0].upper()
    refused("twice", make_nomination, cast=cast, movement=alias, match="không khen hai lần")
    other = make_nomination(cast=cast, movement="Xây dựng nông thôn mới")  # no movement that the portal knows
    refused("twice", make_nomination, cast=cast, movement="xay dung nong thon moi")
    assert other.movement == "Xây dựng nông thôn mới"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"subject": "robot"}, "subject"),
        ({"achievement": ""}, "achievement"),
        ({"ends_on": date(2020, 1, 1)}, "ends_on"),
        ({"starts_on": date(2030, 1, 1), "ends_on": date(2030, 2, 1)}, "starts_on"),
        ({"prize": 0}, "prize"),
        ({"subject": "person", "shown_as": "name"}, "consent"),
        ({"subject": "household", "shown_as": "initials", "consent": " "}, "consent"),
    ],
)
def test_bad_nominations(cast, changes, field) -> None:
    refused(field, make_nomination, cast=cast, **changes)


def test_a_council_says_something_about_everybody(cast) -> None:
    one, two = make_nomination(cast=cast), make_nomination(cast=cast, name="Ban Công tác Mặt trận Ấp Giả")
    council = councils.call_council(cast.commune, COUNCIL, [one.id, two.id], by=cast.officer)
    assert one.state == "council"
    refused(None, nominations.drop_nomination, one, reason="x", match="Hội đồng đang xét")
    said = {one.id: {"verdict": "for", "votes_for": 5}}
    councils.record_verdicts(council, COUNCIL, said)
    refused("rows", councils.close_council, council, match="2. Ban Công tác Mặt trận Ấp Giả")
    councils.record_verdicts(council, COUNCIL, said | {two.id: {"verdict": "postponed", "note": "Chờ hồ sơ"}})
    councils.close_council(council)
    assert (one.state, two.state) == ("approved", "postponed")
    refused(None, councils.record_verdicts, council, COUNCIL, said, match="Biên bản đã chốt")
    councils.open_again(council)
    councils.take_out(council, two.id)
    assert two.state == "open"
    refused(
        "members",
        councils.call_council,
        cast.commune,
        {**COUNCIL, "members": "Một người"},
        [two.id],
        by=cast.officer,
    )
    refused("rows", councils.call_council, cast.commune, COUNCIL, [one.id], by=cast.officer)
    councils.delete_council(council)
    assert one.state == "open"


def test_postponed_comes_again_and_refused_does_not(cast) -> None:
    one, two = make_nomination(cast=cast), make_nomination(cast=cast, name="Tổ tự quản số 3")
    first = make_council(cast=cast, nominations=[one], verdict="postponed")
    make_council(cast=cast, nominations=[two], verdict="against")
    refused("rows", certificates.draft_award, cast.commune, form_of(), [two.id], head=HEAD, by=cast.officer)
    make_council(cast=cast, nominations=[one])
    refused(None, councils.open_again, first, match="cuộc họp sau")
    nominations.take_up(two)
    assert (one.state, two.state) == ("approved", "open")


def test_a_decision_is_issued_by_a_second_person_and_frozen(cast) -> None:
    one, two = make_nomination(cast=cast, prize=1_000_000), make_nomination(cast=cast, name="Tổ tự quản số 3")
    draft = make_award(cast=cast, nominations=[one, two], issued=False, number=None)
    assert one.state == "drafted"
    refused(None, certificates.issue, draft, by=cast.officer, match="phải khác người lập")
    refused("number", certificates.issue, draft, by=cast.chair, match="Chưa ghi số quyết định")
    certificates.issue(draft, by=cast.chair, number=" 45 / QĐ-MTTQ-BTT ")
    assert draft.number == "45/QĐ-MTTQ-BTT" and one.state == "rewarded"
    given = rewards()
    assert [one.number for one in given] == ["GK-0001/2026", "GK-0002/2026"]
    assert given[0].text == "Đã có thành tích: vận động 20 suất quà Tết."
    assert all(read_check_code(reward.code) for reward in given) and given[0].code != given[1].code
    db.session.commit()
    one.name = "Chi hội Phụ nữ Ấp Thật"  # the name in the books changes afterwards
    db.session.commit()
    assert rewards()[0].name == "Chi hội Phụ nữ Ấp Giả"
    for statement in (
        "UPDATE reward SET name = 'Khác'",
        "UPDATE reward SET code = 'X'",
        "DELETE FROM reward",
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()
    refused(None, certificates.change_decision, draft, HEAD, by=cast.officer, match="không sửa được nữa")
    refused(None, certificates.delete_draft, draft)


def test_a_number_is_used_once_a_year_across_both_kinds_of_decisions(cast) -> None:
    one, two = make_nomination(cast=cast), make_nomination(cast=cast, name="Tổ tự quản số 3")
    row = [make_row(amount=1_000)]
    make_decision(unit=cast.commune, maker=cast.officer, issuer=cast.chair, rows=row, number="45/QĐ-MTTQ-BTT")
    refused("number", make_award, cast=cast, nominations=[one], match="đã dùng cho văn bản ngày 10/11/2026")
    db.session.rollback()
    one = make_nomination(cast=cast)
    two = make_nomination(cast=cast, name="Tổ tự quản số 3")
    make_award(cast=cast, nominations=[one], number="46/QĐ-MTTQ-BTT")
    refused("number", make_award, cast=cast, nominations=[two], number="46 /QĐ-MTTQ-BTT")
    with pytest.raises(Refused) as no:
        make_decision(unit=cast.commune, maker=cast.officer, issuer=None, rows=row, number="46/QĐ-MTTQ-BTT")
    assert no.value.field == "number"
    make_decision(
        unit=cast.commune,
        maker=cast.officer,
        issuer=None,
        rows=row,
        number="46/QĐ-MTTQ-BTT",
        decided_on=date(2025, 1, 2),
    )


def test_forms_have_their_issuers_and_some_need_no_number_or_council(cast) -> None:
    one = make_nomination(cast=cast, key="bang_khen")
    refused(
        "unit_id",
        certificates.draft_award,
        cast.commune,
        form_of("bang_khen"),
        [one.id],
        head=HEAD,
        by=cast.officer,
    )
    letter = make_nomination(cast=cast, key="thu_cam_on", name="Công ty Giả", subject="company")
    head = {**HEAD, "number": None, "subject": "Thư cảm ơn"}
    refused(
        "rows", certificates.draft_award, cast.commune, form_of(), [letter.id], head=head, by=cast.officer
    )
    draft = certificates.draft_award(
        cast.commune, form_of("thu_cam_on"), [letter.id], head=head, by=cast.officer
    )
    certificates.delete_draft(draft)
    assert letter.state == "open"
    draft = certificates.draft_award(
        cast.commune, form_of("thu_cam_on"), [letter.id], head=head, by=cast.officer
    )
    certificates.issue(draft, by=cast.chair)
    assert rewards()[0].number == "TCO-0001/2026"


def test_a_decision_does_not_come_before_its_council_nor_twice_for_one_achievement(cast) -> None:
    one, two = make_nomination(cast=cast), make_nomination(cast=cast, twice="nhầm")
    refused(
        "decided_on",
        make_award,
        cast=cast,
        nominations=[one],
        decided_on=date(2026, 11, 9),
        match="họp hội đồng",
    )
    db.session.rollback()
    one, two = make_nomination(cast=cast), make_nomination(cast=cast, twice="nhầm")
    make_award(cast=cast, nominations=[one])
    two.twice = None
    refused("rows", make_award, cast=cast, nominations=[two], number="46/QĐ-MTTQ-BTT", match="đã được khen")


def test_issuing_takes_few_statements_for_many(cast) -> None:
    def statements(names: list[str], number: str) -> int:
        many = [make_nomination(cast=cast, name=name) for name in names]
        draft = make_award(cast=cast, nominations=many, issued=False, number=number)
        with heard() as said:
            certificates.issue(draft, by=cast.chair)
        return sum(one.startswith("SELECT") for one in said)

    few = statements(["Tổ 1"], "51/QĐ")
    assert (
        statements([f"Tổ {number}" for number in range(2, 12)], "52/QĐ") <= few + 12
    )  # each nomination is read


def test_how_a_reward_is_shown_follows_the_persons_wish(cast) -> None:
    make_award(cast=cast, nominations=[make_nomination(cast=cast, subject="person", name="Lê Văn Tâm")])
    (reward,) = rewards()
    refused("consent", change_shown, reward, shown_as="name", consent=None)
    change_shown(reward, shown_as="name", consent="Ông Tâm, giấy ngày 12/11/2026")
    assert reward.shown_as == "name"
