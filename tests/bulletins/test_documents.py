"""What a bulletin says and how it is printed."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portal.bulletins import documents
from portal.bulletins.blocks import DOTS
from portal.bulletins.rules import code_of, paper_number, period_name, signing_lines
from portal.bulletins.workbook import render_xlsx
from portal.campaigns.actions import set_target
from portal.figures.scope import Scope
from portal.households.actions import record_reviews
from portal.households.rules import ReviewRow
from portal.kit.days import Period
from portal.kit.db import db
from portal.kit.pdf import html_to_pdf, standalone
from portal.kit.tables import read_table
from portal.kit.weasy import NotLocal
from portal.programmes.actions import record_results
from portal.programmes.rules import ResultRow
from portal.units.models import UnitText
from tests.cast import Cast, make_campaign
from tests.figures.books import Books, entry

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def text_of(pdf: bytes, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, check=True, capture_output=True)
    return done.stdout.decode()


def words_of(content: dict[str, Any]) -> str:
    return json.dumps(content["sections"], ensure_ascii=False)


@pytest.fixture
def full(cast: Cast) -> dict[str, Any]:
    """A bulletin with every section."""
    campaign = make_campaign(
        unit=cast.commune, name="Tháng cao điểm", starts_on=date(2026, 1, 1), ends_on=None
    )
    books = Books(cast.commune)
    books.receive(2_054_000_000, campaign=campaign)
    books.receive(700_000, form="goods")
    books.receive(400_000, form="bank", place="untracked")
    books.spend(300_000_000, purpose="housing")
    books.spend(126_500_000, purpose="gifts")
    unit_id = cast.commune.id
    group = ReviewRow(unit_id, "Quốc gia 2022-2025", *YEAR, "Hộ nghèo", "", 128, 3, 17, 114, 6465, 6482)
    near = ReviewRow(
        unit_id, "Quốc gia 2022-2025", *YEAR, "Hộ cận nghèo", "", 203, None, None, None, 6465, None
    )
    record_reviews([group, near], entry=entry)
    result = ResultRow(
        unit_id, *YEAR, "Giới thiệu việc làm", "viec_lam", "", Decimal(300), Decimal(321), "lao động"
    )
    loan = ResultRow(
        unit_id, *YEAR, "Vay vốn", "tin_dung", "Ngân hàng", amount=9_968_000_000, qualifier="gần"
    )
    house = ResultRow(unit_id, *YEAR, "Nhà Đại đoàn kết", "xay_nha", "", None, Decimal(8), "căn")
    record_results([result, loan, house], entry=entry)
    return documents.compose(Scope(cast.commune, *YEAR))


def test_sections_are_numbered_and_only_where_data_are(cast: Cast, full: dict[str, Any]) -> None:
    assert [section["key"] for section in full["sections"]] == [
        "households", "fund", "campaigns", "programmes", "houses",
    ]  # fmt: skip
    assert [section["number"] for section in full["sections"]] == ["I", "II", "III", "IV", "V"]
    empty = documents.compose(Scope(cast.other_commune, *YEAR))
    assert empty["sections"] == [] and "chưa có số liệu" in empty["lead"]
    assert text_of(documents.render_pdf(empty)).count("./.") == 1


def test_what_it_says(full: dict[str, Any]) -> None:
    said = words_of(full)
    for phrase in (
        "đầu kỳ có 128 hộ nghèo, tỷ lệ 1,98%",
        "trong kỳ tăng 03 hộ và giảm 17 hộ (bằng 0,26% tổng số hộ đầu kỳ, chưa bù số hộ tăng)",
        "cuối kỳ còn 114 hộ nghèo, tỷ lệ 1,76%",
        "chưa có số liệu cuối kỳ",
        "đầu kỳ tính trên 6.465 hộ (ngày 01/01/2026)",
        "(Một tỷ sáu trăm hai mươi bảy triệu năm trăm nghìn đồng)",
        "321/300 lao động (107%)",
        "gần 9.968.000.000",
        "nguồn: Ngân hàng",
        "xây mới 08 căn",
        "Hiện vật (quy đổi, không cộng vào số tiền trên)",
        "400.000 đồng được báo đã nhận nhưng chưa rõ vào tài khoản nào",
        "Tăng tiền chưa rõ tài khoản",
    ):
        assert phrase in said, phrase


def test_every_number_of_the_tables_is_a_figure(full: dict[str, Any]) -> None:
    known = {figure["value"] for figure in full["figures"].values()}
    for section in full["sections"]:
        for block in section["blocks"]:
            for row in block.get("rows", ()):
                for cell, column in zip(row["cells"], block["columns"], strict=True):
                    if cell["value"] is not None and column["label"] != "STT":
                        assert cell["value"] in known, (block["name"], cell)


def test_paper(full: dict[str, Any]) -> None:
    html = documents.render_html(full)
    assert not re.search(r'style="|<script|http://(?!www\.w3\.org)', html)
    assert "None" not in html and DOTS not in html and 'class="dotted"' in html
    text = text_of(documents.render_pdf(full))
    for phrase in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "XÃ TÂN PHÚ HÒA",
        "BẢN TIN", "Công tác giảm nghèo năm 2026", "Biểu 1. Quỹ đã chi theo mục đích, năm 2026 (triệu đồng)",
        "126,5", "Nơi nhận:", "- Lưu: VT.", "TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH",
    ):  # fmt: skip
        assert phrase in text, phrase
    pages = text.split("\f")
    assert not pages[0].lstrip().startswith("1\n") and pages[1].lstrip().startswith("2\n")


def test_a_campaign_alone(cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune, name="Tết 2026", starts_on=date(2026, 1, 1), ends_on=None)
    set_target(campaign, cast.commune, 400_000, by=cast.accountant)
    Books(cast.commune).receive(100_000, campaign=campaign)
    Books(cast.commune).receive(5_000_000)
    said = words_of(documents.compose(Scope(cast.commune, *YEAR, campaign)))
    assert "Riêng đợt “Tết 2026”, đạt 25% chỉ tiêu 400.000 đồng." in said
    assert "tiếp nhận trong kỳ 100.000 đồng" in said and "5.100.000" not in said


def test_number_day_and_signer_of_that_day(cast: Cast) -> None:
    db.session.add(UnitText(unit_id=cast.commune.id, key="signer_title", value="PHÓ CHỦ TỊCH"))
    db.session.add(UnitText(unit_id=cast.commune.id, key="signer_name", value="Hoàng Thị Duyệt"))
    db.session.flush()
    content = documents.compose(Scope(cast.commune, *YEAR), day=date(2026, 3, 9), number="10/BT-MTTQ-BTT")
    assert content["head"]["place_date"] == "Tân Phú Hòa, ngày 09 tháng 3 năm 2026"
    assert content["head"]["number"] == "10/BT-MTTQ-BTT"
    assert content["signer"] == {
        "lines": ["TM. BAN THƯỜNG TRỰC", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        "name": "Hoàng Thị Duyệt",
    }


def test_other_renderings_say_the_same(full: dict[str, Any]) -> None:
    assert json.loads(documents.render_json(full)) == full
    alone = documents.render_file(full)
    assert "<link" not in alone and "data:font/woff2;base64," in alone
    table = read_table(render_xlsx(full), filename="ban-tin.xlsx")
    assert [sheet.name for sheet in table.sheets] == ["Bản tin", "Số liệu"]
    sheets = [[list(cells) for _, cells in sheet.rows()] for sheet in table.sheets]
    assert any(128 in row and 114 in row for row in sheets[0])
    received = next(row for row in sheets[1] if row[0] == "received.total")
    assert received[2] == 2_054_400_000


def test_printing_asks_nobody_outside() -> None:
    for address in ("http://example.com/x.png", "file:///etc/passwd", "/static/../config.py"):
        with pytest.raises(NotLocal):
            html_to_pdf(f'<p>a</p><img src="{address}">')
    assert standalone('<link rel="stylesheet" href="/static/css/bulletin.css">').startswith("<style>")


def test_a_printed_bulletin_is_kept(cast: Cast, full: dict[str, Any], app: Any) -> None:
    first = documents.render_pdf(full)
    kept = list((Path(app.instance_path) / "papers").iterdir())
    assert [path.read_bytes() for path in kept] == [first]
    assert documents.render_pdf(full) == first


@pytest.mark.parametrize(
    "start, end, name",
    [
        (date(2020, 1, 1), date(2020, 12, 31), "năm 2020"),
        (date(2016, 1, 1), date(2018, 12, 31), "giai đoạn 2016 - 2018"),
        (date(2026, 7, 1), date(2026, 9, 30), "quý III năm 2026"),
    ],
)
def test_names_of_periods(start: date, end: date, name: str) -> None:
    assert period_name(Period(start, end)) == name


def test_numbers_codes_and_signatures() -> None:
    assert (paper_number(3), paper_number(10)) == ("03/BT-MTTQ-BTT", "10/BT-MTTQ-BTT")
    assert code_of("Q11", 2026, 1) == "Q11-2026-01" and code_of("Xã/1", 2026, 12) == "X--1-2026-12"
    assert signing_lines("BAN THƯỜNG TRỰC", "CHỦ TỊCH") == ["TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH"]
