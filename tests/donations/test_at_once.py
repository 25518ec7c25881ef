"""A finger that trembles, a network that sends again: fifty posts of one form at once make one gift."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.donations.models import Donation
from portal.kit.web import FormKey
from portal.ledger.models import Posting
from tests.cast import sign_in
from tests.donations.test_views import NEW, typed
from tests.donations.test_views_later import row

AT_ONCE = 50


def test_fifty_posts_with_one_key_make_one_gift(app: Flask, db_session, cast) -> None:
    data = typed(cast) | row(1, "goods", goods="Áo ấm", quantity="5") | {"form_key": "mot-khoa"}
    clients = [sign_in(app.test_client(), cast.officer) for _ in range(AT_ONCE)]
    db_session.commit()
    start = threading.Barrier(AT_ONCE, timeout=30)

    def send(client: Any) -> tuple[int, str | None]:
        start.wait()
        answer = client.post(NEW, data=data)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(
            future.result() for future in [pool.submit(Context().run, send, one) for one in clients]
        )
    said = {status for status, _ in answers}
    assert said <= {303, 503}, (
        answers
    )  # 503: waited too long for the books; what was typed stays on the screen
    assert len({where for status, where in answers if status == 303}) == 1, answers
    db_session.rollback()
    for model, rows in ((Donation, 2), (Posting, 1), (FormKey, 1)):
        assert db_session.scalar(select(func.count()).select_from(model)) == rows
    assert db_session.scalar(select(Posting.series_no)) == 1
