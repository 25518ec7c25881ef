"""Sheets on a real database: steps, returns, evidence, rankings frozen when published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.emulation import actions_scoring as actions
from portal.emulation.actions_criteria import change_criterion
from portal.emulation.actions_movements import add_cluster, change_round
from portal.emulation.actions_ranking import publish_ranking, withdraw_ranking
from portal.emulation.actions_registrations import line_of, withdraw_entry
from portal.emulation.actions_scoring import Typed, hand_on, save_marks, send_back
from portal.emulation.models_movements import MovementEntry, MovementRound
from portal.emulation.models_scoring import Ranking, RankRow, ScoreMark, ScoreStep
from portal.emulation.queries_movements import may_score, present_ranking
from portal.emulation.queries_scoring import sheet_of, standings
from portal.emulation.rules_scoring import COMMUNE, COUNCIL, DONE, PROVINCE, SELF
from portal.files.papers import ReadyPaper
from portal.kit.access import APPROVER
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.people.models import User
from tests.cast import Cast, make_unit, make_user, sign_in
from tests.emulation.movements import HOME, YEAR, enter, give, make_judges, make_round, score_through
from tests.households.builders import make_hamlet
from tests.ledger.test_at_once import in_threads
from tests.sql import heard


def refused(act, field: str | None = None) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.field == field
    return caught.value.text


def test_a_sheet_goes_from_step_to_step_with_person_and_day(cast: Cast) -> None:
    judges = make_judges(cast)
    entry = enter(make_round(cast.province), cast.commune)
    people = {SELF: cast.officer, COMMUNE: cast.chair, PROVINCE: judges.accountant, COUNCIL: judges.chair}
    for step, by in people.items():
        assert entry.at == step
        assert [user for user in people.values() if may_score(user, entry)].count(by) == 1
        give(entry, by, 800, 2000, 0, bonus=250)
        hand_on(entry, by=by)
    assert entry.at == DONE
    sheet = sheet_of(entry)
    assert {step: (one.by_name, one.points) for step, one in sheet.passed.items()} == {
        step: (by.name, 3050) for step, by in people.items()
    }
    assert all(one.at for one in sheet.passed.values())
    assert sheet.total(COUNCIL).sum == 3050


def test_zero_is_a_score_and_blank_is_not(cast: Cast) -> None:
    entry = enter(make_round(cast.province), cast.commune)
    give(entry, cast.officer, 0, None, 0)
    sheet = sheet_of(entry)
    assert [row.mark(SELF).points for row in sheet.rows] == [0, None, 0]
    assert sheet.total(SELF).open == 1
    assert "Còn 1 tiêu chí chưa chấm" in refused(lambda: hand_on(entry, by=cast.officer))
    give(entry, cast.officer, 0, 0, 0)
    hand_on(entry, by=cast.officer)
    assert sheet_of(entry).passed[SELF].points == 0


def test_more_than_a_criterion_gives_is_refused_at_its_cell(cast: Cast) -> None:
    one = make_round(cast.province)
    entry = enter(one, cast.commune)
    first, second, _ = one.criteria
    with pytest.raises(Refused) as caught:
        save_marks(entry, {first.id: Typed(1001, None, None)}, by=cast.officer)
    assert caught.value.field == f"c{first.id}_points"
    with pytest.raises(Refused) as caught:
        save_marks(entry, {second.id: Typed(1, 501, None)}, by=cast.officer)
    assert caught.value.field == f"c{second.id}_bonus"
    with pytest.raises(Refused):
        save_marks(entry, {first.id: Typed(1, 1, None)}, by=cast.officer)


def test_each_step_needs_another_person_than_the_one_before(cast: Cast) -> None:
    judges = make_judges(cast)
    entry = enter(make_round(cast.province), cast.commune)
    give(entry, judges.chair, 0, 0, 0)
    hand_on(entry, by=judges.chair)
    give(entry, judges.chair, 0, 0, 0)
    assert "Mỗi bước một người" in refused(lambda: hand_on(entry, by=judges.chair))
    hand_on(entry, by=cast.chair)
    assert entry.at == PROVINCE


@pytest.mark.parametrize("to", [SELF, COMMUNE, PROVINCE])
def test_a_return_names_a_step_and_approvals_begin_anew(cast: Cast, to: str) -> None:
    judges = make_judges(cast)
    entry = enter(make_round(cast.province), cast.commune)
    score_through(entry, cast, judges, 900, 1000, 2000)
    assert refused(lambda: send_back(entry, to=DONE, reason="x", by=judges.chair), "to_step")
    send_back(entry, to=to, reason="Thiếu số liệu quý IV.", by=judges.chair)
    assert entry.at == to
    steps = [SELF, COMMUNE, PROVINCE, COUNCIL]
    kept = steps[: steps.index(to)]
    sheet = sheet_of(entry)
    assert list(sheet.passed) == kept
    assert sheet.history[-1].returned and sheet.history[-1].note == "Thiếu số liệu quý IV."
    assert sheet.total(COUNCIL).sum == 3900, "marks stay, to be put right"
    people = {SELF: cast.officer, COMMUNE: cast.chair, PROVINCE: judges.accountant, COUNCIL: judges.chair}
    for step in steps[steps.index(to) :]:
        hand_on(entry, by=people[step])
    assert entry.at == DONE
    assert list(sheet_of(entry).passed) == steps
    voided = db.session.scalars(select(ScoreStep).where(ScoreStep.void)).all()
    assert [one.step for one in voided] == steps[steps.index(to) :]


def test_nothing_is_returned_from_the_first_step(cast: Cast) -> None:
    entry = enter(make_round(cast.province), cast.commune)
    assert refused(lambda: send_back(entry, to=SELF, reason="x", by=cast.officer), "to_step")


def test_a_commune_holds_a_year_for_its_hamlets_without_the_province(cast: Cast) -> None:
    one = make_round(cast.commune)
    entry = enter(one, make_hamlet(cast))
    assert sheet_of(entry).steps == (SELF, COMMUNE, COUNCIL)
    give(entry, cast.officer, 0, 0, 100)
    hand_on(entry, by=cast.officer)
    assert entry.at == COMMUNE
    hand = sheet_of(entry)
    assert hand.passed[SELF].to_step == COMMUNE
    actions.take_over(entry, by=cast.chair)
    hand_on(entry, by=cast.chair)
    assert entry.at == COUNCIL


def test_taking_over_fills_only_what_is_not_scored(cast: Cast) -> None:
    entry = enter(make_round(cast.province), cast.commune)
    assert "không có điểm của bước trước" in refused(lambda: actions.take_over(entry, by=cast.officer))
    give(entry, cast.officer, 700, 800, 900, bonus=100)
    hand_on(entry, by=cast.officer)
    save_marks(entry, {entry.round.criteria[0].id: Typed(0, None, "Thiếu căn cứ")}, by=cast.chair)
    assert actions.take_over(entry, by=cast.chair) == 2
    sheet = sheet_of(entry)
    assert [(row.mark(COMMUNE).points, row.mark(COMMUNE).bonus) for row in sheet.rows] == [
        (0, None),
        (800, 100),
        (900, None),
    ]
    assert sheet.rows[0].note(COMMUNE) == "Thiếu căn cứ"


def test_evidence_and_deadlines_hold_a_sheet_back(cast: Cast) -> None:
    one = make_round(cast.province)
    first, second, _ = one.criteria
    base = {name: getattr(first, name) for name in ("code", "part", "text", "points", "bonus")}
    change_criterion(one, first, {**base, "needs_evidence": True})
    base = {name: getattr(second, name) for name in ("code", "part", "text", "points", "bonus")}
    change_criterion(one, second, {**base, "due_on": date(2026, 6, 30)})
    entry = enter(one, cast.commune)
    give(entry, cast.officer, 500, 100, 0)
    assert "Tiêu chí 1.1 có điểm mà chưa có minh chứng" in refused(lambda: hand_on(entry, by=cast.officer))
    line = line_of(entry, first.id)
    made = ReadyPaper("a" * 64, 1200, 3)
    paper = actions.add_paper(line, made, name="bao-cao.pdf", by=cast.officer)
    assert actions.add_paper(line, made, name="khac.pdf", by=cast.officer).id == paper.id
    mark = db.session.scalars(select(ScoreMark).join(ScoreMark.line).where(ScoreMark.points == 100)).one()
    mark.first_on = date(2026, 6, 30) + timedelta(days=1)
    assert "chấm sau hạn 30/06/2026" in refused(lambda: hand_on(entry, by=cast.officer))
    save_marks(entry, {second.id: Typed(100, None, "Chờ quyết toán đợt")}, by=cast.officer)
    hand_on(entry, by=cast.officer)
    assert "trả về bước tự chấm" in refused(lambda: actions.withdraw_paper(paper, line, reason="x"))


def _three(cast: Cast) -> tuple[list[MovementEntry], object]:
    judges = make_judges(cast)
    one = make_round(cast.province)
    third = make_unit(name="Xã Bình Minh", parent=cast.province)
    first, second = one.clusters
    entries = [
        enter(one, cast.commune, cluster_id=first.id),
        enter(one, cast.other_commune, cluster_id=first.id),
        enter(one, third, cluster_id=second.id),
    ]
    score_through(entries[0], cast, judges, 1000, 2000, 2000, bonus=500)
    for entry in entries[1:]:
        for by in (judges.chair, judges.accountant, judges.chair, judges.accountant):
            give(entry, by, 1000, 2000, 2500)
            hand_on(entry, by=by)
    return entries, judges


def test_a_ranking_is_frozen_when_it_is_published(cast: Cast) -> None:
    entries, judges = _three(cast)
    one = entries[0].round
    db.session.refresh(one)
    ranking = publish_ranking(one, without_open=False, by=judges.chair)  # type: ignore[attr-defined]
    rows = db.session.scalars(select(RankRow).order_by(RankRow.id)).all()
    assert {(row.unit_name, row.total, row.place, row.place_in_cluster, row.class_name) for row in rows} == {
        ("Xã Tân Phú Hòa", 5500, 1, 1, "Xuất sắc"),
        ("Xã An Lạc", 5500, 1, 1, "Xuất sắc"),
        ("Xã Bình Minh", 5500, 1, 1, "Xuất sắc"),
    }
    for act in (
        lambda: send_back(entries[0], to=SELF, reason="x", by=judges.chair),  # type: ignore[attr-defined]
        lambda: change_round(one, YEAR),
        lambda: add_cluster(one, {"name": "Cụm 3"}),
        lambda: withdraw_entry(entries[0], reason="x"),
        lambda: publish_ranking(one, without_open=False, by=judges.chair),  # type: ignore[attr-defined]
    ):
        assert "đã công bố" in refused(act)
    cast.commune.name = "Xã Tân Phú Hòa mới"
    db.session.commit()
    assert {row.unit_name for row in rows} >= {"Xã Tân Phú Hòa"}
    for sql in ("UPDATE movement_rank SET points = 0", "DELETE FROM movement_rank"):
        with pytest.raises(DatabaseError):
            db.session.execute(text(sql))
        db.session.rollback()
    withdraw_ranking(ranking, reason="Tính sai một đơn vị.", by=judges.chair)  # type: ignore[attr-defined]
    assert present_ranking(one.id) is None
    send_back(entries[0], to=COUNCIL, reason="Chấm lại.", by=judges.chair)  # type: ignore[attr-defined]
    db.session.commit()


def test_of_two_who_take_a_ranking_back_one_does(cast: Cast, app: Flask) -> None:
    entries, judges = _three(cast)
    code = entries[0].round.code
    publish_ranking(entries[0].round, without_open=False, by=judges.chair)  # type: ignore[attr-defined]
    people = [make_user(name=f"Người số {place}", role=APPROVER, unit=cast.province).id for place in (1, 2)]
    db.session.commit()
    address = f"{HOME}phong-trao/ky/{code}/xep-hang/thu-hoi"
    clients = [sign_in(app.test_client(), db.session.get_one(User, person)) for person in people]
    db.session.commit()  # holds no lock while they write
    answers = in_threads(app, 2, lambda n: clients[n].post(address, data={"reason": f"Lý do {n}"}))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    quicker = next(place for place, answer in enumerate(answers) if answer.status_code == 303)
    late = answers[1 - quicker].get_data(as_text=True)
    assert f"Người số {quicker + 1} đã thu hồi bảng xếp hạng này" in late and f"Lý do {1 - quicker}" in late
    db.session.rollback()
    (ranking,) = db.session.scalars(select(Ranking))
    assert (ranking.withdrawn, ranking.withdrawn_by_id) == (f"Lý do {quicker}", people[quicker])


def test_of_two_who_publish_a_ranking_one_does(cast: Cast, app: Flask) -> None:
    entries, judges = _three(cast)
    round_id, by_id = entries[0].round.id, judges.chair.id  # type: ignore[attr-defined]
    db.session.commit()

    def publish(_place: int) -> str:
        with writing():
            one = db.session.get_one(MovementRound, round_id)
            try:
                publish_ranking(one, without_open=False, by=db.session.get_one(User, by_id))
            except Refused as no:
                return no.text
            db.session.commit()
            return ""

    told = sorted(in_threads(app, 2, publish))
    assert told[0] == "" and "đã công bố" in told[1]
    assert len(db.session.scalars(select(Ranking)).all()) == 1


def test_sheets_that_are_not_done_are_left_out_only_knowingly(cast: Cast) -> None:
    judges = make_judges(cast)
    one = make_round(cast.province)
    assert "Chưa có phiếu nào chấm xong" in refused(
        lambda: publish_ranking(one, without_open=True, by=judges.chair)
    )
    entry = enter(one, cast.commune)
    enter(one, cast.other_commune)
    score_through(entry, cast, judges, 0, 0, 0)
    assert "Xã An Lạc" in refused(
        lambda: publish_ranking(one, without_open=False, by=judges.chair), "without_open"
    )
    ranking = publish_ranking(one, without_open=True, by=judges.chair)
    assert [(row.unit_name, row.total, row.class_name) for row in ranking.rows] == [
        ("Xã Tân Phú Hòa", 0, "Hoàn thành")
    ]


def test_standings_take_the_same_statements_for_one_unit_and_for_many(cast: Cast) -> None:
    judges = make_judges(cast)
    one = make_round(cast.province)
    score_through(enter(one, cast.commune), cast, judges, 0, 0, 0)
    db.session.commit()
    with heard() as few:
        standings(one)
    for place in range(6):
        entry = enter(one, make_unit(name=f"Xã số {place}", parent=cast.province))
        give(entry, cast.chair, 0, 0, 0)
        entry.at = DONE
    db.session.commit()
    with heard() as many:
        standings(one)
    assert len(many) <= len(few) + 1
