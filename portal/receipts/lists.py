"""The lists of the receipts' room: numbers, runs of the printer, paper books, papers for donors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from sqlalchemy import BigInteger, case, cast, func

from portal.donations.models import Donation
from portal.donations.queries import found_by
from portal.kit.columns import Col
from portal.kit.filters import Choices, DayFilter, FilterSpec, SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import ListSpec
from portal.kit.money import parse_count
from portal.receipts import queries
from portal.receipts import queries_books as books
from portal.receipts.models import DonorPaper, PrintRun, ReceiptBook
from portal.receipts.queries import PAPER
from portal.receipts.rules import DONOR_PAPERS, PAPERS, STATES

BADGES = {"new": None, "queued": "neutral", "printed": None, "void": "bad"}
OPEN, DONE, STOPPED = "mo", "xong", "dung"
RUN_STATES = {OPEN: "Chưa xong", DONE: "Đã in xong", STOPPED: "Đã bỏ phần còn lại"}
OUT, BACK = "giao", "tra"
NUMBER = re.compile(
    r"^(?:(?P<series>PT|NK)\s*-?\s*)?0*(?P<number>\d{1,9})(?:\s*/\s*(?P<year>\d{4}))?$", re.IGNORECASE
)


class NumberFilter(FilterSpec):
    """A number of a series: "12", "0012"."""

    kind: ClassVar[str] = "text"

    def parse(self, text: str, choices: Choices) -> Any:
        """The number. Raises Refused."""
        return parse_count(text, field=self.name)


def state_text(row: Any) -> str:
    """ "Đã in 2 lần"."""
    return f"Đã in {row.prints} lần" if row.state == "printed" and row.prints > 1 else STATES[row.state]


def papers_list(
    campaigns: Sequence[tuple[int, str]], years: Sequence[int], row_url: Callable[[Any], str]
) -> ListSpec:
    """The list of `queries.papers_for`: every number in order, with what became of it."""
    return ListSpec(
        noun="phiếu",
        key=PAPER.c.key,
        default_sort="-so",
        title="Biên lai",
        file_name="bien-lai",
        nothing_yet="Chưa có phiếu nào. Phiếu được cấp số khi ghi nhận khoản ủng hộ.",
        nothing_found="Chưa có phiếu nào theo các điều kiện này. Bớt điều kiện hoặc xóa lọc.",
        row_url=row_url,
        columns=[
            Col("so", "Số phiếu", queries.number_of, kind="link", sort=_order()),
            Col("ngay", "Ngày", "day", kind="day", sort=PAPER.c.day),
            Col(
                "ten",
                "Người nộp",
                lambda row: row.Donation.donor_name or "Không rõ tên",
                sort=Donation.donor_name,
                primary=True,
            ),
            Col("dia_chi", "Địa chỉ", "Donation.address", muted=True),
            Col("don_vi", "Đơn vị", "Donation.unit.name", muted=True),
            Col(
                "dot",
                "Đợt vận động",
                lambda row: row.Donation.campaign.name if row.Donation.campaign else "Thường xuyên",
                muted=True,
            ),
            Col(
                "tinh_trang",
                "Tình trạng",
                state_text,
                kind="badge",
                badge=lambda row: BADGES[row.state],
                muted=True,
            ),
            Col("tien", "Giá trị (đ)", "amount", kind="amount", total=queries.standing_amount()),
        ],
        filters=[
            SelectFilter(
                "quyen",
                "Loại phiếu",
                lambda series: PAPER.c.series == series,
                choices=[(kind.series, kind.name) for kind in PAPERS.values()],
            ),
            SelectFilter(
                "nam",
                "Năm",
                lambda year: PAPER.c.series_year == year,
                choices=[(year, str(year)) for year in years],
            ),
            NumberFilter("tu_so", "Từ số", lambda number: PAPER.c.series_no >= number),
            NumberFilter("den_so", "Đến số", lambda number: PAPER.c.series_no <= number),
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda state: queries.state() == state,
                choices=list(STATES.items()),
            ),
            DayFilter("tu", "Từ ngày", lambda day: PAPER.c.day >= day),
            DayFilter("den", "Đến ngày", lambda day: PAPER.c.day <= day),
            SelectFilter("dot", "Đợt vận động", _of_campaign, choices=campaigns),
            TextFilter("q", "Tên, số phiếu, nội dung", _found),
        ],
    )


def _order() -> Any:
    """One column that orders papers by year and number, phiếu thu after phiếu nhập kho."""
    place = case((PAPER.c.series == PAPERS["receipt"].series, 1), else_=0)
    return (cast(PAPER.c.series_year * 10 + place, BigInteger)) * 1_000_000_000 + PAPER.c.series_no


def _found(text: str) -> Any:
    """A number as people write it ("PT-0413/2026", "413"), or words of the gift."""
    match = NUMBER.match(text)
    if match is None:
        return found_by(text)
    wanted = PAPER.c.series_no == int(match["number"])
    if match["series"]:
        wanted &= PAPER.c.series == match["series"].upper()
    return wanted & (PAPER.c.series_year == int(match["year"])) if match["year"] else wanted


def _of_campaign(campaign_id: int) -> Any:
    return Donation.campaign_id == campaign_id if campaign_id else Donation.campaign_id.is_(None)


def run_state() -> Any:
    """`RUN_STATES` of the run of the row."""
    last = queries.last_place()
    return case(
        (PrintRun.finished_at.is_(None), OPEN),
        (PrintRun.printed >= last, DONE),
        else_=STOPPED,
    )


def runs_list(row_url: Callable[[Any], str]) -> ListSpec:
    """The list of `queries.listed_runs`."""
    return ListSpec(
        noun="đợt in",
        key=PrintRun.id,
        default_sort="-luc",
        title="Đợt in",
        file_name="dot-in",
        nothing_yet="Chưa có đợt in nào. Chọn phiếu ở trang Biên lai rồi bấm “In các phiếu đã chọn”.",
        row_url=row_url,
        columns=[
            Col("ten", "Đợt in", "PrintRun.title", kind="link", sort=PrintRun.title, primary=True),
            Col("luc", "Lập ngày", "PrintRun.made_at", kind="day", sort=PrintRun.id),
            Col("nguoi", "Người in", "PrintRun.by.name", muted=True),
            Col("phieu", "Số phiếu", lambda row: str(row.lines)),
            Col("da_ra", "Đã ra giấy", lambda row: str(row.out)),
            Col(
                "tinh_trang",
                "Tình trạng",
                lambda row: RUN_STATES[row.state],
                kind="badge",
                badge=lambda row: {OPEN: "warn", STOPPED: "neutral"}.get(row.state),
                muted=True,
            ),
        ],
        filters=[
            SelectFilter(
                "tinh_trang",
                "Tình trạng",
                lambda state: run_state() == state,
                choices=list(RUN_STATES.items()),
            )
        ],
    )


def books_list(row_url: Callable[[Any], str]) -> ListSpec:
    """The list of `queries_books.listed_books`."""
    return ListSpec(
        noun="quyển",
        key=ReceiptBook.id,
        default_sort="-giao",
        title="Quyển biên lai giấy",
        file_name="quyen-bien-lai",
        nothing_yet="Chưa giao quyển nào. Ghi giao quyển đầu tiên để theo dõi cuống.",
        row_url=row_url,
        columns=[
            Col("ky_hieu", "Ký hiệu", "ReceiptBook.series", kind="link", sort=ReceiptBook.series),
            Col("tu", "Từ số", lambda row: str(row.ReceiptBook.first_no), sort=ReceiptBook.first_no),
            Col("den", "Đến số", lambda row: str(row.ReceiptBook.last_no)),
            Col("nguoi", "Người giữ", "ReceiptBook.holder_name", sort=ReceiptBook.holder_name, primary=True),
            Col("don_vi", "Đơn vị", "ReceiptBook.unit.name", muted=True),
            Col("giao", "Giao ngày", "ReceiptBook.issued_on", kind="day", sort=ReceiptBook.issued_on),
            Col("tra", "Trả ngày", "ReceiptBook.returned_on", kind="day", sort=ReceiptBook.returned_on),
            Col(
                "thieu",
                "Cuống thiếu",
                lambda row: str(row.missing) if row.missing else "không",
                kind="badge",
                badge=lambda row: "bad" if row.missing else None,
            ),
            Col("con", "Chưa dùng", "left"),
        ],
        filters=[
            SelectFilter(
                "tinh_trang", "Tình trạng", _book_state, choices=[(OUT, "Đang giữ"), (BACK, "Đã trả")]
            ),
            SelectFilter(
                "thieu",
                "Cuống",
                lambda wanted: books.missing() > 0 if wanted == "thieu" else books.missing() == 0,
                choices=[("thieu", "Có cuống thiếu"), ("du", "Không thiếu")],
            ),
            TextFilter(
                "q",
                "Ký hiệu, người giữ",
                lambda text: has_words(ReceiptBook.series + " " + ReceiptBook.holder_name, text),
            ),
        ],
    )


def _book_state(state: str) -> Any:
    back = ReceiptBook.returned_on
    return back.is_(None) if state == OUT else back.is_not(None)


def donor_papers_list(row_url: Callable[[Any], str]) -> ListSpec:
    """The list of `queries.donor_papers_for`."""
    words = DonorPaper.addressee + " " + func.coalesce(DonorPaper.number, "")
    return ListSpec(
        noun="giấy",
        key=DonorPaper.id,
        default_sort="-ngay",
        title="Giấy tờ cho nhà hảo tâm",
        file_name="giay-to-nha-hao-tam",
        nothing_yet="Chưa lập giấy nào. Mở một khoản ủng hộ rồi lập thư cảm ơn hoặc biên bản.",
        row_url=row_url,
        columns=[
            Col("loai", "Loại giấy", lambda paper: DONOR_PAPERS[paper.what], kind="link"),
            Col("so", "Số", "number"),
            Col("ngay", "Ngày ký", "made_on", kind="day", sort=DonorPaper.made_on),
            Col("ten", "Gửi", "addressee", sort=DonorPaper.addressee, primary=True),
            Col("dia_chi", "Địa chỉ", "address", muted=True),
        ],
        filters=[
            SelectFilter(
                "loai",
                "Loại giấy",
                lambda what: DonorPaper.what == what,
                choices=list(DONOR_PAPERS.items()),
            ),
            DayFilter("tu", "Từ ngày", lambda day: DonorPaper.made_on >= day),
            DayFilter("den", "Đến ngày", lambda day: DonorPaper.made_on <= day),
            TextFilter("q", "Tên, số", lambda text: has_words(words, text)),
        ],
    )
