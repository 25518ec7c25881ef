"""How the command line speaks: refusals and slips as one Vietnamese sentence, headings in Vietnamese."""

from __future__ import annotations

import re
import sys
from typing import Any

import click

from portal.kit.errors import Refused

HEADINGS = {"Options": "Tùy chọn", "Commands": "Lệnh"}


class Formatter(click.HelpFormatter):
    """Help pages with Vietnamese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, args.replace("COMMAND [ARGS]...", "LỆNH …"), "Cách dùng: ")

    def write_heading(self, heading: str) -> None:
        """The line above a list."""
        super().write_heading(HEADINGS.get(heading, heading))


class SpeakingGroup(click.Group):
    """A group whose every way to fail ends in one sentence: refused = exit 1, typed wrong = exit 2."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command; say why it was refused."""
        try:
            return super().invoke(context)
        except Refused as refused:
            click.echo(refused.text, err=True)
            sys.exit(1)

    def main(self, *args: Any, **extra: Any) -> Any:  # type: ignore[override]
        """Run the command line; say what was typed wrong."""
        try:
            return super().main(*args, **{**extra, "standalone_mode": False})
        except click.UsageError as slip:
            path = slip.ctx.command_path if slip.ctx else "portal"
            click.echo(f"{sentence_of(slip)} Xem cách dùng: {path} --help", err=True)
            sys.exit(2)
        except (click.Abort, KeyboardInterrupt):
            click.echo("Đã dừng theo yêu cầu.", err=True)
            sys.exit(130)
        except click.ClickException as failure:
            click.echo(failure.format_message(), err=True)
            sys.exit(1)


def sentence_of(slip: click.UsageError) -> str:
    """What was typed wrong. Sentences that our own commands wrote are kept."""
    if not re.split(r"[('\"]", slip.message)[0].isascii():  # what follows is the person's own word
        return slip.message
    hint = slip.param.human_readable_name if isinstance(slip, click.BadParameter) and slip.param else ""
    if isinstance(slip, click.MissingParameter):
        return f"Thiếu {hint}."
    if isinstance(slip, click.NoSuchOption):
        return f"Không có tùy chọn {slip.option_name}."
    if isinstance(slip, click.BadParameter):
        return f"Giá trị của {hint} không đúng.{_expected(slip.param)}"
    return "Lệnh chưa đúng: thừa, thiếu hoặc không có lệnh con này."


def _expected(param: click.Parameter | None) -> str:
    kind = param.type if param else None
    if isinstance(kind, click.Choice):
        return f" Chọn một trong: {', '.join(map(str, kind.choices))}."
    if isinstance(kind, click.DateTime):
        return " Ghi ngày dạng 2026-11-23."
    if isinstance(kind, click.Path | click.File):
        return " Không thấy tệp hoặc không đọc được."
    return ""


click.Context.formatter_class = Formatter
