"""Ghi thu – ghi chi: a sponsor's payment is received and spent at once, and stays a gift like any other."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.donations.actions import request_reclassification
from portal.donations.models import Donation
from portal.donations.queries import donation_or_404
from portal.donations.refunds import request_refund
from portal.donations.rules import FORMS, TYPED_FORMS
from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.spending import queries
from portal.spending.actions import withdraw_decision
from portal.spending.actions_direct import decide_in_and_out, request_in_and_out
from portal.spending.models_others import InAndOut
from tests.cast import make_campaign, make_donation, sign_in
from tests.printed import text_of_pdf
from tests.reading import errors_at
from tests.spending.builders import DAY, all_of, make_decision, make_row, make_voucher

URL = "/quan-ly/chi/thu-chi-khac/ghi-thu-ghi-chi/"


@pytest.fixture
def campaign(db_session, commune):
    return make_campaign(unit=commune)


@pytest.fixture
def decision(campaign, cast):
    rows = [make_row(campaign=campaign, amount=10_000_000, purpose="housing")]
    return make_decision(unit=cast.commune, maker=cast.accountant, issuer=cast.chair, rows=rows)


def ask(decision: Any, cast: Any, amount: int = 4_000_000, **more: Any) -> InAndOut:
    usual = {
        "happened_on": DAY,
        "donor_name": "Công ty TNHH Mẫu Xanh",
        "donor_kind": "company",
        "supplier": "Cửa hàng vật liệu Mẫu",
        "reason": "Trả tiền xi măng",
        "by": cast.accountant,
    }
    return request_in_and_out(decision.rows[0], amount=amount, **{**usual, **more})


def yes(entry: InAndOut, cast: Any) -> Donation:
    gift = decide_in_and_out(entry, approve=True, answer="", by=cast.chair)
    assert gift is not None
    return gift


def figures(cast: Any, campaign: Any = None) -> dict[str, Any]:
    keys = ("received.total", "received.direct", "spent.total", "spent.housing", "balance.closing")
    scope = Scope(cast.commune, DAY.replace(day=1), DAY.replace(day=30), campaign)
    return {key: figure.value for key, figure in compute(scope, keys).items()}


def test_received_and_spent_at_once(decision, campaign, cast) -> None:
    gift = yes(ask(decision, cast), cast)
    assert (gift.form, gift.posting.kind, gift.posting.paper_number) == (
        "direct",
        "in_and_out",
        "PKT-0001/2026",
    )
    assert gift.posting.second_id == cast.chair.id and len(gift.posting.transfers) == 1
    for asked in (None, campaign):
        assert figures(cast, asked) == {
            "received.total": 4_000_000,
            "received.direct": 4_000_000,
            "spent.total": 4_000_000,
            "spent.housing": 4_000_000,
            "balance.closing": 0,
        }
    assert queries.left_of(decision) == {decision.rows[0].id: 6_000_000}
    reverse(gift.posting, reason="Ghi nhầm", by=cast.accountant, second=cast.chair)
    assert (
        figures(cast)["received.total"] == 0 and queries.left_of(decision)[decision.rows[0].id] == 10_000_000
    )


def test_it_never_takes_more_than_the_row_has(decision, cast) -> None:
    first = ask(decision, cast, 6_000_000)
    with pytest.raises(Refused, match="chỉ còn 4.000.000 đồng"):
        ask(decision, cast, 5_000_000)
    with pytest.raises(Refused, match="chỉ còn 4.000.000 đồng"):
        make_voucher(decision=decision, maker=cast.accountant, wanted=all_of(decision))
    with pytest.raises(Refused, match="phải khác người lập"):
        decide_in_and_out(first, approve=True, answer="", by=cast.accountant)
    assert decide_in_and_out(first, approve=False, answer="Thiếu hóa đơn", by=cast.chair) is None
    second = ask(decision, cast, 10_000_000)
    withdraw_decision(decision, reason="Sai", by=cast.chair)
    with pytest.raises(Refused, match="đã thu hồi"):
        yes(second, cast)


def test_it_is_no_gift_to_type_refund_or_move(decision, campaign, cast) -> None:
    assert "direct" in FORMS and "direct" not in TYPED_FORMS
    with pytest.raises(Refused, match="không có trong danh sách"):
        make_donation(campaign=campaign, form="direct", by=cast.officer)
    gift = yes(ask(decision, cast), cast)
    with pytest.raises(Refused, match="trả thẳng cho bên cung cấp"):
        request_refund(gift, amount=1, place="cash", receiver="A", reason="B", by=cast.accountant)
    with pytest.raises(Refused, match="không chuyển đợt riêng"):
        request_reclassification(gift, None, reason="Nhầm đợt", by=cast.accountant)


def test_it_is_found_in_public_like_other_gifts(decision, cast, client) -> None:
    gift = yes(ask(decision, cast, shown_as="name"), cast)
    code = gift.code
    sign_in(client, cast.auditor)
    found = client.get("/tra-cuu?q=mau+xanh").text
    assert code in found and "4.000.000" in found
    page = client.get(f"/khoan-ung-ho/{code}").text
    assert "Nhà tài trợ trả thẳng" in page and "Phiếu kế toán" in page and "Cửa hàng" not in page
    assert donation_or_404(code, for_user=cast.auditor).id == gift.id
    staff = client.get(f"/quan-ly/khoan-ung-ho/{code}").text
    assert "Nhà tài trợ trả thẳng" in staff and "Hoàn trả" not in staff and "Chuyển đợt" not in staff
    assert f"/quan-ly/khoan-ung-ho/{code}" in client.get("/quan-ly/nhat-ky/").text


def test_on_screen_from_the_decision_to_the_paper(client, app, decision, cast, db_session) -> None:
    writer, chair = sign_in(client, cast.accountant), sign_in(app.test_client(), cast.chair)
    form = f"{URL}moi?van_ban={decision.id}"
    assert "12/QĐ-MTTQ-BTT" in writer.get(f"{URL}moi").text and "còn 10.000.000" in writer.get(form).text
    sent = {
        "decision_row_id": decision.rows[0].id,
        "donor_name": "Công ty TNHH Mẫu Xanh",
        "donor_kind": "company",
        "is_new": "1",
        "supplier": "Cửa hàng vật liệu Mẫu",
        "amount": "4tr",
        "happened_on": "12/11/2026",
        "reason": "Trả tiền xi măng",
    }
    wrong = writer.post(form, data={**sent, "amount": "20tr", "supplier": "Nơi bán"})
    assert (
        wrong.status_code == 422 and "chỉ còn" in errors_at(wrong.text)["amount"] and "Nơi bán" in wrong.text
    )
    place = writer.post(form, data=sent).location
    assert "Ghi thu – ghi chi chờ duyệt" in chair.get("/quan-ly/").text
    assert chair.post(place, data={"decision": "approve"}).status_code == 303
    entry = db_session.scalars(select(InAndOut)).one()
    assert (
        entry.donor_id is not None
        and entry.donation is not None
        and entry.donation.donor_id == entry.donor_id
    )
    paper = text_of_pdf(writer.get(f"{place}.pdf").data)
    assert "PKT-0001/2026" in paper and "Bốn triệu đồng" in paper and entry.donation.code in paper
    page = writer.get(f"/quan-ly/chi/van-ban/{decision.id}").text
    assert "Công ty TNHH Mẫu Xanh trả Cửa hàng vật liệu Mẫu" in page
    assert "4.000.000" in writer.get(f"{URL}?q=mau+xanh").text
    outside = sign_in(app.test_client(), cast.outsider)
    assert outside.get(form).status_code == outside.get(place).status_code == 404
    assert "ghi thu – ghi chi" in writer.get(f"/quan-ly/nha-hao-tam/{entry.donor_id}/trao-truc-tiep").text
