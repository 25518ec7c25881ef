"""The list of a statement's lines: what each is, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func

from portal.kit.filters import AmountFilter, DayFilter, SelectFilter, TextFilter
from portal.kit.folded import has_words
from portal.kit.listing import Col, ListSpec
from portal.statements.classes import KINDS
from portal.statements.models import StatementLine

SIDES = (("co", "Ghi có"), ("no", "Ghi nợ"), ("khong", "Không in số tiền"))


def _on_side(side: str) -> Any:
    return {
        "co": StatementLine.credit.is_not(None),
        "no": StatementLine.debit.is_not(None),
        "khong": StatementLine.credit.is_(None) & StatementLine.debit.is_(None),
    }[side]


def lines_list(
    rules: Mapping[int, str], *, line_url: Callable[[Any], str], rule_url: Callable[[int], str]
) -> ListSpec:
    """Records are `StatementLine`; `rules`: names of the rules of the unit, by id."""
    return ListSpec(
        noun="dòng",
        key=StatementLine.ordinal,
        default_sort="dong",
        title="Dòng sao kê",
        file_name="dong-sao-ke",
        nothing_yet="Sao kê này không thêm dòng nào vào sổ.",
        row_url=line_url,
        columns=[
            Col("dong", "Dòng", "ordinal", kind="link", sort=StatementLine.ordinal),
            Col("ngay", "Ngày", "day", kind="day", sort=StatementLine.day),
            Col("ct", "Số chứng từ", "reference", muted=True),
            Col("nd", "Nội dung", "text", primary=True),
            Col("la", "Lúc ghi sổ là", lambda row: KINDS.get(row.kind), sort=StatementLine.kind, muted=True),
            Col(
                "qt",
                "Theo quy tắc",
                lambda row: rules.get(row.rule_id),
                url=lambda row: rule_url(row.rule_id) if row.rule_id in rules else None,
                muted=True,
            ),
            Col(
                "co",
                "Ghi có (đ)",
                "credit",
                kind="amount",
                sort=StatementLine.credit,
                total=StatementLine.credit,
            ),
            Col(
                "no",
                "Ghi nợ (đ)",
                "debit",
                kind="amount",
                sort=StatementLine.debit,
                total=StatementLine.debit,
            ),
        ],
        filters=[
            TextFilter("q", "Nội dung", lambda text: has_words(func.coalesce(StatementLine.text, ""), text)),
            SelectFilter("loai", "Ghi có, ghi nợ", _on_side, choices=SIDES),
            SelectFilter(
                "la", "Dòng là", lambda kind: StatementLine.kind == kind, choices=tuple(KINDS.items())
            ),
            DayFilter("tu", "Từ ngày", lambda day: StatementLine.day >= day),
            DayFilter("den", "Đến ngày", lambda day: StatementLine.day <= day),
            AmountFilter(
                "tien", "Số tiền", lambda a: (StatementLine.credit == a) | (StatementLine.debit == a)
            ),
        ],
    )
