"""Which gifts fulfil which pledges. A gift never fulfils more than what is left of it, net of reversal and refunds.

Gifts are the next room but one: it tells what a gift is worth (see `gifts_from`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.kit import audit
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.numbers import next_entry, take_posting_lock
from portal.ledger.actions import after_reversal
from portal.ledger.models import Posting
from portal.people.models import User
from portal.pledges import queries
from portal.pledges.models import Fulfilment, Pledge
from portal.pledges.rules import outstanding


@dataclass(frozen=True)
class GiftWorth:
    """A gift as far as pledges care: `amount` đồng, 0 once reversed, less refunds; None = goods without a value."""

    fund_id: int
    amount: int | None


Source = Callable[[int, int], GiftWorth | None]
_sources: list[Source] = []


def gifts_from(source: Source) -> Source:
    """Mark the function of the gifts' room that answers (posting number, ordinal); None = no such gift."""
    _sources[:] = [source]
    return source


def left_of_gift(posting_number: int, ordinal: int) -> int | None:
    """What a gift may still fulfil, đồng; None = goods without a value, where no sum bounds it. Raises Refused."""
    worth = _worth_of(posting_number, ordinal)
    if worth.amount is None:
        return None
    used = sum(row.amount for row in queries.fulfilments_by(posting_number, ordinal))
    return max(worth.amount - used, 0)


def _worth_of(posting_number: int, ordinal: int) -> GiftWorth:
    worth = _sources[0](posting_number, ordinal)
    if worth is None:
        raise Refused("Không tìm thấy khoản ủng hộ này. Tìm lại theo số phiếu hoặc tên.")
    return worth


def fulfil(
    pledge: Pledge,
    *,
    posting_number: int,
    ordinal: int,
    amount: int,
    beyond: bool = False,
    by: User | None,
) -> Fulfilment:
    """A gift fulfils `amount` đồng of a pledge (for goods the agreed value), as a new numbered change.

    Never more than is left of the gift; more than is left of the pledge only with `beyond`. Raises Refused.
    """
    take_posting_lock()
    _check_open(pledge)
    if amount <= 0:
        raise Refused("Số tiền ghép phải lớn hơn 0. Gõ số đồng, ví dụ 500.000.", "amount")
    worth = _worth_of(posting_number, ordinal)
    if worth.fund_id != pledge.fund_id:
        raise Refused("Khoản này thuộc quỹ khác với đăng ký. Chọn khoản của cùng quỹ.")
    _check_gift(worth, left_of_gift(posting_number, ordinal), amount)
    if not beyond:
        _check_pledge(pledge, amount)
    entry = next_entry("fulfilment", *((by.id, by.name) if by else audit.actor()))
    row = _add(pledge.id, posting_number, ordinal, amount, entry.number)
    db.session.flush()
    return row


def _check_open(pledge: Pledge) -> None:
    terms = queries.terms_of(pledge)
    if terms.cancelled_on is not None:
        raise Refused("Đăng ký này đã hủy. Bỏ hủy trước, rồi ghép với khoản ủng hộ.")
    if terms.met_on is not None:
        raise Refused("Đăng ký này đã ghi là thực hiện xong. Bỏ ghi đó trước, rồi ghép với khoản ủng hộ.")


def _check_gift(worth: GiftWorth, left: int | None, amount: int) -> None:
    if worth.amount == 0:
        raise Refused("Khoản này đã đảo hoặc đã hoàn trả hết, không ghép được. Chọn khoản khác.")
    if left == 0:
        raise Refused("Khoản này đã ghép hết với đăng ký khác. Chọn khoản khác, hoặc gỡ ghép nhầm trước.")
    if left is not None and amount > left:
        raise Refused(
            f"Khoản này chỉ còn {format_amount(left)} đ chưa ghép. Gõ số không quá số đó.", "amount"
        )


def _check_pledge(pledge: Pledge, amount: int) -> None:
    terms = queries.terms_of(pledge)
    if terms.amount is None:
        return
    left = outstanding(terms.amount, queries.come_of(pledge.id))
    if amount > left:
        raise Refused(
            f"Đăng ký chỉ còn {format_amount(left)} đ. Gõ số không quá số đó, "
            f"hoặc đánh dấu ghi cả phần vượt {format_amount(amount - left)} đ.",
            "amount",
        )


def release(fulfilment: Fulfilment, *, by: User | None) -> None:
    """The match was wrong: from now on the gift fulfils nothing of that pledge. Raises Refused."""
    take_posting_lock()
    db.session.refresh(fulfilment)
    if fulfilment.until is not None:
        raise Refused("Ghép này đã được gỡ rồi. Tải lại trang để xem.")
    entry = next_entry("release", *((by.id, by.name) if by else audit.actor()))
    fulfilment.until = entry.number
    db.session.flush()


@after_reversal
def follow_reversal(posting: Posting, mirror: Posting) -> None:
    """A reversed document fulfils nothing any more, as of its reversal; a reversed refund gives back what it took."""
    for row in queries.fulfilments_by(posting.number):
        row.until = mirror.number
    db.session.flush()
    if posting.kind == "refund":
        for row in queries.fulfilments_ended_by(posting.number):
            _give_back(row, posting.number, mirror.number)


def _give_back(cut: Fulfilment, refund: int, number: int) -> None:
    """What a refund cut off counts again, as far as the gift is not used otherwise; a released match stays released."""
    rest = queries.fulfilment_after(cut, refund)
    if rest is not None and rest.until is not None:
        return
    left = left_of_gift(cut.posting_number, cut.ordinal)
    kept = rest.amount if rest else 0
    amount = min(cut.amount, kept + (cut.amount if left is None else left))
    if amount <= kept:
        return
    if rest is not None:
        rest.until = number
    _add(cut.pledge_id, cut.posting_number, cut.ordinal, amount, number)
    db.session.flush()


def _add(pledge_id: int, posting_number: int, ordinal: int, amount: int, since: int) -> Fulfilment:
    row = Fulfilment(
        pledge_id=pledge_id, posting_number=posting_number, ordinal=ordinal, amount=amount, since=since
    )
    db.session.add(row)
    return row


def follow_refund(posting_number: int, ordinal: int, *, number: int) -> None:
    """After a refund (document `number`) a gift fulfils no more than is left of it: the latest matches give way first.

    Call it in the refund's transaction, once the refund is in the books.
    """
    worth = _worth_of(posting_number, ordinal)
    if worth.amount is None:
        return
    rows = queries.fulfilments_by(posting_number, ordinal)
    too_much = sum(row.amount for row in rows) - worth.amount
    for row in reversed(rows):
        if too_much <= 0:
            break
        row.until = number
        kept = row.amount - min(row.amount, too_much)
        too_much -= row.amount - kept
        if kept:
            _add(row.pledge_id, posting_number, ordinal, kept, number)
    db.session.flush()
