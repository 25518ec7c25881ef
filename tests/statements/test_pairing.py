"""An overlapping statement in other words adds exactly its new rows, and shows which ones it shares."""

from __future__ import annotations

import datetime as dt

import pytest
import xlsxwriter
from sqlalchemy import event, func, select

from portal.donations.models import Donation
from portal.jobs import worker
from portal.kit.db import db
from portal.kit.tables import read_table
from portal.ledger.models import Account
from portal.ledger.queries import account_balance
from portal.operate.verify import first_problem
from portal.statements import actions, pairing, staging
from portal.statements.actions import import_file
from portal.statements.daylines import HEAD, NUMBER, SAME, DayLines
from portal.statements.likeness import are_alike, marks_of, own_numbers, printed, references_agree, sign
from portal.statements.models import Statement, StatementLine, StatementPair
from tests.cast import make_account, make_campaign, sign_in
from tests.statements.bank_files import ACCOUNT, OPENING, Options, Truth, write_file
from tests.statements.samples import write_vcb_xlsx

FIRST = dt.date(2026, 9, 1)
EARLY, LATE = (0, 11), (9, 16)  # 1–12/9 and 10–17/9
FORMS = [
    ("bidv-2024", "bidv-2024-later"),
    ("vietcombank-2024", "vietcombank-2024-later"),
    ("vietcombank", "vietcombank-list"),
    ("vietcombank-list", "vietcombank-value-day"),
    ("agribank", "converted-long"),
]


@pytest.fixture(autouse=True)
def account(commune, db_session, monkeypatch):
    """The commune's account and campaign; the text index has its own test."""
    monkeypatch.setattr(actions, "follow_books", lambda: 0)
    make_account(unit=commune, code="TK1", number=ACCOUNT)
    make_campaign(unit=commune, code="D1", starts_on=dt.date(2026, 8, 1), ends_on=dt.date(2026, 12, 31))
    db_session.commit()


def bring(path, **options):
    return import_file(path, account_code="TK1", campaign_code="D1", **options)


def stream(rows: int, days: tuple[int, int]) -> list:
    return list(Options(rows, days=17, start=FIRST, only_days=days).stream())


def issue(path, form: str, rows: int, days: tuple[int, int], **options):
    """Write the transfers of some days as a statement of its own, with the balance that the account then had."""
    before = sum(one.amount for one in stream(rows, (0, days[0] - 1))) if days[0] else 0
    expected = Truth(opening=OPENING + before)
    common = {"form": form, "rows": rows, "days": 17, "start": FIRST, "only_days": days, "expected": expected}
    return write_file(path, "csv", **common, **options)


def count(what) -> int:
    return db.session.scalar(select(func.count()).select_from(what)) or 0


def bank_balance() -> int:
    return account_balance(db.session.scalars(select(Account.id).where(Account.kind == "bank")).one())


@pytest.mark.parametrize(("first", "second"), FORMS)
def test_exactly_the_new_rows_are_added(tmp_path, db_session, first, second) -> None:
    rows = 9_000 if first == "bidv-2024" else 1_700
    issue(tmp_path / "a.csv", first, rows, EARLY)
    issue(tmp_path / "b.csv", second, rows, LATE, retold=True)
    common, new = len(stream(rows, (9, 11))), len(stream(rows, (12, 16)))
    assert bring(tmp_path / "a.csv").new == len(stream(rows, EARLY))
    looked = bring(tmp_path / "b.csv", dry_run=True)
    assert (looked.new, looked.duplicates) == (new, common) and count(StatementPair) == 0
    outcome = bring(tmp_path / "b.csv")
    assert outcome.accepted and (outcome.new, outcome.duplicates) == (new, common)
    assert outcome.paired and outcome.paired == looked.paired == count(StatementPair)
    assert len(outcome.pairs) == min(staging.SHOWN_REPEATS, outcome.paired)
    assert not any("nội dung khác" in note for note in outcome.notes)
    days = select(StatementLine.day, func.count()).group_by(StatementLine.day)
    truth = stream(rows, (0, 16))
    assert dict(db_session.execute(days).all()) == {
        day: sum(one.day == day for one in truth) for day in {one.day for one in truth}
    }
    assert first_problem(db_session.connection()) is None
    assert bring(tmp_path / "b.csv").new == 0


def test_the_books_have_the_banks_balance_after_an_overlap(tmp_path, db_session) -> None:
    issue(tmp_path / "a.csv", "vietcombank", 1_700, EARLY)
    expected = issue(tmp_path / "b.csv", "vietcombank-value-day", 1_700, LATE, retold=True)
    bring(tmp_path / "a.csv")
    outcome = bring(tmp_path / "b.csv")
    assert outcome.complete and bank_balance() == expected.closing
    assert not any("Chưa khớp" in note for note in outcome.notes)
    credits = sum(one.amount > 0 for one in stream(1_700, (0, 16)))
    assert count(Donation) == credits


