"""Paper receipt books: given out without overlap, used by gifts, void with a reason, missing stubs told."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.donations.actions import record_donation
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.closing import open_items
from portal.ledger.models import Fund
from portal.ledger.waiting import waiting_work
from portal.receipts import actions_books as books
from portal.receipts import queries_books as queries
from portal.receipts.desk import GAPS
from portal.receipts.models import ReceiptBook
from portal.receipts.rules import spans, stub_of, stub_text
from portal.units.models import Unit
from tests.cast import make_campaign, sign_in
from tests.receipts.builders import cash, give

URL = "/quan-ly/bien-lai/quyen/"
GIVEN = date(2026, 10, 1)


@pytest.fixture
def campaign(db_session, cast):
    """An open campaign of the commune."""
    return make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1), ends_on=None)


def hand_out(campaign, *, first: int = 1, last: int = 10, holder=None, series: str = "AA/26") -> ReceiptBook:
    return books.give_out(
        unit=db.session.get_one(Unit, campaign.unit_id),
        fund=db.session.get_one(Fund, campaign.fund_id),
        series=series,
        first_no=first,
        last_no=last,
        holder=holder,
        holder_name="Ông Tư trưởng ấp",
        issued_on=GIVEN,
    )


def states(book) -> str:
    return "".join(stub.state[0] for stub in queries.stubs_of(book))


@given(st.from_regex(r"[A-Z]{1,3}/\d{2}", fullmatch=True), st.integers(1, 999_999_999))
def test_a_number_reads_back_as_it_is_written(series, number) -> None:
    assert stub_of(stub_text(series, number)) == (series, number)


@pytest.mark.parametrize("text", ["AA/26-0012", "aa/26 12", "AA/26.0012", " Aa / 26 - 12"])
def test_people_write_a_number_in_many_ways(text) -> None:
    assert stub_of(text) == ("AA/26", 12)


def test_numbers_are_told_as_spans() -> None:
    assert spans([3, 4, 5, 9]) == "3–5, 9" and spans([]) == ""


@pytest.mark.parametrize(("first", "last"), [(0, 5), (9, 8), (1, 1001)])
def test_a_range_that_cannot_be(db_session, cast, campaign, first, last) -> None:
    with pytest.raises(Refused):
        hand_out(campaign, first=first, last=last)


@pytest.mark.parametrize(("first", "last"), [(10, 20), (3, 4), (1, 10), (1, 99)])
def test_two_books_share_no_number(db_session, cast, campaign, first, last) -> None:
    hand_out(campaign)
    with pytest.raises(Refused, match="từ số 1 đến 10 đã giao cho Ông Tư"):
        hand_out(campaign, first=first, last=last, series="aa/26 ")
    hand_out(campaign, first=first, last=last, series="AB/26")


def test_a_gift_from_paper_fills_its_stub(db_session, cast, campaign) -> None:
    book = hand_out(campaign, last=4)
    gift = give(campaign, cash(), paper_number="AA/26-0002")
    assert gift.posting.series is None, "the paper's number is the gift's number"
    record_donation(
        unit=campaign.unit,
        fund=db.session.get_one(Fund, campaign.fund_id),
        campaign=campaign,
        form="cash",
        amount=5_000,
        day=date(2026, 10, 20),
        donor_name="Nguyễn Văn Tám",
        paper_number="AA/26 4",
        by=cast.officer,
    )
    assert states(book) == "mumu"
    assert queries.stubs_of(book)[1].gift == gift


@pytest.mark.parametrize(
    ("number", "sentence"), [("AA/26-0002", "đã dùng"), ("AA/26-0003", "đã hủy"), ("AA/26-0011", "1–10")]
)
def test_a_number_that_cannot_be_is_told_at_its_field(db_session, cast, campaign, number, sentence) -> None:
    book = hand_out(campaign)
    give(campaign, cash(), paper_number="AA/26-0002")
    books.void_stub(book, 3, reason="Viết sai", by=cast.officer)
    with pytest.raises(Refused, match=sentence) as refused:
        give(campaign, cash(), paper_number=number)
    assert refused.value.field == "paper_number"


def test_the_wrong_holder_is_told(db_session, cast, campaign) -> None:
    hand_out(campaign, holder=cast.officer)
    with pytest.raises(Refused, match="giao cho Phạm Văn Ghi"):
        give(campaign, cash(), paper_number="AA/26-0001", holder_id=cast.accountant.id)
    give(campaign, cash(), paper_number="AA/26-0001", holder_id=cast.officer.id)


def test_numbers_of_books_that_nobody_told_of_pass(db_session, cast, campaign) -> None:
    hand_out(campaign)
    give(campaign, cash(), paper_number="BL 0077")
    give(campaign, cash(), paper_number="không số")


def test_the_stub_of_a_reversed_gift_serves_the_right_one(db_session, cast, campaign) -> None:
    book = hand_out(campaign)
    wrong = give(campaign, cash(), paper_number="AA/26-0001")
    reverse(wrong.posting, reason="Sai số tiền", by=cast.officer, second=cast.chair)
    right = give(campaign, cash(2_000), paper_number="AA/26-0001")
    assert queries.stubs_of(book)[0].gift == right


def test_void_and_return(db_session, cast, campaign) -> None:
    book = hand_out(campaign, last=4)
    give(campaign, cash(), paper_number="AA/26-0001")
    books.void_stub(book, 2, reason="Rách", by=cast.officer)
    for number, sentence in ((2, "đã hủy"), (1, "đã dùng"), (5, "từ 1 đến 4")):
        with pytest.raises(Refused, match=sentence):
            books.void_stub(book, number, reason="x", by=cast.officer)
    assert books.take_back(book, date(2026, 11, 1)) == [3, 4]
    assert states(book) == "uvmm"
    with pytest.raises(Refused, match="đã trả rồi"):
        books.take_back(book, date(2026, 11, 2))


def test_a_stub_that_was_leapt_over_is_missing_and_waits(client, db_session, cast, campaign) -> None:
    book = hand_out(campaign, last=9)
    assert states(book) == "l" * 9 and not gaps_told(cast)
    give(campaign, cash(), paper_number="AA/26-0002")
    books.void_stub(book, 5, reason="Rách", by=cast.officer)
    assert states(book) == "mummvllll"
    (row,) = db.session.execute(queries.listed_books(cast.officer))
    assert (row.missing, row.left) == (3, 4)
    assert gaps_told(cast) == [(1, "Ký hiệu AA/26; ghi khoản, hoặc hủy cuống")]
    (open_item,) = (
        item
        for item in open_items(campaign.unit_id, campaign.fund_id, date(2026, 10, 31))
        if item.endpoint == "receipts.books"
    )
    assert open_item.count == 1 and not open_item.blocking
    sign_in(client, cast.officer)
    page = client.get(f"{URL}{book.id}").text
    assert "thiếu 3 cuống: 1, 3–4" in page and "4 cuống còn nguyên trong quyển" in page
    assert "AA/26" in client.get(f"{URL}?thieu=thieu&xuat=csv").text
    for number in (1, 3, 4):
        books.void_stub(book, number, reason="Không dùng", by=cast.officer)
    assert states(book) == "vuvvvllll" and not gaps_told(cast)
    assert books.take_back(book, date(2026, 11, 1)) == [6, 7, 8, 9]
    assert gaps_told(cast)


def gaps_told(cast) -> list[tuple[int, str]]:
    """What the officer's start page says of paper books."""
    db.session.flush()
    return [(work.count, work.note) for work in waiting_work(cast.officer) if work.name == GAPS]


