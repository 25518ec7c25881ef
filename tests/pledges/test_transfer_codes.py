"""Every pledge, campaign and fund has a code of its own from its first moment on."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.kit.coded import new_codes
from portal.kit.db import db, now, writing
from portal.kit.transfer_codes import CAMPAIGN, FUND, PLEDGE, kind_of, make_code
from portal.ledger.models import Fund
from portal.pledges import actions
from portal.pledges.models import Pledge
from tests.cast import Cast, make_campaign
from tests.conftest import build, close, configure
from tests.pledges.books import make_pledge


def test_codes_are_given_at_recording_and_stay(db_session: Session, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    pledge = make_pledge(unit=cast.commune, campaign=campaign, by=cast.officer)
    code = pledge.transfer_code
    assert kind_of(code) == PLEDGE and kind_of(campaign.transfer_code) == CAMPAIGN
    assert {kind_of(fund.transfer_code) for fund in db_session.scalars(select(Fund))} == {FUND}
    actions.change_pledge(pledge, {"amount": 7_000_000}, by=cast.officer)
    actions.cancel_pledge(pledge, reason="ghi nhầm", by=cast.officer)
    actions.restore_pledge(pledge, by=cast.officer)
    assert db_session.scalar(select(Pledge.transfer_code).where(Pledge.id == pledge.id)) == code


def test_the_database_keeps_codes_apart(db_session: Session, cast: Cast) -> None:
    pledge = make_pledge(unit=cast.commune, by=cast.officer)
    twin = {
        "unit_id": pledge.unit_id, "fund_id": pledge.fund_id, "year": 2026, "number": 99, "recorded_at": now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError):
        db_session.execute(insert(Pledge).values(**twin, transfer_code=pledge.transfer_code))


def test_many_codes_at_once_are_all_new(
    db_session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when chance gives the same seed again and again, and codes that are given out already."""
    pledge = make_pledge(unit=cast.commune, by=cast.officer)
    seeds = iter(["a", "a", "b", "c", "c", "d", *(f"e{number}" for number in range(100))])
    monkeypatch.setattr("portal.kit.coded.secrets.token_hex", lambda size: next(seeds))
    taken = make_code(PLEDGE, "b")
    db_session.execute(update(Pledge).where(Pledge.id == pledge.id).values(transfer_code=taken))
    codes = new_codes(Pledge, 4)
    assert len(set(codes)) == 4 and taken not in codes


def test_what_was_recorded_before_gets_the_same_code_everywhere(tmp_path: Path) -> None:
    """Both engines draw from the record's id; a unique constraint and NOT NULL stand behind."""
    app = build(configure(tmp_path, f"sqlite:///{tmp_path / 'old.sqlite3'}"))
    with app.app_context():
        upgrade(revision="0003")
        _old_pledges(300)
        upgrade()
        codes = dict(db.session.execute(text("SELECT id, transfer_code FROM pledge")).all())
        table = db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'pledge'"))
    close(app)
    assert len(codes) == len(set(codes.values())) == 300
    assert all(code == make_code(PLEDGE, str(key)) for key, code in codes.items())
    assert "transfer_code VARCHAR(8) NOT NULL" in table and "uq_pledge_transfer_code" in table


def _old_pledges(count: int) -> None:
    with writing():
        unit = "INSERT INTO unit (id, code, name, level, valid_from) VALUES (1, 'X1', 'Xã Thử', 'xã', '1900-01-01')"
        db.session.execute(text(unit))
        row = (
            "INSERT INTO pledge (unit_id, fund_id, year, number, recorded_at) "
            "VALUES (1, 1, 2026, :number, '2026-11-01 00:00:00')"
        )
        db.session.execute(text(row), [{"number": number} for number in range(1, count + 1)])
        db.session.commit()
