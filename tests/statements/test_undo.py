"""A whole statement is taken back by two people: books, key space, opening balance; what blocks it; who may."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event, func, select

from portal.donations.groups import name_members
from portal.donations.member_rows import MemberRow
from portal.donations.models import Donation
from portal.donations.queries import is_reversed
from portal.donations.reclassification import request_reclassification
from portal.donations.refunds import request_refund
from portal.donations.search import Wanted, search
from portal.kit.access import ACCOUNTANT, APPROVER
from portal.kit.audit import AuditEntry
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.ledger import actions as ledger
from portal.ledger.actions import close_period
from portal.ledger.models import Account, Posting, Transfer
from portal.ledger.queries import account_balance, reversal_of
from portal.operate.verify import first_problem
from portal.people.models import User
from portal.pledges.matching import fulfil, release
from portal.receipts.actions import issue_receipt, print_one
from portal.statements import actions, settling, undoing
from portal.statements.actions import import_file
from portal.statements.classes import FEE, INTEREST
from portal.statements.models import Statement, StatementLine, StatementUndo
from portal.statements.undoing import decide_undo, request_undo
from portal.statements.uses import BLOCKERS, count_uses, used_lines
from tests.cast import grant, make_account, make_campaign, make_user, sign_in
from tests.ledger.test_at_once import in_threads
from tests.pledges.books import make_pledge
from tests.statements import builders
from tests.statements.samples import ACCOUNT, OPENING, write_vcb_csv

FIRST = dt.date(2026, 8, 3)


@pytest.fixture(autouse=True)
def without_index(request, monkeypatch):
    """The text index follows in its own test."""
    if "found" not in request.node.name:
        monkeypatch.setattr(actions, "follow_books", lambda: 0)


@pytest.fixture
def bring(tmp_path, commune, db_session):
    """A function that writes a statement of the commune's account and imports it: (outcome, truth)."""
    make_account(unit=commune, code="TK1", number=ACCOUNT)
    make_campaign(unit=commune, code="D1", starts_on=dt.date(2026, 8, 1), ends_on=dt.date(2026, 9, 30))
    db_session.commit()

    def write_and_import(name: str = "saoke.csv", **options):
        expected = write_vcb_csv(tmp_path / name, **options)
        db.session.commit()
        return import_file(tmp_path / name, account_code="TK1", campaign_code="D1"), expected

    return write_and_import


def statement_of(outcome) -> Statement:
    return db.session.get_one(Statement, outcome.statement_id)


def take_back(statement: Statement, cast) -> StatementUndo:
    by, second = (db.session.get_one(User, person.id) for person in (cast.accountant, cast.chair))
    asked = undoing.request_undo(statement, reason="Nạp nhầm tệp", by=by)
    undoing.decide_undo(asked, approve=True, answer="", by=second)
    db.session.commit()
    return asked


def balance(kind: str, day: dt.date | None = None) -> int:
    ids = db.session.scalars(select(Account.id).where(Account.kind == kind))
    return sum(account_balance(key, day) for key in ids)


def gift(n: int = 0) -> Donation:
    return db.session.scalars(select(Donation).where(~is_reversed()).order_by(Donation.id).offset(n)).first()


def assert_sound() -> None:
    assert first_problem(db.session.connection()) is None


def test_an_undone_statement_leaves_the_books_as_they_were(bring, cast, db_session) -> None:
    outcome, expected = bring(rows=600)
    statement = statement_of(outcome)
    asked = take_back(statement, cast)
    assert statement.state == "undone" and asked.opening_went
    for kind in ("bank", "transit", "received", "opening"):
        for day in (None, FIRST, FIRST + dt.timedelta(days=9)):  # day by day, not only in the end
            assert balance(kind, day) == 0
    mirror = reversal_of(statement.posting_number)
    assert asked.reversal_number == mirror.number and mirror.reason == "Nạp nhầm tệp"
    assert (mirror.by_id, mirror.second_id) == (cast.accountant.id, cast.chair.id)
    assert db_session.scalar(select(func.count(StatementLine.key))) == 0
    assert db_session.scalar(select(func.count()).select_from(StatementLine)) == 600
    note = db_session.scalars(select(AuditEntry).where(AuditEntry.action == "undo")).one()
    assert note.entity == "statement" and note.changes["new_rows"] == 600
    assert_sound()


def test_the_same_file_is_read_again_after_it(bring, cast, db_session) -> None:
    outcome, _ = bring(rows=300)
    take_back(statement_of(outcome), cast)
    again, expected = bring(rows=300)
    assert (again.new, again.duplicates) == (300, 0) and not any("Chưa khớp" in note for note in again.notes)
    assert balance("bank") == expected.closing and -balance("opening") == OPENING
    counted = select(func.count(Donation.id)).where(~is_reversed())
    assert db_session.scalar(counted) == expected.credit_count
    assert bring(rows=300)[0].new == 0
    assert_sound()


