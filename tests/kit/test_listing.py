"""The list component: what it asks of the database, what it shows, and what it makes of a hostile address."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import ForeignKey, event, func, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship
from werkzeug.datastructures import MultiDict

from portal.kit import vietnamese
from portal.kit.db import BigKey, Moment, Money, Text, db
from portal.kit.errors import Refused
from portal.kit.listing import (
    AmountFilter,
    BulkAction,
    Col,
    DayFilter,
    ListSpec,
    SelectFilter,
    TextFilter,
    words_in,
)
from portal.kit.tables import read_table


class Base(DeclarativeBase):
    """Tables of this test alone; they are no part of the portal's schema."""


class Appeal(Base):
    __tablename__ = "listing_test_appeal"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(Text(100))


class Gift(Base):
    __tablename__ = "listing_test_gift"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    given_on: Mapped[date]
    donor: Mapped[str | None] = mapped_column(Text(100))
    folded: Mapped[str] = mapped_column(Text(100))
    amount: Mapped[int | None] = mapped_column(Money)
    typed_at: Mapped[datetime] = mapped_column(Moment)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey(Appeal.id))
    appeal: Mapped[Appeal | None] = relationship()


GIFTS = ListSpec(
    noun="khoản",
    key=Gift.id,
    default_sort="-ngay",
    page_size=10,
    title="Khoản ủng hộ",
    file_name="khoan-ung-ho",
    nothing_yet="Chưa có khoản ủng hộ nào. Bấm “Ghi nhận khoản ủng hộ” để ghi khoản đầu tiên.",
    row_url=lambda gift: f"/khoan-ung-ho/{gift.id}",
    columns=[
        Col("ngay", "Ngày", "given_on", kind="day", sort=Gift.given_on),
        Col("so", "Số phiếu", lambda gift: f"PT-{gift.id:04}", kind="link"),
        Col("ten", "Người ủng hộ", "donor", sort=Gift.donor, primary=True),
        Col("dot", "Đợt vận động", "appeal.name", muted=True),
        Col("ghi", "Ngày ghi", "typed_at", kind="day"),
        Col(
            "tt",
            "Tình trạng",
            lambda _: "Chờ biên lai",
            kind="badge",
            badge=lambda g: "warn" if g.id == 1 else None,
        ),
        Col("tien", "Số tiền (đ)", "amount", kind="amount", sort=Gift.amount, total=Gift.amount),
    ],
    filters=[
        DayFilter("tu", "Từ ngày", lambda day: Gift.given_on >= day),
        DayFilter("den", "Đến ngày", lambda day: Gift.given_on <= day),
        SelectFilter(
            "dot", "Đợt vận động", lambda number: Gift.appeal_id == number, choices=[(1, "Tháng cao điểm")]
        ),
        AmountFilter("tien_tu", "Số tiền từ", lambda amount: Gift.amount >= amount),
        TextFilter("q", "Tên", lambda text: words_in(Gift.folded, text)),
    ],
)
ALL = select(Gift).options(joinedload(Gift.appeal))
NAMES = ["Nguyễn Văn An", "Trần Thị Bưởi", "Đỗ Đức Cường", None, "=HYPERLINK(1)"]


@pytest.fixture
def url(engine, tmp_path, request):
    """An empty database without the portal's schema."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'listing.sqlite3'}"
        return
    cluster = request.getfixturevalue("cluster")
    name = f"listing_{uuid4().hex}"
    cluster.create(name)
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def app(url):
    """An application with nothing but a database."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context(), app.test_request_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def gifts(app):
    """25 gifts: one has no amount, five no name; the amounts are 1.000, 2.000, … đồng."""
    db.session.execute(insert(Appeal), [{"id": 1, "name": "Tháng cao điểm"}])
    rows = [
        {
            "id": n,
            "given_on": date(2026, 10, 1 + n % 7),
            "donor": NAMES[n % 5],
            "folded": vietnamese.fold(NAMES[n % 5]),
            "amount": None if n == 13 else n * 1000,
            "typed_at": datetime(2026, 10, 18, 20, 0, tzinfo=UTC),
            "appeal_id": 1 if n % 2 else None,
        }
        for n in range(1, 26)
    ]
    db.session.execute(insert(Gift), rows)
    db.session.commit()


