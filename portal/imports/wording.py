"""The outcome of an import in Vietnamese sentences, for the command line; pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.imports.kinds import KINDS
from portal.imports.outcome import Outcome
from portal.kit.days import format_day, format_moment
from portal.kit.errors import Refused
from portal.kit.money import format_amount, format_dong

STATES = {"done": "Đang có hiệu lực", "asked": "Chờ duyệt hoàn lại", "undone": "Đã hoàn lại"}
STATE_BADGES = {"done": None, "asked": "warn", "undone": "bad"}
UNITS_SHOWN = 5
SHOWN = 50  # messages on the screen; the rest stands in --json and --errors


def check_kind(name: str) -> None:
    """Raises Refused for a kind that cannot be brought."""
    known = ", ".join((*KINDS, "statement"))
    if name not in KINDS and name != "statement":
        raise Refused(f"Không có loại bảng “{name}”. Các bảng nạp được: {known}.")


def counts_line(rows: int, new: int, changed: int, duplicates: int, *, dry_run: bool) -> str:
    """What happened, or would happen, with the rows."""
    verbs = ("sẽ ghi mới", "sẽ sửa") if dry_run else ("ghi mới", "sửa")
    known = f"đã có {format_amount(duplicates)}"
    counts = f"{verbs[0]} {format_amount(new)}, {verbs[1]} {format_amount(changed)}, {known}"
    return f"Đọc {format_amount(rows)} dòng: {counts}."


def facts_lines(outcome: Outcome) -> list[str]:
    """Sum and days of the table."""
    lines = []
    if outcome.sum is not None:
        lines.append(f"Tổng số tiền trong bảng: {format_dong(outcome.sum)}.")
    if outcome.first_day and outcome.last_day:
        lines.append(f"Từ ngày {format_day(outcome.first_day)} đến ngày {format_day(outcome.last_day)}.")
    return lines


def lines_of(outcome: Outcome, *, dry_run: bool) -> list[str]:
    """Everything a person at the command line should read."""
    if not outcome.accepted:
        return [*_told(outcome.errors, [message._asdict() for message in outcome.messages]), *outcome.notes]
    lines = [counts_line(outcome.rows, outcome.new, outcome.changed, outcome.duplicates, dry_run=dry_run)]
    lines += facts_lines(outcome)
    if dry_run:
        lines.append("Đây là lần chạy thử, chưa ghi gì vào sổ.")
    return [*lines, *outcome.notes]


def run_state(run: Any) -> str:
    """The key in STATES of an import that was carried out."""
    return "undone" if run.undone_at else "asked" if run.undo_asked_at else "done"


def run_facts(run: Any) -> list[tuple[str, str]]:
    """Label and value of what an import was, for its page."""
    facts = [
        ("Người nhập", run.by_name),
        ("Lúc", format_moment(run.made_at)),
        ("Dòng trong tệp", format_amount(run.rows)),
        ("Ghi mới", format_amount(run.new)),
        ("Sửa", format_amount(run.changed)),
    ]
    if run.sum is not None:
        facts.append(("Tổng số tiền trong tệp", format_dong(run.sum)))
    if run.units:
        shown = ", ".join(unit.name for unit in run.units[:UNITS_SHOWN])
        rest = len(run.units) - UNITS_SHOWN
        facts.append(("Đơn vị", shown + (f" và {rest} đơn vị nữa" if rest > 0 else "")))
    return facts


def statement_lines(outcome: Any, *, dry_run: bool) -> list[str]:
    """The same for a bank statement (`statements.outcome.ImportOutcome`)."""
    if not outcome.accepted:
        return _told(outcome.errors, outcome.messages)
    lines = [counts_line(outcome.rows, outcome.new, outcome.changed, outcome.duplicates, dry_run=dry_run)]
    for count, total, name in (
        (outcome.credit_count, outcome.credit_sum, "Ghi có"),
        (outcome.debit_count, outcome.debit_sum, "Ghi nợ"),
    ):
        if count is not None:
            lines.append(f"{name}: {format_amount(count)} dòng, {format_dong(total)}.")
    proof = {
        True: "Sao kê đầy đủ, khớp với số ngân hàng in.",
        None: "Sao kê không in đủ số để chứng minh đầy đủ.",
    }
    lines.append(proof.get(outcome.complete, "Sao kê không khớp với số ngân hàng in."))
    if dry_run:
        lines.append("Đây là lần chạy thử, chưa ghi gì vào sổ.")
    return [*lines, *outcome.notes]


def _told(errors: int, messages: list[dict[str, str]]) -> list[str]:
    lines = [f"Chưa ghi gì vào sổ: có {format_amount(errors)} lỗi."]
    for message in messages[:SHOWN]:
        cell = message["cell"]
        lines.append(
            f"- {cell[:1].upper()}{cell[1:]}: {message['message']}" if cell else f"- {message['message']}"
        )
    if errors > SHOWN:
        lines.append(
            f"… và {format_amount(errors - SHOWN)} lỗi nữa. Dùng --errors để lấy tệp có ghi lỗi ở từng ô."
        )
    return lines


def facts_of(outcome: dict[str, Any], *, done: bool) -> list[tuple[str, str]]:
    """Label and value of each fact, for the page; `outcome` as `Outcome.as_json` gives it."""
    new, changed = ("Đã ghi mới", "Đã sửa") if done else ("Sẽ ghi mới", "Sẽ sửa")
    facts = [("Dòng trong tệp", format_amount(outcome["rows"]))]
    if outcome["errors"]:
        facts.append(("Chỗ cần sửa", format_amount(outcome["errors"])))
    else:
        facts.append((new, format_amount(outcome["new"])))
        facts.append((changed, format_amount(outcome["changed"])))
        facts.append(("Đã có trong sổ, bỏ qua", format_amount(outcome["duplicates"])))
    if outcome["sum"] is not None and not outcome["errors"]:
        facts.append(("Tổng số tiền trong tệp", format_dong(outcome["sum"])))
    if outcome["from"]:
        first, last = (format_day(date.fromisoformat(outcome[name])) for name in ("from", "to"))
        facts.append(("Thời gian", f"{first} đến {last}"))
    return facts
