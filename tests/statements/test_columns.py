"""Columns that a person names, sums typed from the paper, and the certificate on the page."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import func, select

from portal.jobs.models import Job
from portal.kit import access
from portal.kit.db import db
from portal.statements.models import Statement, StatementLine, StatementMapping
from tests.cast import make_user, sign_in
from tests.statements.bank_files import Options, statement_rows
from tests.statements.test_views import desk, file_of, fund_at_bank, send, work  # noqa: F401  (fixtures)

STRANGE = ["Hôm", "Mã", "Thu", "Chi", "Còn", "Diễn tả"]
ROLES = {"c0": "day", "c1": "reference", "c2": "credit", "c3": "debit", "c4": "balance", "c5": "text"}


def strange_file(rows: int = 30, **options) -> tuple[bytes, Options]:
    """A list with headings that no bank uses, below two rows of its own."""
    chosen = Options(rows=rows, form="agribank", days=3, **options)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([["Ngân hàng Hợp Tác"], ["Sổ phụ"], STRANGE])
    for day, text, debit, credit, balance, reference in list(statement_rows(chosen))[5:]:
        writer.writerow([day, reference, credit, debit, balance, text])
    return out.getvalue().encode(), chosen


def count(what) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(what)) or 0


def columns_of(location: str) -> str:
    return f"{location}/cot"


@pytest.fixture
def asked(app, desk):  # noqa: F811
    """A check that did not understand the header; its address and what the file holds."""
    content, options = strange_file()
    sent = send(desk, content)
    work(app)
    return sent.location, options


def test_an_unknown_header_is_asked_column_by_column_and_then_read(app, desk, asked) -> None:  # noqa: F811
    location, options = asked
    shown = desk.get(location)
    assert shown.status_code == 422 and "chỉ rõ từng cột" in shown.text
    assert f'href="{columns_of(location)}"' in shown.text
    page = desk.get(columns_of(location)).text
    assert "dòng 3: Hôm · Mã · Thu" in page and '<option value="3" selected' in page
    assert "Diễn tả" in page and "03/08/2026" in page
    said = desk.post(columns_of(location), data={"dong": "3", **ROLES})
    assert said.status_code == 303 and said.location != location
    work(app)
    checked = desk.get(said.location).text
    assert "Đọc được cả 30 dòng" in checked and "cách đọc cột đã lưu" in checked
    desk.post(said.location)
    work(app)
    statement = db.session.scalars(select(Statement)).one()
    assert (statement.state, statement.credit_sum) == ("posted", options.expected.credit_sum)
    assert (statement.opening, statement.closing) == (options.expected.opening, options.expected.closing)
    assert statement.certificate["mapped"] is True


def test_the_saved_way_of_reading_is_used_next_time_shown_and_deleted(app, desk, asked) -> None:  # noqa: F811
    location, _ = asked
    desk.post(columns_of(location), data={"dong": "3", **ROLES})
    work(app)
    again = send(desk, strange_file(rows=12, seed=7)[0])
    work(app)
    assert "Đọc được cả 12 dòng" in desk.get(again.location).text
    listed = desk.get("/quan-ly/sao-ke/cach-doc/").text
    assert "Hôm, Mã, Thu, Chi, Còn, Diễn tả" in listed
    kept = db.session.scalars(select(StatementMapping)).one()
    one = desk.get(f"/quan-ly/sao-ke/cach-doc/{kept.id}").text
    assert "Ghi có (tiền vào)" in one and "Lê Thị Toán" in one and "Xóa cách đọc" in one
    assert desk.post(f"/quan-ly/sao-ke/cach-doc/{kept.id}/xoa").status_code == 303
    assert count(StatementMapping) == 0
    last = send(desk, strange_file(rows=12, seed=7)[0])
    work(app)
    assert desk.get(last.location).status_code == 422


def test_said_again_it_replaces_the_earlier_word(app, desk, asked) -> None:  # noqa: F811
    location, _ = asked
    for _ in range(2):
        assert desk.post(columns_of(location), data={"dong": "3", **ROLES}).status_code == 303
    assert count(StatementMapping) == 1


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"c3": "credit"}, "c3", "cùng là “Ghi có (tiền vào)”"),
        ({"c1": "day_and_reference"}, "c1", "Có hai cột ngày"),
        ({"c2": ""}, None, "Chưa chỉ ra cột: Ghi có (tiền vào)"),
        ({"c0": "", "c5": ""}, None, "Chưa chỉ ra cột: Ngày giao dịch, Nội dung"),
        ({"c4": "khac"}, "c4", "Chọn lại"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_chosen(app, desk, asked, said, field, sentence) -> None:  # noqa: F811
    location, _ = asked
    answer = desk.post(columns_of(location), data={"dong": "3", **ROLES, **said})
    assert answer.status_code == 422 and sentence in answer.text
    if field:
        assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert '<option selected value="text">' in answer.text or "c5" in said
    assert count(StatementMapping) == 0 and count(Job) == 1


def test_another_row_may_be_the_header(app, desk, asked) -> None:  # noqa: F811
    location, _ = asked
    page = desk.get(f"{columns_of(location)}?dong=2").text
    assert '<option value="2" selected' in page and "Sổ phụ" in page
    gone = desk.get(f"{columns_of(location)}?dong=9999")
    assert gone.status_code == 422 and "không có dòng này" in gone.text


def test_a_known_layout_is_offered_as_it_was_understood(app, desk, tmp_path) -> None:  # noqa: F811
    sent = send(desk, file_of(tmp_path, rows=10)[0])
    work(app)
    assert columns_of(sent.location) in desk.get(sent.location).text
    page = desk.get(columns_of(sent.location)).text
    assert (
        '<option selected value="day_and_reference">' in page and '<option selected value="credit">' in page
    )
    swapped = {"dong": "11", "c1": "day_and_reference", "c2": "credit", "c3": "debit", "c5": "text"}
    said = desk.post(columns_of(sent.location), data=swapped)
    work(app)
    assert (
        "Chưa ghi sổ được" in desk.get(said.location).text
    )  # the printed sums show that the sides were changed


def test_a_file_that_is_no_table_has_no_columns_to_name(app, desk) -> None:  # noqa: F811
    sent = send(desk, b"\x89PNG\r\n\x1a\n" + b"0" * 50, "anh.xlsx")
    work(app)
    assert "Chỉ rõ các cột" not in desk.get(sent.location).text
    answer = desk.get(columns_of(sent.location))
    assert answer.status_code == 422 and "không phải là bảng tính" in answer.text


def test_who_may_name_columns(app, desk, client, cast, asked) -> None:  # noqa: F811
    location, _ = asked
    desk.post(columns_of(location), data={"dong": "3", **ROLES})
    kept = db.session.scalars(select(StatementMapping.id)).one()
    one = f"/quan-ly/sao-ke/cach-doc/{kept}"
    auditor = sign_in(client, cast.auditor)
    assert auditor.get(one).status_code == 200 and "Xóa cách đọc" not in auditor.get(one).text
    assert (
        auditor.post(f"{one}/xoa").status_code == 403 and auditor.get(columns_of(location)).status_code == 403
    )
    outsider = sign_in(client, cast.outsider)
    assert outsider.get(one).status_code == 404
    elsewhere = sign_in(client, make_user(name="Kế Toán Xa", role=access.ACCOUNTANT, unit=cast.other_commune))
    assert elsewhere.get(columns_of(location)).status_code == 404
    assert elsewhere.post(f"{one}/xoa").status_code == 404 and count(StatementMapping) == 1


def bare(tmp_path, **options) -> tuple[bytes, object]:
    """A list of 2024: nothing is printed to tie to."""
    return file_of(tmp_path, rows=40, form="vietcombank-2024", days=2, **options)


@pytest.mark.parametrize("off", [0, 1])
def test_sums_from_the_paper_prove_or_break(app, desk, tmp_path, off) -> None:  # noqa: F811
    content, truth = bare(tmp_path)
    sent = send(desk, content)
    work(app)
    assert "Đối chiếu với bản giấy" in desk.get(sent.location).text
    typed = {"rows": "40", "credit_sum": f"{truth.credit_sum + off:,}".replace(",", ".")}
    again = desk.post(f"{sent.location}/ban-giay", data=typed)
    assert again.status_code == 303
    work(app)
    shown = desk.get(again.location)
    assert shown.status_code == (422 if off else 200)
    assert ("chênh lệch 1 đồng" in shown.text) == bool(off)
    assert ("Số ngân hàng in đều khớp" in shown.text or "bản giấy" in shown.text) and "Khớp" in shown.text
    desk.post(again.location, data={"reason": "Bản giấy in nhầm"})
    work(app)
    statement = db.session.scalars(select(Statement)).one()
    assert statement.completeness == ("broken" if off else "proved")
    page = desk.get(f"/quan-ly/sao-ke/{statement.id}").text
    assert "bản giấy" in page and ("Bản giấy in nhầm" in page) == bool(off)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Chưa đủ số để đối chiếu"),
        ({"opening": "0"}, "Chưa đủ số để đối chiếu"),
        ({"rows": "bốn mươi", "credit_sum": "1"}, "không phải số nguyên"),
        ({"rows": "40", "credit_sum": "2.50"}, "chưa rõ là bao nhiêu"),
    ],
)
def test_sums_that_prove_nothing_are_refused(app, desk, tmp_path, typed, sentence) -> None:  # noqa: F811
    sent = send(desk, bare(tmp_path)[0])
    work(app)
    answer = desk.post(f"{sent.location}/ban-giay", data=typed)
    assert answer.status_code == 422 and sentence in answer.text and "Đọc được cả 40 dòng" in answer.text
    assert all(f'value="{value}"' in answer.text for value in typed.values())
    assert count(Job) == 1


def test_the_certificate_stands_on_the_statements_page(app, desk, tmp_path) -> None:  # noqa: F811
    content, truth = file_of(tmp_path, rows=40, form="bidv", days=4, skip_days=(1, 2))
    sent = send(desk, content)
    work(app)
    desk.post(sent.location)
    work(app)
    statement = db.session.scalars(select(Statement)).one()
    page = desk.get(f"/quan-ly/sao-ke/{statement.id}").text
    assert page.count("Khớp</span>") >= 4 and "Không khớp" not in page
    assert f"{truth.closing:,}".replace(",", ".") in page and "04/08/2026 – 05/08/2026" in page
    assert "Không có giao dịch" in page
    assert {"Số dư cuối kỳ (đ)", "Số dòng có số dư"} <= {
        check["what"] for check in statement.certificate["checks"]
    }


def test_the_same_file_and_overlapping_days_are_named(app, desk, tmp_path) -> None:  # noqa: F811
    content, _ = file_of(tmp_path, rows=40, days=4)
    sent = send(desk, content)
    work(app)
    desk.post(sent.location)
    work(app)
    same = send(desk, content, "ten-khac.csv")
    work(app)
    assert "Đúng tệp này đã được ghi sổ" in desk.get(same.location).text
    longer = send(desk, file_of(tmp_path, rows=40, days=4, form="vietcombank-value-day")[0], "dai.csv")
    work(app)
    shown = desk.get(longer.location).text
    assert "Trùng một số ngày với sao kê “saoke.csv” (từ 03/08/2026 đến 06/08/2026)" in shown


def test_the_other_side_is_kept_with_the_line(app, desk, tmp_path) -> None:  # noqa: F811
    sent = send(desk, file_of(tmp_path, rows=10, form="vietinbank-2024")[0])
    work(app)
    desk.post(sent.location)
    work(app)
    lines = db.session.scalars(select(StatementLine).where(StatementLine.credit.is_not(None))).all()
    assert all(line.counterparty.isupper() and line.counterparty_account.isdigit() for line in lines)


def test_a_paper_in_pdf_is_read_and_a_scan_refused(app, desk, tmp_path) -> None:  # noqa: F811
    from reportlab.pdfgen.canvas import Canvas

    from tests.statements.bank_files import write_file

    truth = write_file(tmp_path / "a.pdf", "pdf-plain", rows=60, form="agribank", days=3)
    sent = send(desk, (tmp_path / "a.pdf").read_bytes(), "saoke.pdf")
    work(app)
    shown = desk.get(sent.location).text
    assert "Đọc được cả 60 dòng" in shown and f"{truth.credit_sum:,}".replace(",", ".") in shown
    canvas = Canvas(str(tmp_path / "b.pdf"))
    canvas.rect(50, 50, 400, 600, fill=1)
    canvas.save()
    sent = send(desk, (tmp_path / "b.pdf").read_bytes(), "quet.pdf")
    work(app)
    assert "là ảnh quét, không có chữ để đọc (trang 1)" in desk.get(sent.location).text
