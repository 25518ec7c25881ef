"""The books on screen: what waits for whom, two people for a reversal, the journal, words, how few statements."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.donations.actions import request_reversal
from portal.jobs.models import Job
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger import actions
from portal.ledger.models import Posting, ReversalRequest
from portal.ledger.rules import Line
from tests.cast import grant, make_account, make_campaign, make_donation, make_fund, sign_in

START = "/quan-ly/"
REVERSALS = "/quan-ly/dao-but-toan/"
JOURNAL = "/quan-ly/nhat-ky/"
WORDS = "/quan-ly/so-bang-chu"
DAY = date(2024, 3, 1)


def text_of(response: Any) -> str:
    return response.get_data(as_text=True)


@pytest.fixture
def campaign(db_session, cast):
    """An open campaign of the commune."""
    return make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=None)


@pytest.fixture
def asked(db_session, cast, campaign) -> ReversalRequest:
    """The officer asks to reverse a gift of 700.000 đ."""
    gift = make_donation(
        campaign=campaign, by=cast.officer, day=DAY, amount=700_000, donor_name="Trần Thị Sửa"
    )
    make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=300_000)
    request = request_reversal(gift, reason="Ghi hai lần một phong bì", by=cast.officer)
    db_session.commit()
    return request


@contextmanager
def statements(app: Flask) -> Any:
    """The SQL statements sent meanwhile."""
    sent: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", remember)


def test_the_start_page_needs_few_statements(app, client, db_session, cast, asked, campaign) -> None:
    make_account(unit=cast.commune)
    for code in ("A", "B", "C"):
        ended = today_in_vietnam() - timedelta(days=20)
        make_campaign(unit=cast.commune, code=code, starts_on=DAY, ends_on=ended)
    counts = []
    for gifts in (10, 490):
        for number in range(gifts):
            make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=1_000 + number)
        for user in (cast.chair, cast.accountant):
            sign_in(client, user)
            client.get(START)  # what is read once for the whole process
            with statements(app) as sent:
                answer = client.get(START)
            assert answer.status_code == 200
            counts.append(len(sent))
    assert counts[:2] == counts[2:] and max(counts) <= 15, counts


def test_what_waits_stands_on_the_start_page(client, db_session, cast, asked) -> None:
    sign_in(client, cast.chair)
    page = text_of(client.get(START))
    assert "Đề nghị đảo chờ duyệt" in page and "PT-0001/2024, 700.000 đ, do Phạm Văn Ghi đề nghị" in page
    assert f"{REVERSALS}{asked.id}" in page
    for other in (cast.officer, cast.outsider, cast.auditor):
        sign_in(client, other)
        assert "Đề nghị đảo chờ duyệt" not in text_of(client.get(START))


def test_empty_books_say_so(client, cast) -> None:
    sign_in(client, cast.officer)
    page = text_of(client.get(START))
    assert "Không có việc nào chờ xử lý" in page and "Chưa có chứng từ nào trong sổ" in page
    assert "Tiền mặt tại quỹ" in page and "Ghi nhận khoản ủng hộ" in page


def test_today_and_balances(client, db_session, cast, campaign) -> None:
    today, fund = today_in_vietnam(), make_fund()
    make_donation(campaign=campaign, by=cast.officer, day=today, amount=550_000)
    make_donation(campaign=campaign, by=cast.officer, day=today, amount=80_000, form="goods")
    bank = make_account(unit=cast.commune, bank="Vietcombank", number="0071000816688")
    place = {"unit_id": cast.commune.id, "fund_id": fund.id}
    there = actions.account_for(kind="bank", bank_account_id=bank.id, **place)
    line = Line(actions.account_for(kind="opening", **place), there, 2_000_000)
    actions.post("opening", unit=cast.commune, fund=fund, document_on=DAY, lines=[line], by=cast.accountant)
    sign_in(client, cast.accountant)
    page = text_of(client.get(START))
    for figure in ("550.000", "Vietcombank …6688", "2.000.000", "2.550.000", "80.000"):
        assert figure in page
    assert "2.630.000" not in page and "0071000816688" not in page


def test_ended_campaigns_and_failed_work_are_listed(client, db_session, cast) -> None:
    today = today_in_vietnam()
    make_campaign(
        unit=cast.commune,
        name="Khắc phục bão",
        starts_on=DAY,
        ends_on=today - timedelta(days=18),
        legal_basis="Nghị định 93/2021/NĐ-CP",
    )
    make_campaign(unit=cast.commune, name="Sắp xong", starts_on=DAY, ends_on=today + timedelta(days=3))
    make_campaign(unit=cast.other_commune, name="Của xã khác", starts_on=DAY, ends_on=today)
    unit_id, by_id = cast.commune.id, cast.accountant.id
    db_session.add(
        Job(kind="x", title="Nạp tệp hỏng", state="failed", message="Tệp sai", unit_id=unit_id, by_id=by_id)
    )
    sign_in(client, cast.accountant)
    page = text_of(client.get(START))
    assert "Công khai kết quả đợt “Khắc phục bão”" in page and "Quá 3 ngày" in page
    assert "Đợt “Sắp xong” sắp kết thúc" in page and "Còn 3 ngày" in page
    assert "Nạp tệp hỏng" in page and "Của xã khác" not in page


def test_a_reversal_by_two_people(client, db_session, cast, campaign, asked) -> None:
    number = asked.posting_number
    sign_in(client, cast.chair)
    shown = text_of(client.get(REVERSALS + str(asked.id)))
    assert "Ghi hai lần một phong bì" in shown and "Trần Thị Sửa" in shown and "Duyệt đảo" in shown
    answer = client.post(REVERSALS + str(asked.id), data={"decision": "approve"})
    assert answer.status_code == 303
    mirror = db_session.scalars(select(Posting).where(Posting.reverses == number)).one()
    assert (mirror.by_id, mirror.second_id) == (cast.officer.id, cast.chair.id)
    assert "Đã duyệt" in text_of(client.get(REVERSALS))
    gifts = text_of(client.get("/quan-ly/khoan-ung-ho/"))
    assert "Đã đảo" in gifts and "PT-0001/2024" in gifts
    public = text_of(client.get(f"/dot-van-dong/{campaign.code}"))
    assert "300.000" in public and "1.000.000" not in public and "700.000" not in public


def test_the_second_answer_gets_a_sentence(client, db_session, cast, asked) -> None:
    sign_in(client, cast.chair)
    url = REVERSALS + str(asked.id)
    assert client.post(url, data={"decision": "refuse", "answer": "Số đúng rồi"}).status_code == 303
    late = client.post(url, data={"decision": "approve"})
    assert late.status_code == 422 and "đã được trả lời" in text_of(late)
    db_session.rollback()
    assert db_session.scalar(select(Posting.number).where(Posting.kind == "reversal")) is None


def test_a_refusal_needs_a_reason(client, db_session, cast, asked) -> None:
    sign_in(client, cast.chair)
    answer = client.post(REVERSALS + str(asked.id), data={"decision": "refuse", "answer": ""})
    assert answer.status_code == 422 and "Chưa ghi lý do từ chối" in text_of(answer)
    db_session.rollback()
    assert asked.approved is None


def test_the_maker_may_not_approve(client, db_session, cast, asked) -> None:
    grant(user=cast.officer, role="approver", unit=cast.commune)
    sign_in(client, cast.officer)
    url = REVERSALS + str(asked.id)
    assert "Duyệt đảo" not in text_of(client.get(url))
    answer = client.post(url, data={"decision": "approve"})
    assert answer.status_code == 422 and "Người duyệt phải khác người lập" in text_of(answer)
    db_session.rollback()
    assert db_session.scalar(select(Posting.number).where(Posting.kind == "reversal")) is None


def test_who_may_see_and_answer(client, db_session, cast, asked) -> None:
    url = REVERSALS + str(asked.id)
    sign_in(client, cast.outsider)
    assert client.get(url).status_code == 404
    assert "Ghi hai lần" not in text_of(client.get(REVERSALS)) and "PT-0001" not in text_of(
        client.get(JOURNAL)
    )
    sign_in(client, cast.auditor)
    assert client.get(url).status_code == 200
    assert client.post(url, data={"decision": "approve"}).status_code == 403
    grant(user=cast.auditor, role="approver", unit=cast.other_commune)
    sign_in(client, cast.auditor)
    assert client.post(url, data={"decision": "approve"}).status_code == 403
    db_session.rollback()
    assert asked.approved is None


def test_a_double_click_on_approval_answers_the_same(client, db_session, cast, asked) -> None:
    sign_in(client, cast.chair)
    data = {"decision": "approve", "form_key": "k-2"}
    url = REVERSALS + str(asked.id)
    first, second = client.post(url, data=data), client.post(url, data=data)
    assert first.status_code == second.status_code == 303 and first.location == second.location
    assert len(db_session.scalars(select(Posting).where(Posting.kind == "reversal")).all()) == 1


def test_the_journal(client, db_session, cast, asked) -> None:
    actions.decide_reversal(asked, approve=True, answer="", by=cast.chair)
    sign_in(client, cast.auditor)
    page = text_of(client.get(JOURNAL))
    for content in (
        "3 chứng từ",
        "Khoản ủng hộ",
        "Bút toán đảo",
        "PT-0002/2024",
        "Hoàng Thị Duyệt",
        "Đã đảo",
    ):
        assert content in page
    assert "1 chứng từ" in text_of(client.get(JOURNAL + "?loai=reversal"))
    assert "1 chứng từ" in text_of(client.get(JOURNAL + "?q=PT-0002/2024"))
    assert "<html" not in text_of(client.get(JOURNAL, headers={"HX-Request": "true"}))
    assert len(client.get(JOURNAL + "?xuat=csv").get_data(as_text=True).splitlines()) == 4


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", ""),
        ("15,25tr", "Mười lăm triệu hai trăm năm mươi nghìn đồng"),
        ("1\u00a0000\u00a0005", "Một triệu không trăm lẻ năm đồng"),
        ("0", "Số tiền phải lớn hơn 0"),
        ("2.50", "“2.50” chưa rõ là bao nhiêu"),
        ("<script>", "“&lt;script&gt;” không phải là số tiền"),
    ],
)
def test_amounts_in_words(client, db_session, cast, typed: str, answer: str) -> None:
    sign_in(client, cast.officer)
    shown = client.get(WORDS, query_string={"so": typed})
    assert shown.status_code == 200 and text_of(shown).startswith(answer)
    assert bool(text_of(shown)) == bool(answer)


@pytest.mark.parametrize("url", [START, REVERSALS, JOURNAL, WORDS])
def test_nobody_comes_in_unasked(client, cast, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 303 and "/dang-nhap" in answer.location
