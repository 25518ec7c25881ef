"""Bulletins on screen: who may do what, what a draft shows, what issuing freezes."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.bulletins.actions import draft_bulletin, issue_bulletin
from portal.bulletins.models import Bulletin
from portal.bulletins.queries import bulletin_by_code, issued_bulletins
from portal.kit.db import db, writing
from portal.kit.errors import Refused
from tests.cast import Cast, sign_in
from tests.figures.books import Books

LAST_YEAR = (date(2025, 1, 1), date(2025, 12, 31))
INDEX, NEW = "/quan-ly/ban-tin/", "/quan-ly/ban-tin/moi"


@pytest.fixture
def draft(cast: Cast) -> int:
    Books(cast.commune).receive(1_000_000, date(2025, 5, 10))
    made = draft_bulletin(unit=cast.commune, starts_on=LAST_YEAR[0], ends_on=LAST_YEAR[1], by=cast.officer)
    db.session.commit()
    return made.id


def form(cast: Cast, **typed: str) -> dict[str, str]:
    return {"unit_id": str(cast.commune.id), "starts_on": "01/01/2025", "ends_on": "31/12/2025", **typed}


def test_a_draft_follows_the_books(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.officer)
    answer = client.post(NEW, data=form(cast))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert (
        "Kỳ này chưa có số liệu nào" in page and "Phát hành" not in page.split("<aside>")[1].split("</dl>")[1]
    )
    with writing():
        Books(db.session.merge(cast.commune)).receive(1_234_000, date(2025, 5, 10))
        db.session.commit()
    assert "1.234.000" in client.get(answer.location).text
    assert "Dự thảo" in client.get(INDEX).text


def test_wrong_days_come_back_with_what_was_typed(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.officer)
    answer = client.post(NEW, data=form(cast, ends_on="31/12/2024"))
    assert answer.status_code == 422
    assert "trước ngày đầu" in answer.text and 'value="31/12/2024"' in answer.text
    answer = client.post(NEW, data=form(cast, starts_on="31/02/2025"))
    assert answer.status_code == 422 and "chỉ có 28 ngày" in answer.text
    with writing():
        assert db.session.scalar(select(Bulletin)) is None


def test_only_an_approver_of_the_unit_issues(cast: Cast, client: FlaskClient, draft: int) -> None:
    address = f"{INDEX}{draft}/phat-hanh"
    for user, status in ((cast.officer, 403), (cast.auditor, 403), (cast.outsider, 403)):
        assert sign_in(client, user).post(address, data={"day": "05/01/2026"}).status_code == status
    assert sign_in(client, cast.outsider).get(f"{INDEX}{draft}").status_code == 404
    sign_in(client, cast.chair)
    early = client.post(address, data={"day": "30/12/2025"})
    assert early.status_code == 422 and "chưa tới" in early.text
    assert client.post(address, data={"day": "05/01/2026"}).status_code == 303
    again = client.post(address, data={"day": "05/01/2026"})
    assert again.status_code == 422 and "đã phát hành" in again.text
    page = client.get(f"{INDEX}{draft}").text
    assert "01/BT-MTTQ-BTT" in page and "05/01/2026" in page


def test_an_issued_bulletin_never_changes(cast: Cast, client: FlaskClient, draft: int) -> None:
    issue_bulletin(db.session.get_one(Bulletin, draft), by=cast.chair, day=date(2026, 1, 5))
    db.session.commit()
    issued = bulletin_by_code("TPH-2026-01")
    assert issued is not None and issued.content is not None and issued.as_of == issued.content["as_of"]
    assert [found.id for found in db.session.scalars(issued_bulletins())] == [draft]
    Books(cast.commune).receive(9_000_000, date(2025, 5, 11))
    db.session.commit()
    sign_in(client, cast.auditor)
    for address in ("", "/ban-in"):
        page = client.get(f"{INDEX}{draft}{address}").text
        assert "1.000.000" in page and "10.000.000" not in page
    paper = client.get(f"{INDEX}{draft}/ban-tin.pdf")
    assert paper.data[:5] == b"%PDF-" and paper.mimetype == "application/pdf"
    assert "TPH-2026-01.pdf" in paper.headers["Content-Disposition"]
    assert client.get(f"{INDEX}{draft}/ban-tin.xlsx").data[:2] == b"PK"
    assert client.get(f"{INDEX}{draft}/ban-tin.exe").status_code == 404


def test_numbers_run_per_unit_and_year(cast: Cast) -> None:
    def issue(unit_id: int, day: date) -> str | None:
        made = draft_bulletin(
            unit=db.session.get_one(type(cast.commune), unit_id),
            starts_on=date(2025, 1, 1),
            ends_on=date(2025, 3, 31),
            by=None,
        )
        return issue_bulletin(made, by=None, day=day).code

    commune, other = cast.commune.id, cast.other_commune.id
    codes = [
        issue(commune, date(2025, 5, 1)),
        issue(commune, date(2025, 6, 1)),
        issue(other, date(2025, 6, 1)),
    ]
    codes.append(issue(commune, date(2026, 1, 1)))
    assert codes == ["TPH-2025-01", "TPH-2025-02", "AL-2025-01", "TPH-2026-01"]


def test_a_draft_can_be_dropped_an_issued_one_not(cast: Cast, client: FlaskClient, draft: int) -> None:
    sign_in(client, cast.chair)
    client.post(f"{INDEX}{draft}/phat-hanh", data={"day": "05/01/2026"})
    assert client.post(f"{INDEX}{draft}/bo-du-thao").status_code == 422
    made = client.post(NEW, data=form(cast)).location
    assert client.post(f"{made}/bo-du-thao").status_code == 303
    assert client.get(made).status_code == 404


def test_a_bulletin_of_an_ended_unit_needs_a_period_before_its_end(cast: Cast) -> None:
    cast.commune.valid_to = date(2025, 6, 30)
    db.session.flush()
    with pytest.raises(Refused, match="đã kết thúc ngày 30/06/2025"):
        draft_bulletin(unit=cast.commune, starts_on=date(2025, 7, 1), ends_on=date(2025, 12, 31), by=None)
    assert draft_bulletin(unit=cast.commune, starts_on=LAST_YEAR[0], ends_on=LAST_YEAR[1], by=None).id