def test_small_chunks_and_a_disk_change_nothing(tmp_path, db_session, monkeypatch) -> None:
    for module in (staging, pairing):
        monkeypatch.setattr(module, "CHUNK", 50)
    monkeypatch.setattr(pairing, "IN_MEMORY", 1_000)
    issue(tmp_path / "a.csv", "bidv-2024", 1_700, EARLY)
    issue(tmp_path / "b.csv", "bidv-2024-later", 1_700, LATE, retold=True, newest_first=True)
    bring(tmp_path / "a.csv")
    outcome = bring(tmp_path / "b.csv")
    assert (outcome.new, outcome.duplicates) == (len(stream(1_700, (12, 16))), len(stream(1_700, (9, 11))))


LINE = "CT tu 0912345678 {name} toi 0011999000123 ung ho dong bao vung lu"


def write(path, *lines: tuple[str, int, str]):
    """A plain list (day, amount, text) without references."""
    rows = [f'{day},{amount},"{text}"' for day, amount, text in lines]
    path.write_text("\n".join(["date,money,content", *rows]) + "\n", "utf-8")
    return path


def test_a_line_that_is_another_row_by_its_key_is_not_taken(tmp_path, db_session) -> None:
    """The changed row stands first and looks like the line; the line is the later row's."""
    text = "MBVCB.1234567890.NGUYEN VAN AN ung ho dong bao " + "vung lu " * 12
    bring(write(tmp_path / "a.csv", ("10/09/2026", 500_000, text)))
    longer = text + "va cac chau hoc sinh"
    outcome = bring(write(tmp_path / "b.csv", ("10/09/2026", 500_000, longer), ("10/09/2026", 500_000, text)))
    assert (outcome.new, outcome.duplicates, outcome.paired) == (1, 1, 0)


def test_each_line_is_taken_once_and_the_rest_is_new(tmp_path, db_session) -> None:
    known, again = (
        LINE.format(name="NGUYEN VAN AN"),
        LINE.format(name="NGUYEN VAN AN").replace("091234", "xxxxxx"),
    )
    bring(write(tmp_path / "a.csv", *[("10/09/2026", 100_000, known)] * 3))
    outcome = bring(write(tmp_path / "b.csv", *[("10/09/2026", 100_000, again)] * 5))
    assert (outcome.new, outcome.duplicates, outcome.paired) == (2, 3, 3)
    taken = db_session.execute(select(StatementPair.ordinal, StatementPair.other_ordinal)).all()
    assert [tuple(row) for row in taken] == [(1, 1), (2, 2), (3, 3)]


def test_a_doubtful_row_is_added_and_told(tmp_path, db_session) -> None:
    bring(write(tmp_path / "a.csv", ("10/09/2026", 700_000, LINE.format(name="NGUYEN VAN AN"))))
    other = ("10/09/2026", 700_000, LINE.format(name="TRAN THI BINH"))
    outcome = bring(write(tmp_path / "b.csv", other, other, ("10/09/2026", 800_000, "Ung ho nguoi ngheo")))
    assert (outcome.new, outcome.paired) == (3, 0)
    assert any(note.startswith("Có 1 dòng cùng ngày, cùng số tiền") for note in outcome.notes)


def test_a_printed_balance_that_differs_is_another_line(tmp_path, db_session) -> None:
    head = "Ngày/Date,Ghi chú/Remark,Nợ/Dr,Có/Cr,Số dư/Balance,Số tham chiếu/Ref. no\n"
    known, again = LINE.format(name="LE VAN CHI"), LINE.format(name="LE VAN CHI").replace("091234", "xxxxxx")
    path = tmp_path / "a.csv"
    path.write_text(head + f'10/09/2026,{known},,"100,000","500,000",\n', "utf-8")
    assert bring(path).new == 1
    path.write_text(head + f'10/09/2026,{again},,"100,000","900,000",\n', "utf-8")
    assert (bring(path).new, count(StatementPair)) == (1, 0)
    path.write_text(head + f'10/09/2026,{known.replace("091234", "******")},,"100,000","500,000",\n', "utf-8")
    assert (bring(path).new, count(StatementPair)) == (0, 1)


def test_the_number_of_statements_follows_the_chunks_not_the_lines(app, tmp_path, db_session) -> None:
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for rows in (340, 3_400):
        issue(tmp_path / "a.csv", "bidv-2024", rows, EARLY, seed=rows)
        issue(tmp_path / "b.csv", "bidv-2024-later", rows, LATE, seed=rows, retold=True)
        bring(tmp_path / "a.csv")
        asked.clear()
        bring(tmp_path / "b.csv")
        counts.append(len(asked))
    assert counts[1] - counts[0] <= 12


