"""The papers of rewards and of scoring, compared by their words with kept snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.emulation.actions_certificates import draft_award, draft_withdrawal, issue
from portal.emulation.actions_nominations import nominate
from portal.emulation.actions_rewards_council import call_council, close_council, record_verdicts
from portal.emulation.actions_scoring import hand_on
from portal.emulation.documents_certificates import render_certificates
from portal.emulation.documents_rewards import decision_paper, minutes_paper
from portal.emulation.documents_scoring import sheet_paper
from portal.emulation.models_certificates import Reward, RewardDecision
from portal.emulation.models_nominations import Nomination, RewardCouncil
from portal.emulation.queries_scoring import sheet_of
from portal.emulation.texts_rewards import default_texts
from portal.kit.check_codes import shown_code
from portal.kit.days import VIETNAM, format_day, long_day
from portal.kit.db import db
from portal.kit.pdf import render_paper
from portal.units.models import Unit
from tests.cast import Cast
from tests.emulation.builders import COUNCIL, HEAD, YEAR, form_of, make_award, make_nomination
from tests.emulation.movements import enter, give, make_judges, make_round, score_through
from tests.printed import compare, words_of_paper

KEPT = Path(__file__).parent / "papers"
ISSUED_BY_PROVINCE = "bang_khen"
CHECK = "https://vidu.vn/xac-minh/"


@pytest.fixture(autouse=True)
def on_a_page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def words(template: str, paper: Any) -> str:
    """The words of a paper of this room."""
    return words_of_paper(render_paper(f"documents/{template}.html", paper=paper, sample=False))


def certificate_words(decision: RewardDecision) -> str:
    """The words of a decision's only certificate; its code, which is drawn by lot, as XXXX-XXXX."""
    reward = db.session.scalars(select(Reward).where(Reward.decision_id == decision.id)).one()
    said = words_of_paper(render_certificates(decision, [reward], prefix=CHECK))
    code = shown_code(reward.code)
    assert code in said
    return said.replace(code, "XXXX-XXXX")


def usual(what: str) -> dict[str, Any]:
    """The head of a decision in the words with which a unit begins."""
    texts = default_texts(
        what, owner="Ủy ban MTTQ Việt Nam xã Tân Phú Hòa", title="CHỦ TỊCH", name="Hoàng Thị Duyệt"
    )
    return {**HEAD, **vars(texts)}


def agreed(one: Nomination, unit: Unit, *, cast: Cast) -> RewardCouncil:
    """A closed meeting of this unit that agrees to one nomination."""
    council = call_council(unit, COUNCIL, [one.id], by=cast.officer)
    record_verdicts(council, COUNCIL, {one.id: {"verdict": "for", "votes_for": 5, "votes_against": 0}})
    close_council(council)
    return council


@pytest.mark.parametrize("key", ["bang_khen", "giay_khen", "thu_cam_on", "tam_long_vang"])
def test_certificates_of_each_form(cast: Cast, key: str) -> None:
    unit, form = cast.province if key == ISSUED_BY_PROVINCE else cast.commune, form_of(key)
    told = {
        "subject": "company", "name": "Công ty TNHH Giả Định", "address": "Ấp Giả, xã Tân Phú Hòa",
        "achievement": "ủng hộ 60.000.000 đồng xây nhà Đại đoàn kết", "starts_on": YEAR[0], "ends_on": YEAR[1],
    }  # fmt: skip
    one = nominate(cast.commune, form, told, by=cast.officer)
    if form.needs_council:
        agreed(one, unit, cast=cast)
    decision = issue(draft_award(unit, form, [one.id], head=HEAD, by=cast.officer), by=cast.chair)
    compare(KEPT / f"certificate_{key}.txt", certificate_words(decision))


def test_a_certificate_that_was_taken_back(cast: Cast) -> None:
    decision = make_award(cast=cast, nominations=[make_nomination(cast=cast)])
    reward = db.session.scalars(select(Reward)).one()
    head = {**usual("withdrawal"), "number": "48/QĐ-MTTQ-BTT", "subject": "Về việc thu hồi Giấy khen"}
    gone = draft_withdrawal(
        cast.commune, [reward.id], reason="Khai sai thành tích", head=head, by=cast.officer
    )
    compare(KEPT / "withdrawal_draft.txt", words("reward_decision", decision_paper(gone)))
    issue(gone, by=cast.chair)
    compare(KEPT / "withdrawal.txt", words("reward_decision", decision_paper(gone)))
    compare(KEPT / "certificate_taken_back.txt", certificate_words(decision))


def test_a_decision_with_its_annex(cast: Cast) -> None:
    many = [
        make_nomination(cast=cast, prize=1_000_000),
        make_nomination(cast=cast, name="Tổ tự quản số 3", prize=500_000, achievement="sửa 03 căn nhà"),
    ]
    draft = make_award(cast=cast, nominations=many, issued=False, **{**usual("award"), "number": None})
    compare(KEPT / "decision_draft.txt", words("reward_decision", decision_paper(draft)))
    issue(draft, by=cast.chair, number="45/QĐ-MTTQ-BTT")
    compare(KEPT / "decision.txt", words("reward_decision", decision_paper(draft)))


def test_minutes_of_a_council(cast: Cast) -> None:
    names = ("Chi hội Phụ nữ Ấp Giả", "Tổ tự quản số 3", "Câu lạc bộ Gạo tình thương")
    one, two, three = (make_nomination(cast=cast, name=name) for name in names)
    council = call_council(
        cast.commune, {**COUNCIL, "place": ""}, [one.id, two.id, three.id], by=cast.officer
    )
    compare(KEPT / "minutes_open.txt", words("reward_minutes", minutes_paper(council)))
    said = {
        one.id: {"verdict": "for", "votes_for": 5, "votes_against": 0},
        two.id: {"verdict": "against", "votes_for": 1, "votes_against": 4, "note": "Trùng thành tích"},
        three.id: {"verdict": "postponed", "note": "Chờ hồ sơ"},
    }
    record_verdicts(council, {**COUNCIL, "remarks": "Đề nghị biểu dương ở ấp."}, said)
    close_council(council)
    compare(KEPT / "minutes.txt", words("reward_minutes", minutes_paper(council)))


def sheet_words(entry: Any) -> str:
    """The words of a sheet; the day on which it was handed on last is the day of this test."""
    sheet = sheet_of(entry)
    said = words("score_sheet", sheet_paper(sheet))
    day = sheet.history[-1].at.astimezone(VIETNAM).date()
    return said.replace(long_day(day), "[ngày gửi]").replace(format_day(day), "[ngày]")


def test_a_score_sheet_self_beside_province(cast: Cast) -> None:
    half = enter(one := make_round(cast.province), cast.commune)
    give(half, cast.officer, 0, 1850, 100, bonus=250)
    hand_on(half, by=cast.officer)
    compare(KEPT / "sheet_begun.txt", sheet_words(half))
    done = enter(one, cast.other_commune)
    score_through(done, cast, make_judges(cast), 1000, 2000, 2550, bonus=500)
    compare(KEPT / "sheet_done.txt", sheet_words(done))
