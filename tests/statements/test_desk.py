"""The matching desk: the queue, proposals with reasons, accepting one or many, undoing, who may do what."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from portal.donations.models import Donation
from portal.donations.queries import is_reversed
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.operate import verify
from portal.pledges.queries import come_of
from portal.statements import candidates
from portal.statements.models_settling import LineRule, TransitMatch
from portal.statements.open_lines import Asked, queue
from portal.statements.suggesting import VERY, Paper, suggest_papers
from tests.cast import make_account, make_campaign, make_donation, sign_in
from tests.pledges.books import make_pledge
from tests.spending.builders import make_decision, make_payment, make_row
from tests.sql import heard
from tests.statements.builders import DAY, bring, make_rule, suspense, waiting_lines, waiting_papers

DESK = "/quan-ly/sao-ke/doi-chieu"


@pytest.fixture
def account(db_session, cast):
    return make_account(unit=cast.commune, code="TK1", number="0011004123456")


@pytest.fixture
def campaign(db_session, cast):
    return make_campaign(unit=cast.commune, code="D1", starts_on=date(2026, 1, 1), ends_on=None)


@pytest.fixture
def pledge(db_session, cast, campaign):
    """Nguyễn Văn An promised five million."""
    return make_pledge(unit=cast.commune, campaign=campaign)


@pytest.fixture(autouse=True)
def books_agree(db_session):
    yield
    assert verify.first_problem(db.session.connection()) is None


def alive() -> list[Donation]:
    return list(db.session.scalars(select(Donation).where(~is_reversed()).order_by(Donation.id)))


def fields(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def test_the_first_proposal_is_taken_and_undone(client, tmp_path, account, pledge, cast) -> None:
    bring(tmp_path, (5_000_000, "NGUYEN VAN AN ung ho"), (1_000, "khac"), account=account)
    (line, _) = suspense()
    page = sign_in(client, cast.accountant).get(f"{DESK}?dong={line.code}").text
    assert "Đăng ký ĐK-0001/2026: Nguyễn Văn An" in page and "Tên người chuyển trùng" in page
    assert "<mark>NGUYEN VAN AN</mark>" in page and "Rất có thể" in page
    answer = client.post(f"{DESK}/{line.code}/khop", data={"chon": fields(page, "chon")[0]})
    assert answer.status_code == 303 and come_of(pledge.id) == 5_000_000
    (gift,) = alive()
    assert (gift.amount, gift.donor_name, gift.campaign.code) == (5_000_000, "Nguyễn Văn An", "D1")
    after = client.get(answer.location).text
    assert "Đã ghi khoản ủng hộ 5.000.000 đ" in after and "Hoàn tác việc vừa làm" in after
    back = client.post(f"{DESK}/hoan-tac", data={"chung_tu": fields(after, "chung_tu")[0], "khop": ""})
    assert back.status_code == 303 and alive() == [] and come_of(pledge.id) == 0 and len(suspense()) == 2


def test_a_second_press_is_told_and_writes_nothing(client, tmp_path, account, pledge, cast) -> None:
    bring(tmp_path, (5_000_000, "NGUYEN VAN AN"), account=account)
    code, chosen = suspense()[0].code, {"chon": f"pledge:{pledge.id}:5000000"}
    sign_in(client, cast.accountant).post(f"{DESK}/{code}/khop", data=chosen)
    again = client.post(f"{DESK}/{code}/khop", data=chosen)
    assert again.status_code == 422 and "đã được xử lý" in again.text and len(alive()) == 1


def test_who_may(client, tmp_path, account, pledge, cast) -> None:
    bring(tmp_path, (5_000_000, "NGUYEN VAN AN"), account=account)
    code, chosen = suspense()[0].code, {"chon": f"pledge:{pledge.id}:5000000"}
    for who, read, write in ((cast.auditor, 200, 403), (cast.chair, 200, 403), (cast.outsider, 200, 403)):
        sign_in(client, who)
        page = client.get(f"{DESK}?dong={code}")
        assert page.status_code == read and ('action="' + DESK + f"/{code}/khop" in page.text) is False
        assert client.post(f"{DESK}/{code}/khop", data=chosen).status_code == write
    assert "NGUYEN VAN AN" not in sign_in(client, cast.outsider).get(DESK).text and alive() == []
    foreign = make_pledge(unit=cast.other_commune)
    db.session.commit()
    answer = sign_in(client, cast.accountant).post(
        f"{DESK}/{code}/khop", data={"chon": f"pledge:{foreign.id}:5000000"}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("chosen", ["pledge:1", "paper:x:y", "other:1:2", "pledge:abc:5", ""])
def test_a_forged_choice(client, tmp_path, account, cast, chosen: str) -> None:
    bring(tmp_path, (5_000_000, "x"), account=account)
    data = {"chon": chosen} if chosen else {}
    answer = sign_in(client, cast.accountant).post(f"{DESK}/{suspense()[0].code}/khop", data=data)
    assert answer.status_code in (404, 422) and alive() == []


def test_a_new_gift_with_and_without_a_name(client, tmp_path, account, campaign, cast) -> None:
    bring(tmp_path, (200_000, "VO THI MAU ck"), (300_000, "vo danh"), account=account)
    first, second = suspense()
    sign_in(client, cast.accountant)
    named = {
        "donor_name": "Võ Thị Mẫu",
        "campaign_id": campaign.id,
        "shown_as": "name",
        "note": "qua điện thoại",
    }
    assert client.post(f"{DESK}/{first.code}/ung-ho", data=named).status_code == 303
    assert client.post(f"{DESK}/{second.code}/ung-ho", data={"donor_name": ""}).status_code == 303
    assert [(one.donor_name, one.campaign_id, one.shown_as) for one in alive()] == [
        ("Võ Thị Mẫu", campaign.id, "name"),
        (None, None, None),
    ]
    assert suspense() == []


def test_what_was_typed_stays_when_it_is_refused(client, tmp_path, account, cast) -> None:
    bring(tmp_path, (200_000, "x"), account=account)
    bad = {"donor_name": "Võ Thị Mẫu", "campaign_id": "999", "note": "ghi chú dài"}
    answer = sign_in(client, cast.accountant).post(f"{DESK}/{suspense()[0].code}/ung-ho", data=bad)
    assert answer.status_code == 422 and "Võ Thị Mẫu" in answer.text and "ghi chú dài" in answer.text
    kind = client.post(f"{DESK}/{suspense()[0].code}/khong-phai-ung-ho", data={"kind": "spending"})
    assert kind.status_code == 422 and alive() == []


def test_a_line_that_is_no_gift(client, tmp_path, account, cast) -> None:
    bring(tmp_path, (5_555, "lai"), (90_000, "tra lai"), (-22_000, "phi"), account=account)
    interest, returned = suspense()
    sign_in(client, cast.accountant)
    for line, kind in ((interest, "interest"), (returned, "refund"), (waiting_lines()[0], "fee")):
        answer = client.post(f"{DESK}/{line.code}/khong-phai-ung-ho", data={"kind": kind})
        assert answer.status_code == 303
    assert suspense() == [] and [line.left for line in waiting_lines()] == [90_000]
    assert "chờ chứng từ của nó" in client.get(DESK).text


def test_a_typed_gift_meets_its_line_and_parts(client, tmp_path, account, campaign, cast) -> None:
    make_donation(
        campaign=campaign, amount=700_000, day=DAY, form="bank", bank_account=account, donor_name="Lê Thị Mẫu"
    )
    bring(tmp_path, (700_000, "LE THI MAU ung ho"), account=account, campaign="D1")
    code = suspense()[0].code
    page = sign_in(client, cast.accountant).get(f"{DESK}?dong={code}").text
    assert "Khoản ủng hộ: Lê Thị Mẫu" in page and "Nội dung có tên Lê Thị Mẫu" in page
    client.post(f"{DESK}/{code}/khop", data={"chon": fields(page, "chon")[0]})
    assert suspense() == [] and waiting_papers("in") == [] and len(alive()) == 1


def test_an_order_for_a_list_meets_the_one_line_that_carried_it_out(
    client, tmp_path, account, campaign, cast
) -> None:
    bring(tmp_path, (9_000_000, "ung ho"), account=account, campaign="D1")
    rows = [make_row(campaign=campaign, amount=500_000, receiver=f"Hộ bà Trần Thị Mẫu {n}") for n in range(6)]
    decision = make_decision(unit=cast.commune, maker=cast.accountant, issuer=cast.chair, rows=rows)
    voucher = make_payment(
        decision=decision,
        maker=cast.officer,
        approver=cast.chair,
        payer=cast.accountant,
        bank_account=account,
    )
    bring(tmp_path, (-3_000_000, "UNC chi ho tro theo danh sach"), account=account, name="hai.csv", day=DAY)
    code = waiting_lines("in")[0].code
    page = sign_in(client, cast.accountant).get(f"{DESK}?dong={code}").text
    assert (
        f"Ủy nhiệm chi {voucher.posting.paper_number} (6 dòng chi)" in page and len(fields(page, "chon")) == 6
    )
    assert fields(client.get(f"{DESK}/cung-luc").text, "dong") == [], "equal amounts alone are no certainty"
    client.post(f"{DESK}/muc", data={"tk": "TK1", "least": "50"})
    assert client.post(f"{DESK}/cung-luc", data={"tk": "TK1", "dong": [code]}).status_code == 303
    assert waiting_lines("in") == [] and waiting_papers("out") == []
    assert db.session.scalar(select(func.count(TransitMatch.id))) == 6


def test_a_debit_joined_without_a_document_is_parted_by_undo(
    client, tmp_path, account, campaign, cast
) -> None:
    from portal.ledger.actions import account_for, post
    from portal.ledger.rules import Line

    owner = {"unit_id": account.unit_id, "fund_id": account.fund_id}
    transit = account_for(**owner, kind="transit", bank_account_id=account.id)
    box = account_for(**owner, kind="cash")
    post("internal", unit=account.unit, fund=account.fund, document_on=DAY, lines=[Line(transit, box, 400_000)],
         by=cast.accountant, reason="Rút tiền mặt về quỹ")  # fmt: skip
    bring(tmp_path, (9_000_000, "ung ho"), (-400_000, "rut tien"), account=account, campaign="D1")
    code = waiting_lines()[0].code
    page = sign_in(client, cast.accountant).get(f"{DESK}?dong={code}").text
    assert "Rút tiền mặt về quỹ" in page and "Đúng số tiền" in page
    number = db.session.scalar(select(func.max(Posting.number)))
    answer = client.post(f"{DESK}/{code}/khop", data={"chon": fields(page, "chon")[0]})
    assert waiting_lines() == [] and db.session.scalar(select(func.max(Posting.number))) == number
    match = db.session.scalars(select(TransitMatch)).one()
    assert f"khop={match.id}" in answer.location
    client.post(f"{DESK}/hoan-tac", data={"chung_tu": "", "khop": str(match.id)})
    assert len(waiting_lines()) == 1
    twice = client.post(
        f"{DESK}/hoan-tac", data={"chung_tu": "", "khop": str(match.id)}, follow_redirects=True
    )
    assert "đã được gỡ rồi" in twice.text


def test_several_lines_keep_one_pledge(client, tmp_path, account, pledge, cast) -> None:
    bring(tmp_path, (2_000_000, "NGUYEN VAN AN dot 1"), (3_000_000, "NGUYEN VAN AN dot 2"), account=account)
    first, second = suspense()
    page = sign_in(client, cast.accountant).get(f"{DESK}?dong={first.code}").text
    assert "2 lần chuyển cộng lại đúng số tiền còn lại" in page
    data = {"cung": [first.code, second.code], "dang_ky": str(pledge.id)}
    assert client.post(f"{DESK}/{first.code}/khop", data=data).status_code == 303
    assert come_of(pledge.id) == 5_000_000 and suspense() == []


def test_one_line_keeps_several_pledges_by_one_gift(client, tmp_path, account, campaign, cast) -> None:
    pledges = [
        make_pledge(unit=cast.commune, campaign=campaign, amount=amount) for amount in (300_000, 200_000)
    ]
    bring(tmp_path, (500_000, "NGUYEN VAN AN"), account=account)
    code = suspense()[0].code
    page = sign_in(client, cast.accountant).get(f"{DESK}?dong={code}").text
    assert "cộng đúng số tiền còn lại của 2 đăng ký cùng người" in page.lower()
    client.post(
        f"{DESK}/{code}/khop",
        data={"chon": [f"pledge:{one.id}:{n}" for one, n in zip(pledges, (300_000, 200_000), strict=True)]},
    )
    assert [come_of(one.id) for one in pledges] == [300_000, 200_000] and len(alive()) == 1


def test_many_are_accepted_from_the_units_level(client, tmp_path, account, campaign, cast) -> None:
    names = ("Nguyễn Văn An", "Lê Thị Mẫu", "Phạm Văn Mẫu")
    pledges = [make_pledge(unit=cast.commune, campaign=campaign, donor_name=name) for name in names]
    lines = (
        (5_000_000, "NGUYEN VAN AN"),
        (5_000_000, "LE THI MAU"),
        (5_000_000, "x"),
        (7_000, "PHAM VAN MAU"),
    )
    bring(tmp_path, *lines, account=account)
    page = sign_in(client, cast.accountant).get(f"{DESK}/cung-luc").text
    codes = fields(page, "dong")
    assert len(codes) == 2 and "10.000.000" in page
    answer = client.post(f"{DESK}/cung-luc", data={"tk": "TK1", "dong": codes})
    assert answer.status_code == 303 and [come_of(one.id) for one in pledges] == [5_000_000, 5_000_000, 0]
    done = client.get(answer.location).text
    client.post(f"{DESK}/hoan-tac", data={"chung_tu": fields(done, "chung_tu")[0], "khop": ""})
    assert len(suspense()) == 4 and alive() == []
    stale = client.post(f"{DESK}/cung-luc", data={"tk": "TK1", "dong": [codes[0], suspense()[2].code]})
    assert stale.status_code == 422 and "Chưa ghi dòng nào" in stale.text and alive() == []
    assert client.post(f"{DESK}/muc", data={"tk": "TK1", "least": "50"}).status_code == 303
    assert "“Có thể” trở lên" in client.get(f"{DESK}/cung-luc").text
    assert client.post(f"{DESK}/muc", data={"tk": "TK1", "least": "10"}).status_code == 422


def test_gifts_that_are_in_the_books_are_joined_later(client, tmp_path, account, pledge, cast) -> None:
    bring(tmp_path, (5_000_000, "NGUYEN VAN AN"), (5_000_000, "ai do"), account=account, campaign="D1")
    url = f"{DESK}/khoan-da-ghi"
    page = sign_in(client, cast.accountant).get(url).text
    (chosen,) = fields(page, "khoan")
    assert client.post(url, data={"tk": "TK1", "khoan": [chosen]}).status_code == 303
    assert come_of(pledge.id) == 5_000_000 and alive()[0].donor_name == "Nguyễn Văn An"
    again = client.post(url, data={"tk": "TK1", "khoan": [chosen]})
    assert again.status_code == 422 and client.post(url, data={"tk": "TK1"}).status_code == 422
    assert "Không có khoản nào" in client.get(url).text


def test_the_queue_is_read_with_few_statements(client, tmp_path, account, pledge, cast) -> None:
    bring(tmp_path, *[(1_000 + number, f"dong {number}") for number in range(5)], account=account)
    sign_in(client, cast.accountant).get(DESK)
    with heard() as few:
        client.get(DESK)
    bring(
        tmp_path,
        *[(5_000 + number, f"them {number}") for number in range(120)],
        account=account,
        name="hai.csv",
    )
    with heard() as many:
        assert "Trang sau" in client.get(DESK).text
    assert len(many) == len(few) < 40
    found = queue(cast.accountant, Asked(account.id), skip=40, limit=40)
    assert len(found) == 40 and found == sorted(found, key=lambda one: (one.day, one.key))


def test_filters_stand_in_the_address(client, tmp_path, account, cast) -> None:
    make_rule(account=account, kind="own", words="noi bo")
    bring(tmp_path, (5_000, "ung ho"), (6_000, "noi bo"), (-7_000, "chi"), account=account)
    sign_in(client, cast.accountant)
    for what, lines in (("cho", ["5.000"]), ("vao", ["5.000", "6.000"]), ("ra", ["−7.000"])):
        page = client.get(f"{DESK}?loai={what}&tk=TK1").text
        assert re.findall(r'desk-amount figures">([^<]+)<', page) == lines
    assert client.get(f"{DESK}?loai=la").status_code == client.get(f"{DESK}?tk=KHONG").status_code == 404
    assert "không còn chờ" in client.get(f"{DESK}?dong=9-9").text
    assert db.session.scalar(select(func.count(LineRule.id))) == 1


def paper(number: int, day: date = DAY, *lefts: int, **more) -> Paper:
    return Paper(tuple(((number, place), left) for place, left in enumerate(lefts, start=1)), day, **more)


def keys_of(match) -> list[int]:
    return [one.parts[0][0][0] for one, _ in match.papers]


def test_papers_are_ranked_with_reasons() -> None:
    near = paper(1, DAY, 500_000, names=("Lê Thị Mẫu",), marks=("UNC-0001/2026",))
    far = paper(2, date(2026, 9, 1), 500_000)
    half, rest = paper(3, DAY, 200_000), paper(4, DAY, 300_000)
    found = suggest_papers(DAY, 500_000, "UNC 0001 2026 LE THI MAU", [far, half, rest, near])
    assert keys_of(found[0]) == [1] and found[0].confidence >= VERY
    assert keys_of(found[1]) == [3, 4] and found[1].amount == 500_000
    assert all(2 not in keys_of(one) for one in found[:2])


def test_a_list_is_met_as_a_whole_or_payment_by_payment() -> None:
    listed = paper(5, DAY, *[100_000] * 60, 250_000)
    (whole,) = suggest_papers(DAY, 6_250_000, "x", [listed])
    assert len(whole.papers[0][0].taken(whole.amount)) == 61 and "đúng số tiền" in whole.reasons[0].text
    one, *_ = suggest_papers(DAY, 250_000, "x", [listed])
    assert one.papers[0][0].parts == (((5, 61), 250_000),)
    assert "một dòng trong danh sách" in one.reasons[0].text
    assert paper(6, DAY, 300, 200).taken(400) == (((6, 1), 300), ((6, 2), 100))


def test_two_alike_are_no_certainty() -> None:
    alike = [paper(number, DAY, 500_000) for number in (1, 2)]
    assert all(one.confidence < VERY for one in suggest_papers(DAY, 500_000, "x", alike))


def test_a_book_of_pledges_brings_only_what_may_fit(db_session, account, campaign, cast) -> None:
    for number in range(40):
        make_pledge(
            unit=cast.commune,
            campaign=campaign,
            donor_name=f"Trần Văn Mẫu {number}",
            amount=1_000 * (number + 1),
        )
    book = candidates.PledgeBook(account)
    line = candidates.Line("x", DAY, 5_000, "khong ten")
    assert [one.left for one in book.near(line)] == [5_000]


def test_a_gift_that_is_none_is_taken_back_on_screen(client, tmp_path, account, campaign, cast) -> None:
    bring(tmp_path, (500_000, "chuyen noi bo"), account=account, campaign="D1")
    code = alive()[0].code
    url = f"/quan-ly/sao-ke/khong-phai-ung-ho/{code}"
    assert url in sign_in(client, cast.accountant).get(f"/quan-ly/khoan-ung-ho/{code}").text
    assert client.post(url, data={"reason": ""}).status_code == 422
    asked = client.post(url, data={"reason": "Tiền của Quỹ"})
    assert asked.status_code == 303 and "500.000" in client.get(asked.location).text
    assert client.post(url, data={"reason": "lần nữa"}).status_code == 422
    assert client.post(asked.location, data={"decision": "approve"}).status_code == 403
    assert sign_in(client, cast.outsider).get(asked.location).status_code == 404
    assert "Đề nghị rút khoản của sao kê chờ duyệt" in sign_in(client, cast.chair).get("/quan-ly/").text
    assert client.post(asked.location, data={"decision": "refuse", "answer": ""}).status_code == 422
    assert client.post(asked.location, data={"decision": "approve"}).status_code == 303
    assert alive() == [] and len(suspense()) == 1
    public = client.get(f"/khoan-ung-ho/{code}").text
    assert "đã được đảo bằng bút toán số" in public
    assert code not in client.get("/tra-cuu?q=chuyen+noi+bo").text
    assert "Rút khoản không phải ủng hộ" in client.get("/thu-chi").text
