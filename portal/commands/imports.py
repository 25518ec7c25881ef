"""`portal import KIND FILE`: exit 0 accepted, 1 refused (nothing written)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from portal.imports.annotating import annotate
from portal.imports.engine import Order, post, read, rehearse
from portal.imports.kind import Kind
from portal.imports.kinds import KINDS
from portal.imports.loading import Loaded, load
from portal.imports.modes import BOTH, check_mode
from portal.imports.outcome import Outcome
from portal.imports.wording import check_kind, lines_of, statement_lines
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.money import parse_amount_or_zero, parse_count
from portal.statements.actions import import_file
from portal.statements.controls import Paper
from portal.statements.importing import follow_books, follow_pledges, follow_publications
from portal.statements.rules import check_paper

STATEMENT = "statement"
FILE = click.Path(path_type=Path, dir_okay=False)
PAPER = (  # option, field of Paper, what it is, how it is read
    ("--rows", "rows", "số dòng", parse_count),
    ("--credits", "credit_sum", "tổng ghi có", parse_amount_or_zero),
    ("--debits", "debit_sum", "tổng ghi nợ", parse_amount_or_zero),
    ("--opening", "opening", "số dư đầu kỳ", parse_amount_or_zero),
    ("--closing", "closing", "số dư cuối kỳ", parse_amount_or_zero),
)


def _paper_options(command: Callable[..., None]) -> Callable[..., None]:
    """One option for each control total of a statement that was typed in from the paper."""
    for option, field, what, _ in reversed(PAPER):
        told = f"Sao kê: {what} trên bản giấy, để đối chiếu."
        command = click.option(option, field, metavar="N", help=told)(command)
    return command


def _paper_of(typed: dict[str, str | None]) -> Paper | None:
    """What was typed from the paper, None when nothing was. Raises Refused for what proves nothing."""
    amounts: dict[str, int] = {}
    for option, field, _, parse in PAPER:
        if (text := typed[field]) is not None:
            try:
                amounts[field] = parse(text)
            except Refused as refused:
                raise Refused(f"{option}: {refused.text}") from refused
    if not amounts:
        return None
    paper = Paper(**amounts)
    check_paper(is_enough=paper.is_enough)
    return paper


@click.command(name="import")
@click.argument("kind")
@click.argument("file", type=FILE)
@click.option("--unit", metavar="C", help="Mã đơn vị cho những dòng không ghi đơn vị.")
@click.option(
    "--campaign", metavar="C", help="Mã đợt cho những dòng không ghi đợt; với sao kê: đợt nhận tiền."
)
@click.option(
    "--account", metavar="C", help="Mã tài khoản cho những dòng không ghi; với sao kê: tài khoản của sao kê."
)
@click.option(
    "--mode",
    default=BOTH,
    metavar="M",
    help="add: chỉ thêm mới; update: chỉ cập nhật; both: cả hai (mặc định).",
)
@_paper_options
@click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra, không ghi gì.")
@click.option(
    "--errors",
    type=FILE,
    metavar="OUT.xlsx",
    help="Ghi bản chép của tệp, có đánh dấu và ghi lỗi ở từng ô, ra tệp này.",
)
@click.option("--json", "as_json", is_flag=True, help="In kết quả cho máy đọc.")
def import_command(
    kind: str, file: Path, mode: str, dry_run: bool, errors: Path | None, as_json: bool, **typed: str | None
) -> None:
    """Nạp bảng từ FILE (CSV, XLSX, XLS; sao kê cả PDF có chữ).

    KIND là một trong: units, accounts, campaigns, donors, goods, pledges, donations, households, houses,
    reviews, results, initiatives, criteria, statement.
    """
    try:
        check_kind(kind)
        if not file.is_file():
            raise Refused(f"Không có tệp “{file}”. Kiểm tra đường dẫn rồi chạy lại.")
        paper = _paper_of({field: typed.pop(field) for _, field, _, _ in PAPER})
        if kind == STATEMENT:
            _bring_statement(file, dry_run, as_json, paper, typed)
            return
        if paper is not None:
            raise Refused(f"Số trên bản giấy chỉ dùng cho sao kê. Bỏ các tùy chọn đó khi nạp bảng {kind}.")
        check_mode(mode, offered=KINDS[kind].has_modes, label=KINDS[kind].label)
        outcome = _bring(KINDS[kind], file, dry_run, errors, {**typed, "mode": mode})
    except Refused as refused:
        outcome = Outcome.unreadable(refused.text)
    _tell(outcome.as_json(), lines_of(outcome, dry_run=dry_run), as_json)
    sys.exit(0 if outcome.accepted else 1)


def _bring(kind: Kind, file: Path, dry_run: bool, errors: Path | None, codes: dict[str, Any]) -> Outcome:
    """Read, check, write. Raises Refused for a file that is no such table."""
    loaded = load(file, kind.columns, filename=file.name)
    order = Order(kind, None, **codes)
    outcome = rehearse(loaded, order) if dry_run else _write(loaded, order)
    if errors is not None and not outcome.accepted:
        annotate(loaded, outcome, kind, errors)
    return outcome


def _write(loaded: Loaded, order: Order) -> Outcome:
    reading = read(loaded, order)
    with writing():
        outcome = post(reading)
        if outcome.accepted:
            db.session.commit()
    while outcome.accepted and (follow_pledges() or follow_books() or follow_publications()):
        pass
    return outcome


def _bring_statement(
    file: Path, dry_run: bool, as_json: bool, paper: Paper | None, codes: dict[str, str | None]
) -> None:
    outcome = import_file(
        file,
        account_code=codes["account"],
        campaign_code=codes["campaign"],
        by=None,
        dry_run=dry_run,
        filename=file.name,
        paper=paper,
    )
    _tell(outcome.as_json(), statement_lines(outcome, dry_run=dry_run), as_json)
    sys.exit(0 if outcome.accepted else 1)


def _tell(facts: dict[str, Any], lines: list[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    for line in lines:
        click.echo(line)


COMMANDS = [import_command]
