"""What is open between statements and books: three lists with ages, where they are told of, one line's page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select

from portal.kit import access
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.ledger.actions import account_for, post
from portal.ledger.rules import Line
from portal.operate import attention
from portal.statements import desk as work
from portal.statements import meeting, open_lists, open_rows, settling
from portal.statements.classes import FEE, IN, INTEREST, OUT, OWN
from portal.statements.correcting import decide_correction, request_correction
from portal.statements.models import Statement, StatementLine
from portal.statements.settling import GiftPart
from tests.cast import make_account, make_campaign, make_donation, make_user, sign_in
from tests.pledges.books import make_pledge
from tests.statements.builders import bring, make_rule, suspense, waiting_lines

DESK = "/quan-ly/sao-ke/doi-chieu"
BOTH = "/quan-ly/sao-ke/chua-khop/"
LINES, PAPERS = f"{BOTH}dong/", f"{BOTH}chung-tu/"
TODAY = today_in_vietnam()


@pytest.fixture
def account(db_session, cast):
    return make_account(unit=cast.commune, code="TK1", number="0011004123456")


@pytest.fixture
def campaign(db_session, cast):
    return make_campaign(unit=cast.commune, code="D1", starts_on=date(2026, 1, 1), ends_on=None)


@pytest.fixture
def desk(client, cast, account):
    return sign_in(client, cast.accountant)


def ago(days: int) -> date:
    return today_in_vietnam() - timedelta(days=days)


def address(ordinal: int) -> str:
    db.session.rollback()
    statement_id = db.session.scalar(select(func.max(Statement.id)))
    return f"/quan-ly/sao-ke/{statement_id}/dong/{ordinal}"


def statements_of(call) -> int:
    seen: list[str] = []
    listen = db.engine, "before_cursor_execute", lambda *args: seen.append(args[2])
    event.listen(*listen)
    call()
    event.remove(*listen)
    return len(seen)


def test_money_nobody_has_recognised_by_account_and_age(desk, account, tmp_path, cast) -> None:
    second = make_account(unit=cast.commune, code="TK2", number="0011004999999")
    for name, days in (("a.csv", 3), ("b.csv", 8), ("c.csv", 40), ("d.csv", 91)):
        bring(tmp_path, (days * 1_000, f"dong {days}"), account=account, name=name, day=ago(days))
    bring(tmp_path, (500_000, "tai khoan hai"), account=second, name="e.csv", day=ago(3))
    page = desk.get(BOTH).text
    ages = open_rows.suspense_ages(open_rows.suspense_places(cast.accountant), TODAY)
    assert [one.account for one in ages] == ["", "TK2", "TK1"]
    assert ages[0].by_age == {"7": (2, 503_000), "30": (1, 8_000), "90": (1, 40_000), "hon": (1, 91_000)}
    assert "Mọi tài khoản" in page and "642.000" in page and "Tổng cộng (đ)" in page
    for query, texts in (
        ("tuoi=7", ["dong 3", "tai khoan hai"]),
        ("tuoi=hon", ["dong 91"]),
        (f"tk={account.id}&tuoi=30", ["dong 8"]),
        (f"tu={format_day(ago(40))}&den={format_day(ago(8))}", ["dong 40", "dong 8"]),
        ("tien=500.000", ["tai khoan hai"]),
        ("q=hai+khoan", ["tai khoan hai"]),
    ):
        shown = desk.get(f"{BOTH}?{query}&xuat=csv").text
        assert [row.split(",")[2] for row in shown.splitlines()[1:]] == texts, query
    assert desk.get(f"{BOTH}?xuat=xlsx").status_code == 200
    bad = desk.get(f"{BOTH}?tu=31/02/2026&tuoi=abc&tien=x&sau=nope")
    assert bad.status_code == 422 and bad.text.count("field-error") >= 3


def test_a_long_list_is_paged_by_where_the_last_page_ended(desk, account, tmp_path, monkeypatch) -> None:
    plain = open_lists.suspense_list

    def short(*args):
        return replace(plain(*args), page_size=4, counted=6)

    monkeypatch.setattr(open_lists, "suspense_list", short)
    bring(tmp_path, *((n, f"dong {n:02d}") for n in range(1, 11)), account=account, day=ago(2))
    seen, url, back = [], BOTH, None
    for _ in range(3):
        page = desk.get(url).text
        seen.append([n for n in range(1, 11) if f"dong {n:02d}" in page])
        assert "hơn 6 dòng" in page and "Tải Excel mọi dòng này" in page
        back, url = _link(page, "prev"), _link(page, "next") or ""
    assert seen == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]] and url == ""
    assert [n for n in range(1, 11) if f"dong {n:02d}" in desk.get(back).text] == [5, 6, 7, 8]
    for odd in ("sau=1", "sau=99999999-1-1", "truoc=20261301-1-1", "sau=a-b-c", f"sau={'9' * 40}-1-1"):
        assert desk.get(f"{BOTH}?{odd}").status_code == 200


def _link(page: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else None


def test_a_page_takes_as_many_statements_for_one_line_as_for_many(desk, account, tmp_path) -> None:
    bring(tmp_path, (1, "mot"), account=account, name="a.csv", day=ago(1))
    desk.get(BOTH)
    few = statements_of(lambda: desk.get(BOTH))
    bring(tmp_path, *((n, f"dong {n}") for n in range(2, 60)), account=account, name="b.csv", day=ago(1))
    fresh = statements_of(lambda: desk.get(BOTH))
    assert fresh <= few + 1 and statements_of(lambda: desk.get(BOTH)) == few, "the ages were read already"


def test_lines_and_papers_that_wait_for_each_other(desk, account, campaign, cast, tmp_path) -> None:
    owner = {"unit_id": account.unit_id, "fund_id": account.fund_id}
    transit = account_for(**owner, kind="transit", bank_account_id=account.id)
    make_rule(account=account, kind=OWN, words="noi bo")
    gift = make_donation(campaign=campaign, amount=700_000, day=ago(10), form="bank", bank_account=account)
    paid = post(
        "internal", unit=account.unit, fund=account.fund, document_on=ago(3), by=cast.accountant,
        lines=[Line(transit, account_for(**owner, kind="cash"), 250_000)], reason="Rút tiền mặt",
    )  # fmt: skip
    bring(
        tmp_path, (9_000_000, "ung ho"), (-300_000, "UNC 12"), (40_000, "noi bo"), account=account, campaign="D1",
        day=ago(45),
    )  # fmt: skip
    lines = desk.get(f"{LINES}?xuat=csv").text.splitlines()[1:]
    assert [row.split(",")[2:5] for row in lines] == [
        ["UNC 12", "Tiền ra", "Chưa rõ"], ["noi bo", "Tiền vào", "Chuyển giữa tài khoản của Quỹ"],
    ]  # fmt: skip
    page = desk.get(LINES).text
    assert "340.000" in page and "45 ngày" in page and address(2) in page
    assert "UNC 12" not in desk.get(f"{LINES}?huong=in").text
    papers = desk.get(PAPERS).text
    assert f"/quan-ly/khoan-ung-ho/{gift.code}" in papers and "Nguyễn Văn An" in papers
    assert f"Chuyển nội bộ số {paid.number}" in papers and "950.000" in papers and "Rút tiền mặt" in papers
    assert "Rút tiền mặt" not in desk.get(f"{PAPERS}?loai=donation").text
    assert "700.000" not in desk.get(f"{PAPERS}?tuoi=7").text.partition('id="listing"')[2]
    (line,) = waiting_lines(IN)
    meeting.meet(line, [(paid.number, 1)], by=cast.accountant)
    db.session.commit()
    page = desk.get(LINES).text
    assert "50.000" in page, "what is left of the line still waits"
    assert "Rút tiền mặt" not in desk.get(PAPERS).text
    one = desk.get(address(2)).text
    assert "một phần đã khớp" in one and f"Chuyển nội bộ số {paid.number}" in one and "250.000" in one


def test_many_papers_are_told_at_once(desk, account, campaign) -> None:
    def gift() -> None:
        make_donation(campaign=campaign, amount=5_000, day=ago(2), form="bank", bank_account=account)
        db.session.commit()

    gift()
    few = statements_of(lambda: desk.get(PAPERS))
    for _ in range(6):
        gift()
    assert statements_of(lambda: desk.get(PAPERS)) == few


def test_who_sees_what_is_open(client, cast, account, tmp_path) -> None:
    bring(tmp_path, (70_000, "ung ho kin"), (-300, "chi kin"), account=account, day=ago(9))
    here = address(1)
    auditor = sign_in(client, cast.auditor)
    assert "ung ho kin" in auditor.get(BOTH).text and "chi kin" in auditor.get(LINES).text
    one = auditor.get(here).text
    assert "ung ho kin" in one and "Xử lý dòng này" not in one and "Kế toán của đơn vị" in one
    outsider = sign_in(client, cast.outsider)
    for url in (BOTH, LINES, PAPERS):
        page = outsider.get(url)
        assert page.status_code == 200 and "kin" not in page.text and "TK1" not in page.text
    assert outsider.get(here).status_code == 404
    assert outsider.get(f"{BOTH}?tk={account.id}").status_code == 422, "the account is not offered"
    assert sign_in(client, cast.accountant).get(here.rsplit("/", 1)[0] + "/99").status_code == 404


def test_the_start_page_names_what_has_waited_for_a_week(
    client, cast, account, tmp_path, monkeypatch
) -> None:
    bring(tmp_path, (70_000, "a"), (80_000, "b"), (-300, "c"), account=account, day=ago(8))
    bring(tmp_path, (1_000, "moi"), account=account, name="b.csv", day=ago(6))
    page = sign_in(client, cast.accountant).get("/quan-ly/").text
    assert (
        "Tiền chờ xác định" in page
        and "150.000 đ, đã quá 7 ngày" in page
        and f'href="{DESK}?loai=cho"' in page
    )
    assert "Dòng sao kê chờ chứng từ" in page and "300 đ, đã quá 7 ngày" in page and f'href="{DESK}"' in page
    assert "Tiền chờ xác định" not in sign_in(client, cast.officer).get("/quan-ly/").text
    far = make_user(name="Kế Toán Xa", role=access.ACCOUNTANT, unit=cast.other_commune)
    assert "đã quá 7 ngày" not in sign_in(client, far).get("/quan-ly/").text
    monkeypatch.setattr(work, "MOST_COUNTED", 1)
    assert "Hơn 1 dòng, hơn 150.000 đ" in sign_in(client, cast.accountant).get("/quan-ly/").text


def test_closing_leads_to_what_is_open(client, cast, account, tmp_path) -> None:
    bring(tmp_path, (70_000, "a"), (-300, "b"), account=account, day=ago(8))
    who = sign_in(client, cast.accountant)
    through = format_day(ago(7))
    page = who.get(
        f"/quan-ly/khoa-so/?unit_id={account.unit_id}&fund_id={account.fund_id}&through={through}"
    ).text
    assert f'href="{BOTH}"' in page and "Tiền chờ xác định" in page and f'href="{PAPERS}"' in page


def test_check_names_accounts_with_old_money(cast, account, campaign, tmp_path) -> None:
    def said() -> list[str]:
        db.session.rollback()
        return [one.text for one in attention._late_lines(db.session.connection()) if not one.fine]

    bring(tmp_path, (70_000, "a"), account=account, day=ago(30))
    assert said() == []
    bring(tmp_path, (70_000, "a"), (-300, "b"), account=account, name="b.csv", day=ago(31))
    make_donation(campaign=campaign, amount=5_000, day=ago(50), form="bank", bank_account=account)
    db.session.commit()
    (one,) = said()
    assert "Tài khoản TK1" in one and "70.000 đồng chờ xác định, 5.300 đồng chờ khớp sao kê" in one


def test_a_line_that_is_a_gift_and_one_that_a_rule_knows(desk, account, campaign, cast, tmp_path) -> None:
    rule = make_rule(account=account, kind=INTEREST, words="lai nhap von", name="Lãi")
    pledge = make_pledge(unit=cast.commune, campaign=campaign)
    bring(
        tmp_path, (500, f"MBVCB.12345678.{pledge.transfer_code}.CT tu 0123456789 TRAN THI BE toi 0011"),
        (9, "lai nhap von"), account=account, campaign="D1",
    )  # fmt: skip
    first, second = address(1), address(2)
    page = desk.get(first).text
    assert "Đã ghi là khoản ủng hộ" in page and "TRAN THI BE (ngân hàng ghi rõ)" in page
    assert pledge.paper_number in page and "/quan-ly/khoan-ung-ho/" in page and "Nguyễn Văn An" in page
    page = desk.get(second).text
    assert "Đã ghi là lãi tiền gửi" in page and f"/quan-ly/sao-ke/quy-tac/{rule.id}" in page
    listed = desk.get(first.rsplit("/dong", 1)[0])
    assert "Lãi tiền gửi" in listed.text and first in listed.text and f"/quy-tac/{rule.id}" in listed.text
    only = desk.get(first.rsplit("/dong", 1)[0] + "?la=interest&xuat=csv").text
    assert "lai nhap von" in only and "MBVCB" not in only


def test_the_page_of_a_line_follows_what_is_made_of_it(desk, account, campaign, cast, tmp_path) -> None:
    bring(tmp_path, (500, "abc"), (-70, "phi"), account=account)
    first, second = address(1), address(2)
    assert "Đang ở tiền chờ xác định" in desk.get(first).text and "Xử lý dòng này" in desk.get(first).text
    posting = settling.settle_as_gift(
        suspense()[0], [GiftPart(500, campaign, donor_name="Bà Sáu")], by=cast.accountant
    )
    db.session.commit()
    page = desk.get(first).text
    assert "Đã ghi là khoản ủng hộ" in page and "Bà Sáu" in page and "Xử lý dòng này" not in page
    settling.undo(posting, by=cast.accountant)
    settling.settle_as(waiting_lines(IN)[0], FEE, by=cast.accountant)
    db.session.commit()
    assert "Đang ở tiền chờ xác định" in desk.get(first).text
    page = desk.get(second).text
    assert "Đã khớp với chứng từ" in page and "Phí ngân hàng" in page


def test_a_line_taken_back_waits_again(desk, account, campaign, cast, tmp_path) -> None:
    from portal.donations.models import Donation

    bring(tmp_path, (500, "abc"), account=account, campaign="D1")
    gift = db.session.scalars(select(Donation)).one()
    asked = request_correction(gift, reason="Tiền nội bộ", by=cast.accountant)
    decide_correction(asked, approve=True, answer="", by=cast.chair)
    db.session.commit()
    page = desk.get(address(1)).text
    assert "Không còn tính" in page and "Tiền nội bộ" in page and "Đang ở tiền chờ xác định" in page
    assert "abc" in desk.get(BOTH).text


def test_two_own_accounts_that_met_are_shown_on_both_lines(desk, account, cast, tmp_path) -> None:
    other = make_account(unit=cast.commune, code="TK2", number="0011004999999")
    bring(tmp_path, (-4_000, "sang TK2"), account=account)
    bring(tmp_path, (4_000, "tu TK1"), account=other, name="hai.csv")
    first, second = waiting_lines()[0], suspense()[0]
    meeting.meet(second, [first.key], by=cast.accountant)
    db.session.commit()
    for statement_id in db.session.scalars(select(StatementLine.statement_id)).all():
        page = desk.get(f"/quan-ly/sao-ke/{statement_id}/dong/1").text
        assert "Đã khớp với chứng từ" in page and "Chuyển giữa tài khoản của Quỹ" in page


def test_the_check_shows_what_the_new_lines_are(desk, account, campaign, app, tmp_path) -> None:
    import io

    from tests.statements.test_views import work as run

    make_rule(account=account, kind=FEE, direction=OUT, words="phi sms", name="Phí")
    pledge = make_pledge(unit=account.unit, campaign=campaign)
    db.session.commit()
    head = "Ngày giao dịch,Số tham chiếu,Số tiền ghi nợ,Số tiền ghi có,Mô tả\n"
    rows = [f"{format_day(ago(2))},FT{n},{debit},{credit},{text}\n" for n, (debit, credit, text) in enumerate(
        [("", 500_000, "ung ho"), (11_000, "", "PHI SMS"), ("", 7, pledge.transfer_code),
         ("", 9, f"{pledge.transfer_code} {campaign.transfer_code}")])]  # fmt: skip
    data = {
        "account": "TK1",
        "campaign": "D1",
        "file": (io.BytesIO((head + "".join(rows)).encode()), "a.csv"),
    }
    sent = desk.post("/quan-ly/sao-ke/nap", data=data, content_type="multipart/form-data")
    run(app)
    page = desk.get(sent.location).text
    assert "Dòng mới sẽ được ghi là" in page and "Phí ngân hàng" in page and "11.000" in page
    assert "1 dòng mang mã của đăng ký" in page and "1 dòng: nội dung có nhiều mã chuyển khoản" in page
