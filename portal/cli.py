"""The `portal` command: every command runs in an app context, as "dòng lệnh", beside a server or alone."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from typing import Any

import click
from flask import Flask

from portal import commands, create_app
from portal.config import Config
from portal.kit.audit import COMMAND_LINE, acting
from portal.kit.errors import Refused
from portal.operate import instance_lock

ALONE = {"migrate", "restore"}  # these replace the database under everybody's feet


class Portal(click.Group):
    """Collects the commands of every module in `portal.commands`; a refusal is one sentence and exit 1."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Every command, by name."""
        return sorted(_commands())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """One command."""
        return _commands().get(name)

    def invoke(self, context: click.Context) -> Any:
        """Run the command; say in one sentence why it was refused."""
        try:
            return super().invoke(context)
        except Refused as refused:
            click.echo(refused.text, err=True)
            sys.exit(1)


def _commands() -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for module in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
        found.update({command.name: command for command in import_module(module.name).COMMANDS})
    return found


@click.group(cls=Portal, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.pass_context
def main(context: click.Context) -> None:
    """Cổng thông tin Quỹ “Vì người nghèo”: chạy, nhập dữ liệu, in bản tin, sao lưu, kiểm tra."""
    app: Flask = context.obj or create_app()
    context.obj = app
    config: Config = app.config["PORTAL"]
    lock = instance_lock.alone if context.invoked_subcommand in ALONE else instance_lock.shared
    context.with_resource(lock(config.instance))
    context.with_resource(app.app_context())
    context.with_resource(acting(None, COMMAND_LINE))


if __name__ == "__main__":
    main()
