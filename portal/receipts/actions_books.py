"""Paper receipt books: given out, used by gifts that name their numbers, void stubs, given back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.donations.gifts import Gift, Posted, RefusedGift
from portal.donations.models import Donation
from portal.donations.posting import after_gifts
from portal.donations.queries import is_reversed as gift_is_reversed
from portal.kit import audit
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.models import Fund
from portal.people.models import User
from portal.receipts import queries_books as queries
from portal.receipts.models import ReceiptBook, ReceiptStub
from portal.receipts.rules import check_range, spans, stub_of, stub_text, tidy_series
from portal.units.models import Unit

FIELD = "paper_number"
AT_ONCE = 5_000  # numbers in one IN


class Use(NamedTuple):
    """A gift that names a number of a book."""

    place: int
    book: ReceiptBook
    number: int
    donation_id: int


def give_out(
    *,
    unit: Unit,
    fund: Fund,
    series: str,
    first_no: int,
    last_no: int,
    holder: User | None,
    holder_name: str,
    issued_on: date,
    note: str | None = None,
) -> ReceiptBook:
    """Give a book to somebody who collects without a computer. Raises Refused when numbers were given out before."""
    check_range(first_no, last_no)
    take_posting_lock()
    tidied = tidy_series(series)
    if not tidied:
        raise Refused("Chưa có ký hiệu quyển. Ghi ký hiệu in trên biên lai, ví dụ AA/26.", "series")
    other = queries.overlapping(unit.id, tidied, first_no, last_no)
    if other is not None:
        raise Refused(
            f"Ký hiệu {tidied} từ số {other.first_no} đến {other.last_no} đã giao cho {other.holder_name}. "
            "Sửa số đầu, số cuối cho khớp quyển đang giao.",
            "first_no",
        )
    book = ReceiptBook(
        unit_id=unit.id,
        fund_id=fund.id,
        series=tidied,
        first_no=first_no,
        last_no=last_no,
        holder_id=holder.id if holder else None,
        holder_name=holder.name if holder else holder_name,
        issued_on=issued_on,
        note=note,
    )
    db.session.add(book)
    db.session.flush()
    return book


def void_stub(book: ReceiptBook, number: int, *, reason: str, by: User) -> ReceiptStub:
    """A stub that will not be used (torn, miswritten): all its sheets are kept, with the reason. Raises Refused."""
    take_posting_lock()
    if not book.first_no <= number <= book.last_no:
        raise Refused(f"Quyển này có số từ {book.first_no} đến {book.last_no}. Gõ số trên cuống.", "number")
    if queries.stubs_in([book], [number]):
        raise Refused(f"Số {number} đã dùng hoặc đã hủy. Xem danh sách cuống của quyển.", "number")
    if not reason.strip():
        raise Refused("Chưa nêu lý do hủy. Ghi một câu, ví dụ viết sai tên người nộp.", "reason")
    stub = ReceiptStub(book_id=book.id, number=number, void_reason=reason.strip(), by_id=by.id)
    db.session.add(stub)
    db.session.flush()
    return stub


def take_back(book: ReceiptBook, day: date, *, note: str | None = None) -> list[int]:
    """The book comes back; returns the numbers that nobody has accounted for yet. Raises Refused."""
    take_posting_lock()
    if book.returned_on is not None:
        raise Refused("Quyển này đã trả rồi. Xem ngày trả ở trang của quyển.")
    if day < book.issued_on:
        raise Refused("Ngày trả trước ngày giao. Sửa ngày trả.", "returned_on")
    book.returned_on = day
    if note:
        book.note = note
    db.session.flush()
    return [stub.number for stub in queries.stubs_of(book) if stub.state == "missing"]


@after_gifts
def fill_stubs(gifts: Sequence[Gift], posted: Sequence[Posted]) -> None:
    """Gifts from paper fill the stubs of the books they came from, in their own transaction. Raises RefusedGift."""
    named = [(place, gift) for place, gift in enumerate(gifts) if gift.paper_number]
    if not named:
        return
    books = queries.books_of_units(gift.unit_id for _, gift in named)
    uses = []
    for place, gift in named:
        try:
            use = _use_of(gift, books)
        except Refused as refused:
            raise RefusedGift(refused, place) from refused
        if use is not None:
            uses.append(Use(place, *use, posted[place].donation_id))
    if uses:
        _fill(uses, audit.actor()[0])


def _use_of(gift: Gift, books: dict[tuple[int, str], list[ReceiptBook]]) -> tuple[ReceiptBook, int] | None:
    """Raises Refused for a number outside the books of its series, and for another holder's book."""
    read = stub_of(gift.paper_number or "")
    known = books.get((gift.unit_id, read[0]), []) if read else []
    if read is None or not known:
        return None  # brought from books that the portal was never told of
    series, number = read
    book = next((item for item in known if item.first_no <= number <= item.last_no), None)
    if book is None:
        ranges = ", ".join(f"{item.first_no}–{item.last_no}" for item in known)
        raise Refused(
            f"Không có quyển {series} nào đã giao mang số {number} (các quyển đã giao: {ranges}). "
            "Xem lại số trên biên lai, hoặc ghi giao quyển trước.",
            FIELD,
        )
    if gift.holder_id is not None and book.holder_id is not None and gift.holder_id != book.holder_id:
        raise Refused(
            f"Biên lai {stub_text(series, number)} thuộc quyển giao cho {book.holder_name}, khác người đang giữ "
            "tiền này. Sửa số biên lai, hoặc chọn đúng người giữ tiền.",
            FIELD,
        )
    if gift.day < book.issued_on:
        raise Refused(
            f"Quyển có số {stub_text(series, number)} giao ngày {book.issued_on:%d/%m/%Y}, sau ngày nhận. "
            "Sửa ngày nhận, hoặc sửa số biên lai.",
            FIELD,
        )
    return book, number


