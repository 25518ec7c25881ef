"""The commands as people type them: what they print and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from portal.cli import main
from portal.operate import instance_lock
from portal.operate.engines import close, plain_engine
from tests.operate.conftest import Books


def portal(app: Flask, *words: object) -> Result:
    """Type a command."""
    result = CliRunner().invoke(main, [str(word) for word in words], obj=app, prog_name="portal")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_verify_says_that_the_books_agree(app: Flask, books: Books) -> None:
    result = portal(app, "verify")
    assert result.exit_code == 0 and result.output.endswith("Sổ khớp.\n")


def test_verify_ends_with_1_at_the_first_wrong_row(app: Flask, books: Books) -> None:
    books.bypass(f"UPDATE ledger_transfer SET amount = 5000000 WHERE posting_number = {books.number}")
    result = portal(app, "verify")
    assert result.exit_code == 1
    assert "SAI    Khoản ủng hộ bằng bút toán của nó" in result.output and "20261102-1" in result.output
    assert "Sổ khớp" not in result.output


def test_backup_then_check_then_restore(app: Flask, books: Books, tmp_path: Path) -> None:
    assert portal(app, "check").exit_code == 1
    assert "Đã sao lưu" in portal(app, "backup", tmp_path / "b").output
    checked = portal(app, "check")
    assert checked.exit_code == 0, checked.output
    assert "CẦN LÀM" not in checked.output
    close(app)
    restored = portal(app, "restore", tmp_path / "b")
    assert restored.exit_code == 0 and "Bản bị thay còn ở" in restored.output


def test_restore_says_why_it_refuses(app: Flask, books: Books, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("không phải sổ")
    result = portal(app, "restore", tmp_path / "b")
    assert result.exit_code == 1
    assert (
        result.output == "Tệp “b” đã hỏng: không phải bản sao lưu của cổng này. Dùng một bản sao lưu khác.\n"
    )


@pytest.mark.parametrize("words", [("migrate",), ("restore", "b")])
def test_migrate_and_restore_refuse_while_a_server_runs(app: Flask, words: tuple[str, ...]) -> None:
    with instance_lock.shared(Path(app.instance_path)):
        result = portal(app, *words)
    assert result.exit_code == 1 and "Dừng dịch vụ" in result.output


def test_other_commands_run_beside_a_server(app: Flask, books: Books) -> None:
    with instance_lock.shared(Path(app.instance_path)):
        assert portal(app, "verify").exit_code == 0


def test_nothing_runs_during_an_upgrade(app: Flask) -> None:
    with instance_lock.alone(Path(app.instance_path)):
        result = portal(app, "verify")
    assert result.exit_code == 1 and "đang được nâng cấp" in result.output


def test_migrate_on_a_current_database_does_nothing(app: Flask, books: Books) -> None:
    assert portal(app, "migrate").output == "Cơ sở dữ liệu đã đúng với phiên bản này.\n"
    assert not (books.config.instance / "backups").exists()


@pytest.mark.parametrize("command", ["run", "worker", "verify"])
def test_an_old_schema_is_refused_with_what_to_do(app: Flask, books: Books, command: str) -> None:
    with plain_engine(books.config.database_url) as outside, outside.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    result = portal(app, command)
    assert result.exit_code == 1 and result.output.endswith("Chạy: portal migrate\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backup"], "Thiếu FILE. Xem cách dùng: portal backup --help\n"),
        (
            ["khong-co"],
            "Lệnh chưa đúng: thừa, thiếu hoặc không có lệnh con này. Xem cách dùng: portal --help\n",
        ),
        (["verify", "--nhanh"], "Không có tùy chọn --nhanh. Xem cách dùng: portal verify --help\n"),
        (
            ["verify", "thừa"],
            "Lệnh chưa đúng: thừa, thiếu hoặc không có lệnh con này. Xem cách dùng: portal verify --help\n",
        ),
    ],
)
def test_what_was_typed_wrong_is_said_in_vietnamese(app: Flask, words: list[str], said: str) -> None:
    result = portal(app, *words)
    assert (result.exit_code, result.output) == (2, said)