@pytest.fixture
def statements(app):
    """The SQL statements of the test, as they go to the database."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def run(path="/khoan", records=ALL, spec=GIFTS, **args):
    return spec.run(records, MultiDict(args), path)


def keys(listing):
    return [int(row.key) for row in listing.rows]


def filter_of(listing, name):
    return next(item for item in listing.filters if item.name == name)


@pytest.mark.parametrize("args", [{}, {"tu": "03/10/2026", "q": "nguyen", "sap": "-tien", "trang": "2"}])
def test_two_statements_whatever_is_asked(gifts, statements, args):
    assert run(**args).rows
    assert len(statements) == 2


def test_an_empty_answer_takes_three_statements_at_most(gifts, statements):
    listing = run(q="không có ai tên thế")
    assert (listing.count, listing.rows, listing.is_empty_database) == (0, [], False)
    assert listing.empty_text.startswith("Không có khoản nào theo bộ lọc")
    assert len(statements) == 2


def test_nothing_yet_is_another_sentence_than_nothing_found(app, statements):
    empty = run()
    assert empty.is_empty_database and empty.empty_text.startswith("Chưa có khoản ủng hộ nào")
    assert run(q="an").is_empty_database
    assert empty.sums == {"tien": 0} and empty.page_label == "trang 1 trong 1"
    assert len(statements) == 1 + 2


def test_cells_are_written_as_people_read_them(gifts):
    row = next(row for row in run(sap="tien").rows if row.key == "1")
    texts = [cell.text for cell in row.cells]
    assert texts == [
        "02/10/2026", "PT-0001", "Trần Thị Bưởi", "Tháng cao điểm", "19/10/2026", "Chờ biên lai", "1.000",
    ]  # fmt: skip
    assert (row.url, row.cells[1].url, row.cells[2].url) == ("/khoan-ung-ho/1", "/khoan-ung-ho/1", None)
    assert (row.cells[3].muted, row.cells[5].badge_kind) == (True, "warn")


def test_missing_values_show_as_a_dash(gifts):
    row = next(row for row in run(sap="tien", trang="3").rows if row.key == "13")
    assert row.cells[6].text == "—" and row.cells[6].muted


def test_count_and_sum_are_those_of_the_filter_not_of_the_page(gifts):
    listing = run()
    assert (listing.count, listing.sums, len(listing.rows)) == (25, {"tien": (325 - 13) * 1000}, 10)
    half = run(dot="1")
    assert half.count == 13 and half.sums == {"tien": (169 - 13) * 1000}


def test_every_row_comes_once_over_all_pages_in_every_order(gifts):
    for sort in ("", "ngay", "-ngay", "ten", "-ten", "tien", "-tien"):
        pages = [run(sap=sort, trang=str(page)) for page in (1, 2, 3)]
        assert sorted(sum(map(keys, pages), [])) == list(range(1, 26)), sort


@pytest.mark.parametrize("sort", ["tien", "-tien"])
def test_missing_values_stand_last_in_both_directions(gifts, sort):
    assert keys(run(sap=sort, trang="3"))[-1] == 13


def test_pages_are_named_and_linked(gifts):
    first, middle, last = (run(trang=str(page), tu="01/10/2026") for page in (1, 2, 3))
    assert [x.page_label for x in (first, middle, last)] == [f"trang {n} trong 3" for n in (1, 2, 3)]
    assert first.prev_url is None and last.next_url is None
    assert middle.prev_url == "/khoan?tu=01%2F10%2F2026"
    assert middle.next_url == "/khoan?tu=01%2F10%2F2026&trang=3"


def test_filters_and_sort_stay_in_every_address(gifts):
    listing = run(tu="01/10/2026", q="Nguyễn", sap="ten")
    for url in (listing.export_xlsx_url, listing.export_csv_url, listing.columns[0].sort_url):
        asked = parse_qs(urlsplit(url).query)
        assert (asked["tu"], asked["q"]) == (["01/10/2026"], ["Nguyễn"])
    assert listing.hidden_args == {"sap": "ten"} and listing.clear_url == "/khoan?sap=ten"
    assert listing.active_filters == 2


def test_heads_turn_the_order(gifts):
    by_key = {col.key: col for col in run().columns}
    assert by_key["ngay"].sorted == "desc" and by_key["ngay"].sort_url == "/khoan?sap=ngay"
    assert by_key["tien"].sorted is None and by_key["tien"].sort_url == "/khoan?sap=-tien"
    assert by_key["ten"].sort_url == "/khoan?sap=ten"
    assert not by_key["so"].sortable and by_key["so"].sort_url is None
    assert (by_key["tien"].align, by_key["ten"].align) == ("right", "left")
    assert run(sap="ngay").columns[0].sort_url == "/khoan"  # back to the default


@pytest.mark.parametrize(
    "text", ["nguyen van an", "AN nguyễn", "Nguye\u0302\u0303n Va\u0306n An", "văn\u00a0an"]
)
def test_search_forgives_accents_case_order_and_normal_forms(gifts, text):
    assert run(q=text).count == 5


def test_search_knows_d_with_a_bar(gifts):
    assert run(q="do duc").count == 5 and run(q="ĐỖ").count == 5


def test_a_search_of_signs_alone_finds_nothing_and_wildcards_mean_nothing(gifts):
    assert run(q="!!!").count == 0 and run(q="%").count == 0 and run(q="_").count == 0


@pytest.mark.parametrize(
    ("name", "typed", "piece"),
    [
        ("tu", "31/02/2026", "2026"),
        ("tu", "hôm nọ", ""),
        ("den", "9" * 5000, ""),
        ("tien_tu", "2.50", ""),
        ("tien_tu", "-5", ""),
        ("tien_tu", "1" + "0" * 30, ""),
        ("dot", "77", "Chọn lại"),
        ("dot", "1 OR 1=1", "Chọn lại"),
        ("q", "a" * 300, "200"),
    ],
)
def test_a_filter_that_cannot_be_read_says_so_keeps_the_text_and_is_not_applied(gifts, name, typed, piece):
    listing = run(**{name: typed})
    bad = filter_of(listing, name)
    assert bad.error and piece in bad.error and bad.value == typed[:1000] and not bad.active
    assert (listing.count, listing.status, listing.active_filters) == (25, 422, 0)


@pytest.mark.parametrize(
    "args",
    [
        {"sap": "drop table"},
        {"sap": "--ngay"},
        {"sap": "so"},
        {"sap": "ngay; delete from gift"},
        {"trang": "-1"},
        {"trang": "0"},
        {"trang": "²"},
        {"trang": "1e9"},
        {"trang": "9" * 4000},
        {"xuat": "exe"},
        {"q": "\x00"},
        {"tu": "\x00\x00"},
        {"la": "lung"},
    ],
)
def test_a_hostile_address_gives_the_first_page_in_the_usual_order(gifts, args):
    listing = run(**args)
    assert keys(listing) == keys(run()) and listing.status == 200
    assert "la=" not in listing.next_url and "exe" not in listing.next_url


def test_a_page_beyond_the_end_is_the_last_one(gifts):
    assert run(trang=str(10**9)).page_label == "trang 3 trong 3"


def test_control_signs_are_dropped_from_a_search(gifts):
    listing = run(q="nguyen\x00 an\x07")
    assert filter_of(listing, "q").value == "nguyen an" and listing.count == 5


def test_choices_offer_all_first_and_may_come_from_a_function(gifts):
    assert filter_of(run(dot="1"), "dot").choices == [("", "Tất cả"), ("1", "Tháng cao điểm")]
    spec = ListSpec(
        "khoản", Gift.id, [], [SelectFilter("x", "Xóm", lambda v: Gift.id == v, choices=lambda: [(4, "B")])]
    )
    assert keys(run(spec=spec, x="4")) == [4]


def test_named_columns_serve_as_well_as_entities(gifts):
    records = select(Gift.id, Gift.amount, Gift.donor.label("ten")).where(Gift.id < 4)
    spec = ListSpec(
        "khoản", Gift.id, [Col("ten", "Tên"), Col("amount", "Tiền", kind="amount", total=Gift.amount)]
    )
    listing = run(records=records, spec=spec)
    assert [row.cells[1].text for row in listing.rows] == ["1.000", "2.000", "3.000"]
    assert listing.sums == {"amount": 6000}
    assert b"1000" in downloaded(records, spec, xuat="csv").get_data()


def test_grouped_selects_are_counted_by_group(gifts):
    records = select(Gift.appeal_id, func.count().label("so")).group_by(Gift.appeal_id)
    spec = ListSpec("đợt", Gift.appeal_id, [Col("so", "Số khoản", total=func.count())])
    listing = run(records=records, spec=spec)
    assert (listing.count, listing.sums) == (2, {"so": 25})


def downloaded(records=ALL, spec=GIFTS, **args):
    answer = spec.download(records, MultiDict(args))
    answer.direct_passthrough = False
    return answer


def test_the_csv_holds_exactly_the_filtered_rows_in_order(gifts, statements):
    answer = downloaded(xuat="csv", dot="1", sap="-tien", trang="2")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0] == [col.label for col in GIFTS.columns]
    assert [row[1] for row in rows[1:]] == [f"PT-{n:04}" for n in range(25, 0, -2) if n != 13] + ["PT-0013"]
    assert rows[1][0] == "05/10/2026" and rows[1][6] == "25000" and rows[-1][6] == ""
    assert "khoan-ung-ho.csv" in answer.headers["Content-Disposition"]
    assert len(statements) == 1


def test_the_workbook_can_be_read_back_with_numbers_as_numbers(gifts):
    answer = downloaded(xuat="xlsx", q="an nguyen")
    (sheet,) = read_table(answer.get_data(), filename="khoan.xlsx").sheets
    rows = [cells for _, cells in sheet.rows()]
    assert rows[0][0] == "Khoản ủng hộ"
    assert [(row[0], row[1], row[6]) for row in rows[-5:-3]] == [
        (date(2026, 10, 7), "PT-0020", 20000),
        (date(2026, 10, 6), "PT-0005", 5000),
    ]


def test_no_file_without_asking_and_none_of_an_unreadable_filter(gifts):
    assert GIFTS.download(ALL, MultiDict({"tu": "01/10/2026"})) is None
    with pytest.raises(Refused) as refused:
        GIFTS.download(ALL, MultiDict({"xuat": "xlsx", "tu": "31/02/2026"}))
    assert refused.value.field == "tu" and "Từ ngày" in refused.value.text


def chosen(records=ALL, args=(), **form):
    return [gift.id for gift in db.session.scalars(GIFTS.chosen(records, MultiDict(args), MultiDict(form)))]


def test_ticked_rows_are_chosen_only_within_what_the_person_sees(gifts):
    assert sorted(chosen(key=["3", "5", "99", "x", "9" * 40])) == [3, 5]
    assert chosen(records=ALL.where(Gift.id < 4), key=["3", "5"]) == [3]


def test_all_rows_of_the_filter_can_be_chosen(gifts):
    assert sorted(chosen(args={"dot": "1"}, all="1")) == list(range(1, 26, 2))
    with pytest.raises(Refused):
        chosen(args={"dot": "77"}, all="1")


def test_choosing_nothing_is_refused_in_a_sentence(gifts):
    with pytest.raises(Refused, match="Chưa chọn khoản nào"):
        chosen(key=["abc"])


def test_bulk_actions_carry_the_filter(gifts):
    listing = GIFTS.run(ALL, MultiDict({"dot": "1"}), "/khoan", [BulkAction("In biên lai", "/in", "print")])
    assert listing.bulk_actions == [BulkAction("In biên lai", "/in?dot=1", "print")]


def test_an_attribute_path_may_end_early():
    assert Col("x", "X", "appeal.name").read(SimpleNamespace(appeal=None)) is None
    assert Col("x", "X").cell(SimpleNamespace(x="")).text == "—"
