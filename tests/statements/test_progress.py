"""A reading shows rows and percent, is stopped at once, and giants are refused before they are unpacked."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from sqlalchemy import func, select

from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.models import Job
from portal.jobs.progress import progress_of
from portal.jobs.steps import Progress
from portal.kit.db import db
from portal.kit.tables import workbook
from portal.statements import staging
from portal.statements.models import Statement, StatementLine, StatementPair
from portal.statements.reading import read_statement
from portal.statements.staging import estimate
from tests.cast import make_account, make_campaign, sign_in
from tests.statements.bank_files import ACCOUNT, write_file
from tests.statements.samples import write_vcb_csv


@pytest.fixture
def desk(client, accountant, commune, db_session):
    """The accountant's browser; the commune has an account and a campaign."""
    make_account(unit=commune, code="TK1", number=ACCOUNT)
    make_campaign(unit=commune, code="D1", starts_on=dt.date(2026, 8, 1), ends_on=dt.date(2026, 9, 30))
    db_session.commit()
    return sign_in(client, accountant)


def send(desk, content: bytes, name: str = "saoke.csv") -> str:
    data = {"account": "TK1", "campaign": "D1", "file": (io.BytesIO(content), name)}
    sent = desk.post("/quan-ly/sao-ke/nap", data=data, content_type="multipart/form-data")
    assert sent.status_code == 303
    db.session.commit()
    return sent.location


def work(app) -> None:
    with app.app_context():
        while worker.work_once():
            pass


@pytest.mark.parametrize("kind", ["csv", "csv-1258", "csv-utf16", "xlsx", "pdf-plain"])
def test_a_reading_knows_how_far_it_is(tmp_path, kind) -> None:
    rows = 200 if kind.startswith("pdf") else 3_000
    write_file(tmp_path / "x", kind, rows=rows)
    reading = read_statement(tmp_path / "x", filename="x")
    shares = [reading.share for _ in reading]
    assert len(shares) == rows and all(share is not None for share in shares)
    assert shares == sorted(shares) and 0 <= shares[0] <= 0.5 and 0.8 < shares[-1] <= 1
    assert reading.share == 1


def test_the_rows_to_come_are_estimated() -> None:
    assert estimate(500, 0.25) == 2_000 and estimate(500, 1.0) == 500
    assert estimate(500, None) is None and estimate(500, 0.0) is None


def test_the_page_of_a_check_shows_rows_and_percent_and_can_be_left(app, desk, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 100)
    write_vcb_csv(tmp_path / "x.csv", rows=1_000)
    where = send(desk, (tmp_path / "x.csv").read_bytes())
    seen, advance = [], Progress.advance

    def look(self, done, total=None, message=None) -> None:
        advance(self, done, total, message)
        job = db.session.get_one(Job, self.job_id)
        seen.append(progress_of(job, url="", cancel_url=None))

    monkeypatch.setattr(Progress, "advance", look)
    work(app)
    assert [page.done for page in seen] == list(range(100, 1_001, 100))
    assert all(page.is_estimate and 700 < page.total < 1_400 for page in seen)
    percents = [page.percent for page in seen]
    assert percents == sorted(percents) and percents[0] < 20 and 85 < percents[-1] <= 99
    assert "Đọc được cả 1.000 dòng" in desk.get(where).text  # came back to it later


def test_a_running_job_is_drawn_with_its_percent(desk, db_session, cast) -> None:
    job = jobs.open_job("statement_check", "Kiểm tra", unit_id=cast.commune.id, by=cast.accountant)
    job.params = {"estimated": True}
    jobs.begin(job)
    job.done, job.total = 15_000, 45_000
    db_session.commit()
    shown = desk.get(f"/quan-ly/viec/{job.id}").text
    assert "khoảng" in shown and "45.000" in shown and "33%" in shown


@pytest.mark.parametrize("reading", [True, False])
def test_stopping_a_large_file_leaves_nothing(app, desk, tmp_path, monkeypatch, reading) -> None:
    """In the middle of the reading, or while rows of an overlap are compared."""
    monkeypatch.setattr(staging, "CHUNK", 500)
    write_vcb_csv(tmp_path / "x.csv", rows=6_000, days=3)
    write_file(tmp_path / "y.csv", "csv", form="vietcombank-list", rows=6_000, days=3, retold=True)
    where = send(desk, (tmp_path / "x.csv").read_bytes())
    work(app)
    if not reading:
        desk.post(where)
        work(app)
        where = send(desk, (tmp_path / "y.csv").read_bytes())
        work(app)
    kept = db.session.scalar(select(func.count()).select_from(StatementLine))
    asked = desk.post(where)
    job_id = int(asked.location.rsplit("/", 1)[1])
    advance, chunks = Progress.advance, []

    def stop_in_the_middle(self, done, total=None, message="") -> None:
        chunks.append(done)
        if len(chunks) == (4 if reading else 14):
            db.session.get_one(Job, job_id).cancel_requested = True
        advance(self, done, total, message)

    monkeypatch.setattr(Progress, "advance", stop_in_the_middle)
    work(app)
    db.session.expire_all()
    job = db.session.get_one(Job, job_id)
    assert job.state == "cancelled" and len(chunks) == (4 if reading else 14)
    assert "Đã dừng" in desk.get(asked.location).text
    assert db.session.scalar(select(func.count()).select_from(StatementLine)) == kept
    assert db.session.scalar(select(func.count()).select_from(StatementPair)) == 0
    assert "staged" not in set(db.session.scalars(select(Statement.state)))


def bomb(tmp_path) -> bytes:
    """A workbook that says of itself that it is small, and unpacks to gigabytes of spaces."""
    write_file(tmp_path / "good.xlsx", "xlsx", rows=5)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(tmp_path / "good.xlsx") as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.infolist():
            content = good.read(part)
            bad.writestr(part.filename, content + b" " * (64 << 20) if "sheet1" in part.filename else content)
    return out.getvalue()


def test_a_zip_bomb_and_a_giant_are_refused_before_they_are_unpacked(
    app, desk, tmp_path, monkeypatch
) -> None:
    opened: list[str] = []
    unpack = workbook._open
    monkeypatch.setattr(workbook, "_open", lambda source, name: opened.append(name) or unpack(source, name))
    where = send(desk, bomb(tmp_path), "saoke.xlsx")
    work(app)
    assert "giải nén lớn bất thường" in desk.get(where).text
    monkeypatch.setattr(workbook, "MAX_WORKBOOK_ROWS", 100)
    write_file(tmp_path / "large.xlsx", "xlsx", rows=200)
    where = send(desk, (tmp_path / "large.xlsx").read_bytes(), "lon.xlsx")
    work(app)
    shown = desk.get(where)
    assert shown.status_code == 422 and "hơn 300.000 dòng" in shown.text and "lưu thành CSV" in shown.text
    assert opened == [] and db.session.scalar(select(func.count()).select_from(StatementLine)) == 0
