"""Upgrading backs up, compares, and leaves either the old database or the whole new one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.config import Config
from portal.kit.errors import Refused
from portal.operate import instance_lock, schema
from portal.operate.engines import plain_engine
from portal.operate.migrate import compare, migrate, needs_migration
from portal.operate.restore import restore
from tests.operate.conftest import Books

MIGRATION = '''"""one more step"""
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "9000", "{head}", None, None


def upgrade():
    {step}
'''


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A later version of the portal, whose only new migration does `step`."""

    def install(step: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(schema.migrations_folder(), folder)
        head = schema.newest_revision()
        (folder / "versions" / "later.py").write_text(MIGRATION.format(head=head, step=step))
        monkeypatch.setattr(schema, "migrations_folder", lambda: folder)

    return install


def revision(config: Config) -> str | None:
    with plain_engine(config.database_url) as engine, engine.connect() as connection:
        return schema.revision_of(connection)


def test_an_empty_installation_gets_its_tables(
    config: Config, engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{config.instance / 'moi.sqlite3'}"
    if engine == "postgresql":
        cluster = request.getfixturevalue("cluster")
        cluster.create("test_moi")
        request.addfinalizer(lambda: cluster.drop("test_moi"))
        url = cluster.url("test_moi")
    fresh = replace(config, database_url=url)
    assert needs_migration(fresh)
    assert migrate(fresh) is None
    assert not needs_migration(fresh)
    with plain_engine(url) as outside, outside.connect() as connection:
        assert schema.missing_triggers(connection) == []
        assert (
            connection.execute(text("SELECT name FROM fund WHERE code = 'VNN'")).scalar()
            == "Quỹ “Vì người nghèo”"
        )


def test_an_upgrade_keeps_the_books_and_a_backup(books: Books, next_version: Callable[[str], None]) -> None:
    assert not needs_migration(books.config)
    next_version('op.add_column("campaign", sa.Column("colour", sa.String(20)))')
    assert needs_migration(books.config)
    kept = migrate(books.config)
    assert kept is not None and kept.parent == books.config.instance / "backups"
    assert revision(books.config) == "9000"
    assert books.value("SELECT colour FROM campaign") is None
    assert books.problem() is None
    assert not list(books.config.instance.glob("*.next*"))


def test_a_backup_of_an_older_version_is_upgraded_before_it_is_put_back(
    books: Books, next_version: Callable[[str], None]
) -> None:
    next_version('op.add_column("campaign", sa.Column("colour", sa.String(20)))')
    old = migrate(books.config)
    assert old is not None
    restore(books.config, old)
    assert revision(books.config) == "9000"


@pytest.mark.parametrize(
    "step",
    ["op.execute(\"DELETE FROM household_group WHERE key = 'poor'\")", 'op.drop_table("donation_words")'],
)
def test_an_upgrade_that_would_lose_rows_changes_nothing(
    books: Books, next_version: Callable[[str], None], step: str
) -> None:
    before = revision(books.config)
    next_version(step)
    with pytest.raises(Refused, match="Nâng cấp bị hủy"):
        migrate(books.config)
    assert revision(books.config) == before
    assert books.value("SELECT COUNT(*) FROM household_group WHERE key = 'poor'") == 1
    assert books.value("SELECT COUNT(*) FROM donation_words") > 0
    assert not list(books.config.instance.glob("*.next*"))


def test_posted_rows_may_not_even_grow() -> None:
    compare({"ledger_transfer": (2, 100), "unit": (1, 0)}, {"ledger_transfer": (2, 100), "unit": (3, 0)})
    for after in ((3, 100), (2, 101), (1, 100)):
        with pytest.raises(Refused, match="ledger_transfer"):
            compare({"ledger_transfer": (2, 100)}, {"ledger_transfer": after})


def test_a_database_of_a_newer_version_is_left_alone(books: Books) -> None:
    with plain_engine(books.config.database_url) as outside, outside.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="phiên bản mới hơn"):
        migrate(books.config)


def test_two_may_share_and_nobody_gets_in_beside_an_upgrade(tmp_path: Path) -> None:
    with instance_lock.shared(tmp_path), instance_lock.shared(tmp_path):
        pass
    with (
        instance_lock.alone(tmp_path),
        pytest.raises(Refused, match="đang được nâng cấp"),
        instance_lock.shared(tmp_path),
    ):
        pytest.fail("the lock let two in")
    with instance_lock.shared(tmp_path):
        pass
