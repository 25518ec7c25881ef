"""Reviews, results and initiatives: versions under one number of the books per table."""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from portal.emulation.models import Initiative
from portal.households.models import HouseholdGroup, PovertyReview
from portal.kit.numbers import Entry
from portal.programmes.models import ProgrammeResult
from tests.cast import make_unit
from tests.imports.helpers import bring, counts, table, told

REVIEWS = (
    "Mã đơn vị,Chuẩn nghèo,Từ ngày,Đến ngày,Nhóm hộ,Phân tổ,Đầu kỳ,Tăng,Giảm,Cuối kỳ,Tổng số hộ đầu kỳ,"
    "Tổng số hộ cuối kỳ"
)
POOR = "TPH,Quốc gia 2022-2025,01/01/2024,31/12/2024,Hộ nghèo,,100,5,20,85,5000,5010"
RESULTS = (
    "Mã đơn vị,Từ ngày,Đến ngày,Chương trình,Loại,Nguồn,Chỉ tiêu,Thực hiện,Đơn vị tính,Số hộ,"
    "Số người,Số tiền,"
    "Mức độ,Tính chất,Ghi chú"
)
LOAN = 'TPH,01/01/2024,31/12/2024,Vay vốn,tín dụng,NHCSXH,"1.250,5",206,hộ,245,,9968000000,gần,lũy kế,'


def entries(db_session):
    return db_session.scalar(select(func.count()).select_from(Entry))


def test_reviews_keep_missing_apart_from_zero(cast, db_session):
    content = table(REVIEWS, POOR, POOR.replace("Hộ nghèo", "Hộ cận nghèo").replace("100,5,20,85", "0,,,0"))
    assert counts(bring("reviews", content)) == (2, 2, 0, 0)
    second = db_session.scalars(select(PovertyReview).order_by(PovertyReview.id)).all()[1]
    assert (second.opening, second.increase, second.closing) == (0, None, 0)
    assert entries(db_session) == 1


def test_reviews_twice_take_no_number_and_changes_make_versions(cast, db_session):
    bring("reviews", table(REVIEWS, POOR))
    assert counts(bring("reviews", table(REVIEWS, POOR))) == (1, 0, 0, 1)
    assert entries(db_session) == 1
    changed = table(REVIEWS, POOR.replace("100,5,20,85", "101,5,20,86"))
    assert counts(bring("reviews", changed)) == (1, 0, 1, 0)
    assert entries(db_session) == 2
    header = "Mã đơn vị,Chuẩn nghèo,Từ ngày,Đến ngày,Nhóm hộ,Tổng số hộ cuối kỳ"
    row = "TPH,Quốc gia 2022-2025,01/01/2024,31/12/2024,hộ nghèo,6000"
    assert counts(bring("reviews", table(header, row))) == (1, 0, 1, 0)
    now = db_session.scalars(select(PovertyReview).where(PovertyReview.until.is_(None))).one()
    assert (now.opening, now.households_closing) == (101, 6000)


def test_provinces_define_their_own_groups(cast, db_session):
    bring("reviews", table(REVIEWS, POOR.replace("Hộ nghèo", "Hộ vượt chuẩn")))
    assert db_session.scalar(select(HouseholdGroup.name).where(HouseholdGroup.folded == "ho vuot chuan"))


def test_review_faults(cast, db_session):
    make_unit(code="CU", name="Xã Cũ", valid_to=date(2024, 6, 30))
    outcome = bring(
        "reviews",
        table(
            REVIEWS,
            POOR.replace("85", "84"),
            POOR.replace("100", "một trăm"),
            POOR.replace("100", "-1"),
            POOR.replace("31/12/2024", "31/12/2023"),
            POOR.replace("Hộ nghèo", ""),
            POOR.replace("5010", "80"),
            POOR.replace("TPH", "CU"),
        ),
    )
    assert set(told(outcome)) == {
        "dòng 2, cột “Cuối kỳ”",
        "dòng 3, cột “Đầu kỳ”",
        "dòng 4, cột “Đầu kỳ”",
        "dòng 5, cột “Đến ngày”",
        "dòng 6, cột “Nhóm hộ”",
        "dòng 7, cột “Tổng số hộ cuối kỳ”",
        "dòng 8, cột “Mã đơn vị”",
    }
    assert entries(db_session) == 0


def test_fault_that_shows_only_against_the_books_has_its_row(cast, db_session):
    bring("reviews", table(REVIEWS, POOR))
    header = "Mã đơn vị,Chuẩn nghèo,Từ ngày,Đến ngày,Nhóm hộ,Cuối kỳ"
    row = "TPH,Quốc gia 2022-2025,01/01/2024,31/12/2024,Hộ nghèo,84"
    outcome = bring("reviews", table(header, row))
    assert set(told(outcome)) == {"dòng 2, cột “Cuối kỳ”"}


def test_contradicting_rows_of_one_table(cast, db_session):
    outcome = bring("reviews", table(REVIEWS, POOR, POOR.replace("5000", "5001")))
    assert set(told(outcome)) == {"dòng 3"}


def test_results(cast, db_session):
    outcome = bring("results", table(RESULTS, LOAN))
    assert (counts(outcome), outcome.sum) == ((1, 1, 0, 0), 9_968_000_000)
    row = db_session.scalar(select(ProgrammeResult))
    assert (row.kind, row.target, row.actual) == ("tin_dung", Decimal("1250.5"), 206)
    assert (row.people, row.qualifier, row.cumulative) == (None, "gần", True)
    assert counts(bring("results", table(RESULTS, LOAN))) == (1, 0, 0, 1)


def test_result_faults(cast, db_session):
    outcome = bring(
        "results",
        table(
            RESULTS,
            LOAN.replace("tín dụng", "tín nhiệm"),
            LOAN.replace("gần", "chắc"),
            LOAN.replace("lũy kế", "mãi mãi"),
            LOAN.replace("206", "12.5"),
            LOAN.replace("245", "2,5"),
            LOAN.replace("Vay vốn", ""),
            LOAN.replace('"1.250,5"', "0"),
        ),
    )
    cells = set(told(outcome))
    assert {
        "dòng 2, cột “Loại”",
        "dòng 3, cột “Mức độ”",
        "dòng 4, cột “Tính chất”",
        "dòng 5, cột “Thực hiện”",
        "dòng 7, cột “Chương trình”",
        "dòng 8, cột “Chỉ tiêu”",
    } <= cells
    assert any(cell.startswith("dòng 6, ") for cell in cells)


def test_initiatives_without_days_belong_also_to_ended_units(db_session):
    make_unit(code="BC", name="Huyện Cũ", valid_to=date(2025, 6, 30))
    content = table("Mã đơn vị,Tên mô hình,Hình thức,Ghi chú", "BC,Trao gửi yêu thương,mô hình,")
    assert counts(bring("initiatives", content)) == (1, 1, 0, 0)
    assert counts(bring("initiatives", content)) == (1, 0, 0, 1)
    row = db_session.scalar(select(Initiative))
    assert (row.starts_on, row.ends_on, row.form) == (None, None, "mô hình")
    late = table("Mã đơn vị,Tên mô hình,Từ ngày", "BC,Mô hình mới,01/07/2025")
    assert set(told(bring("initiatives", late))) == {"dòng 2, cột “Mã đơn vị”"}
