"""Both ways open on screen: money nobody has recognised, lines without a paper, papers without a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for
from flask_login import current_user
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.kit.access import allow
from portal.kit.columns import Row
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.listing import Listing, ListSpec
from portal.kit.web import page
from portal.ledger.models import BankAccount, Posting
from portal.people.queries import readable_units
from portal.statements import open_lists, open_rows
from portal.statements.documents_papers import Paper, papers_of
from portal.statements.models import StatementLine
from portal.statements.open_rows import AGES, SPREAD, Ages, ageing
from portal.statements.transit import Key
from portal.statements.views import READERS, bp
from portal.statements.views_line import desk_url

TABS = (
    ("statements.open_both", "Tiền chờ xác định"),
    ("statements.open_lines", "Dòng chờ chứng từ"),
    ("statements.open_papers", "Chứng từ chưa có dòng"),
)
ACCOUNTS_SHOWN = 8
CONTENT, PAPER = "nd", "ct"  # columns whose words and links are told in bulk


def _accounts() -> Sequence[tuple[int, str]]:
    rows = select(BankAccount.id, BankAccount.code).where(
        BankAccount.unit_id.in_(readable_units(current_user))
    )
    return [(row.id, row.code) for row in db.session.execute(rows.order_by(BankAccount.code))]


def _line_url(row: Any) -> str:
    line = row.StatementLine
    return url_for("statements.line", statement_id=line.statement_id, ordinal=line.ordinal)


@bp.get("/chua-khop/")
@allow(*READERS)
def open_both() -> Response:
    """Credits in suspense; a million of them are paged by where the last page ended."""
    today, places = today_in_vietnam(), open_rows.suspense_places(current_user)
    spec = open_lists.suspense_list(_accounts, today, _line_url)
    return _answer(spec, open_rows.suspense_rows(places), open_rows.suspense_ages(places, today))


@bp.get("/chua-khop/dong/")
@allow(*READERS)
def open_lines() -> Response:
    """Lines in transit: debits without a paper, credits that are no gifts."""
    today, found = today_in_vietnam(), open_rows.transit_lines(current_user)
    line = (StatementLine.statement_id == found.c.statement_id) & (
        StatementLine.ordinal == found.c.line_ordinal
    )
    rows = (
        select(*_columns(found), StatementLine, BankAccount.code.label("account"))
        .join(StatementLine, line)
        .join(BankAccount, BankAccount.id == found.c.bank_account_id)
    )
    spec = open_lists.lines_list(found, _accounts, today, _line_url)
    return _answer(spec, rows, ageing(rows, found.c.day, found.c.left, BankAccount.code, today))


@bp.get("/chua-khop/chung-tu/")
@allow(*READERS)
def open_papers() -> Response:
    """Bank gifts, vouchers, refunds, deposits, allocations whose line has not come."""
    today, found = today_in_vietnam(), open_rows.transit_papers(current_user)
    rows = (
        select(*_columns(found), Posting, BankAccount.code.label("account"))
        .join(Posting, Posting.number == found.c.posting_number)
        .join(BankAccount, BankAccount.id == found.c.bank_account_id)
        .options(joinedload(Posting.entry))
    )
    spec = open_lists.papers_list(found, _accounts, today)
    return _answer(spec, rows, ageing(rows, found.c.day, found.c.left, BankAccount.code, today), told=True)


def _columns(found: Any) -> list[Any]:
    return [
        found.c.posting_number,
        found.c.ordinal,
        found.c.direction,
        found.c.day,
        found.c.amount,
        found.c.left,
    ]


def _answer(spec: ListSpec, rows: Select[Any], ages: list[Ages], *, told: bool = False) -> Response:
    if (file := spec.download(rows, request.args)) is not None:
        return file
    listing = spec.run(rows, request.args, request.path)
    endpoint = request.endpoint or TABS[0][0]
    return page(
        "statements/open.html",
        "list",
        status=listing.status,
        listing=_told(listing) if told else listing,
        tabs=[(url_for(name), label, name == endpoint) for name, label in TABS],
        title=dict(TABS)[endpoint],
        endpoint=endpoint,
        ages=ages[: ACCOUNTS_SHOWN + 1] if len(ages) != 2 else ages[:1],
        hidden=max(len(ages) - 1 - ACCOUNTS_SHOWN, 0),
        account_ids={code: account_id for account_id, code in _accounts()} if ages else {},
        age_names=AGES,
        desk_url=desk_url(),
        has_desk=desk_url() != url_for("statements.open_both"),
    )


def _told(listing: Listing) -> Listing:
    """The list with the words and pages of its documents, told for the whole page at once."""
    places = {column.key: place for place, column in enumerate(listing.columns)}
    keys = {row.key: _key_of(row) for row in listing.rows}
    papers = papers_of(list(keys.values()))
    rows = [_with_paper(row, papers.get(keys[row.key]), places) for row in listing.rows]
    return replace(listing, rows=rows)


def _key_of(row: Row) -> Key:
    return divmod(int(row.key), SPREAD)


def _with_paper(row: Row, paper: Paper | None, places: dict[str, int]) -> Row:
    if paper is None:
        return row
    cells = list(row.cells)
    url = url_for(paper.told.endpoint, **paper.told.args) if paper.told.endpoint else None
    cells[places[PAPER]] = replace(cells[places[PAPER]], text=paper.name, url=url)
    cells[places[CONTENT]] = replace(cells[places[CONTENT]], text=paper.told.text)
    return replace(row, cells=cells, url=url)
