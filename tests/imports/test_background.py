"""Long tables are checked and written as jobs: the page can be left, the work stopped, and nothing is written twice."""

from __future__ import annotations

import io
from contextvars import Context

import pytest
from sqlalchemy import func, select

from portal.donors.models import Donor
from portal.imports import background
from portal.imports.models import ImportRun
from portal.jobs import worker
from portal.jobs.models import Job
from portal.kit.db import db
from tests.cast import sign_in

PLACE = "/quan-ly/nhap-bang/nha-hao-tam"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Tables of more than ten rows are long."""
    monkeypatch.setattr(background, "LONG", 10)


def content(rows=30, bad=False):
    lines = [f"Người số {chr(65 + place)}{chr(66 + place)},TPH,Xóm {place}" for place in range(rows)]
    if bad:
        lines[5] = ",TPH,Xóm"
    return "\n".join(["Tên,Mã đơn vị,Địa chỉ", *lines]).encode()


def send(client, data):
    return client.post(
        PLACE, data={"file": (io.BytesIO(data), "dai.csv")}, content_type="multipart/form-data"
    )


def work(app):
    """What the worker does until nothing waits: apart from the test's own session."""

    def run():
        with app.app_context():
            while worker.work_once():
                pass

    db.session.rollback()
    Context().run(run)


def test_checked_then_written(app, accountant, client, db_session):
    sign_in(client, accountant)
    address = send(client, content()).location
    waiting = client.get(address)
    assert "Có thể rời trang này" in waiting.text and 'id="job"' in waiting.text
    work(app)
    checked = client.get(address)
    assert "Ghi vào sổ" in checked.text and "Sẽ ghi mới" in checked.text
    db_session.rollback()
    assert db_session.scalar(select(func.count()).select_from(Donor)) == 0
    places = {client.post(address).location for _ in range(3)}
    assert places == {address}
    db_session.rollback()
    assert db_session.scalar(select(func.count()).where(Job.kind == background.WRITE)) == 1
    work(app)
    done = client.get(address)
    assert "Bảng đã được ghi vào sổ" in done.text and "Xem lần nhập này" in done.text
    assert client.post(address).status_code == 303
    work(app)
    db_session.rollback()
    assert db_session.scalar(select(func.count()).select_from(Donor)) == 30
    run = db_session.scalar(select(ImportRun))
    assert (run.new, run.by_id) == (30, accountant.id)
    job = db_session.scalar(select(Job).where(Job.kind == background.WRITE))
    assert (job.state, job.total) == ("done", 30)
    shown = client.get(f"/quan-ly/viec/{job.id}").text
    assert address in shown


def test_faults_of_a_long_table(app, accountant, client):
    sign_in(client, accountant)
    address = send(client, content(bad=True)).location
    work(app)
    page = client.get(address).text
    assert "Dòng 7, cột “Tên”" in page and "loi.xlsx" in page and "Ghi vào sổ" not in page
    assert client.get(f"{address}/loi.xlsx").status_code == 200


def test_stopped_before_it_began_and_brought_again(app, accountant, client, db_session):
    sign_in(client, accountant)
    address = send(client, content()).location
    job = db_session.scalar(select(Job))
    client.post(f"/quan-ly/viec/{job.id}/dung")
    work(app)
    page = client.get(address).text
    assert "Đã dừng" in page and "Nạp lại tệp" in page
    db_session.rollback()
    assert db_session.scalar(select(func.count()).select_from(Donor)) == 0


def test_a_worker_that_died_after_posting_is_done_anew_without_doubles(app, accountant, client, db_session):
    sign_in(client, accountant)
    address = send(client, content()).location
    work(app)
    client.post(address)
    work(app)
    db_session.rollback()
    job = db_session.scalar(select(Job).where(Job.kind == background.WRITE))
    assert worker.KINDS[background.WRITE].again(job)
    assert "Bảng đã được ghi vào sổ" in client.get(address).text


def test_short_tables_are_answered_at_once(accountant, client, db_session):
    sign_in(client, accountant)
    assert send(client, content(rows=5)).status_code == 303
    assert db_session.scalar(select(func.count()).select_from(Job)) == 0
