"""The harness itself: a new portal per test, on both engines, and requests that stand alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import current_user
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.config import Config
from portal.kit.access import PUBLIC, allow
from portal.kit.db import db, writing
from portal.people.models import User
from tests.cast import Cast, make_unit, sign_in
from tests.conftest import build, close


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_an_empty_portal(db_session: Session, engine: str, turn: int) -> None:
    assert db_session.bind.dialect.name == engine if db_session.bind else db.engine.dialect.name == engine
    assert db_session.scalar(select(func.count(User.id))) == 0
    make_unit()
    db_session.commit()


def test_a_reading_transaction_cannot_write(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(DBAPIError):
            db.session.execute(text("UPDATE fund SET name = 'x'"))
        db.session.rollback()
        with writing():
            db.session.execute(text("UPDATE fund SET name = 'x'"))
            db.session.commit()
        assert db.session.execute(text("SELECT name FROM fund")).scalars().first() == "x"


class TestRequests:
    """Requests of a portal with one view more."""

    @pytest.fixture
    def app(self, config: Config) -> Iterator[Flask]:
        """It tells who asks."""
        built = build(config)

        @built.get("/who")
        @allow(PUBLIC)
        def who() -> str:
            return current_user.name if current_user.is_authenticated else "nobody"

        yield built
        close(built)

    def test_a_request_sees_what_was_built_and_knows_who_signed_in(
        self, client: FlaskClient, cast: Cast
    ) -> None:
        assert client.get("/who").text == "nobody"
        cast.officer.name = "Phạm Văn Mới"
        assert sign_in(client, cast.officer).get("/who").text == "Phạm Văn Mới"
        assert sign_in(client, cast.chair).get("/who").text == cast.chair.name
