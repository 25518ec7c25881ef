"""Commands that keep an installation alive: run, worker, migrate, backup, restore, verify, check."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask

from portal.config import Config
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from portal.kit.storage import storage_of
from portal.operate import attention, backup, kept_files, migrate, restore, schema, server, verify
from portal.operate.engines import plain_engine
from portal.people.actions import first_administrator_link
from portal.people.queries import nobody_yet

FILES_SOUND = "Ảnh và bản quét còn đủ, đúng từng byte"
FILE = click.Path(path_type=Path, dir_okay=False)


def _config(app: Flask) -> Config:
    return app.config["PORTAL"]


def _refuse_old_schema(app: Flask) -> None:
    if migrate.needs_migration(_config(app)):
        raise Refused(schema.OLD)


@click.command()
@click.pass_obj
def run(app: Flask) -> None:
    """Phục vụ trang web (và việc nền, trừ khi PORTAL_JOBS=worker)."""
    _refuse_old_schema(app)
    config = _config(app)
    address = f"http://{config.host}:{config.port}"
    with writing():
        link = first_administrator_link() if nobody_yet() else None
        db.session.commit()
    db.session.remove()
    if link is not None:
        click.echo(
            "Chưa có người dùng. Mở địa chỉ sau (dùng một lần) để lập tài khoản quản trị đầu tiên:\n"
            f"  {address}{link}"
        )
    click.echo(f"Cổng đang phục vụ ở {address} — dừng bằng Ctrl-C.")
    server.serve(app)
    click.echo("Đã dừng.")


@click.command()
@click.pass_obj
def worker(app: Flask) -> None:
    """Làm việc nền trong tiến trình riêng (đặt PORTAL_JOBS=worker cho trang web)."""
    _refuse_old_schema(app)
    click.echo("Đang chờ việc — dừng bằng Ctrl-C.")
    server.work(app)
    click.echo("Đã dừng.")


@click.command(name="migrate")
@click.pass_obj
def migrate_command(app: Flask) -> None:
    """Sao lưu, nâng cấp cơ sở dữ liệu, so lại số dòng và số tiền, rồi mới thay."""
    config = _config(app)
    if not migrate.needs_migration(config):
        click.echo("Cơ sở dữ liệu đã đúng với phiên bản này.")
        return
    kept = migrate.migrate(config)
    click.echo(
        "Cơ sở dữ liệu đã sẵn sàng." if kept is None else f"Đã nâng cấp. Bản trước khi nâng cấp: {kept}"
    )


@click.command(name="backup")
@click.argument("file", type=FILE)
@click.pass_obj
def backup_command(app: Flask, file: Path) -> None:
    """Sao lưu ra FILE (ảnh và bản quét ra thư mục portal-files bên cạnh); cổng vẫn chạy."""
    config = _config(app)
    made = backup.back_up(config, file)
    backup.remember(config, made)
    click.echo(f"Đã sao lưu {made.size / 1e6:.1f} MB ra {made.path}".replace(".", ",", 1))
    if made.lost:
        click.echo(
            f"{len(made.lost)} tệp ảnh hoặc bản quét thiếu hay hỏng nên chưa sao lưu được. Chạy: portal verify"
        )
        sys.exit(1)


@click.command(name="restore")
@click.argument("file", type=FILE)
@click.option("--without-files", is_flag=True, help="Vẫn khôi phục khi một số ảnh, bản quét đã mất hẳn.")
@click.pass_obj
def restore_command(app: Flask, file: Path, without_files: bool) -> None:
    """Khôi phục từ FILE (cổng phải dừng); kiểm tra trước khi thay, giữ lại bản bị thay."""
    kept = restore.restore(_config(app), file, without_files=without_files)
    click.echo(f"Đã khôi phục từ {file}." + (f" Bản bị thay còn ở: {kept}" if kept else ""))


@click.command(name="verify")
@click.pass_obj
def verify_command(app: Flask) -> None:
    """Tính lại sổ từ bút toán; thoát 1 và nói dòng sai đầu tiên nếu có."""
    _refuse_old_schema(app)
    with plain_engine(_config(app).database_url) as engine, engine.connect() as connection:
        for outcome in verify.outcomes(connection):
            if outcome.problem:
                click.echo(f"SAI    {outcome.title}\n       {outcome.problem}")
                sys.exit(1)
            click.echo(f"Đúng   {outcome.title}")
        wrong = next(kept_files.unsound(connection, storage_of(_config(app))), None)
    if wrong:
        click.echo(f"SAI    {FILES_SOUND}\n       {wrong}")
        sys.exit(1)
    click.echo(f"Đúng   {FILES_SOUND}\nSổ khớp.")


@click.command(name="check")
@click.pass_obj
def check_command(app: Flask) -> None:
    """Nói những gì cần để ý; thoát 1 nếu có việc phải làm, 0 nếu không."""
    config = _config(app)
    if config.sqlite_path is not None and not config.sqlite_path.exists():
        raise Refused(schema.OLD)
    with plain_engine(config.database_url) as engine, engine.connect() as connection:
        found = list(attention.remarks(config, connection))
    for remark in found:
        click.echo(f"{'Tốt   ' if remark.fine else 'CẦN LÀM'} {remark.text}")
    if not all(remark.fine for remark in found):
        sys.exit(1)


COMMANDS = [run, worker, migrate_command, backup_command, restore_command, verify_command, check_command]
