"""/sao-ke as a template, a JSON answer or a file needs it: which days are covered, and every posted statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from portal.kit.masking import mask_public
from portal.kit.money import format_amount
from portal.ledger.models import BankAccount
from portal.statements.calendar import WORDS, span_told, spans_told
from portal.statements.completeness import BROKEN, NOT_PROVABLE
from portal.statements.coverage import MISSING, STATES, Run, by_day
from portal.statements.covering import Brought, Coverage, Totals
from portal.statements.rules import PROOF_BADGES

STATEMENT_HEADS = (
    "Mã tài khoản", "Ngân hàng", "Số tài khoản", "Từ ngày", "Đến ngày", "Đối chiếu", "Dòng trong tệp",
    "Dòng mới vào sổ", "Dòng ghi có", "Ghi có", "Dòng ghi nợ", "Ghi nợ", "Số dư đầu kỳ", "Số dư cuối kỳ",
    "SHA-256", "Lúc nạp", "Người quyết định ghi sổ", "Lý do vẫn ghi sổ",
)  # fmt: skip
DAY_HEADS = ("Mã tài khoản", "Ngày", "Tình trạng")
NAMED_ALONE = 3  # accounts that a sentence tells of one by one


def cover_sentence(cover: Coverage) -> str:
    """ "Có sao kê 317/317 ngày: 310 ngày đã chứng minh đủ, 7 ngày không chứng minh được."."""
    if not cover.total:
        return "Chưa có sao kê nào, và chưa có khoản nào phát sinh."
    days = cover.days
    told = [f"{format_amount(days[state])} ngày {WORDS[state].counted}" for state in STATES if days[state]]
    if days[MISSING]:
        told[-1] += f" ({spans_told(cover.missing)})"
    share = f"{format_amount(cover.covered)}/{format_amount(cover.total)} ngày"
    return f"Có sao kê {share} {_span(cover)}: {', '.join(told)}."


def _span(cover: Coverage) -> str:
    assert cover.first is not None and cover.last is not None
    return f"({span_told(cover.first, cover.last)})"


def coverage_sentences(covers: Sequence[Coverage]) -> list[str]:
    """What the other pages say of the statements that stand behind them: few accounts by name, many counted."""
    if not covers:
        return ["Chưa công khai sao kê của tài khoản nào."]
    if len(covers) <= NAMED_ALONE:
        return [
            f"Sao kê tài khoản {cover.account.bank} {cover.account.number}: {_short(cover)}."
            for cover in covers
        ]
    known = [cover for cover in covers if cover.total]
    whole = [cover for cover in known if cover.covered == cover.total]
    left = f", {format_amount(len(known) - len(whole))} tài khoản còn thiếu ngày" if known != whole else ""
    return [
        f"Sao kê của {format_amount(len(covers))} tài khoản: "
        f"{format_amount(len(whole))} tài khoản đủ mọi ngày{left}."
    ]


def _short(cover: Coverage) -> str:
    """ "đủ 317/317 ngày", with what is not proved; "có 300/317 ngày, còn thiếu 17 ngày"."""
    if not cover.total:
        return "chưa có"
    days = cover.days
    share = f"{format_amount(cover.covered)}/{format_amount(cover.total)} ngày {_span(cover)}"
    told = [f"còn thiếu {format_amount(days[MISSING])} ngày"] if days[MISSING] else []
    told += [
        f"{format_amount(days[state])} ngày {WORDS[state].counted}"
        for state in (NOT_PROVABLE, BROKEN)
        if days[state]
    ]
    return ", ".join([f"{'có' if days[MISSING] else 'đủ'} {share}", *told])


def statement_name(one: Brought) -> str:
    """ "01/11/2026 – 30/11/2026"."""
    return span_told(one.first, one.last) if one.first and one.last else "Không có dòng nào"


def proof_of(one: Brought) -> str:
    """The state of its proof in words."""
    return WORDS[one.proof or NOT_PROVABLE].name


def badge_of(one: Brought) -> str:
    """The kind of its badge."""
    return PROOF_BADGES[one.proof or NOT_PROVABLE]


def override_sentence(one: Brought) -> str:
    """Who let a statement be posted that does not tie, and why."""
    who = one.override_by or "cán bộ có quyền"
    return (
        f"Không khớp với số ngân hàng in, vẫn ghi sổ theo quyết định của {mask_public(who)}. "
        f"Lý do: {mask_public(one.override_reason)}"
    )


def meetings(one: Brought, names: Mapping[int, str]) -> Iterator[str]:
    """Sentences about other posted statements of the account that share days with this one, or are its file."""
    if one.same_file:
        told = ", ".join(names[other] for other in one.same_file if other in names)
        yield f"Cùng một tệp đã nạp {len(one.same_file) + 1} lần (sao kê {told}); dòng đã có không ghi lại."
    for other, first, last in one.shares:
        yield f"Trùng ngày {span_told(first, last)} với sao kê {names.get(other, '')}; dòng trùng chỉ ghi một lần."


def names_of(statements: Sequence[Brought]) -> dict[int, str]:
    """What each statement is called."""
    return {one.id: statement_name(one) for one in statements}


def statement_row(account: BankAccount, one: Brought) -> list[Any]:
    """One row of the file, under STATEMENT_HEADS."""
    return [
        account.code, account.bank, account.number, one.first, one.last, proof_of(one), one.rows, one.new_rows,
        one.credit_count, one.credit_sum, one.debit_count, one.debit_sum, one.opening, one.closing, one.sha256,
        one.imported_at, mask_public(one.override_by), mask_public(one.override_reason),
    ]  # fmt: skip


def day_rows(cover: Coverage) -> Iterator[list[Any]]:
    """The rows of one account's file, under DAY_HEADS."""
    for day, state in by_day(cover.runs):
        yield [cover.account.code, day, WORDS[state].name]


