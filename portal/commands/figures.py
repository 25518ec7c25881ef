"""Commands that answer with figures: figures, rows, bulletin."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask

from portal.bulletins import documents
from portal.bulletins.workbook import render_xlsx
from portal.campaigns.queries import campaign_by
from portal.figures import registry
from portal.figures.scope import Scope
from portal.frame import shows_sample
from portal.kit.days import VIETNAM
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import number_at
from portal.kit.tables import csv_chunks
from portal.units.queries import unit_or_refused

DAY = click.DateTime(["%Y-%m-%d"])
RENDERERS: dict[str, Callable[[dict[str, Any]], str | bytes]] = {
    ".pdf": documents.render_pdf,
    ".xlsx": render_xlsx,
    ".json": documents.render_json,
    ".html": documents.render_file,
}


def scoped(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every question about figures shares."""
    for option in (
        click.option(
            "--shape", type=click.Choice(["then"]), default="then", help="Đơn vị như lúc ấy (mặc định)."
        ),
        click.option("--as-of", "as_of", metavar="SỐ|LÚC", help="Như sổ khi có số này, hoặc vào lúc này."),
        click.option("--campaign", metavar="MÃ", help="Chỉ một đợt vận động."),
        click.option("--to", "end", type=DAY, required=True, help="Ngày cuối, YYYY-MM-DD."),
        click.option("--from", "start", type=DAY, required=True, help="Ngày đầu, YYYY-MM-DD."),
        click.option("--unit", metavar="MÃ", required=True, help="Đơn vị, kể cả mọi đơn vị cấp dưới."),
    ):
        command = option(command)
    return command


def scope_of(
    unit: str, start: datetime, end: datetime, campaign: str | None, as_of: str | None, shape: str
) -> Scope:
    """The scope that the options ask for. Raises Refused."""
    return Scope(
        unit=unit_or_refused(unit, end.date()),
        start=start.date(),
        end=end.date(),
        campaign=campaign_by(campaign) if campaign else None,
        as_of=entry_number(as_of) if as_of else None,
    )


def entry_number(text: str) -> int:
    """A number as it stands, or the last one recorded up to a moment (a day: its end). Raises Refused."""
    if text.isdecimal():
        return int(text)
    try:
        if len(text) == len("2026-01-31"):
            moment = datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), VIETNAM)
            return number_at(moment - timedelta(microseconds=1))
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            f"“{text}” không phải số của sổ hay một lúc. Ghi số, hoặc lúc như 2026-11-20T17:00."
        ) from None
    return number_at(moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM))


@click.command()
@scoped
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def figures(as_json: bool, **options: Any) -> None:
    """Mọi số liệu của một đơn vị trong một kỳ."""
    found = registry.compute(scope_of(**options))
    if as_json:
        click.echo(json.dumps({key: figure.as_json() for key, figure in found.items()}, ensure_ascii=False))
        return
    for key, figure in found.items():
        value = "" if figure.value is None else str(figure.value)
        click.echo(f"{key}\t{value}\t{figure.unit}\t{figure.label}")


@click.command()
@click.argument("key")
@scoped
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="Dạng in ra.")
def rows(key: str, form: str, **options: Any) -> None:
    """Các dòng đứng sau một số liệu KEY."""
    found = registry.rows(scope_of(**options), key)
    if form == "json":
        click.echo(json.dumps(list(found), ensure_ascii=False))
        return
    first = next(found, None)
    if first is None:
        return
    heads = list(first)
    lines = ([row[head] for head in heads] for row in _again(first, found))
    for chunk in csv_chunks(heads, lines):
        sys.stdout.buffer.write(chunk)
    sys.stdout.flush()


def _again(first: dict[str, Any], rest: Any) -> Any:
    yield first
    yield from rest


@click.command()
@scoped
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Tệp ghi ra.")
@click.pass_obj
def bulletin(app: Flask, out: Path, **options: Any) -> None:
    """Bản tin của một đơn vị trong một kỳ, ra tệp .pdf, .xlsx, .json hay .html."""
    render = RENDERERS.get(out.suffix.lower())
    if render is None:
        raise Refused(
            f"Chưa biết ghi bản tin ra tệp “{out.suffix}”. Đặt tên tệp .pdf, .xlsx, .json hoặc .html."
        )
    sample = shows_sample()
    content = documents.compose(scope_of(**options), is_sample=sample)
    db.session.rollback()  # printing takes a while: hold no transaction
    made = render(content)
    out.write_bytes(made.encode() if isinstance(made, str) else made)
    click.echo(f"Đã ghi {out}.")


@click.command(name="describe-figures", hidden=True)
def describe_figures() -> None:
    """docs/figures.md: every figure with its one definition."""
    click.echo(registry.as_markdown(), nl=False)


COMMANDS = [figures, rows, bulletin, describe_figures]
