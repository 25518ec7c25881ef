"""The print queue: what came out is printed, the rest is not; a jam goes on from its sheet; large prints are a job."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.jobs import worker
from portal.jobs.models import Job
from portal.kit import made
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.receipts import actions, printing, queries
from portal.receipts.models import PrintLine, PrintRun
from portal.receipts.rules import Jam, copy_places, jam_at
from tests.cast import make_campaign, sign_in
from tests.receipts.builders import PREFIX, cash, give, papers_of

URL = "/quan-ly/bien-lai/"


@pytest.fixture
def campaign(db_session, cast):
    """An open campaign of the commune."""
    return make_campaign(unit=cast.commune, starts_on=date(2026, 1, 1), ends_on=None)


@pytest.fixture
def gifts(campaign):
    """Seven gifts: four sheets, the last one half empty."""
    return [give(campaign, cash(n * 1_000)) for n in range(1, 8)]


def states(gifts) -> list[str]:
    return [queries.papers_of(gift)[0].state for gift in gifts]


@pytest.mark.parametrize(
    ("sheet", "came_out", "printed", "expected"),
    [
        (1, False, 0, Jam(0, ())),
        (1, True, 0, Jam(2, (1, 2))),
        (3, False, 0, Jam(4, ())),
        (4, True, 4, Jam(8, (7,))),
    ],
)
def test_what_a_jam_leaves(sheet, came_out, printed, expected) -> None:
    assert jam_at(sheet, came_out=came_out, printed=printed, places=list(range(1, 8))) == expected


@pytest.mark.parametrize(("sheet", "printed"), [(0, 0), (5, 0), (2, 4)])
def test_a_sheet_that_is_not_in_the_printer(sheet, printed) -> None:
    with pytest.raises(Refused, match=rf"từ {printed // 2 + 1} đến 4"):
        jam_at(sheet, came_out=True, printed=printed, places=list(range(1, 8)))


def test_copies_begin_a_sheet_of_their_own() -> None:
    assert copy_places(7, 2) == [9, 10] and copy_places(8, 1) == [9]


def test_a_jam_before_the_sheet_came_out(db_session, cast, gifts) -> None:
    run = actions.make_run(papers_of(*gifts), by=cast.officer)
    assert states(gifts) == ["queued"] * 7
    assert actions.report_jam(run, sheet=2, came_out=False) == 5
    assert states(gifts) == ["printed"] * 2 + ["queued"] * 5
    left = queries.lines_left(run)
    assert [line.place for line in left] == [3, 4, 5, 6, 7] and not any(line.copy for line in left)
    actions.finish(run)
    assert states(gifts) == ["printed"] * 7
    with pytest.raises(Refused, match="đã kết thúc"):
        actions.report_jam(run, sheet=1, came_out=True)


def test_a_torn_sheet_that_came_out_is_printed_again_as_copies(db_session, cast, gifts) -> None:
    run = actions.make_run(papers_of(*gifts), by=cast.officer)
    assert actions.report_jam(run, sheet=2, came_out=True) == 5
    left = queries.lines_left(run)
    assert [(line.place, line.copy) for line in left][-2:] == [(9, True), (10, True)]
    assert {line.donation_id for line in left if line.copy} == {gifts[2].id, gifts[3].id}
    assert states(gifts)[:4] == ["printed", "printed", "queued", "queued"]
    actions.finish(run)
    assert [queries.papers_of(gift)[0].prints for gift in gifts] == [1, 1, 2, 2, 1, 1, 1]


def test_what_is_left_goes_back_when_the_print_is_given_up(db_session, cast, gifts) -> None:
    run = actions.make_run(papers_of(*gifts), by=cast.officer)
    actions.report_jam(run, sheet=3, came_out=False)
    actions.stop(run)
    assert states(gifts) == ["printed"] * 4 + ["new"] * 3
    assert queries.waiting(cast.officer) == []
    again = actions.make_run(papers_of(*gifts), by=cast.officer)
    assert [line.copy for line in queries.lines_left(again)] == [True] * 4 + [False] * 3


def test_one_paper_waits_in_one_print_only(db_session, cast, gifts) -> None:
    run = actions.make_run(papers_of(*gifts[:2]), by=cast.officer)
    assert queries.waiting(cast.officer) == [run] and queries.waiting(cast.accountant) == []
    with pytest.raises(Refused, match="PT-0001/2026 và 1 phiếu khác đang nằm trong một đợt in"):
        actions.make_run(papers_of(*gifts), by=cast.accountant)


def test_a_single_print_that_did_not_come_out(db_session, cast, gifts) -> None:
    run = actions.print_one(gifts[0], "receipt", by=cast.officer)
    assert states(gifts[:1]) == ["printed"]
    actions.take_back(run)
    assert states(gifts[:1]) == ["new"]
    actions.print_one(gifts[0], "receipt", by=cast.officer)
    with pytest.raises(Refused):
        actions.take_back(run)


def test_a_finished_print_opens_for_a_quarter_of_an_hour(client, db_session, cast, gifts) -> None:
    run = actions.make_run(papers_of(*gifts), by=cast.officer)
    actions.finish(run)
    url = f"{URL}dot-in/{run.id}.pdf"
    sign_in(client, cast.officer)
    assert client.get(url).mimetype == "application/pdf"
    run = db_session.get_one(PrintRun, run.id)
    run.finished_at -= timedelta(minutes=16)
    db_session.commit()
    assert client.get(url).status_code == 303


def test_the_page_of_a_print_hears_of_the_jam(client, db_session, cast, gifts) -> None:
    sign_in(client, cast.officer)
    answer = client.post(f"{URL}in", data={"all": "1"})
    url = answer.location
    assert client.get(URL).get_data(as_text=True).count("chưa xong") == 1
    wrong = client.post(f"{url}/ket", data={"sheet": "9", "came_out": "co"})
    assert wrong.status_code == 422 and "Không có tờ số 9" in wrong.get_data(as_text=True)
    blank = client.post(f"{url}/ket", data={"sheet": "2"})
    assert blank.status_code == 422 and 'value="2"' in blank.get_data(as_text=True)
    assert client.post(f"{url}/ket", data={"sheet": "2", "came_out": "co"}).status_code == 303
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(client.get(f"{url}.pdf").data)).pages)
    assert text.count("BẢN SAO") == 2 and "tờ 3/5" in text and "tờ 2/5" not in text
    assert client.post(f"{url}/xong").status_code == 303
    page = client.get(f"{URL}?tinh_trang=printed").get_data(as_text=True)
    assert page.count("Đã in 2 lần") == 2


def test_range_and_state_choose_what_is_printed(client, db_session, cast, gifts) -> None:
    sign_in(client, cast.officer)
    url = f"{URL}in?tu_so=2&den_so=5&tinh_trang=new&quyen=PT"
    assert client.post(url, data={"all": "1"}).status_code == 303
    assert db.session.scalars(select(PrintLine.donation_id).order_by(PrintLine.place)).all() == [
        gift.id for gift in gifts[1:5]
    ]
    refused = client.post(f"{URL}in?tu_so=hai", data={"all": "1"}, follow_redirects=True)
    assert "Từ số" in refused.get_data(as_text=True)


def test_who_only_reads_is_told(client, db_session, cast, gifts) -> None:
    sign_in(client, cast.auditor)
    answer = client.post(f"{URL}in", data={"all": "1"}, follow_redirects=True)
    assert "chỉ xem biên lai" in answer.get_data(as_text=True)
    assert db.session.scalars(select(PrintRun)).all() == []


def test_a_large_print_is_made_by_the_worker_in_pieces(
    client, db_session, cast, campaign, monkeypatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 4)
    monkeypatch.setattr(printing, "AT_ONCE", 4)
    monkeypatch.setattr("portal.receipts.views_runs.AT_ONCE", 4)
    gifts = [give(campaign, cash()) for _ in range(9)]
    run = actions.make_run(papers_of(*gifts), by=cast.officer, gift_prefix=PREFIX)
    run_id = run.id
    sign_in(client, cast.officer)
    url = f"{URL}dot-in/{run_id}"
    assert client.get(f"{url}.pdf").status_code == 303
    db_session.commit()
    told: list[int] = []
    monkeypatch.setattr(printing.Progress, "advance", _hear(printing.Progress.advance, told))
    assert worker.work_once()
    db_session.rollback()
    job = db.session.scalars(select(Job)).one()
    assert (job.state, told) == ("done", [0, 4, 8, 9]), job.message
    pages = PdfReader(io.BytesIO(client.get(f"{url}.pdf").data)).pages
    assert [page.extract_text().count("Số: PT") or page.extract_text().count("PT-0") for page in pages] == [
        2
    ] * 4 + [1]
    assert client.post(f"{url}/ket", data={"sheet": "2", "came_out": "khong"}).status_code == 303
    assert db.session.scalar(select(Job.state).order_by(Job.id.desc())) == "waiting"
    assert not made.made_file(f"dot-in-{run_id}-0.pdf").exists(), "the old file would print sheet 1 again"
    assert worker.work_once()
    assert len(PdfReader(io.BytesIO(client.get(f"{url}.pdf").data)).pages) == 4


def _hear(advance, told: list[int]):
    def heard(self, done: int, *args, **options) -> None:
        told.append(done)
        advance(self, done, *args, **options)

    return heard
