"""What has been done with the lines of a statement since: as long as there is any of it, the import is not undone.

Each way of using a line is a function marked `@blocks`. Every use is a select, so that the blockers of a million lines
are counted and paged by the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, String, Subquery, and_, cast, func, literal, or_, select, union_all

from portal.donations.models import (
    Donation,
    GroupMember,
    Reclassification,
    ReclassificationRequest,
    Refund,
    TakenBack,
)
from portal.donations.rules import code_of
from portal.kit.db import db
from portal.ledger.queries import is_reversed
from portal.pledges.models import Fulfilment, Pledge
from portal.receipts.models import DonorPaper, PrintLine, PrintRun, Receipt, ReceiptBook, ReceiptStub
from portal.statements.models import Statement, StatementLine
from portal.statements.models_settling import LineCorrection, LineSettlement, TransitMatch

Place = tuple[str, dict[str, Any]]  # endpoint and its arguments
Asker = Callable[[Statement], Select[Any]]
MOST_KINDS = 1_000


@dataclass(frozen=True)
class Use:
    """One way of using a line: why it blocks, who has used it (a `used` select), where that is looked after."""

    why: str
    asker: Asker
    place: Callable[[int], Place]


BLOCKERS: list[Use] = []


def blocks(why: str, place: Callable[[int], Place]) -> Callable[[Asker], Asker]:
    """Mark a function statement → `used(…)` with its conditions. `why` follows "dòng này "; `place` links a key."""

    def mark(asker: Asker) -> Asker:
        BLOCKERS.append(Use(why, asker, place))
        return asker

    return mark


def used(ordinal: Any, key: Any, name: Any = None) -> Select[Any]:
    """The columns of one use: the line's ordinal, the key that `place` takes, a name of what uses it."""
    named = cast(name, String) if name is not None else literal("")
    return select(ordinal.label("ordinal"), cast(key, BigInteger).label("of"), named.label("name"))


def uses_of(statement: Statement) -> Subquery:
    """All uses of a statement's lines: ordinal, of, name, kind (the place in BLOCKERS)."""
    asked = [use.asker(statement).add_columns(literal(n).label("kind")) for n, use in enumerate(BLOCKERS)]
    return union_all(*asked).subquery("uses")


def used_lines(statement: Statement) -> tuple[Select[Any], Any]:
    """(day, credit, debit, text, ordinal, of, name, kind) of every use, and the expression that tells them apart."""
    uses, line = uses_of(statement), StatementLine
    rows = select(
        line.day, line.credit, line.debit, line.text, line.ordinal, uses.c.of, uses.c.name, uses.c.kind
    )
    rows = rows.join(uses, uses.c.ordinal == line.ordinal).where(line.statement_id == statement.id)
    return rows, line.ordinal * MOST_KINDS + uses.c.kind


def count_uses(statement: Statement) -> int:
    """How many uses block the undoing of a statement."""
    return db.session.scalar(select(func.count()).select_from(uses_of(statement))) or 0


def named_donors(statement: Statement) -> int:
    """Gifts of a statement whose giver somebody has found: no obstacle, but work that would be done again."""
    rows = select(func.count()).select_from(Donation).where(Donation.donor_id.is_not(None), _of(statement))
    return db.session.scalar(rows) or 0


def _of(statement: Statement) -> Any:
    return Donation.posting_number == statement.posting_number


def _gift(gift_id: int) -> Place:
    return "donations.show", {"code": code_of(gift_id)}


def _gifts(statement: Statement, model: Any, name: Any = None) -> Select[Any]:
    """Gifts of a statement that rows of `model` point to."""
    rows = used(Donation.ordinal, Donation.id, name).join(model, model.donation_id == Donation.id)
    return rows.where(_of(statement))


def _paper(series: Any, number: Any, year: Any) -> Any:
    return series + "-" + cast(number, String) + "/" + cast(year, String)


@blocks("đã cấp biên lai", _gift)
def receipted(statement: Statement) -> Select[Any]:
    """Gifts with a receipt of their own."""
    name = _paper(Receipt.series, Receipt.series_no, Receipt.series_year)
    return _gifts(statement, Receipt, name)


@blocks("đã ghi vào quyển biên lai giấy", _gift)
def in_paper_books(statement: Statement) -> Select[Any]:
    """Gifts that a stub of a paper book belongs to."""
    name = ReceiptBook.series + " số " + cast(ReceiptStub.number, String)
    return _gifts(statement, ReceiptStub, name).join(ReceiptBook, ReceiptBook.id == ReceiptStub.book_id)