def test_a_corrected_file_is_read_after_it(bring, cast) -> None:
    outcome, _ = bring(rows=200, seed=3)
    take_back(statement_of(outcome), cast)
    right, expected = bring(rows=260, seed=4)
    assert right.new == 260 and balance("bank") == expected.closing
    assert balance("bank", FIRST - dt.timedelta(days=1)) == 0
    assert_sound()


def test_the_opening_stays_while_another_statement_rests_on_it(bring, cast, db_session) -> None:
    first, of_first = bring("a.csv", rows=80, days=4)
    later, of_later = bring("b.csv", rows=80, days=4, seed=9, start=dt.date(2026, 9, 1), without_opening=True,
                            without_totals=True, balance="none")  # fmt: skip
    moved = of_later.closing - of_later.opening
    asked = take_back(statement_of(first), cast)
    assert not asked.opening_went and balance("bank") == OPENING + moved
    again, _ = bring("a.csv", rows=80, days=4)  # the corrected file meets the opening that stayed
    assert again.new == 80 and not any("Chưa khớp" in note for note in again.notes)
    assert balance("bank") == of_first.closing + moved
    assert not take_back(statement_of(again), cast).opening_went
    assert take_back(statement_of(later), cast).opening_went  # the last one takes it along
    assert balance("bank") == balance("opening") == 0
    assert_sound()


def test_lines_of_a_closed_period_are_answered_on_the_first_open_day(bring, cast, db_session) -> None:
    outcome, expected = bring(rows=200, days=20)
    statement = statement_of(outcome)
    account = statement.bank_account
    with_closed = FIRST + dt.timedelta(days=9)
    before = balance("bank", with_closed)
    close_period(account.unit, account.fund, with_closed, by=None)
    db_session.commit()
    take_back(statement, cast)
    assert balance("bank") == 0 and balance("bank", with_closed) == before
    mirror = reversal_of(statement.posting_number)
    booked = select(func.min(Transfer.booked_on)).where(Transfer.posting_number == mirror.number)
    assert db_session.scalar(booked) > with_closed
    assert_sound()


def test_a_statement_without_new_lines_is_undone_without_a_document(bring, cast) -> None:
    bring(rows=50)
    again, expected = bring(rows=50)
    statement = statement_of(again)
    asked = take_back(statement, cast)
    assert statement.state == "undone" and asked.reversal_number is None and not asked.opening_went
    assert balance("bank") == expected.closing
    assert_sound()


def _receipt(cast) -> None:
    issue_receipt(gift(), cast.accountant)


def _print(cast) -> None:
    issue_receipt(gift(), cast.accountant)
    db.session.flush()
    print_one(gift(), "receipt", by=cast.accountant)


def _refund(cast) -> None:
    account = db.session.scalars(select(Statement)).one().bank_account
    request_refund(gift(), amount=1_000, place="bank", bank_account=account, receiver="Nguyễn Văn An",
                   reason="Chuyển nhầm", by=cast.accountant)  # fmt: skip


def _reclassify(cast) -> None:
    request_reclassification(gift(), None, reason="Nhầm đợt", by=cast.officer)


def _group(cast) -> None:
    name_members(gift(), [MemberRow("Nguyễn Văn An", None, 1_000)], cast.officer)


def _pledge(cast) -> None:
    pledge = make_pledge(unit=cast.commune, pledged_on=FIRST)
    one = gift()
    fulfil(pledge, posting_number=one.posting_number, ordinal=one.ordinal, amount=1_000, by=cast.officer)


@pytest.mark.parametrize(
    ("use", "why"),
    [
        (_receipt, "đã cấp biên lai"),
        (_print, "đã in giấy"),
        (_refund, "đề nghị hoàn trả"),
        (_reclassify, "đề nghị chuyển đợt"),
        (_group, "khoản của nhiều người"),
        (_pledge, "đã ghép với đăng ký"),
    ],
)
def test_what_was_done_with_a_line_is_listed_and_blocks(bring, cast, client, use, why) -> None:
    outcome, _ = bring(rows=40)
    statement, first = statement_of(outcome), gift()
    use(cast)
    db.session.commit()
    rows, _ = used_lines(statement)
    found = db.session.execute(rows).all()
    assert any(why in BLOCKERS[row.kind].why for row in found)
    assert {(row.ordinal, row.day, row.credit) for row in found} == {
        (first.ordinal, first.donated_on, first.amount)
    }
    with pytest.raises(Refused, match="đã dùng các dòng"):
        undoing.request_undo(statement, reason="Nạp nhầm", by=cast.accountant)
    db.session.rollback()
    page = sign_in(client, cast.accountant).get(f"/quan-ly/sao-ke/{outcome.statement_id}/hoan-lai")
    assert page.status_code == 200 and why in page.text and first.text[:20] in page.text
    assert "Đề nghị hoàn lại cả lần nạp" not in page.text
    assert "/quan-ly/khoan-ung-ho/" in page.text or "/quan-ly/dang-ky/" in page.text


