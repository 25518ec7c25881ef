"""The public words of money in and out: what for, from whom as they want to be shown, on which paper it rests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.donations.models import Donation
from portal.donations.rules import FORMS
from portal.donations.shown import giver
from portal.figures.money import OTHER_NAMES
from portal.figures.spending import paid_rows
from portal.kit.days import format_day
from portal.kit.db import db
from portal.kit.masking import mask_public
from portal.ledger.rules import DOCUMENTS, MOVED_FREED, MOVED_IN, MOVED_OUT
from portal.public.money import Move
from portal.spending.models import Decision, DecisionRow
from portal.spending.queries import purpose_names
from portal.statements.models import Statement
from portal.units.models import Unit

BASIS_SHORT = {"decision": "QĐ", "submission": "Tờ trình", "minutes": "Biên bản"}
MOVED = {MOVED_IN: "Nhận phân bổ từ", MOVED_OUT: "Phân bổ cho", MOVED_FREED: "Phân bổ cho"}


@dataclass(frozen=True)
class Line:
    """A row as it is shown: the move, its words, what it rests on, the code of the gift where it is one."""

    move: Move
    number: str
    text: str
    basis: str
    gift_code: str | None = None
    households: int | None = None


def lines_of(moves: Sequence[Move]) -> list[Line]:
    """Words for rows, read in bulk: a handful of statements whatever their number."""
    numbers = {move.place.number for move in moves}
    gifts, statements = _gifts(moves), _statements(numbers)
    payments, purposes = _payments(numbers), purpose_names()
    units = _units({move.partner_id for move in moves if move.partner_id})
    return [_line(move, gifts, statements, payments, purposes, units) for move in moves]


def _line(
    move: Move,
    gifts: dict[tuple[int, int], Donation],
    statements: dict[int, str],
    payments: dict[tuple[int, str], Any],
    purposes: dict[str, str],
    units: dict[int, str],
) -> Line:
    place, number = move.place, _number(move)
    if move.document == "reversal":
        return Line(
            move, number, f"Đảo chứng từ: {_name(move, purposes, units)}", "Bút toán đảo, hai người duyệt"
        )
    gift = gifts.get((place.number, place.line))
    if gift is not None:
        basis = (
            f"Sao kê {statements[place.number]}, dòng {place.line}"
            if place.number in statements
            else _paper(move)
        )
        return Line(move, number, f"Ủng hộ: {giver(gift)}", basis, gift.code)
    paid = payments.get((place.number, move.purpose))
    if paid is not None and move.kind == "spent":
        text = purposes.get(move.purpose, move.purpose)
        more = f", {paid.households} hộ" if paid.households else ""
        basis = f"{BASIS_SHORT[paid.kind]} {mask_public(paid.number)}, ngày {format_day(paid.decided_on)}"
        return Line(move, number, text + more, " ".join(basis.split()), households=paid.households)
    return Line(move, number, _name(move, purposes, units), _paper(move))


def _number(move: Move) -> str:
    return move.paper_number or f"BT {move.place.number}"


def _paper(move: Move) -> str:
    """What a row rests on when no decision and no statement line is known of it."""
    if move.kind == "received" and move.document == "donation":
        return "Phiếu thu" if move.paper_number else FORMS.get(move.purpose, DOCUMENTS["donation"])
    return DOCUMENTS[move.document]


def _name(move: Move, purposes: dict[str, str], units: dict[int, str]) -> str:
    if move.kind == "moved":
        partner = units.get(move.partner_id or 0, "đơn vị khác")
        return f"{MOVED.get(move.purpose, 'Phân bổ,')} {partner}"
    if move.kind == "spent":
        return purposes.get(move.purpose, "Chi khác")
    if move.kind == "other":
        return OTHER_NAMES.get(move.purpose, "Thu, chi khác")
    if move.kind == "received" and move.document == "settlement" and move.amount < 0:
        return "Rút khoản không phải ủng hộ"
    return {"received": "Ủng hộ", "refunded": "Hoàn trả người ủng hộ", "opening": "Số dư đầu"}[move.kind]


def _gifts(moves: Iterable[Move]) -> dict[tuple[int, int], Donation]:
    """The gifts of rows that are some; a statement may bring a million, so only those asked for are read."""
    wanted: dict[int, list[int]] = {}
    for move in moves:
        if move.kind == "received":
            wanted.setdefault(move.place.number, []).append(move.place.line)
    single = [number for number, lines in wanted.items() if lines == [1]]
    rows = select(Donation).options(joinedload(Donation.posting))
    found = list(db.session.scalars(rows.where(Donation.posting_number.in_(single), Donation.ordinal == 1)))
    for number, lines in wanted.items():
        if lines != [1]:
            own = rows.where(Donation.posting_number == number, Donation.ordinal.in_(lines))
            found += db.session.scalars(own)
    return {(gift.posting_number, gift.ordinal): gift for gift in found}


def _statements(numbers: set[int]) -> dict[int, str]:
    """The last day of the statement of a document."""
    rows = select(Statement.posting_number, Statement.last_day).where(Statement.posting_number.in_(numbers))
    return {row.posting_number: format_day(row.last_day) for row in db.session.execute(rows)}


def _payments(numbers: set[int]) -> dict[tuple[int, str], Any]:
    """The decision of a payment and how many households it helps, by document and purpose."""
    paid = paid_rows()
    rows = (
        select(
            paid.c.posting,
            DecisionRow.purpose,
            Decision.kind,
            Decision.number,
            Decision.decided_on,
            func.sum(DecisionRow.households).label("households"),
        )
        .join_from(paid, DecisionRow, DecisionRow.id == paid.c.decision_row_id)
        .join(Decision, Decision.id == DecisionRow.decision_id)
        .where(paid.c.posting.in_(numbers))
        .group_by(paid.c.posting, DecisionRow.purpose, Decision.kind, Decision.number, Decision.decided_on)
    )
    return {(row.posting, row.purpose): row for row in db.session.execute(rows)}


def _units(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = select(Unit.id, Unit.name).where(Unit.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(rows)}