@blocks("đã in giấy cho người ủng hộ", _gift)
def printed(statement: Statement) -> Select[Any]:
    """Gifts whose papers came out of a printer."""
    rows = _gifts(statement, PrintLine).join(PrintRun, PrintRun.id == PrintLine.run_id)
    return rows.where(PrintLine.place <= PrintRun.printed).distinct()


@blocks("đã lập thư hoặc biên bản cho người ủng hộ", _gift)
def written_to(statement: Statement) -> Select[Any]:
    """Gifts for which a letter, an honour or minutes were made."""
    return _gifts(statement, DonorPaper).distinct()


@blocks("đã hoàn trả hoặc đang đề nghị hoàn trả", _gift)
def refunded(statement: Statement) -> Select[Any]:
    """Gifts that were given back, or are asked to be."""
    done = and_(Refund.posting_number.is_not(None), ~is_reversed(Refund.posting_number))  # type: ignore[arg-type]
    return _gifts(statement, Refund).where(or_(Refund.approved.is_(None), done)).distinct()


@blocks("đã chuyển sang đợt khác", _gift)
def reclassified(statement: Statement) -> Select[Any]:
    """Gifts that count in another campaign than the statement brought them to."""
    rows = _gifts(statement, Reclassification)
    return rows.where(~is_reversed(Reclassification.posting_number)).distinct()


@blocks("đang có đề nghị chuyển đợt", _gift)
def to_be_reclassified(statement: Statement) -> Select[Any]:
    """Gifts that somebody asks to count in another campaign."""
    return _gifts(statement, ReclassificationRequest).where(ReclassificationRequest.approved.is_(None))


@blocks("đã ghi là khoản của nhiều người", _gift)
def grouped(statement: Statement) -> Select[Any]:
    """Gifts behind which people are named or counted."""
    named = select(GroupMember.id).where(GroupMember.donation_id == Donation.id, ~GroupMember.struck)
    several = or_(Donation.people.is_not(None), named.exists())
    return used(Donation.ordinal, Donation.id).where(_of(statement), several)


@blocks("đã ghép với đăng ký", lambda pledge_id: ("pledges.show", {"pledge_id": pledge_id}))
def fulfilling(statement: Statement) -> Select[Any]:
    """Gifts that fulfil pledges."""
    name = _paper(literal("ĐK"), Pledge.number, Pledge.year)
    rows = used(Fulfilment.ordinal, Pledge.id, name).join(Fulfilment, Fulfilment.pledge_id == Pledge.id)
    mine = Fulfilment.posting_number == statement.posting_number
    return rows.where(mine, Fulfilment.as_of(None)).distinct()


def _undone_at_desk(number: int) -> Place:
    return "statements.match_desk", {"chung_tu": number}


@blocks("đã được xử lý từ tiền chờ xác định", _undone_at_desk)
def settled(statement: Statement) -> Select[Any]:
    """Lines that were recognised: the desk undoes that."""
    mine = LineSettlement.line_posting == statement.posting_number
    rows = used(LineSettlement.line_ordinal, LineSettlement.posting_number)
    return rows.where(mine, LineSettlement.until.is_(None))


@blocks("đã khớp với chứng từ", lambda match_id: ("statements.match_desk", {"khop": match_id}))
def met_coming(statement: Statement) -> Select[Any]:
    """Lines that went out and have met their paper."""
    mine = TransitMatch.in_posting == statement.posting_number
    return used(TransitMatch.in_ordinal, TransitMatch.id).where(mine, TransitMatch.ended_at.is_(None))


@blocks("đã khớp với chứng từ", lambda match_id: ("statements.match_desk", {"khop": match_id}))
def met_going(statement: Statement) -> Select[Any]:
    """Lines that came in as no gifts and have met their paper."""
    mine = TransitMatch.out_posting == statement.posting_number
    return used(TransitMatch.out_ordinal, TransitMatch.id).where(mine, TransitMatch.ended_at.is_(None))


@blocks("đã rút khỏi các khoản ủng hộ", _gift)
def taken_back(statement: Statement) -> Select[Any]:
    """Gifts that were found to be none: that document stands on this statement."""
    return _gifts(statement, TakenBack)


@blocks("đang có đề nghị rút khỏi các khoản ủng hộ", _gift)
def to_be_taken_back(statement: Statement) -> Select[Any]:
    """Gifts that somebody says are none."""
    return _gifts(statement, LineCorrection).where(LineCorrection.approved.is_(None))
