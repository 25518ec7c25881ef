"""/trao-qua/: counts, goods, money, place and day; never a family without its consent."""

from __future__ import annotations

import csv
import io

import pytest

from portal.distributions.actions_handover import tell
from portal.distributions.actions_kept import give_kept
from portal.distributions.actions_verify import record_consent, withdraw_consent
from portal.distributions.models_handover import KeptPortion
from portal.distributions.rules_handover import Told
from portal.kit.db import db
from tests.distributions.released import NAMES, make_released
from tests.distributions.test_settling import DAY, settled
from tests.public.test_pages import text_of
from tests.sql import heard


@pytest.fixture
def made(cast):
    return make_released(cast)


def test_an_empty_portal_says_so(app, client) -> None:
    assert "Chưa có đợt trao quà nào" in text_of(client.get("/trao-qua/"))
    assert client.get("/trao-qua.json").json == {"rows": []}
    assert client.get("/trao-qua/7").status_code == 404
    assert client.get("/trao-qua/?dot=KHONG").status_code == 404


def test_what_was_given_is_what_the_books_say(client, made, officer, chair) -> None:
    begun = client.get("/trao-qua/.json").json["rows"][0]
    assert begun["money"] is None and begun["has_money"]
    assert "chưa thanh toán" in text_of(client.get("/trao-qua/"))
    settled(made, officer, chair)
    (row,) = client.get("/trao-qua/.json").json["rows"]
    assert (row["households"], row["received"], row["absent"]) == (5, 3, 1)
    assert (row["money"], row["money_kept"], row["goods"]) == (1_500_000, 500_000, ["Gạo 30 kg"])
    assert (row["unit"], row["place"], row["closed"]) == ("Xã Tân Phú Hòa", "nhà văn hóa ấp", False)
    give_kept(db.session.query(KeptPortion).one(), on=DAY, by=officer)
    one = client.get(f"/trao-qua/{made.id}.json").json
    assert (one["received"], one["absent"], one["goods"]) == (4, 0, ["Gạo 40 kg"])
    page = text_of(client.get(f"/trao-qua/{made.id}"))
    assert "4 trong 5" in page and "1.500.000" in page and "Gạo 40 kg" in page
    rows = list(csv.reader(io.StringIO(client.get("/trao-qua.csv").data.decode("utf-8-sig"))))
    assert rows[0][0] == "Mã" and rows[1][7] == "4" and rows[1][9] == "1500000"
    found = client.get(f"/trao-qua/?dot={made.campaign.code}")
    assert made.distribution.name in text_of(found)


def test_names_stand_there_under_consent_only(client, made, officer) -> None:
    for row in made.rows[:2]:
        tell(made.distribution, row, Told("received", DAY), key=str(row.id), seen=None, by=officer)
    urls = (
        "/trao-qua/",
        "/trao-qua.json",
        "/trao-qua.csv",
        f"/trao-qua/{made.id}",
        f"/trao-qua/{made.id}.json",
    )

    def shown() -> set[str]:
        return {name for name in NAMES for url in urls if name in client.get(url).get_data(as_text=True)}

    assert shown() == set()
    first, last = made.rows[0], made.rows[4]
    for row in (first, last):  # the second one has not received anything yet
        record_consent(row, given_by="Chủ hộ", given_on=DAY, paper="Phiếu đồng ý", by=officer)
    assert shown() == {first.receiver}
    everything = " ".join(client.get(url).get_data(as_text=True) for url in urls)
    assert (
        first.hamlet not in everything and "Hộ nghèo" not in everything and "Phiếu đồng ý" not in everything
    )
    before = client.get(f"/trao-qua/{made.id}").headers["ETag"]
    withdraw_consent(first, reason="Hộ đề nghị", by=officer)
    assert shown() == set()
    again = client.get(f"/trao-qua/{made.id}", headers={"If-None-Match": before})
    assert again.status_code == 200


def test_lists_that_nobody_hands_out_stay_inside(client, made) -> None:
    for state in ("draft", "locked", "decided", "approved", "cancelled"):
        made.distribution.state = state
        db.session.commit()
        assert client.get("/trao-qua.json").json == {"rows": []}
        assert client.get(f"/trao-qua/{made.id}").status_code == 404


def test_the_number_of_statements_does_not_grow(client, cast, made) -> None:
    with heard() as one:
        assert client.get("/trao-qua.json").status_code == 200
    for code in "234":
        make_released(cast, code=code)
    with heard() as many:
        assert client.get("/trao-qua.json").status_code == 200
    assert len(many) <= len(one)
