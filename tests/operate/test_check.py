"""`portal check` says what somebody has to do, and is content when nobody has to."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.kit.access import APPROVER, RECORDER
from portal.kit.days import today_in_vietnam
from portal.operate import attention
from portal.operate.backup import back_up, remember
from portal.operate.engines import plain_engine
from portal.people.models import RoleGrant
from tests.cast import Cast, grant, make_account, make_campaign, make_donation
from tests.operate.conftest import Books
from tests.statements.records import make_statement


def work(books: Books) -> list[str]:
    """What has to be done."""
    with plain_engine(books.config.database_url) as engine, engine.connect() as connection:
        return [remark.text for remark in attention.remarks(books.config, connection) if not remark.fine]


@pytest.fixture
def quiet(books: Books, tmp_path: Path) -> Books:
    """Books with a backup and nothing to do."""
    remember(books.config, back_up(books.config, tmp_path / "b"))
    return books


def test_nothing_to_do(quiet: Books) -> None:
    assert work(quiet) == []


def test_no_backup_yet(books: Books) -> None:
    assert work(books) == ["Chưa sao lưu lần nào. Chạy: portal backup TỆP"]


def test_an_old_backup(quiet: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    later = attention.now() + 3 * attention.BACKUP_AGE
    monkeypatch.setattr(attention, "now", lambda: later)
    assert work(quiet) == ["Bản sao lưu gần nhất đã 6 ngày. Chạy: portal backup TỆP"]


def test_a_lost_guard(quiet: Books, engine: str) -> None:
    on = "" if engine == "sqlite" else " ON ledger_posting"
    with plain_engine(quiet.config.database_url) as outside, outside.begin() as connection:
        connection.execute(text(f"DROP TRIGGER protect_ledger_posting_delete{on}"))
    (said,) = work(quiet)
    assert "protect_ledger_posting_delete" in said


def test_a_guard_that_is_switched_off(quiet: Books, engine: str) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite cannot switch a trigger off")
    with plain_engine(quiet.config.database_url) as outside, outside.begin() as connection:
        connection.execute(text("ALTER TABLE entry DISABLE TRIGGER protect_entry_update"))
    assert "protect_entry_update" in work(quiet)[0]


def test_money_that_waits(quiet: Books, cast: Cast, db_session: Session) -> None:
    campaign = make_campaign(unit=cast.commune)
    account = make_account(unit=cast.commune)
    make_donation(campaign=campaign, form="bank", amount=2_000_000, bank_account=account)
    make_donation(campaign=campaign, form="bank", amount=30_000)
    db_session.commit()
    transit, untracked = work(quiet)
    assert "đang chuyển" in transit and "2.000.000 đồng ở 1 đơn vị" in transit
    assert "chưa rõ tài khoản" in untracked and "30.000 đồng" in untracked


def test_a_gap_in_the_receipts(quiet: Books) -> None:
    quiet.bypass(
        "UPDATE ledger_posting SET series_no = 7 WHERE series_no = 2", "UPDATE numbering SET last = 7"
    )
    (said,) = work(quiet)
    assert "số 7 đứng ở chỗ của số 2" in said and said.endswith("Chạy: portal verify")


def test_a_unit_whose_only_approver_is_its_recorder(quiet: Books, cast: Cast, db_session: Session) -> None:
    grant(user=cast.chair, role=RECORDER, unit=cast.province)
    db_session.commit()
    assert work(quiet) == [
        "Xã Tân Phú Hòa chưa có người duyệt thứ hai. Thêm người mang quyền Người duyệt cho đơn vị này."
    ]
    grant(user=cast.accountant, role=APPROVER, unit=None)
    db_session.commit()
    assert work(quiet) == []


def test_a_unit_whose_approver_is_gone(quiet: Books, cast: Cast, db_session: Session) -> None:
    cast.chair.active = False
    db_session.commit()
    assert "chưa có người duyệt thứ hai" in work(quiet)[0]
    assert db_session.query(RoleGrant).count() > 0


def test_a_full_disk(quiet: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(attention.shutil, "disk_usage", lambda _: usage(10**12, 10**12 - 10**8, 10**8))
    assert work(quiet) == ["Ổ đĩa chỉ còn trống 0,1 GB. Dọn bớt, hoặc chuyển sang ổ lớn hơn."]


def test_an_old_schema(quiet: Books) -> None:
    with plain_engine(quiet.config.database_url) as outside, outside.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert work(quiet) == ["Cơ sở dữ liệu chưa theo kịp phiên bản này của cổng. Chạy: portal migrate"]


def test_days_without_a_statement_up_to_last_month(quiet: Books, cast: Cast, db_session: Session) -> None:
    account = make_account(unit=cast.commune, code="TK1", published=False)
    make_account(unit=cast.commune, code="TK2")  # nothing has moved on it
    last = today_in_vietnam().replace(day=1) - timedelta(days=1)
    make_statement(account, last - timedelta(days=30), last - timedelta(days=3))
    make_statement(account, last - timedelta(days=3), last, state="undone")
    db_session.commit()
    (said,) = work(quiet)
    assert "Tài khoản TK1 (Xã Tân Phú Hòa) chưa có sao kê 3 ngày" in said and "Lịch sao kê" in said
    make_statement(account, last - timedelta(days=3), last)
    db_session.commit()
    assert work(quiet) == []


def test_an_account_whose_bank_nobody_can_tell(quiet: Books, cast: Cast, db_session: Session) -> None:
    make_account(unit=cast.commune, code="TK1", bank="Ngân hàng Bến Tre")
    make_account(unit=cast.commune, code="TK2", bank="Agribank chi nhánh Cai Lậy")
    make_account(unit=cast.commune, code="TK3", bank="Vietcombank, Techcombank")
    db_session.commit()
    said = work(quiet)
    assert [text[:40] for text in said] == [
        f"Chưa rõ tài khoản TK{n} ở ngân hàng nào (g"[:40] for n in (1, 3)
    ]
    assert all("danh mục Ngân hàng" in text for text in said)
