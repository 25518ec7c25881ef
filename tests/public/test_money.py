"""/thu-chi: the bridge and its rows say what the books say, and name nobody who did not agree."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.donations.refunds import decide_refund, request_refund
from portal.ledger import actions as ledger
from tests.cast import make_campaign, make_donation
from tests.public.test_pages import TODAY, text_of
from tests.spending.builders import make_decision, make_payment, make_row

PRIVATE = "Hộ bà Trần Thị Mẫu"


@pytest.fixture
def books(db_session, cast):
    """Six gifts on three days, one reversed, one partly given back; 3 households paid by one voucher."""
    campaign = make_campaign(unit=cast.province, starts_on=TODAY - timedelta(days=60), ends_on=None)
    gifts = [
        make_donation(
            campaign=campaign,
            amount=1_000_000 * place,
            day=TODAY - timedelta(days=30 * (place % 3)),
            donor_name="Lê Thị Kín",
            by=cast.accountant,
        )
        for place in range(1, 7)
    ]
    ledger.reverse(gifts[0].posting, reason="Ghi trùng", by=cast.accountant, second=cast.chair)
    refund = request_refund(
        gifts[1], amount=500_000, place="cash", receiver="Lê Thị Kín", reason="Xin lại", by=cast.accountant
    )
    decide_refund(refund, approve=True, answer="", by=cast.chair)
    rows = [make_row(campaign=campaign, households=1, receiver=PRIVATE) for _ in range(3)]
    decision = make_decision(
        unit=cast.province, maker=cast.accountant, issuer=cast.chair, rows=rows, decided_on=TODAY
    )
    make_payment(decision=decision, maker=cast.accountant, approver=cast.chair, day=TODAY)
    db_session.commit()
    return campaign


def test_the_bridge_and_its_rows(client, books):
    text = text_of(client.get("/thu-chi"))
    for words in (
        "Thu 5 khoản ủng hộ",
        "20.000.000",
        "− Hoàn trả lại người ủng hộ 500.000",
        "− Chi 1 lần, theo 1 văn bản 3.000.000",
        "= Số dư cuối kỳ",
        "16.500.000",
        "Cân khớp",
        "Trao quà, trợ cấp khó khăn, 3 hộ QĐ 12/QĐ-MTTQ-BTT",
        "Đảo chứng từ: Ủng hộ",
        "Hoàn trả người ủng hộ",
    ):
        assert words in text, words
    assert PRIVATE not in text and "Lê Thị Kín" not in text and "Nhà hảo tâm" in text


def test_what_is_left_behind_each_row_is_the_balance(client, books, app, monkeypatch):
    whole = client.get("/thu-chi.json").json
    assert len(whole["rows"]) == 9 and whole["next"] is None
    closing = whole["figures"]["balance.closing"]["value"]
    assert whole["rows"][0]["left"] == closing == 16_500_000
    left = closing
    for row in whole["rows"]:
        assert row["left"] == left
        left -= (row["in"] or 0) - (row["out"] or 0)
    assert left == whole["figures"]["balance.opening"]["value"] == 0
    monkeypatch.setattr("portal.public.views_money.PAGE_SIZE", 2)
    paged, cursor = [], ""
    while cursor is not None:
        found = client.get(f"/thu-chi.json?sau={cursor}").json
        paged += found["rows"]
        cursor = found["next"]
    assert paged == whole["rows"]


def test_rows_of_one_kind_one_purpose_one_campaign(client, books):
    out = client.get("/thu-chi.json?loai=chi").json["rows"]
    assert [(row["out"], row["households"], row["left"]) for row in out] == [(3_000_000, 3, None)]
    assert len(client.get("/thu-chi.json?muc_dich=gifts").json["rows"]) == 1
    assert client.get("/thu-chi.json?muc_dich=housing").json["rows"] == []
    assert len(client.get(f"/thu-chi.json?dot={books.code}").json["rows"]) == 9
    assert "Không có khoản nào" in text_of(client.get("/thu-chi?muc_dich=housing"))
    old = client.get(f"/thu-chi.json?den={TODAY - timedelta(days=10):%d/%m/%Y}").json
    assert {row["kind"] for row in old["rows"]} == {"received"}
    lines = client.get("/thu-chi.csv").text.strip().splitlines()
    assert len(lines) == 10 and PRIVATE not in "".join(lines)


def test_what_cannot_be_read_is_said(client, books):
    wrong = client.get("/thu-chi?tu=31/02/2026")
    assert wrong.status_code == 422 and "31/02/2026" in wrong.text
    turned = client.get("/thu-chi.json?tu=02/01/2026&den=01/01/2026")
    assert turned.status_code == 422 and "Ngày cuối trước ngày đầu" in turned.json["error"]
    assert client.get("/thu-chi?sau=rubbish").status_code == 200


def test_an_empty_portal_has_nothing_to_show(app, client):
    assert "Chưa có khoản thu, chi nào" in text_of(client.get("/thu-chi"))
