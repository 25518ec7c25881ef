"""Danh sách ủng hộ: its rows and sums, pages with carried totals, the same rows in every kind of file."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from python_calamine import load_workbook

from portal.cli import main
from portal.donations.gifts import Part
from portal.donations.posting import post_gifts
from portal.jobs import worker
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.receipts import donor_list
from portal.receipts.actions import issue_receipt
from portal.receipts.donor_list import HEADS, ListScope, as_of_now, rows_of, totals_of
from portal.receipts.list_files import write_list
from tests.cast import make_account, make_campaign, sign_in
from tests.receipts.builders import COMPANY, DAY, Gift, bank, cash, give, rice

URL = "/quan-ly/bien-lai/danh-sach"
START, END = date(2026, 10, 1), date(2026, 10, 31)


@pytest.fixture
def campaign(db_session, cast):
    """A campaign of the commune that ended before the gifts of these tests."""
    return make_campaign(unit=cast.commune, code="D1", starts_on=date(2026, 1, 1), ends_on=date(2026, 10, 19))


def scope(cast, **chosen) -> ListScope:
    return ListScope(cast.commune, START, END, **chosen)


def listed(cast, **chosen):
    db.session.commit()  # a list is read in short transactions of its own
    return list(rows_of(scope(cast, **chosen), as_of_now()))


def test_rows_and_sums(db_session, cast, campaign) -> None:
    account = make_account(unit=cast.commune, code="TK1")
    through = Part("bank", 9_000_000, bank_account_id=account.id)
    give(campaign, cash(5_000_000), through, rice(campaign), **COMPANY)
    asked = give(campaign, bank(), donor_name=None, text="NGUYEN VAN BAY chuyen tien")
    issue_receipt(asked, cast.officer, day=DAY)
    give(campaign, cash(), people=40)
    give(campaign, cash(2_000), paper_number="AA/26-7", day=date(2026, 10, 20))
    wrong = give(campaign, cash(77_000))
    reverse(wrong.posting, reason="Sai", by=cast.officer, second=cast.chair)
    give(campaign, cash(88_000), day=date(2026, 11, 1))
    give(make_campaign(unit=cast.other_commune, starts_on=START, ends_on=None), cash(99_000))
    rows = listed(cast)
    assert [(row.number, row.name, row.money, row.goods, row.form, row.document) for row in rows] == [
        (1, COMPANY["donor_name"], 14_000_000, 3_600_000, "Tiền mặt, chuyển khoản, hiện vật", "PT-0001/2026"),
        (2, "NGUYEN VAN BAY chuyen tien", 20_000_000, 0, "Chuyển khoản", "PT-0002/2026"),
        (3, "Đỗ Thị Kim Ngân và 39 người", 1_000_000, 0, "Tiền mặt", "PT-0003/2026"),
        (4, "Đỗ Thị Kim Ngân", 2_000, 0, "Tiền mặt", "AA/26-7"),
    ]
    assert rows[0].note == "Gạo tẻ 200 kg" and rows[3].note == "sau ngày kết thúc đợt"
    totals = totals_of(scope(cast), as_of_now())
    assert (totals.gifts, totals.money, totals.goods) == (4, 35_002_000, 3_600_000)
    assert [row.money for row in listed(cast, account=account)] == [9_000_000]
    assert len(list(rows_of(ListScope(cast.province, START, END), as_of_now()))) == 5


def test_it_shows_one_moment_of_the_books(db_session, cast, campaign) -> None:
    first = give(campaign, cash())
    moment = as_of_now()
    reverse(first.posting, reason="Sai", by=cast.officer, second=cast.chair)
    give(campaign, cash(5_000))
    db_session.commit()
    assert [row.money for row in rows_of(scope(cast), moment)] == [1_000_000]
    assert [row.money for row in listed(cast)] == [5_000]


def many(campaign, count: int, **giver) -> None:
    owner = {"unit_id": campaign.unit_id, "fund_id": campaign.fund_id, "campaign_id": campaign.id, "day": DAY}
    names = [
        {"donor_name": f"Nguyễn Thị Người Thứ {n}", "address": f"tổ {n % 9}, ấp Bàu Sen"}
        for n in range(count)
    ]
    post_gifts(
        [Gift(parts=(cash(1_000 * (n % 7 + 1)),), **owner, **name) for n, name in enumerate(names)], by=None
    )


def test_every_page_carries_its_sums_to_the_next(db_session, cast, campaign, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(donor_list, "PIECE", 7)  # the pieces of the reading must not show
    many(campaign, 60)
    db_session.commit()
    out = tmp_path / "ds.pdf"
    totals = write_list(scope(cast), out, sample=True)
    pages = [page.extract_text() for page in PdfReader(out).pages]
    assert len(pages) == 3 and all("Dữ liệu minh họa" in page for page in pages)
    carried, number = 0, 0
    for place, page in enumerate(pages, start=1):
        lines = page.splitlines()
        own = _sum_after(lines, "Cộng trang")
        if place > 1:
            assert _sum_after(lines, "Lũy kế trang trước mang sang") == carried
        shown = [line for line in lines if line.startswith("Nguyễn Thị Người Thứ")]
        number += len(shown)
        carried += own
        assert _sum_after(lines, "Tổng cộng" if place == 3 else "Lũy kế mang sang") == carried
    assert number == 60 and carried == totals.money == sum(1_000 * (n % 7 + 1) for n in range(60))
    for word in ("DANH SÁCH ỦNG HỘ", "ỦY BAN MTTQ VIỆT NAM", "Cộng hòa xã hội".upper(), *HEADS[:2]):
        assert word in pages[0]
    for word in (
        "Số tiền bằng chữ: Hai trăm ba mươi bốn nghìn đồng",
        "NGƯỜI LẬP",
        "KẾ TOÁN",
        "TM. BAN VẬN ĐỘNG",
    ):
        assert word in pages[-1]


def _sum_after(lines: list[str], label: str) -> int:
    return int(lines[lines.index(label) + 1].replace(".", ""))


def test_excel_and_csv_hold_the_same_rows(db_session, cast, campaign, tmp_path) -> None:
    many(campaign, 3)
    db_session.commit()
    write_list(scope(cast), tmp_path / "ds.csv", sample=False)
    write_list(scope(cast), tmp_path / "ds.xlsx", sample=False)
    with (tmp_path / "ds.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    sheet = load_workbook(tmp_path / "ds.xlsx").get_sheet_by_index(0).to_python()
    assert rows[0] == list(HEADS) == sheet[2]
    assert [row[4] for row in rows[1:]] == ["1000", "2000", "3000"] == [str(int(row[4])) for row in sheet[3:]]


def test_the_command(app, db_session, cast, campaign, tmp_path) -> None:
    many(campaign, 2)
    db_session.commit()
    options = [
        "list",
        "donations",
        "--unit",
        "TPH",
        "--campaign",
        "D1",
        "--from",
        "2026-10-01",
        "--to",
        "2026-10-31",
    ]
    for name in ("ds.pdf", "ds.csv", "ds.xlsx"):
        out = tmp_path / name
        ran = CliRunner().invoke(main, [*options, "--out", str(out)], obj=app)
        assert ran.exit_code == 0 and "Đã ghi 2 khoản" in ran.output, ran.output
        assert out.stat().st_size > 200
    wrong = CliRunner().invoke(main, [*options, "--out", str(tmp_path / "ds.docx")], obj=app)
    assert isinstance(wrong.exception, Refused) or "Đặt tên tệp .pdf" in wrong.output
    assert sorted(path.name for path in Path(tmp_path).glob("ds.*")) == ["ds.csv", "ds.pdf", "ds.xlsx"]


def test_a_list_is_made_in_the_background_for_whom_asked(client, db_session, cast, campaign) -> None:
    many(campaign, 4)
    sign_in(client, cast.auditor)
    typed = {"unit_id": str(cast.commune.id), "start": "01/10/2026", "end": "31/10/2026", "file": "pdf"}
    assert client.get(URL).status_code == 200
    assert client.post(URL, data=typed | {"end": "30/09/2026"}).status_code == 422
    assert client.post(URL, data=typed | {"unit_id": str(cast.other_commune.id)}).status_code == 422
    asked = client.post(URL, data=typed)
    assert asked.status_code == 303 and client.get(f"{asked.location}/tep").status_code == 404
    db_session.commit()
    assert worker.work_once()
    db_session.rollback()
    assert "Đã lập danh sách 4 khoản" in client.get(asked.location).get_data(as_text=True)
    made = client.get(f"{asked.location}/tep")
    assert made.mimetype == "application/pdf"
    assert "Đỗ Văn Soát" in PdfReader(io.BytesIO(made.data)).pages[0].extract_text(), "who makes it signs it"
    for who in (cast.outsider, cast.officer):
        assert sign_in(client, who).get(f"{asked.location}/tep").status_code == 404