def test_a_use_between_the_request_and_the_answer_blocks_too(bring, cast, db_session) -> None:
    outcome, expected = bring(rows=40)
    statement = statement_of(outcome)
    asked = undoing.request_undo(statement, reason="Nạp nhầm", by=cast.accountant)
    pledge, one = make_pledge(unit=cast.commune, pledged_on=FIRST), gift()
    kept = fulfil(
        pledge, posting_number=one.posting_number, ordinal=one.ordinal, amount=1_000, by=cast.officer
    )
    db_session.commit()
    with pytest.raises(Refused, match="Có 1 chỗ"):
        undoing.decide_undo(asked, approve=True, answer="", by=cast.chair)
    db_session.rollback()
    assert asked.approved is None and statement.state == "posted" and balance("bank") == expected.closing
    release(kept, by=cast.officer)
    undoing.decide_undo(asked, approve=True, answer="", by=cast.chair)
    assert statement.state == "undone" and count_uses(statement) == 0


def test_it_is_not_undone_while_another_statement_is_being_read(bring, cast, db_session) -> None:
    outcome, _ = bring(rows=20)
    statement = statement_of(outcome)
    other = Statement(bank_account_id=statement.bank_account_id, file_name="x.csv", file_sha256="0" * 64)
    db_session.add(other)
    db_session.commit()
    with pytest.raises(Refused, match="đang có một sao kê được nạp"):
        undoing.request_undo(statement, reason="Nạp nhầm", by=cast.accountant)


def test_it_is_undone_once_and_by_another_person(bring, cast, db_session) -> None:
    outcome, _ = bring(rows=20)
    statement = statement_of(outcome)
    with pytest.raises(Refused, match="Chưa ghi lý do"):
        undoing.request_undo(statement, reason=" ", by=cast.accountant)
    asked = undoing.request_undo(statement, reason="Nạp nhầm", by=cast.accountant)
    with pytest.raises(Refused, match="đang chờ duyệt"):
        undoing.request_undo(statement, reason="Nạp nhầm", by=cast.accountant)
    db_session.commit()
    with pytest.raises(Refused, match="Người duyệt phải khác"):
        undoing.decide_undo(asked, approve=True, answer="", by=cast.accountant)
    db_session.rollback()
    with pytest.raises(Refused, match="Chưa ghi lý do từ chối"):
        undoing.decide_undo(asked, approve=False, answer="", by=cast.chair)
    db_session.rollback()
    undoing.decide_undo(asked, approve=False, answer="Tệp đúng rồi", by=cast.chair)
    assert statement.state == "posted"
    take_back(statement, cast)
    with pytest.raises(Refused, match="không có gì để hoàn lại"):
        undoing.request_undo(statement, reason="Nạp nhầm", by=cast.accountant)


def test_of_two_answers_at_once_one_counts(app, bring, cast, db_session) -> None:
    outcome, _ = bring(rows=60)
    statement = statement_of(outcome)
    request_id = undoing.request_undo(statement, reason="Nạp nhầm", by=cast.accountant).id
    number, people = statement.posting_number, [cast.chair.id, cast.officer.id]
    db_session.commit()

    def answer(person: int) -> str:
        with writing():
            asked = db.session.get_one(StatementUndo, request_id)
            by = db.session.get_one(User, people[person])
            try:
                undoing.decide_undo(asked, approve=True, answer="", by=by)
            except Refused as refused:
                return refused.text
            db.session.commit()
            return "done"

    assert sorted(in_threads(app, 2, answer)) == [
        "done",
        "Đề nghị này đã được trả lời. Tải lại trang để xem kết quả.",
    ]
    assert len(db_session.scalars(select(Posting).where(Posting.reverses == number)).all()) == 1
    assert_sound()


def test_its_document_is_not_reversed_in_the_books(bring, cast, db_session) -> None:
    outcome, _ = bring(rows=20)
    posting = db_session.get_one(Posting, statement_of(outcome).posting_number)
    with pytest.raises(Refused, match="Hoàn lại cả lần nạp"):
        ledger.reverse(posting, reason="Nhầm", by=cast.accountant, second=cast.chair)
    db_session.rollback()
    asked = ledger.request_reversal(posting, reason="Nhầm", by=cast.accountant)
    with pytest.raises(Refused, match=r"sao kê “saoke.csv”"):
        ledger.decide_reversal(asked, approve=True, answer="", by=cast.chair)