def cover_json(cover: Coverage) -> dict[str, Any]:
    """One account: how many days of which state, and the runs of days; the counts always add up to `total`."""
    account = cover.account
    return {
        "code": account.code,
        "bank": account.bank,
        "number": account.number,
        "holder": account.holder,
        "unit": account.unit.code,
        "from": _iso(cover.first),
        "to": _iso(cover.last),
        "days": {"total": cover.total, "covered": cover.covered, **cover.days},
        "runs": [_run_json(run) for run in cover.runs],
    }


def _run_json(run: Run) -> dict[str, Any]:
    return {"from": run.first.isoformat(), "to": run.last.isoformat(), "state": run.state}


def statement_json(one: Brought) -> dict[str, Any]:
    """One posted statement; sums in đồng of the whole file, null = not printed. `state`: proved, not_provable, broken."""
    return {
        "id": one.id,
        "sha256": one.sha256,
        "state": one.proof or NOT_PROVABLE,
        "from": _iso(one.first),
        "to": _iso(one.last),
        "imported_at": one.imported_at.isoformat(),
        "rows": one.rows,
        "new_rows": one.new_rows,
        "credit_count": one.credit_count,
        "credit_sum": one.credit_sum,
        "debit_count": one.debit_count,
        "debit_sum": one.debit_sum,
        "opening": one.opening,
        "closing": one.closing,
        "override": _override_json(one),
        "same_file": one.same_file,
        "overlaps": [
            {"id": other, "from": first.isoformat(), "to": last.isoformat()}
            for other, first, last in one.shares
        ],
    }


def _override_json(one: Brought) -> dict[str, Any] | None:
    if not one.override_reason:
        return None
    return {"by": mask_public(one.override_by) or None, "reason": mask_public(one.override_reason)}


def totals_json(totals: Totals | None) -> dict[str, Any] | None:
    """What all posted statements of an account have brought; lines that two files share count once."""
    if totals is None:
        return None
    told = asdict(totals)
    first, last = told.pop("first"), told.pop("last")
    return {**told, "from": _iso(first), "to": _iso(last)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
