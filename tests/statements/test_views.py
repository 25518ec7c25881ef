"""Statements on screen: check before posting, who may, what is said when a file is wrong."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from portal.donations.models import Donation
from portal.jobs import worker
from portal.jobs.models import Job
from portal.kit import access
from portal.kit.db import db, writing
from portal.ledger.models import Posting
from portal.statements.models import Statement, StatementLine
from tests.cast import make_account, make_campaign, make_user, sign_in
from tests.statements.samples import ACCOUNT, write_vcb_csv


@pytest.fixture
def fund_at_bank(commune, db_session):
    """The commune's account and campaign."""
    make_account(unit=commune, code="TK1", number=ACCOUNT)
    make_campaign(unit=commune, code="D1", starts_on=dt.date(2026, 8, 1), ends_on=dt.date(2026, 9, 30))
    db_session.commit()


@pytest.fixture
def desk(client, accountant, fund_at_bank):
    """The accountant's browser."""
    return sign_in(client, accountant)


def file_of(tmp_path: Path, **options) -> tuple[bytes, object]:
    expected = write_vcb_csv(tmp_path / "x.csv", **options)
    return (tmp_path / "x.csv").read_bytes(), expected


def send(desk, content: bytes, name: str = "saoke.csv", **fields):
    data = {"account": "TK1", "campaign": "D1", "file": (io.BytesIO(content), name), **fields}
    return desk.post("/quan-ly/sao-ke/nap", data=data, content_type="multipart/form-data")


def work(app) -> None:
    """What the worker does until nothing waits."""
    db.session.commit()
    with app.app_context():
        while worker.work_once():
            pass


def count(what) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(what)) or 0


def test_a_file_is_checked_shown_and_posted_on_a_second_word(app, desk, tmp_path) -> None:
    content, expected = file_of(tmp_path, rows=120)
    sent = send(desk, content)
    assert sent.status_code == 303 and "/kiem-tra/" in sent.location
    assert "Đang chờ" in desk.get(sent.location).text
    work(app)
    shown = desk.get(sent.location).text
    assert "Đọc được cả 120 dòng" in shown and "Ghi sổ 120 dòng" in shown
    assert f"{expected.credit_sum:,}".replace(",", ".") in shown
    assert count(Posting) == count(StatementLine) == 0
    asked = desk.post(sent.location)
    assert asked.status_code == 303 and "/quan-ly/viec/" in asked.location
    work(app)
    done = desk.get(asked.location).text
    assert "Đã xong" in done and "Đã ghi sổ 120 dòng mới" in done
    statement = db.session.scalars(select(Statement)).one()
    assert f"/quan-ly/sao-ke/{statement.id}" in done
    page = desk.get(f"/quan-ly/sao-ke/{statement.id}").text
    assert "Đã chứng minh đủ" in page and "trang 1 trong 3" in page and "saoke.csv" in page
    assert count(Donation) == expected.credit_count


def test_the_file_is_kept_under_a_random_name(app, desk, tmp_path) -> None:
    send(desk, file_of(tmp_path, rows=5)[0], "so tai khoan 0011.csv")
    kept = list((app.config["PORTAL"].instance / "uploads").iterdir())
    assert len(kept) == 1 and "0011" not in kept[0].name and kept[0].suffix == ".csv"
    assert kept[0].stat().st_mode & 0o077 == 0


def test_asking_twice_posts_once(app, desk, tmp_path) -> None:
    sent = send(desk, file_of(tmp_path, rows=30)[0])
    work(app)
    first, second = desk.post(sent.location), desk.post(sent.location)
    assert first.location == second.location
    work(app)
    assert desk.post(sent.location).location == first.location
    assert count(Job) == 2 and count(Statement) == 1


def test_a_resent_form_makes_one_job(desk, tmp_path) -> None:
    content, _ = file_of(tmp_path, rows=5)
    answers = [send(desk, content, form_key="k" * 20).location for _ in range(2)]
    assert answers[0] == answers[1] and count(Job) == 1


def test_a_broken_statement_shows_where_and_needs_a_reason(app, desk, tmp_path) -> None:
    content, _ = file_of(tmp_path, rows=60, break_at=30, balance="row")
    sent = send(desk, content)
    work(app)
    shown = desk.get(sent.location).text
    assert "Chưa ghi sổ được" in shown and "dòng " in shown and "chênh lệch" in shown
    refused = desk.post(sent.location, data={"reason": " "})
    assert refused.status_code == 422 and "Chưa nêu lý do" in refused.text
    assert count(Job) == 1
    asked = desk.post(sent.location, data={"reason": "Ngân hàng xác nhận thiếu một dòng"})
    assert asked.status_code == 303
    work(app)
    statement = db.session.scalars(select(Statement)).one()
    assert (statement.state, statement.completeness) == ("posted", "broken")
    page = desk.get(f"/quan-ly/sao-ke/{statement.id}").text
    assert "Ngân hàng xác nhận thiếu một dòng" in page and "Lê Thị Toán" in page


def test_unread_cells_cannot_be_overridden(app, desk, tmp_path) -> None:
    sent = send(desk, file_of(tmp_path, rows=60, glued_at=20)[0])
    work(app)
    assert "Vẫn ghi sổ" not in desk.get(sent.location).text
    refused = desk.post(sent.location, data={"reason": "cứ ghi"})
    assert refused.status_code == 422 and "Còn ô không đọc được" in refused.text


