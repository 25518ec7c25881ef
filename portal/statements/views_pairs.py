"""Rows of a statement that its account had already, in other words: the old text beside the new one."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_login import current_user
from sqlalchemy import func
from sqlalchemy.orm import contains_eager

from portal.kit.access import allow
from portal.kit.filters import AmountFilter, DayFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.kit.web import page
from portal.statements import queries
from portal.statements.models import StatementLine, StatementPair
from portal.statements.views import READERS, bp


def _amount(pair: StatementPair) -> int | None:
    line = pair.line
    return line.credit if line.debit is None else -line.debit


def _other_url(pair: StatementPair) -> Any:
    return url_for("statements.show", statement_id=pair.other_id)


PAIRS = ListSpec(
    noun="dòng",
    key=StatementPair.ordinal,
    default_sort="dong",
    title="Dòng in lại",
    file_name="dong-in-lai",
    nothing_yet="Sao kê này không có dòng nào in lại với nội dung hoặc số chứng từ khác.",
    columns=[
        Col("dong", "Dòng", "ordinal", sort=StatementPair.ordinal),
        Col("ngay", "Ngày", "line.day", kind="day", sort=StatementLine.day),
        Col("cu", "Nội dung đã có", "line.text", primary=True),
        Col("moi", "Nội dung trong tệp này", "text", primary=True),
        Col(
            "o",
            "Dòng đã có",
            lambda pair: f"dòng {pair.other_ordinal}, {pair.line.statement.file_name}",
            kind="link",
            url=_other_url,
            muted=True,
        ),
        Col("ct", "Số chứng từ đã có", "line.reference", muted=True),
        Col("ct_moi", "Số chứng từ trong tệp này", "reference", muted=True),
        Col("tien", "Số tiền (đ)", _amount, kind="amount"),
    ],
    filters=[
        TextFilter("q", "Nội dung", lambda text: has_words(func.coalesce(StatementPair.text, ""), text)),
        DayFilter("tu", "Từ ngày", lambda day: StatementLine.day >= day),
        DayFilter("den", "Đến ngày", lambda day: StatementLine.day <= day),
        AmountFilter("tien", "Số tiền", lambda a: (StatementLine.credit == a) | (StatementLine.debit == a)),
    ],
)


@bp.get("/<int:statement_id>/dong-ghep")
@allow(*READERS)
def pairs(statement_id: int) -> Response:
    """The rows of a statement that are lines of others."""
    statement = queries.statement_or_404(statement_id, for_user=current_user)
    rows = queries.pairs_of(statement).options(
        contains_eager(StatementPair.line).joinedload(StatementLine.statement)
    )
    listing = PAIRS.run(rows, request.args, request.path)
    return PAIRS.download(rows, request.args) or page(
        "statements/pairs.html", "list", status=listing.status, listing=listing, statement=statement
    )
