"""Pure rules of receipts: which papers a gift has, sheets and jams, the numbers of paper books."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from portal.kit.errors import Refused

PER_SHEET = 2  # A5 halves on an A4 sheet
AT_ONCE = 100  # receipts that a request prints itself (about 5 s of one core); more are a job
MOST_STUBS = 1_000  # stubs of one paper book; a larger one is a slip of the pen

RECEIPT, GOODS_RECEIPT = "receipt", "goods_receipt"
THANKS, HONOUR, MINUTES = "thanks", "honour", "minutes"


class PaperKind(NamedTuple):
    """A numbered paper of a gift: its series and the part of the address that names it."""

    series: str
    slug: str
    name: str


PAPERS = {
    RECEIPT: PaperKind("PT", "phieu-thu", "Phiếu thu"),
    GOODS_RECEIPT: PaperKind("NK", "phieu-nhap-kho", "Phiếu nhập kho"),
}
PAPER_OF_SERIES = {kind.series: key for key, kind in PAPERS.items()}
PAPER_OF_SLUG = {kind.slug: key for key, kind in PAPERS.items()}
DONOR_PAPERS = {
    THANKS: "Thư cảm ơn",
    HONOUR: "Ghi nhận tấm lòng vàng",
    MINUTES: "Biên bản xác nhận tài trợ",
}
DONOR_PAPER_SLUGS = {THANKS: "thu-cam-on", HONOUR: "tam-long-vang", MINUTES: "bien-ban-tai-tro"}
DONOR_PAPER_OF_SLUG = {slug: key for key, slug in DONOR_PAPER_SLUGS.items()}
STATES = {"new": "Đã ghi, chưa in", "queued": "Đang chờ in", "printed": "Đã in", "void": "Đã đảo"}

_STUB_TEXT = re.compile(r"^(?P<series>.*?\D)?[\s.:/-]*(?P<number>\d{1,9})$")


@dataclass(frozen=True)
class Jam:
    """What a paper jam leaves: the last place known to be on paper, and the places to print again as copies."""

    printed: int
    again: tuple[int, ...]


def sheet_of(place: int) -> int:
    """The sheet on which the line `place` (1, 2, …) of a run stands."""
    return -(-place // PER_SHEET)


def jam_at(sheet: int, *, came_out: bool, printed: int, places: list[int]) -> Jam:
    """The printer jammed at `sheet`, counted from the first of the run; `places` are the run's lines.

    What lies before that sheet is on paper. The torn sheet is printed again as original only when it did not come
    out; otherwise it counts as printed and its receipts come again as copies. Raises Refused (field "sheet").
    """
    first, last = sheet_of(printed) + 1, sheet_of(places[-1])
    if not first <= sheet <= last:
        raise Refused(
            f"Không có tờ số {sheet} trong phần đang in. Xem số tờ in ở mép giấy, từ {first} đến {last}.",
            "sheet",
        )
    if not came_out:
        return Jam(max(printed, (sheet - 1) * PER_SHEET), ())
    torn = tuple(place for place in places if sheet_of(place) == sheet)
    return Jam(sheet * PER_SHEET, torn)


def copy_places(last: int, count: int) -> list[int]:
    """Places for `count` further lines behind `last`, beginning with a sheet of their own."""
    start = sheet_of(last) * PER_SHEET + 1
    return list(range(start, start + count))


def check_range(first: int, last: int) -> None:
    """The numbers of a paper book. Raises Refused."""
    if first < 1:
        raise Refused("Số đầu phải từ 1 trở lên. Xem số in trên cuống đầu tiên.", "first_no")
    if last < first:
        raise Refused("Số cuối nhỏ hơn số đầu. Xem số in trên cuống cuối cùng.", "last_no")
    if last - first >= MOST_STUBS:
        raise Refused(
            f"Một quyển nhiều nhất {MOST_STUBS} số. Chia thành nhiều quyển, hoặc sửa số cuối.", "last_no"
        )


def tidy_series(text: str) -> str:
    """A book's series as it is compared: capitals, without spaces and closing marks ("aa/26-" → "AA/26")."""
    return "".join(text.split()).upper().strip("-./:")


def stub_of(text: str) -> tuple[str, int] | None:
    """(series, number) of a receipt number as people write it: "AA/26-0012", "AA/26 12"; None for what is none."""
    match = _STUB_TEXT.match(text.strip())
    if match is None:
        return None
    return tidy_series(match["series"] or ""), int(match["number"])


def stub_text(series: str, number: int) -> str:
    """ "AA/26-0012"."""
    return f"{series}-{number:04d}" if series else f"{number:04d}"


def spans(numbers: list[int]) -> str:
    """Numbers as people list them: [3, 4, 5, 9] → "3–5, 9"."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in parts)