def test_the_same_file_again_offers_nothing_to_post(app, desk, tmp_path) -> None:
    content, _ = file_of(tmp_path, rows=30)
    sent = send(desk, content)
    work(app)
    desk.post(sent.location)
    work(app)
    again = send(desk, content)
    work(app)
    shown = desk.get(again.location).text
    assert "không cần ghi sổ" in shown and "30 dòng đã có trong sổ" in shown


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("anh.png", b"\x89PNG\r\n\x1a\n", "không đúng loại"),
        ("trong.csv", b"", "không có nội dung"),
    ],
)
def test_a_wrong_file_is_refused_at_its_field(desk, name, content, sentence) -> None:
    answer = send(desk, content, name)
    assert answer.status_code == 422 and sentence in answer.text
    assert count(Job) == 0


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("anh.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "không phải là bảng tính"),
        ("trang.xlsx", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "trang web hoặc tệp XML"),
        ("khac.csv", "Mã,Tên\n1,An\n".encode(), "Không nhận ra sao kê"),
    ],
)
def test_a_hostile_or_foreign_file_ends_in_a_sentence(app, desk, name, content, sentence) -> None:
    sent = send(desk, content, name)
    work(app)
    shown = desk.get(sent.location)
    assert shown.status_code == 422 and sentence in shown.text and "Không xong" in shown.text
    assert "Chọn tệp khác" in shown.text and count(Posting) == 0


def test_a_wrong_account_or_nothing_chosen_is_refused_at_the_field(desk, tmp_path, cast, db_session) -> None:
    make_account(unit=cast.other_commune, code="TK2")
    content, _ = file_of(tmp_path, rows=5)
    assert "Chưa chọn tài khoản" in send(desk, content, account="").text
    foreign = send(desk, content, account="TK2")
    assert foreign.status_code == 422 and count(Job) == 0


def test_who_may_do_what(app, desk, client, cast, tmp_path, db_session) -> None:
    sent = send(desk, file_of(tmp_path, rows=10)[0])
    work(app)
    asked = desk.post(sent.location)
    work(app)
    number = db.session.scalars(select(Statement.id)).one()
    pages = ("/quan-ly/sao-ke/", f"/quan-ly/sao-ke/{number}")
    for reader in (cast.officer, cast.chair, cast.auditor, cast.administrator):
        browser = sign_in(client, reader)
        assert [browser.get(page).status_code for page in pages] == [200, 200]
        assert browser.get("/quan-ly/sao-ke/nap").status_code == 403
        assert browser.get(sent.location).status_code == 403
        assert "Nạp sao kê" not in browser.get(pages[0]).text
    outsider = sign_in(client, cast.outsider)
    assert outsider.get(pages[1]).status_code == 404 and outsider.get(asked.location).status_code == 404
    assert "saoke.csv" not in outsider.get(pages[0]).text
    there = make_user(name="Kế Toán Xa", role=access.ACCOUNTANT, unit=cast.other_commune)
    browser = sign_in(client, there)
    assert browser.get(sent.location).status_code == 404 and browser.post(sent.location).status_code == 404


def test_a_stranger_is_sent_to_the_sign_in(app, fund_at_bank) -> None:
    answer = app.test_client().get("/quan-ly/sao-ke/")
    assert answer.status_code in (302, 303, 401)


def test_lines_are_filtered_and_exported(app, desk, tmp_path) -> None:
    content, expected = file_of(tmp_path, rows=250)
    sent = send(desk, content)
    work(app)
    desk.post(sent.location)
    work(app)
    number = db.session.scalars(select(Statement.id)).one()
    base = f"/quan-ly/sao-ke/{number}"
    debits = desk.get(f"{base}?loai=no").text
    assert f"<strong>{expected.debit_count} dòng</strong>" in debits
    assert "NGO NHAT" not in debits and "QD " in debits
    export = desk.get(f"{base}?loai=no&xuat=csv")
    assert export.text.count("\n") == expected.debit_count + 1
    fragment = desk.get(f"{base}?loai=no", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment and "QD " in fragment


def test_the_number_of_statements_does_not_depend_on_the_lines(app, desk, tmp_path) -> None:
    sent = send(desk, file_of(tmp_path, rows=400)[0])
    work(app)
    desk.post(sent.location)
    work(app)
    number = db.session.scalars(select(Statement.id)).one()
    db.session.rollback()
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for address in ("/quan-ly/sao-ke/", f"/quan-ly/sao-ke/{number}", sent.location):
        asked.clear()
        assert desk.get(address).status_code == 200
        assert len([sql for sql in asked if not sql.startswith("SET")]) <= 15, asked


def test_a_waiting_check_can_be_stopped(app, desk, tmp_path) -> None:
    sent = send(desk, file_of(tmp_path, rows=10)[0])
    job_id = int(sent.location.rsplit("/", 1)[1])
    assert desk.post(f"/quan-ly/viec/{job_id}/dung").status_code == 303
    work(app)
    assert "Đã dừng" in desk.get(sent.location).text
    late = desk.post(f"/quan-ly/viec/{job_id}/dung")
    assert "đã kết thúc" in desk.get(late.location).text


def test_only_who_began_it_or_an_accountant_stops_a_job(app, desk, client, cast, tmp_path) -> None:
    sent = send(desk, file_of(tmp_path, rows=10)[0])
    job_id = int(sent.location.rsplit("/", 1)[1])
    answer = sign_in(client, cast.auditor).post(f"/quan-ly/viec/{job_id}/dung")
    assert "Chỉ người bắt đầu" in client.get(answer.location).text
    assert sign_in(client, cast.outsider).post(f"/quan-ly/viec/{job_id}/dung").status_code == 404
    with writing():
        assert db.session.get_one(Job, job_id).cancel_requested is False
