"""/sao-ke: which published accounts and days are covered by statements, and every posted statement. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, abort, jsonify, url_for
from htmx_flask import request

from portal.kit.access import PUBLIC, allow
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.vietnamese import nfc
from portal.kit.web import page
from portal.ledger.models import BankAccount
from portal.public import documents_statements as documents
from portal.public.views import HTML, bp, csv_answer, revalidated
from portal.statements import calendar, covering
from portal.statements.coverage import STATES
from portal.statements.periods import Period, period_of

LONGEST_CODE = 40


def _period(args: Mapping[str, str]) -> Period:
    """The year of the address. Raises Refused."""
    return period_of(args.get("nam", ""), began=covering.began(covering.PUBLISHED), today=today_in_vietnam())


@bp.get("/sao-ke", defaults={"kind": HTML})
@bp.get("/sao-ke.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def statements(kind: str) -> Response:
    """Every published account with the days that its statements cover in a year."""
    period = _period(request.args)
    covers = covering.coverages(covering.PUBLISHED, period.first, period.last)
    if kind == "csv":
        accounts = {cover.account.id: cover.account for cover in covers}
        rows = covering.brought(accounts)
        listed = [documents.statement_row(accounts[one.account_id], one) for one in rows]
        return csv_answer("sao-ke", documents.STATEMENT_HEADS, listed)
    if kind == "json":
        return jsonify(_json(period, covers))
    return page(
        "public/statements.html",
        covers=covers,
        year_url=lambda year: url_for("public.statements", nam=year),
        **_drawn(period),
    )


def _json(period: Period, covers: list[covering.Coverage]) -> dict[str, Any]:
    rows = covering.brought([cover.account.id for cover in covers])
    sums = covering.totals(rows)
    return {
        "year": period.year,
        "to": period.last.isoformat(),
        "accounts": [
            {
                **documents.cover_json(cover),
                "totals": documents.totals_json(sums.get(cover.account.id)),
                "statements": [
                    documents.statement_json(one) for one in rows if one.account_id == cover.account.id
                ],
            }
            for cover in covers
        ],
    }


def _drawn(period: Period) -> dict[str, Any]:
    return {
        "year": period.year,
        "years": period.years,
        "last": period.last,
        "states": STATES,
        "calendar": calendar,
        "documents": documents,
    }


@bp.get("/sao-ke/<code>", defaults={"kind": HTML})
@bp.get("/sao-ke/<code>.<any(json,csv):kind>")
@allow(PUBLIC)
@revalidated
def statements_of(code: str, kind: str) -> Response:
    """One published account: its days of a year, and its statements with totals, proof and SHA-256."""
    period = _period(request.args)
    wanted = covering.PUBLISHED & (BankAccount.code == nfc(code[:LONGEST_CODE]))
    cover = next(iter(covering.coverages(wanted, period.first, period.last)), None)
    if cover is None:
        abort(404)
    if kind == "csv":
        return csv_answer(f"sao-ke-{period.year}", documents.DAY_HEADS, list(documents.day_rows(cover)))
    if kind == "json":
        return jsonify(_json(period, [cover])["accounts"][0])
    rows = covering.brought([cover.account.id])
    account = cover.account.code

    def day_url(day: date) -> str:
        told = format_day(day)
        return url_for("public.search", tai_khoan=account, tu=told, den=told)

    return page(
        "public/statements_of.html",
        cover=cover,
        months=calendar.months_of(cover.runs),
        statements=rows,
        totals=covering.totals(rows).get(cover.account.id),
        names=documents.names_of(rows),
        day_url=day_url,
        year_url=lambda year: url_for("public.statements_of", code=account, nam=year),
        **_drawn(period),
    )