def test_books_on_screen(client, db_session, cast, campaign) -> None:
    sign_in(client, cast.officer)
    typed = {"unit_id": cast.commune.id, "fund_id": campaign.fund_id, "series": "AA/26", "first_no": "1"}
    typed |= {"last_no": "3", "holder_name": "Ông Tư", "issued_on": "01/10/2026"}
    nobody = client.post(f"{URL}giao", data=typed | {"holder_name": ""})
    assert nobody.status_code == 422 and "Chưa ghi người giữ" in nobody.get_data(as_text=True)
    given_out = client.post(f"{URL}giao", data=typed)
    again = client.post(f"{URL}giao", data=typed | {"first_no": "3", "last_no": "9"})
    assert again.status_code == 422 and "đã giao cho Ông Tư" in again.get_data(as_text=True)
    url = given_out.location
    blank = client.post(f"{url}/huy", data={"number": "2"})
    assert blank.status_code == 422
    assert client.post(f"{url}/huy", data={"number": "2", "reason": "Rách"}).status_code == 303
    back = client.post(f"{url}/tra", data={"returned_on": "05/11/2026"}, follow_redirects=True)
    assert "Còn 2 cuống chưa có khoản: 1, 3" in back.get_data(as_text=True)
    assert "Ông Tư".encode() in client.get(f"{URL}?xuat=csv").data
    for who, status in ((cast.outsider, 404), (cast.auditor, 200)):
        assert sign_in(client, who).get(url).status_code == status
    assert sign_in(client, cast.auditor).post(f"{url}/huy", data={"number": "1"}).status_code == 403