def test_an_xlsx_that_excel_has_saved_again_under_another_name_adds_nothing(tmp_path, db_session) -> None:
    write_vcb_xlsx(tmp_path / "saoke.xlsx", rows=250)
    assert bring(tmp_path / "saoke.xlsx").new == 250
    table = read_table(tmp_path / "saoke.xlsx", filename="saoke.xlsx")
    with xlsxwriter.Workbook(tmp_path / "Ban sao.xlsx", {"default_date_format": "dd/mm/yyyy"}) as book:
        style = book.add_format({"bold": True, "bg_color": "#ffff00", "text_wrap": True})
        sheet = book.add_worksheet("Sao kê tháng 8")
        sheet.set_column(0, 8, 24)
        for number, cells in table.sheets[0].rows():
            for place, cell in enumerate(cells):
                plain = str(cell or "").replace(".", "")
                if plain.isdigit() and len(plain) > 4 and "." in str(cell):
                    sheet.write_number(number, place, int(plain), style)  # amounts became numbers
                elif cell not in (None, ""):
                    sheet.write(number, place, cell, style)
        book.add_worksheet("Sheet2")
    again = bring(tmp_path / "Ban sao.xlsx", filename="Bản sao (1).xlsx")
    assert again.accepted and (again.new, again.duplicates, again.paired) == (0, 250, 0)


def test_pairs_are_shown_before_and_after(app, client, accountant, tmp_path, db_session) -> None:
    issue(tmp_path / "a.csv", "bidv-2024", 170, EARLY)
    issue(tmp_path / "b.csv", "bidv-2024-later", 170, LATE, retold=True)
    bring(tmp_path / "a.csv")
    desk = sign_in(client, accountant)
    with (tmp_path / "b.csv").open("rb") as stream:
        data = {"account": "TK1", "campaign": "D1", "file": (stream, "b.csv")}
        sent = desk.post("/quan-ly/sao-ke/nap", data=data, content_type="multipart/form-data")
    db.session.commit()
    with app.app_context():
        while worker.work_once():
            pass
    shown = desk.get(sent.location).text
    assert "dòng in lại với nội dung hoặc số chứng từ khác" in shown and "Nội dung đã có" in shown
    statement_id = bring(tmp_path / "b.csv").statement_id
    pair = db_session.scalars(select(StatementPair).order_by(StatementPair.ordinal)).first()
    assert "Xem các dòng đã ghép" in desk.get(f"/quan-ly/sao-ke/{statement_id}").text
    page = desk.get(f"/quan-ly/sao-ke/{statement_id}/dong-ghep")
    assert page.status_code == 200 and pair.text[:60] in page.text and pair.line.text[:60] in page.text
    export = desk.get(f"/quan-ly/sao-ke/{statement_id}/dong-ghep?xuat=csv").text
    assert export.count("\n") >= count(StatementPair) + 1
    assert db_session.get_one(Statement, statement_id).paired_rows == count(StatementPair)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("CT tu 0912345678 NGUYEN VAN AN toi 0011999000123", "CT tu xxxxxx5678 NGUYEN VAN AN toi 0011***0123", True),
        ("CT tu 0912345678 NGUYEN VAN AN", "CT tu xxxxxx5679 NGUYEN VAN AN", False),
        ("CT tu 0912345678 NGUYEN VAN AN", "CT tu 0912345679 NGUYEN VAN AN", False),
        ("Ung ho 500.000 luc 06:59:55", "ung ho 500.000,00 luc 6:59:55", True),
        ("NGUYEN VAN AN ung ho", "NGUYEN VAN AN ung ho dong bao", False),
        ("NGUYEN VAN AN ung ho " * 8, ("NGUYEN VAN AN ung ho " * 8)[:120], True),
        ("020097042209.Ung ho", "020097042210.Ung ho", False),
        ("Page 3", "Page 4", False),
        ("SHGD:0123456789012.DD:260803", "SHGD:0123456789", False),
    ],
)  # fmt: skip
def test_when_texts_are_alike(one, other, alike) -> None:
    assert are_alike(printed(one), printed(other)) is alike
    assert are_alike(printed(other), printed(one)) is alike


def test_numbers_and_references_of_banks() -> None:
    assert own_numbers("MBVCB.1234567890.AN ung ho", "FT26123456789012") == ["1234567890", "FT26123456789012"]
    assert own_numbers("AN ung ho 0912345678", None) == []
    doc, other, transfer = marks_of("5254 - 05356"), marks_of("5254 - 05357"), marks_of("FT26123456789012")
    assert not references_agree(doc, other) and references_agree(doc, doc)
    assert references_agree(doc, transfer) and references_agree(doc, marks_of(None))


def test_lines_of_a_day_are_found_in_their_order_and_taken_once() -> None:
    lines = DayLines()
    for ordinal in range(1, 4):
        lines.add((7, ordinal), 100_000, None, None, "MBVCB.1234567890.AN ung ho")
    lines.add((7, 4), 100_000, "A1", 5, "MBVCB.1234567890.AN ung ho")
    lines.close()
    same = sign(SAME, 100_000, "mbvcb 1234567890 an ung ho")
    assert [lines.at(place)[1] for place in lines.find(same, None, None)] == [1, 2, 3, 4]
    assert [lines.at(place)[1] for place in lines.find(same, "A2", 6)] == [1, 2, 3]
    assert lines.take(0) == (7, 1)
    assert [lines.at(place)[1] for place in lines.find(sign(NUMBER, 100_000, "1234567890"), None, None)] == [
        2,
        3,
        4,
    ]
    assert next(lines.find(sign(HEAD, 200_000, "anungho"), None, None), None) is None
    assert [lines.doubts(100_000, "A2") for _ in range(3)] == [True, True, False]
