"""What one statement line is now: as it was posted, what was made of it since, what it has met, what is still open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.donations.models import Donation, TakenBack
from portal.donations.queries import ended_by, is_reversed
from portal.kit.db import db
from portal.ledger.models import BankAccount, Posting, Transfer
from portal.ledger.queries import reversal_of
from portal.people.models import User
from portal.people.queries import readable_units
from portal.pledges.models import Pledge
from portal.statements.classes import (
    DONATION,
    FEE,
    IN,
    INTEREST,
    KINDS,
    OUT,
    OWN,
    REFUND,
    SPENDING,
    UNCLEAR,
)
from portal.statements.models import Statement, StatementLine
from portal.statements.models_settling import LineRule, LineSettlement, TransitMatch
from portal.statements.open_lines import OpenLine, line_at
from portal.statements.rules_settling import kind_of_paper
from portal.statements.transit import SETTLEMENT, STATEMENT, Key, matches_of

KIND_OF_DEBIT = {"refund": REFUND, "internal": OWN}


@dataclass(frozen=True)
class Met:
    """What a line met in transit: the transfer on the other side, with so much of both, đồng."""

    match: TransitMatch
    other: Key


@dataclass
class LineNow:
    """`kind`: what it counts as now; `gifts`: (gift, whether it still counts); `rule`, `pledge`: what had led to it."""

    line: StatementLine
    kind: str | None
    gifts: list[tuple[Donation, bool]] = field(default_factory=list)
    taken_back: Posting | None = None
    settlement: LineSettlement | None = None
    undone_by: Posting | None = None  # the whole statement was reversed
    met: list[Met] = field(default_factory=list)
    open: OpenLine | None = None
    rule: LineRule | None = None
    pledge: Pledge | None = None

    @property
    def direction(self) -> str:
        """Where its money went."""
        return IN if self.line.credit is not None else OUT

    @property
    def state(self) -> str:
        """One sentence."""
        if self.line.credit is None and self.line.debit is None:
            return "Sao kê không in số tiền của dòng này, nên chưa có bút toán nào."
        if self.undone_by is not None:
            return "Sao kê này đã được đảo, dòng không còn tính vào sổ."
        if self.open is not None:
            return _waits(self.open)
        if self.kind == DONATION:
            return "Đã ghi là khoản ủng hộ."
        if self.met:
            return "Đã khớp với chứng từ."
        return f"Đã ghi là {KINDS[self.kind].lower()}." if self.kind in (FEE, INTEREST) else "Đã ghi sổ."


def _waits(line: OpenLine) -> str:
    if line.place == "suspense":
        return "Đang ở tiền chờ xác định: chưa biết của ai, cho việc gì."
    rest = "một phần đã khớp, " if line.left != line.amount else ""
    return f"Đang chờ khớp với chứng từ ({rest}xem số còn lại)."


def line_or_404(statement_id: int, ordinal: int, *, for_user: User) -> StatementLine:
    """One line of a statement that was posted, if the person may read its account's unit; otherwise 404."""
    rows = (
        select(StatementLine)
        .join(StatementLine.statement)
        .join(Statement.bank_account)
        .where(
            StatementLine.statement_id == statement_id,
            StatementLine.ordinal == ordinal,
            Statement.state.in_(("posted", "undone")),
            BankAccount.unit_id.in_(readable_units(for_user)),
        )
        .options(joinedload(StatementLine.statement).joinedload(Statement.bank_account))
    )
    return db.one_or_404(rows)


def now_of(line: StatementLine) -> LineNow:
    """Everything that is known of a line; a handful of statements."""
    found = LineNow(line, line.kind)
    found.rule = db.session.get(LineRule, line.rule_id) if line.rule_id else None
    found.pledge = db.session.get(Pledge, line.pledge_id) if line.pledge_id else None
    number = line.statement.posting_number
    if number is None or (line.credit is None and line.debit is None):
        return found
    key = (number, line.ordinal)
    found.undone_by = reversal_of(number)
    key = _follow_gift(found, key)
    found.settlement = db.session.scalar(_settlement_of(line))
    if found.settlement is not None:
        key = (found.settlement.posting_number, found.settlement.ordinal)
        found.kind = found.settlement.kind
        rows = select(Donation).where(Donation.posting_number == key[0], ~is_reversed())
        found.gifts += [(gift, True) for gift in db.session.scalars(rows.order_by(Donation.ordinal))]
    found.met = [Met(match, _other(match, key)) for match in matches_of(key)]
    if found.met and found.settlement is None:
        found.kind = _kind_met(found)
    found.open = line_at(key) if found.undone_by is None else None
    return found


def _follow_gift(found: LineNow, key: Key) -> Key:
    """The gift that the line was posted as; taken back, it stands in suspense by another document."""
    gift = db.session.scalar(
        select(Donation).where(Donation.posting_number == key[0], Donation.ordinal == key[1])
    )
    if gift is None:
        return key
    found.gifts.append((gift, ended_by(gift) is None))
    taken = db.session.get(TakenBack, gift.id, options=[joinedload(TakenBack.posting)])
    if taken is None:
        return key
    found.taken_back, found.kind = taken.posting, UNCLEAR
    return taken.posting_number, 1


def _settlement_of(line: StatementLine) -> Any:
    return select(LineSettlement).where(
        LineSettlement.statement_id == line.statement_id,
        LineSettlement.statement_ordinal == line.ordinal,
        LineSettlement.until.is_(None),
    )


def _kind_met(found: LineNow) -> str | None:
    """What a line became by the document that it met: spending, a fee, interest, own money, money back."""
    number, ordinal = found.met[0].other
    rows = select(Transfer).where(Transfer.posting_number == number, Transfer.ordinal == ordinal)
    move = db.session.scalars(
        rows.options(joinedload(Transfer.posting), joinedload(Transfer.credit), joinedload(Transfer.debit))
    ).one()
    purposes = {move.credit.purpose, move.debit.purpose} & {FEE, INTEREST}
    if purposes:
        return purposes.pop()
    if move.posting.kind in (STATEMENT, SETTLEMENT):
        return OWN
    if found.direction == OUT:
        return KIND_OF_DEBIT.get(move.posting.kind, SPENDING)
    return kind_of_paper(move.posting.kind)


def _other(match: TransitMatch, key: Key) -> Key:
    came, went = (match.in_posting, match.in_ordinal), (match.out_posting, match.out_ordinal)
    return went if came == key else came