def test_the_number_of_statements_does_not_grow_with_the_lines(app, bring, cast, db_session) -> None:
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for rows in (20, 800):
        outcome, _ = bring(rows=rows, seed=rows)
        statement = statement_of(outcome)
        asked.clear()
        take_back(statement, cast)
        counts.append(len(asked))
    assert abs(counts[0] - counts[1]) <= 2 and counts[1] < 100


def test_undone_gifts_are_not_found_by_the_public(bring, cast) -> None:
    outcome, _ = bring(rows=60)
    db.session.rollback()
    assert search(Wanted(words="ung ho")).count
    take_back(statement_of(outcome), cast)
    assert search(Wanted(words="ung ho")).count == 0
    again, _ = bring(rows=60)
    assert again.new == 60 and search(Wanted(words="ung ho")).count


def test_the_pages_say_who_when_and_why(app, bring, client, cast) -> None:
    outcome, _ = bring(rows=30)
    base = f"/quan-ly/sao-ke/{outcome.statement_id}"
    desk = sign_in(client, cast.accountant)
    assert "Hoàn lại cả lần nạp" in desk.get(base).text
    assert desk.post(f"{base}/hoan-lai", data={"reason": " "}).status_code == 422
    assert desk.post(f"{base}/hoan-lai", data={"reason": "Nhầm tháng"}).status_code == 303
    assert "chờ người duyệt trả lời" in desk.get(base).text
    assert "một người khác có quyền duyệt" in desk.get(f"{base}/hoan-lai").text
    chair = sign_in(client, cast.chair)
    assert "Đề nghị hoàn lại sao kê chờ duyệt" in chair.get("/quan-ly/").text
    refused = chair.post(f"{base}/hoan-lai/tra-loi", data={"decision": "refuse"})
    assert refused.status_code == 422 and "Chưa ghi lý do từ chối" in refused.text
    assert chair.post(f"{base}/hoan-lai/tra-loi", data={"decision": "approve"}).status_code == 303
    shown = chair.get(base).text
    assert "Lê Thị Toán đề nghị, Hoàng Thị Duyệt duyệt" in shown and "Nhầm tháng" in shown
    assert "trang 1 trong" in shown or "<strong>30 dòng</strong>" in shown
    assert "Đã hoàn lại" in chair.get("/quan-ly/sao-ke/?tt=undone").text
    assert "Nhầm tháng" in chair.get("/quan-ly/sao-ke/hoan-lai/?tinh_trang=duyet").text
    late = chair.post(f"{base}/hoan-lai/tra-loi", data={"decision": "approve"})
    assert late.status_code == 422 and "đã được trả lời" in late.text


def test_who_may_undo(bring, client, cast, db_session) -> None:
    outcome, _ = bring(rows=10)
    page = f"/quan-ly/sao-ke/{outcome.statement_id}/hoan-lai"
    for reader in (cast.officer, cast.chair, cast.auditor, cast.administrator):
        browser = sign_in(client, reader)
        assert browser.get(page).status_code == 200
        assert browser.post(page, data={"reason": "x"}).status_code == 403
    browser = sign_in(client, cast.accountant)
    assert browser.post(page, data={"reason": "Nhầm"}).status_code == 303
    assert browser.post(f"{page}/tra-loi", data={"decision": "approve"}).status_code == 403
    both = make_user(name="Kiêm Nhiệm", role=APPROVER, unit=cast.commune)
    grant(user=both, role=ACCOUNTANT, unit=cast.commune)
    db_session.commit()
    assert (
        sign_in(client, both).post(f"{page}/tra-loi", data={"decision": "refuse", "answer": "x"}).status_code
        == 303
    )
    outsider = sign_in(client, cast.outsider)
    assert outsider.get(page).status_code == 404
    assert "saoke.csv" not in outsider.get("/quan-ly/sao-ke/hoan-lai/").text


def test_what_the_desk_has_done_blocks(tmp_path, db_session, cast) -> None:
    account = make_account(unit=cast.commune, code="TKD", number="0011004123456")
    outcome = builders.bring(tmp_path, (5_000, "lai"), (-2_000, "phi"), account=account)
    statement = db_session.get_one(Statement, outcome.statement_id)
    done = [
        settling.settle_as(builders.suspense()[0], INTEREST, by=cast.accountant),
        settling.settle_as(builders.waiting_lines()[0], FEE, by=cast.accountant),
    ]
    with pytest.raises(Refused, match="Có 2 chỗ"):
        request_undo(statement, reason="Sai tệp", by=cast.accountant)
    for posting in done:
        settling.undo(posting, by=cast.accountant)
    asked = request_undo(statement, reason="Sai tệp", by=cast.accountant)
    decide_undo(asked, approve=True, answer="", by=cast.chair)
    assert builders.suspense() == builders.waiting_lines() == []
    assert builders.bring(tmp_path, (5_000, "lai"), (-2_000, "phi"), account=account).new == 2
    assert first_problem(db_session.connection()) is None
