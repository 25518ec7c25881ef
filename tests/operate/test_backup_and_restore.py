"""A backup is whole, is taken while somebody writes, and goes back only when everything in it is right."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.orm import Session

from portal.config import Config
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.operate import attention, instance_lock, schema
from portal.operate.backup import back_up, last_backup, remember
from portal.operate.engines import plain_engine
from portal.operate.restore import restore
from portal.units.models import Unit
from tests.cast import make_campaign, make_donation, make_unit
from tests.operate.conftest import Books

COUNT = "SELECT COUNT(*) FROM donation"


@pytest.fixture
def saved(books: Books, tmp_path: Path) -> Path:
    """A backup of the two gifts."""
    return back_up(books.config, tmp_path / "sao-luu").path


def one_more(config: Config) -> None:
    """Another gift, after the backup."""
    db.session.rollback()
    unit = db.session.scalars(select(Unit).where(Unit.code == "AL")).one()
    make_donation(campaign=make_campaign(unit=unit), by=None, amount=1_000)
    db.session.commit()
    db.session.close()
    db.engine.dispose()


def test_restore_brings_back_the_books_as_they_were(books: Books, saved: Path) -> None:
    one_more(books.config)
    assert books.value(COUNT) == 3
    kept = restore(books.config, saved)
    assert kept is not None
    assert books.value(COUNT) == 2
    assert books.problem() is None
    with plain_engine(books.config.database_url) as engine, engine.connect() as connection:
        assert schema.missing_triggers(connection) == []
    with pytest.raises(Exception, match="Bút toán đã ghi sổ"):
        db.session.execute(text("UPDATE ledger_transfer SET amount = 1"))


def test_what_was_replaced_is_kept(books: Books, saved: Path, engine: str) -> None:
    one_more(books.config)
    kept = restore(books.config, saved)
    assert kept is not None
    url = f"sqlite:///{kept}"
    if engine == "postgresql":
        url = make_url(books.config.database_url).set(database=kept).render_as_string(hide_password=False)
    assert replace(books, config=replace(books.config, database_url=url)).value(COUNT) == 3


def test_a_backup_is_taken_while_somebody_writes(books: Books, tmp_path: Path, db_session: Session) -> None:
    make_unit(code="DANG-GHI")
    made = back_up(books.config, tmp_path / "b")
    db_session.commit()
    db_session.close()
    db.engine.dispose()
    restore(books.config, made.path)
    assert books.value("SELECT COUNT(*) FROM unit WHERE code = 'DANG-GHI'") == 0


def test_a_backup_is_for_its_owner_and_has_its_sum_beside_it(books: Books, saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert os.system(f"cd {saved.parent} && sha256sum --quiet -c {saved.name}.sha256") == 0  # noqa: S605
    assert not list(saved.parent.glob("*.part"))


def test_a_backup_needs_a_folder_and_another_name(books: Books, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Không có thư mục"):
        back_up(books.config, tmp_path / "khong-co" / "b")
    if books.config.sqlite_path is not None:
        with pytest.raises(Refused, match="đang dùng"):
            back_up(books.config, books.config.sqlite_path)


def broken(saved: Path, how: str) -> Path:
    """The backup with something wrong in it, without the check sum that would tell at once."""
    data = saved.read_bytes()
    bad = saved.with_name("hong")
    middle = len(data) // 2
    wrong = {
        "cut off": data[:middle],
        "not a backup": b"PK\x03\x04" + data[4:],
        "empty": b"",
        "overwritten": data[:middle] + os.urandom(8192) + data[middle + 8192 :],
    }
    bad.write_bytes(wrong[how])
    return bad


@pytest.mark.parametrize("how", ["cut off", "not a backup", "empty", "overwritten"])
def test_a_damaged_file_is_refused_and_nothing_changes(books: Books, saved: Path, how: str) -> None:
    one_more(books.config)
    with pytest.raises(Refused, match="đã hỏng"):
        restore(books.config, broken(saved, how))
    assert books.value(COUNT) == 3
    assert books.problem() is None


def test_one_flipped_byte_is_seen_by_the_check_sum(books: Books, saved: Path) -> None:
    data = bytearray(saved.read_bytes())
    data[-1] ^= 1
    saved.write_bytes(data)
    with pytest.raises(Refused, match="không khớp với “sao-luu.sha256”"):
        restore(books.config, saved)


def test_a_backup_of_books_that_do_not_agree_is_refused(books: Books, tmp_path: Path) -> None:
    books.bypass(f"UPDATE ledger_transfer SET amount = 5000000 WHERE posting_number = {books.number}")
    made = back_up(books.config, tmp_path / "b")
    with pytest.raises(Refused, match="số liệu không khớp.*20261102-1"):
        restore(books.config, made.path)


def test_a_backup_without_its_guards_is_refused(books: Books, tmp_path: Path, engine: str) -> None:
    on = "" if engine == "sqlite" else " ON ledger_transfer"
    with plain_engine(books.config.database_url) as outside, outside.begin() as connection:
        connection.execute(text(f"DROP TRIGGER protect_ledger_transfer_update{on}"))
    made = back_up(books.config, tmp_path / "b")
    with pytest.raises(Refused, match="lớp bảo vệ"):
        restore(books.config, made.path)


def test_a_backup_of_a_newer_portal_is_refused(books: Books, tmp_path: Path) -> None:
    with plain_engine(books.config.database_url) as outside, outside.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    made = back_up(books.config, tmp_path / "b")
    with pytest.raises(Refused, match="phiên bản mới hơn"):
        restore(books.config, made.path)


def test_a_backup_of_the_other_engine_is_refused(books: Books, tmp_path: Path, engine: str) -> None:
    other = tmp_path / "khac"
    other.write_bytes(b"PGDMP" + bytes(40) if engine == "sqlite" else b"SQLite format 3\x00" + bytes(40))
    with pytest.raises(Refused, match="loại cơ sở dữ liệu khác"):
        restore(books.config, other)


def test_a_missing_file_is_refused(config: Config, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Không thấy tệp"):
        restore(config, tmp_path / "khong-co")


def test_restore_refuses_while_others_are_connected(books: Books, saved: Path) -> None:
    with plain_engine(books.config.database_url) as other, other.connect() as reader:
        assert reader.execute(text(COUNT)).scalar() == 2
        with pytest.raises(Refused, match="Còn kết nối khác"):
            restore(books.config, saved)
    assert books.value(COUNT) == 2
    assert books.problem() is None


def test_restore_needs_the_installation_alone(config: Config) -> None:
    with (
        instance_lock.shared(config.instance),
        pytest.raises(Refused, match="Cổng đang chạy"),
        instance_lock.alone(config.instance),
    ):
        pytest.fail("the lock let two in")


def test_the_last_backup_is_remembered(books: Books, tmp_path: Path) -> None:
    assert last_backup(books.config) is None
    made = back_up(books.config, tmp_path / "b")
    remember(books.config, made)
    found = last_backup(books.config)
    assert found is not None and found[1] == made.path
    assert attention._backup(books.config).fine
    made.path.unlink()
    assert not attention._backup(books.config).fine
