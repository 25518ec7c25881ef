"""The `portal` command: every command runs in an app context, as "dòng lệnh", beside a server or alone."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import click
from flask import Flask

from portal import commands, create_app
from portal.config import Config
from portal.kit.audit import COMMAND_LINE, acting
from portal.operate import instance_lock
from portal.operate.command_line import SpeakingGroup
from portal.operate.memory import stop_watching_memory

ALONE = {"migrate", "restore"}  # these replace the database under everybody's feet


class Portal(SpeakingGroup):
    """Collects the commands of every module in `portal.commands`."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Every command, by name."""
        return sorted(_commands())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """One command."""
        return _commands().get(name)


def _commands() -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for module in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
        found.update({command.name: command for command in import_module(module.name).COMMANDS})
    return found


def _start() -> Flask:
    app = create_app()
    stop_watching_memory()
    return app


@click.group(cls=Portal)
@click.pass_context
def main(context: click.Context) -> None:
    """Cổng thông tin Quỹ “Vì người nghèo”: chạy, nhập dữ liệu, in bản tin, sao lưu, kiểm tra."""
    app: Flask = context.obj or _start()
    context.obj = app
    config: Config = app.config["PORTAL"]
    lock = instance_lock.alone if context.invoked_subcommand in ALONE else instance_lock.shared
    context.with_resource(lock(config.instance))
    context.with_resource(app.app_context())
    context.with_resource(acting(None, COMMAND_LINE))


if __name__ == "__main__":
    main()
