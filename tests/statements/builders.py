"""Small statements written line by line, imported as people do, and what still waits of them. Keywords only."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from portal.kit.db import db
from portal.ledger.models import BankAccount, Posting, Transfer
from portal.statements import transit
from portal.statements.actions import import_file
from portal.statements.classes import IN, OUT
from portal.statements.models_settling import LineRule
from portal.statements.open_lines import OpenLine, line_at
from portal.statements.outcome import ImportOutcome

DAY = date(2026, 11, 10)
HEAD = ("Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả")


def bring(
    folder: Path,
    *lines: tuple[int, str],
    account: BankAccount,
    campaign: str | None = None,
    day: date = DAY,
    name: str = "saoke.csv",
) -> ImportOutcome:
    """Import a statement of these (đồng, out negative; text) on one day."""
    db.session.commit()
    with (folder / name).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        for number, (signed, text) in enumerate(lines, start=1):
            debit, credit = ("", signed) if signed > 0 else (-signed, "")
            writer.writerow([f"{day:%d/%m/%Y}", f"FT{number:014d}", debit, credit, text])
    outcome = import_file(folder / name, account_code=account.code, campaign_code=campaign)
    assert outcome.accepted, outcome.messages
    return outcome


def suspense() -> list[OpenLine]:
    """Credits that nobody has recognised, by their place in the file."""
    rows = db.session.execute(transit.in_suspense().order_by(Transfer.posting_number, Transfer.ordinal))
    found = [line_at((row.posting_number, row.ordinal)) for row in rows.all()]
    return [line for line in found if line is not None]


def waiting_lines(side: str | None = None) -> list[OpenLine]:
    """Statement lines in transit, by their place in the file."""
    found: list[OpenLine | None] = []
    for one in (IN, OUT) if side is None else (side,):
        rows = db.session.execute(transit.lines_in_transit(one).order_by("day", Transfer.ordinal)).all()
        found += [line_at((row.posting_number, row.ordinal)) for row in rows]
    return [line for line in found if line is not None]


def waiting_papers(side: str) -> list[tuple[int, int]]:
    """Keys of documents that wait for their line."""
    rows = db.session.execute(transit.papers_in_transit(side).order_by("day", Transfer.posting_number))
    return [(row.posting_number, row.ordinal) for row in rows]


def documents() -> Sequence[Posting]:
    """All documents, the oldest first."""
    return db.session.scalars(db.select(Posting).order_by(Posting.number)).all()


def make_rule(*, account: BankAccount, kind: str, direction: str = IN, **details: Any) -> LineRule:
    """A rule of the account's unit, asked last."""
    last = db.session.scalar(db.select(db.func.count(LineRule.id))) or 0
    usual = {"name": "Quy tắc", "words": "", "position": last + 1}
    rule = LineRule(unit_id=account.unit_id, kind=kind, direction=direction, **{**usual, **details})
    db.session.add(rule)
    db.session.flush()
    return rule