def _fill(uses: Sequence[Use], by_id: int | None) -> None:
    """Write the stubs; one of a reversed gift passes to the gift that was recorded in its place. Raises RefusedGift."""
    numbers = [use.number for use in uses]
    known: dict[tuple[int, int], ReceiptStub] = {}
    for start in range(0, len(numbers), AT_ONCE):
        known |= queries.stubs_in([use.book for use in uses], numbers[start : start + AT_ONCE])
    free = _of_reversed_gifts([stub for stub in known.values() if stub.donation_id is not None])
    for use in uses:
        stub = known.get((use.book.id, use.number))
        if stub is None:
            stub = ReceiptStub(
                book_id=use.book.id, number=use.number, donation_id=use.donation_id, by_id=by_id
            )
            db.session.add(stub)
            known[(use.book.id, use.number)] = stub
        elif stub.donation_id in free:
            stub.donation_id, stub.by_id = use.donation_id, by_id
        else:
            raise RefusedGift(_taken(stub, use), use.place)
    db.session.flush()


def _of_reversed_gifts(stubs: Sequence[ReceiptStub]) -> set[int | None]:
    ids = [stub.donation_id for stub in stubs]
    rows = select(Donation.id).where(Donation.id.in_(ids), gift_is_reversed())
    return set(db.session.scalars(rows)) if ids else set()


def _taken(stub: ReceiptStub, use: Use) -> Refused:
    text = stub_text(use.book.series, use.number)
    if stub.void_reason is not None:
        return Refused(f"Biên lai {text} đã hủy. Xem lại số trên biên lai.", FIELD)
    return Refused(f"Biên lai {text} đã dùng cho một khoản khác. Xem lại số trên biên lai.", FIELD)


def missing_text(numbers: list[int]) -> str:
    """What is said of a book that came back."""
    if not numbers:
        return "Mọi cuống đã có khoản hoặc đã hủy."
    return f"Còn {len(numbers)} cuống chưa có khoản: {spans(numbers)}. Ghi khoản, hoặc hủy cuống kèm lý do."
