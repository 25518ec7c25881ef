"""Commands about people: add one, give one a new link."""

from __future__ import annotations

import click
from flask import Flask

from portal.config import Config
from portal.kit.access import ROLE_NAMES
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.people import actions, queries
from portal.people.rules import tidy_email
from portal.units.queries import unit_or_refused

ROLES_HELP = ", ".join(f"{role} ({name})" for role, name in ROLE_NAMES.items())


@click.group(name="user")
def user_group() -> None:
    """Người dùng: thêm người, cấp đường dẫn đặt mật khẩu."""


@user_group.command(name="add")
@click.argument("email")
@click.option("--role", required=True, help=f"Vai trò: {ROLES_HELP}.")
@click.option("--unit", "code", help="Mã đơn vị; bỏ trống thì vai trò có hiệu lực ở toàn hệ thống.")
@click.option("--name", help="Họ tên; bỏ trống thì lấy phần đầu của địa chỉ thư.")
@click.pass_obj
def add(app: Flask, email: str, role: str, code: str | None, name: str | None) -> None:
    """Thêm người dùng EMAIL và in một đường dẫn dùng một lần (48 giờ) để người đó đặt mật khẩu."""
    with writing():
        unit = unit_or_refused(code, today_in_vietnam()) if code else None
        shown = name or tidy_email(email).split("@")[0]
        user = actions.add_user(email=email, name=shown, role=_role(role), unit=unit, by=None)
        link = actions.one_time_link(user)
        db.session.commit()
    _print(app, link)


@user_group.command(name="link")
@click.argument("email")
@click.pass_obj
def link_command(app: Flask, email: str) -> None:
    """In một đường dẫn mới để EMAIL đặt lại mật khẩu; các đường dẫn trước hết hiệu lực."""
    with writing():
        user = queries.user_by_email(tidy_email(email))
        if user is None or not user.active:
            raise Refused("Không có người dùng đang hoạt động với địa chỉ này. Kiểm tra lại địa chỉ.")
        link = actions.one_time_link(user)
        db.session.commit()
    _print(app, link)


def _role(text: str) -> str:
    """The role by its key or its Vietnamese name; unknown ones are refused by the action."""
    by_name = {name.lower(): role for role, name in ROLE_NAMES.items()}
    return by_name.get(text.lower(), text)


def _print(app: Flask, path: str) -> None:
    config: Config = app.config["PORTAL"]
    click.echo("Trao tận tay đường dẫn này; dùng một lần, trong 48 giờ:")
    click.echo(f"  http://{config.host}:{config.port}{path}")


COMMANDS = [user_group]
